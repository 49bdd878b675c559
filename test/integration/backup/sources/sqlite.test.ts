import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { databaseSourceSchema } from '#shared/contract/backup-sources.ts';
import { probeDatabase, takeDatabase } from '../../../../main/engine/backup/sources/databases.ts';
import { loadDump } from '../../../../main/engine/backup/sources/load.ts';
import { restoreIntoScratch } from '../../../../main/engine/backup/sources/scratch.ts';
import { temporaryFolder } from '../../../helpers/temp-folder.ts';
import { value } from '../harness.ts';
import { never, sourcesSetting } from './setting.ts';

const source = (file: string) => databaseSourceSchema.parse({ kind: 'sqlite', name: 'desk', file });
const job = (folder: string) => ({ folder, signal: never, progress: () => undefined });

/** A process that writes all the time: each transaction adds two rows that must never be seen apart. */
const WRITER = `
import Database from 'better-sqlite3';
const db = new Database(process.argv[1], { timeout: 10000 });
const add = db.prepare('INSERT INTO pair (n, side, filler) VALUES (?, ?, ?)');
const both = db.transaction((n) => { add.run(n, 'a', 'x'.repeat(500)); add.run(n, 'b', '中文'.repeat(200)); });
for (let n = 0; ; n += 1) { both(n); if (n === 200) console.log('ready'); }
`;

test('a database in WAL mode that is written to all the time is copied as of one moment', async () => {
  const { dir, context } = sourcesSetting();
  const file = join(temporaryFolder('live'), '库.db');
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE pair (n INTEGER, side TEXT, filler TEXT); CREATE TABLE bulk AS SELECT 1 AS x');
  const bulk = db.prepare('INSERT INTO bulk VALUES (?)');
  db.transaction(() => {
    for (let n = 0; n < 40_000; n += 1) bulk.run('y'.repeat(1_000));
  })();
  const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const before = db.prepare('SELECT count(*) FROM pair').pluck().get() as number;
    const folder = join(dir, 'copy');
    const { dump } = value(await takeDatabase(source(file), job(folder), context));
    const after = db.prepare('SELECT count(*) FROM pair').pluck().get() as number;
    // Writers went on meanwhile; the copy is one moment of it.
    expect(after).toBeGreaterThan(before);
    expect(readdirSync(folder).sort()).toEqual(['source.json', '库.db']);
    const copy = new Database(join(folder, '库.db'), { readonly: true });
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
    const odd = copy
      .prepare('SELECT count(*) FROM (SELECT n FROM pair GROUP BY n HAVING count(*) <> 2)')
      .pluck()
      .get();
    expect(odd).toBe(0);
    const rows = copy.prepare('SELECT count(*) FROM pair').pluck().get() as number;
    expect(rows).toBeGreaterThanOrEqual(before);
    expect(rows).toBeLessThanOrEqual(after);
    copy.close();
    expect((await restoreIntoScratch(dump, folder, never, context))[0]).toMatchObject({
      tables: 2,
      error: null,
    });
  } finally {
    child.kill('SIGKILL');
    db.close();
  }
});

test('a copy is placed where nothing is, and puts aside what is there when that was asked for', async () => {
  const { dir, context } = sourcesSetting();
  const file = join(dir, 'app.db');
  const db = new Database(file);
  db.exec(`CREATE TABLE t (x); INSERT INTO t VALUES ('old')`);
  const folder = join(dir, 'copy');
  const { dump } = value(await takeDatabase(source(file), job(folder), context));
  db.exec(`INSERT INTO t VALUES ('newer')`);
  db.close();
  const entry = dump.databases[0];
  if (entry === undefined) throw new Error('no database');
  const load = { dump, entry, folder, replace: false, signal: never };
  const into = { kind: 'sqlite' as const, file };
  expect(await loadDump(load, into, context)).toMatchObject({ error: { code: 'BACKUP_DATABASE_EXISTS' } });
  const placed = value(await loadDump({ ...load, replace: true }, into, context));
  const count = (path: string): unknown => {
    const opened = new Database(path, { readonly: true });
    const found = opened.prepare('SELECT count(*) FROM t').pluck().get();
    opened.close();
    return found;
  };
  expect(count(file)).toBe(1);
  expect(count(placed.kept ?? '')).toBe(2);
  expect(readdirSync(dir).filter((name) => name.includes('part'))).toEqual([]);
});

test('what is damaged, absent or no database is told', async () => {
  const { dir, context } = sourcesSetting();
  const file = join(dir, 'damaged.db');
  const db = new Database(file);
  db.exec('CREATE TABLE t (x TEXT); CREATE INDEX i ON t (x)');
  const add = db.prepare('INSERT INTO t VALUES (?)');
  db.transaction(() => {
    for (let n = 0; n < 5_000; n += 1) add.run(`row ${n}`.repeat(10));
  })();
  db.close();
  const bytes = readFileSync(file);
  bytes.fill(0x55, 60_000, 64_000);
  writeFileSync(file, bytes);
  expect(await takeDatabase(source(file), job(join(dir, 'a')), context)).toMatchObject({
    ok: false,
    error: { code: 'BACKUP_DATABASE_DUMP_UNSOUND' },
  });
  mkdirSync(join(dir, 'folder'));
  writeFileSync(join(dir, 'text'), 'no database at all'.repeat(100));
  for (const name of ['absent.db', 'folder', 'text']) {
    const probe = await probeDatabase(source(join(dir, name)), context);
    expect(probe).toMatchObject({ ok: false, error: { code: 'BACKUP_DATABASE_UNREACHABLE' } });
    const taken = await takeDatabase(source(join(dir, name)), job(join(dir, `copy-${name}`)), context);
    expect(taken).toMatchObject({ ok: false, error: { code: 'BACKUP_DATABASE_UNREACHABLE' } });
  }
});
