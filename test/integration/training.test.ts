import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TrainingLesson } from '#shared/contract/training.ts';
import { prepareTrainingFolder } from '../../main/engine/training-site.ts';
import { type HeadlessEngine, hmtt, startHeadlessEngine } from '../helpers/headless-engine.ts';
import { jobEnd } from '../helpers/job-end.ts';

/** A newcomer walks through the lessons, by the command line and by what the window asks for. */
let dir = '';
let engine: HeadlessEngine;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'hmtt-training-'));
  expect(prepareTrainingFolder(dir).ok).toBe(true);
  engine = await startHeadlessEngine(dir);
});
afterAll(async () => {
  await engine.stop();
  engine.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Incidents that the console's conditions and the site's rules find by themselves. */
const seen = [
  ['disk_filling', 'DiskFull', 'app-2'],
  ['error_burst', 'RequestsFail', 'app-4'],
  ['slow_database', 'DatabaseSlow', 'db-1'],
  ['clock_drift', 'ClockOffset', 'app-5'],
] as const;

/** Whether an alert about a machine fires, or did at any time. */
async function fires(alertname: string, node: string, state: 'firing' | 'all' = 'firing'): Promise<boolean> {
  const { alerts } = await engine.call('alerts.list', { state });
  return alerts.some(
    ({ labels }) => labels.alertname === alertname && (labels.host ?? labels.instance) === node,
  );
}
const raised = (alertname: string, node: string): Promise<void> =>
  expect
    .poll(() => fires(alertname, node), { timeout: 150_000, message: `${alertname} of ${node}` })
    .toBe(true);
const ended = (alertname: string, node: string): Promise<void> =>
  expect.poll(() => fires(alertname, node), { timeout: 150_000, message: `end of ${alertname}` }).toBe(false);

async function steps(id: TrainingLesson['id']): Promise<readonly boolean[]> {
  const { lessons } = await engine.call('training.status', {});
  return lessons.find((lesson) => lesson.id === id)?.steps.map(({ done }) => done) ?? [];
}

test('the site is there: ten machines that answer, log and change', async () => {
  const hosts = async () =>
    (await engine.call('hosts.list', {})).hosts.filter((host) => !host.thisWorkstation);
  await expect.poll(async () => (await hosts()).filter(({ state }) => state === 'up').length).toBe(10);
  expect((await hosts()).map(({ name }) => name).toSorted()).toContain('app-6');
  const lines = async () =>
    (await engine.call('logs.sources.list', {})).sources.filter(({ lines: read }) => read > 0).length;
  await expect.poll(lines).toBe(10);
  const { plans } = await engine.call('backup.plans.list', {});
  expect(plans.map(({ name }) => name)).toEqual(['training']);
});

test('an alert is raised by an incident, and the lesson follows what the engine knows', async () => {
  expect(await steps('alert')).toEqual([false, false, false]);
  const begun = await hmtt(dir, 'training', 'begin', 'node_down');
  expect(begun).toMatchObject({ code: 0 });
  expect(begun.stdout).toContain('app-3');
  // The errors of the next lesson gather meanwhile, and a disk fills.
  for (const [id] of seen) await engine.call('training.incident', { id, active: true });
  await expect.poll(() => steps('alert'), { timeout: 40_000 }).toEqual([true, true, false]);
  await engine.call('training.incident', { id: 'node_down', active: false });
  await expect.poll(() => steps('alert'), { timeout: 40_000 }).toEqual([true, true, true]);
});

test('a cause is found in the logs, and only the right answer counts', async () => {
  const failing = async (): Promise<Map<string, number>> => {
    await engine.call('logs.sync', {});
    const { events } = await engine.call('logs.search', { query: 'level:error' });
    const orders = new Map<string, number>();
    for (const { fields } of events)
      orders.set(fields.order ?? '', (orders.get(fields.order ?? '') ?? 0) + 1);
    return orders;
  };
  const most = async (): Promise<number> => Math.max(0, ...(await failing()).values());
  await expect.poll(most, { timeout: 40_000 }).toBeGreaterThan(3);
  const [[order] = ['']] = [...(await failing())].sort(([, a], [, b]) => b - a);
  expect(await engine.call('training.answer', { text: 'SO-1' })).toEqual({ right: false });
  expect(await hmtt(dir, 'training', 'answer', order)).toMatchObject({ code: 0, stdout: 'right\n' });
  expect(await steps('logs')).toEqual([true, true, false]);
  await engine.call('training.incident', { id: 'error_burst', active: false });
  expect(await steps('logs')).toEqual([true, true, true]);
});

test("a rotation by the console's own policy counts, wherever its archive is", async () => {
  const { lessons } = await engine.call('training.status', {});
  const path = lessons.find(({ id }) => id === 'rotation')?.steps[0]?.copy ?? '';
  await engine.call('rotation.policies.put', { name: 'app-1', paths: [path] });
  expect(await steps('rotation')).toEqual([false]);
  await jobEnd(engine, (await engine.call('rotation.run', { name: 'app-1' })).jobId);
  expect(await steps('rotation')).toEqual([true]);
});

test('deleted data come back from a backup, to the byte', async () => {
  // Nothing keeps them yet: they are not deleted.
  const early = await hmtt(dir, 'training', 'begin', 'deleted_data');
  expect(early).toMatchObject({ code: 1 });
  expect(early.stderr).toContain('TRAINING_NO_POINT');
  await jobEnd(engine, (await engine.call('backup.run', { name: 'training' })).jobId);
  // The run reads back what it wrote; the lesson is about a verification of one's own.
  expect(await steps('backup')).toEqual([true, false]);
  await jobEnd(engine, (await engine.call('backup.verify', { name: 'training' })).jobId);
  expect(await steps('backup')).toEqual([true, true]);
  await engine.call('training.incident', { id: 'deleted_data', active: true });
  await raised('FilesGone', 'db-1');
  expect(await steps('restore')).toEqual([true, true, false]);
  const { points } = await engine.call('backup.points.list', { plan: 'training' });
  const plan = await jobEnd(
    engine,
    (await engine.call('restore.plan', { pointId: points[0]?.id ?? '', targetDir: null })).jobId,
  );
  const planId = plan.result?.kind === 'restore-plan' ? plan.result.id : '';
  const { confirmWord } = await engine.call('restore.plan.get', { planId });
  const started = await engine.call('restore.start', { planId, confirm: confirmWord });
  expect((await jobEnd(engine, started.jobId)).error).toBeNull();
  expect(await steps('restore')).toEqual([true, true, true]);
  await ended('FilesGone', 'db-1');
  const drill = await engine.call('recovery.drills.run', { plan: 'training' });
  await jobEnd(engine, drill.jobId);
  expect(await steps('drill')).toEqual([true]);
});

test('every other incident is seen by the console', async () => {
  // They began with the first test, so that nobody waits for a disk to fill.
  await Promise.all(
    seen.map(([, alertname, node]) =>
      expect
        .poll(() => fires(alertname, node, 'all'), { timeout: 100_000, message: `${alertname} of ${node}` })
        .toBe(true),
    ),
  );
});

test('a flipped byte is found by a comparison of contents, as its hint says', async () => {
  const { points } = await engine.call('backup.points.list', { plan: 'training' });
  await engine.call('training.incident', { id: 'flipped_bytes', active: true });
  const plan = await jobEnd(
    engine,
    (
      await engine.call('restore.plan', {
        pointId: points[0]?.id ?? '',
        selection: ['**/db-2/archive/*'],
        targetDir: null,
        overwrite: 'always',
      })
    ).jobId,
  );
  const planId = plan.result?.kind === 'restore-plan' ? plan.result.id : '';
  const { items } = await engine.call('restore.plan.items', { planId, action: 'update' });
  expect(items.map(({ path }) => path.split('/').at(-1))).toEqual(['2026-06.csv']);
});

test('what was learned is remembered over a restart, and a real folder is refused', async () => {
  await engine.stop();
  engine.close();
  engine = await startHeadlessEngine(dir);
  const { isTraining, nodes } = await engine.call('training.status', {});
  expect([isTraining, nodes.length]).toEqual([true, 10]);
  for (const id of ['alert', 'logs', 'rotation', 'backup', 'restore', 'drill'] as const)
    expect([id, (await steps(id)).every((done) => done)]).toEqual([id, true]);
  expect((await engine.call('hosts.list', {})).hosts).toHaveLength(11);
  const real = mkdtempSync(join(tmpdir(), 'hmtt-real-'));
  writeFileSync(join(real, 'console.db'), '');
  expect((await hmtt(real, 'simulate')).stderr).toContain('TRAINING_FOLDER_REAL');
  rmSync(real, { recursive: true, force: true });
});

test('to begin anew leaves nothing of the training before', async () => {
  await engine.call('training.anew', {});
  await engine.stop();
  engine.close();
  engine = await startHeadlessEngine(dir);
  expect(await steps('backup')).toEqual([false, false]);
  expect(await steps('rotation')).toEqual([false]);
  expect((await engine.call('backup.points.list', {})).points).toEqual([]);
  expect((await engine.call('hosts.list', {})).hosts).toHaveLength(11);
});
