import { copyFileSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { ok } from '#shared/errors/index.ts';
import { beyond, daysOf, joined, without } from '../../../../main/engine/metrics/rollup/plan.ts';
import { DAY_MS } from '../../../../main/engine/metrics/rollup/schema.ts';
import type { PromqlEngine } from '../../../../main/engine/promql/engine.ts';
import { hostileSeries } from '../../../helpers/hostile-series.ts';
import { openRollups, type RollupBench } from '../../../helpers/rollup-bench.ts';
import { inTurns } from '../../../helpers/rollup-in-turns.ts';
import { temporaryFolder } from '../../../helpers/temp-folder.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2027, 0, 10);

const steady = (days: number) => ({
  labels: { __name__: 'm_total', host: 'a' },
  samples: Array.from({ length: days * 1440 }, (_, i) => ({ time: START + (i + 1) * 60_000, value: i * 3 })),
});

async function answer(engine: PromqlEngine, expr: string, stepMs: number, from = START, days = 2) {
  const result = await engine.range(expr, { start: from, end: from + days * DAY_MS, stepMs });
  if (!result.ok) throw new Error(result.error.message.en);
  const rows = result.value.columns.map(({ labels, values, has }) => [
    labels,
    Array.from(has, (there, i) => (there === 1 ? values[i] : null)),
  ]);
  return { rows, notes: result.value.notes?.map(({ en }) => en) ?? [] };
}

const names = (folder: string): string[] =>
  readdirSync(join(folder, 'rollup'))
    .filter((name) => !name.endsWith('-journal'))
    .sort();

/** Everything that a file holds, table by table; a difference is told by its table and row. */
function rowsOf(path: string): Record<string, unknown> {
  const db = new Database(path, { readonly: true });
  const named = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all();
  const held = (named as string[]).map((name) => {
    const rows = db.prepare(`SELECT * FROM "${name}"`).raw().all() as unknown[][];
    return [
      name,
      rows.map((row) => row.map((cell) => (Buffer.isBuffer(cell) ? cell.toString('hex') : cell))),
    ];
  });
  db.close();
  return Object.fromEntries(held);
}

function dropPartitions(bench: RollupBench, before: number): void {
  for (const partition of bench.partitions.all)
    if (partition.end <= before) bench.partitions.remove(partition, 'the test removes it');
}

describe('building', () => {
  test('a backlog ends in one file a day and one of hours, and there is nothing to do then', async () => {
    const folder = temporaryFolder();
    const bench = openRollups(folder);
    bench.add([steady(2)], 2 * HOUR);
    // Partitions that begin or end at midnight may hold the last sample of the day before, so that day is looked at too.
    expect(await bench.rollUp()).toEqual([
      '5m.2027-01-09T00-00-00Z.86400s.db',
      '5m.2027-01-10T00-00-00Z.86400s.db',
      '5m.2027-01-11T00-00-00Z.86400s.db',
      '5m.2027-01-12T00-00-00Z.86400s.db',
      '1h.2027-01-02T00-00-00Z.2592000s.db',
    ]);
    expect(await bench.rollUp()).toEqual([]);
    const again = openRollups(folder);
    expect(await again.rollUp()).toEqual([]);
    expect(again.rollups.all.map(({ samples }) => samples)).toEqual([2880, 0, 1440, 1440, 0]);
    bench.close();
    again.close();
  });

  test('a late partition makes its days anew, and replaces no other', async () => {
    const folder = temporaryFolder();
    const bench = openRollups(folder);
    bench.add([steady(2)], 2 * HOUR);
    await bench.rollUp();
    bench.add([{ ...steady(1), labels: { __name__: 'late_total' } }], DAY_MS);
    expect(await bench.rollUp()).toEqual([
      '5m.2027-01-09T00-00-00Z.86400s.2.db',
      '5m.2027-01-10T00-00-00Z.86400s.2.db',
      '5m.2027-01-11T00-00-00Z.86400s.2.db',
      '1h.2027-01-02T00-00-00Z.2592000s.2.db',
    ]);
    expect(names(folder).filter((name) => name.includes('01-10'))).toHaveLength(1);
    const late = await answer(bench.withRollups, 'increase(late_total[1h])', HOUR);
    expect(late).toEqual(await answer(bench.samplesOnly, 'increase(late_total[1h])', HOUR));
    bench.close();
  });

  test('cut off at any step, it goes on and ends with the same files', async () => {
    const folder = temporaryFolder();
    const bench = openRollups(folder);
    bench.add(hostileSeries(START, 2 * DAY_MS, 3), 6 * HOUR);
    let built = 0;
    for (let more = true; more; ) {
      // The process ends in the middle of each file, and after it.
      const cut = openRollups(folder, {
        build: (order) => {
          writeFileSync(`${order.path}.part`, 'half a file');
          return { cancel: () => undefined, result: Promise.resolve(ok({ kind: 'stopped' })) };
        },
      });
      await cut.upkeep.step();
      cut.close();
      const next = openRollups(folder);
      expect(names(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
      more = await next.upkeep.step();
      if (more) built++;
      next.close();
    }
    expect(built).toBe(5);
    const fresh = temporaryFolder();
    const whole = openRollups(fresh);
    whole.add(hostileSeries(START, 2 * DAY_MS, 3), 6 * HOUR);
    await whole.rollUp();
    expect(names(folder)).toEqual(names(fresh));
    for (const name of names(folder))
      expect(rowsOf(join(folder, 'rollup', name)), name).toEqual(rowsOf(join(fresh, 'rollup', name)));
    whole.close();
    bench.close();
  });

  test('of two generations that a crash left, the newer one counts and the other goes', async () => {
    const folder = temporaryFolder();
    const bench = openRollups(folder);
    bench.add([steady(1)], 2 * HOUR);
    await bench.rollUp();
    const day = join(folder, 'rollup', '5m.2027-01-10T00-00-00Z.86400s.db');
    const saved = join(folder, 'saved.db');
    copyFileSync(day, saved);
    bench.add([{ ...steady(1), labels: { __name__: 'late_total' } }], DAY_MS);
    await bench.rollUp();
    bench.close();
    copyFileSync(saved, day);
    const again = openRollups(folder);
    expect(names(folder).filter((name) => name.includes('01-10'))).toEqual([
      '5m.2027-01-10T00-00-00Z.86400s.2.db',
    ]);
    expect(await again.rollUp()).toEqual([]);
    again.close();
  });
});

describe('damage', () => {
  test('a file cut short or with a flipped bit is set aside and built again', async () => {
    const folder = temporaryFolder();
    const bench = openRollups(folder);
    bench.add([steady(2)], 2 * HOUR);
    await bench.rollUp();
    const right = await answer(bench.withRollups, 'rate(m_total[1h])', HOUR);
    bench.close();
    const hours = join(folder, 'rollup', '1h.2027-01-02T00-00-00Z.2592000s.db');
    truncateSync(hours, 20_000);
    const again = openRollups(folder);
    expect(again.rollups.problems.map(({ code }) => code)).toEqual(['METRICS_ROLLUP_DAMAGED']);
    expect(existsSync(`${hours}.damaged`)).toBe(true);
    expect(await answer(again.withRollups, 'rate(m_total[1h])', HOUR)).toEqual(right);
    expect(await again.rollUp()).toEqual(['1h.2027-01-02T00-00-00Z.2592000s.db']);
    again.close();
    const day = join(folder, 'rollup', '5m.2027-01-10T00-00-00Z.86400s.db');
    const bytes = readFileSync(day);
    // A block of 288 buckets begins with its coding and their number.
    const block = bytes.lastIndexOf(Buffer.from([1, 0xa0, 0x02]));
    bytes.fill(0xff, block + 20, block + 21);
    writeFileSync(day, bytes);
    const third = openRollups(folder);
    await answer(third.withRollups, 'rate(m_total[5m])', 300_000);
    expect(third.rollups.problems.map(({ code }) => code)).toEqual(['METRICS_ROLLUP_DAMAGED']);
    expect(await third.rollUp()).toEqual(['5m.2027-01-10T00-00-00Z.86400s.db']);
    expect(await answer(third.withRollups, 'rate(m_total[1h])', HOUR)).toEqual(right);
    third.close();
  });

  test('a damaged partition is set aside by the build that finds it, and the rest is rolled up', async () => {
    const folder = temporaryFolder();
    const bench = openRollups(folder);
    bench.add([steady(1)], 2 * HOUR);
    const [first] = bench.partitions.all;
    const path = first?.path ?? '';
    bench.close();
    const bytes = readFileSync(path);
    bytes.fill(0x5a, 16_384, 60_000);
    writeFileSync(path, bytes);
    const again = openRollups(folder);
    await again.rollUp();
    expect(again.partitions.problems).toHaveLength(1);
    expect(again.rollups.all.map(({ samples }) => samples)).toContain(1440 - 119);
    again.close();
  });
});

describe('retention', () => {
  test('a partition stays until its days are rolled up', async () => {
    const bench = openRollups(temporaryFolder());
    bench.add([steady(1)], 2 * HOUR);
    const [first] = bench.partitions.all;
    if (first === undefined) throw new Error('no partition');
    expect(bench.upkeep.removable()(first)).toBe(false);
    await bench.rollUp();
    expect(bench.upkeep.removable()(first)).toBe(true);
    bench.close();
  });

  test('space can be made when roll-ups cannot be built', async () => {
    const bench = openRollups(temporaryFolder(), {
      build: () => ({
        cancel: () => undefined,
        result: Promise.resolve(ok({ kind: 'stopped' })),
      }),
    });
    bench.add([steady(1)], 2 * HOUR);
    await bench.rollUp();
    const [first] = bench.partitions.all;
    expect(first !== undefined && bench.upkeep.removable()(first)).toBe(true);
    bench.close();
  });

  test('five minutes go when the hours have them, hours when they are old; nothing is built twice', async () => {
    const folder = temporaryFolder();
    const bench = openRollups(folder, { retention: { fine: 2 * DAY_MS, hours: 5 * DAY_MS } });
    bench.add([steady(5)], 6 * HOUR);
    const before = await answer(bench.withRollups, 'increase(m_total[2h])', HOUR, START, 5);
    await bench.rollUp();
    expect(names(folder)).toEqual([
      '1h.2027-01-02T00-00-00Z.2592000s.5.db',
      '5m.2027-01-14T00-00-00Z.86400s.db',
      '5m.2027-01-15T00-00-00Z.86400s.db',
    ]);
    expect(await bench.rollUp()).toEqual([]);
    expect(await answer(bench.withRollups, 'increase(m_total[2h])', HOUR, START, 5)).toEqual(before);
    bench.close();
  });
});

describe('a limit of space', () => {
  test('takes the oldest five minutes whose samples are gone, and no more of them than it must', async () => {
    const folder = temporaryFolder();
    const bench = openRollups(folder);
    bench.add([steady(4)], 6 * HOUR);
    await bench.rollUp();
    bench.upkeep.makeRoom(1);
    expect(bench.rollups.all).toHaveLength(7);
    dropPartitions(bench, START + 2 * DAY_MS);
    bench.upkeep.makeRoom(1);
    bench.upkeep.makeRoom(1);
    expect(names(folder)).toEqual([
      '1h.2027-01-02T00-00-00Z.2592000s.db',
      '5m.2027-01-11T00-00-00Z.86400s.db',
      '5m.2027-01-12T00-00-00Z.86400s.db',
      '5m.2027-01-13T00-00-00Z.86400s.db',
      '5m.2027-01-14T00-00-00Z.86400s.db',
    ]);
    // The partition that begins with the third day may have the last sample of the second.
    bench.upkeep.makeRoom(1e12);
    expect(bench.rollups.all).toHaveLength(5);
    expect(await bench.rollUp()).toEqual([]);
    bench.close();
  });
});

describe('when samples are gone', () => {
  test('what is on the grid is answered as before, without a note', async () => {
    const bench = openRollups(temporaryFolder());
    bench.add(hostileSeries(START, 3 * DAY_MS, 5), 2 * HOUR);
    await bench.rollUp();
    const asked = ['{job="hostile"}', 'rate({job="hostile"}[1h])', 'max_over_time({job="hostile"}[2h])'];
    const before = [];
    for (const expr of asked) before.push(await answer(bench.withRollups, expr, HOUR));
    dropPartitions(bench, START + DAY_MS + 5 * HOUR);
    expect(bench.reader.finest(START, START + HOUR)).toBe(300_000);
    for (const [i, expr] of asked.entries())
      expect(await answer(bench.withRollups, expr, HOUR)).toEqual(before[i]);
    bench.close();
  });

  test('what is off the grid is answered about right, and says so', async () => {
    const bench = openRollups(temporaryFolder());
    bench.add([steady(3)], 2 * HOUR);
    await bench.rollUp();
    dropPartitions(bench, START + DAY_MS);
    const off = START + 2 * HOUR + 7_000;
    for (const expr of [
      'rate(m_total[7m])',
      'sum_over_time(m_total[11m])',
      'm_total',
      'deriv(m_total[20m])',
      'increase(m_total[1h30m])',
    ]) {
      const exact = await answer(bench.samplesOnly, expr, 613_000, off + DAY_MS, 1);
      expect((await answer(bench.withRollups, expr, 613_000, off + DAY_MS, 1)).notes).toEqual([]);
      expect(exact.rows).toHaveLength(1);
      const rough = await answer(bench.withRollups, expr, 613_000, off, 1);
      expect(rough.notes).toEqual([expect.stringContaining('roll-ups of 5 min')]);
      expect(rough.rows).toHaveLength(1);
      const [[, roughly = []] = []] = rough.rows as [string[], (number | null)[]][];
      expect(roughly.filter((value) => value === null)).toHaveLength(0);
    }
    const rate = await answer(bench.withRollups, 'rate(m_total[7m])', 613_000, off, 1);
    for (const value of (rate.rows[0]?.[1] ?? []) as number[]) expect(value).toBeCloseTo(3 / 60, 3);
    bench.close();
  });

  test('a range by itself shows the samples that are left', async () => {
    const bench = openRollups(temporaryFolder());
    bench.add([steady(2)], 2 * HOUR);
    await bench.rollUp();
    dropPartitions(bench, START + DAY_MS);
    const result = await bench.withRollups.instant('m_total[30m]', START + HOUR + 1);
    if (!result.ok || result.value.type !== 'matrix') throw new Error('no matrix');
    const minutes = [...(result.value.series[0]?.times ?? [])].map((time) => (time - START) / 60_000);
    // The first and the last of each five minutes.
    expect(minutes).toEqual([31, 35, 36, 40, 41, 45, 46, 50, 51, 55, 56, 60]);
    expect(result.value.notes).toHaveLength(1);
    const whole = await bench.withRollups.instant('m_total[30m]', START + DAY_MS + HOUR);
    expect(whole).toEqual(await bench.samplesOnly.instant('m_total[30m]', START + DAY_MS + HOUR));
    bench.close();
  });

  test('series of a class that keeps its samples are answered from them', async () => {
    const bench = openRollups(temporaryFolder());
    const kept = { ...steady(2), labels: { __name__: 'm_total', host: 'kept' } };
    bench.add([steady(2)], 2 * HOUR);
    bench.add([kept], 2 * HOUR, 'long');
    await bench.rollUp();
    const expr = 'm_total';
    const before = await answer(bench.samplesOnly, expr, 61_000, START + HOUR + 1, 1);
    for (const partition of bench.partitions.all)
      if (partition.retentionClass === '' && partition.end <= START + DAY_MS)
        bench.partitions.remove(partition, 'the test removes it');
    const after = await answer(bench.withRollups, expr, 61_000, START + HOUR + 1, 1);
    expect(after.notes).toHaveLength(1);
    expect(after.rows.map(([labels]) => labels)).toEqual(before.rows.map(([labels]) => labels));
    expect(after.rows[1]).toEqual(before.rows[1]);
    expect(after.rows[0]).not.toEqual(before.rows[0]);
    bench.close();
  });
});

describe('plans', () => {
  test('a partition belongs to the days of its buckets, which are closed on the right', () => {
    const day = (n: number): number => n * DAY_MS;
    expect(daysOf({ name: '', start: day(5), end: day(5) + 2 * HOUR })).toEqual([day(4), day(5)]);
    expect(daysOf({ name: '', start: day(5) + 1, end: day(6) })).toEqual([day(5)]);
    expect(daysOf({ name: '', start: day(5) + 2 * HOUR, end: day(6) + 1 })).toEqual([day(5)]);
    expect(daysOf({ name: '', start: day(5), end: day(5) + 1 })).toEqual([day(4)]);
  });

  test('what newer pieces push out, and arithmetic of times', () => {
    expect([...beyond([1, 5, 3, 3], 1, 2)]).toEqual([1]);
    expect(
      joined([
        { start: 5, end: 7 },
        { start: 1, end: 3 },
        { start: 3, end: 4 },
      ]),
    ).toEqual([
      { start: 1, end: 4 },
      { start: 5, end: 7 },
    ]);
    expect(
      without(
        [{ start: 0, end: 10 }],
        [
          { start: 2, end: 3 },
          { start: 9, end: 12 },
        ],
      ),
    ).toEqual([
      { start: 0, end: 2 },
      { start: 3, end: 9 },
    ]);
  });

  test('a build is given up when the store closes', async () => {
    const folder = temporaryFolder();
    const bench = openRollups(folder, {
      build: (order) => {
        const run = inTurns(order);
        run.cancel();
        return run;
      },
    });
    bench.add(
      Array.from({ length: 60 }, (_, i) => ({ ...steady(1), labels: { __name__: 'm', i: String(i) } })),
      DAY_MS,
    );
    await bench.rollUp();
    expect(names(folder)).toEqual([]);
    bench.close();
  });
});
