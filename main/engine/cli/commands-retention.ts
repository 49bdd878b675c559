import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { RetentionPolicy, RetentionPreview } from '#shared/contract/backup-retention.ts';
import { appError } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { formatDuration, parseDuration } from '#shared/units/duration.ts';
import type { CommandContext } from './context.ts';
import type { Output } from './output.ts';
import { table } from './output.ts';
import { CommandFailure, EXIT, type Session } from './session.ts';

const COUNTS = ['last', 'hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const;

const KEEPS: Readonly<Record<(typeof COUNTS)[number], string>> = {
  last: 'the newest so many points',
  hourly: 'the newest point of so many hours',
  daily: 'the newest point of so many days',
  weekly: 'the newest point of so many weeks',
  monthly: 'the newest point of so many months',
  yearly: 'the newest point of so many years',
};

type RetentionOptions = {
  readonly keepLast?: string;
  readonly keepHourly?: string;
  readonly keepDaily?: string;
  readonly keepWeekly?: string;
  readonly keepMonthly?: string;
  readonly keepYearly?: string;
  readonly keepWithin?: string;
  readonly minAge?: string;
  readonly zone?: string;
  readonly verifyEvery?: string;
  readonly off?: boolean;
  readonly afterRun?: boolean;
};

/** `backup prune`, `backup retention`, `backup hold` and `backup acknowledge`. */
export function retentionCommands(backup: Command, context: CommandContext): void {
  backup
    .command('prune <name>')
    .description("remove what the plan's retention does not keep")
    .option('--dry-run', 'only say what would be removed, and why')
    .action(
      context.action(async (output, name: string, options: { dryRun?: boolean }) => {
        await context.withSession(output, async (session) => {
          const preview = await session.call('backup.retention.preview', { name });
          const doIt = options.dryRun !== true;
          if (doIt && preview.refusal !== null) throw new CommandFailure(preview.refusal);
          if (doIt && preview.remove > 0) {
            const { jobId } = await session.call('backup.prune', { name, hash: preview.hash });
            await session.finish(jobId);
          }
          output.result({ ...preview, pruned: doIt }, () => describePreview(preview, doIt, output));
        });
      }),
    );
  const retention = backup.command('retention <name>').description('show or set which points a plan keeps');
  for (const rule of COUNTS) retention.option(`--keep-${rule} <n>`, KEEPS[rule]);
  retention
    .option('--keep-within <duration>', 'everything made within this time before the newest point')
    .option('--min-age <duration>', 'nothing younger is ever removed')
    .option('--zone <timezone>', 'time zone of days, weeks, months (IANA name)')
    .option('--after-run', 'remove what is not kept after each run')
    .option('--no-after-run', 'remove nothing by itself after runs')
    .option('--verify-every <days>', 'read every archive again within so many days, or none')
    .option('--off', 'keep everything')
    .action(
      context.action(async (output, name: string, options: RetentionOptions) => {
        await context.withSession(output, (session) => setRetention(session, output, name, options));
      }),
    );
  backup
    .command('hold <point>')
    .description('set or lift a legal hold: the point and all it builds on stay')
    .requiredOption('--why <reason>', 'why it is set or lifted')
    .option('--who <name>', 'who asks for it', userInfo().username)
    .option('--until <time>', 'when it ends by itself')
    .option('--clear', 'lift the hold')
    .action(
      context.action(async (output, pointId: string, options: HoldOptions) => {
        const { who, why } = options;
        const until = options.until === undefined ? null : Date.parse(options.until);
        if (until !== null && Number.isNaN(until)) throw wrong('--until', `not a time: ${options.until}`);
        await context.withSession(output, async ({ call }) => {
          if (options.clear === true) {
            const done = await call('backup.hold.clear', { pointId, who, why });
            output.result(done, () => pointId);
          } else {
            const hold = await call('backup.hold.set', { pointId, who, why, until });
            output.result(hold, () => `${hold.pointId}  ${hold.who}: ${hold.why}`);
          }
        });
      }),
    );
  backup
    .command('acknowledge <point>')
    .description('acknowledge a mass change, so that retention goes on')
    .requiredOption('--note <text>', 'what was found')
    .option('--who <name>', 'who looked at it', userInfo().username)
    .action(
      context.action(async (output, pointId: string, { who, note }: { who: string; note: string }) => {
        await context.withSession(output, async ({ call }) => {
          output.result(await call('backup.massChange.acknowledge', { pointId, who, note }), () => pointId);
        });
      }),
    );
}

type HoldOptions = { who: string; why: string; until?: string; clear?: boolean };

function wrong(option: string, why: string): CommandFailure {
  return new CommandFailure(appError('BAD_INPUT', { method: 'backup', field: option, why }), EXIT.usage);
}

function describePreview(preview: RetentionPreview, pruned: boolean, { locale }: Output): string {
  const word = (keep: boolean): string => (keep ? 'keep' : pruned ? 'removed' : 'remove');
  return [
    ...(preview.refusal === null ? [] : [preview.refusal.message[locale], preview.refusal.hint[locale], '']),
    table([
      ['', 'point', 'type', 'started', 'stored', 'why'],
      ...preview.points.map((point) => [
        word(point.keep),
        point.pointId,
        point.type,
        new Date(point.startedAt).toISOString(),
        formatBytes(point.archiveBytes),
        point.reasons.map((reason) => reason[locale]).join('; '),
      ]),
    ]),
    '',
    `${pruned ? 'removed' : 'would remove'} ${preview.remove} of ${preview.points.length} points, ${formatBytes(preview.freedBytes)}; ${formatBytes(preview.keptBytes)} stay (${preview.timeZone})`,
  ].join('\n');
}

async function setRetention(
  session: Session,
  output: Output,
  name: string,
  options: RetentionOptions,
): Promise<void> {
  const { plans } = await session.call('backup.plans.list', {});
  const plan = plans.find((known) => known.name === name);
  if (plan === undefined) throw new CommandFailure(appError('BACKUP_PLAN_MISSING', { name }));
  const change = changeOf(options, plan.retention);
  const settings = { ...plan, ...change };
  if (Object.keys(change).length > 0) await session.call('backup.plans.update', settings);
  const { retention, verifyCoverDays } = settings;
  output.result({ retention, verifyCoverDays }, () =>
    [describePolicy(retention), `verify every: ${verifyCoverDays ?? '-'} days`].join('\n'),
  );
}

/** What the options change of a plan's settings; empty when they only ask. */
function changeOf(
  options: RetentionOptions,
  known: RetentionPolicy | null,
): { retention?: RetentionPolicy | null; verifyCoverDays?: number | null } {
  const verify =
    options.verifyEvery === undefined
      ? {}
      : {
          verifyCoverDays:
            options.verifyEvery === 'none' ? null : countOf('--verify-every', options.verifyEvery),
        };
  if (options.off === true) return { retention: null, ...verify };
  const count = (rule: (typeof COUNTS)[number]): number | undefined => {
    const text = options[`keep${rule.charAt(0).toUpperCase()}${rule.slice(1)}` as 'keepLast'];
    return text === undefined ? undefined : countOf(`--keep-${rule}`, text);
  };
  const given = {
    keepLast: count('last'),
    keepHourly: count('hourly'),
    keepDaily: count('daily'),
    keepWeekly: count('weekly'),
    keepMonthly: count('monthly'),
    keepYearly: count('yearly'),
    keepWithinMs: durationOf('--keep-within', options.keepWithin),
    minAgeMs: durationOf('--min-age', options.minAge),
    timeZone: options.zone,
    afterRun: options.afterRun,
  };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  if (Object.keys(set).length === 0) return verify;
  const nothing: RetentionPolicy = {
    keepLast: 0,
    keepHourly: 0,
    keepDaily: 0,
    keepWeekly: 0,
    keepMonthly: 0,
    keepYearly: 0,
    keepWithinMs: null,
    minAgeMs: null,
    timeZone: null,
    afterRun: true,
  };
  return { retention: { ...(known ?? nothing), ...set }, ...verify };
}

function countOf(option: string, text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw wrong(option, `not a number: ${text}`);
  return Number(text);
}

function durationOf(option: string, text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined;
  if (text === 'none') return null;
  const ms = parseDuration(text);
  if (ms === null || ms === 0) throw wrong(option, `not a duration: ${text}`);
  return ms;
}

function describePolicy(policy: RetentionPolicy | null): string {
  if (policy === null) return 'keep: everything';
  const counts = [
    ['last', policy.keepLast],
    ['hourly', policy.keepHourly],
    ['daily', policy.keepDaily],
    ['weekly', policy.keepWeekly],
    ['monthly', policy.keepMonthly],
    ['yearly', policy.keepYearly],
  ] as const;
  return [
    `keep: ${counts.flatMap(([rule, count]) => (count > 0 ? [`${rule} ${count}`] : [])).join(', ') || '-'}`,
    `within: ${policy.keepWithinMs === null ? '-' : formatDuration(policy.keepWithinMs)}`,
    `minimum age: ${policy.minAgeMs === null ? '-' : formatDuration(policy.minAgeMs)}`,
    `time zone: ${policy.timeZone ?? 'local'}`,
    `after each run: ${policy.afterRun ? 'yes' : 'no'}`,
  ].join('\n');
}

/** Waits for what retention began after a run of a plan: a command that ends would cut it off. */
export async function finishRetention(session: Session, name: string): Promise<void> {
  const { jobs } = await session.call('jobs.list', {});
  for (const job of jobs)
    if (job.kind === 'prune' && job.endedAt === null && job.link === `/backups/${encodeURIComponent(name)}`)
      await session.finish(job.id);
}
