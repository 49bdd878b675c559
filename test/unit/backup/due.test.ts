import { describe, expect, it } from 'vitest';
import type { BackupType, Schedule } from '#shared/contract/backup-schedule.ts';
import {
  duePlans,
  nextOf,
  nextRun,
  type Scheduled,
  satisfying,
} from '../../../main/engine/backup/schedule/due.ts';

const at = (text: string): number => new Date(text).getTime();
const nightly: Schedule = { cron: '30 2 * * *', type: 'differential' };
const weekly: Schedule = { cron: '30 2 * * 0', type: 'full' };
const hourly: Schedule = { cron: '0 * * * *', type: 'incremental' };

type Ran = readonly [string, BackupType];

/** A plan that ran at these local times; 22 November 2026 is a Sunday. */
const plan = (
  schedules: readonly Schedule[],
  ran: readonly Ran[] = [],
  since = '2026-11-01T00:00:00',
): Scheduled => ({
  name: 'core',
  schedules,
  since: at(since),
  lastStart: (type, until) => {
    const starts = ran
      .filter(([, made]) => satisfying(type).includes(made))
      .map(([time]) => at(time))
      .filter((time) => time <= until);
    return starts.length === 0 ? null : Math.max(...starts);
  },
});
const due = (scheduled: Scheduled, now: string): readonly BackupType[] =>
  duePlans([scheduled], at(now)).map(({ type }) => type);

describe('schedules', () => {
  it('are cron expressions in local time', () => {
    expect(nextRun('30 2 * * *', at('2026-11-22T01:00:00'))).toEqual({
      ok: true,
      value: at('2026-11-22T02:30:00'),
    });
    expect(nextRun('30 2 * * *', at('2026-11-22T02:30:00'))).toEqual({
      ok: true,
      value: at('2026-11-23T02:30:00'),
    });
  });

  it.each(['nonsense', '61 * * * *', '* * *', '', '0 30 2 * * *'])('refuse %j', (text) => {
    const next = nextRun(text, 0);
    expect(next.ok ? '' : next.error.code).toBe('BACKUP_SCHEDULE_INVALID');
  });

  it('are due when their time has come, and not again before the next', () => {
    const ran = plan([nightly], [['2026-11-22T02:30:05', 'differential']]);
    expect(due(ran, '2026-11-22T12:00:00')).toEqual([]);
    expect(due(ran, '2026-11-23T02:29:59')).toEqual([]);
    expect(due(ran, '2026-11-23T02:30:00')).toEqual(['differential']);
  });

  it('give way to the stronger type when two are due at once, which does the work of both', () => {
    const core = plan([nightly, weekly], [['2026-11-21T02:30:05', 'differential']]);
    expect(due(core, '2026-11-22T02:30:00')).toEqual(['full']);
    const after = plan(
      [nightly, weekly],
      [
        ['2026-11-21T02:30:05', 'differential'],
        ['2026-11-22T02:30:00', 'full'],
      ],
    );
    expect(due(after, '2026-11-22T12:00:00')).toEqual([]);
    expect(due(after, '2026-11-23T02:30:00')).toEqual(['differential']);
  });

  it('still miss the full when only a weaker run was made since', () => {
    const core = plan(
      [nightly, weekly],
      [
        ['2026-11-15T02:30:00', 'full'],
        ['2026-11-23T02:30:00', 'differential'],
      ],
    );
    expect(due(core, '2026-11-23T09:00:00')).toEqual(['full']);
  });

  it('are caught up once after a sleep of a week, not seven times', () => {
    const slept = plan([nightly], [['2026-11-22T02:30:00', 'differential']]);
    expect(due(slept, '2026-11-29T09:00:00')).toEqual(['differential']);
    const woke = plan([nightly], [['2026-11-29T09:00:00', 'differential']]);
    expect(due(woke, '2026-11-29T09:00:20')).toEqual([]);
  });

  it('are caught up together after a long time off: a week of both presets is one full', () => {
    const logs = plan([hourly, weekly], [['2026-11-14T10:00:00', 'incremental']]);
    expect(due(logs, '2026-11-22T09:30:00')).toEqual(['full']);
    const woke = plan([hourly, weekly], [['2026-11-22T09:30:00', 'full']]);
    expect(due(woke, '2026-11-22T09:59:59')).toEqual([]);
    expect(due(woke, '2026-11-22T10:00:00')).toEqual(['incremental']);
  });

  it('wait for the first time after they were made or changed', () => {
    const fresh = plan([nightly], [], '2026-11-22T03:00:00');
    expect(due(fresh, '2026-11-22T23:00:00')).toEqual([]);
    expect(due(fresh, '2026-11-23T03:00:00')).toEqual(['differential']);
    // A weekly full that was added today is not caught up for the weeks before.
    const changed = plan([nightly, weekly], [['2026-11-23T02:30:00', 'differential']], '2026-11-23T09:00:00');
    expect(due(changed, '2026-11-23T09:01:00')).toEqual([]);
  });

  it('do not wait for a year that a wrong clock wrote', () => {
    const future = plan(
      [nightly],
      [
        ['2026-11-21T02:30:00', 'differential'],
        ['2030-01-01T02:30:00', 'differential'],
      ],
    );
    expect(due(future, '2026-11-22T01:00:00')).toEqual([]);
    expect(due(future, '2026-11-22T02:30:00')).toEqual(['differential']);
    expect(due(plan([nightly], [], '2030-01-01T00:00:00'), '2026-11-22T01:00:00')).toEqual(['differential']);
  });

  it('do not run twice when the clock is put right by a second', () => {
    const ran = plan([nightly], [['2026-11-22T02:30:01', 'differential']]);
    expect(due(ran, '2026-11-22T02:30:00')).toEqual([]);
  });

  it('leave plans without a schedule to the operator', () => {
    expect(due(plan([]), '2027-01-01T00:00:00')).toEqual([]);
  });

  it('tell what comes next, the stronger of two at one time', () => {
    expect(nextOf([nightly, weekly], at('2026-11-22T02:00:00'))).toEqual({
      at: at('2026-11-22T02:30:00'),
      type: 'full',
    });
    expect(nextOf([nightly, weekly], at('2026-11-22T02:30:00'))?.type).toBe('differential');
    expect(nextOf([{ cron: '0 0 30 2 *', type: 'full' }], 0)).toBeNull();
  });
});
