import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type RetentionPolicy, retentionPolicySchema } from '#shared/contract/backup-retention.ts';
import { calendarOf } from '../../../main/engine/backup/retention/calendar.ts';
import { decideRetention } from '../../../main/engine/backup/retention/policy.ts';
import { scratch } from './harness.ts';

/** A zone whose clocks are set forward and back, so that local hours and days are no arithmetic. */
const ZONE = 'Europe/Berlin';
const HOUR = 3_600_000;
/** Local times of snapshots: both sides of year, ISO-week and month ends, and of both changes of the clock. */
const START = Date.UTC(2024, 2, 31, 0, 30);

function times(): readonly number[] {
  const found: number[] = [];
  const add = (from: number, count: number, stepHours: number): void => {
    for (let index = 0; index < count; index += 1) found.push(from + index * stepHours * HOUR);
  };
  add(Date.UTC(2021, 11, 30, 22, 10), 5, 13);
  add(Date.UTC(2022, 11, 31, 21, 5), 4, 24);
  add(Date.UTC(2023, 9, 28, 23, 59), 5, 1);
  add(Date.UTC(2023, 11, 30, 23, 1), 4, 12);
  add(START, 5, 0.4);
  add(Date.UTC(2024, 3, 20, 4), 8, 24 * 3);
  add(Date.UTC(2024, 5, 1, 21, 30), 9, 0.5);
  return found;
}

const snapshot = z.object({ time: z.string() });
const answer = z.array(
  z.object({ keep: z.array(snapshot).nullable(), remove: z.array(snapshot).nullable() }),
);

const FLAGS = {
  keepLast: '--keep-last',
  keepHourly: '--keep-hourly',
  keepDaily: '--keep-daily',
  keepWeekly: '--keep-weekly',
  keepMonthly: '--keep-monthly',
  keepYearly: '--keep-yearly',
} as const;

describe('retention beside restic forget, on the same times', () => {
  const place = scratch('restic');
  const all = times();
  const restic = (...args: string[]): string => {
    const ran = spawnSync('restic', ['-q', '--no-cache', '-r', join(place.dir, 'repo'), ...args], {
      encoding: 'utf8',
      env: { ...process.env, TZ: ZONE, RESTIC_PASSWORD: 'x', HOME: place.dir },
    });
    if (ran.error !== undefined)
      throw new Error(`this test needs Debian's "restic", which could not be started: ${ran.error.message}`);
    if (ran.status !== 0) throw new Error(`restic ${args.join(' ')} ended with ${ran.status}: ${ran.stderr}`);
    return ran.stdout;
  };

  beforeAll(() => {
    mkdirSync(join(place.dir, 'source'));
    writeFileSync(join(place.dir, 'source/file'), 'content');
    restic('init');
    const local = calendarLocal();
    for (const time of all) restic('backup', '--time', local(time), join(place.dir, 'source'));
    return () => place.remove();
  });

  const policies: readonly Partial<RetentionPolicy>[] = [
    { keepLast: 3 },
    { keepHourly: 6 },
    { keepDaily: 1 },
    { keepDaily: 7 },
    { keepWeekly: 4 },
    { keepWeekly: 20 },
    { keepMonthly: 12 },
    { keepYearly: 2 },
    { keepYearly: 10 },
    { keepWithinMs: 100 * HOUR },
    { keepLast: 2, keepHourly: 3, keepDaily: 4, keepWeekly: 3, keepMonthly: 4, keepYearly: 3 },
    { keepDaily: 7, keepWeekly: 5, keepMonthly: 12, keepYearly: 75, keepWithinMs: 60 * HOUR },
  ];
  it.each(policies.map((policy) => ({ policy })))('keeps the same: $policy', ({ policy }) => {
    const args = Object.entries(FLAGS).flatMap(([name, flag]) => {
      const count = policy[name as keyof typeof FLAGS];
      return count === undefined ? [] : [flag, String(count)];
    });
    if (policy.keepWithinMs != null) args.push('--keep-within', `${policy.keepWithinMs / HOUR}h`);
    const [group] = answer.parse(JSON.parse(restic('forget', '--dry-run', '--json', ...args)));
    const theirs = (group?.keep ?? []).map(({ time }) => Date.parse(time)).sort();
    expect(theirs.length + (group?.remove?.length ?? 0)).toBe(all.length);

    const decided = decideRetention({
      points: all.map((takenAt, index) => ({
        id: `p${index}`,
        seq: index + 1,
        parentId: null,
        type: 'full',
        takenAt,
        state: 'complete',
        verified: true,
        isPartial: false,
      })),
      policy: retentionPolicySchema.parse({ ...policy, timeZone: ZONE }),
      timeZone: 'UTC',
      now: Date.UTC(2026, 0, 1),
      latestNow: null,
      acceptedSeq: 0,
      distrusted: new Set(),
      guards: [],
      alarms: [],
    });
    const ours = decided.points.flatMap(({ keep }, index) => (keep ? [all[index] ?? 0] : [])).sort();
    expect(ours.map(at)).toEqual(theirs.map(at));
  });
});

const at = (time: number): string => new Date(time).toISOString();

/** A time as `restic backup --time` reads it, in local time. */
function calendarLocal(): (time: number) => string {
  const calendar = calendarOf(ZONE);
  return (time) => {
    const [day = '', hour = ''] = calendar(time).hour.split(' ');
    const minute = String(new Date(time).getUTCMinutes()).padStart(2, '0');
    return `${day} ${hour.slice(0, 2)}:${minute}:00`;
  };
}
