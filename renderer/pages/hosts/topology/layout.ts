import type { Tier } from '#shared/contract/hosts.ts';
import type { NodeRef, TopologyLink, TopologyNode } from '#shared/contract/inventory.ts';

/** Size of a node, and the gaps between nodes and tiers; pixels of the sheet. */
export const NODE = { width: 148, height: 40, gapX: 14, gapY: 12 } as const;
/** Characters of a name that are always there, from its end. */
const NAME_TAIL = 6;

/** A name as the part that gives way in a narrow box, and its end; a short one has no end. */
export function namePieces(name: string): readonly [head: string, tail: string] {
  const characters = [...name];
  return characters.length <= 2 * NAME_TAIL
    ? [name, '']
    : [characters.slice(0, -NAME_TAIL).join(''), characters.slice(-NAME_TAIL).join('')];
}
const TIER_HEAD = 26;
const TIER_GAP = 34;
/** A tier with more nodes than this shows of those that are well only the ones that others stand behind. */
const FOLD_OVER = 30;

/** The rows of the picture, from the top. */
export const ROWS = ['presentation', 'business', 'data', 'other'] as const;
export type RowTier = (typeof ROWS)[number];

/** A node with its place; the left upper corner. */
export type PlacedNode = {
  readonly node: TopologyNode;
  readonly key: string;
  readonly x: number;
  readonly y: number;
};

/** Nodes that are well and drawn as one. */
export type PlacedFold = {
  readonly tier: RowTier;
  readonly count: number;
  readonly x: number;
  readonly y: number;
};

/** A line between two nodes, or between a node and the fold that the others are in. */
export type PlacedLink = {
  readonly link: TopologyLink;
  readonly from: string;
  readonly to: string;
  /** How many links are drawn as this one. */
  readonly count: number;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
};

/** Everything where it is drawn. */
export type Layout = {
  readonly nodes: readonly PlacedNode[];
  readonly folds: readonly PlacedFold[];
  readonly links: readonly PlacedLink[];
  readonly tiers: readonly {
    readonly tier: RowTier;
    readonly y: number;
    readonly height: number;
    readonly total: number;
  }[];
  readonly width: number;
  readonly height: number;
};

/** The key of a node, for maps and the address. */
export const keyOf = ({ kind, id }: NodeRef): string => `${kind}:${id}`;

const RANK = { down: 0, unreachable: 1, not_watched: 2, up: 3 } as const;

/** The row that a tier is drawn in. */
export const rowOf = (tier: Tier): RowTier => (tier === 'workstation' ? 'other' : tier);

/** Worst first; of equal ones, first those that others stand behind, then by name. */
export function compareNodes(a: TopologyNode, b: TopologyNode): number {
  return (
    RANK[a.state] - RANK[b.state] ||
    b.behind - a.behind ||
    a.name.localeCompare(b.name, 'en', { numeric: true })
  );
}

/** What may be folded: it is well, and nothing stands behind it. */
const isQuiet = (node: TopologyNode): boolean => node.state === 'up' && node.behind === 0;

/**
 * Places nodes: tiers as rows, worst first within each, wrapped to a sheet about as wide as the window is.
 *
 * @param expanded tiers whose folds are open
 * @param aspect width of the window over its height
 */
export function layoutTopology(
  nodes: readonly TopologyNode[],
  links: readonly TopologyLink[],
  expanded: ReadonlySet<RowTier>,
  aspect: number,
): Layout {
  const rows = ROWS.map((tier) => {
    const all = nodes.filter((node) => rowOf(node.tier) === tier).sort(compareNodes);
    const folds = all.length > FOLD_OVER && !expanded.has(tier);
    const shown = folds ? all.filter((node) => !isQuiet(node)) : all;
    return { tier, all, shown, folded: all.length - shown.length };
  }).filter(({ all }) => all.length > 0);

  const cells = rows.map(({ shown, folded }) => shown.length + (folded > 0 ? 1 : 0));
  const perLine = columnsFor(cells, aspect);
  const placed: PlacedNode[] = [];
  const folds: PlacedFold[] = [];
  const tiers: Layout['tiers'][number][] = [];
  const places = new Map<string, { x: number; y: number; fold: boolean; key: string }>();
  let y = 0;
  for (const { tier, all, shown, folded } of rows) {
    const top = y;
    y += TIER_HEAD;
    const place = (index: number) => ({
      x: (index % perLine) * (NODE.width + NODE.gapX),
      y: y + Math.floor(index / perLine) * (NODE.height + NODE.gapY),
    });
    for (const [index, node] of shown.entries()) {
      const key = keyOf(node.node);
      const at = place(index);
      placed.push({ node, key, ...at });
      places.set(key, { ...at, fold: false, key });
    }
    if (folded > 0) {
      const at = place(shown.length);
      folds.push({ tier, count: folded, ...at });
      const drawn = new Set(shown);
      for (const node of all)
        if (!drawn.has(node)) places.set(keyOf(node.node), { ...at, fold: true, key: `fold:${tier}` });
    }
    const lines = Math.ceil((shown.length + (folded > 0 ? 1 : 0)) / perLine);
    y += lines * (NODE.height + NODE.gapY);
    tiers.push({ tier, y: top, height: y - top, total: all.length });
    y += TIER_GAP - NODE.gapY;
  }
  return {
    nodes: placed,
    folds,
    links: placeLinks(links, places),
    tiers,
    width: perLine * (NODE.width + NODE.gapX) - NODE.gapX,
    height: Math.max(0, y - TIER_GAP + NODE.gapY),
  };
}

/** The least number of columns with which the sheet is not taller, for its width, than the window. */
function columnsFor(cells: readonly number[], aspect: number): number {
  const most = Math.max(1, ...cells);
  for (let columns = Math.min(6, most); columns < most; columns += 1) {
    const lines = cells.reduce((sum, count) => sum + Math.ceil(count / columns), 0);
    const width = columns * (NODE.width + NODE.gapX);
    const height = lines * (NODE.height + NODE.gapY) + cells.length * (TIER_HEAD + TIER_GAP);
    if (width / height >= aspect) return columns;
  }
  return most;
}

const WORSE = { dead: 0, unknown: 1, alive: 2 } as const;

function placeLinks(
  links: readonly TopologyLink[],
  places: ReadonlyMap<string, { x: number; y: number; fold: boolean; key: string }>,
): PlacedLink[] {
  const merged = new Map<string, PlacedLink>();
  for (const link of links) {
    const from = places.get(keyOf(link.from));
    const to = places.get(keyOf(link.to));
    if (!from || !to || from.key === to.key) continue;
    const isMerged = from.fold || to.fold;
    const key = isMerged ? `${from.key} ${to.key} ${link.dependsOn}` : link.id;
    const known = merged.get(key);
    const worse = known && WORSE[known.link.state] <= WORSE[link.state] ? known.link : link;
    const down = to.y >= from.y;
    merged.set(key, {
      link: worse,
      from: from.key,
      to: to.key,
      count: (known?.count ?? 0) + 1,
      x1: from.x + NODE.width / 2,
      y1: down ? from.y + NODE.height : from.y,
      x2: to.x + NODE.width / 2,
      y2: down ? to.y : to.y + NODE.height,
    });
  }
  return [...merged.values()];
}

/** The node that an arrow key leads to: the nearest one in that direction. */
export function neighbour(
  nodes: readonly PlacedNode[],
  from: PlacedNode,
  direction: 'left' | 'right' | 'up' | 'down',
): PlacedNode {
  const sideways = direction === 'left' || direction === 'right';
  const sign = direction === 'right' || direction === 'down' ? 1 : -1;
  let best = from;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const other of nodes) {
    const along = sign * (sideways ? other.x - from.x : other.y - from.y);
    const across = Math.abs(sideways ? other.y - from.y : other.x - from.x);
    if (along <= 0 || (sideways && across > 0)) continue;
    const cost = along + 3 * across;
    if (cost < bestCost) {
      best = other;
      bestCost = cost;
    }
  }
  return best;
}
