import type { Clock } from '../platform/clock.ts';
import type { CancelTimer, Timers } from '../platform/timers.ts';
import { decideSlot, nextSlot, slotOffset, snapToSlot } from './grid.ts';

/** One thing done again and again. */
export type ScheduleEntry = {
  readonly id: string;
  readonly intervalMs: number;
  /** Run for the first time after this many milliseconds, off the grid; without it the grid decides. */
  readonly firstAfterMs?: number;
};

/** Runs entries on their grid, each at most once at a time. */
export type Scheduler = {
  /** Adds an entry, or changes the interval of one that is there. */
  readonly put: (entry: ScheduleEntry) => void;
  readonly remove: (id: string) => void;
  /**
   * Runs an entry now, off the grid, or `gapMs` after it began to run last. One that runs already runs once more
   * afterwards: what it brings may be older than the wish. Unknown ids are passed over.
   */
  readonly soon: (id: string, gapMs: number) => void;
  /** Stops; runs in flight are not waited for. */
  readonly close: () => void;
};

/** What a scheduler needs. */
export type SchedulerDeps = {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Does one entry's work; `time` is its time stamp, on the grid when the start was. Never rejects. */
  readonly run: (id: string, time: number) => Promise<void>;
  /** Most runs at the same time; further ones wait in order. */
  readonly maxInFlight: number;
  /** Told of slots that were passed over. */
  readonly skipped: (count: number, latestMs: number) => void;
  /** Told of each start, how long after its slot it was. */
  readonly started?: (lateMs: number) => void;
};

/** The longest sleep: the wall clock may be set at any time, and a timer does not notice. */
const LONGEST_WAIT_MS = 30_000;

/** The least time between a first run off the grid and the first one on it. */
const SHORTEST_GAP_MS = 1_000;

type Planned = {
  readonly id: string;
  intervalMs: number;
  offset: number;
  due: number;
  busy: boolean;
  /** When it began to run last. */
  began: number;
  /** The gap of a wish that came while it ran, or null. */
  again: number | null;
};

const IDLE = { busy: false, began: Number.NEGATIVE_INFINITY, again: null };

/** Makes a scheduler with one timer for all entries. */
export function createScheduler(deps: SchedulerDeps): Scheduler {
  const planned = new Map<string, Planned>();
  const waiting: { readonly id: string; readonly due: number }[] = [];
  let inFlight = 0;
  let cancel: CancelTimer | null = null;
  let armedFor = Number.POSITIVE_INFINITY;
  let closed = false;

  const start = (id: string, due: number): void => {
    const entry = planned.get(id);
    if (!entry) return;
    inFlight += 1;
    entry.began = deps.clock.now();
    deps.started?.(entry.began - due);
    deps.run(id, snapToSlot(entry.began, due)).finally(() => {
      inFlight -= 1;
      entry.busy = false;
      if (entry.again !== null) hurry(entry, entry.again);
      const next = waiting.shift();
      if (next && !closed) start(next.id, next.due);
    });
  };

  const hurry = (entry: Planned, gapMs: number): void => {
    const now = deps.clock.now();
    entry.again = null;
    // A clock that was set back must not put it off.
    const soonest = entry.began > now ? now : Math.max(now, entry.began + gapMs);
    if (soonest >= entry.due) return;
    entry.due = soonest;
    if (soonest < armedFor) arm();
  };

  const wake = (): void => {
    const now = deps.clock.now();
    let skippedCount = 0;
    let latest = 0;
    const due: Planned[] = [];
    for (const entry of planned.values()) {
      const decision = decideSlot(now, entry.due, entry.intervalMs);
      if (decision === 'wait') continue;
      if (decision === 'run' && !entry.busy) due.push(entry);
      else {
        skippedCount += 1;
        latest = Math.max(latest, now - entry.due);
        entry.due = nextSlot(now, entry.intervalMs, entry.offset);
      }
    }
    due.sort((a, b) => a.due - b.due);
    for (const entry of due) {
      const slot = entry.due;
      entry.busy = true;
      // Planned from the slot, not from now: a run that starts a millisecond early must not come twice.
      const next = nextSlot(Math.max(now, slot), entry.intervalMs, entry.offset);
      // A first run off the grid may lie right before a slot; two samples in one second would say nothing.
      const tooSoon = next - slot < Math.min(SHORTEST_GAP_MS, entry.intervalMs / 2);
      entry.due = tooSoon ? next + entry.intervalMs : next;
      if (inFlight < deps.maxInFlight) start(entry.id, slot);
      else waiting.push({ id: entry.id, due: slot });
    }
    if (skippedCount > 0) deps.skipped(skippedCount, latest);
    arm();
  };

  const arm = (): void => {
    if (closed) return;
    let earliest = Number.POSITIVE_INFINITY;
    for (const entry of planned.values()) earliest = Math.min(earliest, entry.due);
    cancel?.();
    cancel = null;
    armedFor = earliest;
    if (earliest === Number.POSITIVE_INFINITY) return;
    const wait = Math.max(0, Math.min(earliest - deps.clock.now(), LONGEST_WAIT_MS));
    cancel = deps.timers.after(wait, wake);
  };

  return {
    put: (entry) => {
      const now = deps.clock.now();
      const offset = slotOffset(entry.id, entry.intervalMs);
      const old = planned.get(entry.id);
      const due =
        entry.firstAfterMs === undefined
          ? nextSlot(now, entry.intervalMs, offset)
          : now + Math.min(entry.firstAfterMs, entry.intervalMs);
      if (old) Object.assign(old, { intervalMs: entry.intervalMs, offset, due });
      else planned.set(entry.id, { id: entry.id, intervalMs: entry.intervalMs, offset, due, ...IDLE });
      if (due < armedFor) arm();
    },
    remove: (id) => {
      planned.delete(id);
      const index = waiting.findIndex((entry) => entry.id === id);
      if (index >= 0) waiting.splice(index, 1);
    },
    soon: (id, gapMs) => {
      const entry = planned.get(id);
      if (!entry || closed) return;
      if (entry.busy) entry.again = gapMs;
      else hurry(entry, gapMs);
    },
    close: () => {
      closed = true;
      cancel?.();
      planned.clear();
      waiting.length = 0;
    },
  };
}
