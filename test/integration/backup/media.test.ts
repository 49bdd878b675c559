import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Result } from '#shared/errors/index.ts';
import { mayMount } from '../../helpers/mounted-image.ts';
import { callContext, inlineTasks, value } from './harness.ts';
import { mediaSite } from './media-harness.ts';

/** A folder to back up, of about `megabytes` that do not compress. */
function source(dir: string, megabytes: number): string {
  const folder = join(dir, 'source');
  mkdirSync(folder, { recursive: true });
  for (let index = 0; index < megabytes; index += 1)
    writeFileSync(join(folder, `f${index}`), randomBytes(1 << 20));
  return folder;
}

/** Names in a folder, without those of the folder itself. */
const names = (dir: string): readonly string[] => (existsSync(dir) ? readdirSync(dir).sort() : []);

/** Bytes of archives on a medium, whole or not. */
const copied = (root: string): number =>
  names(join(root, 'archives')).reduce((sum, name) => sum + statSync(join(root, 'archives', name)).size, 0);

describe.runIf(mayMount)('a removable medium', () => {
  it('gets a chain, is missed when it is away, and is known wherever it is mounted', async () => {
    const site = mediaSite();
    const { harness } = site;
    await harness.plan('p', [source(site.dir, 2)], { copyTo: [{ kind: 'pool', pool: 'usb' }] });
    const disk = site.disk('one');
    const medium = await site.label(disk.root, 'HMTT-07', { location: '机房' });
    expect(medium).toMatchObject({ state: 'here', root: disk.root, points: 0 });

    expect((await harness.run('p')).error).toBeNull();
    writeFileSync(join(site.dir, 'source/new'), 'x');
    expect((await harness.run('p', 'incremental')).error).toBeNull();
    // Each run is followed by a copy.
    for (const job of harness.jobs.list()) await harness.jobs.ended(job.id);
    expect(harness.jobs.list().filter(({ kind, state }) => kind === 'copy' && state === 'done')).toHaveLength(
      2,
    );
    expect(names(disk.root)).toEqual([
      '.hmtt-medium',
      'CATALOGUE.json',
      'FORMAT.txt',
      'README.en.txt',
      'README.zh.txt',
      'archives',
      'lost+found',
    ]);
    expect(names(join(disk.root, 'archives'))).toHaveLength(6);

    // The first target is lost; nobody notices while the medium is here.
    rmSync(harness.target, { recursive: true });
    let [newest] = await site.points();
    expect(newest).toMatchObject({ state: 'complete', restorable: { now: true }, chain: { brokenBy: null } });
    expect(newest?.archivePath.startsWith(disk.root)).toBe(true);
    const opened = value(await harness.area.openPoint(newest?.id ?? ''));
    await opened.close();

    disk.unmount();
    let { media } = await site.list();
    expect(media[0]).toMatchObject({ state: 'absent', root: null, location: '机房' });
    [newest] = await site.points();
    expect(newest).toMatchObject({
      state: 'missing',
      restorable: { now: false, insert: [{ label: 'HMTT-07', location: '机房' }], lost: [] },
    });
    const chain = harness.area.chain(newest?.id ?? '');
    expect(chain.ok ? null : chain.error.message.zh).toBe('请插入介质 HMTT-07（存放于 HMTT-07: 机房）。');

    const elsewhere = join(site.dir, 'mnt', 'sdb1');
    disk.mount(elsewhere);
    ({ media } = await site.list());
    expect(media[0]).toMatchObject({ state: 'here', root: elsewhere, points: 2 });
    [newest] = await site.points();
    expect(newest).toMatchObject({ state: 'complete', restorable: { now: true } });
    const { entries } = value(
      await harness.area.handlers['backup.media.ledger']({ medium: 'HMTT-07' }, callContext),
    );
    expect(entries.map(({ what }) => what)).toEqual(['seen', 'gone', 'copied', 'copied', 'seen', 'labelled']);
  });

  it('that comes back gets what waits for it; until then it is asked for', async () => {
    const site = mediaSite();
    const { harness } = site;
    await harness.plan('p', [source(site.dir, 1)], { copyTo: [{ kind: 'pool', pool: 'usb' }] });
    const disk = site.disk('one');
    await site.label(disk.root, 'HMTT-07', { location: '保险柜' });
    disk.unmount();
    await site.list();
    expect((await harness.run('p')).error).toBeNull();
    expect(harness.jobs.list().filter(({ kind }) => kind === 'copy')).toEqual([]);
    const { insertNow } = await site.list();
    expect(insertNow).toMatchObject([{ label: 'HMTT-07', waiting: 1 }]);
    expect(insertNow[0]?.sentence.zh).toBe('请插入介质 HMTT-07（存放于：保险柜）：有 1 个恢复点待复制。');
    expect((await site.copyError('HMTT-07'))?.code).toBe('BACKUP_MEDIUM_ABSENT');

    disk.mount();
    await harness.area.lookAtMedia();
    for (const job of harness.jobs.list()) await harness.jobs.ended(job.id);
    expect((await site.list()).media[0]).toMatchObject({ state: 'here', points: 1 });
    expect((await site.list()).insertNow).toEqual([]);
  });

  it('that is full is refused before anything is written, and named', async () => {
    const site = mediaSite();
    await site.harness.plan('p', [source(site.dir, 12)]);
    expect((await site.harness.run('p')).error).toBeNull();
    const disk = site.disk('one', 8);
    await site.label(disk.root, 'SMALL');
    const error = await site.copyError('SMALL');
    expect(error?.code).toBe('BACKUP_COPY_NO_ROOM');
    expect(error?.message.en).toContain('SMALL');
    expect(names(join(disk.root, 'archives'))).toEqual([]);
  });

  it('that fills up while it is written keeps nothing half', async () => {
    const site = mediaSite();
    await site.harness.plan('p', [source(site.dir, 12)]);
    expect((await site.harness.run('p')).error).toBeNull();
    const disk = site.disk('one', 24);
    await site.label(disk.root, 'HMTT-07');
    const filler = setInterval(() => {
      const archives = names(join(disk.root, 'archives'));
      if (archives.some((name) => name.endsWith('.part')))
        try {
          writeFileSync(join(disk.root, 'other'), randomBytes(16 << 20));
        } catch {
          // Full is what it is to be.
        }
    }, 5);
    const error = await site.copyError('HMTT-07', { bytesPerSecond: 10 << 20 });
    clearInterval(filler);
    expect(error?.code).toBe('BACKUP_TARGET_FULL');
    expect(names(join(disk.root, 'archives')).filter((name) => /\.part$|\.tar\./.test(name))).toEqual([]);
    rmSync(join(disk.root, 'other'));
    expect((await site.copy('HMTT-07')).error).toBeNull();
  });

  it('that is read-only is refused', async () => {
    const site = mediaSite();
    await site.harness.plan('p', [source(site.dir, 1)]);
    expect((await site.harness.run('p')).error).toBeNull();
    const disk = site.disk('one');
    await site.label(disk.root, 'HMTT-07');
    disk.remount('ro');
    expect((await site.copyError('HMTT-07'))?.code).toBe('BACKUP_TARGET_READ_ONLY');
    disk.remount('rw');
    expect((await site.copy('HMTT-07')).error).toBeNull();
  });

  it('that is pulled while it is written says so, and goes on when it is back', async () => {
    const site = mediaSite();
    await site.harness.plan('p', [source(site.dir, 16)]);
    expect((await site.harness.run('p')).error).toBeNull();
    const disk = site.disk('one', 40);
    await site.label(disk.root, 'HMTT-07');
    // Slow enough that a busy machine, too, comes to pull it before the copy is whole.
    const copying = site.copyError('HMTT-07', { bytesPerSecond: 3 << 20 });
    await expect.poll(() => copied(disk.root), { interval: 5 }).toBeGreaterThan(1 << 20);
    disk.unmount(true);
    expect((await copying)?.code).toBe('BACKUP_MEDIUM_LOST');
    // The folder below the mount point stayed as it was.
    expect(names(disk.root)).toEqual([]);
    expect((await site.list()).media[0]?.state).toBe('absent');
    // A lazily unmounted file system goes when its last file is closed.
    await wait(100);
    disk.mount();
    expect((await site.list()).media[0]?.state).toBe('here');
    const left = names(join(disk.root, 'archives'));
    expect(left.filter((name) => name.includes('.tar.') && !name.endsWith('.part'))).toEqual([]);
    expect((await site.copy('HMTT-07')).error).toBeNull();
    expect(names(join(disk.root, 'archives'))).toHaveLength(3);
  });

  it('that is another one than the one asked for is not written to', async () => {
    const site = mediaSite();
    await site.harness.plan('p', [source(site.dir, 1)]);
    expect((await site.harness.run('p')).error).toBeNull();
    const one = site.disk('one');
    const two = site.disk('two');
    const first = await site.label(one.root, 'HMTT-01');
    await site.label(two.root, 'HMTT-02');
    // Changed after the look: the same place, another medium.
    const place = one.root;
    one.unmount();
    two.unmount();
    two.mount(place);
    const [point] = site.harness.area.points();
    const written = await inlineTasks<Result<object>>('backup.copy', {
      root: place,
      folder: 'archives',
      name: 'HMTT-01',
      medium: { id: first.id, label: 'HMTT-01' },
      items: [{ pointId: point?.id ?? '', archivePath: point?.archivePath ?? '', sha256: null }],
      bytesPerSecond: null,
    }).result;
    expect(written.ok ? null : written.error.message.en).toBe(
      `The medium at ${place} is HMTT-02, not HMTT-01.`,
    );
    const { media } = await site.list();
    expect(media.map(({ label, state, root }) => [label, state, root])).toEqual([
      ['HMTT-01', 'absent', null],
      ['HMTT-02', 'here', place],
    ]);
    expect((await site.copyError('HMTT-01'))?.code).toBe('BACKUP_MEDIUM_ABSENT');
    expect(names(join(place, 'archives'))).toEqual([]);
  });

  it('and its clone are not used until one is gone', async () => {
    const site = mediaSite();
    await site.harness.plan('p', [source(site.dir, 1)]);
    expect((await site.harness.run('p')).error).toBeNull();
    const one = site.disk('one');
    const two = site.disk('two');
    await site.label(one.root, 'HMTT-01');
    cpSync(join(one.root, '.hmtt-medium'), join(two.root, '.hmtt-medium'), { recursive: true });
    expect((await site.list()).media[0]?.problem?.code).toBe('BACKUP_MEDIUM_CLONED');
    expect((await site.copyError('HMTT-01'))?.code).toBe('BACKUP_MEDIUM_CLONED');
    two.unmount();
    expect((await site.list()).media[0]?.problem).toBeNull();
    expect((await site.copy('HMTT-01')).error).toBeNull();
  });

  it('is labelled only where one is mounted, and once', async () => {
    const site = mediaSite();
    const label = (root: string, name: string) =>
      site.harness.area.handlers['backup.media.label'](
        { root, label: name, pool: 'usb', location: '', anyFolder: false },
        callContext,
      );
    const folder = join(site.dir, 'mnt', 'nothing-mounted');
    mkdirSync(folder);
    const refused = await label(folder, 'HMTT-01');
    expect(refused.ok ? null : refused.error.code).toBe('BACKUP_MEDIUM_NOT_MOUNTED');
    expect(names(folder)).toEqual([]);
    const disk = site.disk('one');
    expect((await site.list()).unlabelled).toMatchObject([{ root: disk.root }]);
    value(await label(disk.root, 'HMTT-01'));
    const again = await label(disk.root, 'HMTT-02');
    expect(again.ok ? null : again.error.code).toBe('BACKUP_MEDIUM_LABELLED');
    const other = site.disk('two');
    const twice = await label(other.root, 'HMTT-01');
    expect(twice.ok ? null : twice.error.code).toBe('BACKUP_MEDIUM_LABEL_TWICE');
  });
});
