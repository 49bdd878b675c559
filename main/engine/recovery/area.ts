import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import { describeThrown } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { JobRegistry } from '../platform/jobs.ts';
import type { Logger } from '../platform/logger.ts';
import type { SiteSection } from '../platform/site-section.ts';
import type { Timers } from '../platform/timers.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import { coveredBy, type RecoveryContext, stampsOf } from './context.ts';
import { createDrills, type DrillCheck } from './drills.ts';
import { type RecoveryFact, recoveryFacts } from './facts.ts';
import { measuredPlans, promisedTo, takeMeasurements } from './measured.ts';
import { practiceHandlers } from './practice-handlers.ts';
import { registerHandlers } from './register-handlers.ts';
import { recoverySections } from './site-sections.ts';
import { dueDrills } from './stamp.ts';
import { openRecoveryStore } from './store.ts';
import type { DrillDatabases, DrillRestore, RecoverySources } from './types.ts';

/** The area `recovery`: risks, objectives, runbooks, drills, evidence. */
export type RecoveryArea = {
  readonly handlers: AreaHandlers<'recovery'>;
  /** What needs somebody's attention, for the alerts. */
  readonly facts: () => readonly RecoveryFact[];
  /** Resolves when what an earlier engine left of its drills is gone. */
  readonly settled: Promise<void>;
  /** Its part of the site document. */
  readonly sections: readonly SiteSection[];
  /** The engine is ending; to be called before its jobs are cancelled. */
  readonly close: () => Promise<void>;
};

/** What the area needs from its surroundings. */
export type RecoveryDeps = {
  readonly db: WritableDb;
  /** Folder for scratch folders. */
  readonly folder: string;
  readonly version: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly jobs: JobRegistry;
  readonly broadcast: Broadcast;
  readonly sources: RecoverySources;
  readonly restore: DrillRestore;
  readonly databases: DrillDatabases;
  readonly check: DrillCheck;
  /** False in a one-shot command: schedules are not kept and nothing is measured then. */
  readonly watching: boolean;
};

const LOOK_EVERY_MS = 60_000;
const MEASURE_EVERY_MS = 600_000;
/** What is asked for every few seconds is found out anew this seldom. */
const FACTS_KEPT_MS = 20_000;

/** Builds the area. What an earlier engine left of its drills is cleaned up beside; drills wait for it. */
export function createRecoveryArea(deps: RecoveryDeps): RecoveryArea {
  const { clock, timers, logger, sources, version } = deps;
  const store = openRecoveryStore(deps.db);
  const drills = createDrills({
    ...deps,
    store,
    covered: (plan) => coveredBy({ store, version }, plan),
    promised: (plan) => promisedTo({ store }, plan),
  });
  const settled = drills.settle().catch((thrown: unknown) => {
    logger.log('error', 'drills were not cleaned up', { why: describeThrown(thrown) });
  });
  const context: RecoveryContext = {
    store,
    sources,
    drills,
    clock,
    broadcast: deps.broadcast,
    version,
    settled,
  };

  const complained = new Map<string, string | null>();
  const startDue = (): void => {
    const started = store.drills.list();
    const scheduled = store.drillPlans.list().map(({ plan, schedule, since }) => ({
      plan,
      schedule,
      since: Math.max(since, started.find((drill) => drill.plan === plan)?.startedAt ?? 0),
    }));
    for (const plan of dueDrills(scheduled, clock.now())) {
      const answer = drills.start({ plan, trigger: 'schedule' });
      const code = answer.ok ? null : answer.error.code;
      // It stays due and is tried again each minute; the log need not say so each time.
      if (code !== null && code !== complained.get(plan))
        logger.log('error', 'a scheduled drill did not start', { plan, code });
      complained.set(plan, code);
    }
  };
  const cancels = deps.watching
    ? [
        timers.every(LOOK_EVERY_MS, () => void settled.then(startDue)),
        timers.every(MEASURE_EVERY_MS, () => takeMeasurements(context)),
      ]
    : [];

  let known: { readonly at: number; readonly facts: readonly RecoveryFact[] } | null = null;
  const facts = (): readonly RecoveryFact[] => {
    const at = clock.monotonic();
    if (known === null || at - known.at > FACTS_KEPT_MS) {
      const found = recoveryFacts(stampsOf(context), measuredPlans(context), store.risks.list(), clock.now());
      known = { at, facts: found };
    }
    return known.facts;
  };

  return {
    handlers: { ...registerHandlers(context), ...practiceHandlers(context) },
    facts,
    settled,
    sections: recoverySections(store, (what) => deps.broadcast('recovery.changed', { what })),
    close: async () => {
      drills.close();
      for (const cancel of cancels) cancel();
      await settled;
    },
  };
}
