import type { DiscoveryFile } from '#shared/contract/discovery.ts';
import type { AreaHandlers } from '#shared/contract/index.ts';
import type { ScrapeJob, ScrapeJobView, UnreadableJob } from '#shared/contract/scrape-jobs.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Logger } from '../../platform/logger.ts';
import type { ApplyPlan } from '../apply-plan.ts';
import type { Collector } from '../collector.ts';
import type { StoredHost, StoredTarget } from '../host-store.ts';
import type { HostsDeps } from '../index.ts';
import { sameJson } from '../same-config.ts';
import { createDiscovery, type JobFiles, jobWithFiles } from './discovery.ts';
import { draftHandlers } from './drafts.ts';
import { createFolderGate } from './folder-gate.ts';
import type { JobSecrets } from './job-secrets.ts';
import type { JobStore } from './job-store.ts';
import { withKnownSecrets } from './listed-jobs.ts';
import { type JobsPlan, type JobWithFiles, type ListedCount, planJobs, planRemoval } from './plan-jobs.ts';
import { rulesText } from './rules-text.ts';
import { systemTargetFiles, type TargetFiles } from './target-files.ts';

/** Something of a target file that nobody scrapes. */
export type DiscoveryFault = { readonly job: string; readonly file: string; readonly error: AppError };

/** What the area of the jobs is given by that of the hosts. */
export type JobsParts = {
  readonly deps: Pick<HostsDeps, 'clock' | 'timers' | 'broadcast'>;
  readonly files?: TargetFiles;
  readonly readSamples: Collector['readSamples'];
  readonly logger: Logger;
  readonly store: JobStore;
  readonly secrets: JobSecrets;
  /** All hosts, and all targets with the texts of their secrets, those that are gone among them. */
  readonly inventory: () => {
    readonly hosts: readonly StoredHost[];
    readonly targets: readonly StoredTarget[];
  };
  readonly apply: ApplyPlan;
};

/** The jobs for lists that come from outside, and go there. */
export type OutsideJobs = {
  /** As they are kept: with references in place of secrets. */
  readonly list: () => readonly ScrapeJob[];
  /** With what is kept of their secrets, sealed; those that say nothing new are left out. SECRETS_LOCKED */
  readonly seal: (jobs: readonly ScrapeJob[]) => Result<readonly ScrapeJob[]>;
  /** Keeps sealed jobs, within a transaction of the caller. */
  readonly write: (jobs: readonly ScrapeJob[]) => void;
  /** Makes their targets, once the transaction has ended. */
  readonly took: () => Promise<void>;
};

/** Jobs, their target files, and what comes of both. */
export type JobsArea = {
  readonly handlers: Omit<AreaHandlers<'hosts.jobs'>, 'hosts.jobs.targets'>;
  /**
   * Reads the files of some jobs.
   *
   * @returns what the jobs would change in the inventory as it is when that is asked for; changes nothing. A plan holds for no
   *   longer than that: whoever waits for anything asks again
   */
  readonly read: (
    jobs: readonly ScrapeJob[],
  ) => Promise<() => { readonly plan: JobsPlan; readonly files: DiscoveryFile[] }>;
  /** Jobs with their secrets sealed, which alone are written. SECRETS_LOCKED */
  readonly seal: (jobs: readonly ScrapeJob[]) => Result<readonly ScrapeJob[]>;
  /** Keeps sealed jobs, within a transaction of the caller. */
  readonly write: (jobs: readonly ScrapeJob[]) => void;
  /** Follows the files of what is kept now. */
  readonly refresh: () => void;
  /** Forgets targets that jobs list themselves, within a transaction of the caller, so that they do not come back. */
  readonly unlist: (targets: readonly StoredTarget[]) => void;
  readonly faults: () => readonly DiscoveryFault[];
  /** Jobs that are kept and cannot be read. */
  readonly unreadable: () => readonly UnreadableJob[];
  /** Jobs of a list from outside. */
  readonly outside: OutsideJobs;
  /** Follows the files from now on. */
  readonly start: () => void;
  readonly close: () => void;
};

/** Makes the area. */
export function createJobsArea(parts: JobsParts): JobsArea {
  const { deps, store, secrets, logger } = parts;
  const { now } = deps.clock;
  let jobs: readonly ScrapeJob[] = [];
  let unreadable: readonly UnreadableJob[] = [];
  let started = false;
  /** What the last plan said of each job. */
  const listed = new Map<string, readonly ListedCount[]>();
  /** Jobs whose targets could not be brought up to date. */
  const stuck = new Map<string, AppError>();

  const load = (): void => {
    const read = store.jobs();
    for (const { name } of read.unreadable) logger.log('error', 'a scrape job cannot be read', { name });
    ({ jobs, unreadable } = read);
  };
  load();
  const jobOf = (name: string): ScrapeJob | undefined => jobs.find(({ settings }) => settings.job === name);

  const discovery = createDiscovery({
    ...{ clock: deps.clock, timers: deps.timers },
    files: parts.files ?? systemTargetFiles(createFolderGate(deps.timers)),
    onRead: (name, changed) => {
      const job = jobOf(name);
      if (job === undefined) return;
      // Locked secrets, or a full disk, are tried again although the files say what they said.
      if (changed || stuck.has(name)) bringUpToDate(job);
      deps.broadcast('hosts.jobs.changed', {});
    },
  });

  const remember = (plan: JobsPlan, names: readonly string[]): void => {
    for (const name of names)
      listed.set(
        name,
        plan.listed.filter(({ job }) => job === name),
      );
  };

  const bringUpToDate = (job: ScrapeJob): void => {
    const { job: name } = job.settings;
    const opened = secrets.open(job);
    if (!opened.ok) {
      stuck.set(name, opened.error);
      return;
    }
    const input = jobWithFiles(opened.value, discovery.filesOf(name));
    const plan = planJobs([input], parts.inventory(), now());
    remember(plan, [name]);
    const applied = parts.apply(plan, () => undefined);
    if (!applied.ok) {
      stuck.set(name, applied.error);
      return;
    }
    stuck.delete(name);
    if (plan.targets.length + plan.gone.length > 0)
      logger.log('info', 'target files brought changes', {
        ...{ job: name, added: plan.added, changed: plan.changed, gone: plan.gone.length },
      });
  };

  const filesOf = (name: string, found: JobFiles, counts: readonly ListedCount[]): DiscoveryFile[] => [
    ...found.files.map(({ path, readAt, changedAt, error }) => {
      const count = counts.find(({ file }) => file === path);
      return {
        ...{ job: name, file: path, readAt, changedAt },
        targets: count?.targets ?? 0,
        dropped: count?.dropped ?? 0,
        errors: [...(error === null ? [] : [error]), ...(count?.errors ?? [])],
      };
    }),
    ...found.missing.map((pattern) => ({
      ...{ job: name, file: pattern, readAt: null, changedAt: null, targets: 0, dropped: 0 },
      errors: [appError('DISCOVERY_NO_FILE', { pattern })],
    })),
    ...found.errors.map((error) => ({
      ...{ job: name, file: '', readAt: null, changedAt: null, targets: 0, dropped: 0 },
      errors: [error],
    })),
  ];

  const shown = (job: ScrapeJob): DiscoveryFile[] => {
    const name = job.settings.job;
    return filesOf(name, discovery.filesOf(name), listed.get(name) ?? []);
  };

  const view = (): ScrapeJobView[] => {
    const { targets } = parts.inventory();
    return jobs.map((job) => {
      const own = targets.filter(({ origin }) => origin?.job === job.settings.job);
      const gone = own.filter(({ goneAt }) => goneAt !== undefined).length;
      return {
        job,
        relabelText: rulesText(job.relabel),
        metricRelabelText: rulesText(job.settings.metricRelabel),
        targets: own.length - gone,
        gone,
        files: shown(job),
      };
    });
  };

  /** Reads the files of a job and makes its targets. */
  const readNow = async (name: string): Promise<void> => {
    const asked = jobOf(name);
    if (asked === undefined) return;
    if (asked.discovery.length > 0 && !(await discovery.read(asked))) return;
    // A silent folder takes seconds. A job that was removed meanwhile must not come back, and one that was saved has its targets.
    const present = jobOf(name);
    if (present !== undefined && sameJson(present, asked)) bringUpToDate(present);
  };

  const readAll = async (): Promise<void> => {
    for (const { settings } of jobs) await readNow(settings.job);
  };

  const write = (sealed: readonly ScrapeJob[]): void => {
    for (const job of sealed) store.put(job, now());
  };

  const refresh = (): void => {
    load();
    for (const job of jobs) secrets.forget(job.settings.job, job);
    if (started) discovery.follow(jobs);
    deps.broadcast('hosts.jobs.changed', {});
  };

  return {
    handlers: {
      ...draftHandlers({
        ...{ jobOf, secrets, store, now, refresh, apply: parts.apply },
        ...{ filesOf: discovery.peek, inventory: parts.inventory, readSamples: parts.readSamples },
      }),
      'hosts.jobs.list': () => ok({ jobs: view(), unreadable: [...unreadable] }),
      'hosts.jobs.read': async () => {
        await readAll();
        return ok({ jobs: view(), unreadable: [...unreadable] });
      },
      'hosts.jobs.remove': ({ name }) => {
        const isKnown = jobOf(name) !== undefined || unreadable.some((job) => job.name === name);
        if (!isKnown) return err(appError('NOT_FOUND', { what: 'job', id: name }));
        const applied = parts.apply(planRemoval(name, parts.inventory()), () => store.remove(name));
        if (!applied.ok) return applied;
        secrets.forget(name);
        listed.delete(name);
        refresh();
        return ok({});
      },
    },
    read: async (wanted) => {
      const inputs: JobWithFiles[] = [];
      const found: { readonly name: string; readonly files: JobFiles }[] = [];
      for (const job of wanted) {
        const files = job.discovery.length === 0 ? null : await discovery.peek(job);
        if (files) found.push({ name: job.settings.job, files });
        inputs.push(jobWithFiles(job, files ?? undefined));
      }
      return () => {
        const plan = planJobs(inputs, parts.inventory(), now());
        const files = found.flatMap((one) =>
          filesOf(
            one.name,
            one.files,
            plan.listed.filter(({ job }) => job === one.name),
          ),
        );
        return { plan, files };
      };
    },
    seal: secrets.seal,
    write,
    outside: {
      list: () => jobs,
      seal: (wanted) => {
        const known = wanted.map((job) => withKnownSecrets(job, jobOf(job.settings.job)));
        return secrets.seal(known.filter((job) => !sameJson(job, jobOf(job.settings.job))));
      },
      write,
      took: async () => {
        refresh();
        await readAll();
      },
    },
    refresh,
    unlist: (targets) => {
      for (const name of new Set(targets.flatMap(({ origin }) => origin?.job ?? []))) {
        const job = jobOf(name);
        if (job !== undefined) store.put(withoutTargets(job, targets), now());
      }
    },
    faults: () => [
      ...jobs.flatMap((job) =>
        shown(job).flatMap(({ file, errors: [error] }) =>
          error === undefined ? [] : [{ job: job.settings.job, file, error }],
        ),
      ),
      ...[...stuck].map(([job, error]) => ({ job, file: '', error })),
    ],
    unreadable: () => unreadable,
    start: () => {
      started = true;
      discovery.follow(jobs);
    },
    close: discovery.close,
  };
}

/** A job that does not list some targets any more. */
function withoutTargets(job: ScrapeJob, targets: readonly StoredTarget[]): ScrapeJob {
  const ids = new Set(targets.map(({ id }) => id));
  const empty = { hosts: [], targets: [] };
  const listed = job.listed.map((group) => ({
    ...group,
    targets: group.targets.filter((address) => {
      const one = { ...job, listed: [{ ...group, targets: [address] }] };
      return !planJobs([jobWithFiles(one)], empty, 0).targets.some(({ id }) => ids.has(id));
    }),
  }));
  return { ...job, listed: listed.filter(({ targets: left }) => left.length > 0) };
}
