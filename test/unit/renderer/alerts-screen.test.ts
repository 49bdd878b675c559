import { expect, test } from 'vitest';
import type { Notice } from '#shared/contract/notice.ts';
import type { AlertView } from '#shared/contract/notify-alerts.ts';
import type { Problem } from '#shared/contract/site.ts';
import { screenAlerts, whereIs } from '../../../renderer/pages/alerts/screen/screen-alerts.ts';

const problem = (id: string, more: Partial<Problem> = {}): Problem => ({
  id,
  condition: 'host_down',
  severity: 'critical',
  labels: { alertname: 'HostDown', host: id },
  since: 0,
  until: null,
  sentence: { zh: id, en: id },
  next: { zh: '', en: '' },
  link: '/',
  ...more,
});

const notice = (groupKey: string, alerts: readonly Problem[]): Notice => ({
  ...{ id: `n-${groupKey}`, at: 0, kind: 'escalation', groupKey, groupLabels: {}, commonLabels: {} },
  ...{ receiver: 'full-screen', counts: { firing: alerts.length, resolved: 0, suppressed: 0 } },
  ...{ title: { zh: '', en: '' }, text: { zh: '', en: '' }, link: '/', alerts: [...alerts] },
});

const view = (id: string, groupKey: string, more: Partial<AlertView> = {}): AlertView => ({
  ...{ problem: problem(id), labels: {}, state: 'told', suppressedBy: [], acknowledgement: null },
  ...{ behind: 0, flaps: 0 },
  routes: [
    { path: [], receiver: 'r', groupKey, groupLabels: {}, next: null, toldAt: null, escalated: 1, steps: 1 },
  ],
  ...more,
});

test('until the engine has said what is open, the notices say it', () => {
  const gone = problem('gone', { until: 5 });
  const notices = [notice('g', [problem('a'), gone]), notice('h', [problem('a')])];
  expect(screenAlerts(notices, null).map(({ id }) => id)).toEqual(['a']);
});

test('a storm is taken over whole: also what the notice has no room for, but not what has ended or is somebody’s', () => {
  const notices = [notice('g', [problem('a'), problem('ended')])];
  const acknowledgement = { by: 'Li', note: '', at: 0, remindAt: null, remindEveryMs: null };
  const cause = { kind: 'dependency', ref: 'a', text: { zh: '', en: '' }, link: '/', until: null } as const;
  const open = [
    view('a', 'g'),
    view('beyond', 'g'),
    view('taken', 'g', { acknowledgement }),
    view('explained', 'g', { suppressedBy: [cause] }),
    view('other', 'elsewhere'),
  ];
  expect(screenAlerts(notices, open).map(({ id }) => id)).toEqual(['a', 'beyond']);
});

test('the host comes first, its address second and only when it says more', () => {
  const labels = { alertname: 'X', host: 'app-1', instance: '10.0.0.5:9100' };
  expect(whereIs(problem('x', { labels }))).toEqual({ name: 'app-1', address: '10.0.0.5:9100' });
  expect(whereIs(problem('x', { labels: { ...labels, instance: 'app-1' } })).address).toBe('');
  expect(whereIs(problem('x', { labels: { alertname: 'BackupFailed' } })).name).toBe('');
});
