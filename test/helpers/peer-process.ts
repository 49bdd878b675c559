import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { PATIENCE_MS } from './patience.ts';

/** A program of the distribution that a test started. */
export type Peer = {
  readonly pid: number;
  /** What it wrote on stdout and stderr so far. */
  readonly output: () => string;
  /** Stops it by its id and waits until it is gone. */
  readonly stop: () => Promise<void>;
};

/**
 * Starts a program.
 *
 * @param debianPackage the package that has it, for the sentence when it is missing
 */
export async function startPeer(
  command: string,
  args: readonly string[],
  debianPackage: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Peer> {
  const child: ChildProcess = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-20_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      reject(
        new Error(`${command} is needed by this test: apt-get install ${debianPackage} (${error.message})`),
      );
    });
  });
  return {
    pid: child.pid ?? -1,
    output: () => output,
    stop: async () => {
      child.kill('SIGTERM');
      const ended = await Promise.race([gone.then(() => true), wait(5_000, false)]);
      if (!ended) child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Waits until an address answers 200; fails with the peer's own words. */
export async function untilAnswers(url: string, peer: Peer, ms = PATIENCE_MS): Promise<void> {
  const deadline = performance.now() + ms;
  for (;;) {
    try {
      const response = await fetch(url);
      await response.arrayBuffer();
      if (response.ok) return;
    } catch {
      // Not listening yet.
    }
    if (performance.now() > deadline)
      throw new Error(`${url} did not answer; the peer says: ${peer.output()}`);
    await wait(50);
  }
}

/** Waits until a peer has written something; fails with what it wrote instead. */
export async function untilOutput(peer: Peer, pattern: RegExp, ms = PATIENCE_MS): Promise<void> {
  const deadline = performance.now() + ms;
  while (!pattern.test(peer.output())) {
    if (performance.now() > deadline) throw new Error(`the peer did not write ${pattern}: ${peer.output()}`);
    await wait(20);
  }
}
