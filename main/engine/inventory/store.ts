import {
  type Component,
  componentSchema,
  type HostCard,
  hostCardSchema,
  type InventoryChange,
  type InventoryLink,
  inventoryChangeSchema,
  linkSchema,
} from '#shared/contract/inventory.ts';
import type { WritableDb } from '../storage/sqlite.ts';

/** The whole inventory as it is kept. */
export type Inventory = {
  readonly cards: ReadonlyMap<string, HostCard>;
  readonly components: ReadonlyMap<string, Component>;
  readonly links: ReadonlyMap<string, InventoryLink>;
};

/** The inventory in console.db. What is written is also recorded; call within one transaction. */
export type InventoryStore = {
  /** Everything, and the ids of rows that could not be read. */
  readonly read: () => Inventory & { readonly unreadable: readonly string[] };
  readonly putCard: (card: HostCard, name: string, before: HostCard | null) => void;
  readonly putComponent: (component: Component, before: Component | null) => void;
  readonly removeComponent: (component: Component, at: number) => void;
  readonly putLink: (link: InventoryLink, name: string, before: InventoryLink | null) => void;
  readonly removeLink: (link: InventoryLink, name: string, at: number) => void;
  readonly history: (id: string | undefined, limit: number) => InventoryChange[];
};

type DataRow = { readonly data: string; readonly version: number; readonly changed_ms: number };
type CardRow = DataRow & { readonly host_id: string };
type ComponentRow = DataRow & { readonly id: string; readonly name: string; readonly host_id: string | null };
type LinkRow = DataRow & {
  readonly id: string;
  readonly from_kind: string;
  readonly from_id: string;
  readonly to_kind: string;
  readonly to_id: string;
};
type ChangeRow = {
  readonly at_ms: number;
  readonly what: string;
  readonly entry_id: string;
  readonly name: string;
  readonly action: string;
  readonly fields: string;
};

/** Changes kept of each entry; older ones go when a new one comes. */
const MOST_CHANGES = 1_000;

/** What differs between two entries, field by field; version and time of change do not count. */
export function changedFields(
  before: Readonly<Record<string, unknown>> | null,
  after: Readonly<Record<string, unknown>> | null,
): InventoryChange['fields'] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  for (const own of ['version', 'changedAt', 'id']) names.delete(own);
  return [...names].flatMap((field) => {
    const was = before?.[field] ?? null;
    const is = after?.[field] ?? null;
    return JSON.stringify(was) === JSON.stringify(is) ? [] : [{ field, before: was, after: is }];
  });
}

/** Opens the tables of the area. */
export function openInventoryStore(db: WritableDb): InventoryStore {
  const cards = db.prepare<[], CardRow>('SELECT * FROM inventory_card');
  const components = db.prepare<[], ComponentRow>('SELECT * FROM inventory_component ORDER BY name');
  const links = db.prepare<[], LinkRow>('SELECT * FROM inventory_link ORDER BY from_id, to_id, id');
  const upsertCard = db.prepare(`
    INSERT INTO inventory_card (host_id, data, version, changed_ms) VALUES (?, ?, ?, ?)
    ON CONFLICT (host_id) DO UPDATE SET data = excluded.data, version = excluded.version, changed_ms = excluded.changed_ms`);
  const upsertComponent = db.prepare(`
    INSERT INTO inventory_component (id, name, host_id, data, version, changed_ms) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, host_id = excluded.host_id, data = excluded.data,
      version = excluded.version, changed_ms = excluded.changed_ms`);
  const deleteComponent = db.prepare('DELETE FROM inventory_component WHERE id = ?');
  const upsertLink = db.prepare(`
    INSERT INTO inventory_link (id, from_kind, from_id, to_kind, to_id, data, version, changed_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET from_kind = excluded.from_kind, from_id = excluded.from_id,
      to_kind = excluded.to_kind, to_id = excluded.to_id, data = excluded.data,
      version = excluded.version, changed_ms = excluded.changed_ms`);
  const deleteLink = db.prepare('DELETE FROM inventory_link WHERE id = ?');
  const insertChange = db.prepare(
    'INSERT INTO inventory_change (at_ms, what, entry_id, name, action, fields) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const pruneChanges = db.prepare(`
    DELETE FROM inventory_change WHERE entry_id = @id AND seq <= (
      SELECT seq FROM inventory_change WHERE entry_id = @id ORDER BY seq DESC LIMIT 1 OFFSET ${MOST_CHANGES})`);
  const changesOf = db.prepare<[string, number], ChangeRow>(
    'SELECT * FROM inventory_change WHERE entry_id = ? ORDER BY seq DESC LIMIT ?',
  );
  const allChanges = db.prepare<[number], ChangeRow>(
    'SELECT * FROM inventory_change ORDER BY seq DESC LIMIT ?',
  );

  const record = (
    what: InventoryChange['what'],
    id: string,
    name: string,
    at: number,
    before: Readonly<Record<string, unknown>> | null,
    after: Readonly<Record<string, unknown>> | null,
  ): void => {
    const action = before === null ? 'added' : after === null ? 'removed' : 'changed';
    insertChange.run(at, what, id, name, action, JSON.stringify(changedFields(before, after)));
    pruneChanges.run({ id });
  };

  return {
    read: () => {
      const unreadable: string[] = [];
      const read = <Row extends DataRow, Entry>(
        rows: readonly Row[],
        idOf: (row: Row) => string,
        more: (row: Row) => object,
        schema: { safeParse: (value: unknown) => { success: true; data: Entry } | { success: false } },
      ): Map<string, Entry> => {
        const entries = new Map<string, Entry>();
        for (const row of rows) {
          const data: unknown = JSON.parse(row.data);
          const parsed = schema.safeParse({
            ...(typeof data === 'object' ? data : {}),
            ...more(row),
            version: row.version,
            changedAt: row.changed_ms,
          });
          if (parsed.success) entries.set(idOf(row), parsed.data);
          else unreadable.push(idOf(row));
        }
        return entries;
      };
      return {
        cards: read(
          cards.all(),
          (row) => row.host_id,
          (row) => ({ hostId: row.host_id }),
          hostCardSchema,
        ),
        components: read(
          components.all(),
          (row) => row.id,
          (row) => ({ id: row.id, name: row.name, hostId: row.host_id }),
          componentSchema,
        ),
        links: read(
          links.all(),
          (row) => row.id,
          (row) => ({
            id: row.id,
            from: { kind: row.from_kind, id: row.from_id },
            to: { kind: row.to_kind, id: row.to_id },
          }),
          linkSchema,
        ),
        unreadable,
      };
    },
    putCard: (card, name, before) => {
      const { hostId, version, changedAt, ...data } = card;
      upsertCard.run(hostId, JSON.stringify(data), version, changedAt);
      record('card', hostId, name, changedAt, before, card);
    },
    putComponent: (component, before) => {
      const { id, name, hostId, version, changedAt, ...data } = component;
      upsertComponent.run(id, name, hostId, JSON.stringify(data), version, changedAt);
      record('component', id, name, changedAt, before, component);
    },
    removeComponent: (component, at) => {
      deleteComponent.run(component.id);
      record('component', component.id, component.name, at, component, null);
    },
    putLink: (link, name, before) => {
      const { id, from, to, version, changedAt, ...data } = link;
      upsertLink.run(id, from.kind, from.id, to.kind, to.id, JSON.stringify(data), version, changedAt);
      record('link', id, name, changedAt, before, link);
    },
    removeLink: (link, name, at) => {
      deleteLink.run(link.id);
      record('link', link.id, name, at, link, null);
    },
    history: (id, limit) =>
      (id === undefined ? allChanges.all(limit) : changesOf.all(id, limit)).map((row) =>
        inventoryChangeSchema.parse({
          at: row.at_ms,
          what: row.what,
          id: row.entry_id,
          name: row.name,
          action: row.action,
          fields: JSON.parse(row.fields),
        }),
      ),
  };
}
