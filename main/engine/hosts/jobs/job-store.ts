import { type ScrapeJob, scrapeJobSchema, type UnreadableJob } from '#shared/contract/scrape-jobs.ts';
import { appError } from '#shared/errors/index.ts';
import type { WritableDb } from '../../storage/sqlite.ts';

/** Scrape jobs in console.db; secrets in them are references. */
export type JobStore = {
  /** In the order of their names. Rows that cannot be read are left out, and told in `unreadable`. */
  readonly jobs: () => { readonly jobs: readonly ScrapeJob[]; readonly unreadable: readonly UnreadableJob[] };
  readonly put: (job: ScrapeJob, at: number) => void;
  readonly remove: (name: string) => void;
};

/** Opens the table. */
export function openJobStore(db: WritableDb): JobStore {
  const all = db.prepare<[], { name: string; data: string }>(
    'SELECT name, data FROM scrape_job ORDER BY name',
  );
  const upsert = db.prepare(`
    INSERT INTO scrape_job (name, data, changed_ms) VALUES (?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET data = excluded.data, changed_ms = excluded.changed_ms`);
  const remove = db.prepare('DELETE FROM scrape_job WHERE name = ?');
  return {
    jobs: () => {
      const jobs: ScrapeJob[] = [];
      const unreadable: UnreadableJob[] = [];
      for (const { name, data } of all.all()) {
        const job = scrapeJobSchema.safeParse(JSON.parse(data));
        if (job.success) jobs.push(job.data);
        else {
          const field = job.error.issues[0]?.path.join('.') || 'data';
          unreadable.push({ name, error: appError('SCRAPE_JOB_UNREADABLE', { name, field }) });
        }
      }
      return { jobs, unreadable };
    },
    put: (job, at) => {
      upsert.run(job.settings.job, JSON.stringify(job), at);
    },
    remove: (name) => {
      remove.run(name);
    },
  };
}
