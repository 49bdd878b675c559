import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { TransferReport } from '#shared/contract/openmetrics.ts';
import type { CommandContext } from './context.ts';

type ExportOptions = {
  readonly out: string;
  readonly match?: string[];
  readonly start?: string;
  readonly end?: string;
};

/** `import openmetrics` and `export openmetrics`. */
export function openMetricsCommands(
  groups: { import: Command; export: Command },
  context: CommandContext,
): void {
  groups.import
    .command('openmetrics <file>')
    .description('backfill samples with time stamps, plain or gzipped; the whole file or nothing')
    .action(
      context.action(async (output, file: string) => {
        await context.withSession(output, async ({ call, finish }) => {
          const { jobId } = await call('openmetrics.import', { path: resolve(file) });
          await finish(jobId);
          const report = await call('openmetrics.report', { jobId });
          output.result(report, () => describe(report, output.locale));
        });
      }),
    );
  groups.export
    .command('openmetrics')
    .description('write samples as an OpenMetrics document, which the import and promtool read')
    .requiredOption('--out <file>', 'the file to write')
    .option('--match <selector...>', 'which series, as PromQL selectors; all when left out')
    .option('--start <t>', 'RFC 3339, unix seconds, or now-2h')
    .option('--end <t>', 'as --start')
    .action(
      context.action(async (output, options: ExportOptions) => {
        await context.withSession(output, async ({ call, finish }) => {
          const { jobId } = await call('openmetrics.export', {
            path: resolve(options.out),
            matchers: options.match ?? [],
            ...(options.start === undefined ? {} : { start: context.time('--start', options.start) }),
            ...(options.end === undefined ? {} : { end: context.time('--end', options.end) }),
          });
          await finish(jobId);
          const report = await call('openmetrics.report', { jobId });
          output.result(report, () => describe(report, output.locale));
        });
      }),
    );
}

function describe({ samples, series, doubled, start, end }: TransferReport, locale: 'zh' | 'en'): string {
  const span =
    start === null || end === null
      ? ''
      : ` ${new Date(start).toISOString()} – ${new Date(end).toISOString()}`;
  const counted =
    locale === 'zh' ? `${series} 条序列，${samples} 个样本` : `${series} series, ${samples} samples`;
  const left =
    doubled === 0
      ? ''
      : locale === 'zh'
        ? `；${doubled} 个重复样本未计入`
        : `; ${doubled} doubled samples left out`;
  return `${counted}${span === '' ? '' : `,${span}`}${left}`;
}
