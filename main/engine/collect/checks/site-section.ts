import { randomUUID } from 'node:crypto';
import { type CheckWhat, checkSchema } from '#shared/contract/checks.ts';
import { compareText } from '#shared/domain/text-order.ts';
import { appError, err } from '#shared/errors/index.ts';
import { absentPaths, type SiteSection, siteSection, written } from '../../platform/site-section.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import { wrongSettings } from './settings.ts';
import type { CheckStore } from './store.ts';

const documentCheck = checkSchema.omit({ hostId: true }).extend({
  /** The name of its host; null: the workstation that the console runs on. */
  host: checkSchema.shape.name.nullable(),
});

/** Checks of hosts as a part of the site document: by the names of their hosts. @param took hears that they were changed */
export function checksSection(db: WritableDb, store: CheckStore, took: () => void): SiteSection {
  const hosts = (): readonly { readonly id: string; readonly name: string; readonly own: number }[] =>
    db
      .prepare<[], { id: string; name: string; own: number }>(
        'SELECT id, name, this_workstation AS own FROM host',
      )
      .all();
  return siteSection({
    name: 'checks',
    most: 50_000,
    schema: documentCheck,
    key: ({ host, name }) => `${host ?? '*'} · ${name}`,
    read: () => {
      const { checks, unreadable } = store.checks();
      if (unreadable[0] !== undefined) throw new Error(`the check ${unreadable[0]} cannot be read`);
      const names = new Map(hosts().map(({ id, name, own }) => [id, own === 1 ? null : name]));
      return checks
        .map(({ id: _, hostId, ...check }) => ({ ...check, host: names.get(hostId) ?? null }))
        .toSorted((a, b) => compareText(`${a.host ?? ''}\n${a.name}`, `${b.host ?? ''}\n${b.name}`));
    },
    check: ({ host: _, ...check }) => wrongSettings({ ...check, hostId: 'any' }),
    put: ({ host, ...check }) => {
      const owner = db
        .prepare<[number, string | null, string | null], { id: string }>(
          'SELECT id FROM host WHERE this_workstation = ? AND (? IS NULL OR name = ?)',
        )
        .get(host === null ? 1 : 0, host, host);
      if (owner === undefined)
        return err(appError('NOT_FOUND', { what: 'host', id: host ?? '' }, { field: 'host' }));
      const twin = db
        .prepare<[string, string], { id: string }>(
          "SELECT id FROM host_check WHERE host_id = ? AND json_extract(data, '$.name') = ?",
        )
        .get(owner.id, check.name);
      store.put([{ ...check, hostId: owner.id, id: twin?.id ?? randomUUID() }]);
      return written;
    },
    warn: ({ what }) => (what.kind === 'nagios' ? absentPaths([what.file]) : []),
    runs: ({ what }) => (what.kind === 'nagios' ? [[what.file, ...what.args].join(' ')] : []),
    reaches: ({ what }) => ({ sendsTo: secretGoesTo(what), loginFiles: [] }),
    took,
  });
}

/** Where a check sends a secret of the store to: it names it, and any address can be written beside the name. */
function secretGoesTo(what: CheckWhat): readonly string[] {
  switch (what.kind) {
    case 'http':
      return what.password === null && what.bearer === null ? [] : [what.url];
    case 'haproxy':
    case 'nginx':
      return what.password === null ? [] : [what.url];
    case 'postgresql':
    case 'mysql':
    case 'redis':
      return what.password === null ? [] : [`${what.host}:${what.port}`];
    default:
      return [];
  }
}
