import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { DiscoveryFile } from '#shared/contract/discovery.ts';
import { type JobPreview, jobLimitsSchema } from '#shared/contract/scrape-jobs.ts';
import { appError, describeThrown, type Locale } from '#shared/errors/index.ts';
import type { CommandContext } from './context.ts';
import { table } from './output.ts';
import { CommandFailure } from './session.ts';

/** `hosts discovery` and `hosts relabel`: the files that list targets, and the rules that they pass. */
export function jobCommands(hosts: Command, context: CommandContext): void {
  relabelCommand(hosts, context);
  hosts
    .command('discovery')
    .description('target files of file_sd_configs: read now, and what came of it')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          const { jobs, unreadable } = await call('hosts.jobs.read', {});
          const files = jobs.flatMap((job) => job.files);
          output.result({ files, unreadable }, () =>
            [
              ...unreadable.map(
                ({ error }) => `${error.message[output.locale]} ${error.hint[output.locale]}`,
              ),
              discoveryTable(files, output.locale),
            ].join('\n'),
          );
        });
      }),
    );
}

/** `hosts relabel`: what other rules of a job would do. */
function relabelCommand(hosts: Command, context: CommandContext): void {
  hosts
    .command('relabel <job>')
    .description('rules of a scrape job: what they do to its targets, and taking other ones over')
    .option('--relabel <file>', 'relabel_configs in place of those of the job')
    .option('--metric-relabel <file>', 'metric_relabel_configs in place of those of the job')
    .option('--save', 'take them over')
    .action(
      context.action(
        async (
          output,
          name: string,
          options: { relabel?: string; metricRelabel?: string; save?: boolean },
        ) => {
          const read = (file: string | undefined): string | null =>
            file === undefined ? null : readText(file);
          const texts = { relabel: read(options.relabel), metricRelabel: read(options.metricRelabel) };
          await context.withSession(output, async ({ call }) => {
            const { jobs } = await call('hosts.jobs.list', {});
            const view = jobs.find(({ job }) => job.settings.job === name);
            if (view === undefined)
              throw new CommandFailure(appError('NOT_FOUND', { what: 'job', id: name }));
            const { settings } = view.job;
            const draft = {
              name,
              relabel: texts.relabel ?? view.relabelText,
              metricRelabel: texts.metricRelabel ?? view.metricRelabelText,
              limits: jobLimitsSchema.parse(settings),
            };
            const preview = await call('hosts.jobs.preview', draft);
            const fault = preview.faults[0]?.error;
            if (fault !== undefined) throw new CommandFailure(fault);
            if (options.save === true) await call('hosts.jobs.save', draft);
            output.result(preview, () => previewText(preview, output.locale));
          });
        },
      ),
    );
}

function previewText({ targets }: JobPreview, locale: Locale): string {
  const { kept, dropped, wrong, added, gone, rows } = targets;
  return [
    table([
      ['target', 'outcome', 'rule by rule'],
      ...rows.map(({ address, outcome, steps }) => [
        address,
        outcome.kind === 'target'
          ? labelText(outcome.labels)
          : outcome.kind === 'dropped'
            ? `dropped by rule ${outcome.rule}`
            : outcome.why[locale],
        steps
          .map(
            ({ rule, set, removed }) =>
              `${rule}: ${[labelText(set), ...removed.map((one) => `-${one}`)].join(' ')}`,
          )
          .join('; '),
      ]),
    ]),
    `${kept} scraped, ${dropped} dropped, ${wrong} impossible; ${added} with new labels, ${gone} gone`,
  ].join('\n');
}

const labelText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ');

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new CommandFailure(appError('FILE_UNREADABLE', { file, why: describeThrown(thrown) }));
  }
}

/** Target files with what came of them, one a line; under each what is wrong with it. */
export function discoveryTable(files: readonly DiscoveryFile[], locale: Locale): string {
  return [
    table([
      ['job', 'file', 'targets', 'dropped', 'state'],
      ...files.map(({ job, file, targets, dropped, errors }) => [
        job,
        file,
        String(targets),
        String(dropped),
        errors.length === 0 ? 'ok' : 'error',
      ]),
    ]),
    ...files.flatMap(({ errors }) => errors.map(({ message }) => message[locale])),
  ].join('\n');
}
