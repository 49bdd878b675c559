import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CheckInput } from '#shared/contract/checks.ts';
import type { Round, RoundMade } from './attempts-child.ts';
import { makeCertificates } from './certificates.ts';
import type { FaultsSeen } from './fault-servers-child.ts';
import { temporaryFolder } from './temp-folder.ts';

const startChild = (file: string, ...args: string[]): ChildProcess =>
  fork(fileURLToPath(new URL(file, import.meta.url)), args, { serialization: 'advanced' });

/** The servers of bad habit, in a process of their own. */
export type FaultSite = {
  readonly port: (name: string) => number;
  readonly seen: () => Promise<FaultsSeen>;
  readonly stop: () => void;
};

/** Starts them. */
export async function startFaultSite(): Promise<FaultSite> {
  const { certFile, keyFile } = makeCertificates(temporaryFolder('fault-site'));
  const child = startChild('./fault-servers-child.ts', certFile, keyFile);
  const [ports] = (await once(child, 'message')) as [Readonly<Record<string, number>>];
  return {
    port: (name) => {
      const port = ports[name];
      if (port === undefined) throw new Error(`no server ${name}`);
      return port;
    },
    seen: async () => {
      child.send('seen');
      return ((await once(child, 'message')) as [FaultsSeen])[0];
    },
    stop: () => void child.kill('SIGKILL'),
  };
}

/** Makes checks in a process of their own, so that what that one spends is what the checks cost. */
export type Attempts = {
  /** All at once. */
  readonly make: (what: readonly CheckInput['what'][], timeoutMs: number) => Promise<RoundMade>;
  readonly stop: () => void;
};

/** Starts that process. */
export function startAttempts(): Attempts {
  const child = startChild('./attempts-child.ts');
  const waiting = new Map<number, (made: RoundMade) => void>();
  let last = 0;
  child.on('message', (made: RoundMade) => {
    waiting.get(made.id)?.(made);
    waiting.delete(made.id);
  });
  return {
    make: (what, timeoutMs) =>
      new Promise((resolve) => {
        last += 1;
        waiting.set(last, resolve);
        child.send({ id: last, what, timeoutMs } satisfies Round);
      }),
    stop: () => void child.kill('SIGKILL'),
  };
}
