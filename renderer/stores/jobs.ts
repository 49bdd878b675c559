import { create } from 'zustand';
import type { Job } from '#shared/contract/jobs.ts';
import { useConnection } from './connection.ts';

export type JobsState = {
  /** Every job that the engine remembers, newest first. */
  readonly jobs: readonly Job[];
};

/** Long work: running and recently ended jobs, as the engine pushes them. */
export const useJobs = create<JobsState>(() => ({ jobs: [] }));

/** A list with one job put in or replaced, newest first. */
export function withJob(jobs: readonly Job[], job: Job): readonly Job[] {
  const at = jobs.findIndex((known) => known.id === job.id);
  if (at >= 0) return jobs.map((known, index) => (index === at ? job : known));
  return [job, ...jobs].sort((a, b) => b.startedAt - a.startedAt);
}

/** Subscribes to the engine's pushes on every connection. */
export function startJobs(): void {
  useConnection.subscribe((state, previous) => {
    const { client } = state;
    if (client === null || client === previous.client) return;
    client.on('jobs.changed', (job) => useJobs.setState(({ jobs }) => ({ jobs: withJob(jobs, job) })));
    void client.call('jobs.list', {}).then((result) => {
      if (result.ok) {
        useJobs.setState({ jobs: [...result.value.jobs].sort((a, b) => b.startedAt - a.startedAt) });
      }
    });
  });
}

/** One job by id, undefined while it is not known. */
export function useJob(id: string | null): Job | undefined {
  return useJobs((state) => (id === null ? undefined : state.jobs.find((job) => job.id === id)));
}
