import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instantText, rangeText } from '../../../main/engine/promql/api-json.ts';
import { formatPlain, formatSample } from '../../../main/engine/promql/go-float.ts';
import { instantToApi, rangeToApi } from '../../../main/engine/promql/results.ts';

const labels = (n: number) => ['__name__', 'm', 'n', String(n), 'text', '"<é\u2028'];

describe('results as JSON text', () => {
  test('a value with few decimals is written as any other', () => {
    const slowly = (value: number): string => {
      const size = Math.abs(value);
      return size === 0 || (size >= 1e-6 && size < 1e21)
        ? formatPlain(value)
        : value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
    };
    const few = fc.tuple(fc.integer({ min: -1e12, max: 1e12 }), fc.constantFrom(1, 10, 100, 1e3, 1e4, 1e6));
    fc.assert(
      fc.property(few, ([n, scale]) => formatSample(n / scale) === slowly(n / scale)),
      { numRuns: 20_000 },
    );
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (value) => formatSample(value) === slowly(value),
      ),
      { numRuns: 20_000 },
    );
    expect(
      [0, -0, 1e-7, 1e21, Number.NaN, 1 / 0, -1 / 0, 0.001, -0.5, 999_999_999.999].map(formatSample),
    ).toEqual(['0', '-0', '1e-07', '1e+21', 'NaN', '+Inf', '-Inf', '0.001', '-0.5', '999999999.999']);
  });

  test('columns become what the objects of the same result are', () => {
    const column = fc.record({
      values: fc.array(fc.oneof(fc.constantFrom(0, -0, 1, 1.5, Number.NaN, 1 / 0), fc.double()), {
        minLength: 5,
        maxLength: 5,
      }),
      has: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 5, maxLength: 5 }),
    });
    fc.assert(
      fc.property(fc.array(column, { maxLength: 4 }), (given) => {
        const columns = given.map(({ values, has }, n) => ({
          labels: labels(n),
          values: Float64Array.from(values),
          has: Uint8Array.from(has),
        }));
        const result = { steps: { start: -1_500, step: 750, count: 5 }, columns };
        const text = [...rangeText(result).pieces].join('');
        expect(JSON.parse(text)).toEqual(rangeToApi(result));
      }),
    );
  });

  test('long results come in pieces, and a limit cuts whole series', () => {
    const times = Float64Array.from({ length: 10_000 }, (_, i) => i * 1_000);
    const series = [0, 1, 2].map((n) => ({
      labels: labels(n),
      times,
      values: times.map((time) => time + n),
    }));
    const result = { type: 'matrix', time: 0, series } as const;
    const whole = instantText(result);
    const pieces = [...whole.pieces];
    expect(pieces.length).toBeGreaterThan(10);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(80_000);
    expect(JSON.parse(pieces.join(''))).toEqual(instantToApi(result));
    const cut = instantText(result, 2);
    expect(cut.truncated).toBe(true);
    expect(JSON.parse([...cut.pieces].join('')).result).toHaveLength(2);
    expect(instantText(result, 3).truncated).toBe(false);
  });
});
