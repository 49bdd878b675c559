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

async function steps(id: TrainingLesson['id']): Promise<readonly boolean[]> {
  const { lessons } = await engine.call('training.status', {});
  return lessons.find((lesson) => lesson.id === id)?.steps.map(({ done }) => done) ?? [];
}

test('the site is there: ten machines that answer, log and change', async () => {
  const hosts = async () =>
    (await engine.call('hosts.list', {})).hosts.filter((host) => !host.thisWorkstation);
  await expect
    .poll(async () => (await hosts()).filter(({ state }) => state === 'up').length, { timeout: 30_000 })
    .toBe(10);
  expect((await hosts()).map(({ name }) => name).toSorted()).toContain('app-6');
  const lines = async () =>
    (await engine.call('logs.sources.list', {})).sources.filter(({ lines: read }) => read > 0).length;
  await expect.poll(lines, { timeout: 30_000 }).toBe(10);
  const { plans } = await engine.call('backup.plans.list', {});
  expect(plans.map(({ name }) => name)).toEqual(['training']);
});

test('an alert is raised by an incident, and the lesson follows what the engine knows', async () => {
  expect(await steps('alert')).toEqual([false, false, false]);
  const begun = await hmtt(dir, 'training', 'begin', 'node_down');
  expect(begun).toMatchObject({ code: 0 });
  expect(begun.stdout).toContain('app-3');
  // The next lesson's errors gather meanwhile.
  await engine.call('training.incident', { id: 'error_burst', active: true });
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
  expect(await steps('logs')).toEqual([true, true]);
  await engine.call('training.incident', { id: 'error_burst', active: false });
});

test('deleted data come back from a backup, to the byte', async () => {
  await jobEnd(engine, (await engine.call('backup.run', { name: 'training' })).jobId);
  await jobEnd(engine, (await engine.call('backup.verify', { name: 'training' })).jobId);
  expect(await steps('backup')).toEqual([true, true]);
  await engine.call('training.incident', { id: 'deleted_data', active: true });
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
  const drill = await engine.call('recovery.drills.run', { plan: 'training' });
  await jobEnd(engine, drill.jobId);
  expect(await steps('drill')).toEqual([true]);
});

test('what was learned is remembered over a restart, and a real folder is refused', async () => {
  await engine.stop();
  engine.close();
  engine = await startHeadlessEngine(dir);
  const { isTraining, nodes } = await engine.call('training.status', {});
  expect([isTraining, nodes.length]).toEqual([true, 10]);
  expect(await steps('logs')).toEqual([true, true]);
  expect((await engine.call('hosts.list', {})).hosts).toHaveLength(11);
  const real = mkdtempSync(join(tmpdir(), 'hmtt-real-'));
  writeFileSync(join(real, 'console.db'), '');
  expect((await hmtt(real, 'simulate')).stderr).toContain('TRAINING_FOLDER_REAL');
  rmSync(real, { recursive: true, force: true });
});
