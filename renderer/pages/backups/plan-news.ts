import type { Job } from '#shared/contract/jobs.ts';
import type { AppError } from '#shared/errors/index.ts';

/** What is told of a plan above its figures. */
export type PlanNews = {
  readonly jobs: readonly Job[];
  /** Why its last run failed, when none of the jobs says so. */
  readonly lastError: AppError | null;
};

/**
 * What goes on with a plan, or ended just now: of what has ended only the newest is news, the rest is in the record of runs. A failure is
 * told once, and stays told while something else goes on or has ended well.
 *
 * @param jobs newest first
 */
export function newsOf(jobs: readonly Job[], lastError: AppError | null): PlanNews {
  const shown = jobs.filter((job, index) => job.endedAt === null || index === 0).slice(0, 2);
  const isTold = shown.some(({ kind, error }) => kind === 'backup' && error !== null);
  return { jobs: shown, lastError: isTold ? null : lastError };
}
