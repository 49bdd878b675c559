import type { UnreadableJob } from '#shared/contract/scrape-jobs.ts';
import type { AppError } from '#shared/errors/index.ts';
import type { Sighting } from './built-in.ts';

/** A file that lists targets and cannot be used as it is, or a job whose files cannot be followed. */
export type DiscoveryFault = { readonly job: string; readonly file: string; readonly error: AppError };

/** One problem for each file, whatever is wrong with it now; it ends when the file is sound. */
export function discoveryProblem({ job, file, error }: DiscoveryFault): Sighting {
  return {
    id: `target_file:${job}:${file}`,
    condition: 'target_file',
    about: { job, file },
    severity: 'warning',
    since: null,
    sentence: {
      zh: `采集任务“${job}”：${error.message.zh}`,
      en: `Job "${job}": ${error.message.en}`,
    },
    next: error.hint,
    link: '/hosts/jobs',
  };
}

/** A scrape job that console.db holds and nobody can read: changes of its target files go unseen. */
export function unreadableJobProblem({ name, error }: UnreadableJob): Sighting {
  return {
    id: `scrape_job_unreadable:${name}`,
    condition: 'scrape_job_unreadable',
    about: { job: name },
    severity: 'warning',
    since: null,
    sentence: error.message,
    next: error.hint,
    link: '/hosts/jobs',
  };
}
