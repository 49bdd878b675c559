import { randomUUID } from 'node:crypto';
import { isAbsolute } from 'node:path';
import type { AreaHandlers } from '#shared/contract/index.ts';
import type { RunbookRun } from '#shared/contract/recovery-register.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { type RecoveryContext, stampsOf } from './context.ts';
import { beginRun, endRun, recordOfRun, tickStep } from './runs.ts';
import { nextDrill } from './stamp.ts';

type Names =
  | `recovery.runs.${'list' | 'get' | 'start' | 'tick' | 'end'}`
  | `recovery.drillPlans.${'list' | 'set'}`
  | `recovery.drills.${'preview' | 'run' | 'list' | 'get'}`
  | `recovery.records.${'list' | 'add'}`;

const PREVIEWED = 3;

/** Requests about doing it: runs of runbooks, drills, and the records that both leave. */
export function practiceHandlers(context: RecoveryContext): Pick<AreaHandlers<'recovery'>, Names> {
  const { store, clock, broadcast, drills } = context;
  const missing = (what: string, id: string): Result<never> => err(appError('NOT_FOUND', { what, id }));
  const stored = (run: Result<RunbookRun>): Result<RunbookRun> => {
    if (!run.ok) return run;
    store.together(() => {
      store.runs.put(run.value);
      if (run.value.endedAt !== null) store.records.put(recordOfRun(run.value));
    });
    broadcast('recovery.changed', { what: 'runs' });
    return run;
  };
  const withRun = (id: string, work: (run: RunbookRun) => Result<RunbookRun>): Result<RunbookRun> => {
    const run = store.runs.get(id);
    return run === null ? missing('run', id) : stored(work(run));
  };
  return {
    'recovery.runs.list': () => ok({ runs: [...store.runs.list()] }),
    'recovery.runs.get': ({ id }) => {
      const run = store.runs.get(id);
      return run === null ? missing('run', id) : ok(run);
    },
    'recovery.runs.start': ({ runbookId, kind, by }) => {
      const runbook = store.runbooks.get(runbookId);
      if (runbook === null) return missing('runbook', runbookId);
      const run = stored(ok(beginRun(randomUUID(), kind, runbook, by, clock.now())));
      return run.ok ? ok({ id: run.value.id }) : run;
    },
    'recovery.runs.tick': ({ id, stepId, outcome, by, note }) =>
      withRun(id, (run) =>
        tickStep(run, stepId, outcome === null ? null : { outcome, by, note, at: clock.now() }),
      ),
    'recovery.runs.end': ({ id, outcome, lessons }) =>
      withRun(id, (run) => endRun(run, outcome, lessons, clock.now())),

    'recovery.drillPlans.list': () =>
      ok({
        plans: store.drillPlans.list().map(({ since: _since, ...plan }) => plan),
        stamps: stampsOf(context),
      }),
    'recovery.drillPlans.set': (rule) => {
      if (rule.schedule !== null) {
        const next = nextDrill(rule.schedule, clock.now());
        if (!next.ok) return next;
      }
      if (rule.scratchDir !== null && !isAbsolute(rule.scratchDir)) {
        return err(appError('RESTORE_TARGET_RELATIVE', { dir: rule.scratchDir }));
      }
      store.drillPlans.put({ ...rule, since: clock.now() });
      broadcast('recovery.changed', { what: 'drills' });
      return ok({});
    },
    'recovery.drills.preview': ({ schedule }) => {
      const next: number[] = [];
      for (let at: number | null = clock.now(); next.length < PREVIEWED; ) {
        const found = nextDrill(schedule, at);
        if (!found.ok) return found;
        at = found.value;
        if (at === null) break;
        next.push(at);
      }
      return ok({ next });
    },
    'recovery.drills.run': async ({ plan, pointId, by }) => {
      await context.settled;
      return drills.start({ plan, pointId, by, trigger: 'hand' });
    },
    'recovery.drills.list': ({ plan, limit }) => {
      const all = store.drills.list().filter((drill) => plan === undefined || drill.plan === plan);
      return ok({ drills: all.slice(0, limit), total: all.length });
    },
    'recovery.drills.get': ({ id }) => {
      const drill = store.drills.get(id);
      return drill === null ? missing('drill', id) : ok(drill);
    },
    'recovery.records.list': () => ok({ records: [...store.records.list()] }),
    'recovery.records.add': ({ title, ...record }) => {
      const id = randomUUID();
      store.records.put({ ...record, id, title: { zh: title, en: title }, about: null });
      broadcast('recovery.changed', { what: 'records' });
      return ok({ id });
    },
  };
}
