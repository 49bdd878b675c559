import type { PlanCompliance } from '#shared/contract/backup-retention.ts';
import type { PlanSpec } from '../catalogue.ts';
import { occurrences } from './occurrences.ts';

/** A run as the catalogue remembers it; runs outlive the points that retention removed. */
export type PastRun = { readonly startedAt: number; readonly made: boolean; readonly failed: boolean };

/** What compliance is computed from. */
export type ComplianceFacts = {
  readonly spec: Pick<PlanSpec, 'name' | 'dataClass' | 'rpoMs' | 'schedules'>;
  readonly createdAt: number;
  readonly runs: readonly PastRun[];
  /** When the run of the newest verified restorable point started; null when there is none. */
  readonly lastVerified: number | null;
  readonly now: number;
};

const DAY_MS = 86_400_000;
/** Windows that assessors ask for. */
const WINDOWS = [7, 30];
/** A scheduled run may start late: the schedule is looked at every few seconds, and another run may be going on. */
const LATE_MS = 60_000;

/** Promised against measured, of one plan. Pure. */
export function complianceOf(facts: ComplianceFacts): PlanCompliance {
  const { spec, createdAt, runs, lastVerified, now } = facts;
  const ageMs = lastVerified === null ? null : Math.max(0, now - lastVerified);
  return {
    plan: spec.name,
    dataClass: spec.dataClass,
    rpoMs: spec.rpoMs,
    ageMs,
    overMs: spec.rpoMs === null || ageMs === null || ageMs <= spec.rpoMs ? null : ageMs - spec.rpoMs,
    worstGapMs: worstGap(runs, now),
    windows: WINDOWS.map((days) => {
      const from = Math.max(createdAt, now - days * DAY_MS);
      const within = runs.filter(({ startedAt }) => startedAt > from && startedAt <= now);
      const expected = occurrences(spec, from, now - LATE_MS).length;
      const made = within.filter((run) => run.made).length;
      return {
        days,
        expected,
        made,
        failed: within.filter((run) => run.failed).length,
        ratio: expected === 0 ? null : Math.min(1, made / expected),
      };
    }),
  };
}

/** The longest time between two points within the longest window, and from the last to now. */
function worstGap(runs: readonly PastRun[], now: number): number | null {
  const made = runs
    .filter((run) => run.made && run.startedAt <= now)
    .map(({ startedAt }) => startedAt)
    .sort((a, b) => a - b);
  if (made.length === 0) return null;
  const from = now - Math.max(...WINDOWS) * DAY_MS;
  // The last one before the window tells how long the gap was that reaches into it.
  const before = made.filter((at) => at <= from).at(-1);
  const times = [...(before === undefined ? [] : [before]), ...made.filter((at) => at > from), now];
  return Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? at)));
}
