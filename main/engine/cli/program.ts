import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { defaultDataDir } from '#shared/domain/data-dir.ts';
import { backupCommands } from './commands-backup.ts';
import { channelCommands } from './commands-channels.ts';
import { checksCommands } from './commands-checks.ts';
import { dashboardCommands } from './commands-dashboards.ts';
import { dataCommands } from './commands-data.ts';
import { inventoryCommands } from './commands-inventory.ts';
import { recoveryCommands } from './commands-recovery.ts';
import { restoreCommands } from './commands-restore.ts';
import { rulesCommands } from './commands-rules.ts';
import { secretsCommands } from './commands-secrets.ts';
import { serveCommand } from './commands-serve.ts';
import { siteCommands } from './commands-site.ts';
import { trainingCommands } from './commands-training.ts';
import { createContext } from './context.ts';
import { localeOf } from './output.ts';
import { EXIT } from './session.ts';

/** Runs the `hmtt` command: the engine for scripts, headless hosts and bad days. Sets the process's exit code. */
export async function runCommand(argv: readonly string[]): Promise<void> {
  const program = new Command('hmtt');
  program
    .option('--data <dir>', "data folder; default $HMTT_DATA, else the console's own")
    .option('--json', 'one JSON document on stdout')
    .exitOverride()
    .showHelpAfterError()
    .enablePositionalOptions(false);
  const context = createContext(
    () => {
      const options = program.opts<{ data?: string; json?: boolean }>();
      const fallback = defaultDataDir({ platform: process.platform, env: process.env, home: homedir() });
      return {
        data: resolve(options.data ?? fallback),
        json: options.json === true,
        locale: localeOf(process.env),
      };
    },
    (text) => process.stdout.write(text),
    (text) => process.stderr.write(text),
    (code) => {
      process.exitCode = code;
    },
  );
  serveCommand(program, context);
  siteCommands(program, context);
  inventoryCommands(program, context);
  checksCommands(program, context);
  dataCommands(program, context);
  dashboardCommands(program, context);
  channelCommands(program, context);
  secretsCommands(program, context);
  trainingCommands(program, context);
  rulesCommands(program, context);
  backupCommands(program, context);
  restoreCommands(program, context);
  recoveryCommands(program, context);
  try {
    await program.parseAsync(argv);
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    process.exitCode = thrown.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
}
