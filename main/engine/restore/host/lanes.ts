import type { RawPath } from '../../platform/raw-path.ts';

/** How much is under way at once. */
export type LaneBounds<T> = {
  /** Items at once. */
  readonly lanes?: number;
  /** What an item weighs, and what all that are under way weigh at most; a heavier one goes alone. */
  readonly weigh?: (item: T) => number;
  readonly most?: number;
};

/**
 * Items that are under way at once: SFTP takes questions before it has answered the last ones, so that a round trip counts once for so
 * many. Each may have a file open, and servers of old have room for a hundred.
 */
const LANES = 64;

/**
 * Does something with each item, several at a time, begun in their order; the first failure is thrown when all that was begun has
 * ended, and nothing more is begun after it.
 */
export async function inLanes<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  { lanes = LANES, weigh = () => 0, most = Number.POSITIVE_INFINITY }: LaneBounds<T> = {},
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let weight = 0;
  let onRoom: () => void = () => undefined;
  const begin = (item: T, own: number): void => {
    weight += own;
    const one = work(item)
      .catch((thrown: unknown) => {
        failures.push(thrown);
      })
      .finally(() => {
        weight -= own;
        underWay.delete(one);
        onRoom();
      });
    underWay.add(one);
  };
  for (const item of items) {
    const own = weigh(item);
    while (failures.length === 0 && underWay.size > 0 && (underWay.size >= lanes || weight + own > most))
      await new Promise<void>((resolve) => {
        onRoom = resolve;
      });
    if (failures.length > 0) break;
    begin(item, own);
  }
  await Promise.all(underWay);
  if (failures.length > 0) throw failures[0];
}

/** Items by how deep their paths lie, the least deep first: what is in a folder comes in a later group than the folder. Pure. */
export function byDepth<T extends { readonly target: RawPath }>(
  items: readonly T[],
): readonly (readonly T[])[] {
  const groups = Map.groupBy(items, ({ target }) => target.split('/').length);
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
}
