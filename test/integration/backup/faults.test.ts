import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KIT_FILES } from '../../../main/engine/backup/media/kit-task.ts';
import { restsWhilePaused } from '../../helpers/paused-job.ts';
import { callContext, debian, type Harness, openHarness, scratch, value } from './harness.ts';

/** Mounts a small tmpfs; the test needs root for it. */
function mountTmpfs(dir: string, options: string): () => void {
  mkdirSync(dir, { recursive: true });
  debian('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', dir]);
  return () => debian('umount', [dir]);
}

describe('a backup that meets trouble', () => {
  let place: ReturnType<typeof scratch>;
  let source: string;
  let harness: Harness;
  const undo: (() => void)[] = [];

  beforeEach(() => {
    place = scratch('faults');
    source = join(place.dir, 'source');
    mkdirSync(source);
    for (let index = 0; index < 40; index += 1)
      writeFileSync(join(source, `f${String(index).padStart(2, '0')}`), randomBytes(100_000));
    harness = openHarness(place.dir);
  });
  afterEach(async () => {
    await harness.close();
    for (const call of undo.splice(0).reverse()) call();
    place.remove();
  });

  const report = (pointId: string | undefined) => value(harness.area.findPoint(pointId ?? '')).report;

  it('stops in words when the target is full, and keeps earlier points', async () => {
    const small = join(place.dir, 'small');
    undo.push(mountTmpfs(small, 'size=10m'));
    await harness.plan('full', [source], { targetDir: small });
    expect((await harness.run('full')).error).toBeNull();
    // Texts and a catalogue for a person who has only the medium are written beside, after a run has ended.
    const points = () =>
      readdirSync(small).filter((name) => !(KIT_FILES as readonly string[]).includes(name));
    const before = points();
    // More than the last run lets expect; where that much is not free already, a run is not even begun.
    writeFileSync(join(source, 'grown'), randomBytes(4_000_000));
    const job = await harness.run('full');
    expect(job.error?.code).toBe('BACKUP_TARGET_FULL');
    expect(job.error?.message.zh).toContain('已满');
    expect(job.error?.message.en).toContain('full');
    expect(points()).toEqual(before);
    expect((await harness.verify('full')).error).toBeNull();
    const { plans } = value(await harness.area.handlers['backup.plans.list']({}, callContext));
    expect(plans[0]?.lastError?.code).toBe('BACKUP_TARGET_FULL');
  });

  it('stops in words when the target is read-only', async () => {
    const locked = join(place.dir, 'locked');
    undo.push(mountTmpfs(locked, 'size=20m'));
    await harness.plan('ro', [source], { targetDir: locked });
    debian('mount', ['-o', 'remount,ro', locked]);
    const job = await harness.run('ro');
    expect(job.error?.code).toBe('BACKUP_TARGET_READ_ONLY');
    expect(job.error?.hint.zh).toContain('只读');
    expect(readdirSync(locked)).toEqual([]);
  });

  it('stops in words when the target is not there, and does not make it', async () => {
    const gone = join(place.dir, 'gone');
    await harness.plan('gone', [source], { targetDir: gone });
    rmSync(gone, { recursive: true });
    const job = await harness.run('gone');
    expect(job.error?.code).toBe('BACKUP_TARGET_MISSING');
    expect(() => readdirSync(gone)).toThrow();
  });

  it('makes no point when no source is there, and says which one is missing when one is', async () => {
    const second = join(place.dir, 'second');
    mkdirSync(second);
    await harness.plan('vanish', [source, second]);
    rmSync(second, { recursive: true });
    const job = await harness.run('vanish');
    expect(job.error).toBeNull();
    expect(report(job.result?.id).skipped.map((skip) => [skip.path, skip.error.code])).toEqual([
      [second.slice(1), 'BACKUP_SOURCE_MISSING'],
    ]);
    renameSync(source, `${source}.away`);
    expect((await harness.run('vanish')).error?.code).toBe('BACKUP_SOURCES_UNREADABLE');
  });

  it('reports files that it may not read, and goes on', async () => {
    // Root may read everything, so the run is made by a process that gave that power up.
    const dir = mkdtempSync(join(tmpdir(), 'hmtt-closed-'));
    undo.push(() => rmSync(dir, { recursive: true, force: true }));
    const mine = join(dir, 'source');
    mkdirSync(join(mine, 'closed'), { recursive: true });
    writeFileSync(join(mine, 'open'), 'readable');
    writeFileSync(join(mine, 'secret'), 'not to be read');
    chmodSync(join(mine, 'secret'), 0o000);
    chmodSync(join(mine, 'closed'), 0o000);
    const data = join(dir, 'data');
    mkdirSync(data);
    const child = join(import.meta.dirname, 'run-once.ts');
    const without = '-dac_override,-dac_read_search';
    const ran = spawnSync(
      'setpriv',
      [`--bounding-set=${without}`, `--inh-caps=${without}`, process.execPath, child, data, mine],
      { encoding: 'utf8' },
    );
    expect(ran.error, 'this test needs setpriv of util-linux, and root').toBeUndefined();
    const point: unknown = JSON.parse(ran.stdout);
    expect(point).toMatchObject({
      report: {
        files: 1,
        directories: 2,
        skippedTotal: 2,
        skipped: [
          { path: join(mine, 'closed').slice(1), error: { code: 'BACKUP_FILE_UNREADABLE' } },
          { path: join(mine, 'secret').slice(1), error: { code: 'BACKUP_FILE_UNREADABLE' } },
        ],
      },
    });
  });

  it('notices a file that changes while it is read, keeps its last reading, and reports it', async () => {
    const busy = join(source, 'busy');
    writeFileSync(busy, randomBytes(30_000_000));
    // Another process, because this one is busy reading.
    const writer = spawn(process.execPath, [
      '-e',
      `const fs = require('node:fs'); const fd = fs.openSync(${JSON.stringify(busy)}, 'r+');
       for (let n = 0; ; n++) { fs.writeSync(fd, 'x' + n, n % 1000); if (n === 1000) fs.writeSync(1, 'writing'); }`,
    ]);
    undo.push(() => writer.kill('SIGKILL'));
    await once(writer.stdout, 'data');
    await harness.plan('busy', [source]);
    const job = await harness.run('busy');
    writer.kill('SIGKILL');
    expect(job.error).toBeNull();
    const { skipped, files } = report(job.result?.id);
    expect(skipped.map((skip) => [skip.path, skip.error.code])).toEqual([
      [busy.slice(1), 'BACKUP_FILE_CHANGED'],
    ]);
    expect(files).toBe(41);
    // The abandoned readings are earlier members of the same name; tar ends with the last one, which the hash is of.
    const out = join(place.dir, 'out');
    mkdirSync(out);
    const { archivePath } = value(harness.area.findPoint(job.result?.id ?? ''));
    debian('sh', ['-c', 'zstd -dc "$1" | tar -xpf - -C "$2"', 'sh', archivePath, out]);
    debian('sha256sum', ['--quiet', '-c', '.hmtt-archive/SHA256SUMS'], { cwd: out });
  });

  it('survives files that grow, shrink, vanish and appear all the while', async () => {
    const churn = spawn(process.execPath, [
      '-e',
      `const fs = require('node:fs'); const dir = ${JSON.stringify(source)};
       for (let n = 0; ; n++) { const f = dir + '/churn' + (n % 50);
         try { if (n % 3 === 0) fs.rmSync(f); else if (n % 3 === 1) fs.truncateSync(f, n % 5000); else fs.appendFileSync(f, 'x'.repeat(n % 90000)); }
         catch {} }`,
    ]);
    undo.push(() => churn.kill('SIGKILL'));
    await harness.plan('churn', [source]);
    for (let round = 0; round < 3; round += 1) {
      const job = await harness.run('churn');
      expect(job.error).toBeNull();
      expect((await harness.verify('churn')).error).toBeNull();
    }
    churn.kill('SIGKILL');
  });

  it('leaves its own target out when that lies in a source, and says so', async () => {
    const inner = join(source, 'backups');
    await harness.plan('inner', [source], { targetDir: inner });
    const job = await harness.run('inner');
    expect(job.error).toBeNull();
    expect(report(job.result?.id).skipped[0]?.error.code).toBe('BACKUP_TARGET_EXCLUDED');
    expect(report(job.result?.id).files).toBe(40);
  });

  it('records sockets and FIFOs, skips pseudo file systems, and follows a source that is a link', async () => {
    const odd = join(place.dir, 'odd');
    mkdirSync(odd);
    debian('mkfifo', [join(odd, 'pipe')]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(odd, 'socket'), resolve));
    undo.push(() => server.close());
    mkdirSync(join(odd, 'proc'));
    debian('mount', ['-t', 'proc', 'proc', join(odd, 'proc')]);
    undo.push(() => debian('umount', [join(odd, 'proc')]));
    symlinkSync(source, join(place.dir, 'link'));
    await harness.plan('odd', [odd, join(place.dir, 'link')]);
    const job = await harness.run('odd');
    expect(job.error).toBeNull();
    const { special, symlinks, files, skipped } = report(job.result?.id);
    expect({ special, symlinks, files }).toEqual({ special: 2, symlinks: 1, files: 40 });
    expect(skipped.map((skip) => skip.error.code)).toEqual(['BACKUP_PSEUDO_FILE_SYSTEM']);
  });

  it('reports what lies deeper than the system can name, and keeps the rest', async () => {
    const deep = join(place.dir, 'deep');
    mkdirSync(deep);
    undo.push(() => debian('rm', ['-rf', deep]));
    // Relative steps go deeper than any path can name.
    const steps = `const fs = require('node:fs');
      for (let n = 0; n < 30; n++) { fs.mkdirSync('n'.repeat(200)); process.chdir('n'.repeat(200)); }
      fs.writeFileSync('file', 'x');`;
    debian(process.execPath, ['-e', steps], { cwd: deep });
    writeFileSync(join(deep, 'line\nbreak'), 'y');
    await harness.plan('deep', [deep]);
    const job = await harness.run('deep');
    expect(job.error).toBeNull();
    const { skipped, files } = report(job.result?.id);
    expect(files).toBe(1);
    expect(skipped.map((skip) => skip.error.code)).toEqual(['BACKUP_FILE_UNREADABLE']);
    expect(skipped[0]?.error.message.en).toContain('ENAMETOOLONG');
    expect((await harness.verify('deep')).error).toBeNull();
  });

  it('is cancelled without a trace, and can be paused', async () => {
    writeFileSync(join(source, 'large'), randomBytes(60_000_000));
    await harness.plan('stop', [source]);
    const { jobId } = value(
      await harness.area.handlers['backup.run'](
        { name: 'stop', type: 'full', regardless: false },
        callContext,
      ),
    );
    const again = await harness.area.handlers['backup.run'](
      { name: 'stop', type: 'full', regardless: false },
      callContext,
    );
    expect(again.ok ? '' : again.error.code).toBe('BACKUP_RUN_ACTIVE');
    await expect
      .poll(() => harness.jobs.get(jobId)?.progress, { interval: 1, timeout: 20_000 })
      .not.toBeNull();
    value(harness.jobs.setPaused(jobId, true));
    await restsWhilePaused(harness.jobs, jobId);
    harness.jobs.cancel(jobId);
    expect((await harness.jobs.ended(jobId)).state).toBe('cancelled');
    expect(readdirSync(harness.target)).toEqual([]);
    appendFileSync(join(source, 'large'), 'x');
    expect((await harness.run('stop')).error).toBeNull();
  });
});
