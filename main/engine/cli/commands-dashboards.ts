import { readFileSync, statSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type ImportReport, MOST_DASHBOARD_TEXT } from '#shared/contract/dashboards.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import { appError, describeThrown, type Locale } from '#shared/errors/index.ts';
import { reportCommands } from './commands-reports.ts';
import type { CommandContext } from './context.ts';
import { table } from './output.ts';
import { CommandFailure } from './session.ts';

/** `dashboards list`, `export`, `import`, `reports`, `mark`. */
export function dashboardCommands(program: Command, context: CommandContext): void {
  const dashboards = program.command('dashboards').description('dashboards, and what is taken of Grafana');
  dashboards
    .command('list')
    .description('built-in dashboards and those of the site')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          const { dashboards: all } = await call('dashboards.list', {});
          output.result({ dashboards: all }, () =>
            table([
              ['uid', 'title', 'panels', 'version', 'saved by', 'tags'],
              ...all.map((each) => [
                each.uid,
                localize(each.title, output.locale),
                String(each.panels),
                each.builtIn ? 'built in' : String(each.version),
                each.savedBy,
                each.tags.join(','),
              ]),
            ]),
          );
        });
      }),
    );
  dashboards
    .command('export <uid>')
    .description('a dashboard as JSON, on stdout or into a file')
    .option('--grafana', 'in the form that Grafana 9 and newer import')
    .option('--version <n>', 'an earlier version')
    .option('--out <file>', 'write it there; an existing file is not overwritten')
    .action(
      context.action(
        async (output, uid: string, options: { grafana?: boolean; version?: string; out?: string }) => {
          await context.withSession(output, async ({ call }) => {
            const exported = await call('dashboards.export', {
              uid,
              as: options.grafana === true ? 'grafana' : 'console',
              language: output.locale,
              ...(options.version === undefined ? {} : { version: Number(options.version) }),
            });
            for (const { panel, what } of exported.left)
              output.note(`${panel ?? ''}: ${what[output.locale]}`);
            if (options.out === undefined) return context.stdout(exported.text);
            writeNew(options.out, exported.text);
            output.result({ file: options.out, left: exported.left }, () => options.out ?? '');
          });
        },
      ),
    );
  dashboards
    .command('import <file>')
    .description('a dashboard of the console or of Grafana 9 to 12; says what it could not take')
    .option('--dry-run', 'say what would happen, change nothing')
    .option('--replace', 'where the uid is taken: save it as a new version')
    .option('--copy', 'where the uid is taken: save it as a dashboard of its own')
    .action(
      context.action(
        async (output, file: string, options: { dryRun?: boolean; replace?: boolean; copy?: boolean }) => {
          const text = readBounded(file);
          await context.withSession(output, async ({ call }) => {
            const { report, saved, taken } = await call('dashboards.import', {
              text,
              dryRun: options.dryRun === true,
              onTaken: options.replace === true ? 'version' : options.copy === true ? 'copy' : 'refuse',
            });
            output.result({ report, saved, taken }, () => reportText(report, output.locale));
          });
        },
      ),
    );
  dashboards
    .command('mark <text>')
    .description('mark a deployment on the time axis of all dashboards')
    .option('--at <time>', 'when; default now', 'now')
    .option('--tag <tag...>', 'tags')
    .action(
      context.action(async (output, text: string, options: { at: string; tag?: string[] }) => {
        const at = context.time('--at', options.at);
        await context.withSession(output, async ({ call }) => {
          const marked = await call('dashboards.mark', { text, at, tags: options.tag ?? [] });
          output.result(marked, () => marked.id);
        });
      }),
    );
  reportCommands(dashboards, context);
}

/** What an import took, and what it could not. */
function reportText(report: ImportReport, locale: Locale): string {
  const { panels, targets, variables, findings, findingsOmitted } = report;
  return [
    `${report.uid}  ${localize(report.title, locale)}  (${report.origin})`,
    `${panels.taken} panels, ${panels.changed} of them with changes; ${panels.left} not taken; ${targets} expressions, ${variables} variables`,
    ...(findings.length === 0
      ? []
      : [
          table([
            ['', 'panel', 'where', 'what'],
            ...findings.map(({ level, panel, path, what }) => [level, panel ?? '', path, what[locale]]),
          ]),
        ]),
    ...(findingsOmitted > 0 ? [`… ${findingsOmitted} more`] : []),
  ].join('\n');
}

function readBounded(file: string): string {
  try {
    // Bytes are at least characters; a larger file is not read into memory only to be refused.
    if (statSync(file).size > MOST_DASHBOARD_TEXT * 3)
      throw new CommandFailure(
        appError('DASHBOARD_TOO_LARGE', {
          what: 'bytes',
          found: statSync(file).size,
          limit: MOST_DASHBOARD_TEXT,
        }),
      );
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    if (thrown instanceof CommandFailure) throw thrown;
    throw new CommandFailure(appError('FILE_UNREADABLE', { file, why: describeThrown(thrown) }));
  }
}

function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (thrown) {
    throw new CommandFailure(appError('FILE_UNREADABLE', { file, why: describeThrown(thrown) }));
  }
}
