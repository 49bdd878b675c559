import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { consoleMigrations } from '../../../main/engine/storage/console-migrations/index.ts';
import type { Migration } from '../../../main/engine/storage/migrations.ts';
import { openReadable, openWritable } from '../../../main/engine/storage/sqlite.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const first: Migration = { version: 1, up: (db) => db.exec('CREATE TABLE a (x INTEGER)') };
const second: Migration = { version: 2, up: (db) => db.exec('CREATE TABLE b (y INTEGER)') };

function open(path: string, migrations: readonly Migration[]) {
  return openWritable(path, { migrations, synchronous: 'FULL' });
}

test('migrations run in order, once, and a copy is kept before they touch data', () => {
  const path = join(temporaryFolder(), 'x.db');
  const old = open(path, [first]);
  if (!old.ok) throw new Error(old.error.code);
  old.value.prepare('INSERT INTO a VALUES (7)').run();
  old.value.close();
  expect(existsSync(`${path}.before-v1`)).toBe(false);

  const migrated = open(path, [first, second]);
  if (!migrated.ok) throw new Error(migrated.error.code);
  expect(migrated.value.prepare('SELECT x FROM a').pluck().get()).toBe(7);
  expect(migrated.value.prepare('SELECT count(*) FROM b').pluck().get()).toBe(0);
  migrated.value.close();

  const copy = openReadable(`${path}.before-v2`);
  if (!copy.ok) throw new Error(copy.error.code);
  expect(copy.value.prepare('SELECT x FROM a').pluck().get()).toBe(7);
  copy.value.close();
});

test('a migration that fails leaves the file at the step before', () => {
  const path = join(temporaryFolder(), 'x.db');
  const broken: Migration = {
    version: 2,
    up: (db) => {
      db.exec('CREATE TABLE b (y INTEGER)');
      throw new Error('half way');
    },
  };
  const before = open(path, [first]);
  if (before.ok) before.value.close();
  expect(() => open(path, [first, broken])).toThrow('half way');
  const after = open(path, [first]);
  if (!after.ok) throw new Error(after.error.code);
  expect(after.value.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'b'").pluck().get()).toBe(0);
  after.value.close();
});

test('a file from the future is refused untouched', () => {
  const path = join(temporaryFolder(), 'x.db');
  const future = open(path, [first, second]);
  if (future.ok) future.value.close();
  const bytes = readFileSync(path);
  const refused = open(path, [first]);
  expect(refused.ok ? '' : refused.error.code).toBe('SCHEMA_FROM_FUTURE');
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

test('a file that is no database is refused and left as it is', () => {
  const path = join(temporaryFolder(), 'x.db');
  writeFileSync(path, 'this is not a database, but it is long enough to have a header of its own to be read');
  const refused = open(path, [first]);
  expect(refused.ok ? '' : refused.error.code).toBe('DATABASE_DAMAGED');
  expect(readFileSync(path, 'utf8')).toContain('not a database');
});

test('the schema of console.db builds from nothing', () => {
  const opened = open(join(temporaryFolder(), 'console.db'), consoleMigrations);
  if (!opened.ok) throw new Error(opened.error.code);
  expect(opened.value.pragma('user_version', { simple: true })).toBe(consoleMigrations.length);
  opened.value.close();
});
