import { expect, test } from 'vitest';
import type { Job } from '#shared/contract/jobs.ts';
import { appError } from '#shared/errors/index.ts';
import { newsOf } from '../../../renderer/pages/backups/plan-news.ts';

const failure = appError('BACKUP_SOURCES_UNREADABLE', { plan: 'core' });

const job = (id: string, more: Partial<Job> = {}): Job => ({
  id,
  kind: 'backup',
  title: { zh: id, en: id },
  state: 'done',
  startedAt: 1,
  endedAt: 2,
  progress: null,
  error: null,
  result: null,
  link: '/backups/core',
  canPause: false,
  ...more,
});
const failed = (id: string): Job => job(id, { state: 'failed', error: failure });
const ids = (jobs: readonly Job[]): readonly string[] => jobs.map(({ id }) => id);

test('a run that failed twice is told once', () => {
  const { jobs, lastError } = newsOf([failed('second'), failed('first')], failure);
  expect(ids(jobs)).toEqual(['second']);
  expect(lastError).toBeNull();
});

test('why the last run failed stays in sight while something else goes on or has ended well', () => {
  expect(newsOf([], failure)).toEqual({ jobs: [], lastError: failure });
  expect(newsOf([job('verify', { kind: 'verify' })], failure).lastError).toBe(failure);
  const going = newsOf([job('next', { state: 'running', endedAt: null }), failed('before')], failure);
  expect(ids(going.jobs)).toEqual(['next']);
  expect(going.lastError).toBe(failure);
});
