import { expect, test } from 'vitest';
import { createJobRegistry, type JobSpec } from '../../../main/engine/platform/jobs.ts';
import type { Job, JobProgress } from '../../../shared/contract/jobs.ts';
import { appError, err, ok } from '../../../shared/errors/index.ts';
import { fakeTime } from '../../helpers/fake-time.ts';
import { silentLogger } from '../../helpers/silent-logger.ts';

const progress: JobProgress = {
  phase: { zh: '', en: '' },
  done: 1,
  total: 2,
  unit: 'bytes',
  rate: 0,
  etaMs: null,
  current: '',
  filesDone: 0,
};

function setUp() {
  const time = fakeTime(1_000);
  const told: Job[] = [];
  const jobs = createJobRegistry(time.clock, silentLogger, (job) => told.push(job));
  const start = (work: JobSpec['work']) =>
    jobs.start({ kind: 'backup', title: { zh: '', en: '' }, link: '/', canPause: true, work });
  return { time, told, jobs, start };
}

test('a job tells its beginning and its end, with what it made', async () => {
  const { told, jobs, start } = setUp();
  const job = start(async () => ok({ kind: 'point', id: 'p1' }));
  const ended = await jobs.ended(job.id);
  expect(ended).toMatchObject({ state: 'done', result: { id: 'p1' } });
  expect(told.map((one) => one.state)).toEqual(['running', 'done']);
});

test('progress is told at most ten times a second, but the end always', async () => {
  const { time, told, jobs, start } = setUp();
  const job = start(async (control) => {
    for (let i = 0; i < 1_000; i++) {
      control.progress({ ...progress, done: i });
      time.advance(1);
    }
    return ok(null);
  });
  await jobs.ended(job.id);
  expect(told.length).toBeLessThanOrEqual(13);
  expect(told.at(-1)?.state).toBe('done');
  expect(jobs.get(job.id)?.progress?.done).toBe(999);
});

test('failures, bugs and cancellation are told apart', async () => {
  const { jobs, start } = setUp();
  const failed = start(async () => err(appError('DISK_FULL', { file: 'x' })));
  const thrown = start(async () => {
    throw new Error('bug');
  });
  const cancelled = start(
    ({ signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(err(appError('CANCELLED'))));
      }),
  );
  jobs.cancel(cancelled.id);
  expect((await jobs.ended(failed.id)).state).toBe('failed');
  expect((await jobs.ended(thrown.id)).error?.code).toBe('INTERNAL');
  expect((await jobs.ended(cancelled.id)).state).toBe('cancelled');
});

test('closing cancels what runs and waits for it', async () => {
  const { jobs, start } = setUp();
  let ended = false;
  start(
    ({ signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          ended = true;
          resolve(err(appError('CANCELLED')));
        });
      }),
  );
  await Promise.resolve();
  await jobs.close();
  expect(ended).toBe(true);
});
