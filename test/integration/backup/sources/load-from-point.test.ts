import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { databaseTargetSchema } from '#shared/contract/backup-sources.ts';
import type { Job } from '#shared/contract/jobs.ts';
import { callContext, debian, type Harness, openHarness, scratch, value } from '../harness.ts';
import { sql, startServer } from './servers.ts';
import { never, sourcesSetting } from './setting.ts';

function setUp(): { readonly harness: Harness; readonly dir: string } {
  const place = scratch('load');
  onTestFinished(() => place.remove());
  const harness = openHarness(place.dir);
  onTestFinished(() => harness.close());
  mkdirSync(join(place.dir, 'files'));
  writeFileSync(join(place.dir, 'files/a'), 'a');
  return { harness, dir: place.dir };
}

async function load(harness: Harness, request: object): Promise<Job> {
  const { jobId } = value(
    await harness.area.handlers['backup.databases.restore'](
      { replace: false, ...request } as never,
      callContext,
    ),
  );
  return harness.jobs.ended(jobId);
}

test('a server backed up with files is listed, loaded into a second server from a chain, and rehearsed', async () => {
  const { harness, dir } = setUp();
  const { context } = sourcesSetting(join(dir));
  const server = await startServer('postgresql', context);
  sql(server, 'postgres', 'CREATE DATABASE erp');
  sql(
    server,
    'erp',
    `CREATE TABLE t AS SELECT n, md5(n::text) AS sum, '中文' AS text FROM generate_series(1, 20000) n`,
  );
  await harness.plan('p', [join(dir, 'files')], {
    databases: [{ ...server, name: 'main', databases: ['erp'] }],
  });
  expect((await harness.run('p')).error).toBeNull();
  sql(server, 'erp', `INSERT INTO t SELECT n, 'new', '新' FROM generate_series(1, 5) n`);
  const job = await harness.run('p', 'incremental');
  expect(job.error).toBeNull();
  const pointId = job.result?.id ?? '';
  const { dumps } = value(await harness.area.handlers['backup.databases.list']({ pointId }, callContext));
  expect(dumps).toMatchObject([{ name: 'main', kind: 'postgresql', databases: [{ name: 'erp' }] }]);

  const second = await startServer('postgresql', context);
  const into = databaseTargetSchema.parse({ ...second, database: 'erp_restored' });
  const loaded = await load(harness, { pointId, source: 'main', database: 'erp', into });
  expect(loaded.error).toBeNull();
  const report = value(
    await harness.area.handlers['backup.databases.restoreReport'](
      { id: loaded.result?.id ?? '' },
      callContext,
    ),
  );
  expect(report).toMatchObject({ into: 'erp_restored', tables: 1, kept: null, source: 'main' });
  const sums = `SELECT count(*), md5(string_agg(n || sum || text, '|' ORDER BY n, sum)) FROM t`;
  expect(sql(second, 'erp_restored', sums)).toBe(sql(server, 'erp', sums));
  expect((await load(harness, { pointId, source: 'main', database: 'erp', into })).error?.code).toBe(
    'BACKUP_DATABASE_EXISTS',
  );
  const other = await harness.area.handlers['backup.databases.restore'](
    { pointId, source: 'main', database: 'hr', into, replace: false },
    callContext,
  );
  expect(other).toMatchObject({ ok: false, error: { code: 'BACKUP_DATABASE_DUMP_MISSING' } });
  // What was taken out of the archive to be loaded does not stay.
  expect(readdirSync(join(dir, 'spool'))).toEqual([]);

  const to = join(dir, 'restored');
  mkdirSync(to);
  const archives = harness.area.points().toReversed();
  for (const { archivePath } of archives)
    debian('sh', ['-c', `zstd -dc '${archivePath}' | tar -xpf - -C '${to}'`]);
  const rehearsed = await harness.area.rehearseDatabases(to, never);
  expect(rehearsed).toMatchObject([{ source: 'main', database: 'erp', tables: 1, error: null }]);
});

test('an SQLite database of a point is placed as a file', async () => {
  const { harness, dir } = setUp();
  const file = join(dir, 'app.db');
  new Database(file).exec('CREATE TABLE t (x); INSERT INTO t VALUES (1), (2)').close();
  await harness.plan('p', [], { databases: [{ kind: 'sqlite', name: 'app', file }] });
  const pointId = (await harness.run('p')).result?.id ?? '';
  const to = join(dir, 'placed.db');
  const job = await load(harness, {
    pointId,
    source: 'app',
    database: 'app.db',
    into: { kind: 'sqlite', file: to },
  });
  expect(job.error).toBeNull();
  expect(new Database(to).prepare('SELECT count(*) FROM t').pluck().get()).toBe(2);
  const wrong = databaseTargetSchema.parse({ kind: 'mariadb', database: 'x' });
  const refused = await load(harness, { pointId, source: 'app', database: 'app.db', into: wrong });
  expect(refused.error?.code).toBe('BACKUP_DATABASE_KIND_DIFFERS');
  expect(existsSync(join(dir, 'placed.db.hmtt-part'))).toBe(false);
});
