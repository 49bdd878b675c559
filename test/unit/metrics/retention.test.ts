import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DEFAULT_METRICS_SETTINGS, type MetricsSettings } from '#shared/contract/metrics-settings.ts';
import { daysUntilGrown, planForecast } from '../../../main/engine/metrics/forecast.ts';
import { IMPORTED_EPOCH } from '../../../main/engine/metrics/partition-schema.ts';
import { planRetention, type Retained, retentionLimits } from '../../../main/engine/metrics/retention.ts';
import { checkMetricsSettings } from '../../../main/engine/metrics/settings.ts';
import { answered, openMetrics } from '../../helpers/metrics-area.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A partition of two hours; `at` in hours. */
function part(at: number, more: Partial<Retained> = {}): Retained {
  return { start: at * HOUR, end: (at + 2) * HOUR, epoch: 0, bytes: 100, retentionClass: '', ...more };
}

const limits = (keepHours: number, maxBytes: number | null = null) => ({
  keepMs: () => keepHours * HOUR,
  maxBytes,
  otherBytes: 0,
});

const gone = (parts: readonly Retained[], ...of: Parameters<typeof limits>): number[] =>
  planRetention(parts, limits(...of)).map(({ partition }) => partition.start / HOUR);

describe('retention by age', () => {
  const parts = [0, 2, 4, 6, 8].map((at) => part(at));

  test('keeps what newer partitions do not cover, whatever the clock says', () => {
    expect(gone(parts, 6)).toEqual([2, 0]);
    expect(gone(parts, 5)).toEqual([2, 0]);
    expect(gone(parts, 100)).toEqual([]);
    expect(gone([...parts, part(9e6)], 10)).toEqual([0]);
  });

  test('counts time once that several files cover', () => {
    expect(gone([...parts, part(8), part(8), part(6)], 6)).toEqual([2, 0]);
  });

  test('counts each class by itself', () => {
    const settings: MetricsSettings = {
      ...DEFAULT_METRICS_SETTINGS,
      classes: [{ name: 'web', matchers: [{ label: 'job', op: '=', value: 'web' }], days: 1 }],
    };
    const days = Array.from({ length: 40 }, (_, day) => day);
    const both = days.flatMap((day) =>
      ['', 'web'].map((retentionClass) => ({
        ...part(0, { retentionClass }),
        start: day * DAY,
        end: (day + 1) * DAY,
      })),
    );
    const removals = planRetention(both, retentionLimits(settings, 0));
    const ofClass = (name: string): number =>
      removals.filter(({ partition }) => partition.retentionClass === name).length;
    expect([ofClass(''), ofClass('web')]).toEqual([10, 39]);
    expect(removals[0]?.reason).toContain('1 days');
  });

  test('keeps the files of a class that is no longer set as long as the ordinary ones', () => {
    const old = part(0, { retentionClass: 'gone' });
    expect(retentionLimits(DEFAULT_METRICS_SETTINGS, 0).keepMs(old.retentionClass)).toBe(30 * DAY);
  });

  test('leaves what was imported', () => {
    expect(gone([part(0, { epoch: IMPORTED_EPOCH }), part(20), part(22)], 2)).toEqual([20]);
  });
});

describe('retention by size', () => {
  const parts = [0, 2, 4].map((at) => part(at));

  test('removes what ends first until the rest fits', () => {
    expect(gone(parts, 100, 300)).toEqual([]);
    expect(gone(parts, 100, 299)).toEqual([0]);
    expect(gone(parts, 100, 150)).toEqual([0, 2]);
  });

  test('counts the bytes of the head, and keeps the newest', () => {
    expect(planRetention(parts, { ...limits(100, 250), otherBytes: 100 })).toHaveLength(2);
    expect(gone(parts, 100, 0)).toEqual([0, 2]);
  });

  test('takes imported files too', () => {
    expect(gone([...parts, part(-50, { epoch: IMPORTED_EPOCH })], 100, 300)).toEqual([-50]);
  });
});

describe('classes', () => {
  const settings: MetricsSettings = {
    ...DEFAULT_METRICS_SETTINGS,
    classes: [
      { name: 'web', matchers: [{ label: 'job', op: '=~', value: 'web|app' }], days: 7 },
      { name: 'rest', matchers: [{ label: 'instance', op: '!=', value: '' }], days: 3 },
    ],
  };

  test('are sealed into files of their own, and read as one', async () => {
    const folder = temporaryFolder();
    const store = new Map([['metrics', JSON.stringify(settings)]]);
    const start = Date.UTC(2027, 0, 15);
    const bench = openMetrics(folder, start, {
      windowMs: 600_000,
      mergeMs: 2_400_000,
      settings: { get: (name) => store.get(name) ?? null, set: (name, value) => void store.set(name, value) },
    });
    const targets = ['web', 'db'].map((job) => bench.target({ labels: { job, instance: 'h' } }));
    for (let n = 0; n < 200; n++) {
      bench.now = start + n * 15_000;
      for (const target of targets) target.succeed(answered(bench.now, `a ${n}\n`));
    }
    // Each round merges one.
    await bench.area.maintain();
    await bench.area.maintain();
    expect(
      readdirSync(folder)
        .filter((name) => /^\d/.test(name))
        .sort(),
    ).toEqual(['2027-01-15T00-00-00Z.2400s.rest.db', '2027-01-15T00-00-00Z.2400s.web.db']);
    expect(await bench.ask('count_over_time(a{job="web"}[1h])')).toEqual({ '': '200' });
    expect(await bench.ask('count_over_time(a{job="db"}[1h])')).toEqual({ '': '200' });
    bench.area.changeSettings({ ...settings, classes: [] });
    expect(JSON.parse(store.get('metrics') ?? '')).toMatchObject({ classes: [] });
    bench.area.close();
  });

  test('with an expression that RE2 does not take are refused', () => {
    const bad = { label: 'job', op: '=~', value: '(' } as const;
    const checked = checkMetricsSettings({
      ...settings,
      classes: [{ name: 'web', matchers: [bad], days: 7 }],
    });
    expect(checked.ok ? null : checked.error.code).toBe('METRICS_CLASS_MATCHER_INVALID');
  });
});

describe('the forecast', () => {
  const day = (at: number, retentionClass = '') => ({
    start: at * DAY,
    end: (at + 1) * DAY,
    epoch: 0,
    retentionClass,
    seriesCount: 50,
    samples: 86_400,
    bytes: 1_000,
  });

  test('tells when each retention is full, and how large all is then', () => {
    const forecast = planForecast({
      partitions: Array.from({ length: 10 }, (_, at) => day(at)),
      rollups: [{ resolutionMs: 300_000, bytes: 500, days: 10, keepMs: 365 * DAY }],
      headBytes: 77,
      freeBytes: 1e9,
      settings: DEFAULT_METRICS_SETTINGS,
    });
    expect(forecast.streams[0]).toMatchObject({
      bytes: 10_000,
      bytesPerDay: 1_000,
      samplesPerSecond: 1,
      coveredDays: 10,
      fullInDays: 20,
      steadyBytes: 30_000,
    });
    expect(forecast.streams[1]).toMatchObject({ kind: 'rollup', name: '5m', steadyBytes: 18_250 });
    expect(forecast).toMatchObject({
      bytes: 10_577,
      steadyBytes: 48_327,
      diskFullInDays: null,
      fullInDays: 355,
    });
  });

  test('tells when the disk is full, in stretches of different growth', () => {
    const streams = [
      { bytesPerDay: 10, fullInDays: 5 },
      { bytesPerDay: 1, fullInDays: 100 },
    ];
    expect(daysUntilGrown(streams, 11)).toBe(1);
    expect(daysUntilGrown(streams, 60)).toBe(10);
    expect(daysUntilGrown(streams, 151)).toBeNull();
    expect(daysUntilGrown(streams, 0)).toBe(0);
  });

  test('tells which comes first, the limit or the full disk', () => {
    const input = {
      partitions: [day(0)],
      rollups: [],
      headBytes: 0,
      freeBytes: 10_000,
      settings: { ...DEFAULT_METRICS_SETTINGS, maxBytes: 5_000 },
    };
    expect(planForecast(input)).toMatchObject({ limitInDays: 4, diskFullInDays: null });
    expect(planForecast({ ...input, freeBytes: 2_000 })).toMatchObject({ limitInDays: 4, diskFullInDays: 2 });
  });

  test('counts by days that are one file, as soon as there is one', () => {
    const hours = { ...day(1), end: DAY + 2 * HOUR, bytes: 900 };
    const input = { rollups: [], headBytes: 0, freeBytes: 1e9, settings: DEFAULT_METRICS_SETTINGS };
    expect(planForecast({ ...input, partitions: [hours] }).streams[0]?.bytesPerDay).toBe(900 * 12);
    expect(planForecast({ ...input, partitions: [day(0), hours] }).streams[0]?.bytesPerDay).toBe(1_000);
  });

  test('before anything was sealed says nothing', () => {
    const forecast = planForecast({
      partitions: [],
      rollups: [{ resolutionMs: 3_600_000, bytes: 0, days: 0, keepMs: DAY }],
      headBytes: 5,
      freeBytes: 10,
      settings: DEFAULT_METRICS_SETTINGS,
    });
    expect(forecast).toMatchObject({ steadyBytes: null, fullInDays: null, diskFullInDays: null, bytes: 5 });
  });
});
