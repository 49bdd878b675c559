import { expect, test } from 'vitest';
import type { TopologyLink, TopologyNode } from '#shared/contract/inventory.ts';
import {
  keyOf,
  layoutTopology,
  NODE,
  namePieces,
  neighbour,
} from '../../../renderer/pages/hosts/topology/layout.ts';
import { fitView, zoomAbout } from '../../../renderer/pages/hosts/topology/use-pan-zoom.ts';

const node = (id: string, more: Partial<TopologyNode> = {}): TopologyNode => ({
  node: { kind: 'host', id },
  name: id,
  kind: 'other',
  tier: 'business',
  state: 'up',
  since: null,
  hostId: null,
  causes: [],
  behind: 0,
  owner: '',
  ...more,
});

const link = (from: string, to: string, more: Partial<TopologyLink> = {}): TopologyLink => ({
  id: `${from}-${to}`,
  from: { kind: 'host', id: from },
  to: { kind: 'host', id: to },
  protocol: '',
  dependsOn: 'network',
  state: 'alive',
  ms: null,
  ...more,
});

const fleet = Array.from({ length: 300 }, (_, n) => node(`app-${n}`));
const open = new Set(['presentation', 'business', 'data', 'other'] as const);

test('no two nodes lie on one another, and all lie on the sheet', () => {
  const { nodes, width, height } = layoutTopology([...fleet, node('sw-1', { tier: 'other' })], [], open, 2);
  expect(nodes).toHaveLength(301);
  expect(new Set(nodes.map(({ x, y }) => `${x} ${y}`)).size).toBe(301);
  for (const { x, y } of nodes) {
    expect(x + NODE.width).toBeLessThanOrEqual(width);
    expect(y + NODE.height).toBeLessThanOrEqual(height);
  }
  // About as wide as the window, so that all of it can be read at once.
  expect(width / height).toBeGreaterThan(1.5);
  expect(width / height).toBeLessThan(3);
});

test('of many hosts those that are well are folded, and their links with them', () => {
  const nodes = [
    ...fleet.slice(0, 297),
    node('dead', { state: 'down' }),
    node('lost', { state: 'unreachable' }),
    node('router', { behind: 3 }),
    node('sw-1', { tier: 'other', behind: 300 }),
  ];
  const links = nodes.filter(({ tier }) => tier === 'business').map(({ name }) => link(name, 'sw-1'));
  const layout = layoutTopology(nodes, links, new Set(), 2);
  expect(layout.nodes.map(({ node: { name } }) => name)).toEqual(['dead', 'lost', 'router', 'sw-1']);
  expect(layout.folds).toMatchObject([{ tier: 'business', count: 297 }]);
  expect(layout.links.map(({ from, count }) => [from, count])).toEqual([
    ['fold:business', 297],
    ['host:dead', 1],
    ['host:lost', 1],
    ['host:router', 1],
  ]);
  expect(layoutTopology(nodes, links, new Set(['business']), 2).nodes).toHaveLength(301);
});

test('a folded link shows the worst of those that it stands for', () => {
  const nodes = [...fleet, node('db', { tier: 'data' })];
  const links = [link('app-1', 'db'), link('app-2', 'db', { state: 'dead' }), link('app-3', 'db')];
  expect(layoutTopology(nodes, links, new Set(), 2).links).toMatchObject([
    { count: 3, link: { state: 'dead' } },
  ]);
});

test('tiers come in their order, and empty ones are left out', () => {
  const nodes = [node('b', { tier: 'data' }), node('a', { tier: 'presentation' })];
  expect(layoutTopology(nodes, [], open, 2).tiers.map(({ tier }) => tier)).toEqual(['presentation', 'data']);
  expect(layoutTopology([], [], open, 2)).toMatchObject({ nodes: [], width: 148, height: 0 });
});

test('arrow keys reach every node from every other one', () => {
  const { nodes } = layoutTopology([...fleet.slice(0, 40), node('sw', { tier: 'other' })], [], open, 2);
  const start = nodes[0];
  if (!start) throw new Error('no node');
  const seen = new Set([start.key]);
  const queue = [start];
  for (let at = queue.pop(); at; at = queue.pop())
    for (const direction of ['left', 'right', 'up', 'down'] as const) {
      const next = neighbour(nodes, at, direction);
      if (!seen.has(next.key)) {
        seen.add(next.key);
        queue.push(next);
      }
    }
  expect(seen.size).toBe(nodes.length);
  expect(keyOf({ kind: 'component', id: 'x' })).toBe('component:x');
});

test('zooming keeps the point under the pointer, and a whole sheet fits its window', () => {
  const view = { x: 30, y: -20, scale: 0.5 };
  const at = { x: 200, y: 100 };
  const next = zoomAbout(view, 1.3, at);
  expect((at.x - next.x) / next.scale).toBeCloseTo((at.x - view.x) / view.scale);
  expect((at.y - next.y) / next.scale).toBeCloseTo((at.y - view.y) / view.scale);
  expect(zoomAbout(view, 1_000, at).scale).toBe(2.5);
  const fitted = fitView({ width: 3_000, height: 900 }, { width: 1_100, height: 500 });
  expect(fitted.x + 3_000 * fitted.scale).toBeLessThanOrEqual(1_100);
  expect(fitted.y + 900 * fitted.scale).toBeLessThanOrEqual(500);
});

test('a long name keeps its end, by which the hosts of a site differ; whole characters only', () => {
  expect(namePieces('hmtt-app-server-205')).toEqual(['hmtt-app-serv', 'er-205']);
  expect(namePieces('app-1')).toEqual(['app-1', '']);
  expect(namePieces('𠮷'.repeat(13))).toEqual(['𠮷'.repeat(7), '𠮷'.repeat(6)]);
});
