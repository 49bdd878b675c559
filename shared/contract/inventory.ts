import * as z from 'zod';
import { done, id, nothing, request, timestamp } from './define.ts';
import { hostStateSchema, labelsSchema, tierSchema } from './hosts.ts';

/** What a host or a component is. `network_device` and `power` are what others stand behind. */
export const componentKindSchema = z.enum([
  'load_balancer',
  'application_server',
  'database_server',
  'network_device',
  'power',
  'other',
]);
export type ComponentKind = z.infer<typeof componentKindSchema>;

/** A host, or a component of the inventory. */
const nodeRefSchema = z.object({ kind: z.enum(['host', 'component']), id });
export type NodeRef = z.infer<typeof nodeRefSchema>;

/**
 * Whether, and how, `from` of a link depends on `to`:
 *
 * - `no`: it only calls it;
 * - `network`: it is reached over it. Of several, one that lives is enough;
 * - `power`: it gets its power from it. Of several, one that lives is enough;
 * - `service`: it does not do its work without it, but can be reached without it.
 *
 * What is cut off from its network or its power is unreachable, not down; `service` says who is affected, nothing more.
 */
export const dependenceSchema = z.enum(['no', 'network', 'power', 'service']);
export type Dependence = z.infer<typeof dependenceSchema>;

const text = (most: number) => z.string().trim().max(most).default('');

/** What people know of a thing, and no check can find out. */
const described = {
  kind: componentKindSchema.default('other'),
  /** Who is responsible: a person or a group. */
  owner: text(200),
  /** How the owner is reached, or the name of an entry in the contacts. */
  contact: text(300),
  /** Id of the entry in the maintenance calendar that covers it, or null. */
  maintenance: id.nullable().default(null),
  /** Its classification label; empty for the site's own. */
  classification: text(40),
  note: text(2_000),
};

/** What is known of a host besides what is watched. Every host has one; one that nobody wrote has `version` 0. */
export const hostCardInputSchema = z.object({ hostId: id, ...described });

/** What the engine adds to each entry. */
const versioned = {
  /** Grows with each change; a change names the version that it was made from. */
  version: z.int().min(0),
  changedAt: timestamp,
};

export const hostCardSchema = hostCardInputSchema.extend(versioned);
export type HostCard = z.infer<typeof hostCardSchema>;

/** A thing that does work: software on a host, or something at an address of its own. */
export const componentInputSchema = z.object({
  /** Absent for a new one. */
  id: id.optional(),
  name: z.string().trim().min(1).max(200),
  tier: tierSchema.exclude(['workstation']).default('other'),
  /** The host that it runs on; it is dead when the host is. */
  hostId: id.nullable().default(null),
  /** Where it is when it runs on no known host: a name or an address, with or without port. */
  address: z.string().trim().max(300).default(''),
  /** The target of that host whose answer says whether it lives; null: as the host. */
  targetId: id.nullable().default(null),
  labels: labelsSchema.default({}),
  ...described,
});

export const componentSchema = componentInputSchema.extend({ id, ...versioned });
export type Component = z.infer<typeof componentSchema>;

/** Who calls, or depends on, whom. */
export const linkInputSchema = z.object({
  /** Absent for a new one. */
  id: id.optional(),
  from: nodeRefSchema,
  to: nodeRefSchema,
  /** E.g. `HTTP`, `JDBC`, `1GbE`; empty when nobody knows. */
  protocol: text(60),
  dependsOn: dependenceSchema.default('no'),
  note: text(2_000),
});

export const linkSchema = linkInputSchema.extend({ id, ...versioned });
export type InventoryLink = z.infer<typeof linkSchema>;

/** A dead thing that others cannot be reached behind. */
const causeSchema = z.object({ node: nodeRefSchema, name: z.string() });
export type Cause = z.infer<typeof causeSchema>;

/** One node of the topology as of now. */
const topologyNodeSchema = z.object({
  node: nodeRefSchema,
  name: z.string(),
  kind: componentKindSchema,
  tier: tierSchema,
  state: hostStateSchema,
  since: timestamp.nullable(),
  /** The host that a component runs on. */
  hostId: id.nullable(),
  /** Why it is unreachable: the dead things on its way, root causes only. */
  causes: z.array(causeSchema),
  /** How many things only it leads to: they are unreachable when it dies. */
  behind: z.int(),
  owner: z.string(),
});
export type TopologyNode = z.infer<typeof topologyNodeSchema>;

/** One link as of now. `ms` is how long the console's last check of `to` took; null when it has none or failed. */
const topologyLinkSchema = z.object({
  id,
  from: nodeRefSchema,
  to: nodeRefSchema,
  protocol: z.string(),
  dependsOn: dependenceSchema,
  /** `dead`: `to` is; `unknown`: nobody watches `to`. */
  state: z.enum(['alive', 'dead', 'unknown']),
  ms: z.number().nullable(),
});
export type TopologyLink = z.infer<typeof topologyLinkSchema>;

/** One change of the inventory. */
export const inventoryChangeSchema = z.object({
  at: timestamp,
  what: z.enum(['card', 'component', 'link']),
  id,
  /** What it was called at the time. */
  name: z.string(),
  action: z.enum(['added', 'changed', 'removed']),
  /** The fields that changed, as they were and as they became; JSON values. */
  fields: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
});
export type InventoryChange = z.infer<typeof inventoryChangeSchema>;

/** Largest file that can be imported, before base64. */
export const MOST_INVENTORY_BYTES = 16 << 20;

/** What one row, or one entry, of an imported file would do. */
const importRowSchema = z.object({
  /** Line in the file, from 1; null for a site file, which is one object. */
  line: z.int().nullable(),
  name: z.string(),
  what: z.enum(['host', 'target', 'card', 'component', 'link', 'job']),
  action: z.enum(['add', 'change', 'same']),
  /** Names of the fields that change. */
  fields: z.array(z.string()),
});
export type ImportRow = z.infer<typeof importRowSchema>;

/** What is wrong with a row, and in which field. */
const importFaultSchema = z.object({
  line: z.int().nullable(),
  /** The column as the file names it; empty when the row as a whole is wrong. */
  field: z.string(),
  message: z.object({ zh: z.string(), en: z.string() }),
});
export type ImportFault = z.infer<typeof importFaultSchema>;

const inventoryImportSchema = z.object({
  format: z.enum(['csv', 'hosts', 'site']),
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'gb18030']),
  rows: z.array(importRowSchema),
  faults: z.array(importFaultSchema),
  /** Columns of a CSV file that mean nothing here. */
  ignoredColumns: z.array(z.string()),
  /** Whether anything was written: no on a dry run, and no when there are faults and `take` is `all`. */
  applied: z.boolean(),
});
export type InventoryImport = z.infer<typeof inventoryImportSchema>;

export const inventoryRequests = {
  /** All of it: cards of hosts, components, links. */
  'inventory.get': request(
    nothing,
    z.object({
      cards: z.array(hostCardSchema),
      components: z.array(componentSchema),
      links: z.array(linkSchema),
    }),
  ),
  /** All of it with states, as a picture needs it. */
  'inventory.topology': request(
    nothing,
    z.object({ nodes: z.array(topologyNodeSchema), links: z.array(topologyLinkSchema) }),
  ),
  /** One node: what it is behind, what is behind it. */
  'inventory.node': request(
    z.object({ node: nodeRefSchema }),
    z.object({
      node: topologyNodeSchema,
      card: hostCardSchema.nullable(),
      component: componentSchema.nullable(),
      /** What runs on it, when it is a host. */
      components: z.array(componentSchema),
      links: z.array(linkSchema),
      /** Unreachable when it dies. */
      behind: z.array(topologyNodeSchema),
      /** Those of what depends on it that have another way, too, or need only its service. */
      affected: z.array(topologyNodeSchema),
    }),
  ),
  /** Writes one entry. `version` is the one that was changed (0 for a new one); another one has come since: CHANGED_MEANWHILE. */
  'inventory.card.put': request(
    z.object({ card: hostCardInputSchema, version: z.int().min(0) }),
    hostCardSchema,
  ),
  'inventory.component.put': request(
    z.object({ component: componentInputSchema, version: z.int().min(0) }),
    componentSchema,
  ),
  'inventory.component.remove': request(z.object({ id, version: z.int().min(0) }), done),
  'inventory.link.put': request(z.object({ link: linkInputSchema, version: z.int().min(0) }), linkSchema),
  'inventory.link.remove': request(z.object({ id, version: z.int().min(0) }), done),
  /** Newest first; of one entry, or of all. */
  'inventory.history': request(
    z.object({ id: id.optional(), limit: z.int().min(1).max(1_000).default(100) }),
    z.object({ changes: z.array(inventoryChangeSchema) }),
  ),
  /** Reads a CSV file, a list like /etc/hosts, or a site file; the format is found out when it is not named. */
  'inventory.import': request(
    z.object({
      fileName: z.string().max(1_000),
      /** Base64, because the encoding of its text is part of what must be found out. */
      bytes: z.base64().max(Math.ceil((MOST_INVENTORY_BYTES * 4) / 3) + 4),
      format: z.enum(['auto', 'csv', 'hosts', 'site']).default('auto'),
      /** `all`: refused whole when one row is wrong. `good`: wrong rows are left out. */
      take: z.enum(['all', 'good']).default('all'),
      dryRun: z.boolean().default(true),
    }),
    inventoryImportSchema,
  ),
  /** The site file: hosts, targets, cards, components, links, without secrets. */
  'inventory.export': request(nothing, z.object({ text: z.string() })),
};

export const inventoryEvents = {
  /** Something of the inventory, or of what stands behind what, has changed. */
  'inventory.changed': z.object({}),
};
