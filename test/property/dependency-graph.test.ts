import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createDependencyGraph,
  type Dependency,
  findCycle,
  type Life,
  type NodeKey,
} from '../../main/engine/inventory/graph.ts';

const key = (n: number): NodeKey => `host:${n}`;

type World = { readonly size: number; readonly edges: readonly Dependency[]; readonly life: readonly Life[] };

/** Graphs without cycles: each edge leads to a smaller number. */
const world: fc.Arbitrary<World> = fc.integer({ min: 2, max: 8 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    edges: fc
      .uniqueArray(
        fc.record({
          from: fc.integer({ min: 1, max: size - 1 }),
          to: fc.nat(size - 2),
          by: fc.constantFrom<Dependency['by']>('network', 'network', 'power', 'service'),
        }),
        { maxLength: 16, selector: ({ from, to, by }) => `${from} ${to} ${by}` },
      )
      .map((list) =>
        list
          .filter(({ from, to }) => to < from)
          .map(({ from, to, by }) => ({ from: key(from), to: key(to), by })),
      ),
    life: fc.array(fc.constantFrom<Life>('dead', 'alive', 'unknown'), { minLength: size, maxLength: size }),
  }),
);

/** Every choice of one way for each kind, tried out: cut off when no choice leads to network and power. */
function oracleCut(edges: readonly Dependency[], life: (node: NodeKey) => Life, node: NodeKey): boolean {
  const gone = (way: NodeKey): boolean =>
    life(way) === 'dead' || (life(way) === 'unknown' && oracleCut(edges, life, way));
  return (['network', 'power'] as const).some((kind) => {
    const ways = edges.filter(({ from, by }) => from === node && by === kind);
    return ways.length > 0 && ways.every(({ to }) => gone(to));
  });
}

/** Every chain of steps from a node down to a dead thing that is not cut off itself. */
function oracleCauses(
  edges: readonly Dependency[],
  life: (node: NodeKey) => Life,
  node: NodeKey,
): Set<NodeKey> {
  const causes = new Set<NodeKey>();
  for (const kind of ['network', 'power'] as const) {
    const ways = edges.filter(({ from, by }) => from === node && by === kind).map(({ to }) => to);
    const kindIsCut =
      ways.length > 0 &&
      ways.every((way) => life(way) !== 'alive' && (life(way) === 'dead' || oracleCut(edges, life, way)));
    if (!kindIsCut) continue;
    for (const way of ways)
      if (oracleCut(edges, life, way)) for (const cause of oracleCauses(edges, life, way)) causes.add(cause);
      else causes.add(way);
  }
  return causes;
}

test('causes are what trying every way finds', () => {
  fc.assert(
    fc.property(world, ({ size, edges, life: lives }) => {
      const graph = createDependencyGraph(edges);
      const life = (node: NodeKey): Life => lives[Number(node.slice('host:'.length))] ?? 'unknown';
      for (let n = 0; n < size; n++) {
        const causes = graph.causesOf(key(n), life);
        expect(causes).toEqual([...oracleCauses(edges, life, key(n))].toSorted());
        expect(causes.length > 0).toBe(oracleCut(edges, life, key(n)));
        for (const cause of causes) expect(life(cause)).toBe('dead');
      }
    }),
    { numRuns: 2_000 },
  );
});

test('on the network alone: unreachable when every path to a source passes a dead node', () => {
  fc.assert(
    fc.property(world, ({ size, edges: all, life: lives }) => {
      const edges = all.filter(({ by }) => by === 'network');
      const graph = createDependencyGraph(edges);
      const life = (node: NodeKey): Life =>
        lives[Number(node.slice('host:'.length))] === 'dead' ? 'dead' : 'unknown';
      const paths = (node: NodeKey): NodeKey[][] => {
        const ways = edges.filter(({ from }) => from === node);
        if (ways.length === 0) return [[]];
        return ways.flatMap(({ to }) => paths(to).map((rest) => [to, ...rest]));
      };
      for (let n = 0; n < size; n++) {
        const free = paths(key(n)).some((path) => path.every((node) => life(node) !== 'dead'));
        expect(graph.causesOf(key(n), life).length === 0).toBe(free);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('causes are roots: dead, and cut off by nothing; mended, they leave nothing cut off', () => {
  fc.assert(
    fc.property(world, ({ size, edges, life: lives }) => {
      const graph = createDependencyGraph(edges);
      const life = (node: NodeKey): Life => lives[Number(node.slice('host:'.length))] ?? 'unknown';
      const roots = new Set(Array.from({ length: size }, (_, n) => graph.causesOf(key(n), life)).flat());
      for (const root of roots) {
        expect(life(root)).toBe('dead');
        expect(graph.causesOf(root, life)).toEqual([]);
      }
      // With the roots mended, what was silent only because of them answers again.
      const mended = (node: NodeKey): Life => {
        if (roots.has(node)) return 'alive';
        return graph.causesOf(node, life).length > 0 ? 'unknown' : life(node);
      };
      for (let n = 0; n < size; n++) expect(graph.causesOf(key(n), mended)).toEqual([]);
    }),
  );
});

test('behind a node is what its death alone cuts off, and all of it depends on the node', () => {
  fc.assert(
    fc.property(world, ({ size, edges }) => {
      const graph = createDependencyGraph(edges);
      for (let n = 0; n < size; n++) {
        const alone = (node: NodeKey): Life => (node === key(n) ? 'dead' : 'unknown');
        const expected = Array.from({ length: size }, (_, m) => key(m)).filter((m) =>
          oracleCut(edges, alone, m),
        );
        expect([...graph.behind(key(n))].toSorted()).toEqual(expected);
        for (const node of expected) expect(graph.dependents(key(n))).toContain(node);
      }
    }),
  );
});

test('a cycle is found exactly when a node can be reached from itself', () => {
  const edges = fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 10 });
  fc.assert(
    fc.property(edges, (pairs) => {
      const list = pairs.map(([from, to]): Dependency => ({ from: key(from), to: key(to), by: 'network' }));
      const reach = Array.from({ length: 6 }, (_, a) =>
        Array.from({ length: 6 }, (_, b) => pairs.some(([from, to]) => from === a && to === b)),
      );
      for (let k = 0; k < 6; k++)
        for (const row of reach)
          if (row[k]) for (let b = 0; b < 6; b++) row[b] = Boolean(row[b] || reach[k]?.[b]);
      const cycle = findCycle(list);
      expect(cycle !== null).toBe(reach.some((row, n) => row[n]));
      if (cycle === null) return;
      expect(cycle.length).toBeGreaterThan(1);
      expect(cycle[0]).toBe(cycle.at(-1));
      for (const [index, node] of cycle.entries())
        if (index > 0)
          expect(list.some(({ from, to }) => from === cycle[index - 1] && to === node)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('a chain of ten thousand switches needs no deep stack', () => {
  const chain = Array.from(
    { length: 10_000 },
    (_, n): Dependency => ({ from: key(n + 1), to: key(n), by: 'network' }),
  );
  const graph = createDependencyGraph(chain);
  expect(graph.causesOf(key(10_000), (node) => (node === key(0) ? 'dead' : 'unknown'))).toEqual([key(0)]);
  expect(findCycle(chain)).toBeNull();
});
