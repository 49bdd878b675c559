import { readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { appError, describeThrown } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { formatDuration } from '#shared/units/duration.ts';
import type { CommandContext } from './context.ts';
import { type KeyOptions, withKeys } from './key-options.ts';
import { CommandFailure, type Session } from './session.ts';

/** `drill` and `recovery …`. */
export function recoveryCommands(program: Command, context: CommandContext): void {
  program
    .command('drill <name>')
    .description('restore into a scratch folder, verify, measure, record, clean up')
    .option('--point <id>', 'this point instead of the newest restorable one')
    .option('--identity-file <file>', 'age identity, or a sealed NAME.key.age, that opens encrypted points')
    .option('--passphrase-file <file>', 'file whose first line is the passphrase of the key')
    .action(
      context.action(async (output, name: string, options: KeyOptions & { point?: string }) => {
        await context.withSession(output, async (session) => {
          const { drillId, failure } = await withKeys(session, options, [], () =>
            drilled(session, name, options.point),
          );
          const drill = await session.call('recovery.drills.get', { id: drillId });
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
  recovery
    .command('export <file>')
    .description('write the register, the environment and the runbooks as JSON')
    .action(
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
    .description('take them in from such a file')
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

/** Makes a drill and waits for its end; one that did not pass has a record all the same. */
async function drilled(
  session: Session,
  plan: string,
  pointId: string | undefined,
): Promise<{ readonly drillId: string; readonly failure: CommandFailure | null }> {
  const { drillId, jobId } = await session.call('recovery.drills.run', {
    plan,
    ...(pointId === undefined ? {} : { pointId }),
  });
  try {
    await session.finish(jobId);
    return { drillId, failure: null };
  } catch (thrown) {
    if (!(thrown instanceof CommandFailure)) throw thrown;
    return { drillId, failure: thrown };
  }
}
