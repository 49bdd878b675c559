import { describe, expect, it, test } from 'vitest';
import {
  addDays,
  calendarWeeks,
  movedDay,
  weekStart,
} from '../../../renderer/pages/alerts/silences/calendar-layout.ts';

const at = (text: string): number => new Date(text).getTime();
const night = {
  id: 'm1',
  name: 'night',
  start: at('2026-11-25T22:00:00'),
  end: at('2026-11-26T02:00:00'),
};

describe('the weeks of the calendar', () => {
  it('begin on the Monday of the present week', () => {
    // 2026-11-22 is a Sunday.
    expect(weekStart(at('2026-11-22T15:30:00'))).toBe(at('2026-11-16T00:00:00'));
    expect(weekStart(at('2026-11-16T00:00:00'))).toBe(at('2026-11-16T00:00:00'));
  });

  it('show what crosses midnight on both days', () => {
    const days = calendarWeeks(at('2026-11-23T12:00:00'), 1, [night]).flat();
    expect(days).toHaveLength(7);
    const shown = days.filter(({ spans }) => spans.length > 0);
    expect(shown.map(({ start }) => start)).toEqual([at('2026-11-25T00:00:00'), at('2026-11-26T00:00:00')]);
    expect(shown[0]?.spans[0]).toMatchObject({ from: night.start, to: at('2026-11-26T00:00:00') });
    expect(shown[1]?.spans[0]).toMatchObject({ to: night.end, continues: true });
  });

  it('put nothing on the day at whose midnight it ends', () => {
    const ends = { ...night, end: at('2026-11-26T00:00:00') };
    const days = calendarWeeks(at('2026-11-23T12:00:00'), 1, [ends]).flat();
    expect(days.filter(({ spans }) => spans.length > 0)).toHaveLength(1);
  });

  it('have days that follow each other', () => {
    const days = calendarWeeks(at('2026-03-20T00:00:00'), 5, []).flat();
    for (const [index, day] of days.entries()) expect(addDays(days[0]?.start ?? 0, index)).toBe(day.start);
  });
});

test.each([
  ['ArrowRight', 0, 1],
  ['ArrowLeft', 0, 0],
  ['ArrowDown', 3, 10],
  ['ArrowDown', 33, 33],
  ['Home', 10, 7],
  ['End', 10, 13],
  ['x', 10, null],
] as const)('%s from day %d', (key, from, to) => {
  expect(movedDay(key, from, 35)).toBe(to);
});
