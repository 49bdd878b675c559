import { dirname } from 'node:path';
import type { FileDiscovery, ScrapeJob } from '#shared/contract/scrape-jobs.ts';
import { type AppError, appError, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { CancelTimer, Timers } from '../../platform/timers.ts';
import { isOfPattern } from './file-patterns.ts';
import type { JobWithFiles } from './plan-jobs.ts';
import type { TargetsFile } from './read-targets-file.ts';
import type { FolderWatch, TargetFiles } from './target-files.ts';

/** A file of a job as it was read last. */
export type FileState = {
  readonly path: string;
  readonly readAt: number;
  /** When its text had changed last. */
  readonly changedAt: number;
  /** Its last sound version; null when none was seen since the console began. */
  readonly read: TargetsFile | null;
  /** Why its newest version is not used. */
  readonly error: AppError | null;
};

/** What the patterns of a job found. */
export type JobFiles = {
  readonly files: readonly FileState[];
  /** Patterns that find too many files, or could not be looked for. */
  readonly errors: readonly AppError[];
  /** Patterns that could not be looked for now: which files they find is not known, and what came of them before stays. */
  readonly unseen: readonly string[];
  /** Patterns that no file matches. */
  readonly missing: readonly string[];
};

/** Keeps the files of jobs in sight. */
export type Discovery = {
  /** What was read last of a job's files. */
  readonly filesOf: (job: string) => JobFiles;
  /**
   * Reads the files of a job now and remembers what they say, whether it is followed or not.
   *
   * @returns false when nothing is remembered, because meanwhile the job is followed no more, or anew, which reads its files, too
   */
  readonly read: (job: ScrapeJob) => Promise<boolean>;
  /** What reading the files of a job would find now; nothing is remembered. */
  readonly peek: (job: ScrapeJob) => Promise<JobFiles>;
  /** Follows the files of exactly these jobs; each is told of when its files have changed. */
  readonly follow: (jobs: readonly ScrapeJob[]) => void;
  readonly close: () => void;
};

/** What it needs. */
export type DiscoveryDeps = {
  readonly files: TargetFiles;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Files of a job were read; `changed` when one says something else than before. */
  readonly onRead: (job: string, changed: boolean) => void;
};

/** A program that writes a file does so in several steps; reading waits this long for the last of them. */
const SETTLE_MS = 100;
/** A pattern of a whole folder does not bring more. */
const MOST_FILES = 1_000;
const NOTHING: JobFiles = { files: [], errors: [], unseen: [], missing: [] };

type Read = (file: string, text: string) => Result<TargetsFile>;
type Held = FileState & { readonly text: string | null };
type Known = Omit<JobFiles, 'files'> & { readonly files: readonly Held[] };

type Followed = { readonly job: ScrapeJob; cancels: CancelTimer[]; settling: CancelTimer | null };

/** Makes the follower; nothing is read before {@link Discovery.follow}. */
export function createDiscovery(deps: DiscoveryDeps): Discovery {
  const { files, clock, timers } = deps;
  const known = new Map<string, Known>();
  const followed = new Map<string, Followed>();
  const folders = new Map<string, FolderWatch>();
  let closed = false;

  const peek = async (job: ScrapeJob): Promise<Known> => {
    // Loaded with the first job that has files: a YAML parser is no small part of the engine's start.
    const { readTargetsFile } = await import('./read-targets-file.ts');
    const before = known.get(job.settings.job);
    return readFiles(job.discovery, before, { files, now: clock.now(), read: readTargetsFile });
  };

  const reread = async (name: string): Promise<void> => {
    const entry = followed.get(name);
    if (closed || !entry) return;
    // Watched before it is read, so that no change falls in between.
    await watchFolders();
    const after = await peek(entry.job);
    if (closed || followed.get(name) !== entry) return;
    const before = known.get(name);
    known.set(name, after);
    deps.onRead(name, before === undefined || saysOf(before) !== saysOf(after));
  };

  const readSoon = (name: string): void => {
    const entry = followed.get(name);
    if (closed || !entry || entry.settling !== null) return;
    entry.settling = timers.after(SETTLE_MS, () => {
      entry.settling = null;
      void reread(name);
    });
  };

  const foldersOf = (job: ScrapeJob): string[] =>
    job.discovery.flatMap(({ files: patterns }) => patterns.map((pattern) => dirname(pattern)));

  /** Watches the folders of all followed jobs; one that was replaced is watched anew. */
  const watchNow = async (): Promise<void> => {
    const isWanted = (folder: string): boolean =>
      !closed && [...followed.values()].some(({ job }) => foldersOf(job).includes(folder));
    for (const [folder, held] of folders)
      if (!isWanted(folder) || !(await held.isAlive())) {
        held.stop();
        folders.delete(folder);
      }
    for (const folder of new Set([...followed.values()].flatMap(({ job }) => foldersOf(job)))) {
      if (folders.has(folder) || !isWanted(folder)) continue;
      const held = await files.watch(folder, () => {
        for (const [name, { job }] of followed) if (foldersOf(job).includes(folder)) readSoon(name);
      });
      if (held === null) continue;
      // Nobody may want it any more by now.
      if (isWanted(folder)) folders.set(folder, held);
      else held.stop();
    }
  };
  let watching = Promise.resolve();
  const watchFolders = (): Promise<void> => {
    watching = watching.then(watchNow);
    return watching;
  };

  const drop = (name: string, entry: Followed): void => {
    followed.delete(name);
    for (const cancel of entry.cancels) cancel();
    entry.settling?.();
  };

  return {
    filesOf: (job) => known.get(job) ?? NOTHING,
    read: async (job) => {
      const name = job.settings.job;
      const entry = followed.get(name);
      const found = await peek(job);
      if (closed || followed.get(name) !== entry) return false;
      known.set(name, found);
      return true;
    },
    peek,
    follow: (jobs) => {
      if (closed) return;
      const wanted = new Map(
        jobs.filter(({ discovery }) => discovery.length > 0).map((job) => [job.settings.job, job]),
      );
      for (const [name, entry] of followed)
        if (JSON.stringify(wanted.get(name)) !== JSON.stringify(entry.job)) drop(name, entry);
      for (const name of known.keys()) if (!wanted.has(name)) known.delete(name);
      for (const [name, job] of wanted) {
        if (followed.has(name)) continue;
        const every = Math.min(...job.discovery.map(({ refreshMs }) => refreshMs));
        const cancels = [timers.every(every, () => void reread(name))];
        followed.set(name, { job, cancels, settling: null });
        void reread(name);
      }
      void watchFolders();
    },
    close: () => {
      closed = true;
      for (const [name, entry] of [...followed]) drop(name, entry);
      for (const held of folders.values()) held.stop();
      folders.clear();
    },
  };
}

/** A job with its files, for planning its targets. */
export function jobWithFiles(job: ScrapeJob, { files, unseen }: JobFiles = NOTHING): JobWithFiles {
  return { job, files: files.map(({ path, read }) => ({ path, read })), unseen };
}

/** What decides over targets and problems, and not when it was looked at. */
function saysOf({ files, missing, errors }: Known): string {
  return JSON.stringify([files.map(({ path, text, error }) => [path, text, error]), missing, errors]);
}

async function readFiles(
  discovery: readonly FileDiscovery[],
  before: Known | undefined,
  parts: { readonly files: TargetFiles; readonly now: number; readonly read: Read },
): Promise<Known> {
  const { files, now } = parts;
  const held = new Map((before?.files ?? []).map((file) => [file.path, file]));
  const states = new Map<string, Held>();
  const missing: string[] = [];
  const unseen: string[] = [];
  const errors: AppError[] = [];
  for (const pattern of discovery.flatMap((one) => one.files)) {
    const listed = await files.list(pattern);
    if (!listed.ok) {
      unseen.push(pattern);
      errors.push(listed.error);
      for (const [path, file] of held)
        if (isOfPattern(pattern, path) && !states.has(path)) states.set(path, file);
      continue;
    }
    if (listed.value.length === 0) missing.push(pattern);
    for (const path of listed.value) {
      if (states.has(path)) continue;
      if (states.size >= MOST_FILES) {
        errors.push(appError('DISCOVERY_TOO_MANY', { pattern, limit: MOST_FILES }));
        break;
      }
      states.set(path, { ...(await readOne(path, held.get(path), parts)), readAt: now });
    }
  }
  return { files: [...states.values()], missing, unseen, errors };
}

async function readOne(
  path: string,
  before: Held | undefined,
  { files, now, read }: { readonly files: TargetFiles; readonly now: number; readonly read: Read },
): Promise<Held> {
  const sound = before?.read ?? null;
  const at = { path, readAt: now, changedAt: before?.changedAt ?? now };
  const text = await files.read(path);
  if (!text.ok) return { ...at, read: sound, error: text.error, text: null };
  if (before !== undefined && before.text === text.value) return before;
  const parsed = read(path, text.value);
  const changed = { ...at, changedAt: now, text: text.value };
  return parsed.ok
    ? { ...changed, read: parsed.value, error: null }
    : { ...changed, read: sound, error: parsed.error };
}
