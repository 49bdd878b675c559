import * as z from 'zod';
import {
  type HostState,
  type ScrapeConfig,
  type StateSpan,
  storedScrapeConfigSchema,
  type Tier,
} from '#shared/contract/hosts.ts';
import type { WritableDb } from '../storage/sqlite.ts';

/** A host as it is kept. */
export type StoredHost = {
  readonly id: string;
  readonly name: string;
  /** Lower case, without port. */
  readonly address: string;
  readonly tier: Tier;
  readonly labels: Readonly<Record<string, string>>;
  readonly thisWorkstation: boolean;
  readonly lastSeenAt: number | null;
  /** The file that it was first seen in; absent for one that no file of `file_sd_configs` brought. */
  readonly file?: string;
};

/** A scraped target as it is kept. */
export type StoredTarget = {
  readonly id: string;
  readonly hostId: string;
  readonly config: ScrapeConfig;
  /** The job that it is made from, and the file that lists it; absent for one that was added by hand. */
  readonly origin?: TargetOrigin;
  /** Since when nothing lists it any more; it is not scraped then. */
  readonly goneAt?: number;
};

/** What a target is made from: a job, and the file that lists it, null when the job does. */
export type TargetOrigin = { readonly job: string; readonly file: string | null };

/** What an import of a prometheus.yml leaves besides targets. */
export type StoredImport = {
  readonly fileName: string;
  readonly at: number;
  readonly evaluationIntervalMs: number;
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly ruleFiles: readonly string[];
};

/** Hosts, targets and state history in console.db. Every change is one transaction. */
export type HostStore = {
  readonly hosts: () => StoredHost[];
  /** Targets, and the ids of rows that could not be read. */
  readonly targets: () => { readonly targets: StoredTarget[]; readonly unreadable: string[] };
  readonly change: (work: (write: HostWrites) => void) => void;
  /** Spans that overlap a time range, oldest first; at most `limit`, the newest. */
  readonly spans: (hostId: string, start: number, end: number, limit: number) => StateSpan[];
  readonly openSpan: (hostId: string) => StateSpan | null;
  /** What the newest import says of rules; null when nothing was imported. */
  readonly lastImport: () => Pick<StoredImport, 'evaluationIntervalMs' | 'externalLabels'> | null;
};

/** What may be written within one transaction. */
export type HostWrites = {
  readonly addHost: (host: StoredHost, at: number) => void;
  /** Name, address, tier and labels of a host that exists. */
  readonly changeHost: (host: StoredHost) => void;
  readonly removeHost: (id: string) => void;
  readonly putTarget: (target: StoredTarget, at: number) => void;
  /** Nothing lists a target any more. */
  readonly goneTarget: (id: string, at: number) => void;
  readonly seen: (id: string, at: number) => void;
  /** Puts `spans` in the place of all spans of a host from `from` on. */
  readonly replaceSpans: (hostId: string, from: number, spans: readonly StateSpan[]) => void;
  readonly putImport: (imported: StoredImport) => void;
};

const labelsSchema = z.record(z.string(), z.string());

type HostRow = {
  id: string;
  name: string;
  address: string;
  tier: Tier;
  labels: string;
  this_workstation: number;
  last_seen_ms: number | null;
  file: string | null;
};
type TargetRow = {
  id: string;
  host_id: string;
  config: string;
  job: string | null;
  file: string | null;
  gone_ms: number | null;
};
type SpanRow = { state: HostState; from_ms: number; to_ms: number | null };

const toSpan = (row: SpanRow): StateSpan => ({ state: row.state, from: row.from_ms, to: row.to_ms });

/** Opens the tables of the area. */
export function openHostStore(db: WritableDb): HostStore {
  const allHosts = db.prepare<[], HostRow>('SELECT * FROM host ORDER BY id');
  const allTargets = db.prepare<[], TargetRow>(
    'SELECT id, host_id, config, job, file, gone_ms FROM scrape_target ORDER BY id',
  );
  const rangeSpans = db.prepare<[string, number, number, number], SpanRow>(`
    SELECT state, from_ms, to_ms FROM host_state
    WHERE host_id = ? AND from_ms <= ? AND (to_ms IS NULL OR to_ms >= ?)
    ORDER BY from_ms DESC, id DESC LIMIT ?`);
  const open = db.prepare<[string], SpanRow>(
    'SELECT state, from_ms, to_ms FROM host_state WHERE host_id = ? AND to_ms IS NULL',
  );
  const insertHost = db.prepare(`
    INSERT INTO host (id, name, address, tier, labels, this_workstation, added_ms, last_seen_ms, file)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const updateHost = db.prepare('UPDATE host SET name = ?, address = ?, tier = ?, labels = ? WHERE id = ?');
  const deleteHost = db.prepare('DELETE FROM host WHERE id = ?');
  const upsertTarget = db.prepare(`
    INSERT INTO scrape_target (id, host_id, config, added_ms, job, file, gone_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET config = excluded.config, job = excluded.job, file = excluded.file,
      gone_ms = excluded.gone_ms`);
  const updateGone = db.prepare('UPDATE scrape_target SET gone_ms = ? WHERE id = ?');
  const updateSeen = db.prepare('UPDATE host SET last_seen_ms = ? WHERE id = ?');
  const deleteSpans = db.prepare('DELETE FROM host_state WHERE host_id = ? AND from_ms >= ?');
  const insertSpan = db.prepare(
    'INSERT INTO host_state (host_id, state, from_ms, to_ms) VALUES (?, ?, ?, ?)',
  );
  const upsertImport = db.prepare(`
    INSERT INTO prometheus_import (file_name, imported_ms, evaluation_interval_ms, external_labels, rule_files)
    VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (file_name) DO UPDATE SET imported_ms = excluded.imported_ms,
      evaluation_interval_ms = excluded.evaluation_interval_ms,
      external_labels = excluded.external_labels, rule_files = excluded.rule_files`);

  const newestImport = db.prepare<[], { evaluation_interval_ms: number; external_labels: string }>(
    'SELECT evaluation_interval_ms, external_labels FROM prometheus_import ORDER BY imported_ms DESC LIMIT 1',
  );
  const writes: HostWrites = {
    addHost: (host, at) => {
      insertHost.run(
        host.id,
        host.name,
        host.address,
        host.tier,
        JSON.stringify(host.labels),
        host.thisWorkstation ? 1 : 0,
        at,
        host.lastSeenAt,
        host.file ?? null,
      );
    },
    changeHost: ({ id, name, address, tier, labels }) => {
      updateHost.run(name, address, tier, JSON.stringify(labels), id);
    },
    removeHost: (id) => {
      deleteHost.run(id);
    },
    putTarget: (target, at) => {
      const { id, hostId, config, origin, goneAt } = target;
      upsertTarget.run(
        ...[id, hostId, JSON.stringify(config), at],
        ...[origin?.job ?? null, origin?.file ?? null, goneAt ?? null],
      );
    },
    goneTarget: (id, at) => {
      updateGone.run(at, id);
    },
    seen: (id, at) => {
      updateSeen.run(at, id);
    },
    replaceSpans: (hostId, from, spans) => {
      deleteSpans.run(hostId, from);
      for (const span of spans) insertSpan.run(hostId, span.state, span.from, span.to);
    },
    putImport: (imported) => {
      upsertImport.run(
        imported.fileName,
        imported.at,
        imported.evaluationIntervalMs,
        JSON.stringify(imported.externalLabels),
        JSON.stringify(imported.ruleFiles),
      );
    },
  };

  return {
    hosts: () =>
      allHosts.all().map((row) => ({
        id: row.id,
        name: row.name,
        address: row.address,
        tier: row.tier,
        labels: labelsSchema.parse(JSON.parse(row.labels)),
        thisWorkstation: row.this_workstation === 1,
        lastSeenAt: row.last_seen_ms,
        ...(row.file === null ? {} : { file: row.file }),
      })),
    targets: () => {
      const targets: StoredTarget[] = [];
      const unreadable: string[] = [];
      for (const row of allTargets.all()) {
        const config = storedScrapeConfigSchema.safeParse(JSON.parse(row.config));
        if (config.success)
          targets.push({
            ...{ id: row.id, hostId: row.host_id, config: config.data },
            ...(row.job === null ? {} : { origin: { job: row.job, file: row.file } }),
            ...(row.gone_ms === null ? {} : { goneAt: row.gone_ms }),
          });
        else unreadable.push(row.id);
      }
      return { targets, unreadable };
    },
    change: (work) => {
      db.transaction(() => work(writes))();
    },
    spans: (hostId, start, end, limit) => rangeSpans.all(hostId, end, start, limit).reverse().map(toSpan),
    lastImport: () => {
      const row = newestImport.get();
      if (row === undefined) return null;
      return {
        evaluationIntervalMs: row.evaluation_interval_ms,
        externalLabels: labelsSchema.parse(JSON.parse(row.external_labels)),
      };
    },
    openSpan: (hostId) => {
      const row = open.get(hostId);
      return row ? toSpan(row) : null;
    },
  };
}
