import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labelsKey } from '#shared/domain/labels.ts';
import type { RangeResult } from '../../../../main/engine/promql/results.ts';
import { hostileSeries, randomOf } from '../../../helpers/hostile-series.ts';
import { openRollups, type RollupBench } from '../../../helpers/rollup-bench.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2027, 0, 10);
const END = START + 3 * DAY + 5 * HOUR;

let folder = '';
let bench: RollupBench;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hmtt-rollup-'));
  bench = openRollups(folder);
  bench.add(hostileSeries(START - 3 * HOUR, 3 * DAY + 8 * HOUR, 1), 2 * HOUR);
  await bench.rollUp();
});
afterAll(() => {
  bench.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Largest absolute value in a column; additions in another order differ by so much in their last bits. */
function sizeOf(values: Float64Array): number {
  return values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
}

function expectSame(expr: string, ours: RangeResult, theirs: RangeResult): void {
  const keys = (result: RangeResult): string[] => result.columns.map(({ labels }) => labelsKey(labels));
  expect(keys(ours), expr).toEqual(keys(theirs));
  for (const [index, column] of ours.columns.entries()) {
    const other = theirs.columns[index];
    if (other === undefined) continue;
    expect([...column.has], `${expr} ${column.labels}`).toEqual([...other.has]);
    const slack = 1e-12 * sizeOf(other.values);
    for (let i = 0; i < column.has.length; i++) {
      const a: number = column.values[i] ?? 0;
      const b: number = other.values[i] ?? 0;
      const same = Object.is(a, b) || a === b || Math.abs(a - b) <= Math.max(1e-9 * Math.abs(b), slack);
      if (column.has[i] === 1 && !same)
        expect.fail(`${expr} ${column.labels} step ${i}: ${a} instead of ${b}`);
    }
  }
}

async function compare(expr: string, start: number, end: number, stepMs: number): Promise<void> {
  const ours = await bench.withRollups.range(expr, { start, end, stepMs });
  const theirs = await bench.samplesOnly.range(expr, { start, end, stepMs });
  if (!theirs.ok) throw new Error(`${expr}: ${theirs.error.message.en}`);
  if (!ours.ok) throw new Error(`${expr}: ${ours.error.message.en}`);
  expect(ours.value.notes, expr).toBeUndefined();
  expectSame(expr, ours.value, theirs.value);
}

const RANGED = [
  ...['rate', 'increase', 'delta', 'resets', 'changes', 'present_over_time', 'last_over_time'],
  ...['count_over_time', 'sum_over_time', 'avg_over_time', 'min_over_time', 'max_over_time'],
];
const ALL = '{job="hostile"}';

describe('roll-ups answer as samples do', () => {
  test.each(RANGED)('%s', async (name) => {
    for (const [range, step] of [
      ['5m', 5 * MINUTE],
      ['1h', HOUR],
      ['3h', HOUR],
      ['35m', 10 * MINUTE],
      ['1d', 6 * HOUR],
      ['2h', HOUR],
    ] as const) {
      await compare(`${name}(${ALL}[${range}])`, START - 6 * HOUR, END, step);
      await compare(`${name}(${ALL}[${range}] offset 1h)`, START - 6 * HOUR, END, step);
    }
  });

  test.each([
    ALL,
    `timestamp(${ALL})`,
    `sum by (kind) (${ALL})`,
    `count(${ALL} offset 5m)`,
    'absent(gone)',
    'absent_over_time(holes[1h])',
    'edges @ 1800000000',
    `topk(2, ${ALL})`,
    'steady_total - steady_total offset 1d',
    'max_over_time(rate(steady_total[1h])[1d:1h])',
    'avg_over_time(decimal[1h:5m])',
    'rate(resets_total[1h]) > bool 0 and rate(steady_total[5m])',
    'quantile_over_time(0.5, decimal[1h])',
    'sum(stddev_over_time(decimal[1h]))',
    'irate(resets_total[1h])',
    'predict_linear(steady_total[1h], 3600)',
    'holes @ end()',
    'sum_over_time(decimal[1h] @ start())',
  ])('%s', async (expr) => {
    for (const step of [HOUR, 5 * MINUTE, 2 * HOUR]) await compare(expr, START - 6 * HOUR, END, step);
  });

  test('on the grid and off it, at random', async () => {
    const random = randomOf(7);
    const one = <T>(of: readonly [T, ...T[]]): T => of[Math.floor(random() * of.length)] ?? of[0];
    const metrics = [
      'steady_total',
      'decimal',
      'binary',
      'resets_total',
      'odd',
      'holes',
      'flapping',
    ] as const;
    for (let n = 0; n < 60; n++) {
      const off = one([0, 0, 0, 1, 7 * MINUTE, 5 * MINUTE]);
      const step = one([HOUR, 5 * MINUTE, 15 * MINUTE, 2 * HOUR, 61_000]);
      const range = one(['5m', '1h', '90m', '7m', '2h', '3601s']);
      const offset = one(['', '', ' offset 1h', ' offset 7m', ' offset -5m']);
      const start = START + Math.floor(random() * 40) * HOUR + off;
      const expr = `${one(RANGED as [string, ...string[]])}(${one(metrics)}[${range}]${offset})`;
      await compare(expr, start, start + 60 * step, step);
    }
  });

  test('files are used, not only samples', () => {
    expect(bench.rollups.all.map(({ name }) => name)).toEqual([
      '1h.2027-01-02T00-00-00Z.2592000s.db',
      '5m.2027-01-09T00-00-00Z.86400s.db',
      '5m.2027-01-10T00-00-00Z.86400s.db',
      '5m.2027-01-11T00-00-00Z.86400s.db',
      '5m.2027-01-12T00-00-00Z.86400s.db',
      '5m.2027-01-13T00-00-00Z.86400s.db',
    ]);
    expect(bench.reader.has(HOUR, START, START + HOUR)).toBe(true);
    expect(bench.reader.finest(START, END)).toBe(0);
  });
});
