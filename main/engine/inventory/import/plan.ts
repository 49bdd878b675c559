import {
  type Component,
  componentInputSchema,
  type HostCard,
  hostCardInputSchema,
  type ImportFault,
  type ImportRow,
  type InventoryLink,
} from '#shared/contract/inventory.ts';
import type { AppError } from '#shared/errors/index.ts';
import { findCycle, type NodeKey, nodeKey, nodeOfKey } from '../graph.ts';
import type { HostsPlan, ListedHost } from '../ports.ts';
import { componentId, dependenciesOf, linkKey } from '../rules.ts';
import { changedFields, type Inventory } from '../store.ts';
import type { ListedEntry, ListedLink } from './listed.ts';

/** The inventory that a file meets. */
export type World<Plan extends HostsPlan> = {
  readonly inventory: Inventory;
  readonly hosts: readonly { readonly id: string; readonly name: string }[];
  readonly planHosts: (hosts: readonly ListedHost[]) => Plan;
  readonly newId: () => string;
  readonly now: number;
};

/** One entry as it is to be, and as it was. */
export type Change<T> = { readonly next: T; readonly before: T | null };

/** What a file would change. */
export type ListPlan<Plan extends HostsPlan> = {
  readonly rows: readonly ImportRow[];
  /** What is wrong, with the entry that it is wrong in. */
  readonly faults: readonly { readonly entry: ListedEntry; readonly fault: ImportFault }[];
  readonly hosts: Plan;
  readonly cards: readonly Change<HostCard>[];
  readonly components: readonly Change<Component>[];
  readonly links: readonly Change<InventoryLink>[];
};

const clash = {
  twice: (line: number | null) => ({
    zh: line === null ? '名称出现两次' : `名称在第 ${line} 行已出现`,
    en: line === null ? 'the name occurs twice' : `the name occurs already in line ${line}`,
  }),
  component: { zh: '已有同名的组件', en: 'there is a component of this name' },
  host: { zh: '已有同名的主机', en: 'there is a host of this name' },
  unknown: (name: string) => ({
    zh: `没有名为“${name}”的主机或组件`,
    en: `there is no host or component "${name}"`,
  }),
  noHost: (name: string) => ({ zh: `没有名为“${name}”的主机`, en: `there is no host "${name}"` }),
  itself: { zh: '不能连接到自己', en: 'it cannot be linked to itself' },
  cycle: (cycle: string) => ({
    zh: `依赖关系成环：${cycle}`,
    en: `the dependencies go round in a circle: ${cycle}`,
  }),
};

/** Plans what a file lists. Changes nothing; wrong entries are in `faults`, and what they say is not in the plan. */
export function planListed<Plan extends HostsPlan>(
  entries: readonly ListedEntry[],
  world: World<Plan>,
): ListPlan<Plan> {
  const { inventory, now } = world;
  const faults: ListPlan<Plan>['faults'][number][] = [];
  const refuse = (entry: ListedEntry, field: string, message: ImportFault['message']): void => {
    faults.push({ entry, fault: { line: entry.line, field, message } });
  };
  const rows: ImportRow[] = [];
  const tell = (entry: ListedEntry, what: ImportRow['what'], before: unknown, fields: string[]): void => {
    const action = before === null ? 'add' : fields.length > 0 ? 'change' : 'same';
    rows.push({ line: entry.line, name: entry.name, what, action, fields: before === null ? [] : fields });
  };

  const listed = new Map<string, ListedEntry>();
  const componentsByName = new Map([...inventory.components.values()].map((one) => [one.name, one]));
  const hostNames = new Set(world.hosts.map(({ name }) => name));
  for (const entry of entries) {
    if (entry.linksOnly) continue;
    const same = listed.get(entry.name);
    if (same) refuse(entry, entry.name, clash.twice(same.line));
    else if (entry.kind === 'host' && componentsByName.has(entry.name))
      refuse(entry, entry.name, clash.component);
    else if (entry.kind === 'component' && hostNames.has(entry.name)) refuse(entry, entry.name, clash.host);
    else listed.set(entry.name, entry);
  }
  const sound = [...listed.values()];
  const hosts = world.planHosts(sound.filter(({ kind }) => kind === 'host').map(listedHost));
  for (const { name, error } of hosts.refused) {
    const entry = listed.get(name);
    if (entry) refuse(entry, errorField(error), error.message);
  }
  for (const { name, action, fields, targetsAdded, targetsChanged } of hosts.changes) {
    const entry = listed.get(name);
    if (!entry) continue;
    rows.push({ line: entry.line, name, what: 'host', action, fields: [...fields] });
    for (const [count, change] of [
      [targetsAdded, 'add'],
      [targetsChanged, 'change'],
    ] as const)
      for (let n = 0; n < count; n += 1)
        rows.push({ line: entry.line, name, what: 'target', action: change, fields: [] });
  }

  const newHosts = new Set(hosts.changes.filter(({ action }) => action === 'add').map(({ name }) => name));
  const cards: Change<HostCard>[] = [];
  const components: Change<Component>[] = [];
  const taken = new Set(inventory.components.keys());
  for (const entry of sound) {
    if (faults.some((fault) => fault.entry === entry)) continue;
    if (entry.kind === 'host') {
      const hostId = hosts.ids.get(entry.name);
      if (hostId === undefined || Object.keys(entry.described).length === 0) continue;
      const before = inventory.cards.get(hostId) ?? null;
      const base = before ?? { ...hostCardInputSchema.parse({ hostId }), version: 0, changedAt: 0 };
      const next = { ...base, ...entry.described, version: base.version + 1, changedAt: now };
      const fields = changedFields(base, next).map(({ field }) => field);
      if (fields.length === 0) continue;
      // What is known of a host that comes with this file is as new as the host.
      const isNew = newHosts.has(entry.name);
      rows.push({
        line: entry.line,
        name: entry.name,
        what: 'card',
        action: isNew ? 'add' : 'change',
        fields: isNew ? [] : fields,
      });
      cards.push({ next, before });
      continue;
    }
    const before = componentsByName.get(entry.name) ?? null;
    const hostId = entry.onHost ? hosts.ids.get(entry.onHost) : null;
    if (hostId === undefined) {
      refuse(entry, 'host', clash.noHost(entry.onHost ?? ''));
      continue;
    }
    const id = before?.id ?? componentId(entry.name, taken);
    taken.add(id);
    const base = before ?? {
      ...componentInputSchema.parse({ name: entry.name }),
      id,
      version: 0,
      changedAt: 0,
    };
    const next: Component = {
      ...base,
      ...entry.described,
      ...(entry.onHost === undefined ? {} : { hostId }),
      ...(entry.targetId === undefined ? {} : { targetId: entry.targetId }),
      ...(entry.address === undefined ? {} : { address: entry.address }),
      ...(entry.tier === undefined || entry.tier === 'workstation' ? {} : { tier: entry.tier }),
      ...(entry.labels === undefined ? {} : { labels: { ...entry.labels } }),
      version: base.version + 1,
      changedAt: now,
    };
    const fields = changedFields(before, next).map(({ field }) => field);
    tell(entry, 'component', before, fields);
    if (before === null || fields.length > 0) components.push({ next, before });
  }

  const keys = new Map<string, NodeKey>();
  const allComponents = new Map(inventory.components);
  for (const { next } of components) allComponents.set(next.id, next);
  for (const { id, name } of allComponents.values()) keys.set(name, nodeKey({ kind: 'component', id }));
  for (const [name, id] of hosts.ids) keys.set(name, nodeKey({ kind: 'host', id }));
  const wrong = new Set(faults.map(({ entry }) => entry));
  const allLinks = new Map(inventory.links);
  const links = new Map<
    string,
    Change<InventoryLink> & { readonly entry: ListedEntry; readonly field: string }
  >();
  for (const entry of entries) {
    if (wrong.has(entry)) continue;
    const from = keys.get(entry.name);
    if (from === undefined) {
      if (entry.links.length > 0) refuse(entry, 'from', clash.unknown(entry.name));
      continue;
    }
    for (const link of entry.links) {
      const to = keys.get(link.to);
      if (to === undefined) refuse(entry, link.field, clash.unknown(link.to));
      else if (to === from) refuse(entry, link.field, clash.itself);
      else {
        const before = sameLink(allLinks.values(), from, to, link);
        const id = before?.id ?? world.newId();
        const next: InventoryLink = {
          id,
          from: nodeOfKey(from),
          to: nodeOfKey(to),
          protocol: before?.protocol ?? link.protocol,
          dependsOn: link.dependsOn,
          note: link.note ?? before?.note ?? '',
          version: (before?.version ?? 0) + 1,
          changedAt: now,
        };
        const fields = changedFields(before, next).map(({ field }) => field);
        tell({ ...entry, name: `${entry.name} → ${link.to}` }, 'link', before, fields);
        if (before !== null && fields.length === 0) continue;
        allLinks.set(id, next);
        links.set(id, { next, before: inventory.links.get(id) ?? null, entry, field: link.field });
      }
    }
  }

  // Each link of the file that closes a circle is a fault; the links that were there before are sound.
  const names = new Map([...keys].map(([name, key]) => [key, name]));
  for (;;) {
    const cycle = findCycle(dependenciesOf(allComponents.values(), allLinks.values()));
    if (cycle === null) break;
    const steps = new Set(cycle.slice(1).map((key, index) => `${cycle[index]} ${key}`));
    const closing = [...links.values()].findLast(
      ({ next }) => next.dependsOn !== 'no' && steps.has(`${nodeKey(next.from)} ${nodeKey(next.to)}`),
    );
    const text = cycle.map((key) => names.get(key) ?? key).join(' → ');
    if (closing === undefined) {
      const entry = components.length > 0 ? entries.find(({ kind }) => kind === 'component') : entries[0];
      if (entry) refuse(entry, '', clash.cycle(text));
      break;
    }
    refuse(closing.entry, closing.field, clash.cycle(text));
    links.delete(closing.next.id);
    allLinks.delete(closing.next.id);
  }
  return { rows, faults, hosts, cards, components, links: [...links.values()] };
}

function listedHost({ name, address, tier, labels, scrapes }: ListedEntry): ListedHost {
  return {
    name,
    ...(address === undefined ? {} : { address }),
    ...(tier === undefined ? {} : { tier }),
    ...(labels === undefined ? {} : { labels }),
    ...(scrapes === undefined ? {} : { scrapes }),
  };
}

function errorField({ field }: AppError): string {
  return field ?? '';
}

/** The link that a file means: of the same protocol, or, when it names none, the one that depends in the same way. */
function sameLink(
  links: Iterable<InventoryLink>,
  from: NodeKey,
  to: NodeKey,
  listed: ListedLink,
): InventoryLink | null {
  const key = linkKey({ from: nodeOfKey(from), to: nodeOfKey(to), protocol: listed.protocol });
  let alike: InventoryLink | null = null;
  for (const link of links) {
    if (linkKey(link) === key) return link;
    const joins = nodeKey(link.from) === from && nodeKey(link.to) === to;
    if (joins && listed.protocol === '' && link.dependsOn === listed.dependsOn) alike ??= link;
  }
  return alike;
}
