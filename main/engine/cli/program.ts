import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { defaultDataDir } from '#shared/domain/data-dir.ts';
import { auditCommands } from './commands-audit.ts';
import { backupCommands } from './commands-backup.ts';
import { channelCommands } from './commands-channels.ts';
import { checksCommands } from './commands-checks.ts';
import { dashboardCommands } from './commands-dashboards.ts';
import { dataCommands } from './commands-data.ts';
import { recoveryCommands } from './commands-recovery.ts';
import { restoreCommands } from './commands-restore.ts';
import { rulesCommands } from './commands-rules.ts';
import { secretsCommands } from './commands-secrets.ts';
import { serveCommand } from './commands-serve.ts';
import { siteCommands } from './commands-site.ts';
import { trainingCommands } from './commands-training.ts';
import { createContext } from './context.ts';
import { createOutput, localeOf } from './output.ts';
import { EXIT } from './session.ts';
import { WrongUsage, withUsageErrors } from './usage-errors.ts';

/** Runs the `hmtt` command: the engine for scripts, headless hosts and bad days. Sets the process's exit code. */
export async function runCommand(argv: readonly string[]): Promise<void> {
  try {
    const program = createProgram();
    if (localeOf(process.env) === 'zh') {
      const { inChinese } = await import('./help/chinese.ts');
      inChinese(program);
    }
    await program.parseAsync(argv);
  } catch (thrown) {
    if (thrown instanceof WrongUsage) {
      const words = { locale: localeOf(process.env), json: false };
      createOutput(words, writeResult, writeRemark).error(thrown.error);
    } else if (!(thrown instanceof CommanderError)) throw thrown;
    process.exitCode = thrown instanceof CommanderError && thrown.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
}

const writeResult = (text: string): void => void process.stdout.write(text);
const writeRemark = (text: string): void => void process.stderr.write(text);

/** All commands and their options, over this process; nothing is opened before a command runs. */
export function createProgram(): Command {
  const program = new Command('hmtt');
  program
    .description(
      "The console's engine without its window. Asks the engine that runs on the data folder; opens the folder itself when none does.",
    )
    .option('--data <dir>', "data folder; default $HMTT_DATA, else the console's own")
    .option('--json', 'one JSON document on stdout')
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
    writeResult,
    writeRemark,
    (code) => {
      process.exitCode = code;
    },
  );
  serveCommand(program, context);
  siteCommands(program, context);
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
  auditCommands(program, context);
  withUsageErrors(program);
  return program;
}
