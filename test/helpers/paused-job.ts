import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import type { JobRegistry } from '../../main/engine/platform/jobs.ts';

/** Waits until a job that was told to pause does nothing more: what was under way then may still come to its end. */
export async function restsWhilePaused(jobs: JobRegistry, id: string): Promise<void> {
  const done = () => jobs.get(id)?.progress?.done;
  await expect
    .poll(
      async () => {
        const before = done();
        await wait(300);
        return done() === before;
      },
      { timeout: 30_000 },
    )
    .toBe(true);
  expect(jobs.get(id)?.state).toBe('paused');
}
