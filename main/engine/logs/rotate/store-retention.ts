import * as z from 'zod';
import { type StreamRetention, streamRetentionSchema } from '#shared/contract/logs-rotation-runs.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import type { StoreRetention } from '../store/retention.ts';

const DEFAULT_DAYS = 180;
const DAYS = 'logs.retention_days';
const LOCK = 'logs.retention_lock_days';

const valueRow = z.object({ value: z.string() });
const dataRow = z.object({ data: z.string() });

/** Reads what console.db says. */
export function readStoreRetention(db: WritableDb): StoreRetention {
  const rows = db.prepare('SELECT data FROM log_stream_retention ORDER BY stream').all();
  return {
    defaultDays: numberOf(db, DAYS) ?? DEFAULT_DAYS,
    lockDays: numberOf(db, LOCK) ?? 0,
    streams: rows.map((row) => streamRetentionSchema.parse(JSON.parse(dataRow.parse(row).data))),
  };
}

function numberOf(db: WritableDb, name: string): number | null {
  const row = db.prepare('SELECT value FROM setting WHERE name = ?').get(name);
  const value = row === undefined ? Number.NaN : Number(valueRow.parse(row).value);
  return Number.isInteger(value) && value >= 0 ? value : null;
}

/** What is to be changed; what is left out stays. */
export type StoreRetentionChange = {
  readonly defaultDays?: number | undefined;
  readonly lockDays?: number | undefined;
  readonly streams?: readonly { readonly stream: string; readonly days: number | null }[] | undefined;
};

/** Changes all of it or nothing. LOG_RETENTION_LOCKED when something would be shorter than the lock. */
export function setStoreRetention(db: WritableDb, change: StoreRetentionChange): Result<object> {
  const now = readStoreRetention(db);
  const lockDays = change.lockDays ?? now.lockDays;
  if (lockDays < now.lockDays)
    return err(appError('LOG_RETENTION_LOCKED', { days: now.lockDays }, { field: 'lockDays' }));
  const wanted = change.defaultDays ?? now.defaultDays;
  // A lock that is raised raises what was shorter; a time that is asked for must satisfy it.
  if (change.defaultDays !== undefined && change.defaultDays < lockDays)
    return err(appError('LOG_RETENTION_LOCKED', { days: lockDays }, { field: 'defaultDays' }));
  const short = change.streams?.findIndex(({ days }) => days !== null && days < lockDays) ?? -1;
  if (short >= 0)
    return err(appError('LOG_RETENTION_LOCKED', { days: lockDays }, { field: `streams.${short}.days` }));
  db.transaction(() => {
    const set = db.prepare('INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)');
    set.run(DAYS, String(Math.max(wanted, lockDays)));
    set.run(LOCK, String(lockDays));
    for (const { stream, days } of change.streams ?? []) {
      const known = now.streams.find((one) => one.stream === stream);
      put(db, { stream, days, hold: known?.hold ?? null });
    }
  })();
  return ok({});
}

function put(db: WritableDb, one: StreamRetention): void {
  db.prepare('INSERT OR REPLACE INTO log_stream_retention (stream, data) VALUES (?, ?)').run(
    one.stream,
    JSON.stringify(one),
  );
}

/** Takes a stream of an import; a legal hold that is here stays, unless the other lasts longer. LOG_RETENTION_LOCKED when it is shorter than the lock. */
export function takeStreamRetention(db: WritableDb, wanted: StreamRetention): Result<object> {
  const { lockDays, streams } = readStoreRetention(db);
  if (wanted.days !== null && wanted.days < lockDays)
    return err(appError('LOG_RETENTION_LOCKED', { days: lockDays }, { field: 'days' }));
  const known = streams.find(({ stream }) => stream === wanted.stream);
  put(db, { ...wanted, hold: longerHold(known?.hold ?? null, wanted.hold) });
  return ok({});
}

/** The hold that lasts longer; of two that last as long the other. */
function longerHold(here: StreamRetention['hold'], other: StreamRetention['hold']): StreamRetention['hold'] {
  if (here === null || other === null) return other ?? here;
  const end = ({ until }: NonNullable<StreamRetention['hold']>): number => until ?? Number.POSITIVE_INFINITY;
  return end(other) >= end(here) ? other : here;
}

/** Sets or lifts the legal hold of a stream. */
export function holdStream(db: WritableDb, stream: string, hold: StreamRetention['hold']): void {
  const known = readStoreRetention(db).streams.find((one) => one.stream === stream);
  put(db, { stream, days: known?.days ?? null, hold });
}
