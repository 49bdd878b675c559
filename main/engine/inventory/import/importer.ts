import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { Handler } from '#shared/contract/index.ts';
import type { ImportFault, ImportRow, InventoryImport } from '#shared/contract/inventory.ts';
import type { ScrapeJob } from '#shared/contract/scrape-jobs.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { HostsPlan, InventoryHosts } from '../ports.ts';
import { linkName, namesOf } from '../rules.ts';
import { readSiteFile } from '../site-file.ts';
import type { Inventory, InventoryStore } from '../store.ts';
import { decodeText } from './decode.ts';
import type { Listed } from './listed.ts';
import { type ListPlan, planListed } from './plan.ts';
import { looksLikeHostsList, readHostsList } from './read-hosts-list.ts';

/** What an import works on. */
export type ImporterDeps<Plan extends HostsPlan> = {
  readonly hosts: InventoryHosts<Plan>;
  readonly store: InventoryStore;
  readonly inventory: () => Inventory;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Runs a change as one transaction, undone when it is refused, and takes over what it wrote. */
  readonly commit: (work: () => Result<void>) => Result<void>;
};

type Format = InventoryImport['format'];

function formatOf(fileName: string, text: string): Format {
  if (text.trimStart().startsWith('{')) return 'site';
  if (/\.(csv|tsv)$/i.test(fileName)) return 'csv';
  return looksLikeHostsList(text) ? 'hosts' : 'csv';
}

/** What a list would change, ready to be written. */
export type PreparedList = {
  readonly rows: readonly ImportRow[];
  readonly faults: readonly ImportFault[];
  /** Writes it, within a transaction of the caller; throws what SQLite throws. SECRETS_LOCKED */
  readonly write: () => Result<void>;
  /** Puts what was written to work, once the transaction has ended. */
  readonly took: () => Promise<void>;
};

/** The way of lists into the inventory. */
export type Importer = {
  readonly importFile: Handler<'inventory.import'>;
  /** @param good whether wrong entries are left out instead of being faults of the whole */
  readonly prepare: (listed: Listed, good: boolean) => PreparedList;
};

/** Makes it: reads, plans, and writes all of a file or, when asked to, what is sound. */
export function createImporter<Plan extends HostsPlan>(deps: ImporterDeps<Plan>): Importer {
  const { hosts, store, clock } = deps;

  const read = async (file: string, text: string, format: Format): Promise<Result<Listed>> => {
    if (format === 'site') return readSiteFile(file, text);
    if (format === 'hosts') return ok(readHostsList(text));
    // Loaded with the first CSV file.
    const { readCsv } = await import('./read-csv.ts');
    const known = new Map(hosts.list().map(({ name, address }) => [name, address]));
    const components = new Set([...deps.inventory().components.values()].map(({ name }) => name));
    return readCsv(file, text, {
      addressOf: (name) => known.get(name),
      isComponent: (name) => components.has(name),
    });
  };

  const plan = (listed: Listed, good: boolean): { plan: ListPlan<Plan>; faults: ImportFault[] } => {
    const world = {
      inventory: deps.inventory(),
      hosts: hosts.list(),
      planHosts: hosts.entries.plan,
      newId: randomUUID,
      now: clock.now(),
    };
    const faults = [...listed.faults];
    let { entries } = listed;
    for (;;) {
      const next = planListed(entries, world);
      faults.push(...next.faults.map(({ fault }) => fault));
      if (!good || next.faults.length === 0) return { plan: next, faults };
      // What leaned on a row that is left out is wrong now, too.
      const wrong = new Set(next.faults.map(({ entry }) => entry));
      entries = entries.filter((entry) => !wrong.has(entry));
    }
  };

  const write = (made: ListPlan<Plan>): void => {
    hosts.entries.write(made.hosts);
    const ids = [...made.hosts.ids].map(([name, id]) => ({ name, id }));
    const names = namesOf(ids, [
      ...deps.inventory().components.values(),
      ...made.components.map(({ next }) => next),
    ]);
    for (const { next, before } of made.cards)
      store.putCard(next, names.get(`host:${next.hostId}`) ?? next.hostId, before);
    for (const { next, before } of made.components) store.putComponent(next, before);
    for (const { next, before } of made.links) store.putLink(next, linkName(next, names), before);
  };

  const prepare = (listed: Listed, good: boolean): PreparedList => {
    const { plan: made, faults } = plan(listed, good);
    const jobs = listed.jobs ?? [];
    let took: () => Promise<void> = async () => undefined;
    return {
      rows: [...made.rows, ...jobRows(jobs, hosts.jobs.list())],
      faults: faults.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)),
      write: () => {
        const sealed = hosts.entries.seal(made.hosts);
        if (!sealed.ok) return sealed;
        const sealedJobs = hosts.jobs.seal(jobs);
        if (!sealedJobs.ok) return sealedJobs;
        write({ ...made, hosts: sealed.value });
        hosts.jobs.write(sealedJobs.value);
        took = async () => {
          hosts.entries.took(sealed.value);
          if (sealedJobs.value.length > 0) await hosts.jobs.took();
        };
        return ok(undefined);
      },
      took: () => took(),
    };
  };

  const importFile: Handler<'inventory.import'> = async ({
    fileName,
    bytes,
    format: wanted,
    take,
    dryRun,
  }) => {
    const file = basename(fileName.replaceAll('\\', '/'));
    const decoded = decodeText(file, Buffer.from(bytes, 'base64'));
    if (!decoded.ok) return decoded;
    const { text, encoding } = decoded.value;
    const format = wanted === 'auto' ? formatOf(file, text) : wanted;
    const listed = await read(file, text, format);
    if (!listed.ok) return listed;
    const { rows, faults, ...prepared } = prepare(listed.value, take === 'good');
    const applied = !dryRun && (faults.length === 0 || take === 'good');
    if (applied) {
      const written = deps.commit(prepared.write);
      if (!written.ok) return written;
      await prepared.took();
      deps.logger.log('info', 'imported into the inventory', { format, rows: rows.length });
    }
    return ok({
      format,
      encoding,
      rows: [...rows],
      faults: [...faults],
      ignoredColumns: [...listed.value.ignoredColumns],
      applied,
    });
  };
  return { importFile, prepare };
}

/** What a site file says of jobs that are there, or are not; secrets are not compared, because a file has none. */
function jobRows(listed: readonly ScrapeJob[], known: readonly ScrapeJob[]): ImportRow[] {
  const before = new Map(known.map((job) => [job.settings.job, job]));
  return listed.map((job) => {
    const name = job.settings.job;
    const old = before.get(name);
    const fields = (['relabel', 'listed', 'discovery'] as const).filter(
      (field) => JSON.stringify(old?.[field]) !== JSON.stringify(job[field]),
    );
    const action = old === undefined ? 'add' : fields.length > 0 ? 'change' : 'same';
    return { line: null, name, what: 'job', action, fields: old === undefined ? [] : fields };
  });
}
