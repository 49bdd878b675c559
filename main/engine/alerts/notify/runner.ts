import { randomUUID } from 'node:crypto';
import type { Broadcast } from '#shared/contract/index.ts';
import { DESKTOP_CHANNEL, type Notice } from '#shared/contract/notice.ts';
import type { Problem } from '#shared/contract/site.ts';
import { type AppError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import { sqliteError } from '../../storage/sqlite.ts';
import type { Dependencies } from './causes.ts';
import type { ConfigStore } from './config-store.ts';
import {
  createTracer,
  type PipelineState,
  type Planned,
  type PlannedNotice,
  type TraceRecord,
} from './model.ts';
import { planNotices } from './plan.ts';
import type { NotifyOutbox } from './ports.ts';
import type { Silences } from './silences.ts';
import type { KeptNotice, NotifyStore } from './store.ts';
import { traceText } from './trace-text.ts';

/** What the pipeline runs with. */
export type RunnerDeps = {
  readonly store: NotifyStore;
  readonly config: ConfigStore;
  readonly silences: Silences;
  readonly dependencies: Dependencies;
  readonly outbox: NotifyOutbox;
  /** Every problem that is open. */
  readonly problems: () => readonly Problem[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly broadcast: Broadcast;
};

/** The pipeline as it runs: what it remembers is on the disk before anybody is told. */
export type Runner = {
  readonly state: () => PipelineState;
  /** Decides anew, keeps it, and hands notices over. */
  readonly tick: () => void;
  /** Keeps a change that somebody asked for. */
  readonly change: (make: (state: PipelineState) => Omit<Planned, 'notices' | 'dropped'>) => Result<void>;
  /** Notices that ask for the whole screen now. */
  readonly fullScreen: () => readonly Notice[];
  /** Why notices cannot be decided or handed over; null: they can. */
  readonly trouble: () => AppError | null;
};

/** Notices of this age ask for nothing any more. */
const FULL_SCREEN_MS = 7 * 86_400_000;

/** Loads what an earlier engine remembered. */
export function createRunner(deps: RunnerDeps): Runner {
  const { store, clock, logger } = deps;
  let state = store.load();
  let trouble: AppError | null = null;
  let screens: readonly Notice[] = [];
  /** Notices whose stories say that the outbox refused them. */
  const refused = new Set<string>();

  const note = (problem: AppError | null): void => {
    if (problem !== null && problem.code !== trouble?.code)
      logger.log('error', 'notices are held up', { code: problem.code, why: problem.message.en });
    if (problem === null && trouble !== null) logger.log('info', 'notices leave again', {});
    trouble = problem;
  };

  const handOver = (): AppError | null => {
    for (const { notice, recipients } of store.waiting()) {
      const taken = recipients.length === 0 ? ok(undefined) : deps.outbox.enqueue(notice, recipients);
      if (!taken.ok) {
        if (!refused.has(notice.id)) {
          refused.add(notice.id);
          store.addTrace(refusedTrace(notice, state, taken.error, clock.now()));
        }
        return taken.error;
      }
      store.handed(notice.id);
      refused.delete(notice.id);
    }
    return null;
  };

  const showScreens = (): void => {
    const kept = store.fullScreens(clock.now() - FULL_SCREEN_MS);
    const next = kept.filter((notice) => asksForScreen(notice, state));
    const isSame = next.length === screens.length && next.every(({ id }, index) => id === screens[index]?.id);
    screens = next;
    if (!isSame) deps.broadcast('notify.fullScreen', { notices: [...screens] });
  };

  const decide = (): void => {
    const now = clock.now();
    const routing = deps.config.routing();
    const planned = planNotices(state, {
      now,
      problems: deps.problems(),
      routing,
      silences: deps.silences.compiled(now),
      maintenances: deps.silences.maintenances(),
      dependencies: deps.dependencies,
      newId: randomUUID,
    });
    if (planned.state === state) return;
    const { notices, trace } = addressed(planned, deps, now);
    const isNews = trace.length + notices.length + planned.dropped.length > 0;
    store.save(state, { ...planned, trace }, notices);
    state = planned.state;
    if (!isNews) return;
    showScreens();
    deps.broadcast('notify.changed', {});
  };

  const guarded = (work: () => AppError | null): Result<void> => {
    try {
      const problem = work();
      note(problem);
      return problem === null ? ok(undefined) : err(problem);
    } catch (thrown) {
      const problem = sqliteProblem(thrown);
      if (problem === null) throw thrown;
      note(problem);
      return err(problem);
    }
  };

  return {
    state: () => state,
    tick: () => {
      try {
        guarded(() => {
          decide();
          return handOver();
        });
      } catch (thrown) {
        // A bug must not end the ticking: the next look may be about other alerts.
        logger.log('error', 'deciding about notices failed', { what: describeThrown(thrown) });
      }
    },
    change: (make) =>
      guarded(() => {
        const changed = make(state);
        store.save(state, { ...changed, dropped: [] }, []);
        state = changed.state;
        showScreens();
        deps.broadcast('notify.changed', {});
        return null;
      }),
    fullScreen: () => {
      showScreens();
      return screens;
    },
    trouble: () => trouble,
  };
}

function sqliteProblem(thrown: unknown): AppError | null {
  const code = (thrown as { readonly code?: unknown }).code;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? sqliteError('console.db', thrown) : null;
}

/** Finds out who is told. A receiver that leads to nobody now must not swallow a notice: this workstation is told. */
function addressed(
  { notices, trace }: Planned,
  { config, outbox }: RunnerDeps,
  now: number,
): { readonly notices: readonly KeptNotice[]; readonly trace: readonly TraceRecord[] } {
  const { receivers } = config.routing();
  const more = createTracer(now);
  const since = new Map(trace.map((entry) => [entry.alert, entry.since]));
  const kept = notices.map(({ notice, alerts }: PlannedNotice): KeptNotice => {
    const targets = receivers.get(notice.receiver)?.targets ?? [];
    const found = outbox.resolve(targets, now);
    if (found.length === 0)
      for (const id of alerts)
        more.trace(
          { id, since: since.get(id) ?? now },
          { kind: 'failed', text: traceText.nobodyFound(notice.receiver), notice: notice.id },
        );
    return {
      notice,
      recipients: found.length === 0 ? [{ channel: DESKTOP_CHANNEL, to: null }] : found,
      fullScreen: targets.some(({ kind }) => kind === 'full_screen'),
    };
  });
  return { notices: kept, trace: [...trace, ...more.entries] };
}

/** As long as one of its alerts fires and nobody has acknowledged it, and nothing else explains it. */
function asksForScreen(notice: Notice, { alerts }: PipelineState): boolean {
  return notice.alerts.some(({ id, until }) => {
    const alert = alerts.get(id);
    return (
      until === null &&
      alert !== undefined &&
      alert.until === null &&
      alert.causes.length === 0 &&
      alert.ack === null
    );
  });
}

function refusedTrace(
  notice: Notice,
  { alerts }: PipelineState,
  error: AppError,
  now: number,
): readonly TraceRecord[] {
  const { trace, entries } = createTracer(now);
  for (const { id } of notice.alerts) {
    const alert = alerts.get(id);
    if (alert !== undefined) trace(alert, { kind: 'failed', text: error.message, notice: notice.id });
  }
  return entries;
}
