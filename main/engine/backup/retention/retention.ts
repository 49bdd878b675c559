import { describeThrown } from '#shared/errors/index.ts';
import type { NoteDeletion } from '../../platform/deletions.ts';
import type { Timers } from '../../platform/timers.ts';
import type { BackupContext } from '../context.ts';
import { rollOn } from '../rolling/rolling.ts';
import { type RetentionContext, retentionContext } from './context.ts';
import { type BackupHealth, type HealthMemory, healthOf, lookAtTargets } from './health.ts';
import { planPrune } from './preview.ts';
import { prepareReserves, settleRemovals, startPrune } from './prune.ts';
import { judgeNewRuns } from './watch-changes.ts';

/** What retention needs from its surroundings besides the area's context. */
export type RetentionDeps = {
  readonly noteDeletion: NoteDeletion;
  readonly timers: Timers;
  /** False in a one-shot command: nothing is verified by itself then. */
  readonly keepSchedules: boolean;
};

/** Retention, pruning, rolling verification and what the alerts want to know of them. */
export type Retention = {
  /** Ends what a power cut left of removals. Call before anything looks for archives in the targets. */
  readonly settle: () => Promise<void>;
  readonly health: () => readonly BackupHealth[];
  readonly close: () => void;
};

const LOOK_EVERY_MS = 60_000;

/** Builds it, and hangs it in after each run. */
export function createRetention(area: BackupContext, deps: RetentionDeps): Retention {
  const context = retentionContext(area);
  const { catalogue, store, clock, logger, closing } = context;
  const memory: HealthMemory = { spaces: new Map(), pauses: new Map() };
  /** Nothing of a surprise in here may stop a run or the engine. */
  const guarded = async (what: string, call: () => void | Promise<void>): Promise<void> => {
    try {
      if (!closing.aborted) await call();
    } catch (thrown) {
      logger.log('error', `${what} failed`, { thrown: describeThrown(thrown) });
    }
  };
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    await guarded('looking at the clock and the targets', async () => {
      store.sawClock(clock.now());
      rollOn(context);
      await lookAtTargets(context, memory);
    });
    looking = false;
  };
  area.afterRun.push((plan) => {
    void guarded('retention after a run', () => afterRun(context, plan, deps.noteDeletion));
    void look();
  });
  const cancel = deps.keepSchedules ? deps.timers.every(LOOK_EVERY_MS, () => void look()) : () => undefined;
  return {
    settle: () =>
      guarded('settling removals', async () => {
        await settleRemovals(context);
        for (const { spec } of catalogue.plans()) judgeNewRuns(context, spec.name);
        await prepareReserves(context);
        await lookAtTargets(context, memory);
      }),
    health: () => healthOf(context, memory),
    close: cancel,
  };
}

/** Judges how much the run changed, and removes what the policy does not keep, if it says so. */
async function afterRun(context: RetentionContext, plan: string, noteDeletion: NoteDeletion): Promise<void> {
  const { catalogue, store, clock, logger, broadcast } = context;
  judgeNewRuns(context, plan);
  const now = clock.now();
  const retention = catalogue.plan(plan)?.spec.retention ?? null;
  if (retention === null) return;
  const planned = planPrune(context, plan);
  // Only after the decision: a clock that jumped far ahead must not become the measure at once.
  store.sawClock(now);
  const preview = planned.ok ? planned.value.preview : null;
  if (preview !== null && preview.refusal !== null)
    logger.log('warn', 'retention removes nothing', { plan, code: preview.refusal.code });
  if (preview === null || preview.remove === 0 || !retention.afterRun) {
    await prepareReserves(context);
    return;
  }
  // Begun before anything is waited for: who waits for the run's end finds this job among those going on.
  const started = startPrune(context, plan, preview.hash);
  if (!started.ok) logger.log('warn', 'pruning did not start', { plan, code: started.error.code });
  else {
    const { remove, freedBytes } = preview;
    const count = { count: String(remove), bytes: String(freedBytes) };
    void context.jobs
      .ended(started.value.id)
      .then(({ error }) => noteDeletion('backup.retention', plan, count, error));
  }
  broadcast('backup.changed', { plan });
}
