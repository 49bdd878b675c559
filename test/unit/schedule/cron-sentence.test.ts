import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronSentence } from '#shared/domain/schedule/cron-sentence.ts';
import { cronTimes } from '#shared/domain/schedule/cron-times.ts';

describe('the sentence of a cron expression', () => {
  it.each([
    ['30 1 * * *', '每天 01:30', 'every day at 01:30'],
    ['@daily', '每天 00:00', 'every day at 00:00'],
    ['0 3 * * 0', '每周日 03:00', 'every Sunday at 03:00'],
    ['0 3 * * 7', '每周日 03:00', 'every Sunday at 03:00'],
    ['5 * * * *', '每小时的第 5 分钟', 'every hour at minute 5'],
    ['@hourly', '每小时的第 0 分钟', 'every hour at minute 0'],
    ['* * * * *', '每分钟', 'every minute'],
    ['*/15 * * * *', '每 15 分钟', 'every 15 minutes'],
    ['0-59/20 * * * *', '每 20 分钟', 'every 20 minutes'],
    ['*/25 * * * *', '每小时的第 0、25、50 分钟', 'every hour at minute 0, 25 and 50'],
    ['0 1 * * 1-5', '每周一至五 01:00', 'every Monday to Friday at 01:00'],
    ['0 1 * * MON,WED,SUN', '每周一、三、日 01:00', 'every Monday, Wednesday and Sunday at 01:00'],
    ['0 1 * * 0-6', '每天 01:00', 'every day at 01:00'],
    ['0 */6 * * *', '每天 00:00、06:00、12:00、18:00', 'every day at 00:00, 06:00, 12:00 and 18:00'],
    ['15 8-18 * * *', '08:15 至 18:15 每小时一次', 'every hour from 08:15 to 18:15'],
    ['*/10 8-11 * * 6', '每周六 8–11 时内每 10 分钟', 'every Saturday, every 10 minutes in hours 8–11'],
    ['0 2 1,15 * *', '每月 1、15 日 02:00', 'on days 1 and 15 of the month at 02:00'],
    ['0 2 L * *', '每月最后一天 02:00', 'on the last day of the month at 02:00'],
    ['0 2 LW * *', '每月最后一个工作日 02:00', 'on the last working day of the month at 02:00'],
    [
      '0 2 15W * *',
      '每月离 15 日最近的工作日 02:00',
      'on the working day nearest to day 15 of the month at 02:00',
    ],
    ['0 2 * * 5#2', '当月第二个星期五 02:00', 'the second Friday of the month at 02:00'],
    ['0 2 * * 1#L', '当月最后一个星期一 02:00', 'the last Monday of the month at 02:00'],
    ['0 2 * JAN,MAR *', '1、3 月的每天 02:00', 'every day in January and March at 02:00'],
    ['0 2 1 1-3 *', '1–3 月的 1 日 02:00', 'on day 1 of January–March at 02:00'],
    ['0 0 1-7 * MON', '每月 1–7 日以及每周一 00:00', 'on days 1–7 of the month and every Monday at 00:00'],
    [
      '0 0 1-7 * +MON',
      '每月 1–7 日中每周一的日子 00:00',
      'on days 1–7 of the month when it is also every Monday at 00:00',
    ],
    [
      '1,2,7 0-20/2 * * *',
      '每天 0、2、4、6、8、10、12、14、16、18、20 时的第 1、2、7 分钟',
      'every day at minute 1, 2 and 7 of hours 0, 2, 4, 6, 8, 10, 12, 14, 16, 18 and 20',
    ],
  ])('%s', (expression, zh, en) => {
    expect(cronSentence(expression)).toEqual({ zh, en });
  });

  it.each(['', 'nonsense', '* * * *', '0 0 1 * * *', '61 * * * *', '0 22-2 * * *'])('%j has none', (text) => {
    expect(cronSentence(text)).toBeNull();
    expect(cronTimes(text, 0, 1).ok).toBe(false);
  });

  it('is the same only for schedules that are the same', () => {
    const numbers = (low: number, high: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min: low, max: high }).map(String),
        fc.integer({ min: 2, max: 30 }).map((step) => `*/${Math.min(step, high)}`),
        fc
          .tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }))
          .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
        fc
          .uniqueArray(fc.integer({ min: low, max: high }), { minLength: 2, maxLength: 4 })
          .map((list) => list.join(',')),
      );
    const expression = fc
      .tuple(
        numbers(0, 59),
        numbers(0, 23),
        fc.oneof({ weight: 4, arbitrary: numbers(1, 28) }, fc.constantFrom('L', 'LW', '15W')),
        numbers(1, 12),
        fc.oneof({ weight: 4, arbitrary: numbers(0, 6) }, fc.constantFrom('5#2', '1L', 'MON#1,FRI', '+3')),
      )
      .map((parts) => parts.join(' '));
    const from = Date.UTC(2026, 0, 1);
    const times = new Map<string, readonly number[]>();
    const expressions = new Map<string, string>();
    fc.assert(
      fc.property(expression, (text) => {
        const sentence = cronSentence(text);
        const next = cronTimes(text, from, 40, 'UTC');
        expect(next.ok).toBe(sentence !== null);
        if (sentence === null || !next.ok) return;
        for (const words of [sentence.zh, sentence.en]) {
          const known = times.get(words);
          if (known !== undefined)
            expect([words, expressions.get(words), next.times]).toEqual([
              words,
              expressions.get(words),
              known,
            ]);
          times.set(words, next.times);
          expressions.set(words, text);
        }
      }),
      { numRuns: 600 },
    );
  });
});

describe('the times of a cron expression', () => {
  const utc = (text: string): number => Date.parse(text);
  const berlin = (expression: string, after: string, count: number) => {
    const found = cronTimes(expression, utc(after), count, 'Europe/Berlin');
    return found.ok ? found.times.map((time) => new Date(time).toISOString().slice(0, 16)) : found.why;
  };

  it('come once on the night when the clocks go forward, although 02:30 does not exist', () => {
    expect(berlin('30 2 * * *', '2026-03-28T12:00:00Z', 2)).toEqual(['2026-03-29T01:00', '2026-03-30T00:30']);
  });

  it('come once on the night when the clocks go back, although 02:30 exists twice', () => {
    expect(berlin('30 2 * * *', '2026-10-24T12:00:00Z', 2)).toEqual(['2026-10-25T00:30', '2026-10-26T01:30']);
  });

  it('go on evenly through both nights when they are a pace', () => {
    expect(berlin('0 * * * *', '2026-10-25T00:30:00Z', 2)).toEqual(['2026-10-25T01:00', '2026-10-25T02:00']);
    expect(berlin('0 * * * *', '2026-03-29T00:30:00Z', 2)).toEqual(['2026-03-29T01:00', '2026-03-29T02:00']);
  });

  it('are none where the day never comes', () => {
    expect(cronTimes('0 0 30 2 *', utc('2026-01-01T00:00:00Z'), 1)).toEqual({ ok: true, times: [] });
  });
});
