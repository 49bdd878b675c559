import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEVELS } from '../../main/engine/logs/model.ts';
import { NOT_PLAIN, quickTimeLevel } from '../../main/engine/logs/parse/quick.ts';
import { timeLevelParser } from '../../main/engine/logs/parse/time-level.ts';
import { zoneClock } from '../../main/engine/logs/parse/zone.ts';

const two = fc.integer({ min: 0, max: 62 }).map((n) => String(n).padStart(2, '0'));
const small = fc.integer({ min: 0, max: 25 }).map((n) => String(n).padStart(2, '0'));
const month = fc.integer({ min: 0, max: 13 }).map((n) => String(n).padStart(2, '0'));
const day = fc.integer({ min: 0, max: 32 }).map((n) => String(n).padStart(2, '0'));
const line = fc
  .tuple(
    fc.constantFrom('2026', '1999', '2024', '2025', '1970', '20x6'),
    fc.constantFrom('-', '-', '-', '/'),
    month,
    day,
    fc.constantFrom(' ', 'T', ' ', '_'),
    small,
    two,
    two,
    fc.constantFrom(',', '.', ',', ':'),
    fc.constantFrom('000', '123', '999', '456', '12', '1234'),
    fc.constantFrom(
      ' INFO ',
      ' ERROR ',
      ' WARN  ',
      ' Z INFO ',
      ' [t] DEBUG ',
      ' INFORMATION ',
      ' INFO: ',
      ' TRACE ',
    ),
    fc.string({ maxLength: 20 }),
  )
  .map(
    ([y, s, mo, d, t, h, mi, sec, p, ms, level, rest]) =>
      `${y}${s}${mo}${s}${d}${t}${h}:${mi}:${sec}${p}${ms}${level}${rest}`,
  );

describe('reading time and level from bytes', () => {
  it('says what the parser says, or nothing', () => {
    for (const name of ['UTC', 'Asia/Shanghai', 'Europe/Berlin', 'America/St_Johns']) {
      const zone = zoneClock(name);
      const quick = quickTimeLevel(zone);
      const parser = timeLevelParser(zone);
      const times = new Float64Array(2);
      let answered = 0;
      fc.assert(
        fc.property(line, (text) => {
          // Somewhere in memory, as lines of a chunk lie.
          const data = Buffer.from(`before${text}\nafter`);
          const level = quick(data, 6, data.length - 6, times, 1);
          if (level === NOT_PLAIN) return;
          answered += 1;
          const parsed = parser.parse(text, 0);
          expect([parsed?.time, parsed?.level]).toEqual([times[1], LEVELS[level]]);
        }),
        { numRuns: 4000 },
      );
      expect(answered).toBeGreaterThan(50);
    }
  });
});
