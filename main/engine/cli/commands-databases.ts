import type { Command } from 'commander';
import type { RunSteps } from '#shared/contract/backup-sources.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { formatDuration } from '#shared/units/duration.ts';
import type { CommandContext } from './context.ts';
import { type KeyOptions, keyOptions, withKeys } from './key-options.ts';
import { type Output, table } from './output.ts';
import { parseDatabase, parseTarget } from './sources-options.ts';

/** `backup databases …` and `backup steps`. */
export function databaseCommands(backup: Command, context: CommandContext): void {
  const databases = backup.command('databases').description('dumps of databases in restore points');
  databases
    .command('test <database>')
    .description('try a database as a run would; change nothing')
    .action(
      context.action(async (output, text: string) => {
        const source = parseDatabase(text);
        await context.withSession(output, async ({ call }) => {
          const probe = await call('backup.databases.test', { source });
          output.result(probe, () =>
            [
              `${probe.kind} ${probe.server}`,
              ...probe.tools.map((tool) => `  ${tool.path} ${tool.version}`),
              ...probe.databases.map(
                ({ name, bytes }) => `  ${name}  ${bytes === null ? '?' : formatBytes(bytes)}`,
              ),
              ...probe.notes.map((note) => note[output.locale]),
            ].join('\n'),
          );
        });
      }),
    );
  keyOptions(databases.command('list <point>').description('the dumps that a point holds')).action(
    context.action(async (output, pointId: string, keys: KeyOptions) => {
      await context.withSession(output, async (session) => {
        const { dumps } = await withKeys(session, keys, [], () =>
          session.call('backup.databases.list', { pointId }),
        );
        output.result({ dumps }, () =>
          table([
            ['source', 'kind', 'method', 'database', 'size', 'server', 'taken'],
            ...dumps.flatMap((dump) =>
              dump.databases.map((entry) => [
                dump.name,
                dump.kind,
                dump.method,
                entry.name,
                formatBytes(entry.bytes),
                dump.server,
                new Date(dump.takenAt).toISOString(),
              ]),
            ),
          ]),
        );
      });
    }),
  );
  keyOptions(
    databases
      .command('restore <point> <source> <database>')
      .description('load a dump into a server, or place an SQLite file')
      .requiredOption(
        '--into <target>',
        'such as postgresql:erp_test,host=/run/postgresql or sqlite:/srv/erp.db',
      )
      .option('--replace', 'put aside what is there already; it is not deleted'),
  ).action(
    context.action(
      async (
        output,
        pointId: string,
        source: string,
        database: string,
        options: KeyOptions & { into: string; replace?: true },
      ) => {
        const into = parseTarget(options.into);
        await context.withSession(output, async (session) => {
          const report = await withKeys(session, options, [], async () => {
            const request = { pointId, source, database, into, replace: options.replace === true };
            const { jobId } = await session.call('backup.databases.restore', request);
            const job = await session.finish(jobId);
            return session.call('backup.databases.restoreReport', { id: job.result?.id ?? '' });
          });
          output.result(report, () =>
            [
              `${report.database} → ${report.into}  ${report.tables} tables, ${formatBytes(report.bytes)}, ${formatDuration(report.durationMs)}`,
              ...(report.kept === null ? [] : [`kept: ${report.kept}`]),
              ...report.notes.map((note) => note[output.locale]),
            ].join('\n'),
          );
        });
      },
    ),
  );
  backup
    .command('steps <name>')
    .description('commands, stops and dumps of the latest runs')
    .action(
      context.action(async (output, name: string) => {
        await context.withSession(output, async ({ call }) => {
          const { runs } = await call('backup.steps', { plan: name });
          output.result({ runs }, () =>
            runs
              .map((run) =>
                [
                  `${new Date(run.startedAt).toISOString()}  ${run.pointId}  ${run.state}`,
                  ...stepLines(run, output),
                ].join('\n'),
              )
              .join('\n'),
          );
        });
      }),
    );
}

/** The steps of a run, one a line, with the end of what failed. */
export function stepLines({ steps, downtimeMs }: RunSteps, output: Pick<Output, 'locale'>): string[] {
  return [
    ...steps.flatMap((step) => [
      `  ${step.kind} ${step.what}: ${step.state}${step.exitCode === null ? '' : ` (${step.exitCode})`}${step.caughtUp ? ', caught up' : ''}`,
      ...(step.error === null ? [] : [`    ${step.error.message[output.locale]}`]),
      ...((step.database ?? step.remote)?.notes ?? []).map((note) => `    ${note[output.locale]}`),
    ]),
    ...(downtimeMs === null ? [] : [`  downtime ${formatDuration(downtimeMs)}`]),
  ];
}
