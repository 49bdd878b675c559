import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { jobEnd } from '../../helpers/job-end.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';
import { describeTree, treeDifferences } from '../../helpers/trees.ts';
import { backUp, execute, plan, restore, underWay, undo, undoPlan, withEngine } from './harness.ts';

/** Everything `stat` tells that an undo promises, to the nanosecond; inode numbers where a file must be the very same. */
function exactly(root: string): string[] {
  const lines: string[] = [];
  const visit = (path: Buffer): void => {
    const stats = lstatSync(path, { bigint: true });
    const own = `${path.toString('latin1')} ${stats.mode} ${stats.uid}:${stats.gid} ${stats.mtimeNs}`;
    if (stats.isDirectory()) {
      lines.push(own);
      for (const name of readdirSync(path, { encoding: 'buffer' }).toSorted(Buffer.compare))
        visit(Buffer.concat([path, Buffer.from('/'), name]));
    } else
      lines.push(
        `${own} ${stats.size} ${stats.isFile() ? readFileSync(path, 'latin1') : readlinkSync(path)}`,
      );
  };
  visit(Buffer.from(root));
  return lines;
}

function tree(root: string): string {
  const dir = join(root, 'app');
  mkdirSync(join(dir, 'conf', '空'), { recursive: true });
  mkdirSync(join(dir, 'untouched'));
  writeFileSync(join(dir, 'conf', 'a.conf'), 'listen = 1\n', { mode: 0o640 });
  writeFileSync(join(dir, 'conf', '中文.conf'), '旧\n');
  writeFileSync(Buffer.concat([Buffer.from(`${dir}/conf/raw-`), Buffer.from([0xff])]), 'raw');
  linkSync(join(dir, 'conf', 'a.conf'), join(dir, 'conf', 'a-again.conf'));
  symlinkSync('a.conf', join(dir, 'conf', 'current'));
  writeFileSync(join(dir, 'untouched', 'same'), 'same');
  return dir;
}

/** What happened to the tree after the backup: changed, removed, made, replaced. */
function damage(dir: string): void {
  writeFileSync(join(dir, 'conf', 'a.conf'), 'listen = 2, and more\n');
  chmodSync(join(dir, 'conf', 'a.conf'), 0o600);
  chownSync(join(dir, 'conf', '中文.conf'), 65534, 65534);
  rmSync(join(dir, 'conf', '空'), { recursive: true });
  rmSync(join(dir, 'conf', 'current'));
  symlinkSync('elsewhere', join(dir, 'conf', 'current'));
  writeFileSync(Buffer.concat([Buffer.from(`${dir}/conf/raw-`), Buffer.from([0xff])]), 'other bytes');
  writeFileSync(join(dir, 'conf', 'new-since'), 'made after the backup');
  chmodSync(join(dir, 'conf'), 0o700);
  // Times with all nine digits, which Node alone cannot give back.
  execFileSync('touch', [
    '-d',
    '2020-01-02 03:04:05.123456789',
    join(dir, 'conf', 'a.conf'),
    join(dir, 'conf'),
  ]);
}

test('undoing brings every path back to exactly what it was, and removes what the restore made', async () => {
  await withEngine(async (engine, root) => {
    const dir = tree(root);
    const comment = () =>
      execFileSync('getfattr', ['-d', '-m', '-', '--absolute-names', join(dir, 'conf', 'a.conf')], {
        encoding: 'utf8',
      });
    execFileSync('setfattr', ['-n', 'user.comment', '-v', '备份时', join(dir, 'conf', 'a.conf')]);
    const attributes = comment();
    const pointId = await backUp(engine, 'app', dir, join(root, 'backups'));
    const backedUp = describeTree(dir);
    execFileSync('setfattr', ['-n', 'user.comment', '-v', 'broken', join(dir, 'conf', 'a.conf')]);
    damage(dir);
    rmSync(join(dir, 'untouched', 'same'));
    const before = exactly(dir);
    const inode = lstatSync(join(dir, 'conf', 'a.conf')).ino;

    const done = await restore(engine, { pointId, targetDir: null, overwrite: 'always' });
    expect(done.evidence?.failures).toEqual([]);
    expect(done.planned.safety).toMatchObject({ method: 'link' });
    expect(comment()).toBe(attributes);
    expect(done.evidence?.safety?.files).toBeGreaterThanOrEqual(3);
    rmSync(join(dir, 'conf', 'new-since'));
    expect(treeDifferences(backedUp, describeTree(dir)).filter((line) => !/^conf:/.test(line))).toEqual([]);
    writeFileSync(join(dir, 'conf', 'new-since'), 'made after the backup');
    const state = await engine.call('restore.get', { restoreId: done.restoreId });
    expect(state).toMatchObject({ canUndo: true, undoneBy: null });

    const undone = await undo(engine, { restoreId: done.restoreId });
    expect(undone.evidence?.failures).toEqual([]);
    expect(undone.evidence?.outcome).toBe('verified');
    const time = lstatSync(join(dir, 'conf', 'new-since'), { bigint: true }).mtimeNs;
    expect(exactly(dir).map((line) => line.replace(String(time), '?'))).toEqual(
      before.map((line) => (line.includes('new-since') ? line.replace(/\d{19}/, '?') : line)),
    );
    expect(lstatSync(join(dir, 'conf', 'a.conf')).ino).toBe(inode);
    expect(comment()).toContain('broken');
    expect(await engine.call('restore.get', { restoreId: done.restoreId })).toMatchObject({
      canUndo: false,
      undoneBy: undone.restoreId,
    });

    // Undoing the undo is the restore again: nothing is ever lost.
    const again = await undo(engine, { restoreId: undone.restoreId });
    expect(again.evidence?.failures).toEqual([]);
    expect(readFileSync(join(dir, 'conf', 'a.conf'), 'utf8')).toBe('listen = 1\n');
    expect(readFileSync(join(dir, 'untouched', 'same'), 'utf8')).toBe('same');
  });
});

test('what was changed after the restore is kept unless it is said otherwise, and even then nothing is lost', async () => {
  await withEngine(async (engine, root) => {
    const dir = tree(root);
    const pointId = await backUp(engine, 'app', dir, join(root, 'backups'));
    damage(dir);
    const done = await restore(engine, { pointId, targetDir: null, overwrite: 'always' });
    writeFileSync(join(dir, 'conf', '中文.conf'), '恢复之后写的\n');
    mkdirSync(join(dir, 'conf', '空', '里面'));

    const kept = await undoPlan(engine, { restoreId: done.restoreId });
    const { items } = await engine.call('restore.plan.items', { planId: kept.id });
    const reasons = new Map(items.map((item) => [item.target, `${item.action} ${item.reason}`]));
    expect(reasons.get(join(dir, 'conf', '中文.conf'))).toBe('skip changed_since');
    const ended = await execute(engine, kept);
    expect(ended.evidence?.outcome).toBe('with_failures');
    expect(ended.evidence?.failures.map(({ error }) => error.code)).toEqual(['RESTORE_NOT_REMOVED']);
    expect(readFileSync(join(dir, 'conf', '中文.conf'), 'utf8')).toBe('恢复之后写的\n');
    expect(existsSync(join(dir, 'conf', '空', '里面'))).toBe(true);
    expect(readFileSync(join(dir, 'conf', 'a.conf'), 'utf8')).toContain('listen = 2');
  });
});

test('a restore into another folder is undone without a trace', async () => {
  await withEngine(async (engine, root) => {
    const dir = tree(root);
    const pointId = await backUp(engine, 'app', dir, join(root, 'backups'));
    const out = join(root, 'deep', 'er', 'out');
    const planned = await plan(engine, { pointId, targetDir: out });
    expect(planned.confirmWord).toBe('');
    expect(planned.safety).toBeNull();
    const done = await execute(engine, planned);
    expect(existsSync(join(out, dir, 'conf', 'a.conf'))).toBe(true);
    const undone = await undo(engine, { restoreId: done.restoreId });
    expect(undone.planned.confirmWord).toBe('app');
    expect(undone.evidence?.failures).toEqual([]);
    expect(existsSync(join(root, 'deep'))).toBe(false);
  });
});

test('on another file system the old files are copied, read back, and counted in the space that is needed', async () => {
  await withEngine(async (engine, root) => {
    const mount = join(root, 'mount');
    mkdirSync(mount);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', mount]);
    try {
      const dir = tree(mount);
      writeFileSync(join(dir, 'big'), Buffer.alloc(3_000_000, 'old'));
      const pointId = await backUp(engine, 'app', dir, join(root, 'backups'));
      damage(dir);
      appendFileSync(join(dir, 'big'), 'and more');
      const before = exactly(dir);
      const done = await restore(engine, { pointId, targetDir: null, overwrite: 'always' });
      expect(done.evidence?.failures).toEqual([]);
      expect(done.planned.safety).toMatchObject({ method: 'copy' });
      expect(done.planned.safety?.bytes).toBeGreaterThan(3_000_000);
      expect(statBytes(done.planned.safety?.dir ?? '')).toBeGreaterThan(3_000_000);
      const undone = await undo(engine, { restoreId: done.restoreId });
      expect(undone.evidence?.failures).toEqual([]);
      expect(exactly(dir)).toEqual(before);

      await engine.call('restore.discardSafety', { restoreId: done.restoreId, confirm: 'app' });
      expect(existsSync(done.planned.safety?.dir ?? '')).toBe(false);
      const refused = await engine.client.call('restore.undo', { restoreId: done.restoreId });
      expect(refused.ok ? '' : refused.error.code).toBe('RESTORE_NOTHING_TO_UNDO');
    } finally {
      execFileSync('umount', [mount]);
    }
  });
});

test('killed at any moment of restore and undo, both resume, and the end is exactly the beginning', async () => {
  const root = temporaryFolder('undo-kill');
  const data = join(root, 'data');
  let engine = await startHeadlessEngine(data);
  const dir = join(root, 'many');
  for (let i = 0; i < 700; i++) {
    const folder = join(dir, `d${i % 30}`);
    if (i < 30) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `f${i}`), Buffer.alloc(4_000 + i, i));
  }
  const pointId = await backUp(engine, 'many', dir, join(root, 'backups'));
  for (let i = 0; i < 700; i += 2) writeFileSync(join(dir, `d${i % 30}`, `f${i}`), `changed ${i}`);
  for (let i = 1; i < 300; i += 2) rmSync(join(dir, `d${i % 30}`, `f${i}`));
  const before = exactly(dir);
  let kills = 0;
  const toTheEnd = async (planId: string, word: string): Promise<void> => {
    const { restoreId } = await engine.call('restore.start', { planId, confirm: word });
    for (let kill = 0; kill < 2; kill++) {
      // The first at once: so many files are not written before it.
      if (kill > 0) {
        await underWay(engine, restoreId);
        await wait(Math.random() * 250);
      }
      await engine.kill();
      engine = await startHeadlessEngine(data);
      // It may have come to its end before the kill did.
      const { restores } = await engine.call('restore.list', {});
      if (restores.find((one) => one.id === restoreId)?.state === 'done') return;
      kills += 1;
      await engine.call('restore.resume', { restoreId });
    }
    const { jobId } = await engine.call('restore.get', { restoreId });
    expect((await jobEnd(engine, jobId ?? '')).error).toBeNull();
  };
  const planned = await plan(engine, { pointId, targetDir: null, overwrite: 'always' });
  await toTheEnd(planned.id, 'many');
  expect((await engine.call('restore.evidence', { restoreId: planned.id })).evidence?.outcome).toBe(
    'verified',
  );
  expect(readFileSync(join(dir, 'd0', 'f0')).length).toBe(4_000);

  const back = await undoPlan(engine, { restoreId: planned.id });
  await toTheEnd(back.id, 'many');
  const { evidence } = await engine.call('restore.evidence', { restoreId: back.id });
  expect(evidence?.failures).toEqual([]);
  expect(exactly(dir)).toEqual(before);
  expect(execFileSync('find', [dir, '-name', '*.part'], { encoding: 'utf8' })).toBe('');
  expect(kills).toBeGreaterThan(0);
  await engine.stop();
});

function statBytes(dir: string): number {
  return Number(execFileSync('du', ['-sb', dir], { encoding: 'utf8' }).split('\t')[0]);
}
