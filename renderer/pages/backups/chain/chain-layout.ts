import type { ListedPoint } from '#shared/contract/backup.ts';
import type { BackupType } from '#shared/contract/backup-schedule.ts';
import { type ChainState, chainState } from './chain-state.ts';

/** Space between two points: a target for a finger or a tired hand, and 200 of them still fit into a few screens. */
export const STEP = 30;
const LEFT = 20;
const RIGHT = 28;
const ROWS: Readonly<Record<BackupType, number>> = { full: 26, differential: 70, incremental: 114 };
const TICKS_AT = 152;
export const HEIGHT = 164;
/** A date takes this much space. */
const TICK_ROOM = 84;
/** Within a day a time stands so often, so that one is always in sight. */
const TIME_ROOM = 300;

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

/** A date where a day begins, a time of day where one goes on for long. */
export type ChainTick = { readonly x: number; readonly at: number; readonly isNewDay: boolean };

/** Everything that is drawn; lengths in pixels. */
export type ChainPicture = {
  readonly width: number;
  readonly nodes: readonly ChainNode[];
  readonly links: readonly ChainLinkLine[];
  readonly ticks: readonly ChainTick[];
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
  const before = new Map<BackupType, ChainNode>();
  const links = nodes.flatMap((node): readonly ChainLinkLine[] => {
    const parent = node.point.parentId === null ? undefined : byId.get(node.point.parentId);
    const isNeighbour = before.get(node.point.type) === parent;
    before.set(node.point.type, node);
    if (parent === undefined) return [];
    const isBroken = ['broken', 'missing', 'chain'].includes(parent.state);
    return [{ id: node.point.id, path: route(node, parent, isNeighbour), isBroken }];
  });
  const ticks: ChainTick[] = [];
  for (const [index, { x, point }] of nodes.entries()) {
    const before = nodes[index - 1]?.point;
    const isNewDay = before === undefined || dayOf(before.startedAt) !== dayOf(point.startedAt);
    const last = ticks.at(-1);
    const room = isNewDay ? TICK_ROOM : TIME_ROOM;
    if (last === undefined || x - last.x >= room) ticks.push({ x, at: point.startedAt, isNewDay });
  }
  const end = (nodes.at(-1)?.x ?? LEFT) + RIGHT;
  return { width: Math.max(end, (ticks.at(-1)?.x ?? 0) + TICK_ROOM), nodes, links, ticks };
}

/** The y of the dates. */
export const TICK_Y = TICKS_AT;

function dayOf(at: number): string {
  return new Date(at).toDateString();
}

/** Lines begin and end this far from the middle of a mark, so that its shape stays clear. */
const CLEAR = 10;
/** Lines of a row run this far below it, where no mark hides them. */
const LANE = 17;

/** A straight line to the neighbour in the row; else along the lane below the parent's row, and down or up from there. */
function route(node: ChainNode, parent: ChainNode, isNeighbour: boolean): string {
  if (node.y === parent.y && isNeighbour) return `M${parent.x + CLEAR} ${parent.y}H${node.x - CLEAR}`;
  const lane = parent.y + LANE;
  const end = node.y > parent.y ? node.y - CLEAR : node.y + CLEAR;
  return `M${parent.x} ${parent.y + CLEAR}V${lane}H${node.x}V${end}`;
}
