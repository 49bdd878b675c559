import type { Dependence, NodeRef } from '#shared/contract/inventory.ts';

/** A node's name in the graph: `host:ID` or `component:ID`. */
export type NodeKey = `${NodeRef['kind']}:${string}`;

/** What the last check of a node said; `unknown` when nothing watches it. */
export type Life = 'dead' | 'alive' | 'unknown';

/** One thing that depends on another. */
export type Dependency = {
  readonly from: NodeKey;
  readonly to: NodeKey;
  /** `host`: a component runs on it. */
  readonly by: Exclude<Dependence, 'no'> | 'host';
};

/** What stands behind what. Pure: it is told what is dead, and says what follows. */
export type DependencyGraph = {
  /**
   * Why a node cannot be reached: the dead things that cut it off, root causes only, in order of their names. Empty when
   * it has, as far as anybody knows, network and power.
   */
  readonly causesOf: (node: NodeKey, life: (other: NodeKey) => Life) => readonly NodeKey[];
  /** What is cut off when this node, and nothing else, is dead. */
  readonly behind: (node: NodeKey) => readonly NodeKey[];
  /** Everything that depends on the node, over any number of steps: what is behind it, has another way, or needs its service. */
  readonly dependents: (node: NodeKey) => readonly NodeKey[];
  /** Everything that the node's network and power come from, over any number of steps. */
  readonly ways: (node: NodeKey) => readonly NodeKey[];
};

/** The key of a node. */
export const nodeKey = ({ kind, id }: NodeRef): NodeKey => `${kind}:${id}`;

/** The node of a key. */
export function nodeOfKey(key: NodeKey): NodeRef {
  return key.startsWith('host:')
    ? { kind: 'host', id: key.slice('host:'.length) }
    : { kind: 'component', id: key.slice('component:'.length) };
}

/** What a node needs, each kind by itself: of one kind, one that lives is enough. */
type Needs = ReadonlyMap<'network' | 'power' | 'host', readonly NodeKey[]>;

const NO_NEEDS: Needs = new Map();

/** Steps from each node to those that `next` names, without the node itself; in the order in which they are found. */
function reachable(from: NodeKey, next: (node: NodeKey) => readonly NodeKey[]): NodeKey[] {
  const seen = new Set([from]);
  const found: NodeKey[] = [];
  const open = [from];
  for (let node = open.pop(); node !== undefined; node = open.pop())
    for (const other of next(node))
      if (!seen.has(other)) {
        seen.add(other);
        found.push(other);
        open.push(other);
      }
  return found;
}

/** Makes the graph. What is named in `dependencies` exists; cycles are refused before (`findCycle`). */
export function createDependencyGraph(dependencies: readonly Dependency[]): DependencyGraph {
  const needs = new Map<NodeKey, Map<'network' | 'power' | 'host', NodeKey[]>>();
  const users = new Map<NodeKey, NodeKey[]>();
  const reliant = new Map<NodeKey, NodeKey[]>();
  for (const { from, to, by } of dependencies) {
    users.set(to, [...(users.get(to) ?? []), from]);
    if (by === 'service') continue;
    reliant.set(to, [...(reliant.get(to) ?? []), from]);
    const own = needs.get(from) ?? new Map<'network' | 'power' | 'host', NodeKey[]>();
    own.set(by, [...(own.get(by) ?? []), to]);
    needs.set(from, own);
  }
  const needsOf = (node: NodeKey): Needs => needs.get(node) ?? NO_NEEDS;
  const providers = (node: NodeKey): NodeKey[] => [...needsOf(node).values()].flat();
  const order = topologicalRank(needs, providers);

  /**
   * The root causes of each of `nodes` that is cut off. One pass from the sources on: the ways of each node come before it.
   */
  const evaluate = (nodes: readonly NodeKey[], life: (node: NodeKey) => Life) => {
    const causes = new Map<NodeKey, ReadonlySet<NodeKey>>();
    const sorted = nodes.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    for (const node of sorted) {
      const found = new Set<NodeKey>();
      for (const alternatives of needsOf(node).values()) {
        const blamed = alternatives.map((way) => {
          const state = life(way);
          // What answers has its network and its power, whatever the links say.
          if (state === 'alive') return null;
          return causes.get(way) ?? (state === 'dead' ? new Set([way]) : null);
        });
        if (blamed.some((one) => one === null)) continue;
        for (const one of blamed) for (const cause of one ?? []) found.add(cause);
      }
      if (found.size > 0) causes.set(node, found);
    }
    return causes;
  };

  const ways = (node: NodeKey): NodeKey[] => reachable(node, providers);

  return {
    causesOf: (node, life) => [...(evaluate([...ways(node), node], life).get(node) ?? [])].toSorted(),
    behind: (node) => {
      const candidates = reachable(node, (other) => reliant.get(other) ?? []);
      if (candidates.length === 0) return [];
      const inReach = new Set([node, ...candidates]);
      const causes = evaluate(candidates, (other) =>
        other === node ? 'dead' : inReach.has(other) ? 'unknown' : 'alive',
      );
      return candidates.filter((other) => causes.has(other));
    },
    dependents: (node) => reachable(node, (other) => users.get(other) ?? []),
    ways,
  };
}

/** For each node a number greater than those of all nodes that it needs. */
function topologicalRank(
  needs: ReadonlyMap<NodeKey, unknown>,
  providers: (node: NodeKey) => readonly NodeKey[],
): ReadonlyMap<NodeKey, number> {
  const rank = new Map<NodeKey, number>();
  const entered = new Set<NodeKey>();
  for (const start of needs.keys()) {
    // Depth first by hand: a chain of switches may be longer than the call stack is deep.
    const open: NodeKey[] = [start];
    for (let node = open.at(-1); node !== undefined; node = open.at(-1)) {
      if (!entered.has(node)) {
        entered.add(node);
        open.push(...providers(node).filter((other) => !entered.has(other)));
        continue;
      }
      open.pop();
      if (!rank.has(node)) rank.set(node, rank.size);
    }
  }
  return rank;
}

/**
 * Finds a cycle of dependencies: nodes of which each depends on the next and the last is the first again, or null.
 * Two things that wait for each other would both be unreachable because of the other.
 */
export function findCycle(dependencies: readonly Dependency[]): readonly NodeKey[] | null {
  const next = new Map<NodeKey, NodeKey[]>();
  for (const { from, to } of dependencies) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<NodeKey>();
  for (const start of next.keys()) {
    if (done.has(start)) continue;
    const path: { readonly node: NodeKey; at: number }[] = [{ node: start, at: 0 }];
    const onPath = new Set([start]);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const other = next.get(top.node)?.[top.at];
      top.at += 1;
      if (other === undefined) {
        done.add(top.node);
        onPath.delete(top.node);
        path.pop();
      } else if (onPath.has(other)) {
        const cycle = path.map(({ node }) => node);
        return [...cycle.slice(cycle.indexOf(other)), other];
      } else if (!done.has(other)) {
        onPath.add(other);
        path.push({ node: other, at: 0 });
      }
    }
  }
  return null;
}
