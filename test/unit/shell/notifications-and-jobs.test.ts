import { expect, test } from 'vitest';
import type { Job } from '#shared/contract/jobs.ts';
import type { Problem, Severity } from '#shared/contract/site.ts';
import { planNotifications } from '../../../main/shell/notification-plan.ts';
import {
  mustStayAwake,
  type RunningJobs,
  taskbarProgress,
  trackJob,
} from '../../../main/shell/running-jobs.ts';

function problem(id: string, severity: Severity, since = 0): Problem {
  return {
    id,
    condition: 'host_down',
    severity,
    labels: { alertname: 'HostDown', severity },
    since,
    until: null,
    sentence: { zh: `${id} 出错`, en: `${id} is wrong` },
    next: { zh: '查看', en: 'look' },
    link: `/hosts/${id}`,
  };
}

test('each problem is told with its next step and leads to its own address, worst first', () => {
  const plans = planNotifications([problem('a', 'warning', 1), problem('b', 'critical', 2)], 'en');
  expect(plans).toEqual([
    { title: 'b is wrong', body: 'look', critical: true, link: '/hosts/b' },
    { title: 'a is wrong', body: 'look', critical: false, link: '/hosts/a' },
  ]);
});

test('many problems at once make one notification, in the operator’s language', () => {
  const many = ['a', 'b', 'c', 'd'].map((id, index) => problem(id, 'warning', index));
  expect(planNotifications(many, 'zh-CN')).toEqual([
    { title: '4 个新问题', body: '最严重：a 出错', critical: false, link: '/alerts' },
  ]);
});

test('information disturbs nobody', () => {
  expect(planNotifications([problem('a', 'info')], 'en')).toEqual([]);
  expect(planNotifications([], 'en')).toEqual([]);
});

function job(
  id: string,
  kind: Job['kind'],
  state: Job['state'],
  share?: readonly [number, number | null],
): Job {
  return {
    id,
    kind,
    title: { zh: id, en: id },
    state,
    startedAt: 0,
    endedAt: null,
    progress: share
      ? {
          phase: { zh: '', en: '' },
          done: share[0],
          total: share[1],
          unit: 'bytes',
          rate: 0,
          etaMs: null,
          current: '',
          filesDone: 0,
        }
      : null,
    error: null,
    result: null,
    link: '/',
    canPause: false,
  };
}

const none: RunningJobs = new Map();

test.each([
  ['backup', true],
  ['restore', true],
  ['verify', true],
  ['logs-sync', false],
  ['import', false],
] as const)('while a %s runs the machine stays awake: %s', (kind, awake) => {
  expect(mustStayAwake(trackJob(none, job('a', kind, 'running')))).toBe(awake);
});

test.each(['done', 'failed', 'cancelled', 'paused'] as const)(
  'a job that is %s lets the machine sleep',
  (state) => {
    const running = trackJob(none, job('a', 'backup', 'running'));
    expect(mustStayAwake(trackJob(running, job('a', 'backup', state)))).toBe(false);
  },
);

test('the taskbar shows the job that is least far', () => {
  expect(taskbarProgress(none)).toBe(-1);
  const unknown = trackJob(none, job('a', 'backup', 'running', [5, null]));
  expect(taskbarProgress(unknown)).toBeGreaterThan(1);
  const two = trackJob(
    trackJob(unknown, job('b', 'restore', 'running', [50, 100])),
    job('c', 'backup', 'running', [30, 100]),
  );
  expect(taskbarProgress(two)).toBe(0.3);
  expect(taskbarProgress(trackJob(none, job('d', 'logs-sync', 'running', [1, 2])))).toBe(-1);
});
