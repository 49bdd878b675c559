import { copyFileSync, cpSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pointIndexPath } from '../../../main/engine/backup/point-index.ts';
import { callContext, type Harness, openHarness, scratch, value } from './harness.ts';
import { manualTimers } from './manual-timers.ts';

describe('the backup catalogue', () => {
  let place: ReturnType<typeof scratch>;
  let source: string;
  let harness: Harness;

  beforeEach(() => {
    place = scratch('catalogue');
    source = join(place.dir, 'source');
    mkdirSync(join(source, 'sub'), { recursive: true });
    for (const name of ['b', 'a', 'sub/c', 'sub/d_%x'])
      writeFileSync(join(source, name), `content of ${name}`);
    harness = openHarness(place.dir);
  });
  afterEach(async () => {
    await harness.close();
    place.remove();
  });

  const points = async (from: Harness) =>
    value(await from.area.handlers['backup.points.list']({}, callContext)).points;

  /** The same points, whatever this console found out about them itself. */
  const bare = (list: Awaited<ReturnType<typeof points>>) =>
    list
      .map(({ id, plan, type, parentId, startedAt, finishedAt, report: whole }) => {
        // Against what it was compared, and how its file hashed, only the console knows that made it.
        const { durationMs, archiveSha256: _hash, changes: _changes, ...report } = whole;
        return { id, plan, type, parentId, startedAt, finishedAt, report, timed: durationMs > 0 };
      })
      .sort((a, b) => (a.id < b.id ? -1 : 1));

  it('is rebuilt from the media alone, as it was', async () => {
    await harness.plan('one', [source], { exclude: ['b'] });
    await harness.plan('两个', [join(source, 'sub')]);
    for (const name of ['one', '两个', 'one']) expect((await harness.run(name)).error).toBeNull();
    const before = await points(harness);
    const medium = join(place.dir, 'medium', 'deep', 'er');
    cpSync(harness.target, medium, { recursive: true });
    // An archive that lost its own end is found through the manifest beside it; noise is passed over.
    writeFileSync(join(medium, 'noise.tar.zst'), 'not an archive');

    const elsewhere = join(place.dir, 'elsewhere');
    mkdirSync(elsewhere);
    const fresh = openHarness(elsewhere);
    const { jobId } = value(
      await fresh.area.handlers['backup.rebuild']({ dirs: [join(place.dir, 'medium')] }, callContext),
    );
    expect((await fresh.jobs.ended(jobId)).error).toBeNull();
    const after = await points(fresh);
    expect(bare(after)).toEqual(bare(before));
    expect(after.every((point) => point.archivePath.startsWith(medium) && point.verifiedAt === null)).toBe(
      true,
    );
    for (const point of after) {
      expect((await fresh.verify(point.plan, point.id)).error).toBeNull();
      const reader = value(await fresh.area.openPoint(point.id));
      await reader.close();
    }
    const again = value(await fresh.area.handlers['backup.rebuild']({ dirs: [elsewhere] }, callContext));
    expect((await fresh.jobs.ended(again.jobId)).error?.code).toBe('BACKUP_NOTHING_FOUND');
    await fresh.close();
  });

  it('keeps the archive at hand when a copy turns up, and takes the copy when it is gone', async () => {
    await harness.plan('one', [source]);
    const id = (await harness.run('one')).result?.id ?? '';
    const copies = join(place.dir, 'copies');
    cpSync(harness.target, copies, { recursive: true });
    const rebuild = async (): Promise<string | undefined> => {
      const { jobId } = value(await harness.area.handlers['backup.rebuild']({ dirs: [copies] }, callContext));
      await harness.jobs.ended(jobId);
      return (await points(harness)).find((point) => point.id === id)?.archivePath;
    };
    expect(await rebuild()).toContain(harness.target);
    rmSync(harness.target, { recursive: true });
    expect(await rebuild()).toContain(copies);
    expect((await harness.verify('one', id)).error).toBeNull();
  });

  it('is browsed folder by folder, and searched over all points', async () => {
    await harness.plan('one', [source]);
    const first = (await harness.run('one')).result?.id ?? '';
    writeFileSync(join(source, 'a'), 'changed');
    const second = (await harness.run('one')).result?.id ?? '';
    const { handlers } = harness.area;
    const prefix = source.slice(1);
    const top = value(
      await handlers['backup.browse']({ pointId: first, prefix, limit: 10, offset: 0 }, callContext),
    );
    expect(top.entries.map((entry) => [entry.name, entry.type])).toEqual([
      ['sub', 'directory'],
      ['a', 'file'],
      ['b', 'file'],
    ]);
    const page = value(
      await handlers['backup.browse']({ pointId: first, prefix, limit: 1, offset: 1 }, callContext),
    );
    expect([page.total, page.entries.map((entry) => entry.name)]).toEqual([3, ['a']]);
    const root = value(
      await handlers['backup.browse']({ pointId: first, prefix: '', limit: 10, offset: 0 }, callContext),
    );
    expect(root.entries.map((entry) => entry.path)).toEqual([prefix.split('/')[0]]);

    const found = value(await handlers['backup.find']({ text: 'source/a', limit: 10 }, callContext));
    expect(found.files.map((file) => file.path)).toEqual([`${prefix}/a`]);
    expect(found.files[0]?.versions.map((version) => version.pointId)).toEqual([second, first]);
    expect(new Set(found.files[0]?.versions.map((version) => version.sha256)).size).toBe(2);
    const literal = value(await handlers['backup.find']({ text: 'd_%', limit: 10 }, callContext));
    expect(literal.files.map((file) => file.path)).toEqual([`${prefix}/sub/d_%x`]);
    const limited = value(await handlers['backup.find']({ text: 'source', limit: 2 }, callContext));
    expect([limited.files.length, limited.total]).toEqual([2, 4]);
  });

  it.each<readonly [string, (path: string) => void]>([
    ['lost', (path) => rmSync(path)],
    ['damaged', (path) => writeFileSync(path, 'x'.repeat(9000))],
    ['of another schema', (path) => new Database(path).pragma('user_version = 9')],
  ])('makes an index that is %s again from the archive', async (_name, spoil) => {
    await harness.plan('one', [source]);
    const pointId = (await harness.run('one')).result?.id ?? '';
    const index = pointIndexPath(join(place.dir, 'catalogue'), pointId);
    const prefix = source.slice(1);
    const { handlers } = harness.area;
    spoil(index);
    const browsed = await handlers['backup.browse']({ pointId, prefix, limit: 10, offset: 0 }, callContext);
    expect(value(browsed).total).toBe(3);
    spoil(index);
    expect(value(await handlers['backup.find']({ text: 'sub/', limit: 10 }, callContext)).total).toBe(2);
  });

  it('that is older than the archives takes them in at the next start', async () => {
    await harness.plan('one', [source]);
    harness.db.pragma('wal_checkpoint(TRUNCATE)');
    copyFileSync(join(place.dir, 'console.db'), join(place.dir, 'older.db'));
    const made = (await harness.run('one')).result?.id ?? '';
    await harness.close();
    rmSync(join(place.dir, 'console.db'));
    renameSync(join(place.dir, 'older.db'), join(place.dir, 'console.db'));
    harness = openHarness(place.dir);
    expect((await points(harness)).map((point) => [point.id, point.state])).toEqual([[made, 'complete']]);
  });

  it('says what an interrupted run was, and removes what it left and nothing else', async () => {
    await harness.plan('one', [source]);
    expect((await harness.run('one')).error).toBeNull();
    // Texts beside the archives are written after a run has ended; closing waits for them.
    await harness.close();
    const kept = readdirSync(harness.target);
    harness = openHarness(place.dir);
    await harness.area.ready;
    harness.db
      .prepare(
        `INSERT INTO backup_run (point_id, plan, type, started_at, state, archive_path, unclean)
         VALUES ('11111111-2222', 'one', 'full', 1, 'running', ?, 1)`,
      )
      .run(join(harness.target, 'one.x.full.11111111.tar.zst'));
    const mine = [
      'tar.zst.part',
      'manifest.ndjson.zst.part',
      'sha256.part',
      'sha256.part-77',
      'sha256',
      'manifest.ndjson.zst',
    ];
    for (const end of mine) writeFileSync(join(harness.target, `one.x.full.11111111.${end}`), '');
    // Somebody else's unfinished work, and a file that merely looks alike.
    const others = ['two.x.full.99999999.tar.zst.part', 'one.x.full.111111112.tar.zst.part'];
    for (const name of others) writeFileSync(join(harness.target, name), '');
    await harness.close();
    harness = openHarness(place.dir);
    await harness.area.ready;
    expect(readdirSync(harness.target).sort()).toEqual([...kept, ...others].sort());
    const { plans } = value(await harness.area.handlers['backup.plans.list']({}, callContext));
    expect(plans[0]?.lastError?.code).toBe('BACKUP_INTERRUPTED');
    expect((await harness.run('one')).error).toBeNull();
    expect(harness.area.plans()[0]?.lastError).toBeNull();
  });

  it('runs a plan when its time has come, once after a long sleep', async () => {
    await harness.close();
    let now = new Date('2026-11-20T01:00:00').getTime();
    const timers = manualTimers();
    harness = openHarness(place.dir, {
      clock: { now: () => now, monotonic: () => performance.now() },
      timers,
    });
    await harness.plan('nightly', [source], {
      schedules: [{ cron: '30 2 * * *', type: 'full' }],
      rpoMs: 86_400_000,
    });
    const look = async (): Promise<number> => {
      timers.fire();
      await harness.area.ready;
      await Promise.resolve();
      await Promise.all(harness.jobs.list().map((job) => harness.jobs.ended(job.id)));
      return (await points(harness)).length;
    };
    expect(await look()).toBe(0);
    expect(harness.area.confidence()[0]?.state).toBe('never');
    now = new Date('2026-11-20T02:30:05').getTime();
    expect(await look()).toBe(1);
    expect(await look()).toBe(1);
    expect(harness.area.confidence()[0]?.state).toBe('ok');
    now = new Date('2026-11-27T09:00:00').getTime();
    expect(harness.area.confidence()[0]?.state).toBe('late');
    expect(await look()).toBe(2);
    expect(await look()).toBe(2);
  });
});
