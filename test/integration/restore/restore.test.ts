import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { jobEnd } from '../../helpers/job-end.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';
import { describeTree, treeDifferences } from '../../helpers/trees.ts';
import { backUp, begunIn, plan, restore, underWay, withEngine } from './harness.ts';

/** A folder with all that a file system has, as far as a test may make it. */
function oddTree(root: string): string {
  const dir = join(root, 'odd');
  mkdirSync(join(dir, 'empty'), { recursive: true });
  mkdirSync(join(dir, '中文 目录'));
  writeFileSync(join(dir, 'a.txt'), 'alpha');
  writeFileSync(join(dir, '中文 目录', '文件\n名.txt'), '内容');
  writeFileSync(Buffer.concat([Buffer.from(`${dir}/raw-`), Buffer.from([0xff, 0xfe])]), 'not UTF-8');
  writeFileSync(join(dir, 'empty-file'), '');
  writeFileSync(join(dir, 'big'), Buffer.alloc(5_000_000, 'hmtt '));
  writeFileSync(join(dir, 'script'), '#!/bin/sh\n');
  chmodSync(join(dir, 'script'), 0o4755);
  linkSync(join(dir, 'a.txt'), join(dir, 'z-second-name'));
  symlinkSync('a.txt', join(dir, 'link'));
  symlinkSync('/nowhere/at/all', join(dir, 'dangling'));
  symlinkSync('empty', join(dir, 'link-to-folder'));
  chmodSync(join(dir, 'empty'), 0o751);
  utimesSync(join(dir, 'a.txt'), 1_500_000_000, 1_500_000_000.123);
  utimesSync(join(dir, 'empty'), 1_400_000_000, 1_400_000_000);
  return dir;
}

test('/usr/include/linux comes back byte for byte, with modes, owners, times and links', async () => {
  await withEngine(async (engine, root) => {
    const pointId = await backUp(engine, 'include', '/usr/include/linux', join(root, 'backups'));
    const { evidence } = await restore(engine, { pointId, targetDir: join(root, 'out') });
    expect(evidence?.outcome).toBe('verified');
    expect(evidence?.failures).toEqual([]);
    const before = describeTree('/usr/include/linux');
    expect(before.size).toBeGreaterThan(500);
    expect(evidence?.verified).toBe(
      [...before.values()].filter((entry) => entry.type !== 'directory').length,
    );
    expect(treeDifferences(before, describeTree(join(root, 'out/usr/include/linux')))).toEqual([]);
  });
});

test('names that are not UTF-8, hard and dangling links, setuid, empty folders: all come back', async () => {
  await withEngine(async (engine, root) => {
    const source = oddTree(root);
    const before = describeTree(source);
    const pointId = await backUp(engine, 'odd', source, join(root, 'backups'));
    const { evidence } = await restore(engine, { pointId, targetDir: join(root, 'out') });
    expect(evidence?.outcome).toBe('verified');
    expect(treeDifferences(before, describeTree(join(root, 'out', source)))).toEqual([]);
  });
});

test('one name of a hard-linked file comes back alone, with its content', async () => {
  await withEngine(async (engine, root) => {
    const source = oddTree(root);
    const pointId = await backUp(engine, 'odd', source, join(root, 'backups'));
    const only = `${source.slice(1)}/z-second-name`;
    const { evidence } = await restore(engine, { pointId, targetDir: join(root, 'out'), selection: [only] });
    expect(evidence).toMatchObject({ outcome: 'verified', files: 1 });
    expect(readFileSync(join(root, 'out', source, 'z-second-name'), 'utf8')).toBe('alpha');
    expect(readdirSync(join(root, 'out', source))).toEqual(['z-second-name']);
  });
});

test('the original place: the rule decides what is replaced, and nothing is replaced that changed after the preview', async () => {
  await withEngine(async (engine, root) => {
    const source = oddTree(root);
    const before = describeTree(source);
    const pointId = await backUp(engine, 'odd', source, join(root, 'backups'));
    rmSync(join(source, 'big'));
    writeFileSync(join(source, 'a.txt'), 'damaged');
    rmSync(join(source, 'link'));
    symlinkSync('elsewhere', join(source, 'link'));

    const kept = await restore(engine, { pointId, targetDir: null, overwrite: 'never' });
    expect(kept.evidence?.outcome).toBe('verified');
    expect(statSync(join(source, 'big')).size).toBe(5_000_000);
    expect(readFileSync(join(source, 'a.txt'), 'utf8')).toBe('damaged');

    const planned = await plan(engine, { pointId, targetDir: null, overwrite: 'always' });
    expect(planned.totals.update.files).toBeGreaterThanOrEqual(2);
    appendFileSync(join(source, 'a.txt'), ' and changed after the preview');
    const started = await engine.call('restore.start', { planId: planned.id, confirm: planned.confirmWord });
    await jobEnd(engine, started.jobId);
    const { evidence } = await engine.call('restore.evidence', { restoreId: started.restoreId });
    expect(evidence?.outcome).toBe('with_failures');
    expect(evidence?.failures.map((failure) => failure.error.code)).toContain('RESTORE_TARGET_CHANGED');
    expect(readFileSync(join(source, 'a.txt'), 'utf8')).toContain('changed after the preview');

    const again = await restore(engine, { pointId, targetDir: null, overwrite: 'always' });
    expect(again.evidence?.outcome).toBe('verified');
    expect(treeDifferences(before, describeTree(source))).toEqual([]);
  });
});

test('a preview writes nothing, and a wrong confirmation starts nothing', async () => {
  await withEngine(async (engine, root) => {
    const pointId = await backUp(engine, 'odd', oddTree(root), join(root, 'backups'));
    const planned = await plan(engine, { pointId, targetDir: join(root, 'out') });
    const { items, total } = await engine.call('restore.plan.items', {
      planId: planned.id,
      action: 'restore',
    });
    expect(items).toHaveLength(total);
    const refused = await engine.client.call('restore.start', { planId: planned.id, confirm: 'yes' });
    expect(refused.ok ? '' : refused.error.code).toBe('RESTORE_NOT_CONFIRMED');
    expect(existsSync(join(root, 'out'))).toBe(false);
  });
});

test('nothing is written through a symbolic link that stands in the way', async () => {
  await withEngine(async (engine, root) => {
    const source = oddTree(root);
    const pointId = await backUp(engine, 'odd', source, join(root, 'backups'));
    const outside = join(root, 'outside');
    mkdirSync(outside);
    mkdirSync(join(root, 'out', source, '..'), { recursive: true });
    symlinkSync(outside, join(root, 'out', source));
    const { evidence } = await restore(engine, {
      pointId,
      targetDir: join(root, 'out'),
      overwrite: 'always',
    });
    expect(readdirSync(outside)).toEqual([]);
    expect(evidence?.notes.some((note) => note.en.includes('unsafe'))).toBe(true);
  });
});

test('a flipped byte costs the files of its frame, is named, and everything else comes back', async () => {
  await withEngine(async (engine, root) => {
    const source = join(root, 'files');
    mkdirSync(source);
    for (let i = 0; i < 40; i++) {
      writeFileSync(join(source, `f${i}`), execFileSync('head', ['-c', '300000', '/dev/urandom']));
    }
    const pointId = await backUp(engine, 'files', source, join(root, 'backups'));
    const { archivePath } = await engine.call('backup.points.get', { pointId });
    const middle = Math.floor(statSync(archivePath).size / 2);
    chmodSync(archivePath, 0o600);
    const handle = openSync(archivePath, 'r+');
    const byte = Buffer.alloc(1);
    readSync(handle, byte, 0, 1, middle);
    byte[0] = (byte[0] ?? 0) ^ 0x40;
    writeSync(handle, byte, 0, 1, middle);
    closeSync(handle);

    const { evidence } = await restore(engine, { pointId, targetDir: join(root, 'out') });
    expect(evidence?.outcome).toBe('with_failures');
    const lost = evidence?.failures.map((failure) => failure.path) ?? [];
    expect(lost.length).toBeGreaterThan(0);
    expect(lost.length).toBeLessThan(12);
    const back = readdirSync(join(root, 'out', source));
    expect(back).toHaveLength(40 - lost.length);
    for (const name of back) {
      expect(
        readFileSync(join(root, 'out', source, name)).equals(readFileSync(join(source, name))),
        name,
      ).toBe(true);
    }
  });
});

test('a full disk stops the restore with a sentence; given space it resumes and ends right', async () => {
  await withEngine(async (engine, root) => {
    const source = join(root, 'files');
    mkdirSync(source);
    for (let i = 0; i < 30; i++) writeFileSync(join(source, `f${i}`), Buffer.alloc(200_000, i));
    const pointId = await backUp(engine, 'files', source, join(root, 'backups'));
    const small = join(root, 'small');
    mkdirSync(small);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', small]);
    try {
      writeFileSync(join(small, 'ballast'), Buffer.alloc(5_000_000));
      const planned = await plan(engine, { pointId, targetDir: join(small, 'out') });
      const refused = await engine.client.call('restore.start', {
        planId: planned.id,
        confirm: planned.confirmWord,
      });
      expect(refused.ok ? '' : refused.error.code).toBe('RESTORE_NO_SPACE');

      // The space is there when the restore starts, and is taken by somebody else while it runs.
      rmSync(join(small, 'ballast'));
      const started = await engine.call('restore.start', {
        planId: planned.id,
        confirm: planned.confirmWord,
      });
      try {
        writeFileSync(join(small, 'ballast'), Buffer.alloc(7_900_000));
      } catch {
        // As much as fits.
      }
      const job = await jobEnd(engine, started.jobId);
      if (job.state === 'failed') expect(job.error?.code).toBe('DISK_FULL');
      rmSync(join(small, 'ballast'));
      if (job.state === 'failed') {
        const resumed = await engine.call('restore.resume', { restoreId: started.restoreId });
        expect((await jobEnd(engine, resumed.jobId)).state).toBe('done');
      }
      expect(treeDifferences(describeTree(source), describeTree(join(small, 'out', source)))).toEqual([]);
      expect(execFileSync('find', [small, '-name', '*.part'], { encoding: 'utf8' })).toBe('');
    } finally {
      execFileSync('umount', [small]);
    }
  });
});

test('kill -9 in the middle: the restore is offered again, resumes, and ends with the same bytes', async () => {
  const root = temporaryFolder('restore');
  const data = join(root, 'data');
  let engine = await startHeadlessEngine(data);
  const source = join(root, 'many');
  for (let i = 0; i < 4_000; i++) {
    const folder = join(source, `d${i % 30}`);
    if (i < 30) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `f${i}`), Buffer.alloc(8_000 + i, i));
  }
  const pointId = await backUp(engine, 'many', source, join(root, 'backups'));
  const planned = await plan(engine, { pointId, targetDir: join(root, 'out') });
  const { restoreId } = await engine.call('restore.start', {
    planId: planned.id,
    confirm: planned.confirmWord,
  });
  let kills = 0;
  let isDone = false;
  while (kills < 4) {
    if (kills === 0) await begunIn(join(root, 'out'));
    else {
      await underWay(engine, restoreId);
      await wait(Math.random() * 400);
    }
    await engine.kill();
    engine = await startHeadlessEngine(data);
    const { restores } = await engine.call('restore.list', {});
    const state = restores.find((one) => one.id === restoreId)?.state;
    // It may have come to its end before the kill did.
    isDone = kills > 0 && state === 'done';
    if (isDone) break;
    expect(state).toBe('interrupted');
    kills += 1;
    await engine.call('restore.resume', { restoreId });
  }
  expect(kills).toBeGreaterThan(0);
  // A job is not known any more to an engine that was started after its end; the evidence is.
  if (!isDone) {
    const { jobId } = await engine.call('restore.get', { restoreId });
    expect((await jobEnd(engine, jobId ?? '')).state).toBe('done');
  }
  const { evidence } = await engine.call('restore.evidence', { restoreId });
  expect(evidence).toMatchObject({ outcome: 'verified', interruptions: kills });
  expect(treeDifferences(describeTree(source), describeTree(join(root, 'out', source)))).toEqual([]);
  await engine.stop();
});

test('an archive that was swapped for another one is refused before anything is compared or written', async () => {
  await withEngine(async (engine, root) => {
    const source = oddTree(root);
    const first = await backUp(engine, 'one', source, join(root, 'backups'));
    const second = await backUp(engine, 'two', join(source, '中文 目录'), join(root, 'backups'));
    const [one, two] = await Promise.all(
      [first, second].map((pointId) => engine.call('backup.points.get', { pointId })),
    );
    copyFileSync(two?.archivePath ?? '', one?.archivePath ?? '');
    const job = await jobEnd(
      engine,
      (await engine.call('restore.plan', { pointId: first, targetDir: join(root, 'out') })).jobId,
    );
    expect(job.error?.code).toBe('BACKUP_MANIFEST_DIFFERS');
    expect(existsSync(join(root, 'out'))).toBe(false);
  });
});
