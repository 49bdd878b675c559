import { type ChildProcess, spawn } from 'node:child_process';
import { describeThrown } from '#shared/errors/index.ts';
import type { CancelTimer, Timers } from '../timers.ts';
import { OutputTail } from './output-tail.ts';

/** A command to run. */
export type CommandSpec = {
  /** Text for the system's shell, or a program with its arguments. */
  readonly run: { readonly shell: string } | { readonly file: string; readonly args: readonly string[] };
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Null: as long as it takes. */
  readonly timeoutMs: number | null;
  readonly signal?: AbortSignal;
  /** An open file that gets what it writes on stdout; otherwise that is part of the output. */
  readonly stdoutFd?: number;
  /** An open file that it reads; nothing when left out. */
  readonly stdinFd?: number;
  /** What it reads instead of a file. One that does not read it is not waited for. */
  readonly stdin?: Uint8Array;
  /** An open file or folder that it finds as its file descriptor 3. */
  readonly extraFd?: number;
  /** As another user of this machine (POSIX, root only). */
  readonly uid?: number;
  readonly gid?: number;
  /** Told the process id as soon as there is one. */
  readonly started?: (pid: number) => void;
  /** How much of the end of its output is kept. */
  readonly keepBytes?: number;
};

/** How a command ended. */
export type CommandEnd = {
  readonly reason: 'exit' | 'signal' | 'timeout' | 'cancelled' | 'not-started';
  /** Null unless it ended by itself. */
  readonly exitCode: number | null;
  /** Signal that ended it, or why it could not be started. */
  readonly why: string;
  /** The last lines of stdout and stderr, as they came. */
  readonly output: string;
  /** The last of stdout alone. */
  readonly stdout: string;
};

/** What a kill leaves time for. */
const GRACE_MS = 5_000;
/** How long pipes are still read after the command itself has ended: a daemon that it left may hold them open for ever. */
const DRAIN_MS = 500;
/** Output that is read at full speed; a command that writes more is slowed down, so that it cannot busy the engine. */
const FREE_BYTES = 1 << 20;
const SLOW_DOWN_MS = 10;

/**
 * Runs a command in a process group of its own and waits for its end. A command that takes too long, or is cancelled, is ended
 * with all that is in its group (SIGTERM, five seconds later SIGKILL). What it writes is read to its end and only the last
 * of it is kept. Never throws, never rejects.
 */
export function runCommand(spec: CommandSpec, timers: Timers): Promise<CommandEnd> {
  const all = new OutputTail(spec.keepBytes);
  const out = new OutputTail(spec.keepBytes);
  const ended = (reason: CommandEnd['reason'], exitCode: number | null, why: string): CommandEnd => ({
    reason,
    exitCode,
    why,
    output: all.text(),
    stdout: out.text(),
  });
  if (spec.signal?.aborted) return Promise.resolve(ended('cancelled', null, ''));
  return new Promise((resolve) => {
    let child: ChildProcess;
    try {
      child = start(spec);
    } catch (thrown) {
      resolve(ended('not-started', null, describeThrown(thrown)));
      return;
    }
    let forced: 'timeout' | 'cancelled' | null = null;
    const pending: CancelTimer[] = [];
    const stop = (why: 'timeout' | 'cancelled'): void => {
      if (forced !== null) return;
      forced = why;
      killGroup(child, 'SIGTERM');
      pending.push(timers.after(GRACE_MS, () => killGroup(child, 'SIGKILL')));
    };
    const onAbort = (): void => stop('cancelled');
    spec.signal?.addEventListener('abort', onAbort, { once: true });
    if (spec.timeoutMs !== null) pending.push(timers.after(spec.timeoutMs, () => stop('timeout')));
    read(child, all, out, timers);
    // A command that ends without reading breaks the pipe; its exit code says whether that matters.
    child.stdin?.on('error', () => undefined);
    if (spec.stdin !== undefined) child.stdin?.end(spec.stdin);
    if (child.pid !== undefined) spec.started?.(child.pid);

    let isSettled = false;
    const settle = (end: CommandEnd): void => {
      if (isSettled) return;
      isSettled = true;
      for (const cancel of pending) cancel();
      spec.signal?.removeEventListener('abort', onAbort);
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve(end);
    };
    child.once('error', (thrown) => settle(ended('not-started', null, describeThrown(thrown))));
    child.once('exit', (code, signal) => {
      // The leader has gone; what it started in its group goes with it when it had to be ended.
      if (forced !== null) killGroup(child, 'SIGKILL');
      const finish = (): void =>
        settle(
          forced !== null
            ? ended(forced, null, '')
            : code === null
              ? ended('signal', null, signal ?? '?')
              : ended('exit', code, ''),
        );
      child.once('close', finish);
      pending.push(timers.after(DRAIN_MS, finish));
    });
  });
}

function start(spec: CommandSpec): ChildProcess {
  const options = {
    env: { ...spec.env },
    stdio: [
      spec.stdinFd ?? (spec.stdin === undefined ? 'ignore' : 'pipe'),
      spec.stdoutFd ?? 'pipe',
      'pipe',
      ...(spec.extraFd === undefined ? [] : [spec.extraFd]),
    ] as ('ignore' | 'pipe' | number)[],
    // A group (POSIX) of its own, so that it can be ended with all its children.
    detached: process.platform !== 'win32',
    windowsHide: true,
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
    ...(spec.uid === undefined ? {} : { uid: spec.uid }),
    ...(spec.gid === undefined ? {} : { gid: spec.gid }),
  };
  if ('shell' in spec.run) return spawn(spec.run.shell, { ...options, shell: true });
  return spawn(spec.run.file, [...spec.run.args], options);
}

function read(child: ChildProcess, all: OutputTail, out: OutputTail, timers: Timers): void {
  let seen = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      all.add(chunk);
      if (stream === child.stdout) out.add(chunk);
      seen += chunk.length;
      if (seen <= FREE_BYTES) return;
      stream.pause();
      timers.after(SLOW_DOWN_MS, () => stream.resume());
    });
    // A pipe that breaks says nothing that the end of the process does not say.
    stream?.on('error', () => undefined);
  }
}

/** Signals a command and all that is in its group. */
function killGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).once(
      'error',
      () => child.kill(),
    );
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left in the group.
  }
}

/** How a command ended, in words for a sentence. */
export function describeEnd(end: CommandEnd, timeoutMs: number | null): { zh: string; en: string } {
  switch (end.reason) {
    case 'exit':
      return { zh: `退出码 ${end.exitCode}`, en: `exit code ${end.exitCode}` };
    case 'signal':
      return { zh: `被信号 ${end.why} 终止`, en: `ended by signal ${end.why}` };
    case 'timeout': {
      const seconds = Math.round((timeoutMs ?? 0) / 1000);
      return { zh: `超过 ${seconds} 秒，已终止`, en: `took longer than ${seconds} s and was ended` };
    }
    case 'cancelled':
      return { zh: '已取消', en: 'cancelled' };
    case 'not-started':
      return { zh: `无法启动：${end.why}`, en: `could not be started: ${end.why}` };
  }
}
