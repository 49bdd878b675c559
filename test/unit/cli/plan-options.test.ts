import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { parseBytes } from '#shared/units/bytes.ts';
import { type PlanOptions, planOptions, planSettings } from '../../../main/engine/cli/plan-options.ts';
import { CommandFailure } from '../../../main/engine/cli/session.ts';

/** The settings that a command line gives. */
function settings(...args: readonly string[]) {
  const command = planOptions(new Command('edit').exitOverride());
  command.parse([...args], { from: 'user' });
  return planSettings(command.opts<PlanOptions>());
}

describe('the options of a plan', () => {
  it('give only what was said', () => {
    expect(settings()).toEqual({});
  });

  it('take several schedules, with the type in the schedule or after it', () => {
    const expected = [
      { cron: '0 1 * * 0', type: 'full' },
      { cron: '0 * * * *', type: 'incremental' },
    ];
    expect(settings('--schedule', 'full=0 1 * * 0', '--schedule', 'incremental=0 * * * *').schedules).toEqual(
      expected,
    );
    expect(
      settings(
        ...['--schedule', '0 1 * * 0', '--schedule-type', 'full'],
        ...['--schedule', '0 * * * *', '--schedule-type', 'incremental'],
      ).schedules,
    ).toEqual(expected);
    expect(settings('--schedule', '0 1 * * *').schedules).toEqual([{ cron: '0 1 * * *', type: 'full' }]);
  });

  it('take away with none', () => {
    expect(settings('--schedule', 'none', '--rpo', 'none', '--limit', 'none', '--window', 'none')).toEqual({
      schedules: [],
      rpoMs: null,
      limits: { bytesPerSecond: null, windows: [] },
    });
  });

  it('read limits and hours', () => {
    expect(
      settings('--limit', '20MiB', '--window', '1-5/22:00-06:00', '--window', '6,7/00:00-24:00').limits,
    ).toEqual({
      bytesPerSecond: 20 * 1024 * 1024,
      windows: [
        { days: [1, 2, 3, 4, 5], from: '22:00', to: '06:00' },
        { days: [0, 6], from: '00:00', to: '24:00' },
      ],
    });
    expect(settings('--window', '01:00-05:00').limits?.windows).toEqual([
      { days: [0, 1, 2, 3, 4, 5, 6], from: '01:00', to: '05:00' },
    ]);
  });

  it.each([
    ['--schedule', 'weekly=0 1 * * 0'],
    ['--schedule-type', 'full'],
    ['--limit', 'fast'],
    ['--window', '5'],
    ['--window', '5-3/01:00-02:00'],
    ['--rpo', 'soon'],
  ])('refuse %s %s', (option, word) => {
    expect(() => settings(option, word)).toThrow(CommandFailure);
  });
});

describe('a number of bytes', () => {
  it.each([
    ['512', 512],
    ['1K', 1024],
    ['1.5 MiB', 1_572_864],
    ['2gb', 2 * 1024 ** 3],
    ['fast', null],
    ['-1', null],
    ['1 XB', null],
    ['99999999 PiB', null],
  ])('%s', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });
});
