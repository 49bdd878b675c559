import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { restsWhilePaused } from '../../helpers/paused-job.ts';
import { callContext, debian, value } from './harness.ts';
import { type MediaSite, mediaSite } from './media-harness.ts';

/** A site with a point of about `megabytes` and an empty folder to copy to. */
async function withPoint(megabytes = 8): Promise<MediaSite & { readonly second: string }> {
  const site = mediaSite();
  const source = join(site.dir, 'source');
  const second = join(site.dir, 'second');
  mkdirSync(source);
  mkdirSync(second);
  writeFileSync(join(source, 'data'), randomBytes(megabytes << 20));
  await site.harness.plan('p', [source]);
  expect((await site.harness.run('p')).error).toBeNull();
  return { ...site, second };
}

const archives = (dir: string): readonly string[] =>
  readdirSync(dir).filter((name) => name.includes('.tar.'));

/** Changes one byte in the middle of a file. */
function flip(path: string): void {
  const bytes = readFileSync(path);
  const at = bytes.length >> 1;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

describe('copying to a folder', () => {
  it('follows each run when the plan says so, with all that the point depends on', async () => {
    const site = mediaSite();
    const source = join(site.dir, 'source');
    const second = join(site.dir, 'second');
    mkdirSync(source);
    mkdirSync(second);
    writeFileSync(join(source, 'a'), 'a');
    const { harness } = site;
    await harness.plan('p', [source], { copyTo: [{ kind: 'folder', dir: second }] });
    for (const type of ['full', 'incremental', 'differential'] as const) {
      expect((await harness.run('p', type)).error).toBeNull();
      for (const job of harness.jobs.list()) await harness.jobs.ended(job.id);
    }
    expect(archives(second)).toHaveLength(3);
    for (const name of readdirSync(second).filter((each) => each.endsWith('.sha256')))
      debian('sha256sum', ['--quiet', '-c', name], { cwd: second });
    const [newest] = await site.points();
    expect(newest?.copies.map(({ kind, state }) => [kind, state])).toEqual([
      ['first', 'intact'],
      ['folder', 'intact'],
    ]);
  });

  it('stands in for a first archive that is damaged or gone', async () => {
    const site = await withPoint(1);
    expect((await site.copy(site.second)).error).toBeNull();
    const [point] = await site.points();
    flip(point?.archivePath ?? '');
    expect((await site.harness.verify('p')).error?.code).toBe('BACKUP_DAMAGE_FOUND');
    const [now] = await site.points();
    expect(now).toMatchObject({
      state: 'complete',
      archivePath: join(site.second, basename(point?.archivePath ?? '')),
    });
    expect(now?.copies[0]).toMatchObject({ kind: 'first', state: 'broken' });
    expect(value(site.harness.area.locate(point?.id ?? ''))).toEqual({
      path: now?.archivePath,
      isIntact: true,
    });
    // A third place gets its copy from the second.
    const third = join(site.dir, 'third');
    mkdirSync(third);
    expect((await site.copy(third)).error).toBeNull();
    expect(readFileSync(join(third, basename(now?.archivePath ?? '')))).toEqual(
      readFileSync(now?.archivePath ?? ''),
    );
    rmSync(site.second, { recursive: true });
    rmSync(third, { recursive: true });
    // A damaged archive is better than none: what lies outside its damaged frames can be restored.
    expect((await site.points())[0]).toMatchObject({ state: 'broken', archivePath: point?.archivePath });
    renameSync(site.harness.target, `${site.harness.target}-away`);
    expect((await site.points())[0]).toMatchObject({
      state: 'missing',
      restorable: { now: false, lost: [point?.id] },
    });
  });

  it('does not copy an archive that is damaged, and leaves none behind', async () => {
    const site = await withPoint();
    const [point] = await site.points();
    flip(point?.archivePath ?? '');
    expect((await site.copyError(site.second))?.code).toBe('BACKUP_COPY_SOURCE_DAMAGED');
    expect(archives(site.second)).toEqual([]);
  });

  it('does not copy an archive that nobody can vouch for', async () => {
    const site = await withPoint(1);
    const [point] = await site.points();
    rmSync((point?.archivePath ?? '').replace('.tar.zst', '.sha256'));
    expect((await site.copyError(site.second))?.code).toBe('BACKUP_COPY_SUMS_MISSING');
  });

  it('goes on where an earlier copy was cut off, also when the end of what it left is wrong', async () => {
    const site = await withPoint(16);
    const [point] = await site.points();
    const name = basename(point?.archivePath ?? '');
    const part = join(site.second, `${name}.copy.part`);
    copyFileSync(point?.archivePath ?? '', part);
    truncateSync(part, 10 << 20);
    const began = statSync(part).ino;
    expect((await site.copy(site.second)).error).toBeNull();
    expect(statSync(join(site.second, name)).ino).toBe(began);
    expect(readFileSync(join(site.second, name))).toEqual(readFileSync(point?.archivePath ?? ''));

    const third = join(site.dir, 'third');
    mkdirSync(third);
    writeFileSync(join(third, `${name}.copy.part`), randomBytes(10 << 20));
    writeFileSync(join(third, 'other.tar.zst.copy.part'), 'of an archive that is not wanted any more');
    expect((await site.copy(third)).error).toBeNull();
    expect(readFileSync(join(third, name))).toEqual(readFileSync(point?.archivePath ?? ''));
    expect(readdirSync(third).filter((each) => each.endsWith('.part'))).toEqual([]);
  });

  it('replaces a copy that rotted, and takes over one that is there already', async () => {
    const site = await withPoint(2);
    const [point] = await site.points();
    const name = basename(point?.archivePath ?? '');
    for (const each of readdirSync(site.harness.target))
      if (each.startsWith('p.')) copyFileSync(join(site.harness.target, each), join(site.second, each));
    const before = statSync(join(site.second, name)).ino;
    expect((await site.copy(site.second)).error).toBeNull();
    expect(statSync(join(site.second, name)).ino).toBe(before);
    expect((await site.points())[0]?.copies).toHaveLength(2);

    const third = join(site.dir, 'third');
    mkdirSync(third);
    copyFileSync(point?.archivePath ?? '', join(third, name));
    flip(join(third, name));
    expect((await site.copy(third)).error).toBeNull();
    expect(readFileSync(join(third, name))).toEqual(readFileSync(point?.archivePath ?? ''));
  });

  it('is verified when asked: rot is found, and replaced by the next copy', async () => {
    const site = await withPoint(2);
    expect((await site.copy(site.second)).error).toBeNull();
    const verify = async () => {
      const { jobId } = value(
        await site.harness.area.handlers['backup.copies.verify']({ target: site.second }, callContext),
      );
      return (await site.harness.jobs.ended(jobId)).error?.code ?? null;
    };
    expect(await verify()).toBeNull();
    const [name = ''] = archives(site.second);
    flip(join(site.second, name));
    expect(await verify()).toBe('BACKUP_COPIES_DAMAGED');
    const [point] = await site.points();
    expect(point?.copies[1]).toMatchObject({
      state: 'broken',
      error: { code: 'BACKUP_OUTER_HASH_DIFFERS' },
    });
    expect(point?.state).toBe('complete');
    expect((await site.copy(site.second)).error).toBeNull();
    expect((await site.points())[0]?.copies[1]).toMatchObject({ state: 'intact', error: null });
    expect(await verify()).toBeNull();
  });

  it('is paused, goes on, and is cancelled without an archive left', async () => {
    const site = await withPoint(8);
    const { jobs, area } = site.harness;
    const { jobIds } = value(
      await area.handlers['backup.copy'](
        { name: 'p', to: site.second, all: false, bytesPerSecond: 8 << 20 },
        callContext,
      ),
    );
    const id = jobIds[0] ?? '';
    await expect.poll(() => jobs.get(id)?.progress?.done ?? 0).toBeGreaterThan(0);
    value(jobs.setPaused(id, true));
    await restsWhilePaused(jobs, id);
    expect(jobs.get(id)?.kind).toBe('copy');
    expect(jobs.get(id)?.progress?.total).toBeGreaterThan(8 << 20);
    const second = await site.copyError(site.second);
    expect(second?.code).toBe('BACKUP_COPY_ACTIVE');
    value(jobs.setPaused(id, false));
    value(jobs.cancel(id));
    expect((await jobs.ended(id)).state).toBe('cancelled');
    expect(archives(site.second).filter((name) => !name.endsWith('.part'))).toEqual([]);
    expect((await site.copy(site.second)).error).toBeNull();
  });

  it('keeps to a rate', async () => {
    const site = await withPoint(3);
    const began = performance.now();
    expect((await site.copy(site.second, { bytesPerSecond: 3 << 20 })).error).toBeNull();
    // Half a second's worth may be taken at once.
    expect(performance.now() - began).toBeGreaterThan(400);
  });

  it('that is absent, or is the first target, says so', async () => {
    const site = await withPoint(1);
    expect((await site.copyError(join(site.dir, 'nowhere')))?.code).toBe('BACKUP_TARGET_MISSING');
    expect(existsSync(join(site.dir, 'nowhere'))).toBe(false);
    expect((await site.copyError(site.harness.target))?.code).toBe('BACKUP_COPY_SAME_PLACE');
    expect((await site.copyError('NO-SUCH'))?.code).toBe('BACKUP_MEDIUM_MISSING');
    await expect(
      site.harness.plan('q', [site.dir], { copyTo: [{ kind: 'folder', dir: site.harness.target }] }),
    ).rejects.toThrow('BACKUP_COPY_SAME_PLACE');
    await expect(
      site.harness.plan('q', [site.dir], { copyTo: [{ kind: 'folder', dir: 'second' }] }),
    ).rejects.toThrow('BACKUP_PATH_NOT_ABSOLUTE');
    const none = await site.harness.area.handlers['backup.copy'](
      { name: 'p', all: false, bytesPerSecond: null },
      callContext,
    );
    expect(none.ok ? null : none.error.code).toBe('BACKUP_COPY_NO_TARGET');
  });
});

describe('rebuilding from media', () => {
  it('asks for the next medium, one after another, until every chain is whole', async () => {
    const site = mediaSite();
    const { harness } = site;
    const source = join(site.dir, 'source');
    mkdirSync(source);
    await harness.plan('p', [source]);
    const roots = ['one', 'two'].map((name) => join(site.dir, 'mnt', name));
    for (const [index, root] of roots.entries()) {
      mkdirSync(root);
      await site.label(root, `HMTT-0${index + 1}`, { anyFolder: true, location: `safe ${index + 1}` });
      writeFileSync(join(source, 'a'), `${index}`);
      expect((await harness.run('p')).error).toBeNull();
      expect((await site.copy(`HMTT-0${index + 1}`)).error).toBeNull();
    }
    // The console is lost; a new one sees only the second medium.
    mkdirSync(join(site.dir, 'new', 'mnt'), { recursive: true });
    rmSync(harness.target, { recursive: true });
    const fresh = mediaSite(join(site.dir, 'new'));
    const rebuild = async (root: string) => {
      const { jobId } = value(
        await fresh.harness.area.handlers['backup.rebuild']({ dirs: [root] }, callContext),
      );
      expect((await fresh.harness.jobs.ended(jobId)).error).toBeNull();
      return value(await fresh.harness.area.handlers['backup.rebuild.report']({}, callContext)).report;
    };
    expect(await rebuild(roots[1] ?? '')).toMatchObject({
      media: ['HMTT-02'],
      counts: { catalogued: 1 },
      next: [{ label: 'HMTT-01', location: 'safe 1', archives: 1 }],
    });
    expect((await fresh.list()).media.map(({ label, state }) => [label, state])).toEqual([
      ['HMTT-01', 'absent'],
      ['HMTT-02', 'here'],
    ]);
    expect(await rebuild(roots[0] ?? '')).toMatchObject({ media: ['HMTT-01'], next: [] });
    const points = await fresh.points();
    expect(points).toHaveLength(2);
    for (const { copies } of points) expect(copies).toMatchObject([{ kind: 'medium', state: 'intact' }]);
  });
});
