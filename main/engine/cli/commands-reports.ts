import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CommandContext } from './context.ts';
import { table } from './output.ts';

type AddOptions = {
  readonly cron: string;
  readonly folder: string;
  readonly from: string;
  readonly to: string;
  readonly keep: string;
  readonly lang: string;
};

/** `dashboards reports list`, `add`, `run`, `remove`: dashboards that are saved as PDF at set times. */
export function reportCommands(dashboards: Command, context: CommandContext): void {
  const reports = dashboards.command('reports').description('dashboards saved as PDF at set times');
  reports
    .command('list')
    .description('with when each comes next, and how the last one ended')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          const answer = await call('dashboards.reports.list', {});
          if (!answer.canRender && answer.reports.length > 0)
            output.note(
              'no desktop is there to make PDFs; reports wait until the console runs with its window',
            );
          output.result(answer, () =>
            table([
              ['id', 'name', 'schedule', 'next', 'last', 'folder'],
              ...answer.reports.map(({ report, nextAt, last }) => [
                report.id,
                report.name,
                report.cron,
                nextAt === null ? '-' : new Date(nextAt).toISOString(),
                last === null ? '-' : (last.error?.code ?? last.state),
                report.folder,
              ]),
            ]),
          );
        });
      }),
    );
  reports
    .command('add <name> <uid...>')
    .description('save these dashboards as PDF, one file each')
    .requiredOption('--cron <expression>', 'minute hour day month weekday, local time, e.g. "0 7 * * 1-5"')
    .requiredOption('--folder <dir>', 'an existing folder')
    .option('--from <time>', 'begin of the span, reckoned from the scheduled time', 'now-24h')
    .option('--to <time>', 'its end', 'now')
    .option('--keep <n>', 'PDFs kept of each dashboard', '30')
    .option('--lang <language>', 'zh-CN or en', 'zh-CN')
    .action(
      context.action(async (output, name: string, uids: string[], options: AddOptions) => {
        await context.withSession(output, async ({ call }) => {
          const added = await call('dashboards.reports.put', {
            name,
            dashboards: uids.map((uid) => ({ uid })),
            cron: options.cron,
            folder: resolve(options.folder),
            from: options.from,
            to: options.to,
            keep: Number(options.keep),
            language: options.lang === 'en' ? 'en' : 'zh-CN',
          });
          output.result(added, () => added.id);
        });
      }),
    );
  reports
    .command('run <id>')
    .description('make it now; the desktop must be running')
    .action(
      context.action(async (output, id: string) => {
        await context.withSession(output, async ({ call }) => {
          const started = await call('dashboards.reports.run', { id });
          output.result(started, () => started.jobId);
        });
      }),
    );
  reports
    .command('remove <id>')
    .description('make it no longer; its PDFs stay')
    .action(
      context.action(async (output, id: string) => {
        await context.withSession(output, async ({ call }) => {
          output.result(await call('dashboards.reports.remove', { id }), () => id);
        });
      }),
    );
}
