import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { appError, describeThrown } from '#shared/errors/index.ts';
import { type EngineOptions, startEngine } from '../index.ts';
import type { CommandContext } from './context.ts';
import { readSecretLine } from './secret-file.ts';
import { CommandFailure, EXIT } from './session.ts';

type ServeOptions = {
  readonly listen?: string;
  readonly tokenFile?: string;
  readonly secretsPassphraseFile?: string;
};

/** `serve`: the engine without a window. */
export function serveCommand(program: Command, context: CommandContext): void {
  program
    .command('serve')
    .description('engine without a window, until SIGTERM or SIGINT')
    .option('--listen <address>', 'serve the Prometheus HTTP API read-only, e.g. 127.0.0.1:0')
    .option('--token-file <file>', 'ask for the token in this file; allows addresses other than loopback')
    .option('--secrets-passphrase-file <file>', 'open the sealed store with the passphrase in this file')
    .action(
      context.action(async (output, options: ServeOptions) => {
        const passphrase =
          options.secretsPassphraseFile === undefined
            ? null
            : readSecretLine('--secrets-passphrase-file', options.secretsPassphraseFile);
        const started = await startEngine({
          dir: context.dataDir(),
          watching: true,
          ...readListen(options),
        });
        if (!started.ok) throw new CommandFailure(started.error, exitOf(started.error.code));
        const engine = started.value;
        if (passphrase !== null) {
          const unlocked = await engine.client.call('secrets.unlock', { passphrase });
          if (!unlocked.ok) {
            await engine.close();
            throw new CommandFailure(unlocked.error);
          }
        }
        // Heard before the line is printed: who waits for it may end the engine at once.
        const ended = new Promise<void>((resolve) => {
          for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
        });
        const api = engine.apiUrl();
        context.stdout(`${JSON.stringify({ ready: true, ...(api === null ? {} : { api }) })}\n`);
        await ended;
        await engine.close();
        output.note(output.locale === 'zh' ? '引擎已停止。' : 'Engine stopped.');
      }),
    );
}

/** Failures that are the fault of what was typed. */
const USAGE: readonly string[] = ['BAD_INPUT', 'API_TOKEN_NEEDED', 'API_TOKEN_BAD'];

function exitOf(code: string): number {
  if (code === 'DATA_FOLDER_IN_USE') return EXIT.inUse;
  return USAGE.includes(code) ? EXIT.usage : EXIT.failed;
}

/** What the command says about the API; nothing, and then the settings decide. */
function readListen({ listen, tokenFile }: ServeOptions): Pick<EngineOptions, 'listen'> {
  if (listen !== undefined)
    return { listen: { address: listen, token: tokenFile === undefined ? null : readToken(tokenFile) } };
  if (tokenFile === undefined) return {};
  const why = 'it needs --listen';
  throw new CommandFailure(
    appError('BAD_INPUT', { method: 'serve', field: '--token-file', why }),
    EXIT.usage,
  );
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (thrown) {
    throw new CommandFailure(appError('FILE_UNREADABLE', { file, why: describeThrown(thrown) }));
  }
}
