import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hmtt, startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { jobEnd } from '../../helpers/job-end.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';
import { describeTree, treeDifferences } from '../../helpers/trees.ts';
import { execute, plan, run } from './harness.ts';

const PASSPHRASE = 'correct horse battery staple 正确';

test('without its key, or with a wrong one, nothing is planned and nothing lost; with it, also after a restart', async () => {
  const root = temporaryFolder('restore-keys');
  const data = join(root, 'data');
  const source = join(root, 'srv');
  mkdirSync(join(root, 'backups'));
  mkdirSync(source);
  for (let i = 0; i < 20; i++) writeFileSync(join(source, `f${i}`), `content ${i}`);
  let engine = await startHeadlessEngine(data);
  const { recipient } = await engine.call('backup.keys.create', { name: 'site', passphrase: PASSPHRASE });
  await engine.call('backup.plans.add', {
    name: 'core',
    sources: [source],
    targetDir: join(root, 'backups'),
    encryption: { recipients: [recipient] },
  });
  const pointId = await run(engine, 'core');
  const unlock = () => engine.call('backup.keys.unlock', { passphrase: PASSPHRASE });

  // No key: the check says so before anything is computed, and so does the plan.
  const target = join(root, 'out');
  const check = await engine.call('restore.check', { pointId, targetDir: target });
  expect(check.ready).toBe(false);
  expect(check.items.find(({ id }) => id === 'key')).toMatchObject({ state: 'blocked' });
  const locked = await jobEnd(
    engine,
    (await engine.call('restore.plan', { pointId, targetDir: target })).jobId,
  );
  expect(locked.error?.code).toMatch(/LOCKED|KEY/);
  expect(locked.error?.message.zh).toMatch(/[\u4e00-\u9fff]/);
  expect(locked.error?.hint.zh).toMatch(/[\u4e00-\u9fff]/);

  const wrong = await engine.client.call('backup.keys.unlock', { passphrase: 'wrong' });
  expect(wrong.ok).toBe(false);

  await unlock();
  const planned = await plan(engine, { pointId, targetDir: target });
  await engine.kill();

  // A key is held in memory only: after a restart the restore waits for it, and goes on with it.
  engine = await startHeadlessEngine(data);
  const started = await engine.call('restore.start', { planId: planned.id, confirm: '' });
  expect((await jobEnd(engine, started.jobId)).error?.code).toBe(locked.error?.code);
  await unlock();
  const resumed = await engine.call('restore.resume', { restoreId: started.restoreId });
  expect((await jobEnd(engine, resumed.jobId)).error).toBeNull();
  expect(treeDifferences(describeTree(source), describeTree(join(target, source)))).toEqual([]);
  const again = await execute(engine, await plan(engine, { pointId, targetDir: target }));
  expect(again.evidence?.outcome).toBe('verified');

  await engine.call('backup.keys.lock', {});
  const file = join(root, 'passphrase');
  writeFileSync(file, `${PASSPHRASE}\n`);
  const out = join(root, 'cli');
  const refused = await hmtt(data, 'restore', 'core', '--to', out, '--yes');
  expect(refused.code).toBe(1);
  const opened = await hmtt(data, 'restore', 'core', '--to', out, '--yes', '--passphrase-file', file);
  expect(opened.code, opened.stderr).toBe(0);
  expect(treeDifferences(describeTree(source), describeTree(join(out, source)))).toEqual([]);
  await engine.stop();
});
