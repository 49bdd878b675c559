import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  attempt,
  SECRETS,
  type Served,
  startMariadb,
  startPostgresql,
  startRedis,
} from '../../helpers/checks.ts';

const dir = mkdtempSync(join(tmpdir(), 'hmtt-checks-db-'));
let postgres: Served;
let mariadb: Served;
let redis: Served;

beforeAll(async () => {
  [postgres, mariadb, redis] = await Promise.all([
    startPostgresql(join(dir, 'pg')),
    startMariadb(join(dir, 'my')),
    startRedis(join(dir, 'redis'), SECRETS.db ?? ''),
  ]);
});
afterAll(async () => {
  await Promise.all([postgres?.stop(), mariadb?.stop(), redis?.stop()]);
  rmSync(dir, { recursive: true, force: true });
});

const login = { host: '127.0.0.1', user: 'hmtt', password: 'db' };
const pg = (more = {}) => ({
  kind: 'postgresql' as const,
  ...login,
  port: postgres.port,
  database: 'postgres',
  ...more,
});
const my = (more = {}) => ({ kind: 'mysql' as const, ...login, port: mariadb.port, ...more });
const rd = (more = {}) => ({
  kind: 'redis' as const,
  host: '127.0.0.1',
  port: redis.port,
  password: 'db',
  ...more,
});

test('PostgreSQL: a value is what psql shows, is compared, and measured', async () => {
  const query = 'SELECT 1.50::numeric(9,2), now()';
  const made = await attempt(pg({ query, expect: '1.50' }), {
    thresholds: [{ measure: 'value', warn: '2' }],
  });
  expect(made.error).toBeNull();
  expect(made.state).toBe('ok');
  expect(made.series.hmtt_check_value).toBe(1.5);
  const shown = spawnSync(
    'psql',
    [
      '-h',
      '127.0.0.1',
      '-p',
      String(postgres.port),
      '-U',
      'hmtt',
      '-XqAtc',
      'SELECT 1.50::numeric(9,2)',
      'postgres',
    ],
    {
      encoding: 'utf8',
      env: { ...process.env, PGPASSWORD: SECRETS.db },
    },
  );
  expect(made.output).toBe(shown.stdout.trim());
  expect(made.steps.map(({ step }) => step.en)).toEqual(['connect and log in', 'query']);
  const other = await attempt(pg({ query: 'SELECT 41', expect: '42' }));
  expect(other.state).toBe('critical');
  expect(other.error?.code).toBe('CHECK_VALUE_OTHER');
  const high = await attempt(pg({ query: 'SELECT 41' }), {
    thresholds: [{ measure: 'value', warn: '20', crit: '40' }],
  });
  expect([high.state, high.error?.code]).toEqual(['critical', 'CHECK_THRESHOLD']);
});

test('PostgreSQL: nothing can be written, and no second statement be smuggled in', async () => {
  for (const query of [
    'CREATE TABLE t (a int)',
    'SELECT 1; COMMIT; CREATE TABLE t (a int)',
    'INSERT INTO pg_description VALUES (1, 1, 1, 1)',
  ]) {
    const made = await attempt(pg({ query }));
    expect([made.state, made.error?.code], query).toEqual(['critical', 'CHECK_SERVER_SAYS']);
  }
});

test('PostgreSQL: a wrong password and a slow query each say what they are', async () => {
  const wrong = await attempt(pg({ password: 'wrong' }));
  expect(wrong.error?.code).toBe('CHECK_SERVER_SAYS');
  expect(wrong.error?.message.en).toContain('password authentication failed');
  const none = await attempt(pg({ password: 'nobody' }));
  expect(none.error?.code).toBe('SECRET_UNKNOWN');
  const start = performance.now();
  const slow = await attempt(pg({ query: 'SELECT pg_sleep(30)' }), { timeoutMs: 500 });
  expect(performance.now() - start).toBeLessThan(6_000);
  expect(slow.error?.code).toMatch(/CHECK_TIMEOUT|CHECK_SERVER_SAYS/);
});

test('MariaDB: a value is what its client shows; nothing can be written', async () => {
  const made = await attempt(my({ query: 'SELECT CAST(2.50 AS DECIMAL(9,2)), NOW()', expect: '2.50' }));
  expect(made.error).toBeNull();
  expect(made.series.hmtt_check_value).toBe(2.5);
  for (const [query, code] of [
    ['CREATE DATABASE d', 'CHECK_QUERY'],
    ["SELECT 1 INTO OUTFILE '/tmp/x'", 'CHECK_QUERY'],
    ['SELECT 1; CREATE DATABASE d', 'CHECK_SERVER_SAYS'],
    ['WITH x AS (SELECT 1) DELETE FROM mysql.user', 'CHECK_SERVER_SAYS'],
  ]) {
    const refused = await attempt(my({ query }));
    expect([refused.state, refused.error?.code], query).toEqual(['critical', code]);
  }
  const wrong = await attempt(my({ password: 'wrong' }));
  expect(wrong.error?.message.en).toContain('Access denied');
  const slow = await attempt(my({ query: 'SELECT SLEEP(30)' }), { timeoutMs: 500 });
  expect(slow.state).toBe('critical');
  expect(slow.durationMs).toBeLessThan(6_000);
});

test('Redis: a command is answered; only commands that read are sent', async () => {
  const ping = await attempt(rd({ expect: 'PONG' }));
  expect(ping.error).toBeNull();
  const size = await attempt(rd({ command: ['DBSIZE'] }));
  expect([size.error, size.series.hmtt_check_value]).toEqual([null, 0]);
  expect((await attempt(rd({ command: ['FLUSHALL'] }))).error?.code).toBe('CHECK_REDIS_COMMAND');
  expect((await attempt(rd({ password: 'wrong' }))).error?.message.en).toContain('WRONGPASS');
  expect((await attempt(rd({ password: null }))).error?.message.en).toContain('NOAUTH');
});

test('SQLite: a file is read, never made, and a damaged one is told', async () => {
  const file = join(dir, 'app.db');
  const db = new Database(file);
  db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (7)');
  db.close();
  const made = await attempt({ kind: 'sqlite', file, query: 'SELECT a FROM t', expect: '7' });
  expect([made.error, made.series.hmtt_check_value]).toEqual([null, 7]);
  expect((await attempt({ kind: 'sqlite', file })).state).toBe('ok');
  expect((await attempt({ kind: 'sqlite', file, query: 'DELETE FROM t' })).error?.code).toBe('CHECK_QUERY');
  expect((await attempt({ kind: 'sqlite', file: join(dir, 'none.db') })).error?.code).toBe('FILE_UNREADABLE');
  truncateSync(file, 5_000);
  expect((await attempt({ kind: 'sqlite', file })).state).toBe('critical');
  const text = join(dir, 'text.db');
  writeFileSync(text, 'no database at all, but long enough to look like one\n'.repeat(100));
  expect((await attempt({ kind: 'sqlite', file: text })).error?.code).toBe('CHECK_QUERY');
});

test('a closed port is refused, whatever the database', async () => {
  for (const what of [pg({ port: 1 }), my({ port: 1 }), rd({ port: 1 })]) {
    const made = await attempt(what);
    expect([made.state, made.error?.code], what.kind).toEqual(['critical', 'SCRAPE_REFUSED']);
  }
});
