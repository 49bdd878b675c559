import {
  type DataSource,
  dataSourceSchema,
  type RemoteEndpoint,
  type RemoteLimits,
  remoteEndpointSchema,
  remoteLimitsSchema,
} from '#shared/contract/remote.ts';
import { err, ok, type Result } from '#shared/errors/index.ts';
import type { Migration } from '../storage/migrations.ts';
import { scrub } from '../storage/scrub.ts';
import { openWritable, sqliteError } from '../storage/sqlite.ts';
import type { Position } from './batch.ts';

/** How far an endpoint is, and what was counted since it was added. */
export type Progress = {
  /** Everything before it was answered. */
  readonly position: Position;
  /** The end of what was last sent without an answer yet, or null. After a crash it is sent again as it was. */
  readonly underway: Position | null;
  readonly samplesSent: number;
  readonly bytesSent: number;
  readonly requestsFailed: number;
  readonly samplesRefused: number;
  readonly samplesGivenUp: number;
  readonly lastSentAt: number | null;
  readonly lastGivenUpAt: number | null;
};

/** An endpoint as it is kept. */
export type StoredEndpoint = {
  readonly id: string;
  readonly endpoint: RemoteEndpoint;
  readonly progress: Progress;
};

/** What `remote.db` keeps. */
export type RemoteStore = {
  readonly endpoints: () => readonly StoredEndpoint[];
  readonly add: (id: string, endpoint: RemoteEndpoint, position: Position) => Result<StoredEndpoint>;
  /** Puts other settings in the place of an endpoint's. */
  readonly change: (id: string, endpoint: RemoteEndpoint) => void;
  readonly remove: (id: string) => void;
  /** Durable when this returns. */
  readonly save: (id: string, progress: Progress) => Result<void>;
  readonly limits: () => RemoteLimits;
  readonly setLimits: (limits: RemoteLimits) => void;
  readonly source: () => DataSource;
  readonly setSource: (source: DataSource) => void;
  /** Wipes what was replaced off the disk. */
  readonly scrub: () => void;
  readonly close: () => void;
};

const migrations: readonly Migration[] = [
  {
    version: 1,
    up: (db) => {
      db.exec(`
        CREATE TABLE endpoint (
          id TEXT PRIMARY KEY,
          name TEXT NOT NULL UNIQUE,
          config TEXT NOT NULL,
          progress TEXT NOT NULL
        );
        CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
      `);
    },
  },
];

/** Opens `remote.db`; a cursor that was saved survives a power cut. */
export function openRemoteStore(path: string): Result<RemoteStore> {
  const opened = openWritable(path, { migrations, synchronous: 'FULL' });
  if (!opened.ok) return opened;
  const db = opened.value;
  const select = db.prepare<[], { id: string; config: string; progress: string }>(
    'SELECT id, config, progress FROM endpoint ORDER BY rowid',
  );
  const insert = db.prepare('INSERT INTO endpoint (id, name, config, progress) VALUES (?, ?, ?, ?)');
  const update = db.prepare('UPDATE endpoint SET progress = ? WHERE id = ?');
  const change = db.prepare('UPDATE endpoint SET config = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM endpoint WHERE id = ?');
  const get = db.prepare<[string], string>('SELECT value FROM setting WHERE name = ?').pluck();
  const set = db.prepare(
    'INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  const attempt = <T>(work: () => T): Result<T> => {
    try {
      return ok(work());
    } catch (thrown) {
      return err(sqliteError(path, thrown));
    }
  };
  return ok({
    endpoints: () =>
      select.all().map(({ id, config, progress }) => ({
        id,
        endpoint: remoteEndpointSchema.parse(JSON.parse(config)),
        progress: JSON.parse(progress) as Progress,
      })),
    add: (id, endpoint, position) =>
      attempt(() => {
        const progress: Progress = {
          position,
          underway: null,
          samplesSent: 0,
          bytesSent: 0,
          requestsFailed: 0,
          samplesRefused: 0,
          samplesGivenUp: 0,
          lastSentAt: null,
          lastGivenUpAt: null,
        };
        insert.run(id, endpoint.name, JSON.stringify(endpoint), JSON.stringify(progress));
        return { id, endpoint, progress };
      }),
    change: (id, endpoint) => {
      change.run(JSON.stringify(endpoint), id);
    },
    scrub: () => scrub(db, []),
    remove: (id) => {
      remove.run(id);
    },
    save: (id, progress) =>
      attempt(() => {
        update.run(JSON.stringify(progress), id);
      }),
    limits: () => remoteLimitsSchema.parse(JSON.parse(get.get('limits') ?? '{}')),
    setLimits: (limits) => {
      set.run('limits', JSON.stringify(limits));
    },
    source: () => dataSourceSchema.parse(JSON.parse(get.get('source') ?? '{"kind":"local"}')),
    setSource: (source) => {
      set.run('source', JSON.stringify(source));
    },
    close: () => {
      db.close();
    },
  });
}
