import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type DatabaseSource,
  databaseSourceSchema,
  databaseTargetSchema,
} from '#shared/contract/backup-sources.ts';
import { probeDatabase, takeDatabase } from '../../../../main/engine/backup/sources/databases.ts';
import { loadDump } from '../../../../main/engine/backup/sources/load.ts';
import { restoreIntoScratch } from '../../../../main/engine/backup/sources/scratch.ts';
import { value } from '../harness.ts';
import { sql, startServer } from './servers.ts';
import { never, sourcesSetting } from './setting.ts';

const ODD_NAME = '订单 `q`/x';

/** Tables with what is hard to keep: NULL, bytes, Chinese, four-byte characters, routines, a view, a trigger. */
const FILL = `
CREATE TABLE plain (id int AUTO_INCREMENT PRIMARY KEY, name text, amount decimal(20,6), raw varbinary(64), at datetime(6));
INSERT INTO plain (name, amount, raw, at)
  SELECT CASE seq % 5 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN CONCAT('中文“引号”', seq) WHEN 3 THEN 'tab\\t nl\\n back\\\\slash \\\\! ''q''' ELSE '🚄' END,
    seq * 1.000001, CONCAT(UNHEX(MD5(seq)), 0x000AFF1A), '2026-11-22 10:00:00.123456' + INTERVAL seq SECOND FROM seq_1_to_5000;
CREATE VIEW seen AS SELECT id, name FROM plain WHERE name IS NOT NULL;
CREATE FUNCTION twice(i int) RETURNS int DETERMINISTIC RETURN i * 2;
CREATE TABLE log (n int);
CREATE TRIGGER after_plain AFTER INSERT ON plain FOR EACH ROW INSERT INTO log VALUES (NEW.id);
`;

const SUMS = `SET SESSION group_concat_max_len = 100000000;
  SELECT COUNT(*), COUNT(name), SUM(amount), MD5(GROUP_CONCAT(id, COALESCE(name, '∅'), HEX(raw), at ORDER BY id SEPARATOR '|')) FROM plain;
  SELECT COUNT(*) FROM seen; SELECT twice(21); INSERT INTO plain (name) VALUES ('x'); SELECT COUNT(*) FROM log;
  SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = DATABASE();`;

type Mariadb = Extract<DatabaseSource, { kind: 'mariadb' }>;
const source = (fields: object): Mariadb =>
  databaseSourceSchema.parse({ kind: 'mariadb', name: 'shop', ...fields }) as Mariadb;

const job = (folder: string) => ({ folder, signal: never, progress: () => undefined });
const quoted = `\`${ODD_NAME.replaceAll('`', '``')}\``;

describe('MariaDB', () => {
  test('what is dumped is loaded into a second server and is the same, whatever its name', async () => {
    const { dir, context } = sourcesSetting();
    const server = await startServer('mariadb', context);
    sql(
      server,
      'mysql',
      `CREATE DATABASE ${quoted} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin; CREATE DATABASE plain_one`,
    );
    sql(server, ODD_NAME, FILL);
    sql(server, 'plain_one', 'CREATE TABLE loose (x int) ENGINE=MyISAM');
    const probe = value(await probeDatabase(source(server), context));
    expect(probe.databases.map(({ name }) => name).sort()).toEqual(['plain_one', ODD_NAME].sort());
    expect(probe.tools[0]?.name).toBe('mariadb-dump');
    expect(probe.tools[0]?.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(probe.notes[0]?.en).toContain('plain_one');

    const folder = join(dir, 'dump');
    const { dump, notes } = value(await takeDatabase(source(server), job(folder), context));
    expect(notes[0]?.zh).toContain('plain_one');
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    const entry = dump.databases.find(({ name }) => name === ODD_NAME);
    if (entry === undefined) throw new Error('the database is not in the dump');
    expect(entry).toMatchObject({ charset: 'utf8mb4', collation: 'utf8mb4_bin' });

    const second = await startServer('mariadb', context);
    const load = { dump, entry, folder, replace: false, signal: never };
    const into = databaseTargetSchema.parse({ ...second, database: '恢复的' });
    expect(value(await loadDump(load, into, context))).toMatchObject({ tables: 2, kept: null });
    expect(sql(second, '恢复的', SUMS)).toBe(sql(server, ODD_NAME, SUMS));

    const refused = await loadDump(load, into, context);
    expect(refused).toMatchObject({ ok: false, error: { code: 'BACKUP_DATABASE_EXISTS' } });
    sql(second, '恢复的', 'CREATE TABLE mine (x int)');
    const replaced = value(await loadDump({ ...load, replace: true }, into, context));
    expect(readFileSync(replaced.kept ?? '', 'utf8')).toContain('CREATE TABLE `mine`');
    expect(sql(second, '恢复的', 'SELECT COUNT(*) FROM plain')).toBe('5000\n');

    // A dump that cannot be loaded leaves what was there.
    writeFileSync(
      join(folder, entry.file),
      'CREATE TABLE half (x int); THIS IS NOT SQL;\n-- Dump completed\n',
    );
    const broken = await loadDump({ ...load, replace: true }, into, context);
    expect(broken).toMatchObject({ ok: false, error: { code: 'BACKUP_DATABASE_LOAD_FAILED' } });
    expect(sql(second, '恢复的', 'SELECT COUNT(*) FROM plain')).toBe('5000\n');
  });

  test('commands of the client in a dump are not obeyed', async () => {
    const { dir, context } = sourcesSetting();
    const server = await startServer('mariadb', context);
    sql(server, 'mysql', 'CREATE DATABASE a');
    const folder = join(dir, 'dump');
    const { dump } = value(await takeDatabase(source({ ...server, databases: ['a'] }), job(folder), context));
    const entry = dump.databases[0];
    if (entry === undefined) throw new Error('the database is not in the dump');
    writeFileSync(
      join(folder, entry.file),
      `\\! touch ${dir}/obeyed\nsystem touch ${dir}/obeyed\n-- Dump completed\n`,
    );
    const into = databaseTargetSchema.parse({ ...server, database: 'b' });
    const load = { dump, entry, folder, replace: false, signal: never };
    expect((await loadDump(load, into, context)).ok).toBe(false);
    expect(readdirSync(dir)).not.toContain('obeyed');
    expect(sql(server, 'mysql', `SHOW DATABASES LIKE 'b'`)).toBe('');
  });

  test('is rehearsed in a scratch server', async () => {
    const { dir, context } = sourcesSetting();
    const server = await startServer('mariadb', context);
    sql(server, 'mysql', 'CREATE DATABASE a; CREATE TABLE a.t (x int)');
    const folder = join(dir, 'dump');
    const { dump } = value(await takeDatabase(source(server), job(folder), context));
    const [one] = await restoreIntoScratch(dump, folder, never, context);
    expect(one).toMatchObject({ source: 'shop', database: 'a', kind: 'mariadb', tables: 1, error: null });
  });

  test('a server that dies during the dump fails the dump, and a password file is used but never shown', async () => {
    const { dir, context } = sourcesSetting();
    const server = await startServer('mariadb', context);
    sql(
      server,
      'mysql',
      'CREATE DATABASE big; CREATE TABLE big.t AS SELECT seq, REPEAT(MD5(seq), 20) AS t FROM seq_1_to_200000',
    );
    sql(
      server,
      'mysql',
      `CREATE USER backup@localhost IDENTIFIED BY 'pä ss#word'; GRANT ALL ON *.* TO backup@localhost`,
    );
    const passwordFile = join(dir, 'my.cnf');
    writeFileSync(passwordFile, `[client]\npassword="pä ss#word"\n`, { mode: 0o600 });
    const login = { ...server, user: 'backup', passwordFile, databases: ['big'] };
    expect((await probeDatabase(source(login), context)).ok).toBe(true);
    expect(await probeDatabase(source({ ...login, passwordFile: null }), context)).toMatchObject({
      ok: false,
      error: { code: 'BACKUP_DATABASE_UNREACHABLE' },
    });
    const folder = join(dir, 'dump');
    const taking = takeDatabase(source(login), job(folder), context);
    const pid = Number(readFileSync(join(server.host, '..', 'pid'), 'utf8'));
    let commandLines = '';
    while (!existsWith(folder, 1_000_000)) {
      commandLines += allCommandLines();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    process.kill(pid, 'SIGKILL');
    const taken = await taking;
    expect(taken).toMatchObject({ ok: false, error: { code: 'BACKUP_DATABASE_DUMP_FAILED' } });
    expect(commandLines).toContain('--defaults-extra-file=');
    expect(commandLines).not.toContain('ss#word');
  });
});

function allCommandLines(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .join('\n');
}

function existsWith(folder: string, bytes: number): boolean {
  try {
    return readdirSync(folder).some((name) => statSync(join(folder, name)).size >= bytes);
  } catch {
    return false;
  }
}
