import { err, ok, type Result } from '#shared/errors/index.ts';
import type { StoredPoint } from '../catalogue.ts';
import { chainOf, isChainWhole } from '../chain.ts';

/** Which points somebody wants on a target. */
export type CopyWish =
  | { readonly kind: 'newest' }
  | { readonly kind: 'all' }
  | { readonly kind: 'point'; readonly id: string };

/**
 * Which archives are to be copied, in which order. A point goes with all that it builds on, the full first, so that a cut
 * leaves points on the target that can be restored. The newest point comes before older ones: when the room ends, what is
 * missing is the oldest.
 *
 * @param points the plan's points as they can be restored now, in any order
 * @param isThere tells whether the target holds an intact copy already
 * @returns points whose archives are missing on the target, or BACKUP_CHAIN_BROKEN when the wished point cannot be restored
 */
export function planCopy(
  wish: CopyWish,
  points: readonly StoredPoint[],
  isThere: (pointId: string) => boolean,
): Result<readonly StoredPoint[]> {
  const newestFirst = [...points].sort((a, b) => b.seq - a.seq);
  const whole = newestFirst.filter((point) => isChainWhole(point, points));
  const wanted =
    wish.kind === 'point'
      ? newestFirst.filter(({ id }) => id === wish.id)
      : wish.kind === 'newest'
        ? whole.slice(0, 1)
        : whole;
  const order = new Map<string, StoredPoint>();
  for (const point of wanted) {
    const chain = chainOf(point, points);
    if (!chain.ok) return err(chain.error);
    for (const link of chain.value) if (!isThere(link.id)) order.set(link.id, link);
  }
  return ok([...order.values()]);
}
