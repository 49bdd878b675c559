import { mkdirSync } from 'node:fs';
import { createEngineClient, type EngineClient } from '#shared/contract/client.ts';
import type { RequestInput, RequestName, RequestOutput } from '#shared/contract/index.ts';
import type { Job } from '#shared/contract/jobs.ts';
import type { AppError } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { type Engine, startEngine } from '../index.ts';
import { connectLocalSocket } from '../local-socket.ts';
import { dataFolderPaths } from '../storage/data-folder.ts';
import type { Output } from './output.ts';
import { readSecretLine } from './secret-file.ts';

/** Exit codes of the command; part of its contract. */
export const EXIT = { done: 0, failed: 1, usage: 2, damage: 3, inUse: 4 } as const;

/** Ends the command with a code, after its error was decided. */
export class CommandFailure extends Error {
  readonly error: AppError;
  readonly code: number;

  constructor(error: AppError, code: number = EXIT.failed) {
    super(error.code);
    this.error = error;
    this.code = code;
  }
}

/** A way to the engine for the length of one command. */
export type Session = {
  readonly client: EngineClient;
  /** Calls a method; a failure ends the command. */
  readonly call: <N extends RequestName>(name: N, input: RequestInput<N>) => Promise<RequestOutput<N>>;
  /** Waits for a job, with progress on stderr; Ctrl-C cancels it. */
  readonly finish: (jobId: string) => Promise<Job>;
  readonly close: () => Promise<void>;
};

const CONNECT_MS = 2_000;

/**
 * Asks the engine that runs on the folder, or opens the folder itself when none does.
 *
 * @param threadsAhead tasks that the command is going to need one after another
 *
 * A folder that is locked by something that does not answer ends the command with exit code 4.
 */
export async function openSession(
  dir: string,
  output: Output,
  threadsAhead: readonly string[] = [],
): Promise<Session> {
  const address = dataFolderPaths(dir).socket;
  const socket = await connectLocalSocket(address, CONNECT_MS);
  if (socket) return session(createEngineClient(socket), output, async () => socket.close());
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const started = await startEngine({ dir, watching: false, threadsAhead });
  if (!started.ok) {
    throw new CommandFailure(
      started.error,
      started.error.code === 'DATA_FOLDER_IN_USE' ? EXIT.inUse : EXIT.failed,
    );
  }
  const engine = started.value;
  await openSecrets(engine);
  return session(engine.client, output, engine.close);
}

/** Opens the sealed store of an engine of this command's own, when the environment names a file with its passphrase. */
async function openSecrets(engine: Engine): Promise<void> {
  const file = process.env.HMTT_SECRETS_PASSPHRASE_FILE ?? '';
  if (file === '') return;
  const passphrase = readSecretLine('HMTT_SECRETS_PASSPHRASE_FILE', file);
  const unlocked = await engine.client.call('secrets.unlock', { passphrase });
  if (unlocked.ok) return;
  await engine.close();
  throw new CommandFailure(unlocked.error);
}

function session(client: EngineClient, output: Output, close: () => Promise<void>): Session {
  const call: Session['call'] = async (name, input) => {
    const result = await client.call(name, input);
    if (!result.ok)
      throw new CommandFailure(result.error, result.error.code === 'BAD_INPUT' ? EXIT.usage : EXIT.failed);
    return result.value;
  };
  const finish = async (jobId: string): Promise<Job> => {
    let shown = 0;
    const cancel = (): void => void client.call('jobs.cancel', { id: jobId });
    process.once('SIGINT', cancel);
    const ended = new Promise<Job>((resolve) => {
      const hear = (job: Job): void => {
        if (job.id !== jobId) return;
        if (job.endedAt !== null) resolve(job);
        const now = performance.now();
        if (job.progress && now - shown > 1_000) {
          shown = now;
          output.note(describeProgress(job.progress, output));
        }
      };
      client.on('jobs.changed', hear);
      // The job may have ended before anybody listened.
      void call('jobs.get', { id: jobId }).then(hear, () => undefined);
    });
    const job = await ended;
    process.removeListener('SIGINT', cancel);
    if (job.error) throw new CommandFailure(job.error);
    return job;
  };
  return { client, call, finish, close };
}

function describeProgress(progress: NonNullable<Job['progress']>, output: Output): string {
  const amount = (n: number): string => (progress.unit === 'bytes' ? formatBytes(n) : n.toLocaleString('en'));
  const of = progress.total === null ? '' : ` / ${amount(progress.total)}`;
  const left = progress.etaMs === null ? '' : `, ${Math.ceil(progress.etaMs / 1000)} s`;
  return `${progress.phase[output.locale]} ${amount(progress.done)}${of}, ${amount(progress.rate)}/s${left}  ${progress.current}`;
}
