import { basename, dirname, resolve } from 'node:path';
import type { RebuildReport, RebuiltArchive } from '#shared/contract/backup-media.ts';
import type { Job } from '#shared/contract/jobs.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { JobControl, JobOutcome } from '../../platform/jobs.ts';
import { standings } from '../chain.ts';
import { type BackupContext, taskInJob } from '../context.ts';
import { lookAtMedia } from '../media/handlers.ts';
import type { InspectDone, InspectTask } from './inspect-task.ts';
import { nextMedia, readCatalogueCopies } from './next-media.ts';
import { RebuildStore } from './rebuild-store.ts';
import { takeInspected } from './take-inspected.ts';

/** How deep media are searched for archives. */
const SEARCH_DEPTH = 12;
const LISTED = 2_000;
const SAVE_EVERY_MS = 2_000;

/**
 * Starts rebuilding the catalogue from folders alone, as a job. What is read is kept at once: after a cut the same folders
 * continue it, and archives that did not change are not read again. One medium after another is several rebuilds.
 */
export function startRebuild(context: BackupContext, dirs: readonly string[]): Result<Job> {
  return ok(
    context.jobs.start({
      kind: 'rebuild',
      title: { zh: '重建备份目录', en: 'Rebuild the backup catalogue' },
      link: '/backups',
      canPause: true,
      work: (control) =>
        work(
          context,
          dirs.map((dir) => resolve(dir)),
          control,
        ),
    }),
  );
}

/** Collects what is told of each archive, and writes it down now and then. */
class Reporter {
  readonly #store: RebuildStore;
  readonly #monotonic: () => number;
  #report: RebuildReport;
  #savedAt: number;

  constructor(context: BackupContext, dirs: readonly string[]) {
    this.#store = new RebuildStore(context.db);
    this.#monotonic = () => context.clock.monotonic();
    this.#savedAt = this.#monotonic();
    this.#report = {
      startedAt: context.clock.now(),
      finishedAt: null,
      dirs: [...dirs],
      archives: [],
      counts: { catalogued: 0, copy: 0, known: 0, unreadable: 0 },
      media: [],
      next: [],
    };
    this.#store.setReport(this.#report);
  }

  get counts(): RebuildReport['counts'] {
    return this.#report.counts;
  }

  /** Encrypted archives that no key at hand opened. */
  get locked(): readonly string[] {
    return this.#report.archives
      .filter(({ error }) => error?.code === 'BACKUP_LOCKED' || error?.code === 'BACKUP_KEY_WRONG')
      .map(({ path }) => path);
  }

  add(told: RebuiltArchive): void {
    this.#report.counts[told.outcome] += 1;
    this.#report.archives.push(told);
    // The last ones are kept; what could not be read is never crowded out by what could.
    if (this.#report.archives.length > LISTED) {
      const sound = this.#report.archives.findIndex(({ outcome }) => outcome !== 'unreadable');
      this.#report.archives.splice(Math.max(0, sound), 1);
    }
    if (this.#monotonic() - this.#savedAt < SAVE_EVERY_MS) return;
    this.#savedAt = this.#monotonic();
    this.#store.setReport(this.#report);
  }

  finish(more: Pick<RebuildReport, 'finishedAt' | 'media' | 'next'>): void {
    this.#report = { ...this.#report, ...more };
    this.#store.setReport(this.#report);
  }
}

/** Makes the media under the folders known: a folder may be the top of a medium, or lie on one. */
async function meetMedia(context: BackupContext, dirs: readonly string[]): Promise<readonly string[]> {
  const { shelf, clock } = context;
  const roots = new Set<string>();
  for (const dir of dirs) {
    for (let at = dir; ; at = dirname(at)) {
      const identity = await shelf.watch.read(at);
      if (identity !== null && identity !== 'unsigned') {
        if (shelf.media.find(identity.id) === null)
          shelf.media.add(identity, '', {
            at: clock.now(),
            what: 'found',
            who: '',
            place: at,
            note: identity.by,
          });
        shelf.media.seen(identity.id, clock.now(), at, null);
        roots.add(at);
        break;
      }
      if (dirname(at) === at) break;
    }
  }
  await lookAtMedia(context);
  return [...roots];
}

async function work(
  context: BackupContext,
  dirs: readonly string[],
  control: JobControl,
): Promise<JobOutcome> {
  const { shelf, logger, clock, catalogue } = context;
  const reporter = new Reporter(context, dirs);
  const roots = await meetMedia(context, dirs);
  const heard = await readCatalogueCopies(context, roots);
  const plans = new Set<string>();
  const task: InspectTask = {
    paths: [...dirs],
    depth: SEARCH_DEPTH,
    indexDir: context.indexDir,
    identities: [...context.keyRing.keys().identities],
    known: new RebuildStore(context.db).seen(),
  };
  const outcome = await taskInJob<Result<InspectDone>>(
    context,
    control,
    'backup.inspect',
    task,
    (message) => {
      const taken = takeInspected(context, message);
      if (taken === null) return;
      reporter.add(taken.told);
      if (taken.plan !== null) plans.add(taken.plan);
    },
  );
  if (context.closing.aborted) return outcome.ok ? ok({ kind: 'points', id: '0' }) : outcome;
  await shelf.copies.refresh(context.media);
  for (const plan of plans) context.broadcast('backup.changed', { plan });
  context.broadcast('backup.media.changed', { mediumId: null });
  if (!outcome.ok) return outcome;
  const media = shelf.media.all().flatMap(({ id, label }) => {
    const root = shelf.watch.rootOf(id);
    return root !== null && roots.includes(root) ? [label] : [];
  });
  reporter.finish({ finishedAt: clock.now(), media, next: nextMedia(context, heard) });
  const known = shelf.copies.atHand();
  for (const [index, { brokenBy }] of standings(known).entries()) {
    const point = known[index];
    if (brokenBy !== null && point !== undefined && plans.has(point.plan))
      logger.log('warn', 'a chain is not whole', { plan: point.plan, point: point.id, link: brokenBy });
  }
  const { catalogued, copy, known: unchanged, unreadable } = reporter.counts;
  logger.log('info', 'catalogue rebuilt', { dirs, catalogued, copy, unchanged, unreadable });
  const [locked] = reporter.locked;
  if (locked !== undefined)
    return err(appError('BACKUP_REBUILD_LOCKED', { count: reporter.locked.length, file: basename(locked) }));
  if (catalogued + copy + unchanged === 0)
    return err(appError('BACKUP_NOTHING_FOUND', { dirs: dirs.join(', ') }));
  return ok({ kind: 'points', id: String(catalogue.points().length) });
}
