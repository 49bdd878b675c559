import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CopyTarget, Medium } from '#shared/contract/backup-media.ts';
import { appError, type Locale } from '#shared/errors/index.ts';
import { formatBytes, parseBytes } from '#shared/units/bytes.ts';
import type { CommandContext } from './context.ts';
import { table } from './output.ts';
import { CommandFailure, EXIT, type Session } from './session.ts';

/** A word that is a path rather than a label or a pool. */
const isPath = (text: string): boolean => /[\\/]|^\./.test(text);

/** `--copy-to` as a plan's `copyTo`: paths are folders, other words are pools; `none` takes all away. */
export function copyTargets(words: readonly string[]): CopyTarget[] {
  return words
    .filter((word) => word !== 'none')
    .map((word) => (isPath(word) ? { kind: 'folder', dir: resolve(word) } : { kind: 'pool', pool: word }));
}

const STATES: Readonly<Record<Locale, Readonly<Record<Medium['state'], string>>>> = {
  zh: { here: '在位', absent: '不在', overdue: '逾期', damaged: '损坏', retired: '停用' },
  en: { here: 'here', absent: 'absent', overdue: 'overdue', damaged: 'damaged', retired: 'retired' },
};

const day = (at: number | null): string => (at === null ? '-' : new Date(at).toISOString().slice(0, 10));

/** `backup media …` and `backup copy`. */
export function mediaCommands(backup: Command, context: CommandContext): void {
  copyCommand(backup, context);
  const media = backup.command('media').description('removable media: labels, pools, rotation');
  media
    .command('list')
    .description('all media, and which to insert now')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          const answer = await call('backup.media.list', {});
          output.result(answer, () =>
            [
              table([
                ['label', 'pool', 'state', 'where', 'due', 'copied', 'points', 'free', 'id'],
                ...answer.media.map((medium) => [
                  medium.label,
                  medium.pool,
                  STATES[output.locale][medium.state],
                  medium.root ?? (medium.location === '' ? '-' : medium.location),
                  day(medium.dueAt),
                  day(medium.lastCopiedAt),
                  String(medium.points),
                  medium.freeBytes === null ? '-' : formatBytes(medium.freeBytes),
                  medium.id,
                ]),
              ]),
              ...answer.media.flatMap(({ problem }) =>
                problem === null ? [] : [`! ${problem.message[output.locale]}`],
              ),
              ...answer.insertNow.map(({ sentence }) => `→ ${sentence[output.locale]}`),
              ...answer.unlabelled.map(({ root, totalBytes }) => `  ? ${root}  ${formatBytes(totalBytes)}`),
            ].join('\n'),
          );
        });
      }),
    );
  media
    .command('label <root> <label>')
    .description('make a medium of what is mounted at ROOT; what lies on it stays')
    .option('--pool <pool>', 'rotation pool', 'default')
    .option('--location <place>', 'where it is kept')
    .option('--who <name>', 'who does it, for the ledger')
    .option('--any-folder', 'also a folder that is no file system of its own')
    .action(
      context.action(async (output, root: string, label: string, options: LabelOptions) => {
        await context.withSession(output, async ({ call }) => {
          const medium = await call('backup.media.label', {
            root: resolve(root),
            label,
            pool: options.pool,
            ...(options.location === undefined ? {} : { location: options.location }),
            ...(options.who === undefined ? {} : { who: options.who }),
            anyFolder: options.anyFolder === true,
          });
          output.result(medium, () => `${medium.label}  ${medium.id}`);
        });
      }),
    );
  media
    .command('move <medium> <location>')
    .description('write down where it is kept now')
    .option('--who <name>', 'who does it, for the ledger')
    .option('--note <text>', 'remark for the ledger')
    .action(
      context.action(
        async (output, medium: string, location: string, options: { who?: string; note?: string }) => {
          await context.withSession(output, async ({ call }) => {
            const moved = await call('backup.media.move', { medium, location, ...options });
            output.result(moved, () => `${moved.label}  ${moved.location}`);
          });
        },
      ),
    );
  for (const [name, as, what] of [
    ['retire', 'retired', 'take it out of use'],
    ['damaged', 'damaged', 'mark it as damaged'],
    ['sound', 'sound', 'put it into use again'],
  ] as const)
    media
      .command(`${name} <medium>`)
      .description(what)
      .option('--who <name>', 'who does it, for the ledger')
      .option('--note <text>', 'remark for the ledger')
      .action(
        context.action(async (output, medium: string, options: { who?: string; note?: string }) => {
          await context.withSession(output, async ({ call }) => {
            const marked = await call('backup.media.mark', { medium, as, ...options });
            output.result(marked, () => `${marked.label}  ${STATES[output.locale][marked.state]}`);
          });
        }),
      );
  media
    .command('cycle <pool> <days>')
    .description('for how many days a medium serves before the next is due')
    .action(
      context.action(async (output, name: string, days: string) => {
        await context.withSession(output, async ({ call }) => {
          await call('backup.media.pool', { name, cycleDays: Number(days) });
          output.result({ name, cycleDays: Number(days) }, () => `${name}  ${days} d`);
        });
      }),
    );
  media
    .command('verify <target>')
    .description('read every copy on a medium or in a folder, and compare it with its hash')
    .action(
      context.action(async (output, target: string) => {
        await context.withSession(output, async (session) => {
          const { jobId } = await session.call('backup.copies.verify', {
            target: isPath(target) ? resolve(target) : target,
          });
          try {
            const job = await session.finish(jobId);
            output.result(job, () => `${target}: ok`);
          } catch (thrown) {
            if (!(thrown instanceof CommandFailure) || thrown.error.code !== 'BACKUP_COPIES_DAMAGED')
              throw thrown;
            throw new CommandFailure(thrown.error, EXIT.damage);
          }
        });
      }),
    );
  media
    .command('ledger <medium>')
    .description('where it was, who moved it, when')
    .action(
      context.action(async (output, medium: string) => {
        await context.withSession(output, async ({ call }) => {
          const { entries } = await call('backup.media.ledger', { medium });
          output.result({ entries }, () =>
            table([
              ['at', 'what', 'who', 'where', 'note'],
              ...entries.map((entry) => [
                new Date(entry.at).toISOString(),
                entry.what,
                entry.who,
                entry.place,
                entry.note,
              ]),
            ]),
          );
        });
      }),
    );
}

type LabelOptions = { pool: string; location?: string; who?: string; anyFolder?: true };

type CopyOptions = { to?: string; point?: string; all?: true; limit?: string };

function copyCommand(backup: Command, context: CommandContext): void {
  backup
    .command('copy <name>')
    .description('copy the newest point, with all it depends on, to another target')
    .option('--to <target>', "a folder, a medium's label or a pool; left out, where the plan says")
    .option('--point <id>', 'this point')
    .option('--all', 'all points')
    .option('--limit <bytes>', 'most bytes a second, such as 20MiB')
    .action(
      context.action(async (output, name: string, options: CopyOptions) => {
        const limit = options.limit === undefined ? null : parseBytes(options.limit);
        if (options.limit !== undefined && limit === null)
          throw new CommandFailure(
            appError('BAD_INPUT', { method: 'backup copy', field: '--limit', why: options.limit }),
            EXIT.usage,
          );
        await context.withSession(output, async (session) => {
          const { jobIds } = await session.call('backup.copy', {
            name,
            ...(options.to === undefined
              ? {}
              : { to: isPath(options.to) ? resolve(options.to) : options.to }),
            ...(options.point === undefined ? {} : { pointId: options.point }),
            all: options.all === true,
            bytesPerSecond: limit,
          });
          for (const id of jobIds) await session.finish(id);
          const { points } = await session.call('backup.points.list', { plan: name });
          const copies = points.flatMap(({ id, copies: all }) =>
            all.map((copy) => ({ pointId: id, ...copy })),
          );
          output.result({ copies }, () =>
            table([
              ['point', 'target', 'state', 'verified'],
              ...copies.map((copy) => [
                copy.pointId,
                copy.name,
                copy.state,
                copy.verifiedAt === null ? '-' : new Date(copy.verifiedAt).toISOString(),
              ]),
            ]),
          );
        });
      }),
    );
}

/** Copies that a run has started go on in this process when no engine runs: the command waits for them. */
export async function finishCopies(session: Session, plan: string): Promise<void> {
  const { jobs } = await session.call('jobs.list', {});
  for (const job of jobs)
    if (job.kind === 'copy' && job.endedAt === null && job.link.endsWith(`/${encodeURIComponent(plan)}`))
      await session.finish(job.id);
}

/** What a rebuild found, for people: archives that could not be read, and which medium to insert next. */
export async function rebuildRemarks(session: Session, locale: Locale): Promise<readonly string[]> {
  const { report } = await session.call('backup.rebuild.report', {});
  if (report === null) return [];
  const { catalogued, copy, known, unreadable } = report.counts;
  return [
    `catalogued ${catalogued}, copies ${copy}, unchanged ${known}, unreadable ${unreadable}`,
    ...report.archives.flatMap(({ path, error }) =>
      error === null ? [] : [`  ${path}: ${error.message[locale]}`],
    ),
    ...report.next.map(({ label, location, archives }) => {
      const place = location === '' ? '' : ` (${location})`;
      return locale === 'zh'
        ? `→ 接下来请插入 ${label}${place}：其上有 ${archives} 个缺少的归档。`
        : `→ Insert ${label}${place} next: it holds ${archives} archives that are missing.`;
    }),
  ];
}
