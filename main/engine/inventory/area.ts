import { randomUUID } from 'node:crypto';
import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import {
  type Component,
  type HostCard,
  hostCardInputSchema,
  type InventoryLink,
  type NodeRef,
} from '#shared/contract/inventory.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { sqliteError, type WritableDb } from '../storage/sqlite.ts';
import { createDependencyGraph, type DependencyGraph, nodeKey, nodeOfKey } from './graph.ts';
import { createImporter, type PreparedList } from './import/importer.ts';
import type { HostsPlan, InventoryHosts } from './ports.ts';
import { componentId, cycleError, dependenciesOf, linkKey, linkName, namesOf } from './rules.ts';
import { listSite, readSiteMembers, writeSiteFile } from './site-file.ts';
import { type Inventory, openInventoryStore } from './store.ts';
import { lifeOfNode, namedCauses, topologyLinks, topologyNodes } from './topology.ts';

/** What is known of the site besides what is watched, and what stands behind what. */
export type InventoryArea = {
  readonly handlers: AreaHandlers<'inventory'>;
  /** Its part of the site document: hosts, components, links, scrape jobs. */
  readonly document: {
    /** With references in place of secrets. */
    readonly read: () => ReturnType<typeof listSite>;
    /** What members of a document would change; INVENTORY_FILE_INVALID names the field of a wrong shape. */
    readonly plan: (
      file: string,
      members: object,
    ) => Result<PreparedList & { /** Entries here that they do not name. */ readonly left: number }>;
  };
};

/** What the area is given by the composition root. */
export type InventoryDeps<Plan extends HostsPlan> = {
  readonly db: WritableDb;
  readonly hosts: InventoryHosts<Plan>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly broadcast: Broadcast;
  /** The console's version, for the site file. */
  readonly version: string;
};

/** The card of a host that nobody has described. */
function emptyCard(hostId: string): HostCard {
  return { ...hostCardInputSchema.parse({ hostId }), version: 0, changedAt: 0 };
}

/** Makes the area. */
export function createInventoryArea<Plan extends HostsPlan>(deps: InventoryDeps<Plan>): InventoryArea {
  const { db, hosts, clock, logger } = deps;
  const store = openInventoryStore(db);
  let inventory: Inventory = { cards: new Map(), components: new Map(), links: new Map() };
  let graph: DependencyGraph = createDependencyGraph([]);
  let names = namesOf([], []);

  /** Reads everything anew after a change; hosts are judged by what now stands behind what. */
  const refresh = (): void => {
    const { unreadable, ...read } = store.read();
    for (const id of unreadable) logger.log('error', 'an inventory entry cannot be read', { id });
    inventory = read;
    names = namesOf(hosts.list(), inventory.components.values());
    graph = createDependencyGraph(dependenciesOf(inventory.components.values(), inventory.links.values()));
    const named = names;
    const current = graph;
    hosts.setPaths({
      causesOf: (id, life) =>
        namedCauses(
          current.causesOf(nodeKey({ kind: 'host', id }), (key) => lifeOfNode(key, read, life)),
          named,
        ).map(({ node, name }) => ({ ...node, name })),
      waysOf: (id) => hostIds(current.ways(nodeKey({ kind: 'host', id }))),
      dependentsOf: (id) => hostIds(current.dependents(nodeKey({ kind: 'host', id }))),
    });
    deps.broadcast('inventory.changed', {});
  };
  refresh();
  hosts.onMembers(refresh);

  const change = <T>(work: () => T): Result<T> => {
    try {
      const value = db.transaction(work)();
      refresh();
      return ok(value);
    } catch (thrown) {
      return err(thrown instanceof Refused ? thrown.error : sqliteError(db.name, thrown));
    }
  };

  const name = (node: NodeRef): string => names.get(nodeKey(node)) ?? node.id;
  const workstationKey = (): string | null => {
    const own = hosts.list().find(({ thisWorkstation }) => thisWorkstation);
    return own === undefined ? null : nodeKey({ kind: 'host', id: own.id });
  };
  const unknown = (node: NodeRef, field: string): AppError | null =>
    names.has(nodeKey(node)) ? null : appError('INVENTORY_UNKNOWN', { name: node.id }, { field });
  const stale = (known: { readonly version: number } | undefined, version: number, what: string) =>
    (known?.version ?? 0) === version ? null : appError('INVENTORY_CHANGED_MEANWHILE', { name: what });

  const refuseComponent = (component: Component): AppError | null => {
    const key = nodeKey({ kind: 'component', id: component.id });
    for (const [other, taken] of names)
      if (other !== key && taken === component.name)
        return appError('INVENTORY_NAME_TAKEN', { name: taken }, { field: 'name' });
    if (component.hostId !== null) {
      const missing = unknown({ kind: 'host', id: component.hostId }, 'hostId');
      if (missing) return missing;
    }
    if (component.targetId !== null) {
      const target = hosts.targets().find(({ id }) => id === component.targetId);
      if (!target || target.hostId !== component.hostId) {
        const host = component.hostId === null ? '' : name({ kind: 'host', id: component.hostId });
        return appError('INVENTORY_TARGET_ELSEWHERE', { host }, { field: 'targetId' });
      }
    }
    const others = [...inventory.components.values()].filter(({ id }) => id !== component.id);
    return cycleError(dependenciesOf([...others, component], inventory.links.values()), names);
  };

  const refuseLink = (link: InventoryLink): AppError | null => {
    const missing = unknown(link.from, 'from') ?? unknown(link.to, 'to');
    if (missing) return missing;
    if (nodeKey(link.from) === nodeKey(link.to))
      return appError('INVENTORY_LINK_TO_ITSELF', { name: name(link.to) }, { field: 'to' });
    const others = [...inventory.links.values()].filter(({ id }) => id !== link.id);
    if (others.some((other) => linkKey(other) === linkKey(link)))
      return appError(
        'INVENTORY_LINK_TAKEN',
        { from: name(link.from), to: name(link.to) },
        { field: 'protocol' },
      );
    return cycleError(dependenciesOf(inventory.components.values(), [...others, link]), names);
  };

  const parts = () => ({
    inventory,
    graph,
    hosts: hosts.list(),
    targets: hosts.targets(),
    life: hosts.life,
    names,
  });

  const importer = createImporter({
    ...deps,
    store,
    inventory: () => inventory,
    commit: (work) =>
      change(() => {
        const written = work();
        if (!written.ok) throw new Refused(written.error);
      }),
  });

  const handlers: AreaHandlers<'inventory'> = {
    'inventory.get': () =>
      ok({
        cards: [...inventory.cards.values()],
        components: [...inventory.components.values()],
        links: [...inventory.links.values()],
      }),

    'inventory.topology': () => {
      const nodes = topologyNodes(parts());
      return ok({ nodes: [...nodes.values()], links: topologyLinks(parts(), nodes) });
    },

    'inventory.node': ({ node }) => {
      const key = nodeKey(node);
      const nodes = topologyNodes(parts());
      const found = nodes.get(key);
      if (!found) return err(appError('INVENTORY_UNKNOWN', { name: node.id }));
      const behind = graph.behind(key);
      const isBehind = new Set(behind);
      const isHost = node.kind === 'host';
      return ok({
        node: found,
        card: isHost ? (inventory.cards.get(node.id) ?? emptyCard(node.id)) : null,
        component: isHost ? null : (inventory.components.get(node.id) ?? null),
        components: isHost
          ? [...inventory.components.values()].filter(({ hostId }) => hostId === node.id)
          : [],
        links: [...inventory.links.values()].filter(
          ({ from, to }) => nodeKey(from) === key || nodeKey(to) === key,
        ),
        behind: behind.flatMap((other) => nodes.get(other) ?? []),
        affected: graph
          .dependents(key)
          .filter((other) => !isBehind.has(other))
          .flatMap((other) => nodes.get(other) ?? []),
      });
    },

    'inventory.card.put': ({ card, version }) => {
      const before = inventory.cards.get(card.hostId);
      const host = { kind: 'host', id: card.hostId } as const;
      const refused = unknown(host, 'hostId') ?? stale(before, version, name(host));
      if (refused) return err(refused);
      const next: HostCard = { ...card, version: version + 1, changedAt: clock.now() };
      return change(() => {
        store.putCard(next, name(host), before ?? null);
        return next;
      });
    },

    'inventory.component.put': ({ component, version }) => {
      const id = component.id ?? componentId(component.name, inventory.components);
      const before = inventory.components.get(id);
      const next: Component = { ...component, id, version: version + 1, changedAt: clock.now() };
      const refused = stale(before, version, component.name) ?? refuseComponent(next);
      if (refused) return err(refused);
      return change(() => {
        store.putComponent(next, before ?? null);
        return next;
      });
    },

    'inventory.component.remove': ({ id, version }) => {
      const before = inventory.components.get(id);
      if (!before) return err(appError('INVENTORY_UNKNOWN', { name: id }));
      const refused = stale(before, version, before.name);
      if (refused) return err(refused);
      return change(() => {
        store.removeComponent(before, clock.now());
        return {};
      });
    },

    'inventory.link.put': ({ link, version }) => {
      const id = link.id ?? randomUUID();
      const before = inventory.links.get(id);
      const next: InventoryLink = { ...link, id, version: version + 1, changedAt: clock.now() };
      const refused = stale(before, version, linkName(link, names)) ?? refuseLink(next);
      if (refused) return err(refused);
      return change(() => {
        store.putLink(next, linkName(next, names), before ?? null);
        return next;
      });
    },

    'inventory.link.remove': ({ id, version }) => {
      const before = inventory.links.get(id);
      if (!before) return err(appError('INVENTORY_UNKNOWN', { name: id }));
      const refused = stale(before, version, linkName(before, names));
      if (refused) return err(refused);
      return change(() => {
        store.removeLink(before, linkName(before, names), clock.now());
        return {};
      });
    },

    'inventory.history': ({ id, limit }) => ok({ changes: store.history(id, limit) }),

    'inventory.import': importer.importFile,

    'inventory.export': () =>
      ok({
        text: writeSiteFile({ ...parts(), jobs: hosts.jobs.list(), version: deps.version, at: clock.now() }),
      }),
  };

  return {
    handlers,
    document: {
      read: () => listSite({ ...parts(), jobs: hosts.jobs.list() }),
      plan: (file, members) => {
        const listed = readSiteMembers(file, { format: 'hmtt-site', version: 2, ...members });
        if (!listed.ok) return listed;
        const prepared = importer.prepare(listed.value, false);
        const named = new Set([...listed.value.entries.map((entry) => entry.name)]);
        const left = [...names].filter(
          ([key, known]) => key !== workstationKey() && !named.has(known),
        ).length;
        return ok({
          ...prepared,
          left,
          took: async () => {
            refresh();
            await prepared.took();
          },
        });
      },
    },
  };
}

/** Undoes a change that was refused while it was written. */
class Refused extends Error {
  readonly error: AppError;

  constructor(error: AppError) {
    super(error.code);
    this.error = error;
  }
}

function hostIds(keys: readonly ReturnType<typeof nodeKey>[]): string[] {
  return keys.flatMap((key) => {
    const { kind, id } = nodeOfKey(key);
    return kind === 'host' ? [id] : [];
  });
}
