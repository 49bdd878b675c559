import type { Job } from '#shared/contract/jobs.ts';

/** The jobs that run now, by id. */
export type RunningJobs = ReadonlyMap<string, Job>;

/** Job kinds during which the machine must not fall asleep: half a backup or restore is worth nothing. */
const keepsAwake: ReadonlySet<Job['kind']> = new Set(['backup', 'copy', 'verify', 'rebuild', 'restore']);

/** Takes one report of a job into account. */
export function trackJob(running: RunningJobs, job: Job): RunningJobs {
  const next = new Map(running);
  if (job.state === 'running') next.set(job.id, job);
  else next.delete(job.id);
  return next;
}

/** Whether any job asks for the machine to stay awake. */
export function mustStayAwake(running: RunningJobs): boolean {
  return [...running.values()].some((job) => keepsAwake.has(job.kind));
}

/**
 * What the taskbar shows: 0 to 1, more than 1 for "busy, extent unknown", -1 for nothing. Of several jobs the one
 * that is the least far counts, because the bar says when everything is done.
 */
export function taskbarProgress(running: RunningJobs): number {
  const shares = [...running.values()]
    .filter((job) => keepsAwake.has(job.kind))
    .map(({ progress }) =>
      progress === null || progress.total === null || progress.total <= 0
        ? null
        : Math.min(1, progress.done / progress.total),
    );
  if (shares.length === 0) return -1;
  const known = shares.filter((share) => share !== null);
  return known.length === 0 ? 2 : Math.min(...known);
}
