import type { Job } from '#shared/contract/jobs.ts';
import type { EngineAccess } from './engine.ts';

/** Waits until a job has ended, whatever its end is. */
export async function jobEnd(engine: Pick<EngineAccess, 'call'>, jobId: string): Promise<Job> {
  for (;;) {
    const job = await engine.call('jobs.get', { id: jobId });
    if (job.endedAt !== null) return job;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
