import { resolve } from 'node:path';
import type { Command } from 'commander';
import { cronText } from '#shared/domain/schedule/cron-sentence.ts';
import { appError } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { formatDuration } from '#shared/units/duration.ts';
import { databaseCommands, stepLines } from './commands-databases.ts';
import { finishCopies, mediaCommands, rebuildRemarks } from './commands-media.ts';
import { finishRetention, retentionCommands } from './commands-retention.ts';
import type { CommandContext } from './context.ts';
import {
  type EncryptOptions,
  encryptOptions,
  type KeyOptions,
  keyOptions,
  withEncryption,
  withKeys,
} from './key-options.ts';
import { table } from './output.ts';
import { type PlanOptions, planOptions, planSettings } from './plan-options.ts';
import { CommandFailure, EXIT, type Session } from './session.ts';
import { knownLogins } from './sources-options.ts';

type RunOptions = { readonly type: string; readonly regardless?: true; readonly synthetic?: true };

/** Writing; the kit of the medium is written by another thread, which may as well be made then. */
const THREADS_OF_A_RUN = ['backup.run'];

/** `backup …`. */
export function backupCommands(program: Command, context: CommandContext): void {
  const backup = program.command('backup').description('plans, runs, verification');
  retentionCommands(backup, context);
  mediaCommands(backup, context);
  databaseCommands(backup, context);
  encryptOptions(
    planOptions(
      backup
        .command('add <name>')
        .description('a new plan: what is backed up, where to, when')
        .option('--source <path...>', 'files and folders that are backed up')
        .requiredOption('--to <dir>', 'folder that the archives are written to'),
    ),
  ).action(
    context.action(async (output, name: string, options: PlanOptions & EncryptOptions) => {
      await context.withSession(output, async (session) => {
        const {
          sources = [],
          targetDir = '',
          ...settings
        } = planSettings(options, await knownLogins(session, options));
        const added = await withEncryption(session, name, options, (encryption) =>
          session.call('backup.plans.add', {
            name,
            sources,
            targetDir,
            ...settings,
            ...(encryption && { encryption }),
          }),
        );
        output.result(added, () => added.id);
      });
    }),
  );
  encryptOptions(
    planOptions(
      backup
        .command('edit <name>')
        .description('change settings of a plan; what is not given stays')
        .option('--source <path...>', 'files and folders that are backed up')
        .option('--to <dir>', 'folder that the archives are written to')
        .option('--no-encryption', 'the points to come are not encrypted'),
    ),
  ).action(
    context.action(
      async (output, name: string, options: PlanOptions & EncryptOptions & { encryption: boolean }) => {
        await context.withSession(output, async (session) => {
          const { call } = session;
          const { plans } = await call('backup.plans.list', {});
          const plan = plans.find((known) => known.name === name);
          if (plan === undefined)
            throw new CommandFailure(appError('BACKUP_PLAN_MISSING', { name }), EXIT.failed);
          const settings = planSettings(options, await knownLogins(session, options));
          const limits = { ...plan.limits, ...settings.limits };
          const answer = await withEncryption(session, name, options, (encryption) =>
            call('backup.plans.update', {
              ...plan,
              ...settings,
              limits,
              encryption: options.encryption ? (encryption ?? plan.encryption) : null,
            }),
          );
          output.result(answer, () =>
            answer.changed.length === 0 ? 'nothing changed' : `changed: ${answer.changed.join(', ')}`,
          );
        });
      },
    ),
  );
  backup
    .command('run <name>')
    .description('make a restore point now')
    .option('--type <type>', 'full, incremental or differential', 'full')
    .option('--regardless', "also outside of the plan's hours")
    .option('--synthetic', "make a full of the newest point's archives, without reading the sources")
    .action(
      context.action(async (output, name: string, options: RunOptions) => {
        if (options.synthetic && options.type !== 'full')
          throw new CommandFailure(
            appError('BAD_INPUT', { method: '--synthetic', field: '--type', why: 'it must be full' }),
            EXIT.usage,
          );
        await context.withSession(
          output,
          async (session) => {
            const { jobId } = options.synthetic
              ? await session.call('backup.synthesize', { name })
              : await session.call('backup.run', {
                  name,
                  type: options.type as 'full',
                  regardless: options.regardless === true,
                });
            const job = await session.finish(jobId);
            await finishRetention(session, name);
            const point = await session.call('backup.points.get', { pointId: job.result?.id ?? '' });
            output.result(point, () => {
              const { report } = point;
              return [
                `${point.id}  ${point.type}  ${point.archivePath}`,
                `${report.files} files, ${formatBytes(report.bytes)} → ${formatBytes(report.storedBytes)}, ${formatDuration(report.durationMs)}`,
                ...(report.reasons ?? []).map((reason) => reason[output.locale]),
                ...(report.unchanged === undefined
                  ? []
                  : [
                      `unchanged ${report.unchanged}, gone ${report.gone ?? 0}, chain of ${point.chain.length}`,
                    ]),
                `excluded ${report.excluded}, skipped ${report.skippedTotal}`,
                ...(report.notKept === undefined ? [] : [`metadata not kept: ${report.notKept.join(', ')}`]),
                ...report.skipped.map((entry) => `  ${entry.path}: ${entry.error.message[output.locale]}`),
                ...(report.steps === undefined ? [] : stepLines(report.steps, output)),
              ].join('\n');
            });
            await finishCopies(session, name);
          },
          THREADS_OF_A_RUN,
        );
      }),
    );
  backup
    .command('list [name]')
    .description('plans and their restore points')
    .action(
      context.action(async (output, name: string | undefined) => {
        await context.withSession(output, async ({ call }) => {
          const { plans } = await call('backup.plans.list', {});
          const { points } = await call('backup.points.list', name === undefined ? {} : { plan: name });
          const shown = name === undefined ? plans : plans.filter((plan) => plan.name === name);
          output.result({ plans: shown, points }, () =>
            [
              table([
                ['plan', 'class', 'points', 'schedule', 'next', 'sources'],
                ...shown.map((plan) => [
                  plan.name,
                  plan.dataClass ?? 'core',
                  String(plan.points),
                  plan.schedules
                    .map(({ cron, type }) => `${cronText(cron)[output.locale]} (${type})`)
                    .join('; ') || '-',
                  plan.nextRunAt === null ? '-' : new Date(plan.nextRunAt).toISOString(),
                  plan.sources.join(' '),
                ]),
              ]),
              '',
              table([
                ['point', 'plan', 'type', 'chain', 'finished', 'state', 'verified', 'files', 'stored'],
                ...points.map((point) => [
                  point.id,
                  point.plan,
                  point.type,
                  point.chain.brokenBy === null
                    ? String(point.chain.length)
                    : `broken by ${point.chain.brokenBy}`,
                  new Date(point.finishedAt).toISOString(),
                  point.state,
                  point.verifiedAt === null ? '-' : new Date(point.verifiedAt).toISOString(),
                  String(point.report.files),
                  formatBytes(point.report.storedBytes),
                ]),
              ]),
            ].join('\n'),
          );
        });
      }),
    );
  keyOptions(
    backup
      .command('verify <name>')
      .description(
        'read every archive of a plan and compare it with its hashes; exit code 3 when one is damaged',
      )
      .option('--point <id>', 'only this point'),
  ).action(
    context.action(async (output, name: string, options: KeyOptions & { point?: string }) => {
      await context.withSession(output, async (session) => {
        const reports = await withKeys(session, options, [], async () => {
          const { jobId } = await session.call('backup.verify', {
            name,
            ...(options.point === undefined ? {} : { pointId: options.point }),
          });
          return verified(session, name, options.point, jobId);
        });
        const damaged = reports.flatMap((report) => report.damaged);
        output.result({ ok: damaged.length === 0, reports }, () =>
          reports
            .map((report) =>
              [
                `${report.pointId}: ${report.ok ? 'ok' : 'DAMAGED'}, ${report.outer === true ? OUTER[output.locale] : `${report.files} files`}, ${formatBytes(report.bytes)}`,
                ...report.damaged.map(
                  (entry) =>
                    `  frame ${entry.frame ?? '-'}  ${entry.path}: ${entry.error.message[output.locale]}`,
                ),
              ].join('\n'),
            )
            .join('\n'),
        );
        const first = damaged[0];
        if (first) throw new CommandFailure(first.error, EXIT.damage);
        const gaveKey = options.identityFile !== undefined || options.passphraseFile !== undefined;
        if (gaveKey && reports.length > 0 && reports.every((report) => report.outer === true))
          throw new CommandFailure(appError('BACKUP_KEY_WRONG', { file: name }));
      });
    }),
  );
  keyOptions(backup.command('rebuild <dir...>').description('catalogue from the media alone')).action(
    context.action(async (output, given: string[], options: KeyOptions) => {
      const dirs = given.map((dir) => resolve(dir));
      await context.withSession(output, async (session) => {
        await withKeys(session, options, dirs, async () => {
          const { jobId } = await session.call('backup.rebuild', { dirs });
          await session.finish(jobId);
        });
        const { points } = await session.call('backup.points.list', {});
        const remarks = await rebuildRemarks(session, output.locale);
        output.result({ points }, () =>
          [
            `${points.length} points`,
            ...remarks,
            ...points
              .filter(({ id, chain }) => chain.brokenBy !== null && chain.brokenBy !== id)
              .map(({ id, chain }) => `  ${id}: its chain lacks ${chain.brokenBy}`),
          ].join('\n'),
        );
      });
    }),
  );
}

/** What a verification without a key has looked at. */
const OUTER = {
  zh: '没有密钥，只核对了文件大小与整体哈希',
  en: 'no key: only the sizes and outer hashes of the files were compared',
} as const;

/** The reports of a verification; a job that failed because of damage still has reports. */
async function verified(session: Session, name: string, pointId: string | undefined, jobId: string) {
  let failure: CommandFailure | null = null;
  try {
    await session.finish(jobId);
  } catch (thrown) {
    if (!(thrown instanceof CommandFailure)) throw thrown;
    failure = thrown;
  }
  const { points } = await session.call('backup.points.list', { plan: name });
  const wanted = pointId === undefined ? points : points.filter((point) => point.id === pointId);
  const reports = [];
  for (const point of wanted) {
    const { report } = await session.call('backup.verifyReport', { pointId: point.id });
    if (report) reports.push(report);
  }
  if (failure && reports.every((report) => report.ok)) throw failure;
  return reports;
}
