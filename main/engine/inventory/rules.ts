import type { Component, InventoryLink, NodeRef } from '#shared/contract/inventory.ts';
import { type AppError, appError } from '#shared/errors/index.ts';
import { type Dependency, findCycle, type NodeKey, nodeKey } from './graph.ts';

/** The names of everything that a link can join. */
export type Names = ReadonlyMap<NodeKey, string>;

/** Names of hosts and components by their keys. */
export function namesOf(
  hosts: Iterable<{ readonly id: string; readonly name: string }>,
  components: Iterable<Pick<Component, 'id' | 'name'>>,
): Map<NodeKey, string> {
  const names = new Map<NodeKey, string>();
  for (const { id, name } of hosts) names.set(nodeKey({ kind: 'host', id }), name);
  for (const { id, name } of components) names.set(nodeKey({ kind: 'component', id }), name);
  return names;
}

/** Everything that depends on something: links that say so, and components on their hosts. */
export function dependenciesOf(
  components: Iterable<Pick<Component, 'id' | 'hostId'>>,
  links: Iterable<Pick<InventoryLink, 'from' | 'to' | 'dependsOn'>>,
): Dependency[] {
  const all: Dependency[] = [];
  for (const { id, hostId } of components)
    if (hostId !== null)
      all.push({
        from: nodeKey({ kind: 'component', id }),
        to: nodeKey({ kind: 'host', id: hostId }),
        by: 'host',
      });
  for (const { from, to, dependsOn } of links)
    if (dependsOn !== 'no') all.push({ from: nodeKey(from), to: nodeKey(to), by: dependsOn });
  return all;
}

/** The error of dependencies that go round in a circle, with the names on it, or null. */
export function cycleError(dependencies: readonly Dependency[], names: Names): AppError | null {
  const cycle = findCycle(dependencies);
  if (cycle === null) return null;
  return appError(
    'INVENTORY_CYCLE',
    { cycle: cycle.map((key) => names.get(key) ?? key).join(' → ') },
    { field: 'to' },
  );
}

/** What a link is called in the history. */
export function linkName(link: { readonly from: NodeRef; readonly to: NodeRef }, names: Names): string {
  const name = (node: NodeRef): string => names.get(nodeKey(node)) ?? node.id;
  return `${name(link.from)} → ${name(link.to)}`;
}

/** Two links are the same when they join the same things by the same protocol. */
export function linkKey(link: Pick<InventoryLink, 'from' | 'to' | 'protocol'>): string {
  return JSON.stringify([nodeKey(link.from), nodeKey(link.to), link.protocol.toLowerCase()]);
}

/** An id that reads well in an address, different from all that are taken. */
export function componentId(name: string, taken: { readonly has: (id: string) => boolean }): string {
  const plain = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 100);
  const base = plain === '' ? 'component' : plain;
  if (!taken.has(base)) return base;
  for (let n = 2; ; n += 1) if (!taken.has(`${base}-${n}`)) return `${base}-${n}`;
}
