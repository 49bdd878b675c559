import { expect, test } from 'vitest';
import type { TimeSpan } from '#shared/contract/notify-config.ts';
import { readMatcher, readMatchers, showMatchers } from '#shared/domain/alert-matchers.ts';
import { compileMatchers } from '../../../../main/engine/alerts/notify/matchers.ts';
import { compileRouting } from '../../../../main/engine/alerts/notify/routing.ts';
import { isWithin } from '../../../../main/engine/alerts/notify/time-intervals.ts';
import { windowsBetween } from '../../../../main/engine/alerts/notify/windows.ts';
import { withRoute } from '../../../helpers/notify-bench.ts';

test.each([
  ['a=b', { name: 'a', op: '=', value: 'b' }],
  [' a =~ "b.*" ', { name: 'a', op: '=~', value: 'b.*' }],
  ['a!~"x\\"y\\n"', { name: 'a', op: '!~', value: 'x"y\n' }],
  ['a!=', { name: 'a', op: '!=', value: '' }],
])('reads %s', (text, expected) => {
  expect(readMatcher(text)).toEqual(expected);
});

test.each(['', 'a', '=b', 'a-b=c', 'a="b', 'a=b"c', 'a="b"c"'])('refuses the matcher %j', (text) => {
  expect(readMatcher(text)).toHaveProperty('wrong');
});

test('several matchers, with commas inside of quotes, and back', () => {
  const read = readMatchers('{a="x, y", b=~"c|d"}');
  expect(read).toEqual([
    { name: 'a', op: '=', value: 'x, y' },
    { name: 'b', op: '=~', value: 'c|d' },
  ]);
  if (!('wrong' in read)) expect(readMatchers(showMatchers(read))).toEqual(read);
});

test('expressions are anchored, a missing label is empty, and names of methods are only labels', () => {
  const test1 = compileMatchers([{ name: 'host', op: '=~', value: 'db|web' }]);
  expect([test1({ host: 'db' }), test1({ host: 'db-1' }), test1({})]).toEqual([true, false, false]);
  expect(compileMatchers([{ name: 'constructor', op: '=', value: '' }])({})).toBe(true);
});

const span = (more: Partial<TimeSpan>): TimeSpan => ({
  times: [],
  weekdays: [],
  daysOfMonth: [],
  months: [],
  years: [],
  ...more,
});

test.each([
  ['the end does not belong to it', span({ times: [{ from: 540, to: 600 }] }), '2026-11-22T10:00:00Z', false],
  ['the beginning does', span({ times: [{ from: 540, to: 600 }] }), '2026-11-22T09:00:00Z', true],
  ['the last day of February', span({ daysOfMonth: [{ from: -1, to: -1 }] }), '2028-02-29T12:00:00Z', true],
  ['not the last but one', span({ daysOfMonth: [{ from: -1, to: -1 }] }), '2028-02-28T12:00:00Z', false],
  ['the 31st in a short month', span({ daysOfMonth: [{ from: 31, to: 31 }] }), '2026-11-30T12:00:00Z', false],
  ['from the 28th to the end', span({ daysOfMonth: [{ from: 28, to: -1 }] }), '2026-11-30T12:00:00Z', true],
  ['Sunday', span({ weekdays: [{ from: 0, to: 0 }] }), '2026-11-22T12:00:00Z', true],
  ['a year', span({ years: [{ from: 2027, to: 2030 }] }), '2026-12-31T23:59:59Z', false],
])('time intervals: %s', (_what, one, at, expected) => {
  expect(isWithin({ name: 'x', zone: 'UTC', spans: [one] }, Date.parse(at))).toBe(expected);
});

test('time intervals in another zone', () => {
  const morning = { name: 'x', zone: 'Asia/Shanghai', spans: [span({ times: [{ from: 0, to: 60 }] })] };
  expect(isWithin(morning, Date.parse('2026-11-22T16:30:00Z'))).toBe(true);
  expect(isWithin(morning, Date.parse('2026-11-22T17:00:00Z'))).toBe(false);
});

test('a window over the change to summer time is as long as it says', () => {
  const schedule = {
    kind: 'recurring' as const,
    cron: '30 2 * * *',
    zone: 'Europe/Berlin',
    durationMs: 3_600_000,
    from: null,
    until: null,
  };
  const from = Date.parse('2027-03-27T00:00:00Z');
  const windows = windowsBetween(schedule, from, from + 3 * 86_400_000, 10);
  expect(windows.map(({ from: start, to }) => [new Date(start).toISOString(), to - start])).toEqual([
    ['2027-03-27T01:30:00.000Z', 3_600_000],
    // 02:30 does not exist that night.
    ['2027-03-28T01:00:00.000Z', 3_600_000],
    ['2027-03-29T00:30:00.000Z', 3_600_000],
  ]);
});

test('windows that always reach into the next one end, and cost little', () => {
  const began = performance.now();
  const windows = windowsBetween(
    {
      kind: 'recurring',
      cron: '* * * * *',
      zone: 'UTC',
      durationMs: 7 * 86_400_000,
      from: null,
      until: null,
    },
    0,
    10 * 366 * 86_400_000,
    5,
  );
  expect(windows).toHaveLength(1);
  expect(performance.now() - began).toBeLessThan(10_000);
});

test('a route that moves in the tree keeps its groups; one that is there twice has its own', () => {
  const route = (value: string) => ({
    ...withRoute({}).route,
    receiver: null,
    escalation: null,
    matchers: [{ name: 'team', op: '=' as const, value }],
    continue: true,
  });
  const keysOf = (values: readonly string[]): readonly string[] =>
    compileRouting(withRoute({ routes: values.map(route) }), 1)
      .routesOf({ team: 'web' })
      .map(({ key }) => key);
  expect(keysOf(['db', 'web'])).toEqual(keysOf(['web', 'db']));
  expect(new Set(keysOf(['web', 'web'])).size).toBe(2);
});
