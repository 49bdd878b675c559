import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { endStrays } from '../../../../main/engine/backup/sources/owed-task.ts';

function sleeper(point: string): {
  readonly ended: Promise<NodeJS.Signals | null>;
  readonly kill: () => void;
} {
  // Longer than a test waits, so that one that nobody ends is seen.
  const child = spawn('sh', ['-c', 'sleep 600 & sleep 600'], {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, HMTT_POINT: point },
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.once('exit', (_, signal) => resolve(signal)),
  );
  return { ended, kill: () => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL') };
}

it('ends a command whose number nobody wrote down, with its children, and no other run’s', async () => {
  const [mine, other] = [randomUUID(), randomUUID()];
  const stray = sleeper(mine);
  const neighbour = sleeper(other);
  // The environment is there as soon as the shell runs.
  await expect.poll(() => endStrays(mine)).toBeGreaterThan(0);
  expect(await stray.ended).toBe('SIGKILL');
  await expect.poll(() => endStrays(mine)).toBe(0);
  expect(await Promise.race([neighbour.ended, Promise.resolve('runs')])).toBe('runs');
  neighbour.kill();
  await neighbour.ended;
});
