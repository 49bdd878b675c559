import type { BackupPlan } from '#shared/contract/backup.ts';
import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import type { LogSource } from '#shared/contract/logs.ts';
import type { Overview, Problem, SiteStatus, WatchGap } from '#shared/contract/site.ts';
import { siteSettingsSchema } from '#shared/contract/site.ts';
import { ok } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import { type DiskSpace, diskSpace } from '../platform/disk.ts';
import type { Logger } from '../platform/logger.ts';
import { type SiteSection, siteSection, written } from '../platform/site-section.ts';
import type { Timers } from '../platform/timers.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import { daysUntilFull, type SpaceSample } from './disk-forecast.ts';
import { readSiteSettings, settingStore, writeSiteSettings } from './settings.ts';
import { startWatch, type Watch } from './watch.ts';

/** What the status bar and the overview need from the other areas. */
export type SiteSources = {
  readonly hostCounts: () => SiteStatus['hosts'];
  readonly targetCount: () => number;
  readonly logSources: () => readonly LogSource[];
  readonly logLinesPerSecond: () => number;
  readonly logErrorsPerHour: (now: number) => Promise<readonly Overview['logErrorsPerHour'][number][]>;
  readonly plans: () => readonly BackupPlan[];
  readonly confidence: () => Overview['restoreConfidence'];
  readonly lastVerifiedPoint: () => SiteStatus['lastVerifiedPoint'];
  readonly problems: () => readonly Problem[];
  /** Ids of open problems that another one explains. */
  readonly explained: () => ReadonlySet<string>;
  /** When the site was last looked at for problems, UTC milliseconds; null before this engine's first look. */
  readonly lookedAt: () => number | null;
  readonly jobsRunning: () => number;
};

/** Free space of the data folder's disk, with its trend. */
export type DiskState = SiteStatus['disk'];

/** The site as a whole: settings, when nobody watched, the status bar and the overview. */
export type SiteArea = {
  readonly handlers: AreaHandlers<'site'>;
  /** Its part of the site document. */
  readonly sections: readonly SiteSection[];
  readonly watch: Watch;
  readonly disk: () => DiskState;
  /** Begins to push `site.status`; called when all areas stand. */
  readonly start: (sources: SiteSources) => void;
  readonly close: () => void;
};

/** What the area is made of. `watching` is false for one-shot commands: they do not count as watching. */
export type SiteDeps = {
  readonly db: WritableDb;
  readonly dir: string;
  readonly version: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly broadcast: Broadcast;
  readonly watching: boolean;
  readonly onGap: (gap: WatchGap) => void;
};

const STATUS_EVERY_MS = 2_000;
const DISK_EVERY_MS = 60_000;
const DISK_SAMPLES = 24 * 60;

/** A watch that records nothing, for one-shot commands. */
function idleWatch(db: WritableDb): Watch {
  const select = db.prepare<[number, number], WatchGap>(
    'SELECT from_ms AS "from", to_ms AS "to", reason FROM watch_gap WHERE to_ms >= ? AND from_ms <= ? ORDER BY from_ms',
  );
  return {
    startGap: null,
    since: () => 0,
    gaps: (start, end) => select.all(start, end),
    life: () => ({ crashes: [], clockBack: null }),
    slept: () => undefined,
    close: () => undefined,
  };
}

/** Makes the area. */
export function createSiteArea(deps: SiteDeps): SiteArea {
  const { clock, timers, logger } = deps;
  const settings = settingStore(deps.db);
  const startedAt = clock.now();
  const watch = deps.watching ? startWatch(deps.db, settings, clock, timers, deps.onGap) : idleWatch(deps.db);
  const cancels: (() => void)[] = [];
  let sources: SiteSources | null = null;
  let space: DiskSpace = { freeBytes: 0, totalBytes: 0 };
  let samples: SpaceSample[] = [];

  const measureDisk = async (): Promise<void> => {
    try {
      space = await diskSpace(deps.dir);
      samples = [...samples, { at: clock.now(), freeBytes: space.freeBytes }].slice(-DISK_SAMPLES);
    } catch (thrown) {
      logger.log('warn', 'free space could not be measured', { what: String(thrown) });
    }
  };
  const firstMeasure = measureDisk();
  const disk = (): DiskState => ({ ...space, daysLeft: daysUntilFull(samples) });

  const status = (from: SiteSources): SiteStatus => {
    const explained = from.explained();
    const problems = from.problems().filter(({ id }) => !explained.has(id));
    const cpu = process.cpuUsage();
    return {
      now: clock.now(),
      ...readSiteSettings(settings),
      engine: {
        version: deps.version,
        pid: process.pid,
        startedAt,
        dataDir: deps.dir,
        cpuSeconds: (cpu.user + cpu.system) / 1e6,
        rssBytes: process.memoryUsage.rss(),
      },
      hosts: from.hostCounts(),
      problems: {
        critical: problems.filter((problem) => problem.severity === 'critical').length,
        warning: problems.filter((problem) => problem.severity === 'warning').length,
      },
      checkedAt: from.lookedAt(),
      logLinesPerSecond: from.logLinesPerSecond(),
      lastVerifiedPoint: from.lastVerifiedPoint(),
      disk: disk(),
      jobsRunning: from.jobsRunning(),
    };
  };

  const started = (): SiteSources => {
    if (sources === null) throw new Error('site area asked before start');
    return sources;
  };

  const handlers: SiteArea['handlers'] = {
    'site.status': async () => {
      await firstMeasure;
      return ok(status(started()));
    },
    'site.overview': async () => {
      const from = started();
      const now = clock.now();
      return ok({
        checkedAt: from.lookedAt(),
        checked: {
          hosts: from.hostCounts().total,
          targets: from.targetCount(),
          logSources: from.logSources().length,
          plans: from.plans().length,
        },
        problems: [...from.problems()],
        explained: [...from.explained()],
        restoreConfidence: from.confidence(),
        logErrorsPerHour: [...(await from.logErrorsPerHour(now))],
      });
    },
    'site.watchGaps': ({ start, end }) => ok({ gaps: [...watch.gaps(start, end)] }),
    'site.settings.get': () => ok(readSiteSettings(settings)),
    'site.settings.set': (next) => {
      writeSiteSettings(settings, next);
      if (sources !== null) deps.broadcast('site.status', status(sources));
      return ok({});
    },
    'site.slept': ({ from, to }) => {
      watch.slept(from, to);
      return ok({});
    },
  };

  return {
    handlers,
    sections: [
      siteSection({
        name: 'site',
        most: 1,
        schema: siteSettingsSchema,
        key: () => 'site',
        label: ({ siteName }) => siteName,
        read: () => [readSiteSettings(settings)],
        put: (next) => {
          writeSiteSettings(settings, next);
          return written;
        },
        took: () => {
          if (sources !== null) deps.broadcast('site.status', status(sources));
        },
      }),
    ],
    watch,
    disk,
    start: (from) => {
      sources = from;
      cancels.push(timers.every(DISK_EVERY_MS, () => void measureDisk()));
      cancels.push(timers.every(STATUS_EVERY_MS, () => deps.broadcast('site.status', status(from))));
    },
    close: () => {
      for (const cancel of cancels) cancel();
      watch.close();
    },
  };
}
