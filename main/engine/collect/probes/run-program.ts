import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describeThrown } from '#shared/errors/index.ts';
import { commandEnvironment } from '../../platform/command/environment.ts';
import type { Timers } from '../../platform/timers.ts';

/** How a program that a check runs ended. */
export type ProgramEnd = {
  /** `flood`: it wrote more than anybody reads, and was ended. */
  readonly reason: 'exit' | 'signal' | 'stopped' | 'flood' | 'not-started';
  readonly exitCode: number | null;
  /** Signal that ended it, or why it could not be started. */
  readonly why: string;
  /** The beginning of what it wrote, at most 64 KiB each. */
  readonly stdout: string;
  readonly stderr: string;
};

/** As much as is kept of an output; plugins mean it to be read by people. */
const KEPT_BYTES = 64 * 1024;
/** A program that writes more is broken. */
const MOST_BYTES = 1 << 20;
/** How long pipes are read after the program itself has ended: what it left behind may hold them open for ever. */
const DRAIN_MS = 200;
/** Marks all that a program starts, also what leaves its process group. */
const MARK = 'HMTT_CHECK';

/**
 * Runs a program without a shell until it ends or the signal is aborted, and leaves nothing of it behind: children in its process
 * group and (on Linux) those that have left the group are killed, whether it ended by itself or not. Never rejects.
 */
export function runProgram(
  program: { readonly file: string; readonly args: readonly string[] },
  signal: AbortSignal,
  timers: Timers,
): Promise<ProgramEnd> {
  const mark = randomUUID();
  const kept = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const text = (name: 'stdout' | 'stderr'): string =>
    Buffer.concat(kept[name]).subarray(0, KEPT_BYTES).toString('utf8');
  const ended = (reason: ProgramEnd['reason'], exitCode: number | null, why: string): ProgramEnd => ({
    reason,
    exitCode,
    why,
    stdout: text('stdout'),
    stderr: text('stderr'),
  });
  if (signal.aborted) return Promise.resolve(ended('stopped', null, ''));
  return new Promise((resolve) => {
    let child: ChildProcess;
    try {
      child = spawn(program.file, [...program.args], {
        // Messages are compared and parsed, so they are in one language.
        env: { ...commandEnvironment(), LC_ALL: 'C', [MARK]: mark },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: process.platform !== 'win32',
        windowsHide: true,
      });
    } catch (thrown) {
      resolve(ended('not-started', null, describeThrown(thrown)));
      return;
    }
    let forced: 'stopped' | 'flood' | null = null;
    let isOver = false;
    let cancelDrain: (() => void) | null = null;
    const settle = (end: ProgramEnd): void => {
      if (isOver) return;
      isOver = true;
      cancelDrain?.();
      signal.removeEventListener('abort', onAbort);
      child.stdout?.destroy();
      child.stderr?.destroy();
      if (child.pid !== undefined) killFamily(child.pid, mark);
      resolve(end);
    };
    const stop = (why: 'stopped' | 'flood'): void => {
      if (forced !== null) return;
      forced = why;
      if (child.pid !== undefined) killFamily(child.pid, mark);
    };
    const onAbort = (): void => stop('stopped');
    signal.addEventListener('abort', onAbort, { once: true });
    let bytes = 0;
    for (const name of ['stdout', 'stderr'] as const) {
      let room = KEPT_BYTES;
      child[name]?.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (room > 0) kept[name].push(chunk.subarray(0, room));
        room -= chunk.length;
        if (bytes > MOST_BYTES) stop('flood');
      });
      // A pipe that breaks says nothing that the end of the process does not say.
      child[name]?.on('error', () => undefined);
    }
    child.once('error', (thrown) => settle(ended('not-started', null, describeThrown(thrown))));
    child.once('exit', (code, by) => {
      const finish = (): void =>
        settle(
          forced !== null
            ? ended(forced, null, '')
            : code === null
              ? ended('signal', null, by ?? '?')
              : ended('exit', code, ''),
        );
      child.once('close', finish);
      cancelDrain = timers.after(DRAIN_MS, finish);
    });
  });
}

/** Kills a process group and all that carries the mark in its environment. */
function killFamily(pid: number, mark: string): void {
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).once(
      'error',
      () => undefined,
    );
    return;
  }
  kill(-pid);
  if (process.platform !== 'linux') return;
  // What was started while the list was read is in the next one.
  for (let round = 0; round < 3; round += 1) {
    const left = markedProcesses(mark);
    if (left.length === 0) return;
    for (const one of left) kill(one);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}

function markedProcesses(mark: string): readonly number[] {
  const wanted = Buffer.from(`${MARK}=${mark}`);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        // A dead one that nobody has waited for yet has an empty environment.
        return readFileSync(`/proc/${name}/environ`).includes(wanted);
      } catch {
        return false;
      }
    })
    .map(Number);
}
