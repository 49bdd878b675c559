import { appError, type Bilingual, err, ok, type Result } from '#shared/errors/index.ts';
import type { StoredPoint } from './catalogue.ts';
import type { ChainLink } from './state-index.ts';

/** Points that the catalogue knows, in any order. */
type Known = readonly StoredPoint[];

/** How a point stands among those it builds on and those that build on it. */
export type ChainStanding = {
  /** Archives that a restore reads; 1 for a full. */
  readonly length: number;
  /** The first link that is not there or damaged; null when the chain is whole. */
  readonly brokenBy: string | null;
  /** Points that cannot be restored without this one. Who removes points must not remove one that is needed. */
  readonly neededBy: number;
};

type Walk = { readonly links: readonly StoredPoint[]; readonly unknown: string | null };

/** The point and what it builds on, the full first; `unknown` names a link that is not in the catalogue. */
function walkBack(point: StoredPoint, byId: ReadonlyMap<string, StoredPoint>): Walk {
  const links: StoredPoint[] = [];
  const seen = new Set<string>();
  for (let at: StoredPoint | undefined = point; at !== undefined; ) {
    if (seen.has(at.id)) return { links: links.reverse(), unknown: at.id };
    seen.add(at.id);
    links.push(at);
    const { parentId }: StoredPoint = at;
    if (parentId === null) return { links: links.reverse(), unknown: at.type === 'full' ? null : at.id };
    at = byId.get(parentId);
    if (at === undefined) return { links: links.reverse(), unknown: parentId };
  }
  return { links, unknown: point.id };
}

const byIdOf = (points: Known): ReadonlyMap<string, StoredPoint> =>
  new Map(points.map((point) => [point.id, point]));

/** The first link that a restore of the point would miss; null when all are complete. */
function breakIn({ links, unknown }: Walk): string | null {
  return unknown ?? links.find((link) => link.state !== 'complete')?.id ?? null;
}

/** True when the point and everything it builds on can be restored from. */
export function isChainWhole(point: StoredPoint, points: Known): boolean {
  return breakIn(walkBack(point, byIdOf(points))) === null;
}

/** How many archives a restore of the point reads. */
export function chainLength(point: StoredPoint, points: Known): number {
  return walkBack(point, byIdOf(points)).links.length;
}

/** How each point stands, in the order of the points. */
export function standings(points: Known): readonly ChainStanding[] {
  const byId = byIdOf(points);
  const walks = points.map((point) => walkBack(point, byId));
  const needed = new Map<string, number>();
  for (const { links } of walks)
    for (const link of links.slice(0, -1)) needed.set(link.id, (needed.get(link.id) ?? 0) + 1);
  return walks.map((walk, index) => ({
    length: walk.links.length,
    brokenBy: breakIn(walk),
    neededBy: needed.get(points[index]?.id ?? '') ?? 0,
  }));
}

/** What of the plan can still be restored when a chain is broken: the newest point whose own chain is whole. */
function restSentence(point: StoredPoint, points: Known): Bilingual {
  const rest = points
    .filter((other) => other.plan === point.plan && other.seq < point.seq && isChainWhole(other, points))
    .reduce<StoredPoint | null>(
      (best, other) => (best === null || other.seq > best.seq ? other : best),
      null,
    );
  if (rest === null)
    return {
      zh: '该计划没有更早的可恢复点。',
      en: 'No earlier point of the plan can be restored.',
    };
  const at = new Date(rest.startedAt).toISOString();
  return {
    zh: `仍可恢复的最近一个更早的恢复点是 ${rest.id}（${at}）。`,
    en: `The newest earlier point that can still be restored is ${rest.id} (${at}).`,
  };
}

/**
 * The archives that a point is restored from, the full first. A damaged link is no obstacle: what lies outside its damaged
 * frames can be restored, and what lies in them is named then.
 *
 * @returns the links, or BACKUP_CHAIN_BROKEN when one is not at hand
 */
export function chainOf(point: StoredPoint, points: Known): Result<readonly StoredPoint[]> {
  const walk = walkBack(point, byIdOf(points));
  const missing = walk.unknown ?? walk.links.find((link) => link.state === 'missing')?.id ?? null;
  if (missing === null || (walk.unknown === null && missing === point.id)) return ok(walk.links);
  return err(chainBroken(point, missing, points));
}

/** The links of a chain, whatever state its archives are in: for what stands in indexes. */
export function knownChain(point: StoredPoint, points: Known): Result<readonly StoredPoint[]> {
  const walk = walkBack(point, byIdOf(points));
  return walk.unknown === null ? ok(walk.links) : err(chainBroken(point, walk.unknown, points));
}

function chainBroken(point: StoredPoint, link: string, points: Known) {
  const found = points.find((other) => other.id === link);
  return appError('BACKUP_CHAIN_BROKEN', {
    point: point.id,
    link: found === undefined ? link : found.archivePath,
    ...restSentence(point, points),
  });
}

/** What threads need of the links. */
export function linksOf(points: readonly StoredPoint[]): ChainLink[] {
  return points.map(({ id, archivePath, manifestSha256 }) => ({ id, archivePath, manifestSha256 }));
}
