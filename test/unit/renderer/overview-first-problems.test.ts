import { expect, test } from 'vitest';
import type { Problem } from '#shared/contract/site.ts';
import { firstProblems } from '../../../renderer/pages/overview/first-problems.ts';

const problem = (id: string, alertname: string, severity: Problem['severity'] = 'critical'): Problem => ({
  id,
  condition: 'x',
  severity,
  labels: { alertname, severity },
  since: 1_000,
  until: null,
  sentence: { zh: id, en: id },
  next: { zh: '', en: '' },
  link: '/alerts',
});

const dead = (count: number): Problem[] =>
  Array.from({ length: count }, (_, index) => problem(`host-${index}`, 'HostDown'));

test('three hundred dead hosts do not hide the problems of another kind, and are counted', () => {
  const { shown, notShown } = firstProblems(
    [
      ...dead(300),
      problem('point', 'PointMissing'),
      problem('run', 'BackupFailed', 'warning'),
      problem('late', 'BackupStale', 'info'),
    ],
    5,
  );
  expect(shown.map(({ id }) => id)).toEqual(['host-0', 'host-1', 'point', 'run', 'late']);
  expect(notShown).toEqual([{ alertname: 'HostDown', count: 298 }]);
});

test('of one kind alone as many are shown as there is room for', () => {
  expect(firstProblems(dead(7), 5).shown.map(({ id }) => id)).toEqual([
    ...['host-0', 'host-1', 'host-2'],
    ...['host-3', 'host-4'],
  ]);
  expect(firstProblems(dead(7), 5).notShown).toEqual([{ alertname: 'HostDown', count: 2 }]);
  expect(firstProblems(dead(5), 5).notShown).toEqual([]);
});

test('a worse problem is never left out for one that is less bad and of a further kind', () => {
  const many = Array.from({ length: 6 }, (_, index) => problem(`c-${index}`, `Alert${index}`));
  const { shown, notShown } = firstProblems([...many, problem('w', 'Other', 'warning')], 5);
  expect(shown).toEqual(many.slice(0, 5));
  expect(notShown).toEqual([
    { alertname: 'Alert5', count: 1 },
    { alertname: 'Other', count: 1 },
  ]);
});
