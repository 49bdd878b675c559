import type { Handler } from '#shared/contract/index.ts';
import type { JobPreview, ScrapeJob } from '#shared/contract/scrape-jobs.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { ApplyPlan } from '../apply-plan.ts';
import type { Collector } from '../collector.ts';
import type { StoredTarget } from '../host-store.ts';
import { sameJson } from '../same-config.ts';
import { targetUrl } from '../target-url.ts';
import { type JobFiles, jobWithFiles } from './discovery.ts';
import type { JobSecrets } from './job-secrets.ts';
import type { JobStore } from './job-store.ts';
import { type Inventory, planJobs, staysAsStored } from './plan-jobs.ts';
import { draftedJob, previewSamples, previewTargets } from './preview.ts';

/** What drafts of jobs work on. */
export type DraftParts = {
  readonly jobOf: (name: string) => ScrapeJob | undefined;
  /** The files of a job as they are now. */
  readonly filesOf: (job: ScrapeJob) => Promise<JobFiles>;
  readonly inventory: () => Inventory;
  readonly secrets: JobSecrets;
  readonly store: JobStore;
  readonly readSamples: Collector['readSamples'];
  readonly apply: ApplyPlan;
  readonly refresh: () => void;
  readonly now: () => number;
};

const NOTHING: JobPreview['targets'] = { kept: 0, dropped: 0, wrong: 0, added: 0, gone: 0, rows: [] };

/** Shows what other rules and limits of a job would do, and takes them over. */
export function draftHandlers(parts: DraftParts): {
  readonly 'hosts.jobs.preview': Handler<'hosts.jobs.preview'>;
  readonly 'hosts.jobs.save': Handler<'hosts.jobs.save'>;
} {
  const unknown = (name: string): Result<never> => err(appError('NOT_FOUND', { what: 'job', id: name }));

  const samplesOf = async (
    job: ScrapeJob,
    target: StoredTarget | undefined,
    signal: AbortSignal,
  ): Promise<JobPreview['samples']> => {
    if (target === undefined) return null;
    const {
      bodySizeLimit,
      sampleLimit,
      labelLimit,
      labelNameLengthLimit,
      labelValueLengthLimit,
      metricRelabel,
    } = job.settings;
    const limits = { bodySizeLimit, sampleLimit, labelLimit, labelNameLengthLimit, labelValueLengthLimit };
    const config = { ...target.config, ...limits, metricRelabel };
    const url = targetUrl(config);
    const read = await parts.readSamples({ kind: 'http', config }, signal);
    if (!read.ok) return { url, total: 0, kept: 0, dropped: 0, rows: [], error: read.error };
    const { total, series, error } = read.value;
    return { url, total, ...previewSamples(job, series), error };
  };

  const save: Handler<'hosts.jobs.save'> = async (draft, call) => {
    const stored = parts.jobOf(draft.name);
    if (stored === undefined) return unknown(draft.name);
    const { job, faults } = draftedJob(stored, draft);
    const [fault] = faults;
    if (fault !== undefined) return err({ ...fault.error, field: fault.field });
    if (job === null) return unknown(draft.name);
    const opened = parts.secrets.open(job);
    if (!opened.ok) return opened;
    const input = jobWithFiles(opened.value, await parts.filesOf(job));
    // A silent folder takes seconds: a job that was removed meanwhile must not come back, and what was saved must not be lost.
    if (!sameJson(parts.jobOf(draft.name), stored)) return save(draft, call);
    const plan = planJobs([input], parts.inventory(), parts.now());
    // What the job lists itself must all be sound, as in an import; what stands in files is told of where they are shown.
    const wrong = plan.listed.find(({ file }) => file === null)?.errors[0];
    if (wrong !== undefined) return err(wrong);
    const applied = parts.apply(plan, () => parts.store.put(job, parts.now()));
    if (!applied.ok) return applied;
    parts.refresh();
    return ok({});
  };

  return {
    'hosts.jobs.preview': async (draft, { signal }) => {
      const stored = parts.jobOf(draft.name);
      if (stored === undefined) return unknown(draft.name);
      const { job, faults } = draftedJob(stored, draft);
      if (job === null) return ok({ faults, targets: NOTHING, samples: null });
      const own = parts
        .inventory()
        .targets.filter(({ origin, goneAt }) => origin?.job === draft.name && goneAt === undefined);
      const input = jobWithFiles(job, await parts.filesOf(job));
      // What a file says of which no sound version was seen stays as it is, whatever the rules.
      const made = own.filter(({ origin }) => !staysAsStored(input, origin?.file ?? ''));
      const targets = previewTargets(job, input.files, new Set(made.map(({ id }) => id)));
      const asked = own.find(({ id }) => id === draft.samplesOf);
      return ok({ faults, targets, samples: await samplesOf(job, asked, signal) });
    },
    'hosts.jobs.save': save,
  };
}
