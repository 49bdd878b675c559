import { describe, expect, it } from 'vitest';
import { duePlans, nextRun, type Scheduled } from '../../../main/engine/backup/schedule.ts';

const at = (text: string): number => new Date(text).getTime();

const nightly = (lastStart: number | null, createdAt = at('2026-11-01T00:00:00')): Scheduled => ({
  name: 'nightly',
  schedule: '30 2 * * *',
  createdAt,
  lastStart,
});

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

  it.each(['nonsense', '61 * * * *', '* * *', ''])('refuse %j', (text) => {
    const next = nextRun(text, 0);
    expect(next.ok ? '' : next.error.code).toBe('BACKUP_SCHEDULE_INVALID');
  });

  it('are due when their time has come, and not again before the next', () => {
    const started = at('2026-11-22T02:30:05');
    expect(duePlans([nightly(started)], at('2026-11-22T12:00:00'))).toEqual([]);
    expect(duePlans([nightly(started)], at('2026-11-23T02:29:59'))).toEqual([]);
    expect(duePlans([nightly(started)], at('2026-11-23T02:30:00'))).toEqual(['nightly']);
  });

  it('are caught up once after a sleep of a week, not seven times', () => {
    const now = at('2026-11-29T09:00:00');
    expect(duePlans([nightly(at('2026-11-22T02:30:00'))], now)).toEqual(['nightly']);
    expect(duePlans([nightly(now)], now + 1000)).toEqual([]);
  });

  it('wait for the first time after the plan was made', () => {
    expect(duePlans([nightly(null, at('2026-11-22T03:00:00'))], at('2026-11-22T23:00:00'))).toEqual([]);
    expect(duePlans([nightly(null, at('2026-11-22T03:00:00'))], at('2026-11-23T03:00:00'))).toEqual([
      'nightly',
    ]);
  });

  it('go on when the clock was set back behind the last start', () => {
    const future = nightly(at('2030-01-01T00:00:00'));
    expect(duePlans([future], at('2026-11-22T01:00:00'))).toEqual([]);
  });

  it('leave plans without a schedule to the operator', () => {
    expect(duePlans([{ ...nightly(null), schedule: null }], at('2027-01-01T00:00:00'))).toEqual([]);
  });
});
