import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hmtt } from '../../helpers/headless-engine.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

test('retention is set, looked at, held and executed from the command line', async () => {
  const root = temporaryFolder('retention-cli');
  const data = join(root, 'data');
  const source = join(root, 'source');
  mkdirSync(source);
  const json = async (...args: string[]) => {
    const run = await hmtt(data, '--json', 'backup', ...args);
    expect(run.code, `${args.join(' ')}: ${run.stderr}`).toBe(0);
    return JSON.parse(run.stdout);
  };
  await json('add', 'core', '--source', source, '--to', join(root, 'target'));
  for (const content of ['a', 'b', 'c']) {
    writeFileSync(join(source, 'file'), content);
    await json('run', 'core');
  }
  const wrong = await hmtt(data, 'backup', 'retention', 'core', '--keep-daily', 'many');
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('--keep-daily');
  const set = await json(
    'retention',
    'core',
    '--keep-last',
    '1',
    '--zone',
    'Asia/Shanghai',
    '--no-after-run',
  );
  expect(set.retention).toMatchObject({ keepLast: 1, timeZone: 'Asia/Shanghai', afterRun: false });

  const dry = await json('prune', 'core', '--dry-run');
  expect(dry).toMatchObject({ remove: 2, pruned: false, refusal: null, timeZone: 'Asia/Shanghai' });
  const { points } = await json('list', 'core');
  expect(points).toHaveLength(3);
  await json('hold', points[2].id, '--who', 'Wang', '--why', 'tender');
  const again = await hmtt(data, 'backup', 'hold', points[2].id, '--why', 'again');
  expect(again.code).toBe(1);
  expect(again.stderr).toContain('error[BACKUP_HOLD_EXISTS]');
  expect(await json('prune', 'core')).toMatchObject({ remove: 1, pruned: true });
  expect((await json('list', 'core')).points.map(({ id }: { id: string }) => id)).toEqual([
    points[0].id,
    points[2].id,
  ]);
  await json('hold', points[2].id, '--clear', '--why', 'over');

  // What follows a run is waited for.
  await json('retention', 'core', '--after-run', '--verify-every', '30');
  await json('run', 'core');
  expect((await json('list', 'core')).points).toHaveLength(1);
});
