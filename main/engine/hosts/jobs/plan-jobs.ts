import type { ScrapeConfig } from '#shared/contract/hosts.ts';
import type { ListedGroup, ScrapeJob } from '#shared/contract/scrape-jobs.ts';
import { compileRelabel } from '#shared/domain/relabel/relabel.ts';
import { type AppError, appError } from '#shared/errors/index.ts';
import { createHostFinder } from '../host-of-target.ts';
import type { StoredHost, StoredTarget } from '../host-store.ts';
import { targetId } from '../identity.ts';
import { populateTarget } from '../prometheus-config/populate.ts';
import { sameConfig } from '../same-config.ts';
import { isOfPattern } from './file-patterns.ts';
import type { TargetsFile } from './read-targets-file.ts';

/** A file of a job as far as it is known; `read` is null when no sound version was seen: what is stored of it stays. */
export type JobFile = { readonly path: string; readonly read: TargetsFile | null };

/** A job with the files that its patterns find. */
export type JobWithFiles = {
  readonly job: ScrapeJob;
  readonly files: readonly JobFile[];
  /** Patterns that could not be looked for: what is stored of their files stays. */
  readonly unseen: readonly string[];
};

/** Whether what is stored of a file stays, because the file cannot be read, or looked for. */
export function staysAsStored({ files, unseen }: Omit<JobWithFiles, 'job'>, path: string): boolean {
  const found = files.find((file) => file.path === path);
  return found === undefined ? unseen.some((pattern) => isOfPattern(pattern, path)) : found.read === null;
}

/** What came of one file of a job, or of what the job lists itself (`file` null). */
export type ListedCount = {
  readonly job: string;
  readonly file: string | null;
  readonly targets: number;
  readonly dropped: number;
  /** Targets that cannot be scraped as they are listed. */
  readonly errors: readonly AppError[];
};

/** What the jobs make of the inventory. */
export type JobsPlan = {
  readonly hosts: readonly StoredHost[];
  /** New targets, those whose settings or origin changed, and those that came back. */
  readonly targets: readonly StoredTarget[];
  /** Targets that nothing lists any more. */
  readonly gone: readonly StoredTarget[];
  readonly listed: readonly ListedCount[];
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
};

/** The inventory that jobs meet; targets with the texts of their secrets. */
export type Inventory = { readonly hosts: readonly StoredHost[]; readonly targets: readonly StoredTarget[] };

/** Most targets of one console, and most complaints of one file. */
const MOST_TARGETS = 10_000;
const MOST_ERRORS = 20;
/** The label that tells the rules which file a target stands in. */
export const FILE_LABEL = '__meta_filepath';

/**
 * Makes the targets of some jobs anew from what they list and what their files list, as Prometheus does, and says what has to be
 * written. Targets are known again by their labels. Pure.
 *
 * A target that cannot be scraped is left out, with the reason; targets of other jobs, and those added by hand, stay.
 */
export function planJobs(jobs: readonly JobWithFiles[], inventory: Inventory, now: number): JobsPlan {
  const finder = createHostFinder(inventory.hosts);
  const known = new Map(inventory.targets.map((target) => [target.id, target]));
  const planned = new Set(jobs.map(({ job }) => job.settings.job));
  const seen = new Map<string, string>();
  const targets: StoredTarget[] = [];
  const listed: ListedCount[] = [];
  let added = 0;
  let changed = 0;
  let unchanged = 0;

  const take = (
    config: ScrapeConfig,
    origin: { readonly job: string; readonly file: string | null },
  ): void => {
    const id = targetId(config);
    const before = known.get(id);
    const alike =
      before !== undefined &&
      before.goneAt === undefined &&
      before.origin?.job === origin.job &&
      before.origin.file === origin.file;
    const same = before !== undefined && sameConfig(before.config, config);
    if (before === undefined) added += 1;
    else if (same && before.goneAt === undefined) unchanged += 1;
    else changed += 1;
    if (alike && same) return;
    const hostId = before?.hostId ?? finder.hostOf(config.address, origin.file ?? undefined).id;
    targets.push({ id, hostId, config, origin });
  };

  for (const input of jobs) {
    const { job, files } = input;
    const name = job.settings.job;
    const relabel = compileRelabel(job.relabel);
    const list = (
      file: string | null,
      groups: readonly ListedGroup[],
      lineOf: TargetsFile['lineOf'],
    ): void => {
      const errors: AppError[] = [];
      let count = 0;
      let dropped = 0;
      for (const [groupAt, group] of groups.entries())
        for (const [targetAt, address] of group.targets.entries()) {
          const labels = { ...group.labels, ...(file === null ? {} : { [FILE_LABEL]: file }) };
          const made = populateTarget(job.settings, { ...labels, __address__: address.trim() }, relabel);
          if (made.kind === 'dropped') {
            dropped += 1;
            continue;
          }
          const refuse = (why: AppError['message']): void => {
            if (errors.length >= MOST_ERRORS) return;
            const line = file === null ? 1 : lineOf(groupAt, targetAt);
            const params = { file: file ?? name, line, address, zh: why.zh, en: why.en };
            errors.push(appError('DISCOVERY_TARGET_REFUSED', params, { line }));
          };
          if (made.kind === 'wrong') {
            refuse(made.why);
            continue;
          }
          const id = targetId(made.config);
          const text = JSON.stringify(made.config);
          const twin = seen.get(id);
          if (twin === text) continue;
          const other = known.get(id)?.origin?.job;
          const isTaken =
            twin !== undefined || (other !== undefined && !planned.has(other) && isLive(known.get(id)));
          if (isTaken)
            refuse({
              zh: '另一个目标的标签与它相同，样本会混在一起',
              en: 'another target has the same labels; their samples would mix',
            });
          else if (seen.size >= MOST_TARGETS)
            refuse({ zh: `目标超过 ${MOST_TARGETS} 个`, en: `there are more than ${MOST_TARGETS} targets` });
          else {
            seen.set(id, text);
            count += 1;
            take(made.config, { job: name, file });
          }
        }
      listed.push({ job: name, file, targets: count, dropped, errors });
    };
    list(null, job.listed, () => 1);
    const stays = (path: string): void => {
      const kept = inventory.targets.filter(
        (target) => isLive(target) && target.origin?.job === name && target.origin.file === path,
      );
      for (const { id, config } of kept) seen.set(id, JSON.stringify(config));
      listed.push({ job: name, file: path, targets: kept.length, dropped: 0, errors: [] });
    };
    for (const { path, read } of files) {
      if (read !== null) list(path, read.groups, read.lineOf);
      else stays(path);
    }
    const found = new Set(files.map(({ path }) => path));
    const stored = inventory.targets.flatMap(({ origin }) =>
      origin?.job === name && origin.file !== null ? [origin.file] : [],
    );
    for (const path of new Set(stored)) if (!found.has(path) && staysAsStored(input, path)) stays(path);
  }
  const gone = inventory.targets
    .filter(
      (target) =>
        isLive(target) &&
        target.origin !== undefined &&
        planned.has(target.origin.job) &&
        !seen.has(target.id),
    )
    .map((target) => ({ ...target, goneAt: now }));
  return { hosts: finder.made, targets, gone, listed, added, changed, unchanged };
}

function isLive(target: StoredTarget | undefined): boolean {
  return target !== undefined && target.goneAt === undefined;
}

/** What removing a job changes: its targets are gone, whatever of it can be read. Pure. */
export function planRemoval(job: string, { targets }: Inventory): JobsPlan {
  const gone = targets.filter((target) => target.origin?.job === job && isLive(target));
  return { hosts: [], targets: [], gone, listed: [], added: 0, changed: 0, unchanged: 0 };
}
