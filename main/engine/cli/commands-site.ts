import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { appError, describeThrown } from '#shared/errors/index.ts';
import { formatDuration } from '#shared/units/duration.ts';
import { version } from '../index.ts';
import { alertCommands } from './commands-alerts.ts';
import { inventoryCommands } from './commands-inventory.ts';
import { discoveryTable, jobCommands } from './commands-jobs.ts';
import { importLogstashCommand } from './commands-log-pipelines.ts';
import { openMetricsCommands } from './commands-openmetrics.ts';
import { importLogrotateCommand } from './commands-rotation.ts';
import { siteDocumentCommands } from './commands-site-document.ts';
import type { CommandContext } from './context.ts';
import { table } from './output.ts';
import { CommandFailure } from './session.ts';

/** `import` and `export`, `inventory`, `hosts`, `version`, and what commands-alerts.ts has. */
export function siteCommands(program: Command, context: CommandContext): void {
  const imports = program.command('import').description('take over what a site already has');
  const exports = program.command('export').description('hand out what the console holds');
  openMetricsCommands({ import: imports, export: exports }, context);
  importLogrotateCommand(imports, context);
  importLogstashCommand(imports, context);
  siteDocumentCommands({ import: imports, export: exports }, context);
  inventoryCommands(program, context);
  imports
    .command('prometheus <file>')
    .description('scrape jobs and rule files of a prometheus.yml, verbatim')
    .option('--dry-run', 'say what would happen, change nothing')
    .action(
      context.action(async (output, file: string, options: { dryRun?: boolean }) => {
        const text = readText(file);
        await context.withSession(output, async ({ call }) => {
          const summary = await call('hosts.importPrometheus', {
            // The whole path: relative paths inside the file are meant from its folder.
            fileName: resolve(file),
            text,
            dryRun: options.dryRun === true,
          });
          output.result(summary, () =>
            [
              table([
                ['job', 'targets', 'interval', 'line'],
                ...summary.jobs.map((job) => [
                  job.name,
                  String(job.targets),
                  formatDuration(job.intervalMs),
                  String(job.line),
                ]),
              ]),
              `${summary.targetsAdded} targets added, ${summary.targetsUnchanged} unchanged, ${summary.hostsAdded.length} hosts added${
                summary.targetsDropped === 0 ? '' : `, ${summary.targetsDropped} dropped by relabel_configs`
              }${summary.targetsGone === 0 ? '' : `, ${summary.targetsGone} no longer listed`}`,
              ...(summary.discovery.length === 0 ? [] : [discoveryTable(summary.discovery, output.locale)]),
              ...summary.rules.map((file) => `${file.file}: ${file.rules} rules in ${file.groups} groups`),
              ...summary.ruleFilesMissing.map((pattern) => `rule_files: no file matches ${pattern}`),
            ].join('\n'),
          );
        });
      }),
    );

  alertCommands(program, imports, context);

  const hosts = program.command('hosts').description('the inventory');
  hosts
    .command('list')
    .description('every host with its state')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          const { hosts: all } = await call('hosts.list', {});
          output.result({ hosts: all }, () =>
            table([
              ['state', 'name', 'address', 'tier', 'targets', 'error'],
              ...all.map((host) => [
                host.state,
                host.name,
                host.address,
                host.tier,
                `${host.targetsUp}/${host.targets}`,
                host.lastError?.message[output.locale] ?? '',
              ]),
            ]),
          );
        });
      }),
    );
  hosts
    .command('add <name>')
    .description('add a host with one scrape target')
    .requiredOption('--address <host:port>', 'where its metrics are')
    .option('--tier <tier>', 'presentation, business, data or other', 'other')
    .option('--job <job>', 'job label', 'hmtt-system')
    .option('--path <path>', 'metrics path', '/metrics')
    .option('--https', 'scrape over TLS')
    .action(
      context.action(async (output, name: string, options: HostOptions) => {
        await context.withSession(output, async ({ call }) => {
          const added = await call('hosts.add', {
            name,
            address: options.address.replace(/:\d+$/, ''),
            // The engine validates the tier by the contract and refuses an unknown one by name.
            tier: options.tier as 'other',
            scrapes: [
              {
                job: options.job,
                address: options.address,
                metricsPath: options.path,
                scheme: options.https === true ? 'https' : 'http',
              },
            ],
          });
          output.result(added, () => added.id);
        });
      }),
    );

  jobCommands(hosts, context);

  program
    .command('version')
    .description('version of the console and of the Node that runs it')
    .action(
      context.action(async (output) => {
        output.result(
          { version, node: process.version },
          () => `hmtt-console ${version} (Node ${process.version})`,
        );
      }),
    );
}

type HostOptions = { address: string; tier: string; job: string; path: string; https?: boolean };

/** Reads a file named on the command line, or ends the command with FILE_UNREADABLE. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new CommandFailure(appError('FILE_UNREADABLE', { file, why: describeThrown(thrown) }));
  }
}
