import { type NotifyConfig, notifyConfigSchema } from '#shared/contract/notify-config.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import { DEFAULT_CONFIG } from './default-config.ts';
import { compileRouting, type Routing } from './routing.ts';

/** The configuration in console.db, and ready for deciding. */
export type ConfigStore = {
  readonly routing: () => Routing;
  readonly isDefault: () => boolean;
  /** Takes one that was found sound. @returns its revision */
  readonly set: (config: NotifyConfig, now: number) => number;
  readonly reset: (now: number) => number;
  /** Takes over what was written past this store. */
  readonly reread: () => void;
};

/** Older configurations than this many are not kept. */
const KEPT = 20;

/** Opens the table `notify_config`; without a row the default configuration holds. */
export function openConfigStore(db: WritableDb, onUnreadable: (why: string) => void): ConfigStore {
  const newest = db.prepare<[], { revision: number; body: string }>(
    'SELECT revision, body FROM notify_config ORDER BY revision DESC LIMIT 1',
  );
  const add = db.prepare('INSERT INTO notify_config (at_ms, body) VALUES (?, ?)');
  const trim = db.prepare(
    'DELETE FROM notify_config WHERE revision NOT IN (SELECT revision FROM notify_config ORDER BY revision DESC LIMIT ?)',
  );
  const read = (): { readonly routing: Routing; readonly isDefault: boolean } => {
    const row = newest.get();
    const kept = row === undefined ? null : JSON.parse(row.body);
    // A row that says null is a configuration that was taken back.
    if (row === undefined || kept === null)
      return { routing: compileRouting(DEFAULT_CONFIG, row?.revision ?? 0), isDefault: true };
    const parsed = notifyConfigSchema.safeParse(kept);
    if (parsed.success) return { routing: compileRouting(parsed.data, row.revision), isDefault: false };
    onUnreadable(parsed.error.message);
    return { routing: compileRouting(DEFAULT_CONFIG, row.revision), isDefault: false };
  };
  let current = read();
  const write = db.transaction((body: string, now: number) => {
    add.run(now, body);
    trim.run(KEPT);
  });
  const put = (body: string, now: number): number => {
    write(body, now);
    current = read();
    return current.routing.revision;
  };
  return {
    routing: () => current.routing,
    isDefault: () => current.isDefault,
    set: (config, now) => put(JSON.stringify(config), now),
    reset: (now) => put('null', now),
    reread: () => {
      current = read();
    },
  };
}
