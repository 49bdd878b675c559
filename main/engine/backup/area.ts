import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { BackupPlan } from '#shared/contract/backup.ts';
import type { Medium, PointCopy, Restorable } from '#shared/contract/backup-media.ts';
import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { NoteDeletion } from '../platform/deletions.ts';
import type { JobRegistry } from '../platform/jobs.ts';
import type { Logger } from '../platform/logger.ts';
import type { SiteSection } from '../platform/site-section.ts';
import type { Timers } from '../platform/timers.ts';
import type { TaskStarter } from '../platform/worker-tasks.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import { openArchive } from './archive-reader.ts';
import { browse, find } from './browse.ts';
import { Catalogue, type StoredPoint } from './catalogue.ts';
import { type BackupContext, jobAnswer } from './context.ts';
import type { Copies } from './copy/copies.ts';
import { chainAtHand, findPoint, listPoints, locate } from './copy/point-access.ts';
import { copyAsPlanned } from './copy/start-copy.ts';
import type { ArchiveKeys } from './crypto/age-head.ts';
import { createKeyHandlers } from './crypto/handlers.ts';
import type { KeyFile, KeyFilesTask } from './crypto/key-on-media.ts';
import { KeyRing } from './crypto/key-ring.ts';
import { KeyStore } from './crypto/key-store.ts';
import { Keys } from './crypto/keys.ts';
import { createMediaHandlers, lookAtMedia } from './media/handlers.ts';
import { refreshPlanKits } from './media/kit.ts';
import { Media } from './media/media.ts';
import type { MountPlaces } from './media/mounts.ts';
import { createShelf, operatorName } from './media/shelf.ts';
import { mediaOf } from './media/shelf-view.ts';
import { createPlanHandlers, plansOf } from './plans/handlers.ts';
import { type Confidence, judgePlan, newestVerified } from './plans/plans.ts';
import type { ArchiveReader } from './reader-types.ts';
import { createRebuildHandlers } from './rebuild/handlers.ts';
import { reconcile, refreshStates } from './reconcile.ts';
import type { WithRemoteFiles } from './remote/files.ts';
import { noRemoteFiles } from './remote/take.ts';
import { createRetentionHandlers } from './retention/handlers.ts';
import type { BackupHealth } from './retention/health.ts';
import { createRetention } from './retention/retention.ts';
import { runDue } from './schedule/run-due.ts';
import { backupSections } from './site-sections.ts';
import { catchUpRuns } from './sources/around.ts';
import { createSourcesHandlers } from './sources/handlers.ts';
import { type Rehearsed, rehearseDatabases } from './sources/scratch.ts';
import { noHosts, type RunOnHost } from './sources/service-command.ts';
import { StepStore } from './sources/step-store.ts';
import { startVerify } from './start-verify.ts';
import { createSyntheticHandlers } from './synthetic/start-synthesis.ts';

/** What the area needs from its surroundings. */
export type BackupDeps = {
  readonly consoleDb: WritableDb;
  /** Default folder of archives; the window offers it for new plans. */
  readonly folder: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly tasks: TaskStarter;
  readonly jobs: JobRegistry;
  readonly broadcast: Broadcast;
  /** Where the indexes of points go; `catalogue` beside console.db when left out. */
  readonly indexDir?: string;
  /** Version of the program, for manifests. */
  readonly version?: string;
  /** Points that restores under way, or to be resumed, read from: retention leaves them. */
  /** Files of hosts; without it, plans that have hosts say that they cannot be read. */
  readonly withRemoteFiles?: WithRemoteFiles;
  readonly runOnHost?: RunOnHost;
  readonly pointsInUse?: () => ReadonlySet<string>;
  /** Where removable media are mounted; the platform's usual places when left out. */
  readonly mediaPlaces?: MountPlaces;
  /** False in a one-shot command: schedules are not kept then. */
  readonly keepSchedules?: boolean;
  /** Notes in the audit trail what retention removes; nothing does when left out, as in tests. */
  readonly noteDeletion?: NoteDeletion;
};

/** The area `backup`: plans, runs, restore points. */
export type BackupArea = {
  readonly handlers: AreaHandlers<'backup'>;
  /** Resolves when what an earlier crash left is settled and the catalogue agrees with the media at hand. */
  readonly ready: Promise<void>;
  readonly plans: () => readonly BackupPlan[];
  readonly points: () => readonly StoredPoint[];
  /** For the overview: how well each plan could get the site back. */
  readonly confidence: () => readonly Confidence[];
  /** For the alerts: stale points, mass changes, what hinders retention and verification, space at the targets. */
  readonly health: () => readonly BackupHealth[];
  /** Every medium as it stands now. */
  readonly media: () => readonly Medium[];
  /** Copies that are damaged or gone while their place is at hand. */
  readonly badCopies: () => readonly {
    readonly pointId: string;
    readonly plan: string;
    readonly place: string;
    readonly state: 'broken' | 'missing';
  }[];
  readonly lastVerifiedPoint: () => {
    readonly plan: string;
    readonly pointId: string;
    readonly at: number;
  } | null;
  /** A point as the catalogue knows it. */
  readonly findPoint: (pointId: string) => Result<StoredPoint>;
  /** The points whose archives a restore of this one reads, the full first; BACKUP_CHAIN_BROKEN when one is not at hand. */
  readonly chain: (pointId: string) => Result<readonly StoredPoint[]>;
  /** Every copy of a point that the catalogue knows, the one that its run wrote first; empty for an unknown point. */
  readonly copiesOf: (pointId: string) => readonly PointCopy[];
  /**
   * The archive to read of a point: the best copy at hand, an intact one before a damaged one. BACKUP_MEDIUM_ABSENT names the
   * medium to insert when only absent media hold it, BACKUP_ARCHIVE_ABSENT says that no copy is known to be anywhere.
   */
  readonly locate: (pointId: string) => Result<{ readonly path: string; readonly isIntact: boolean }>;
  /** Whether a point can be restored now, with all it builds on, and which media to insert otherwise. */
  readonly restorable: (pointId: string) => Restorable;
  /** Looks which media are at hand now, instead of at the next turn. */
  readonly lookAtMedia: () => Promise<void>;
  /** The recovery time objective of a plan, milliseconds; null when it has none. */
  readonly rtoMs: (plan: string) => number | null;
  /** Opens a point; refuses an archive whose manifest is not the catalogued one. */
  readonly openPoint: (pointId: string) => Promise<Result<ArchiveReader>>;
  /** Loads the dumps of a restored point, in the folder it was restored into, into scratch servers. */
  readonly rehearseDatabases: (dir: string, signal: AbortSignal) => Promise<readonly Rehearsed[]>;
  /** What opens encrypted archives now: identities that somebody has unlocked. For threads; never written down. */
  readonly unlockedKeys: () => ArchiveKeys;
  /** Its part of the site document. */
  readonly sections: readonly SiteSection[];
  /** Resolves when nothing of the area uses console.db any more. End its jobs first. */
  readonly close: () => Promise<void>;
};

const LOOK_AT_SCHEDULES_EVERY_MS = 20_000;
const LOOK_AT_MEDIA_EVERY_MS = 10_000;

/**
 * Builds the area. Settling what a crash left begins at once and runs beside; handlers wait for it.
 */
export function createBackupArea(deps: BackupDeps): Result<BackupArea> {
  const { clock, timers, logger } = deps;
  const indexDir = deps.indexDir ?? join(dirname(deps.consoleDb.name), 'catalogue');
  try {
    mkdirSync(indexDir, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    return err(appError('DATA_FOLDER_UNUSABLE', { dir: indexDir, why: describeThrown(thrown) }));
  }
  const catalogue = new Catalogue(deps.consoleDb);
  const closing = new AbortController();
  const asker = new Media(timers);
  const shelf = createShelf({
    db: deps.consoleDb,
    catalogue,
    asker,
    clock,
    operator: operatorName(),
    places: deps.mediaPlaces,
    serves: deps.keepSchedules !== false,
  });
  const keyRing = new KeyRing(clock, timers, () => deps.broadcast('backup.changed', { plan: '' }));
  const context: BackupContext = {
    db: deps.consoleDb,
    catalogue,
    media: asker,
    shelf,
    keyRing,
    keys: new Keys({
      store: new KeyStore(deps.consoleDb),
      ring: keyRing,
      catalogue,
      points: () => shelf.copies.atHand(),
      clock,
      findKeyFiles: (dirs) =>
        deps.tasks<readonly KeyFile[]>('backup.keyFiles', { dirs: [...dirs] } satisfies KeyFilesTask).result,
    }),
    indexDir,
    clock,
    logger,
    tasks: deps.tasks,
    jobs: deps.jobs,
    broadcast: deps.broadcast,
    host: hostname(),
    tool: `hmtt-console ${deps.version ?? '?'}`,
    active: new Map(),
    afterRun: [],
    pointsInUse: deps.pointsInUse ?? (() => new Set()),
    closing: closing.signal,
    sources: {
      steps: new StepStore(deps.consoleDb),
      spoolDir: join(dirname(deps.consoleDb.name), 'spool'),
      mirrorDir: join(dirname(deps.consoleDb.name), 'mirror'),
      withRemoteFiles: deps.withRemoteFiles ?? noRemoteFiles,
      runOnHost:
        deps.runOnHost ?? noHosts(appError('BACKUP_REMOTE_FAILED', { name: 'ssh', why: 'no hosts here' })),
      clock,
      timers,
      logger: logger.child('sources'),
      tasks: deps.tasks,
      broadcast: deps.broadcast,
      catchingUp: new Map(),
    },
  };
  // Not a part of being ready: a hook may take its time, and nobody who asks for the list should wait for it.
  const caughtUp = catchUpRuns(context);
  const { copies } = context.shelf;
  context.afterRun.push((plan) => {
    copyAsPlanned(context, plan);
    void refreshPlanKits(context, plan);
  });
  const retention = createRetention(context, {
    timers,
    keepSchedules: deps.keepSchedules !== false,
    noteDeletion: deps.noteDeletion ?? (() => undefined),
  });
  const ready = retention.settle().then(() => reconcile(context));
  const cancelSchedules =
    deps.keepSchedules === false
      ? () => undefined
      : timers.every(LOOK_AT_SCHEDULES_EVERY_MS, () => void ready.then(() => runDue(context)));
  let looking: Promise<unknown> = ready;
  const lookNow = (): Promise<unknown> => {
    looking = looking.then(() => (closing.signal.aborted ? undefined : lookAtMedia(context)));
    return looking;
  };
  const cancelLooks =
    deps.keepSchedules === false
      ? () => undefined
      : timers.every(LOOK_AT_MEDIA_EVERY_MS, () => void lookNow());

  const plans = (): readonly BackupPlan[] => plansOf(context);

  return ok({
    handlers: createHandlers(context, ready),
    ready,
    plans,
    points: () => copies.atHand(),
    health: retention.health,
    media: () => mediaOf(context),
    badCopies: () => copies.bad(),
    confidence: () =>
      catalogue.plans().map((plan) => ({
        ...judgePlan(
          plan,
          copies.atHand().filter((point) => point.plan === plan.spec.name),
          clock.now(),
        ),
        ...context.keys.testOf(plan),
      })),
    lastVerifiedPoint: () => {
      const point = newestVerified(copies.atHand());
      return point === null ? null : { plan: point.plan, pointId: point.id, at: point.startedAt };
    },
    chain: (pointId) => chainAtHand(copies, pointId),
    findPoint: (pointId) => findPoint(copies, pointId),
    copiesOf: (pointId) => copies.of(pointId),
    locate: (pointId) => locate(copies, pointId),
    restorable: (pointId) => copies.restorable(pointId),
    lookAtMedia: async () => {
      await lookNow();
    },
    rtoMs: (plan) => catalogue.plan(plan)?.spec.rtoMs ?? null,
    openPoint: (pointId) => openPoint(copies, keyRing.keys(), pointId),
    rehearseDatabases: (dir, signal) => rehearseDatabases(dir, signal, context.sources),
    unlockedKeys: () => keyRing.keys(),
    sections: backupSections(context),
    close: async () => {
      keyRing.lock();
      cancelSchedules();
      retention.close();
      cancelLooks();
      closing.abort();
      await caughtUp;
      await looking;
      await Promise.all(shelf.kits.values());
    },
  });
}

async function openPoint(copies: Copies, keys: ArchiveKeys, pointId: string): Promise<Result<ArchiveReader>> {
  const point = findPoint(copies, pointId);
  if (!point.ok) return point;
  const opened = await openArchive(point.value.archivePath, keys);
  if (!opened.ok) return opened;
  if (opened.value.manifestSha256 === point.value.manifestSha256) return opened;
  await opened.value.close();
  return err(appError('BACKUP_MANIFEST_DIFFERS', { file: point.value.archivePath }));
}

function createHandlers(context: BackupContext, ready: Promise<void>): AreaHandlers<'backup'> {
  const { catalogue, broadcast } = context;
  const after = async <T>(answer: () => Result<T> | Promise<Result<T>>): Promise<Result<T>> => {
    await ready;
    return answer();
  };
  return {
    ...createMediaHandlers(context, ready),
    ...createRetentionHandlers(context, ready),
    ...createRebuildHandlers(context, ready),
    ...createSourcesHandlers(context, ready),
    ...createPlanHandlers(context, ready),
    ...createKeyHandlers(context),
    ...createSyntheticHandlers(context, ready),
    'backup.points.list': ({ plan }) =>
      after(async () => {
        const changed = await refreshStates(context);
        for (const name of changed) broadcast('backup.changed', { plan: name });
        return ok({
          points: listPoints(context.shelf.copies).filter(
            (point) => plan === undefined || point.plan === plan,
          ),
        });
      }),
    'backup.points.get': ({ pointId }) =>
      after(() => {
        const point = listPoints(context.shelf.copies).find(({ id }) => id === pointId);
        return point === undefined ? err(appError('BACKUP_POINT_MISSING', { id: pointId })) : ok(point);
      }),
    'backup.verify': ({ name, pointId }) =>
      after(() => {
        const job = startVerify(context, name, pointId);
        return job.ok ? ok(jobAnswer(job.value)) : job;
      }),
    'backup.verifyReport': ({ pointId }) => {
      const point = findPoint(context.shelf.copies, pointId);
      return point.ok ? ok({ report: catalogue.verifyReport(pointId) }) : point;
    },
    'backup.browse': ({ pointId, prefix, limit, offset }) =>
      after(() => browse(context, pointId, prefix, limit, offset)),
    'backup.find': ({ text, limit }) => after(() => find(context, text, limit)),
  };
}
