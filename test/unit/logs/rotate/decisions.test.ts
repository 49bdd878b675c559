import { describe, expect, it } from 'vitest';
import { type RotationPolicyInput, rotationPolicySchema } from '#shared/contract/logs-rotation-policy.ts';
import type { Rotation } from '#shared/contract/logs-rotation-runs.ts';
import { dueOf } from '../../../../main/engine/logs/rotate/due.ts';
import { forecast, type SitePast } from '../../../../main/engine/logs/rotate/forecast.ts';
import { planKeeping } from '../../../../main/engine/logs/rotate/keep.ts';
import {
  finalStem,
  formatDate,
  packedSuffix,
  shiftsFor,
  workingName,
} from '../../../../main/engine/logs/rotate/names.ts';
import { isRotatedName } from '../../../../main/engine/logs/tail/names.ts';

const DAY = 86_400_000;
const NOW = new Date(2026, 10, 22, 3, 30).getTime();
const policy = (input: Partial<RotationPolicyInput> = {}) =>
  rotationPolicySchema.parse({ name: 'app', paths: ['/l/app.log'], ...input });
const file = (bytes: number, since: number) => ({ path: '/l/app.log', bytes, since });

describe('when a file is due', () => {
  it.each<[string, Partial<RotationPolicyInput>, number, number, string | null]>([
    ['no rule', {}, 10, NOW - 99 * DAY, null],
    ['size reached', { when: { bytes: 10 } }, 10, NOW, 'size'],
    ['size not reached', { when: { bytes: 11 } }, 10, NOW, null],
    ['old enough', { when: { ageMs: DAY } }, 10, NOW - DAY, 'age'],
    ['not old enough', { when: { ageMs: DAY } }, 10, NOW - DAY + 1, null],
    ['the schedule came true since', { when: { schedule: '0 3 * * *' } }, 10, NOW - 3_600_000, 'schedule'],
    ['the schedule came true before', { when: { schedule: '0 3 * * *' } }, 10, NOW - 60_000, null],
    ['missed for days: once', { when: { schedule: '0 3 * * *' } }, 10, NOW - 9 * DAY, 'schedule'],
    [
      'too small for its schedule',
      { when: { schedule: '0 3 * * *', scheduleMinBytes: 11 } },
      10,
      NOW - DAY,
      null,
    ],
    [
      'its size counts whatever the schedule says',
      { when: { schedule: '0 3 * * *', bytes: 5 } },
      10,
      NOW,
      'size',
    ],
    ['empty', { when: { ageMs: DAY } }, 0, NOW - 2 * DAY, null],
    ['empty, and empty ones count', { when: { ageMs: DAY }, skipEmpty: false }, 0, NOW - 2 * DAY, 'age'],
    ['a time from the future counts as now', { when: { ageMs: DAY } }, 10, NOW + 9 * DAY, null],
  ])('%s', (_name, input, bytes, since, expected) => {
    const verdict = dueOf(policy(input), file(bytes, since), NOW, false);
    expect(verdict.due ? verdict.trigger : null).toBe(expected);
    expect(verdict.why.zh).not.toBe('');
  });
  it('by hand: always, but for an empty file', () => {
    expect(dueOf(policy(), file(1, NOW), NOW, true)).toMatchObject({ due: true, trigger: 'hand' });
    expect(dueOf(policy(), file(0, NOW), NOW, true).due).toBe(false);
  });
});

describe('names', () => {
  const parts = (input: Partial<RotationPolicyInput>) => {
    return {
      policy: policy(input),
      path: '/l/app.log',
      seq: 42,
      at: Date.UTC(2026, 10, 22, 3, 15),
      archive: '/d',
    };
  };
  it('the old file’s other name is one that the log tail knows for a rotated one', () => {
    const working = workingName(parts({}));
    expect(working).toBe('/l/app.log-20261122T031500-000042');
    expect(isRotatedName('/l/app.log', working)).toBe(true);
  });
  it('follow the style', () => {
    expect(finalStem(parts({}))).toBe('/d/app/app.log-20261122T031500-000042');
    expect(finalStem(parts({ naming: { style: 'numbered' } }))).toBe('/l/app.log.1');
    expect(finalStem(parts({ naming: { style: 'numbered', start: 0 }, dir: '/o' }))).toBe('/o/app.log.0');
    expect(finalStem(parts({ naming: { style: 'numbered' }, extension: '.log' }))).toBe('/l/app.1.log');
    expect(finalStem(parts({ naming: { style: 'numbered' }, extension: '.txt' }))).toBe('/l/app.log.1');
    expect(packedSuffix(policy({ encryptTo: ['age1x'] }), 'zstd')).toBe('.zst.age');
    expect(packedSuffix(policy({ compress: 'gzip', compressExtension: '.Z' }), 'gzip')).toBe('.Z');
    // A file of another codec than the policy names must not end as if it were of that one.
    expect(packedSuffix(policy({ compressExtension: '.zst' }), 'gzip')).toBe('.gz');
    expect(packedSuffix(policy(), 'none')).toBe('');
    const at = new Date(2026, 0, 1, 5, 6, 7).getTime();
    expect(formatDate('-%Y%m%d-%H%M%S %V %% %j', at, 0)).toBe('-20260101-050607 01 % 001');
    expect(formatDate('%Y-%m-%d', at, DAY)).toBe('2025-12-31');
  });
  it('make room from the lowest number to the first gap, the oldest first', () => {
    const numbered = parts({ naming: { style: 'numbered' } });
    const names = ['app.log', 'app.log.1', 'app.log.2.gz', 'app.log.4.gz', 'app.log.x', 'other.log.1'];
    expect(shiftsFor(numbered, names)).toEqual([
      { from: '/l/app.log.2.gz', to: '/l/app.log.3.gz' },
      { from: '/l/app.log.1', to: '/l/app.log.2' },
    ]);
    expect(shiftsFor(parts({}), names)).toEqual([]);
  });
});

const segment = (id: string, ageDays: number, source = '/l/app.log') => ({
  ...{
    id,
    source,
    policy: 'app',
    file: `/a/${id}`,
    rotatedAt: NOW - ageDays * DAY,
    lines: 1,
    bytes: 1,
    storedBytes: 1,
  },
  ...{
    sha256: '',
    storedSha256: '',
    codec: 'zstd' as const,
    encrypted: false,
    checkpoint: 1,
    lockedUntil: null,
  },
  ...{ hold: null, verifiedAt: null, verifiedOk: null },
});

describe('what stays', () => {
  const decide = (keep: RotationPolicyInput['keep'], lastChange = NOW, running = 9 * DAY) =>
    planKeeping(
      [segment('a', 1), segment('b', 100), segment('c', 200), segment('d', 300, '/l/other.log')],
      [policy({ keep })],
      NOW,
      lastChange,
      running,
    ).map(({ reason }) => reason);
  it('counts each log by itself, and a lock wins over number and age', () => {
    expect(decide({})).toEqual(['wanted', 'wanted', 'wanted', 'wanted']);
    expect(decide({ count: 1 })).toEqual(['wanted', 'too_many', 'too_many', 'wanted']);
    expect(decide({ days: 150 })).toEqual(['wanted', 'wanted', 'too_old', 'too_old']);
    expect(decide({ count: 1, lockDays: 180 })).toEqual(['wanted', 'locked', 'too_many', 'wanted']);
  });
  it('a clock that jumped empties nothing in the first day', () => {
    const doubted = decide({ days: 150 }, NOW - 31 * DAY, 60_000);
    expect(doubted).toEqual(['wanted', 'wanted', 'clock_in_doubt', 'clock_in_doubt']);
    expect(decide({ days: 150 }, NOW - 31 * DAY, DAY)).toContain('too_old');
  });
  it('segments of a policy that is gone stay', () => {
    expect(planKeeping([segment('a', 9999)], [], NOW, NOW, DAY)[0]?.reason).toBe('wanted');
  });
});

describe('the forecast', () => {
  const rotation = (daysAgo: number, bytes: number): Rotation => ({
    ...{
      id: String(daysAgo),
      policy: 'app',
      path: '/l/app.log',
      trigger: 'schedule',
      state: 'done',
      step: 'delete',
    },
    ...{
      steps: [],
      startedAt: NOW - daysAgo * DAY,
      endedAt: NOW - daysAgo * DAY,
      tries: 1,
      bytesBefore: bytes,
    },
    ...{ linesBefore: 1, linesAfter: 1, bytesAfter: bytes / 10, lostBytes: 0, segmentId: null, error: null },
  });
  const past: SitePast = {
    done: Array.from({ length: 20 }, (_, n) => rotation(n + 1, 100_000_000)),
    stored: null,
    live: [{ path: '/l/app.log', bytes: 50_000_000 }],
    segments: [],
    freeBytes: 1_000_000_000,
  };
  it('grows by what the site wrote, at the site’s own ratio', () => {
    const told = forecast(policy({ when: { schedule: '0 3 * * *' } }), past, [30, 90, 180], NOW);
    expect(told).toMatchObject({ basis: 'rotations', ratio: 0.1, bytesPerDay: 100_000_000 });
    expect(told.points.map(({ archiveBytes }) => archiveBytes)).toEqual([3e8, 9e8, 18e8]);
    expect(told.points.map(({ segments }) => segments)).toEqual([30, 90, 180]);
    // A gigabyte is free; ten megabytes a day, and the live file grows to its full size first.
    expect(told.fullInDays).toBeGreaterThan(90);
    expect(told.fullInDays).toBeLessThan(101);
  });
  it('levels off where retention removes as much as comes, and the lock holds it up', () => {
    const kept = (keep: RotationPolicyInput['keep']) =>
      forecast(policy({ when: { schedule: '0 3 * * *' }, keep }), past, [30, 180], NOW).points.map(
        ({ archiveBytes }) => archiveBytes,
      );
    expect(kept({ days: 30 })).toEqual([3e8, 3e8]);
    expect(kept({ count: 10 })).toEqual([1e8, 1e8]);
    expect(kept({ count: 10, lockDays: 180 })).toEqual([3e8, 18e8]);
  });
  it('says so when nothing is known, and uses what the log store took in', () => {
    const nothing = { ...past, done: [] };
    expect(forecast(policy(), nothing, [30], NOW)).toMatchObject({ basis: 'none', bytesPerDay: 0 });
    const stored = { ...nothing, stored: { bytes: 7_000, days: 7 } };
    expect(forecast(policy(), stored, [30], NOW)).toMatchObject({ basis: 'log_store', bytesPerDay: 1_000 });
  });
});
