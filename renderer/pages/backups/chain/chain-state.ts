import type { ListedPoint } from '#shared/contract/backup.ts';
import { lacksSources } from '#shared/domain/lacking-sources.ts';
import type { StateName } from '../../../components/state-badge.tsx';

/**
 * How a point stands, worst first.
 *
 * `broken`: its own archive is damaged; `missing`: no copy of its archive is known anywhere; `chain`: a point it builds on is
 * lost or damaged; `away`: it can be restored when a medium is inserted; `lacking`: a database of its plan is not in it, the rest can be restored;
 * `complete`: it can be restored, nobody verified it;
 * `verified`: it can be restored, and it was verified.
 */
export const chainStates = ['broken', 'missing', 'chain', 'away', 'lacking', 'complete', 'verified'] as const;
export type ChainState = (typeof chainStates)[number];

/** Colour and shape of a state; those that can be restored with a reservation share one and differ by their word. */
export const shapeOfState: Readonly<Record<ChainState, StateName>> = {
  broken: 'critical',
  missing: 'unknown',
  chain: 'unreachable',
  away: 'not_watched',
  lacking: 'warning',
  complete: 'warning',
  verified: 'ok',
};

/** What of a listed point decides how it stands. */
export type StandingPoint = Pick<
  ListedPoint,
  'id' | 'plan' | 'state' | 'verifiedAt' | 'verifyError' | 'chain' | 'restorable' | 'startedAt' | 'report'
>;

/** How a point stands. */
export function chainState({
  id,
  state,
  verifiedAt,
  verifyError,
  chain,
  restorable,
  report,
}: StandingPoint): ChainState {
  if (state === 'broken' || verifyError !== null) return 'broken';
  if (restorable.lost.includes(id)) return 'missing';
  if (restorable.lost.length > 0) return 'chain';
  if (!restorable.now && restorable.insert.length > 0) return 'away';
  if (state === 'missing') return 'missing';
  if (chain.brokenBy !== null && chain.brokenBy !== id) return 'chain';
  if (lacksSources(report)) return 'lacking';
  return verifiedAt === null ? 'complete' : 'verified';
}

/** Whether a point can be restored whole, at once or after media were inserted. */
export function isRestorable(point: StandingPoint): boolean {
  const state = chainState(point);
  return !['broken', 'missing', 'chain'].includes(state);
}

/**
 * What still can be restored when a point cannot: the newest earlier one that can.
 *
 * @param points the plan's points, in the order in which they were first seen, the latest first
 */
export function restorableBefore<P extends StandingPoint>(point: P, points: readonly P[]): P | null {
  const at = points.findIndex(({ id }) => id === point.id);
  return points.slice(at + 1).find(isRestorable) ?? null;
}
