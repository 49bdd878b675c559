import type { RotationPolicy } from '#shared/contract/logs-rotation-policy.ts';
import type { RotationSegment, SegmentDecision } from '#shared/contract/logs-rotation-runs.ts';
import { DAY_MS } from '../model.ts';

/** A clock this far ahead of the newest checkpoint is doubted … */
const DOUBT_MS = 30 * DAY_MS;
/** … until the console has run this long. */
const PROBATION_MS = DAY_MS;

/** Until when the minimum retention keeps a segment; null without one. */
export function lockedUntil(rotatedAt: number, lockDays: number): number | null {
  return lockDays === 0 ? null : rotatedAt + lockDays * DAY_MS;
}

/**
 * Decides which segments may go (docs/log-rotation.md, "How long segments stay"). Pure.
 *
 * @param segments of any policies, in any order
 * @param policies those that exist; segments of others stay
 * @param lastChange when the newest checkpoint was made; null without one
 * @param runningMs how long the console has been running, by its monotonic clock
 */
export function planKeeping(
  segments: readonly RotationSegment[],
  policies: readonly RotationPolicy[],
  now: number,
  lastChange: number | null,
  runningMs: number,
): readonly SegmentDecision[] {
  const byName = new Map(policies.map((policy) => [policy.name, policy]));
  const isDoubted = lastChange !== null && now - lastChange > DOUBT_MS && runningMs < PROBATION_MS;
  const rank = new Map<string, number>();
  const decisions = new Map<string, SegmentDecision>();
  for (const segment of segments.toSorted(
    (a, b) => b.rotatedAt - a.rotatedAt || b.checkpoint - a.checkpoint,
  )) {
    const key = `${segment.policy}\n${segment.source}`;
    const newer = rank.get(key) ?? 0;
    rank.set(key, newer + 1);
    const keep = byName.get(segment.policy)?.keep;
    const reason = ((): SegmentDecision['reason'] => {
      if (keep === undefined) return 'wanted';
      const isTooMany = keep.count !== null && newer >= keep.count;
      const isTooOld = keep.days !== null && now - segment.rotatedAt > keep.days * DAY_MS;
      if (!isTooMany && !isTooOld) return 'wanted';
      if (segment.hold !== null && (segment.hold.until === null || segment.hold.until > now)) return 'held';
      const locked = lockedUntil(segment.rotatedAt, keep.lockDays);
      if (locked !== null && now < locked) return 'locked';
      if (isDoubted) return 'clock_in_doubt';
      return isTooMany ? 'too_many' : 'too_old';
    })();
    decisions.set(segment.id, { segment, remove: reason === 'too_many' || reason === 'too_old', reason });
  }
  return segments.flatMap(({ id }) => decisions.get(id) ?? []);
}
