import type { Command } from 'commander';
import type { DiscoveryFile } from '#shared/contract/discovery.ts';
import type { Locale } from '#shared/errors/index.ts';
import type { CommandContext } from './context.ts';
import { table } from './output.ts';

/** `hosts discovery`: the files that list targets. */
export function jobCommands(hosts: Command, context: CommandContext): void {
  hosts
    .command('discovery')
    .description('target files of file_sd_configs: read now, and what came of it')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          const { jobs } = await call('hosts.jobs.read', {});
          const files = jobs.flatMap((job) => job.files);
          output.result({ files }, () => discoveryTable(files, output.locale));
        });
      }),
    );
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
