import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type DatabaseSource,
  databaseSourceSchema,
  databaseTargetSchema,
} from '#shared/contract/backup-sources.ts';
import { probeDatabase, takeDatabase } from '../../../../main/engine/backup/sources/databases.ts';
import { loadDump } from '../../../../main/engine/backup/sources/load.ts';
import { restoreIntoScratch } from '../../../../main/engine/backup/sources/scratch.ts';
import { debian, value } from '../harness.ts';
import { sql, startServer } from './servers.ts';
import { never, sourcesSetting } from './setting.ts';

const ODD_NAME = `订单 "quo'te"=\\x`;

/** Tables with what is hard to keep: NULL, bytes, Chinese, arrays, generated ids, large objects, a role of its own. */
const FILL = `
CREATE ROLE app_owner LOGIN;
CREATE TABLE plain (id serial PRIMARY KEY, name text, amount numeric(20,6), raw bytea, at timestamptz, tags text[], doc jsonb);
INSERT INTO plain (name, amount, raw, at, tags, doc)
  SELECT CASE n % 5 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN '中文“引号”' || n WHEN 3 THEN E'tab\\t nl\\n back\\\\slash' ELSE '🚄' END,
    n * 1.000001, decode(md5(n::text), 'hex') || '\\x0000ff'::bytea, timestamptz '2026-11-22 10:00+08' + n * interval '1 second',
    ARRAY['a', NULL, n::text], jsonb_build_object('n', n, '键', '值')
  FROM generate_series(1, 5000) n;
CREATE VIEW seen AS SELECT id, name FROM plain WHERE name IS NOT NULL;
CREATE FUNCTION twice(i int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 2';
ALTER TABLE plain OWNER TO app_owner;
SELECT lo_from_bytea(4711, decode(repeat('00ff42', 200000), 'hex'));
`;

const SUMS = `SELECT count(*), count(name), sum(amount), md5(string_agg(id || coalesce(name, '∅') || encode(raw, 'hex')
    || extract(epoch from at) || tags::text || doc::text, '|' ORDER BY id)) FROM plain;
  SELECT md5(lo_get(4711)); SELECT count(*) FROM seen; SELECT twice(21);
  SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'plain'; SELECT nextval('plain_id_seq') > 5000;`;

type Postgres = Extract<DatabaseSource, { kind: 'postgresql' }>;
const source = (fields: object): Postgres =>
  databaseSourceSchema.parse({ kind: 'postgresql', name: 'erp', ...fields }) as Postgres;

const job = (folder: string) => ({ folder, signal: never, progress: () => undefined });

describe('PostgreSQL', () => {
  test('what is dumped is loaded into a second server and is the same, whatever its name', async () => {
    const { dir, context } = sourcesSetting();
    const server = await startServer('postgresql', context);
    sql(server, 'postgres', `CREATE DATABASE "${ODD_NAME.replaceAll('"', '""')}"; CREATE DATABASE empty;`);
    sql(server, ODD_NAME, FILL);
    const probe = value(await probeDatabase(source(server), context));
    expect(probe.databases.map(({ name }) => name)).toEqual(['empty', 'postgres', ODD_NAME]);
    expect(probe.tools.map(({ name }) => name)).toEqual(['pg_dump', 'pg_restore']);
    expect(probe.databases.at(-1)?.bytes).toBeGreaterThan(1_000_000);

    const folder = join(dir, 'dump');
    const { dump } = value(await takeDatabase(source(server), job(folder), context));
    expect(dump.databases.map(({ name }) => name)).toEqual(probe.databases.map(({ name }) => name));
    expect(readdirSync(folder).sort()).toEqual(
      [...dump.databases.map(({ file }) => file), 'globals.sql', 'source.json'].sort(),
    );
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(folder, 'globals.sql'), 'utf8')).toContain('app_owner');

    const second = await startServer('postgresql', context);
    const entry = dump.databases.find(({ name }) => name === ODD_NAME);
    if (entry === undefined) throw new Error('the database is not in the dump');
    const load = { dump, entry, folder, replace: false, signal: never };
    const into = databaseTargetSchema.parse({ ...second, database: 'restored' });
    // Without its roles the load says so, and the data are there.
    const bare = value(await loadDump(load, into, context));
    expect(bare.notes[0]?.en).toContain('globals.sql');
    expect(bare.tables).toBe(1);
    sql(second, 'postgres', 'CREATE ROLE app_owner; DROP DATABASE restored');
    expect(value(await loadDump(load, into, context)).notes).toEqual([]);
    expect(sql(second, 'restored', SUMS)).toBe(sql(server, ODD_NAME, SUMS));

    // One that is there is refused, and left as it is.
    sql(second, 'restored', 'CREATE TABLE mine (x int)');
    const refused = await loadDump(load, into, context);
    expect(refused).toMatchObject({ ok: false, error: { code: 'BACKUP_DATABASE_EXISTS' } });
    expect(sql(second, 'restored', 'SELECT count(*) FROM mine')).toBe('0\n');
    // Replaced when asked: the old one is put aside under another name.
    const replaced = value(await loadDump({ ...load, replace: true }, into, context));
    expect(replaced.kept).toMatch(/^restored_before_\d{8}T\d{9}Z$/);
    expect(sql(second, replaced.kept ?? '', 'SELECT count(*) FROM mine')).toBe('0\n');
    expect(sql(second, 'restored', 'SELECT count(*) FROM plain')).toBe('5000\n');
    const left = sql(second, 'postgres', `SELECT datname FROM pg_database WHERE datname LIKE 'hmtt_new%'`);
    expect(left).toBe('');

    const rehearsed = await restoreIntoScratch(dump, folder, never, context);
    expect(rehearsed.map(({ error }) => error)).toEqual([null, null, null]);
    expect(rehearsed.find(({ database }) => database === ODD_NAME)).toMatchObject({
      tables: 1,
      kind: 'postgresql',
    });
  });

  test('a base backup holds the whole server, and is checked by the server’s own tool', async () => {
    const { dir, context } = sourcesSetting();
    const server = await startServer('postgresql', context);
    sql(server, 'postgres', FILL);
    const folder = join(dir, 'base');
    // Written by the user of the server, in a folder that this user could not reach by its path.
    const own = process.geteuid?.() === 0 ? { osUser: 'postgres', user: 'hmtt' } : {};
    const taken = await takeDatabase(source({ ...server, ...own, method: 'base' }), job(folder), context);
    const { dump } = value(taken);
    expect(dump).toMatchObject({ method: 'base', databases: [{ name: '*', file: 'base.tar' }] });
    expect(readdirSync(folder)).toEqual(
      expect.arrayContaining(['base.tar', 'pg_wal.tar', 'backup_manifest', 'source.json']),
    );
    expect((await restoreIntoScratch(dump, folder, never, context)).map(({ error }) => error)).toEqual([
      null,
    ]);

    // By hand, as the manual says: it starts, and holds the same.
    const home = mkdtempSync(join(tmpdir(), 'hmtt-by-hand-'));
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    debian('sh', [
      '-c',
      `tar -xf ${folder}/base.tar -C ${home} && tar -xf ${folder}/pg_wal.tar -C ${home}/pg_wal`,
    ]);
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) debian('chown', ['-R', 'postgres:', home]);
    debian('chmod', ['700', home]);
    const ctl = `$(ls -d /usr/lib/postgresql/*/bin | tail -1)/pg_ctl -D ${home} -w -l ${home}/log -o '-k ${home} -c listen_addresses='`;
    const asOwner = (action: string): string =>
      debian(
        'sh',
        [
          '-c',
          isRoot
            ? `setpriv --reuid=postgres --regid=postgres --clear-groups sh -c "${ctl} ${action}"`
            : `${ctl} ${action}`,
        ],
        { cwd: '/' },
      );
    asOwner('start');
    try {
      const restored = { ...server, host: home };
      expect(sql(restored, 'postgres', SUMS)).toBe(sql(server, 'postgres', SUMS));
    } finally {
      asOwner('stop -m immediate');
    }
  });

  test('a server that dies during the dump fails the dump, by name', async () => {
    const { dir, context } = sourcesSetting();
    const server = await startServer('postgresql', context);
    sql(
      server,
      'postgres',
      `CREATE TABLE big AS SELECT n, repeat(md5(n::text), 20) AS t FROM generate_series(1, 300000) n`,
    );
    const pid = Number(readFileSync(join(server.host, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
    const folder = join(dir, 'dump');
    const taking = takeDatabase(source({ ...server, databases: ['postgres'] }), job(folder), context);
    while (!existsWith(folder, 1_000_000)) await new Promise((resolve) => setTimeout(resolve, 5));
    // Immediate shutdown: as if it had crashed.
    process.kill(pid, 'SIGQUIT');
    const taken = await taking;
    expect(taken).toMatchObject({ ok: false, error: { code: 'BACKUP_DATABASE_DUMP_FAILED' } });
    if (!taken.ok) expect(taken.error.message.en).toContain('erp/postgres');
    if (!taken.ok) expect(taken.error.message.zh).toContain('erp/postgres');
  });

  test('a wrong login, an absent server, an absent database and absent tools are told apart', async () => {
    const { dir, context } = sourcesSetting();
    const server = await startServer('postgresql', context);
    const code = async (fields: object) => {
      const probe = await probeDatabase(source({ ...server, ...fields }), context);
      return probe.ok ? 'ok' : `${probe.error.code} ${probe.error.message.en}`;
    };
    expect(await code({ user: 'stranger' })).toMatch(
      /BACKUP_DATABASE_UNREACHABLE.*role "stranger" does not exist/,
    );
    expect(await code({ host: join(dir, 'no') })).toMatch(/BACKUP_DATABASE_UNREACHABLE.*No such file/);
    expect(await code({ databases: ['postgres', 'vanished'] })).toMatch(/BACKUP_DATABASE_ABSENT.*: vanished/);
    expect(await code({ toolsDir: dir })).toMatch(/BACKUP_DATABASE_TOOL_MISSING.*psql/);
    expect(await code({ osUser: 'no-such-user' })).toMatch(/BACKUP_OS_USER_UNUSABLE/);
    expect(await code({})).toBe('ok');
  });
});

function existsWith(folder: string, bytes: number): boolean {
  try {
    return readdirSync(folder).some((name) => statSync(join(folder, name)).size >= bytes);
  } catch {
    return false;
  }
}

describe('PostgreSQL, tools and passwords', () => {
  test('a server that is newer than the tools is refused before anything is dumped', async () => {
    const { dir, context } = sourcesSetting();
    const server = await startServer('postgresql', context);
    const tools = join(dir, 'tools');
    mkdirSync(tools);
    const bin = debian('sh', ['-c', 'ls -d /usr/lib/postgresql/*/bin | tail -1']).trim();
    for (const name of ['psql', 'pg_restore', 'pg_dumpall']) symlinkSync(join(bin, name), join(tools, name));
    writeFileSync(join(tools, 'pg_dump'), '#!/bin/sh\necho "pg_dump (PostgreSQL) 9.6.24"\n', { mode: 0o755 });
    const old = source({ ...server, toolsDir: tools });
    for (const answer of [
      await probeDatabase(old, context),
      await takeDatabase(old, job(join(dir, 'dump')), context),
    ]) {
      expect(answer).toMatchObject({ ok: false, error: { code: 'BACKUP_DATABASE_TOOL_TOO_OLD' } });
      if (!answer.ok) expect(answer.error.message.en).toContain('9.6.24');
    }
    expect(readdirSync(join(dir, 'dump'))).toEqual([]);
  });

  test('a password file is used; without it nobody is asked and the run does not hang', async () => {
    const { dir, context } = sourcesSetting();
    const server = await startServer('postgresql', context);
    sql(server, 'postgres', `CREATE ROLE backup LOGIN PASSWORD 'pä:ss'`);
    const rules = join(server.host, 'data/pg_hba.conf');
    writeFileSync(rules, `local all backup scram-sha-256\n${readFileSync(rules, 'utf8')}`);
    sql(server, 'postgres', 'SELECT pg_reload_conf()');
    const passwordFile = join(dir, 'pgpass');
    writeFileSync(passwordFile, '*:*:*:backup:pä\\:ss\n', { mode: 0o600 });
    const login = { ...server, user: 'backup' };
    expect((await probeDatabase(source({ ...login, passwordFile }), context)).ok).toBe(true);
    const taken = value(
      await takeDatabase(source({ ...login, passwordFile }), job(join(dir, 'dump')), context),
    );
    // No superuser: the roles come without the hashes of their passwords, and the report says so.
    expect(taken.notes[0]?.zh).toContain('不含密码');
    expect(readFileSync(join(dir, 'dump/globals.sql'), 'utf8')).not.toContain('SCRAM-SHA-256');
    const began = performance.now();
    const without = await probeDatabase(source(login), context);
    expect(without).toMatchObject({ ok: false, error: { code: 'BACKUP_DATABASE_UNREACHABLE' } });
    expect(performance.now() - began).toBeLessThan(15_000);
  });
});
