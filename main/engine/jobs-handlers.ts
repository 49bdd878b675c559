import type { AreaHandlers } from '#shared/contract/index.ts';
import { appError, err, ok } from '#shared/errors/index.ts';
import type { JobRegistry } from './platform/jobs.ts';

/** Answers for the long work that is going on. */
export function jobsHandlers(jobs: JobRegistry): AreaHandlers<'jobs'> {
  return {
    'jobs.list': () => ok({ jobs: [...jobs.list()] }),
    'jobs.get': ({ id }) => {
      const job = jobs.get(id);
      return job ? ok(job) : err(appError('NOT_FOUND', { what: 'job', id }));
    },
    'jobs.cancel': ({ id }) => jobs.cancel(id),
    'jobs.pause': ({ id }) => jobs.setPaused(id, true),
    'jobs.resume': ({ id }) => jobs.setPaused(id, false),
  };
}
