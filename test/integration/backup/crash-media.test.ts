import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { isKitLeftover } from '../../../main/engine/backup/media/kit-task.ts';
import { isArchiveName } from '../../../main/engine/backup/names.ts';
import { callContext, debian, openHarness, scratch, value } from './harness.ts';
import { killedAfter } from './killed-child.ts';

/** How often the process is killed; a release's full check sets it to 50. */
const KILLS = Number(process.env.HMTT_BACKUP_KILLS ?? 10);
const CHILD = join(import.meta.dirname, 'crash-media-child.ts');

const open = (dir: string) => openHarness(dir, { mediaPlaces: { parents: [join(dir, 'mnt')], roots: [] } });

it(`a copy that is killed ${KILLS} times leaves nothing half, and the next needs no help`, {
  timeout: 300_000 + 20_000 * KILLS,
}, async () => {
  const place = scratch('crash-copy');
  onTestFinished(() => place.remove());
  const usb = join(place.dir, 'mnt/usb');
  const archives = join(usb, 'archives');
  mkdirSync(usb, { recursive: true });
  const source = join(place.dir, 'source');
  mkdirSync(source);
  const first = open(place.dir);
  await first.plan('crash', [source]);
  for (let run = 0; run < 3; run += 1) {
    writeFileSync(join(source, `f${run}`), randomBytes(8_000_000));
    expect((await first.run('crash', run === 0 ? 'full' : 'incremental')).error).toBeNull();
  }
  value(
    await first.area.handlers['backup.media.label'](
      { root: usb, label: 'M', pool: 'usb', location: '', anyFolder: true },
      callContext,
    ),
  );
  await first.close();
  for (let kill = 0; kill < KILLS; kill += 1) {
    await killedAfter(Math.random() * 600, CHILD, place.dir, 'copy');
    // Under a final name only what is whole and has its sums and manifest beside it.
    const names = existsSync(archives) ? readdirSync(archives) : [];
    for (const name of names.filter(isArchiveName))
      debian('sha256sum', ['--quiet', '-c', name.replace(/\.tar\.zst$/, '.sha256')], { cwd: archives });
    const next = open(place.dir);
    await next.area.ready;
    // What the catalogue calls intact is there.
    const { points } = value(await next.area.handlers['backup.points.list']({}, callContext));
    for (const { copies } of points)
      for (const copy of copies.filter(({ state }) => state === 'intact'))
        expect(existsSync(copy.path)).toBe(true);
    const { jobIds } = value(
      await next.area.handlers['backup.copy'](
        { name: 'crash', to: 'M', all: true, bytesPerSecond: null },
        callContext,
      ),
    );
    expect((await next.jobs.ended(jobIds[0] ?? '')).error).toBeNull();
    const whole = readdirSync(archives);
    expect(whole).toHaveLength(9);
    expect(whole.filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(readdirSync(usb).filter(isKitLeftover)).toEqual([]);
    for (const name of whole.filter((each) => each.endsWith('.sha256')))
      debian('sha256sum', ['--quiet', '-c', name], { cwd: archives });
    await next.close();
    rmSync(archives, { recursive: true });
    // The next round begins with nothing of this one.
    expect(existsSync(archives) ? readdirSync(archives) : []).toEqual([]);
  }
});

it(`a rebuild that is killed ${KILLS} times keeps what it read, and reads the rest`, {
  timeout: 300_000 + 20_000 * KILLS,
}, async () => {
  const place = scratch('crash-rebuild');
  onTestFinished(() => place.remove());
  const source = join(place.dir, 'source');
  mkdirSync(source);
  for (let index = 0; index < 200; index += 1) writeFileSync(join(source, `f${index}`), `${index}`);
  mkdirSync(join(place.dir, 'maker'));
  const maker = openHarness(join(place.dir, 'maker'), { target: join(place.dir, 'target') });
  await maker.plan('crash', [source]);
  for (let run = 0; run < 30; run += 1) {
    writeFileSync(join(source, 'changes'), `${run}`);
    expect((await maker.run('crash', run % 10 === 0 ? 'full' : 'incremental')).error).toBeNull();
  }
  await maker.close();
  let before = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    await killedAfter(Math.random() * 120, CHILD, place.dir, 'rebuild');
    const next = open(place.dir);
    await next.area.ready;
    const points = value(await next.area.handlers['backup.points.list']({}, callContext)).points;
    expect(points.length).toBeGreaterThanOrEqual(before);
    before = points.length;
    const indexes = readdirSync(join(place.dir, 'catalogue'));
    expect(indexes.filter((name) => name.includes('.part'))).toEqual([]);
    await next.close();
  }
  const last = open(place.dir);
  const rebuild = async () => {
    const { jobId } = value(
      await last.area.handlers['backup.rebuild']({ dirs: [join(place.dir, 'target')] }, callContext),
    );
    expect((await last.jobs.ended(jobId)).error).toBeNull();
    return value(await last.area.handlers['backup.rebuild.report']({}, callContext)).report;
  };
  const report = await rebuild();
  expect(report?.counts.known).toBe(before);
  expect(report?.counts.catalogued).toBe(30 - before);
  expect(report?.finishedAt).not.toBeNull();
  expect((await rebuild())?.counts).toEqual({ catalogued: 0, copy: 0, known: 30, unreadable: 0 });
  // An archive that changed since is read again, and what is wrong with it is told.
  const names = readdirSync(join(place.dir, 'target')).filter(isArchiveName);
  copyFileSync(join(place.dir, 'target', names[0] ?? ''), join(place.dir, 'target', 'copied.full.tar.zst'));
  writeFileSync(join(place.dir, 'target', 'broken.full.tar.zst'), randomBytes(5_000));
  const third = await rebuild();
  expect(third?.counts).toEqual({ catalogued: 0, copy: 1, known: 30, unreadable: 1 });
  expect(third?.archives.find(({ outcome }) => outcome === 'unreadable')?.error?.code).toBe(
    'BACKUP_NOT_AN_ARCHIVE',
  );
  const { points } = value(await last.area.handlers['backup.points.list']({}, callContext));
  expect(points).toHaveLength(30);
  for (const point of points) expect(point.chain.brokenBy).toBeNull();
  await last.close();
});
