import type { Client, ClientChannel } from 'ssh2';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { Timers } from '../platform/timers.ts';

/** A command line and its bounds. */
export type Exec = {
  /** What the host's shell gets. */
  readonly line: string;
  readonly timeoutMs: number;
  /** Of stdout and stderr together. More refuses the whole result. */
  readonly maxBytes: number;
  readonly stdin?: Uint8Array;
  /** The host, for messages. */
  readonly host: string;
  readonly signal: AbortSignal;
};

/** What a command left. */
export type ExecResult = {
  /** Null when a signal ended it. */
  readonly code: number | null;
  /** Name of that signal, such as `KILL`. */
  readonly killedBy: string | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
};

/**
 * Runs one command on a connection, without a terminal.
 *
 * After the time it is told to end and its channel is closed; a command that ignores both may go on on the host, which only
 * the host can prevent. Errors: SSH_TIMEOUT, SSH_OUTPUT_TOO_LONG, SSH_CONNECTION_LOST, SSH_REMOTE_FAILED, CANCELLED.
 */
export function exec(client: Client, what: Exec, timers: Timers): Promise<Result<ExecResult>> {
  const { line, host, signal } = what;
  return new Promise((resolve) => {
    let channel: ClientChannel | null = null;
    let isDone = false;
    const finish = (result: Result<ExecResult>): void => {
      if (isDone) return;
      isDone = true;
      cancelTimer();
      signal.removeEventListener('abort', onAbort);
      client.removeListener('close', onGone);
      resolve(result);
    };
    const stop = (error: AppError): void => {
      // The connection may be gone already, and then there is nobody to tell.
      try {
        channel?.signal('KILL');
        channel?.close();
      } catch {
        // What matters is the error that is told below.
      }
      finish(err(error));
    };
    const onAbort = (): void => stop(appError('CANCELLED'));
    const onGone = (): void => finish(err(appError('SSH_CONNECTION_LOST', { host, why: 'it was closed' })));
    const cancelTimer = timers.after(what.timeoutMs, () =>
      stop(appError('SSH_TIMEOUT', { host, seconds: Math.round(what.timeoutMs / 1000), what: line })),
    );
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    client.once('close', onGone);
    client.exec(line, (thrown, opened) => {
      if (thrown) {
        finish(err(appError('SSH_REMOTE_FAILED', { host, what: line, why: describeThrown(thrown) })));
        return;
      }
      channel = opened;
      if (isDone) {
        opened.close();
        return;
      }
      const out: Buffer[] = [];
      const errors: Buffer[] = [];
      let bytes = 0;
      const keep =
        (to: Buffer[]) =>
        (chunk: Buffer): void => {
          bytes += chunk.length;
          if (bytes > what.maxBytes)
            stop(appError('SSH_OUTPUT_TOO_LONG', { host, bytes: what.maxBytes, what: line }));
          else to.push(chunk);
        };
      opened.on('data', keep(out));
      opened.stderr.on('data', keep(errors));
      opened.once('close', (code: number | null | undefined, killedBy: string | null | undefined) =>
        finish(
          ok({
            code: code ?? null,
            killedBy: killedBy ?? null,
            stdout: Buffer.concat(out),
            stderr: Buffer.concat(errors),
          }),
        ),
      );
      opened.end(what.stdin);
    });
  });
}
