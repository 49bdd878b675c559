import { expect, test } from 'vitest';
import type { Job } from '#shared/contract/jobs.ts';
import { planNotification } from '../../../main/shell/notification-plan.ts';
import {
  mustStayAwake,
  type RunningJobs,
  taskbarProgress,
  trackJob,
} from '../../../main/shell/running-jobs.ts';
import { aNotice, aProblem, NOON } from '../../helpers/notices.ts';

test('a notice becomes one notification in the operator’s language, with its first lines and its address', () => {
  const notice = aNotice({ text: { zh: '一\n\n二\n三\n四\n五', en: 'one' } });
  expect(planNotification({ notice, sound: 'critical', quiet: false }, 'zh-CN')).toEqual({
    title: '主机 app-2 停止应答',
    body: '一\n二\n三\n四',
    critical: true,
    silent: true,
    link: '/alerts/host_down:app-2',
  });
});

test('the system makes its own noise only where the console makes none, and never at quiet hours', () => {
  const ended = aNotice({ alerts: [aProblem({ until: NOON })] });
  const plan = (sound: 'none' | 'warning', quiet: boolean) =>
    planNotification({ notice: ended, sound, quiet }, 'en');
  expect(plan('none', false)).toMatchObject({
    silent: false,
    critical: false,
    body: 'Since 12:00.\nCheck its power.',
  });
  expect(plan('none', true).silent).toBe(true);
  expect(plan('warning', false).silent).toBe(true);
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
