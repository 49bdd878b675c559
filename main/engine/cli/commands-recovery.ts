import { readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { appError, describeThrown } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { formatDuration } from '#shared/units/duration.ts';
import type { CommandContext } from './context.ts';
import { CommandFailure } from './session.ts';

/** `drill` and `recovery …`. */
export function recoveryCommands(program: Command, context: CommandContext): void {
  program
    .command('drill <name>')
    .description('restore into a scratch folder, verify, measure, record, clean up')
    .option('--point <id>', 'this point instead of the newest restorable one')
    .action(
      context.action(async (output, name: string, options: { point?: string }) => {
        await context.withSession(output, async (session) => {
          const started = await session.call('recovery.drills.run', {
            plan: name,
            ...(options.point === undefined ? {} : { pointId: options.point }),
          });
          let failure: CommandFailure | null = null;
          try {
            await session.finish(started.jobId);
          } catch (thrown) {
            if (!(thrown instanceof CommandFailure)) throw thrown;
            failure = thrown;
          }
          const drill = await session.call('recovery.drills.get', { id: started.drillId });
          output.result(drill, () =>
            [
              `${drill.state}: ${drill.plan}  ${drill.pointId}  ${new Date(drill.pointAt).toISOString()}`,
              `${drill.files} files, ${formatBytes(drill.bytes)}, ${drill.verified} verified`,
              drill.durationMs === null
                ? '-'
                : `${formatDuration(drill.durationMs)}${drill.rtoMs === null ? '' : ` (RTO ${formatDuration(drill.rtoMs)}: ${drill.durationMs <= drill.rtoMs ? 'kept' : 'BREACHED'})`}`,
              ...drill.failures.map((entry) => `  ${entry.path}: ${entry.error.message[output.locale]}`),
              ...(drill.appCheck === null
                ? []
                : [`check: ${drill.appCheck.outcome} (${drill.appCheck.exitCode ?? '-'})`]),
              ...(drill.cleaned ? [] : [`not cleaned up: ${drill.scratchDir}`]),
            ].join('\n'),
          );
          if (failure) throw failure;
        });
      }),
    );
  const recovery = program
    .command('recovery')
    .description('risks, environment, objectives and runbooks as a file');
  recovery.command('export <file>').action(
    context.action(async (output, file: string) => {
      await context.withSession(output, async ({ call }) => {
        const document = await call('recovery.export', {});
        try {
          writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
        } catch (thrown) {
          throw new CommandFailure(appError('FILE_NOT_SAVED', { file, why: describeThrown(thrown) }));
        }
        output.result({ file }, () => file);
      });
    }),
  );
  recovery
    .command('import <file>')
    .option('--dry-run', 'say what would be taken in, change nothing')
    .action(
      context.action(async (output, file: string, options: { dryRun?: boolean }) => {
        let text: string;
        try {
          text = readFileSync(file, 'utf8');
        } catch (thrown) {
          throw new CommandFailure(appError('FILE_UNREADABLE', { file, why: describeThrown(thrown) }));
        }
        await context.withSession(output, async ({ call }) => {
          const taken = await call('recovery.import', { text, dryRun: options.dryRun === true });
          output.result(taken, () =>
            [
              `added ${taken.added}, replaced ${taken.replaced}, same ${taken.same}`,
              ...taken.notes.map((note) => note[output.locale]),
            ].join('\n'),
          );
        });
      }),
    );
}
