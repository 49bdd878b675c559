import type { Host, HostState, Target } from '#shared/contract/hosts.ts';
import type { Cause, Component, NodeRef, TopologyLink, TopologyNode } from '#shared/contract/inventory.ts';
import { type DependencyGraph, type Life, type NodeKey, nodeKey, nodeOfKey } from './graph.ts';
import type { Lives } from './ports.ts';
import type { Names } from './rules.ts';
import type { Inventory } from './store.ts';

/** What a picture of the site is made of. */
export type TopologyParts = {
  readonly inventory: Inventory;
  readonly graph: DependencyGraph;
  readonly hosts: readonly Host[];
  readonly targets: readonly Target[];
  readonly life: Lives;
  readonly names: Names;
};

/** What the last checks say of a node; a component without a check of its own says nothing by itself. */
export function lifeOfNode(key: NodeKey, inventory: Inventory, life: Lives): Life {
  const { kind, id } = nodeOfKey(key);
  if (kind === 'host') return life.host(id);
  const target = inventory.components.get(id)?.targetId ?? null;
  return target === null ? 'unknown' : life.target(target);
}

/** Names for the roots that cut something off. */
export function namedCauses(keys: readonly NodeKey[], names: Names): Cause[] {
  return keys.map((key) => ({ node: nodeOfKey(key), name: names.get(key) ?? key }));
}

/** Every host and component with its state, and what leads to it. */
export function topologyNodes(parts: TopologyParts): Map<NodeKey, TopologyNode> {
  const { inventory, graph, hosts, names } = parts;
  const nodes = new Map<NodeKey, TopologyNode>();
  for (const host of hosts) {
    const card = inventory.cards.get(host.id);
    const key = nodeKey({ kind: 'host', id: host.id });
    nodes.set(key, {
      node: { kind: 'host', id: host.id },
      name: host.name,
      kind: card?.kind ?? 'other',
      tier: host.tier,
      state: host.state,
      since: host.stateSince,
      hostId: null,
      causes: (host.causes ?? []).map(({ kind, id, name }) => ({ node: { kind, id }, name })),
      behind: graph.behind(key).length,
      owner: card?.owner ?? '',
    });
  }
  const byId = new Map(hosts.map((host) => [host.id, host]));
  for (const component of inventory.components.values()) {
    const key = nodeKey({ kind: 'component', id: component.id });
    const host = component.hostId === null ? undefined : byId.get(component.hostId);
    const causes = graph.causesOf(key, (other) => lifeOfNode(other, inventory, parts.life));
    nodes.set(key, {
      node: { kind: 'component', id: component.id },
      name: component.name,
      kind: component.kind,
      tier: component.tier,
      state: componentState(component, host, causes.length > 0, parts.life),
      since: host?.stateSince ?? null,
      hostId: component.hostId,
      causes: namedCauses(causes, names),
      behind: graph.behind(key).length,
      owner: component.owner,
    });
  }
  return nodes;
}

function componentState(
  component: Component,
  host: Host | undefined,
  cutOff: boolean,
  life: Lives,
): HostState {
  const own = component.targetId === null ? 'unknown' : life.target(component.targetId);
  if (own === 'alive') return 'up';
  if (cutOff) return 'unreachable';
  if (own === 'dead') return 'down';
  return component.targetId === null && host ? host.state : 'not_watched';
}

/** Every link with the state of what it leads to and how long the last check of that took. */
export function topologyLinks(
  parts: TopologyParts,
  nodes: ReadonlyMap<NodeKey, TopologyNode>,
): TopologyLink[] {
  const byHost = new Map<string, Target[]>();
  for (const target of parts.targets)
    byHost.set(target.hostId, [...(byHost.get(target.hostId) ?? []), target]);
  const byId = new Map(parts.targets.map((target) => [target.id, target]));
  const ms = (node: NodeRef): number | null => {
    const component = node.kind === 'component' ? parts.inventory.components.get(node.id) : undefined;
    const own = component?.targetId ? byId.get(component.targetId) : undefined;
    const hostId = node.kind === 'host' ? node.id : component?.hostId;
    const asked = own ? [own] : hostId ? (byHost.get(hostId) ?? []) : [];
    const times = asked.flatMap(({ health, lastDurationMs }) =>
      health === 'up' && lastDurationMs !== null ? [lastDurationMs] : [],
    );
    return times.length === 0 ? null : Math.min(...times);
  };
  const stateOf = (state: HostState | undefined): TopologyLink['state'] => {
    if (state === 'up') return 'alive';
    return state === 'down' || state === 'unreachable' ? 'dead' : 'unknown';
  };
  return [...parts.inventory.links.values()].flatMap(({ id, from, to, protocol, dependsOn }) => {
    const target = nodes.get(nodeKey(to));
    if (!target || !nodes.has(nodeKey(from))) return [];
    return [{ id, from, to, protocol, dependsOn, state: stateOf(target.state), ms: ms(to) }];
  });
}
