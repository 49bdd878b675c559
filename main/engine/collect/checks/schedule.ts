import type { Check, CheckKind, CheckResult } from '#shared/contract/checks.ts';
import { appError, describeThrown } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Timers } from '../../platform/timers.ts';
import type { CheckMade, MakeCheck } from '../probes/make-check.ts';
import { createScheduler } from '../scheduler.ts';
import { createLanes, type Lane, type Lanes } from './lanes.ts';

/** Makes checks on time, each at most once at a time. */
export type CheckSchedule = {
  /** Adds a check or changes it; `soon` makes it at once for the first time, otherwise the grid decides. */
  readonly put: (check: Scheduled, soon: boolean) => void;
  readonly remove: (id: string) => void;
  /** Makes it again so long after it began last. */
  readonly soon: (id: string, afterMs: number) => void;
  /** How it went since the engine began. */
  readonly stats: () => ScheduleStats;
  /** Stops, and waits for what is under way. */
  readonly close: () => Promise<void>;
};

/** What is made when. */
export type Scheduled = Pick<Check, 'what' | 'timeoutMs' | 'thresholds' | 'intervalMs'> & {
  readonly id: string;
};

/** Counts of the schedule. */
export type ScheduleStats = {
  readonly made: number;
  /** Slots that were passed over: the engine was held up, or the attempt before had not ended. */
  readonly skipped: number;
  /** The longest time between a slot and the beginning of its attempt, milliseconds. */
  readonly latestMs: number;
};

const LANES: Readonly<Record<CheckKind, Lane>> = {
  http: 'network',
  tcp: 'network',
  dns: 'network',
  icmp: 'process',
  postgresql: 'network',
  mysql: 'network',
  redis: 'network',
  sqlite: 'thread',
  haproxy: 'network',
  nginx: 'network',
  nagios: 'process',
  zabbix: 'network',
};

/** All attempts may wait for room; how many run is a matter of the lanes. */
const NO_LIMIT = 1_000_000;

/** Makes one attempt in its turn; when its turn does not come within its time, that is what it failed with. */
export async function inLane(
  lanes: Lanes,
  make: MakeCheck,
  check: Pick<Check, 'what' | 'timeoutMs' | 'thresholds'>,
  isSlow: boolean,
  signal: AbortSignal,
  { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
): Promise<CheckMade> {
  const at = clock.now();
  const start = clock.monotonic();
  const patience = new AbortController();
  const stop = (): void => patience.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const cancel = timers.after(check.timeoutMs, stop);
  let made: CheckMade | null = null;
  await lanes.run(LANES[check.what.kind], isSlow, patience.signal, () => {
    cancel();
    const attempt = make(check, signal);
    return { done: attempt.made.then((value) => (made = value)), gone: attempt.gone };
  });
  cancel();
  signal.removeEventListener('abort', stop);
  return made ?? notItsTurn(check.timeoutMs, at, clock.monotonic() - start);
}

function notItsTurn(timeoutMs: number, at: number, durationMs: number): CheckMade {
  const error = appError('CHECK_BUSY', { seconds: timeoutMs / 1000 });
  const result: CheckResult = {
    ...{ state: 'unknown', sentence: error.message, error, at, durationMs },
    ...{ steps: [], measures: {}, output: '' },
  };
  const text = 'probe_success 0\nhmtt_check_state 3\n';
  return { result, body: Buffer.from(text, 'utf8'), remoteClock: null };
}

/** Makes the schedule; `finished` hears of every attempt, with the time stamp of its slot. */
export function createCheckSchedule(deps: {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly make: MakeCheck;
  readonly finished: (id: string, time: number, made: CheckMade) => void;
}): CheckSchedule {
  const { clock, timers, logger } = deps;
  const lanes = createLanes();
  const entries = new Map<
    string,
    { readonly check: Scheduled; readonly abort: AbortController; isSlow: boolean }
  >();
  const running = new Set<Promise<unknown>>();
  let stats: ScheduleStats = { made: 0, skipped: 0, latestMs: 0 };

  const attempt = async (id: string, time: number): Promise<void> => {
    const entry = entries.get(id);
    if (entry === undefined) return;
    const { check, abort } = entry;
    const made = await inLane(lanes, deps.make, check, entry.isSlow, abort.signal, { clock, timers });
    if (abort.signal.aborted) return;
    // What took all its time will do so again.
    entry.isSlow = made.result.durationMs >= check.timeoutMs;
    stats = { ...stats, made: stats.made + 1 };
    deps.finished(id, time, made);
  };

  const scheduler = createScheduler({
    clock,
    timers,
    maxInFlight: NO_LIMIT,
    skipped: (count, latestMs) => {
      stats = { ...stats, skipped: stats.skipped + count };
      logger.log('info', 'checks were skipped', { count, latestMs: Math.round(latestMs) });
    },
    started: (lateMs) => {
      if (lateMs > stats.latestMs) stats = { ...stats, latestMs: lateMs };
    },
    run: (id, time) => {
      const work = attempt(id, time).catch((thrown: unknown) =>
        logger.log('error', 'a check threw', { check: id, thrown: describeThrown(thrown) }),
      );
      running.add(work);
      return work.finally(() => running.delete(work));
    },
  });

  const remove = (id: string): void => {
    entries.get(id)?.abort.abort();
    entries.delete(id);
    scheduler.remove(id);
  };

  return {
    put: (check, soon) => {
      remove(check.id);
      entries.set(check.id, { check, abort: new AbortController(), isSlow: false });
      const first = soon ? { firstAfterMs: 0 } : {};
      scheduler.put({ id: check.id, intervalMs: check.intervalMs, ...first });
    },
    remove,
    soon: scheduler.soon,
    stats: () => stats,
    close: async () => {
      scheduler.close();
      for (const { abort } of entries.values()) abort.abort();
      await Promise.all(running);
    },
  };
}
