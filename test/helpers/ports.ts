import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { env } from 'node:process';

/**
 * Ports of test files that run at once are apart, and below those that the kernel gives to `listen(0)` and to outgoing
 * connections (from 32768): another test would soon listen on a port of those that this one freed.
 */
const FIRST = 12_000;
const A_WORKER = 1_000;
const WORKERS = 20;

const given = new Set<number>();

/**
 * A port of loopback that is free, and that nothing else of the test run takes: for a program that is told its port, for
 * a server that goes away and comes back, and for a place where nobody answers.
 */
export async function freePort(): Promise<number> {
  const first = FIRST + (Number(env.VITEST_POOL_ID ?? 0) % WORKERS) * A_WORKER;
  for (let attempt = 0; attempt < 100 * A_WORKER; attempt += 1) {
    const port = first + randomInt(A_WORKER);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`no free port from ${first} to ${first + A_WORKER - 1}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (free) await new Promise((resolve) => server.close(resolve));
  return free;
}
