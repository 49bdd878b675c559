import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { BackupPlanInput } from '#shared/contract/backup.ts';
import { type BackupType, backupTypeSchema, type RunWindow } from '#shared/contract/backup-schedule.ts';
import { appError } from '#shared/errors/index.ts';
import { parseBytes } from '#shared/units/bytes.ts';
import { parseDuration } from '#shared/units/duration.ts';
import { copyTargets } from './commands-media.ts';
import { CommandFailure, EXIT } from './session.ts';
import { type KnownLogin, type SourcesOptions, sourcesOptions, sourcesSettings } from './sources-options.ts';

/** Options of `backup add` and `backup edit`; what is left out keeps its default or its value. */
export type PlanOptions = {
  readonly source?: readonly string[];
  readonly to?: string;
  readonly class?: string;
  readonly exclude?: readonly string[];
  readonly rpo?: string;
  readonly rto?: string;
  readonly schedule?: readonly string[];
  readonly scheduleType?: readonly string[];
  readonly limit?: string;
  readonly window?: readonly string[];
  readonly changeDetection?: string;
  readonly copyTo?: readonly string[];
} & SourcesOptions;

/** Adds the options that tell what is in a plan, besides `--source` and `--to`. */
export function planOptions(command: Command): Command {
  const collected = (value: string, before: readonly string[] | undefined): readonly string[] => [
    ...(before ?? []),
    value,
  ];
  return sourcesOptions(command)
    .option('--class <class>', 'core or logs')
    .option('--exclude <glob...>', 'files and folders that are left out')
    .option('--rpo <duration>', 'or none')
    .option('--rto <duration>', 'or none')
    .option(
      '--schedule <cron>',
      'when it runs by itself; may be given several times, or none; "full=0 1 * * 0" names the type',
      collected,
    )
    .option(
      '--schedule-type <type>',
      'full, incremental or differential: of the schedules in their order, the last for the rest',
      collected,
    )
    .option('--limit <bytes>', 'most bytes a second, such as 20MiB, or none')
    .option('--window <window>', 'hours of scheduled runs, such as 1-5/22:00-05:00, or none', collected)
    .option('--change-detection <how>', 'metadata, or content to read every file')
    .option('--copy-to <target...>', 'where each point is copied to: folders, or pools of media; or none');
}

function wrong(option: string, why: string): CommandFailure {
  return new CommandFailure(appError('BAD_INPUT', { method: 'backup', field: option, why }), EXIT.usage);
}

/** The options as settings of a plan; only what was given. */
export function planSettings(
  options: PlanOptions,
  logins: readonly KnownLogin[] = [],
): Partial<BackupPlanInput> {
  if (options.scheduleType !== undefined && options.schedule === undefined)
    throw wrong('--schedule-type', 'it needs a --schedule');
  const limits = {
    ...(options.limit === undefined ? {} : { bytesPerSecond: bytesOf(options.limit) }),
    ...(options.window === undefined ? {} : { windows: windowsOf(options.window) }),
  };
  return {
    ...(options.source === undefined ? {} : { sources: options.source.map((path) => resolve(path)) }),
    ...(options.to === undefined ? {} : { targetDir: resolve(options.to) }),
    // What is no class, type or way is refused by the engine, which names the field.
    ...(options.class === undefined ? {} : { dataClass: options.class as 'core' }),
    ...(options.exclude === undefined ? {} : { exclude: [...options.exclude] }),
    ...(options.schedule === undefined ? {} : { schedules: schedulesOf(options) }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    ...(options.changeDetection === undefined
      ? {}
      : { changeDetection: options.changeDetection as 'metadata' }),
    ...(options.copyTo === undefined ? {} : { copyTo: copyTargets(options.copyTo) }),
    ...sourcesSettings(options, logins),
    ...(options.rpo === undefined ? {} : { rpoMs: durationOf('--rpo', options.rpo) }),
    ...(options.rto === undefined ? {} : { rtoMs: durationOf('--rto', options.rto) }),
  };
}

function schedulesOf({
  schedule = [],
  scheduleType = [],
}: PlanOptions): { cron: string; type: BackupType }[] {
  const list = schedule.filter((cron) => cron !== 'none');
  return list.map((text, index) => {
    const named = /^([a-z]+)=(.*)$/.exec(text);
    const word = named?.[1] ?? scheduleType[index] ?? scheduleType.at(-1) ?? 'full';
    const type = backupTypeSchema.safeParse(word);
    if (!type.success) throw wrong('--schedule-type', `not a type: ${word}`);
    return { cron: named?.[2] ?? text, type: type.data };
  });
}

function bytesOf(text: string): number | null {
  if (text === 'none') return null;
  const bytes = parseBytes(text);
  if (bytes === null) throw wrong('--limit', `not a number of bytes: ${text}`);
  return bytes;
}

/** `1-5/22:00-05:00`, `0,6/08:00-24:00`, or `22:00-05:00` for every day. */
function windowsOf(texts: readonly string[]): RunWindow[] {
  return texts
    .filter((text) => text !== 'none')
    .map((text) => {
      const match = /^(?:([0-7,-]+)\/)?(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text);
      const days = (match?.[1] ?? '0-6').split(',').flatMap((part) => {
        const [from = Number.NaN, to = from] = part.split('-').map(Number);
        return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => (from + index) % 7);
      });
      if (match === null || days.length === 0) throw wrong('--window', `not a window: ${text}`);
      return { days: [...new Set(days)].sort(), from: match[2] ?? '', to: match[3] ?? '' };
    });
}

function durationOf(option: string, text: string): number | null {
  if (text === 'none') return null;
  const ms = parseDuration(text);
  if (ms === null || ms === 0) throw wrong(option, `not a duration: ${text}`);
  return ms;
}
