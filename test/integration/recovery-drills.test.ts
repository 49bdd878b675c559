import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { hmtt, startHeadlessEngine } from '../helpers/headless-engine.ts';
import { jobEnd } from '../helpers/job-end.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

/** Drills of real points: they prove what is whole, find what is not, and leave nothing behind. */

type Site = { readonly data: string; readonly archives: string; readonly source: string };

/** A data folder with one plan `core` and one full backup of it. */
async function site(files = 40, bytes = 50_000): Promise<Site> {
  const root = temporaryFolder('drill');
  const source = join(root, 'src');
  mkdirSync(join(source, '配置'), { recursive: true });
  writeFileSync(join(source, '配置', 'hmtt.conf'), 'listen = 8443\n');
  for (let i = 0; i < files; i += 1) writeFileSync(join(source, `f${i}`), randomBytes(bytes + i));
  const made = { data: join(root, 'data'), archives: join(root, 'archives'), source };
  const added = await hmtt(
    made.data,
    'backup',
    'add',
    'core',
    '--source',
    source,
    '--to',
    made.archives,
    '--rto',
    '1h',
  );
  expect(added).toMatchObject({ code: 0 });
  expect(await hmtt(made.data, 'backup', 'run', 'core')).toMatchObject({ code: 0 });
  return made;
}

const leftovers = (data: string): readonly string[] => {
  const dir = join(data, 'drills');
  return existsSync(dir) ? readdirSync(dir) : [];
};

test('a drill restores everything, reads it back, measures, records, and cleans up', async () => {
  const { data } = await site();
  const run = await hmtt(data, '--json', 'drill', 'core');
  expect(run.stderr + run.stdout).toContain('passed');
  expect(run.code).toBe(0);
  const drill = JSON.parse(run.stdout);
  expect(drill).toMatchObject({ state: 'passed', cleaned: true, failures: [], rtoMs: 3_600_000 });
  expect(drill.files).toBe(41);
  expect(drill.verified).toBe(drill.files);
  expect(drill.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(leftovers(data)).toEqual([]);
  const engine = await startHeadlessEngine(data);
  try {
    expect((await engine.call('restore.list', {})).restores).toEqual([]);
    const { records } = await engine.call('recovery.records.list', {});
    expect(records).toMatchObject([{ kind: 'test', outcome: 'passed' }]);
    const objectives = await engine.call('recovery.objectives', {});
    expect(objectives.plans).toMatchObject([
      { plan: 'core', rtoState: 'kept', rtoMeasuredBy: 'drill', stamp: { state: 'valid' } },
    ]);

    // What the stamp covers changes: it is void, and says why.
    await engine.call('recovery.environment.save', {
      kind: 'contact',
      name: '张三',
      detail: '',
      reach: '110',
      place: '',
    });
    const { stamps } = await engine.call('recovery.drillPlans.list', {});
    expect(stamps).toMatchObject([{ state: 'void', drift: [{ what: 'environment', name: '张三' }] }]);
  } finally {
    await engine.stop();
  }
});

test('a flipped byte in the archive fails the drill, and nothing is left of it', async () => {
  const { data, archives } = await site();
  const archive = readdirSync(archives).find((name) => name.endsWith('.tar.zst'));
  if (archive === undefined) throw new Error('no archive');
  const file = openSync(join(archives, archive), 'r+');
  const byte = Buffer.alloc(1);
  // In the midst of the random content of a file.
  readSync(file, byte, 0, 1, 180_000);
  writeSync(file, Buffer.from([(byte[0] ?? 0) ^ 0x40]), 0, 1, 180_000);
  closeSync(file);
  const run = await hmtt(data, '--json', 'drill', 'core');
  expect(run.code).not.toBe(0);
  expect(JSON.parse(run.stdout)).toMatchObject({ state: 'failed', cleaned: true });
  expect(run.stderr).toContain('error[');
  expect(leftovers(data)).toEqual([]);
});

test('the application has the last word: its check runs in the restored folder, bounded in time', async () => {
  const { data, source } = await site(3);
  const engine = await startHeadlessEngine(data);
  const conf = join(source, '配置', 'hmtt.conf').slice(1);
  const drill = async (command: string, timeoutMs = 30_000) => {
    await engine.call('recovery.drillPlans.set', {
      plan: 'core',
      schedule: null,
      everyDays: 30,
      scratchDir: null,
      appCheck: { command, timeoutMs },
    });
    const { drillId, jobId } = await engine.call('recovery.drills.run', { plan: 'core', by: '李四' });
    await jobEnd(engine, jobId);
    return engine.call('recovery.drills.get', { id: drillId });
  };
  try {
    const seen = await drill(`grep -q 8443 '${conf}' && test "$PWD" = "$HMTT_DRILL_DIR"`);
    expect(seen).toMatchObject({ state: 'passed', by: '李四', appCheck: { outcome: 'successful' } });
    const refused = await drill('echo 表空间损坏; exit 3');
    expect(refused).toMatchObject({
      state: 'failed',
      cleaned: true,
      error: { code: 'DRILL_APP_CHECK_FAILED' },
      appCheck: { outcome: 'failed', exitCode: 3 },
    });
    expect(refused.appCheck?.output).toContain('表空间损坏');
    const slow = await drill('sleep 60', 1_000);
    expect(slow).toMatchObject({ state: 'failed', appCheck: { outcome: 'timed_out' } });
    const { stamps } = await engine.call('recovery.drillPlans.list', {});
    expect(stamps).toMatchObject([{ plan: 'core', state: 'failed' }]);
    expect(leftovers(data)).toEqual([]);
  } finally {
    await engine.stop();
  }
});

test('kill -9 in the midst of a drill: the next start cleans up, and offers no half restore', async () => {
  const { data } = await site(300, 400_000);
  let engine = await startHeadlessEngine(data);
  // Its check keeps the drill going, so that the kill comes while everything lies in the scratch folder.
  await engine.call('recovery.drillPlans.set', {
    plan: 'core',
    schedule: null,
    everyDays: null,
    scratchDir: null,
    appCheck: { command: 'sleep 30', timeoutMs: 60_000 },
  });
  for (const wait of [100, 2_500]) {
    const { drillId } = await engine.call('recovery.drills.run', { plan: 'core' });
    // On a busy machine the drill begins late; it must have begun.
    for (let round = 0; round < 400 && leftovers(data).length === 0; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
    await engine.kill();
    expect(leftovers(data)).toHaveLength(1);
    engine = await startHeadlessEngine(data);
    // The folder goes first, and then the drill says so.
    await expect
      .poll(() => engine.call('recovery.drills.get', { id: drillId }))
      .toMatchObject({ state: 'interrupted', cleaned: true });
    expect(leftovers(data)).toEqual([]);
    expect((await engine.call('restore.list', {})).restores).toEqual([]);
  }
  expect(await engine.stop()).toBe(0);
});

test('an encrypted point with a database: not begun without the key, with it the dump is loaded, too', async () => {
  const { data, archives, source } = await site(2);
  const file = join(source, 'erp.db');
  const database = new Database(file);
  database.exec('CREATE TABLE orders (id INTEGER); INSERT INTO orders VALUES (1), (2)');
  database.close();
  const passphrase = join(source, '..', 'passphrase');
  writeFileSync(passphrase, 'five random words of a test\n');
  const added = await hmtt(
    data,
    'backup',
    'add',
    'erp',
    '--database',
    `sqlite:erp,file=${file}`,
    '--source',
    join(source, '配置'),
    '--to',
    archives,
    '--passphrase-file',
    passphrase,
  );
  expect(added).toMatchObject({ code: 0 });
  expect(await hmtt(data, 'backup', 'run', 'erp')).toMatchObject({ code: 0 });
  const locked = await hmtt(data, 'drill', 'erp');
  expect(locked.code).not.toBe(0);
  expect(locked.stderr).toContain('BACKUP_LOCKED');
  expect(leftovers(data)).toEqual([]);
  const opened = await hmtt(data, '--json', 'drill', 'erp', '--passphrase-file', passphrase);
  expect(opened).toMatchObject({ code: 0 });
  expect(JSON.parse(opened.stdout)).toMatchObject({
    state: 'passed',
    databases: [{ source: 'erp', kind: 'sqlite', tables: 1, error: null }],
  });
});

test('a drill without a point, of a plan that is not there, or twice at once is refused in words', async () => {
  const { data } = await site(2);
  const engine = await startHeadlessEngine(data);
  try {
    const run = (plan: string) => engine.client.call('recovery.drills.run', { plan });
    expect(await run('nobody')).toMatchObject({ error: { code: 'BACKUP_PLAN_MISSING' } });
    const first = await run('core');
    expect(await run('core')).toMatchObject({ error: { code: 'DRILL_RUNNING' } });
    if (first.ok) await jobEnd(engine, first.value.jobId);
    const wrong = await engine.client.call('recovery.drillPlans.set', {
      plan: 'core',
      schedule: '61 * * * *',
      everyDays: null,
      scratchDir: null,
      appCheck: null,
    });
    expect(wrong).toMatchObject({ error: { code: 'DRILL_SCHEDULE_INVALID' } });
  } finally {
    await engine.stop();
  }
});

test('runs of runbooks survive a kill; the register goes out as a file and comes back whole', async () => {
  const root = temporaryFolder('runs');
  const data = join(root, 'data');
  let engine = await startHeadlessEngine(data);
  const { id: runbookId } = await engine.call('recovery.runbooks.adopt', { incident: 'ransomware' });
  const { id } = await engine.call('recovery.runs.start', { runbookId, kind: 'exercise', by: '张三' });
  await engine.call('recovery.runs.tick', { id, stepId: 'ransomware-1', outcome: 'done', by: '李四' });
  await engine.kill();
  engine = await startHeadlessEngine(data);
  const run = await engine.call('recovery.runs.get', { id });
  expect(run).toMatchObject({ endedAt: null, ticks: [{ stepId: 'ransomware-1', by: '李四' }] });
  await engine.call('recovery.runs.end', { id, outcome: 'reached', lessons: '电话已更新' });
  expect((await engine.call('recovery.records.list', {})).records).toMatchObject([{ kind: 'exercise' }]);
  expect(await engine.stop()).toBe(0);

  const file = join(root, 'recovery.json');
  expect(await hmtt(data, 'recovery', 'export', file)).toMatchObject({ code: 0 });
  const other = join(root, 'other');
  const taken = await hmtt(other, '--json', 'recovery', 'import', file);
  expect(JSON.parse(taken.stdout)).toMatchObject({ added: 1, replaced: 0, same: 0 });
  const again = await hmtt(other, '--json', 'recovery', 'import', file);
  expect(JSON.parse(again.stdout)).toMatchObject({ added: 0, replaced: 0, same: 1 });
  writeFileSync(file, '{"format":"hmtt-recovery",\n"version":1,\n"risks":[}');
  const refused = await hmtt(other, 'recovery', 'import', file);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain('RECOVERY_FILE_REFUSED');
});
