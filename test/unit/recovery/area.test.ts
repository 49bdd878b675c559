import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Evidence } from '#shared/contract/restore.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { createJobRegistry } from '../../../main/engine/platform/jobs.ts';
import { createRecoveryArea } from '../../../main/engine/recovery/area.ts';
import type { PointFacts } from '../../../main/engine/recovery/types.ts';
import { consoleMigrations } from '../../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../../main/engine/storage/sqlite.ts';
import { type FakeTime, fakeTime } from '../../helpers/fake-time.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';
import { plan, point } from './facts.ts';

/** Time and the area together: schedules, catching up, what is measured. The restore itself is another area's. */

const START = new Date(2026, 0, 1, 12).getTime();
const HOUR = 3_600_000;
const context = {
  signal: new AbortController().signal,
  emit: () => undefined,
  closed: new AbortController().signal,
};
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function made(restored: () => Result<Evidence>, points: () => readonly PointFacts[], start = START) {
  const folder = temporaryFolder('recovery');
  const opened = openWritable(join(folder, 'console.db'), {
    migrations: consoleMigrations,
    synchronous: 'NORMAL',
  });
  if (!opened.ok) throw new Error(opened.error.message.en);
  const time: FakeTime = fakeTime(start);
  const logger = { log: () => undefined, child: () => logger };
  const jobs = createJobRegistry(time.clock, logger, () => undefined);
  const area = createRecoveryArea({
    db: opened.value,
    folder: join(folder, 'drills'),
    version: '1.0.0',
    clock: time.clock,
    timers: time.timers,
    logger,
    jobs,
    broadcast: () => undefined,
    sources: { plans: () => [plan({ rpoMs: 2 * HOUR, createdAt: start })], points, restores: () => [] },
    restore: { run: async () => restored(), forget: () => undefined },
    databases: async () => [],
    check: async () => {
      throw new Error('no check was asked for');
    },
    watching: true,
  });
  closers.push(() => opened.value.close());
  const idle = async (): Promise<void> => {
    await area.settled;
    for (let round = 0; round < 20; round += 1) await new Promise((resolve) => setImmediate(resolve));
    for (const job of jobs.list()) await jobs.ended(job.id);
  };
  return { area, time, idle };
}

const evidence = {
  outcome: 'verified',
  files: 3,
  verified: 3,
  bytes: 10,
  failures: [],
} as unknown as Evidence;
const rule = { plan: 'core', everyDays: 30, scratchDir: null, appCheck: null };

test('a scheduled drill runs at its time, and once after any number of missed times', async () => {
  const { area, time, idle } = made(
    () => ok(evidence),
    () => [point({ startedAt: START })],
  );
  expect(
    await area.handlers['recovery.drillPlans.set']({ ...rule, schedule: '0 3 * * *' }, context),
  ).toMatchObject({
    ok: true,
  });
  const drills = async () => {
    const answer = await area.handlers['recovery.drills.list']({ limit: 100 }, context);
    return answer.ok ? answer.value.drills : [];
  };
  time.advance(14 * HOUR);
  await idle();
  expect(await drills()).toHaveLength(0);
  time.advance(2 * HOUR);
  await idle();
  expect(await drills()).toMatchObject([{ state: 'passed', trigger: 'schedule', cleaned: true }]);
  // The machine sleeps for nine nights.
  time.sleep(9 * 24 * HOUR);
  time.advance(120_000);
  await idle();
  time.advance(120_000);
  await idle();
  expect(await drills()).toHaveLength(2);
});

test('a restore that brings less than everything, or nothing, is a failure with its reason', async () => {
  const answers: Result<Evidence>[] = [
    ok({ ...evidence, verified: 2 }),
    err(appError('BACKUP_POINT_MISSING', { id: 'x' })),
  ];
  const { area, time, idle } = made(
    () => answers.shift() ?? ok(evidence),
    () => [point()],
  );
  for (const code of ['DRILL_INCOMPLETE', 'BACKUP_POINT_MISSING']) {
    time.advance(1_000);
    await area.handlers['recovery.drills.run']({ plan: 'core' }, context);
    await idle();
    const listed = await area.handlers['recovery.drills.list']({ limit: 1 }, context);
    expect(listed).toMatchObject({
      value: { drills: [{ state: 'failed', error: { code }, cleaned: true }] },
    });
  }
  expect(area.facts()).toContainEqual(expect.objectContaining({ kind: 'drill_failed', plan: 'core' }));
});

test('the age of the last verified point is written down hour by hour, the worst of each', async () => {
  // Hours are those of UTC; noon of a zone that is half an hour off is in the middle of one.
  const start = Date.UTC(2026, 0, 1, 12);
  const { area, time } = made(
    () => ok(evidence),
    () => [point({ startedAt: start })],
    start,
  );
  time.advance(4 * HOUR);
  const answer = await area.handlers['recovery.objectives']({}, context);
  if (!answer.ok) throw new Error(answer.error.code);
  const [measured] = answer.value.plans;
  expect(measured?.history.map(({ worstMs }) => Math.round((worstMs ?? 0) / HOUR))).toEqual([1, 2, 3, 4, 4]);
  expect(measured).toMatchObject({ rpoState: 'breached', rpoWorstMs: 4 * HOUR });
});

test('what is overdue is told: drills past their interval, risks past their review', async () => {
  const { area, time } = made(
    () => ok(evidence),
    () => [point()],
  );
  await area.handlers['recovery.drillPlans.set']({ ...rule, schedule: null }, context);
  await area.handlers['recovery.risks.save'](
    {
      kind: 'natural',
      title: { zh: '火灾', en: 'Fire' },
      likelihood: 1,
      impact: 5,
      measures: { zh: '', en: '' },
      owner: '',
      reviewAt: START + HOUR,
    },
    context,
  );
  expect(area.facts()).toEqual([]);
  time.advance(31 * 24 * HOUR);
  expect(area.facts().map(({ kind }) => kind)).toEqual(['drill_overdue', 'risk_review']);
});
