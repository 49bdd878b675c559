import { describe, expect, it } from 'vitest';
import { valueRange } from '../../../renderer/charts/chart-values.ts';
import { fullName, shortNames } from '../../../renderer/charts/series-names.ts';
import { sparkPath } from '../../../renderer/charts/sparkline.tsx';
import { niceStep } from '../../../renderer/charts/steps.ts';
import { timeLabels } from '../../../renderer/charts/time-axis.ts';
import { formatNumber, formatValue, guessUnit } from '../../../renderer/charts/units.ts';

describe('units', () => {
  it.each([
    ['node_memory_MemFree_bytes', 'bytes'],
    ['rate(node_network_receive_bytes_total{device="eth0"}[5m])', 'bytesPerSecond'],
    ['sum by (mode) (node_cpu_seconds_total)', 'seconds'],
    ['rate(node_cpu_seconds_total[5m])', 'number'],
    ['a_ratio', 'ratio'],
    ['node_memory_MemFree_bytes / node_memory_MemTotal_bytes', 'number'],
    ['foo{path="/x_bytes"}', 'number'],
    ['up', 'number'],
  ] as const)('are guessed from %s: %s', (expr, unit) => {
    expect(guessUnit(expr)).toBe(unit);
  });

  it('print numbers short, exact where they are whole, and name what is not a number', () => {
    expect(formatNumber(1_234_567)).toBe('1,234,567');
    expect(formatNumber(0.123456)).toBe('0.1235');
    expect(formatNumber(0.00001234)).toBe('1.23e-5');
    expect(formatNumber(Number.NaN)).toBe('NaN');
    expect(formatNumber(Number.NEGATIVE_INFINITY)).toBe('-Inf');
  });

  it('print values with their unit', () => {
    expect(formatValue(null, 'bytes')).toBe('—');
    expect(formatValue(1536, 'bytesPerSecond')).toBe('1.50 KiB/s');
    expect(formatValue(0.5, 'ratio')).toBe('50 %');
    expect(formatValue(0.0023, 'seconds')).toBe('2.3 ms');
    expect(formatValue(7_200, 'seconds')).toBe('2 h');
  });
});

describe('names of series', () => {
  const a = { __name__: 'node_cpu', cpu: '0', mode: 'idle', instance: 'x:9100' };
  const b = { ...a, cpu: '1' };

  it('say only in what the series differ', () => {
    expect(shortNames([a, b], '')).toEqual(['cpu=0', 'cpu=1']);
    expect(shortNames([{ __name__: 'x' }, { __name__: 'y' }], '')).toEqual(['x', 'y']);
  });

  it('are full when a series stands alone or all are alike', () => {
    expect(shortNames([{ __name__: 'up', job: 'a "b"' }], '')).toEqual(['up{job="a \\"b\\""}']);
    expect(shortNames([a], 'CPU')).toEqual(['CPU']);
    expect(shortNames([{}, {}], '')).toEqual(['{}', '{}']);
    expect(fullName({ __name__: 'up' })).toBe('up');
  });
});

describe('the value axis', () => {
  it('starts at zero unless that would flatten the line', () => {
    expect(valueRange(2, 10)[0]).toBe(0);
    expect(valueRange(1000, 1001)[0]).toBeGreaterThan(990);
  });

  it('never has zero height', () => {
    for (const [min, max] of [
      [0, 0],
      [5, 5],
      [-5, -5],
    ] as const) {
      const [low, high] = valueRange(min, max);
      expect(high).toBeGreaterThan(low);
    }
    expect(valueRange(null, null)).toEqual([0, 1]);
  });
});

describe('the time axis', () => {
  it('shows seconds only between close ticks, and the date where the day changes', () => {
    const at = (text: string): number => new Date(text).getTime() / 1000;
    expect(timeLabels([at('2026-11-22T10:00:15')], 15)).toEqual(['10:00:15']);
    expect(timeLabels([at('2026-11-22T23:30:00'), at('2026-11-23T00:00:00')], 1800)).toEqual([
      '23:30',
      '00:00\n11-23',
    ]);
    expect(timeLabels([at('2026-11-22T00:00:00')], 86_400)).toEqual(['11-22']);
  });
});

describe('steps', () => {
  it('are lengths that people use and give no more points than asked', () => {
    expect(niceStep(3_600_000, 90)).toBe(60_000);
    expect(niceStep(900_000, 500)).toBe(2_000);
    expect(niceStep(30 * 86_400_000, 10)).toBe(3 * 86_400_000);
    for (const span of [900_000, 3_600_000, 86_400_000, 30 * 86_400_000]) {
      expect(span / niceStep(span, 300)).toBeLessThanOrEqual(300);
    }
  });
});

describe('a trend line', () => {
  it('breaks at gaps and draws a lone value as a dot', () => {
    const path = sparkPath([1, 2, null, 3, null, 1, 1], 0, 3, 30);
    expect(path.match(/M/g)).toHaveLength(3);
    expect(path).toContain('M100.0 1.5L100.0 1.5');
  });

  it('stays inside its box', () => {
    const numbers = (sparkPath([-10, 50], 0, 3, 30).match(/[\d.]+/g) ?? []).map(Number);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(numbers[1]).toBe(28.5);
    expect(numbers[3]).toBe(1.5);
  });
});
