import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NotifyConfig } from '#shared/contract/notify-config.ts';
import { emptyRoute, withInterval } from '../../../renderer/pages/alerts/routes/route-tree.ts';
import {
  dayRanges,
  daysIn,
  formatNumbers,
  formatTimes,
  parseNumbers,
  parseTimes,
} from '../../../renderer/pages/alerts/routes/time-spans.ts';

describe('times of day', () => {
  it.each([
    ['08:00-18:00', [[480, 1080]]],
    [
      '8:00 – 12:00，13：30至24:00',
      [
        [480, 720],
        [810, 1440],
      ],
    ],
    [
      '22:00-06:00',
      [
        [1320, 1440],
        [0, 360],
      ],
    ],
    ['22:00-00:00', [[1320, 1440]]],
    ['', []],
  ] as const)('%j means %j', (text, ranges) => {
    expect(parseTimes(text)).toEqual(ranges.map(([from, to]) => ({ from, to })));
  });

  it.each(['8-18', '08:00', '25:00-26:00', '08:60-09:00', '08:00-08:00', '24:00-08:00', '1:00-2:00-3:00'])(
    '%j means nothing',
    (text) => expect(parseTimes(text)).toBeNull(),
  );

  it('are written as they are read', () => {
    const text = '00:00-06:00, 22:00-24:00';
    expect(formatTimes(parseTimes(text) ?? [])).toBe(text);
  });
});

describe('days, months and years', () => {
  it('are numbers and ranges, days also from the end of the month', () => {
    expect(parseNumbers('1-7, 15、-1', -31, 31)).toEqual([
      { from: 1, to: 7 },
      { from: 15, to: 15 },
      { from: -1, to: -1 },
    ]);
    expect(parseNumbers('-3--1', -31, 31)).toEqual([{ from: -3, to: -1 }]);
  });

  it.each(['0', '13', '5-1', 'mon', '1-', '1--'])('month %j means nothing', (text) => {
    expect(parseNumbers(text, 1, 12)).toBeNull();
  });

  it('come back as they were, whatever they are', () => {
    const range = fc
      .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
      .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 8 }), (ranges) => {
        expect(parseNumbers(formatNumbers(ranges), 1, 12)).toEqual(ranges);
      }),
    );
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 6 })), (days) => {
        expect([...daysIn(dayRanges(new Set(days)))].sort()).toEqual([...days].sort());
      }),
    );
  });
});

describe('a time interval of the configuration', () => {
  const span = { times: [], weekdays: [], daysOfMonth: [], months: [], years: [] };
  const config = {
    route: {
      ...emptyRoute,
      routes: [{ ...emptyRoute, muteTimes: ['night'], activeTimes: ['day', 'night'] }],
    },
    timeIntervals: [
      { name: 'day', zone: null, spans: [span] },
      { name: 'night', zone: null, spans: [span] },
    ],
  } as unknown as NotifyConfig;

  it('takes its new name to the routes that use it', () => {
    const next = withInterval(config, 1, { name: '夜间', zone: null, spans: [span] });
    expect(next.timeIntervals.map(({ name }) => name)).toEqual(['day', '夜间']);
    expect(next.route.routes[0]).toMatchObject({ muteTimes: ['夜间'], activeTimes: ['day', '夜间'] });
  });

  it('is added and taken away without touching routes', () => {
    expect(withInterval(config, 2, { name: 'x', zone: null, spans: [span] }).timeIntervals).toHaveLength(3);
    const less = withInterval(config, 0, null);
    expect(less.timeIntervals.map(({ name }) => name)).toEqual(['night']);
    expect(less.route).toBe(config.route);
  });
});
