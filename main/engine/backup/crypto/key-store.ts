import * as z from 'zod';
import type { WritableDb } from '../../storage/sqlite.ts';

/** A key as console.db has it; the key file is sealed by a passphrase that nobody keeps. */
export type StoredKey = {
  readonly recipient: string;
  readonly name: string | null;
  readonly keyFile: string | null;
  readonly createdAt: number | null;
  readonly testedAt: number | null;
  readonly testedPoint: string | null;
};

const row = z.object({
  recipient: z.string(),
  name: z.string().nullable(),
  key_file: z.string().nullable(),
  created_ms: z.number().nullable(),
  tested_ms: z.number().nullable(),
  tested_point: z.string().nullable(),
});

function toKey(value: unknown): StoredKey {
  const key = row.parse(value);
  return {
    recipient: key.recipient,
    name: key.name,
    keyFile: key.key_file,
    createdAt: key.created_ms,
    testedAt: key.tested_ms,
    testedPoint: key.tested_point,
  };
}

/** The table of keys. */
export class KeyStore {
  readonly #db: WritableDb;

  constructor(db: WritableDb) {
    this.#db = db;
  }

  all(): readonly StoredKey[] {
    return this.#db.prepare('SELECT * FROM backup_key ORDER BY name').all().map(toKey);
  }

  byName(name: string): StoredKey | null {
    const found = this.#db.prepare('SELECT * FROM backup_key WHERE name = ?').get(name);
    return found === undefined ? null : toKey(found);
  }

  byRecipient(recipient: string): StoredKey | null {
    const found = this.#db.prepare('SELECT * FROM backup_key WHERE recipient = ?').get(recipient);
    return found === undefined ? null : toKey(found);
  }

  /** Adds a key, or gives one that is known by its recipient only a name and a key file. */
  put(key: Pick<StoredKey, 'recipient' | 'name' | 'keyFile' | 'createdAt'>): void {
    this.#db
      .prepare(
        `INSERT INTO backup_key (recipient, name, key_file, created_ms) VALUES (?, ?, ?, ?)
         ON CONFLICT (recipient) DO UPDATE SET name = coalesce(excluded.name, name),
           key_file = coalesce(excluded.key_file, key_file), created_ms = coalesce(created_ms, excluded.created_ms)`,
      )
      .run(key.recipient, key.name, key.keyFile, key.createdAt);
  }

  setTested(recipient: string, at: number, pointId: string): void {
    this.#db
      .prepare(
        `INSERT INTO backup_key (recipient, tested_ms, tested_point) VALUES (?, ?, ?)
         ON CONFLICT (recipient) DO UPDATE SET tested_ms = excluded.tested_ms, tested_point = excluded.tested_point`,
      )
      .run(recipient, at, pointId);
  }

  remove(recipient: string): void {
    this.#db.prepare('DELETE FROM backup_key WHERE recipient = ?').run(recipient);
  }
}
