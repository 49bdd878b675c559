import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RunStopped } from '../../../main/engine/restore/run-stopped.ts';
import { targetMounts, watchTargets } from '../../../main/engine/restore/target-watch.ts';
import { type HeadlessEngine, startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { jobEnd } from '../../helpers/job-end.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';
import { describeTree, treeDifferences } from '../../helpers/trees.ts';
import { backUp, begunIn, plan, withEngine } from './harness.ts';

/** Real disks in files, so that they can be pulled and put in again with what is on them. */
function disk(
  root: string,
  name: string,
): { readonly at: string; readonly insert: () => void; pull: () => void } {
  const image = join(root, `${name}.img`);
  const at = join(root, name);
  mkdirSync(at);
  writeFileSync(image, '');
  truncateSync(image, 96 * 1024 * 1024);
  execFileSync('mkfs.ext4', ['-q', '-F', '-E', 'lazy_itable_init=1', image]);
  const insert = (): void => void execFileSync('mount', ['-o', 'loop', image, at]);
  insert();
  return { at, insert, pull: () => void execFileSync('umount', ['-l', at]) };
}

function many(root: string, count: number): string {
  const source = join(root, 'many');
  for (let i = 0; i < count; i++) {
    const folder = join(source, `d${i % 20}`);
    if (i < 20) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `f${i}`), Buffer.alloc(15_000 + i, i));
  }
  return source;
}

async function resumed(engine: HeadlessEngine, restoreId: string) {
  const { jobId } = await engine.call('restore.resume', { restoreId });
  return jobEnd(engine, jobId);
}

test('a target that is pulled in the middle: nothing lands on the disk below, and it resumes when it is back', async () => {
  await withEngine(async (engine, root) => {
    const source = many(root, 1_800);
    const pointId = await backUp(engine, 'many', source, join(root, 'backups'));
    const target = disk(root, 'usb');
    try {
      const planned = await plan(engine, { pointId, targetDir: join(target.at, 'out') });
      const started = await engine.call('restore.start', {
        planId: planned.id,
        confirm: planned.confirmWord,
      });
      await begunIn(join(target.at, 'out'));
      target.pull();
      const job = await jobEnd(engine, started.jobId);
      expect(job.error?.code).toBe('RESTORE_TARGET_GONE');
      expect(job.error?.message.zh).toContain('不见了');
      expect(readdirSync(target.at)).toEqual([]);

      const early = await resumed(engine, started.restoreId);
      expect(early.error?.code).toBe('RESTORE_TARGET_GONE');
      expect(readdirSync(target.at)).toEqual([]);

      target.insert();
      expect((await resumed(engine, started.restoreId)).error).toBeNull();
      const { evidence } = await engine.call('restore.evidence', { restoreId: started.restoreId });
      expect(evidence?.outcome).toBe('verified');
      expect(treeDifferences(describeTree(source), describeTree(join(target.at, 'out', source)))).toEqual([]);
      expect(execFileSync('find', [target.at, '-name', '*.part'], { encoding: 'utf8' })).toBe('');
    } finally {
      if (readdirSync(target.at).length > 0) target.pull();
    }
  });
});

test('a disk that goes between the look at it and what is then made: nothing is made on the disk below', () => {
  const root = temporaryFolder('restore');
  const { at, insert, pull } = disk(root, 'usb');
  const [mount] = targetMounts([{ at, device: String(statSync(at).dev), neededBytes: 0 }]);
  if (mount === undefined) throw new Error('no target');
  const watch = watchTargets([mount]);
  try {
    watch.check();
    pull();
    const folder = join(at, 'out', 'deep');
    mkdirSync(watch.anchored(folder), { recursive: true });
    writeFileSync(watch.anchored(join(folder, 'f')), 'data');
    writeFileSync(watch.anchored(join(at, 'f')), 'data');
    expect(readdirSync(at)).toEqual([]);
    expect(() => watch.check()).toThrow(RunStopped);
  } finally {
    watch.close();
  }
  // What was written went to the disk that was meant, and nothing holds it any more.
  insert();
  expect(readdirSync(join(at, 'out', 'deep'))).toEqual(['f']);
  execFileSync('umount', [at]);
});

test('a target that turns read-only stops the restore with a sentence; writable again, it ends right', async () => {
  await withEngine(async (engine, root) => {
    const source = many(root, 40);
    const pointId = await backUp(engine, 'many', source, join(root, 'backups'));
    const at = join(root, 'target');
    mkdirSync(at);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', at]);
    try {
      const planned = await plan(engine, { pointId, targetDir: join(at, 'out') });
      execFileSync('mount', ['-o', 'remount,ro', at]);
      const started = await engine.call('restore.start', {
        planId: planned.id,
        confirm: planned.confirmWord,
      });
      const job = await jobEnd(engine, started.jobId);
      expect(job.error?.code).toBe('READ_ONLY');
      expect(job.error?.hint.zh).not.toBe('');
      execFileSync('mount', ['-o', 'remount,rw', at]);
      expect((await resumed(engine, started.restoreId)).error).toBeNull();
      expect(treeDifferences(describeTree(source), describeTree(join(at, 'out', source)))).toEqual([]);
    } finally {
      execFileSync('umount', ['-l', at]);
    }
  });
});

test('the medium of the archive is missing: it says so before and in the middle, and goes on when it is back', async () => {
  const root = temporaryFolder('restore');
  const data = join(root, 'data');
  let engine = await startHeadlessEngine(data);
  const medium = disk(root, 'medium');
  try {
    const source = many(root, 1_800);
    const pointId = await backUp(engine, 'many', source, medium.at);
    const planned = await plan(engine, { pointId, targetDir: join(root, 'out') });
    const started = await engine.call('restore.start', { planId: planned.id, confirm: planned.confirmWord });
    await begunIn(join(root, 'out'));
    await engine.kill();
    medium.pull();
    engine = await startHeadlessEngine(data);
    const failed = await resumed(engine, started.restoreId);
    expect(failed.error?.code).toMatch(/^BACKUP_/);
    expect(failed.error?.message.zh).toMatch(/[\u4e00-\u9fff]/);
    const refused = await engine.client.call('restore.plan', { pointId, targetDir: join(root, 'other') });
    if (refused.ok)
      expect((await jobEnd(engine, refused.value.jobId)).error?.code).toBe('BACKUP_ARCHIVE_ABSENT');

    medium.insert();
    expect((await resumed(engine, started.restoreId)).error).toBeNull();
    expect(treeDifferences(describeTree(source), describeTree(join(root, 'out', source)))).toEqual([]);
  } finally {
    await engine.stop();
    if (readdirSync(medium.at).length > 0) medium.pull();
  }
});

test('an archive that is cut off and taken away in the middle stops the restore; put back, it resumes', async () => {
  await withEngine(async (engine, root) => {
    const source = join(root, 'large');
    mkdirSync(source);
    for (let i = 0; i < 24; i++) writeFileSync(join(source, `f${i}`), randomBytes(3_000_000));
    const pointId = await backUp(engine, 'large', source, join(root, 'backups'));
    const { archivePath } = await engine.call('backup.points.get', { pointId });
    const planned = await plan(engine, { pointId, targetDir: join(root, 'out') });
    execFileSync('cp', ['-p', archivePath, `${archivePath}.kept`]);
    const started = await engine.call('restore.start', { planId: planned.id, confirm: planned.confirmWord });
    await begunIn(join(root, 'out'));
    // What a pulled disk does to an open file: nothing more can be read, and its name is gone.
    execFileSync('chmod', ['u+w', archivePath]);
    truncateSync(archivePath, 4096);
    renameSync(archivePath, `${archivePath}.gone`);
    const job = await jobEnd(engine, started.jobId);
    if (job.state !== 'done') expect(job.error?.message.zh).toMatch(/[\u4e00-\u9fff]/);
    renameSync(`${archivePath}.kept`, archivePath);
    const { evidence: first } = await engine.call('restore.evidence', { restoreId: started.restoreId });
    if (first?.outcome !== 'verified') expect((await resumed(engine, started.restoreId)).error).toBeNull();
    expect(treeDifferences(describeTree(source), describeTree(join(root, 'out', source)))).toEqual([]);
    expect(existsSync(join(root, 'out', source, 'f23'))).toBe(true);
  });
});
