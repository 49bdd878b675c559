import type { RotationEntry } from '#shared/contract/backup-media.ts';

const DAY_MS = 86_400_000;

/** What the calendar needs to know of a medium in use. */
export type RotatingMedium = {
  readonly id: string;
  readonly label: string;
  readonly createdAt: number;
  /** When points were last copied onto it; null when never. */
  readonly lastCopiedAt: number | null;
  readonly isHere: boolean;
};

/**
 * The rotation calendar of a pool: which medium is due when. The one that was used longest ago is next, so that each
 * gets old at the same pace; one that was never used goes first. The next is due a cycle after the pool was last copied to,
 * and each further one a cycle later.
 *
 * A medium is overdue when it is due for a day and not here: a medium that is here takes the next copy by itself.
 * A time of use that lies in the future (a clock was set back) counts as now, so that the calendar never waits for years.
 *
 * @param media media in use, without retired and damaged ones, in any order
 * @param now UTC milliseconds
 */
export function planRotation(
  media: readonly RotatingMedium[],
  cycleDays: number,
  now: number,
): readonly RotationEntry[] {
  const cycle = cycleDays * DAY_MS;
  const usedAt = (medium: RotatingMedium): number =>
    medium.lastCopiedAt === null ? Number.NEGATIVE_INFINITY : Math.min(medium.lastCopiedAt, now);
  // Labels with numbers in them in the order of the numbers: HMTT-2 before HMTT-10.
  const byLabel = new Intl.Collator('en', { numeric: true });
  const order = [...media].sort(
    (a, b) => usedAt(a) - usedAt(b) || byLabel.compare(a.label, b.label) || (a.id < b.id ? -1 : 1),
  );
  const last = Math.max(...order.map(usedAt), Number.NEGATIVE_INFINITY);
  const lastLabel = order.find((medium) => usedAt(medium) === last)?.label ?? '';
  // A pool that was never copied to is due from the day on which its first medium was labelled.
  const first = Number.isFinite(last)
    ? last + cycle
    : Math.min(now, ...order.map((medium) => medium.createdAt));
  return order.map((medium, index) => {
    const dueAt = first + index * cycle;
    const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
    return {
      mediumId: medium.id,
      label: medium.label,
      dueAt,
      isOverdue: now - dueAt >= DAY_MS && !medium.isHere,
      reason: !Number.isFinite(last)
        ? {
            zh: '该池还没有复制过恢复点。',
            en: 'Nothing was copied to this pool yet.',
          }
        : medium.lastCopiedAt === null
          ? {
              zh: `从未使用过，先轮到它；${lastLabel} 于 ${day(last)} 用过，周期 ${cycleDays} 天。`,
              en: `Never used, so it goes first; ${lastLabel} was used on ${day(last)}, the cycle is ${cycleDays} days.`,
            }
          : {
              zh: `上次使用于 ${day(medium.lastCopiedAt)}，排第 ${index + 1}；周期 ${cycleDays} 天。`,
              en: `Last used on ${day(medium.lastCopiedAt)}, number ${index + 1} in turn; the cycle is ${cycleDays} days.`,
            },
    };
  });
}
