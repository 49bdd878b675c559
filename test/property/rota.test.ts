import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Rota, rotaInputSchema } from '#shared/contract/contacts.ts';
import { onCallAround, onCallAt, onCallGaps, onCallSpans } from '#shared/domain/rota/on-call.ts';
import { wallClockOf } from '#shared/domain/rota/wall-clock.ts';

const DAY = 86_400_000;
const ZONES = [
  'Asia/Shanghai',
  'UTC',
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
];
const zone = fc.constantFrom(...ZONES);
/** Any minute of 2024 to 2030: every change of the clocks in these zones is among them. */
const moment = fc
  .integer({ min: Date.UTC(2024, 0, 1) / 60_000, max: Date.UTC(2030, 0, 1) / 60_000 })
  .map((m) => m * 60_000);
const time = fc.integer({ min: 0, max: 95 }).map((q) => hhmm(q * 15));
const ALL = [1, 2, 3, 4, 5, 6, 7];

function hhmm(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

const teams = fc.array(fc.subarray(['a', 'b', 'c', 'd'], { minLength: 1 }), { minLength: 1, maxLength: 5 });
const turnDays = fc.constantFrom(1, 2, 3, 7, 14);
const turnStart = fc.constantFrom('2020-02-29', '2026-11-22', '2030-01-01');

/** Days and nights that meet at two times of day. */
const dayAndNight: fc.Arbitrary<Rota> = fc
  .record({ timeZone: zone, at: time, length: fc.integer({ min: 1, max: 95 }), teams, turnDays, turnStart })
  .map(({ timeZone, at, length, ...turns }) => {
    const other = hhmm((Number(at.slice(0, 2)) * 60 + Number(at.slice(3)) + length * 15) % 1440);
    return rota(timeZone, [
      { name: 'day', weekdays: ALL, from: at, to: other, ...turns },
      { name: 'night', weekdays: ALL, from: other, to: at, ...turns },
    ]);
  });

const anyRota: fc.Arbitrary<Rota> = fc
  .record({
    timeZone: zone,
    shifts: fc.array(
      fc.record({
        name: fc.constantFrom('x', 'y'),
        weekdays: fc.subarray(ALL, { minLength: 1 }),
        from: time,
        to: time,
        teams,
        turnDays,
        turnStart,
      }),
      { minLength: 1, maxLength: 4 },
    ),
    overrides: fc.array(
      fc.record({
        from: moment,
        days: fc.integer({ min: 1, max: 20 }),
        instead: fc.option(fc.constantFrom('a', 'b'), { nil: null }),
        contacts: fc.subarray(['c', 'd', 'e']),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ timeZone, shifts, overrides }) =>
    rota(
      timeZone,
      shifts,
      overrides.map(({ from, days, ...rest }, i) => ({
        id: `o${i}`,
        from,
        to: from + days * DAY,
        note: '',
        ...rest,
      })),
    ),
  );

function rota(timeZone: string, shifts: Rota['shifts'], overrides: Rota['overrides'] = []): Rota {
  return { id: 'r', ...rotaInputSchema.parse({ name: 'r', timeZone, shifts, overrides }) };
}

test('walls never run backwards, and every moment is within its day', () => {
  fc.assert(
    fc.property(zone, moment, fc.integer({ min: 0, max: 200_000_000 }), (name, at, more) => {
      const clock = wallClockOf(name);
      const wall = clock.toWall(at);
      expect(clock.toUtc(wall)).toBeLessThanOrEqual(at);
      expect(at - clock.toUtc(wall)).toBeLessThanOrEqual(3_600_000);
      expect(clock.toUtc(wall + more)).toBeGreaterThanOrEqual(clock.toUtc(wall));
    }),
    { numRuns: 2_000 },
  );
});

test('days and nights that meet leave no gap and never overlap, also when clocks change', () => {
  fc.assert(
    fc.property(dayAndNight, moment, (plan, at) => {
      const spans = onCallSpans(plan, at, at + 20 * DAY);
      for (const span of spans) expect(span.shifts, new Date(span.from).toISOString()).toHaveLength(1);
      expect(onCallGaps(plan, at, at + 20 * DAY)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('stretches cover the whole time without holes, and say what is true at each moment', () => {
  fc.assert(
    fc.property(anyRota, moment, fc.integer({ min: 1, max: 20 * 1440 }), (plan, from, minutes) => {
      const to = from + minutes * 60_000;
      const spans = onCallSpans(plan, from, to);
      expect(spans[0]?.from).toBe(from);
      expect(spans.at(-1)?.to).toBe(to);
      spans.forEach((span, i) => {
        if (i > 0) expect(span.from).toBe(spans[i - 1]?.to);
        for (const at of [span.from, Math.floor((span.from + span.to) / 2), span.to - 1]) {
          const { contacts, override } = onCallAt(plan, at);
          expect({ contacts, override }).toEqual({ contacts: span.contacts, override: span.override });
        }
      });
      const { now, next } = onCallAround(plan, from);
      expect(now.from).toBeLessThanOrEqual(from);
      expect(now.to).toBeGreaterThan(from);
      expect(next.from).toBe(now.to);
      expect(now.contacts).toEqual(onCallAt(plan, from).contacts);
    }),
    { numRuns: 200 },
  );
});

test('clocks that are put forward or back make a night shorter or longer, for the same people', () => {
  const plan = rota('America/New_York', [
    {
      name: 'night',
      weekdays: ALL,
      from: '22:00',
      to: '06:00',
      teams: [['a'], ['b']],
      turnDays: 1,
      turnStart: '2026-03-07',
    },
  ]);
  const night = (day: string) => onCallAround(plan, Date.parse(`${day}T04:30:00Z`)).now;
  // 8 March 2026, 02:00 → 03:00; 1 November 2026, 02:00 → 01:00.
  expect((night('2026-03-08').to - night('2026-03-08').from) / 3_600_000).toBe(7);
  expect((night('2026-11-01').to - night('2026-11-01').from) / 3_600_000).toBe(9);
  expect(night('2026-03-08').contacts).toEqual(['a']);
  expect(night('2026-03-09').contacts).toEqual(['b']);
});

test('weeks take turns, whole days are one shift, and an override relieves one person or everybody', () => {
  const week = {
    name: 'week',
    weekdays: ALL,
    from: '08:00',
    to: '08:00',
    teams: [['a', 'x'], ['b']],
    turnDays: 7,
    turnStart: '2026-11-16',
  };
  const base = rota('Asia/Shanghai', [week]);
  const at = (text: string) => Date.parse(`${text}+08:00`);
  expect(onCallAt(base, at('2026-11-22T12:00')).contacts).toEqual(['a', 'x']);
  expect(onCallAt(base, at('2026-11-23T07:59')).contacts).toEqual(['a', 'x']);
  expect(onCallAt(base, at('2026-11-23T08:00')).contacts).toEqual(['b']);
  expect(onCallAt(base, at('2026-11-15T12:00')).contacts).toEqual(['b']);
  const span = { from: at('2026-11-20T00:00'), to: at('2026-11-21T00:00'), note: '' };
  const swapped = rota('Asia/Shanghai', [week], [{ id: 'o', ...span, instead: 'a', contacts: ['c'] }]);
  expect(onCallAt(swapped, at('2026-11-20T12:00'))).toMatchObject({ contacts: ['c', 'x'], override: 'o' });
  expect(onCallAt(swapped, at('2026-11-21T00:00'))).toMatchObject({ contacts: ['a', 'x'], override: null });
  const nobody = rota('Asia/Shanghai', [week], [{ id: 'o', ...span, instead: null, contacts: [] }]);
  expect(onCallAt(nobody, at('2026-11-20T12:00')).contacts).toEqual([]);
  expect(onCallGaps(nobody, span.from, span.to)).toEqual([]);
});
