import type { ListedPoint } from '#shared/contract/backup.ts';
import type { BackupType } from '#shared/contract/backup-schedule.ts';
import { type ChainState, chainState } from './chain-state.ts';

/** Space between two points: a target for a finger or a tired hand, and 200 of them still fit into a few screens. */
export const STEP = 26;
const LEFT = 20;
const RIGHT = 28;
const ROWS: Readonly<Record<BackupType, number>> = { full: 26, differential: 70, incremental: 114 };
const TICKS_AT = 152;
export const HEIGHT = 164;
/** A date takes this much space. */
const TICK_ROOM = 84;

/** A point in the drawing. */
export type ChainNode = {
  readonly point: ListedPoint;
  readonly state: ChainState;
  readonly x: number;
  readonly y: number;
};

/** A line from a point to the one it builds on. */
export type ChainLinkLine = {
  readonly id: string;
  readonly path: string;
  /** The point it leads to cannot be used. */
  readonly isBroken: boolean;
};

/** Everything that is drawn; lengths in pixels. */
export type ChainPicture = {
  readonly width: number;
  readonly nodes: readonly ChainNode[];
  readonly links: readonly ChainLinkLine[];
  readonly ticks: readonly { readonly x: number; readonly at: number }[];
};

/** Where the row of a type lies. */
export function rowOf(type: BackupType): number {
  return ROWS[type];
}

/**
 * Draws points in the order in which they were seen, one step each: a month of weekly fulls stays as readable as a day of hourly
 * increments. A row for each type; lines lead to what a point builds on; a date where a day begins.
 *
 * @param points the latest first, as they are listed
 */
export function layoutChain(points: readonly ListedPoint[]): ChainPicture {
  const nodes = points.toReversed().map((point, index): ChainNode => {
    return { point, state: chainState(point), x: LEFT + index * STEP, y: ROWS[point.type] };
  });
  const byId = new Map(nodes.map((node) => [node.point.id, node]));
  const links = nodes.flatMap((node): readonly ChainLinkLine[] => {
    const parent = node.point.parentId === null ? undefined : byId.get(node.point.parentId);
    if (parent === undefined) return [];
    const isBroken = ['broken', 'missing', 'chain'].includes(parent.state);
    return [{ id: node.point.id, path: curve(node, parent), isBroken }];
  });
  const ticks: { x: number; at: number }[] = [];
  for (const [index, { x, point }] of nodes.entries()) {
    const before = nodes[index - 1]?.point;
    const isNewDay = before === undefined || dayOf(before.startedAt) !== dayOf(point.startedAt);
    const last = ticks.at(-1);
    if (isNewDay && (last === undefined || x - last.x >= TICK_ROOM)) ticks.push({ x, at: point.startedAt });
  }
  return { width: LEFT + Math.max(0, nodes.length - 1) * STEP + RIGHT, nodes, links, ticks };
}

/** The y of the dates. */
export const TICK_Y = TICKS_AT;

function dayOf(at: number): string {
  return new Date(at).toDateString();
}

/** A straight line to the neighbour in the row; else an elbow that leaves the parent downwards. */
function curve(node: ChainNode, parent: ChainNode): string {
  if (node.y === parent.y) return `M${parent.x} ${parent.y}H${node.x}`;
  const radius = Math.min(12, Math.abs(node.x - parent.x));
  const down = node.y > parent.y ? 1 : -1;
  return `M${parent.x} ${parent.y}V${node.y - down * radius}Q${parent.x} ${node.y} ${parent.x + radius} ${node.y}H${node.x}`;
}
