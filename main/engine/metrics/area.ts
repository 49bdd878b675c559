import { existsSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { MetricsSettings } from '#shared/contract/metrics-settings.ts';
import type { MetricsUsage, SeriesLimits } from '#shared/contract/metrics-usage.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { NoteDeletion } from '../platform/deletions.ts';
import type { Logger } from '../platform/logger.ts';
import type { SiteSection } from '../platform/site-section.ts';
import type { Timers } from '../platform/timers.ts';
import { ioError } from '../storage/io-error.ts';
import { adopt, IMPORT_FOLDER, resumeAdoption } from './backfill/adopt.ts';
import type { ImportBuilt } from './backfill/import-task.ts';
import { type CommitLog, commitLog } from './commit-log.ts';
import type { ForecastInput } from './forecast.ts';
import { Head } from './head.ts';
import { PartitionFiles } from './partition-files.ts';
import { classifier, retentionLimits, rollupRetention } from './retention.ts';
import { RollupFiles } from './rollup/files.ts';
import { RollupReader } from './rollup/reader.ts';
import { type RollupStats, RollupUpkeep } from './rollup/rollups.ts';
import type { BuildRollup } from './rollup/tasks.ts';
import { type Breathe, finishSeals, nameSealed, rewind } from './seal.ts';
import { readSeriesLimits, SeriesGuard, writeSeriesLimits } from './series-limits.ts';
import { type ComputedSamples, SeriesWriter } from './series-writer.ts';
import { readMetricsSettings, type SettingStore, writeMetricsSettings } from './settings.ts';
import { metricsSections } from './site-sections.ts';
import { SeriesStore } from './store.ts';
import { type AnsweredScrape, type ScrapeReport, TargetScrapes, type TargetSpec } from './target-ingest.ts';
import { createUpkeep, logFailure } from './upkeep.ts';
import { countUsage } from './usage.ts';

/** Length of a partition; docs/metrics-format.md says why two hours. */
export const WINDOW_MS = 2 * 3_600_000;
/** A day of windows becomes one file. */
const WINDOWS_MERGED = 12;
/**
 * A scrape so far behind the newest sample means that the clock was set back: time stamps of the targets' own are taken
 * up to 10 minutes ahead of the clock, so only what is beyond that tells.
 */
const CLOCK_BACK_MS = 15 * 60_000;
/** How often closed chunks are written out and due windows sealed. */
const MAINTENANCE_MS = 30_000;

export type MetricsDeps = {
  /** The folder `metrics` of the data folder; it exists. */
  readonly folder: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  /** Where the settings are kept; without it the defaults hold. */
  readonly settings?: SettingStore;
  /** Instead of the settings' days, for tests. */
  readonly retentionMs?: number;
  /** Instead of the kept limits, for tests. */
  readonly seriesLimits?: SeriesLimits;
  /** Length of a partition, for tests. */
  readonly windowMs?: number;
  /** How much sealed time becomes one file, for tests. */
  readonly mergeMs?: number;
  /** How roll-ups are built; without it none are. */
  readonly buildRollup?: BuildRollup;
  /** Notes in the audit trail what retention removes; nothing does when left out, as in tests. */
  readonly noteDeletion?: NoteDeletion;
};

/** The scrapes of one target, in order of time. */
export type TargetSink = {
  readonly succeed: (scrape: AnsweredScrape) => Result<ScrapeReport>;
  readonly fail: (scrape: {
    readonly time: number;
    readonly durationSeconds: number;
  }) => Result<ScrapeReport>;
  readonly end: (time: number) => void;
};

/** What the store holds. */
export type MetricsStats = {
  readonly series: number;
  readonly headSamples: number;
  readonly sealedSamples: number;
  readonly bytes: number;
  readonly partitions: readonly {
    readonly file: string;
    readonly start: number;
    readonly end: number;
    readonly series: number;
    readonly samples: number;
    readonly bytes: number;
  }[];
  readonly retentionMs: number;
  /** One for each resolution, the finer first; their bytes are in `bytes` too. */
  readonly rollups: readonly RollupStats[];
};

/** The series store of the site. */
export type MetricsArea = {
  readonly folder: string;
  /** Where scrapes go. */
  readonly sink: {
    readonly openTarget: (spec: TargetSpec) => TargetSink;
    /** Where series go that the console computes itself. */
    readonly compute: (samples: ComputedSamples) => Result<{ readonly added: number }>;
  };
  /** What queries read from. */
  readonly store: SeriesStore;
  /** What queries of long ranges read from. */
  readonly rollups: RollupReader;
  /** Every commit in order, for passing samples on. */
  readonly commits: CommitLog;
  readonly stats: () => MetricsStats;
  /** What was set aside at the start or since, for the operator. */
  readonly problems: () => readonly AppError[];
  /** Writes closed chunks out, seals what is due, applies the retention. Runs by itself; tests call it. */
  readonly maintain: () => Promise<void>;
  readonly settings: () => MetricsSettings;
  /** What a forecast of the space is made from. */
  readonly space: () => Pick<ForecastInput, 'partitions' | 'rollups' | 'headBytes'>;
  /** Who uses the space; null when the store was closed meanwhile. */
  readonly usage: (limit: number) => Promise<MetricsUsage | null>;
  /** Keeps limits that were checked, and applies them at once. */
  readonly changeLimits: (limits: SeriesLimits) => void;
  /** Its part of the site document; empty without settings. */
  readonly sections: readonly SiteSection[];
  /** Keeps settings that were checked, and applies them at once. */
  readonly changeSettings: (settings: MetricsSettings) => void;
  /** Takes up the partitions of a finished import, all or none. */
  readonly adopt: (built: ImportBuilt) => Promise<Result<void>>;
  /** Time of the oldest sample there may be, UTC milliseconds; Infinity when there is none. */
  readonly oldestTime: () => number;
  readonly close: () => void;
};

/**
 * Opens the series store: replays the head, checks the partitions, and begins its own upkeep.
 *
 * A damaged file is set aside and reported in `problems`; the rest works.
 *
 * @returns SCHEMA_FROM_FUTURE, DISK_FULL, READ_ONLY, FILE_UNREADABLE when the head file cannot be used
 */
export function createMetricsArea(deps: MetricsDeps): Result<MetricsArea> {
  const { folder, clock, timers, logger, windowMs = WINDOW_MS } = deps;
  const problems: AppError[] = [];
  const path = join(folder, 'head.db');
  const options = { path, windowMs, logger };
  let opened = Head.open(options);
  if (!opened.ok && opened.error.code === 'DATABASE_DAMAGED') {
    const why = opened.error.message.en;
    problems.push(appError('METRICS_HEAD_DAMAGED', { file: path, why }));
    logger.log('error', why, { code: 'METRICS_HEAD_DAMAGED' });
    setHeadAside(path, clock.now());
    opened = Head.open(options);
  }
  if (!opened.ok) return err(opened.error);
  const head = opened.value;
  resumeAdoption(folder);
  const limits = deps.seriesLimits ?? readSeriesLimits(deps.settings);
  const guard = new SeriesGuard(head, limits, clock.now());
  const named = nameSealed(head, folder);
  if (!named.ok) {
    head.close();
    return named;
  }
  let settings = readMetricsSettings(deps.settings);
  const files = new PartitionFiles(folder, logger);
  const rollups = new RollupFiles(join(folder, 'rollup'), logger);
  const rollupUpkeep = new RollupUpkeep({
    rollups,
    partitions: files,
    open: () => ({
      from: Number.isFinite(head.sealedUntil) ? head.sealedUntil : head.oldestTime(),
      to: head.maxTime,
    }),
    retention: () => rollupRetention(settings),
    build: deps.buildRollup ?? null,
    logger,
  });
  let closed = false;
  const breathe: Breathe = () => new Promise((resolve) => void timers.after(0, () => resolve(!closed)));

  let classOf = classifier(settings);
  const bytes = (): number =>
    files.all.reduce((total, partition) => total + partition.bytes, 0) + head.bytes() + rollups.bytes;
  const upkeep = createUpkeep({
    head,
    files,
    logger,
    windowMs,
    mergeMs: deps.mergeMs ?? WINDOWS_MERGED * windowMs,
    breathe,
    classOf: (labels) => classOf(labels),
    removable: () => rollupUpkeep.removable(),
    removed: (partitions) =>
      deps.noteDeletion?.('metrics.retention', partitions.map(({ name }) => name).join(', '), {
        count: String(partitions.length),
        bytes: String(partitions.reduce((sum, partition) => sum + partition.bytes, 0)),
      }),
    makeRoom: () => rollupUpkeep.makeRoom(bytes() - (settings.maxBytes ?? Number.POSITIVE_INFINITY)),
    limits: () => {
      const limits = retentionLimits(settings, head.bytes() + rollups.bytes);
      const { retentionMs } = deps;
      return retentionMs === undefined ? limits : { ...limits, keepMs: () => retentionMs };
    },
  });
  /** Empties the head when the clock was set back; else a wrong clock for a minute would cost a day of samples. */
  const followClock = (time: number): Result<void> => {
    if (time >= head.maxTime - CLOCK_BACK_MS) return ok(undefined);
    logger.log('warn', 'the clock was set back; what was stored under later times is sealed', {
      newest: head.maxTime,
      now: time,
    });
    return rewind(head, files, (labels) => classOf(labels));
  };
  /** What the upkeep is at, if at anything; it never does two things at once. */
  let working: Promise<void> | null = null;
  const workOn = async (work: () => Promise<void>): Promise<void> => {
    while (working !== null) await working;
    if (closed) return;
    working = work().finally(() => {
      working = null;
    });
    await working;
  };
  /** Rolls up what is due, a file at a time, so that nothing else of the upkeep waits for long. */
  const rollUp = async (): Promise<void> => {
    for (let more = true; more; ) {
      more = false;
      await workOn(async () => {
        more = await rollupUpkeep.step();
      });
    }
  };
  const maintain = async (): Promise<void> => {
    guard.ages.mark(clock.now());
    await workOn(upkeep);
    await rollUp();
  };
  void workOn(async () => logFailure(logger, await finishSeals(head, files, breathe)));
  const stopTimer = timers.every(MAINTENANCE_MS, () => {
    if (working === null) void maintain();
  });

  const store = new SeriesStore(head, files);
  const computed = new SeriesWriter(head, clock, guard);

  return ok({
    folder,
    sink: {
      compute: (samples) => {
        const ready = followClock(samples.time);
        return ready.ok ? computed.write(samples) : ready;
      },
      openTarget: (spec) => {
        const target = new TargetScrapes(head, spec, clock, guard);
        return {
          succeed: (scrape) => {
            const ready = followClock(scrape.time);
            return ready.ok ? target.succeed(scrape) : ready;
          },
          fail: (scrape) => {
            const ready = followClock(scrape.time);
            return ready.ok ? target.fail(scrape) : ready;
          },
          end: (time) => logFailure(logger, target.end(time)),
        };
      },
    },
    store,
    rollups: new RollupReader(rollups, files, store),
    commits: commitLog(head),
    problems: () => [...problems, ...files.problems, ...rollups.problems, ...guard.problems(clock.now())],
    stats: () => {
      const partitions = files.all.map((partition) => ({
        file: partition.path,
        start: partition.start,
        end: partition.end,
        series: partition.seriesCount,
        samples: partition.samples,
        bytes: partition.bytes,
      }));
      const sum = (of: 'samples' | 'bytes'): number => partitions.reduce((total, one) => total + one[of], 0);
      return {
        series: head.series.size,
        headSamples: head.samples,
        sealedSamples: sum('samples'),
        bytes: bytes(),
        partitions,
        retentionMs: deps.retentionMs ?? settings.days * 86_400_000,
        rollups: rollupUpkeep.stats(),
      };
    },
    maintain,
    usage: async (limit) => {
      const now = clock.now();
      const lists = await countUsage(head, guard, now, limit, breathe);
      if (lists === null) return null;
      const samples = head.samples + files.all.reduce((total, partition) => total + partition.samples, 0);
      const refused = guard.isFull(now) ? { series: guard.refused, at: guard.refusedAt } : null;
      return {
        at: now,
        series: head.series.size,
        samples,
        bytes: bytes(),
        limits: guard.limits,
        refused,
        ...lists,
      };
    },
    changeLimits: (next) => {
      writeSeriesLimits(deps.settings, next);
      guard.limits = next;
    },
    settings: () => settings,
    sections: metricsSections(deps.settings, {
      settings: (next) => {
        settings = next;
        classOf = classifier(next);
        void maintain();
      },
      limits: (next) => {
        guard.limits = next;
      },
    }),
    space: () => ({ partitions: files.all, rollups: rollupUpkeep.stats(), headBytes: head.bytes() }),
    changeSettings: (next) => {
      writeMetricsSettings(deps.settings, next);
      settings = next;
      classOf = classifier(next);
      void maintain();
    },
    adopt: async ({ days, metadata }) => {
      let outcome: Result<void> = err(appError('CANCELLED'));
      await workOn(async () => {
        outcome = takeUp(folder, files, head, days, metadata);
      });
      return outcome;
    },
    oldestTime: () => Math.min(head.oldestTime(), ...files.all.map(({ start }) => start)),
    close: () => {
      if (closed) return;
      closed = true;
      stopTimer();
      rollupUpkeep.close();
      rollups.close();
      files.close();
      head.close();
    },
  });
}

function setHeadAside(path: string, now: number): void {
  for (const suffix of ['', '-wal', '-shm'])
    if (existsSync(path + suffix)) renameSync(path + suffix, `${path}.damaged-${now}${suffix}`);
}

/** Makes the partitions of an import count, and notes what it says about metrics that nobody described yet. */
function takeUp(
  folder: string,
  files: PartitionFiles,
  head: Head,
  days: ImportBuilt['days'],
  metadata: ImportBuilt['metadata'],
): Result<void> {
  const moves = days.map(({ start, end, path }) => ({
    from: basename(path),
    to: basename(files.paths({ start, end }).path),
  }));
  try {
    adopt(folder, moves);
  } catch (thrown) {
    return err(ioError(join(folder, IMPORT_FOLDER), thrown));
  }
  for (const { to } of moves) {
    const failed = files.add(join(folder, to));
    if (failed !== null) return err(failed);
  }
  return head.describeAll(metadata.filter(({ name }) => !head.metadata.has(name)));
}
