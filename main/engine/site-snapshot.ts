import type { ChannelHealth } from '#shared/contract/channels.ts';
import type { QueryData } from '#shared/contract/metrics.ts';
import { describeThrown } from '#shared/errors/index.ts';
import type { SitePart } from './alerts/built-in.ts';
import { emptySnapshot, type SiteSnapshot } from './alerts/conditions.ts';
import type { LoggedError, UnreadPart } from './alerts/console-conditions.ts';
import type { FilesystemSpace } from './alerts/host-conditions.ts';
import { hostsByInstance } from './alerts/host-names.ts';
import type { RulesArea } from './alerts/live/area.ts';
import type { LogRhythms } from './alerts/log-rhythm.ts';
import type { ReportFault } from './alerts/report-conditions.ts';
import { watchMissedRuns } from './alerts/rule-health.ts';
import type { Watchdog } from './alerts/watchdog.ts';
import type { BackupArea } from './backup/area.ts';
import type { ChecksArea } from './collect/checks/area.ts';
import type { HostsArea } from './hosts/index.ts';
import type { HttpArea } from './http/control.ts';
import type { LogsArea } from './logs/area.ts';
import type { RotationArea } from './logs/rotate/area.ts';
import type { MetricsArea } from './metrics/area.ts';
import type { QueryAnswers } from './metrics/handlers.ts';
import type { Clock } from './platform/clock.ts';
import type { WatchedError } from './platform/error-watch.ts';
import type { JobRegistry } from './platform/jobs.ts';
import type { RecoveryArea } from './recovery/area.ts';
import type { RemoteArea } from './remote/area.ts';
import type { SiteArea } from './site/area.ts';

/** The areas that problems are looked for in. */
export type SnapshotSources = {
  readonly clock: Clock;
  readonly hosts: Pick<
    HostsArea,
    'list' | 'targets' | 'unreadableTargets' | 'unreadableJobs' | 'discoveryFaults'
  >;
  readonly checks: Pick<ChecksArea, 'list' | 'unreadable' | 'clocks'>;
  readonly logs: Pick<LogsArea, 'sources' | 'findErrorsPerHour' | 'outputProblems'>;
  readonly rotation: Pick<RotationArea, 'faults'>;
  readonly rhythms: LogRhythms;
  readonly backup: BackupArea;
  readonly site: Pick<SiteArea, 'disk' | 'watch'>;
  readonly queries: QueryAnswers;
  readonly metrics: Pick<MetricsArea, 'problems'>;
  readonly remote: Pick<RemoteArea, 'problems'>;
  readonly recovery: Pick<RecoveryArea, 'facts'>;
  readonly rules: Pick<RulesArea, 'groups' | 'faults'>;
  readonly channels: () => readonly ChannelHealth[];
  readonly jobs: Pick<JobRegistry, 'list'>;
  readonly reports: () => readonly ReportFault[];
  readonly http: Pick<HttpArea, 'problem'>;
  readonly watchdog: Pick<Watchdog, 'problems'>;
  /** Errors of the console's own log. */
  readonly errors: () => readonly WatchedError[];
};

const DAY_MS = 86_400_000;
/** Counting the errors of a day reads what a search reads; it need not be done at every look. */
const COUNT_ERRORS_EVERY_MS = 60_000;
/** File systems that are full by nature, or have no space of their own. */
const REAL_FILESYSTEM = '{fstype!~"squashfs|iso9660|erofs|overlay|tmpfs|devtmpfs|ramfs"}';
/** Lines of the console's own log whose matter another condition tells of. */
const TOLD_OTHERWISE: ReadonlySet<string> = new Set([
  'a failed scrape was not stored',
  'a rule file can no longer be read',
  'a scrape job cannot be read',
  'a scrape threw',
  'a target in console.db cannot be read',
  'damage found',
  'evaluating a rule failed',
  'log search thread died',
  'looking for problems failed',
]);

/**
 * Makes the reader of everything that the built-in conditions look at. It remembers what only a second look shows: how often
 * logs speak, which rule groups skip evaluations.
 */
export function createSiteReader(sources: SnapshotSources): () => Promise<SiteSnapshot> {
  const missedRuns = watchMissedRuns();
  let errors: { readonly at: number; readonly found: SiteSnapshot['logErrors'] } | null = null;

  const logErrors = async (now: number): Promise<SiteSnapshot['logErrors']> => {
    if (errors !== null && now - errors.at < COUNT_ERRORS_EVERY_MS && now >= errors.at) return errors.found;
    const counted = await sources.logs.findErrorsPerHour(now);
    errors = { at: now, found: counted.ok ? counted.value : counted.error };
    return errors.found;
  };

  /** What each part says; a part that throws says nothing, and hinders no other. */
  const parts: Readonly<
    Record<SitePart, (now: number) => Partial<SiteSnapshot> | Promise<Partial<SiteSnapshot>>>
  > = {
    hosts: () => {
      const { hosts } = sources;
      const { unreadableTargets } = hosts;
      return {
        ...{ hosts: hosts.list(), targets: hosts.targets(), unreadableTargets },
        discoveryFaults: hosts.discoveryFaults(),
        unreadableJobs: hosts.unreadableJobs(),
      };
    },
    checks: () => {
      const { checks } = sources;
      return { checks: checks.list(), unreadableChecks: checks.unreadable, clocks: checks.clocks() };
    },
    space: async (now) => ({ filesystems: await filesystems(sources, now) }),
    logs: async (now) => {
      const logSources = sources.logs.sources();
      return {
        logSources,
        logRhythms: sources.rhythms.observe(logSources, now),
        logErrors: await logErrors(now),
        rotationFaults: sources.rotation.faults(),
        logOutputs: sources.logs.outputProblems(),
      };
    },
    backup: () => {
      const { backup } = sources;
      return {
        plans: backup.plans(),
        points: backup.points(),
        badCopies: backup.badCopies(),
        media: backup.media(),
        confidence: backup.confidence(),
        backups: backup.health(),
      };
    },
    recovery: () => ({ recovery: sources.recovery.facts() }),
    series: () => ({ seriesDamage: sources.metrics.problems() }),
    remote: () => ({ remote: sources.remote.problems() }),
    rules: (now) => {
      const ruleGroups = sources.rules.groups();
      return { ruleGroups, missedRuns: missedRuns(ruleGroups, now), ruleFileFaults: sources.rules.faults() };
    },
    channels: () => ({ channels: sources.channels() }),
    jobs: () => ({ jobs: sources.jobs.list(), reports: sources.reports() }),
    console: (now) => {
      const { site, http } = sources;
      return {
        disk: site.disk(),
        watchingSince: site.watch.since(),
        gaps: site.watch.gaps(now - DAY_MS, now),
        life: site.watch.life(),
        apiError: http.problem(),
        watchdog: sources.watchdog.problems(now),
      };
    },
  };

  return async () => {
    const now = sources.clock.now();
    const unread: UnreadPart[] = [];
    const read = await Promise.all(
      Object.entries(parts).map(async ([part, look]): Promise<Partial<SiteSnapshot>> => {
        try {
          return await look(now);
        } catch (thrown) {
          unread.push({ part: part as SitePart, why: describeThrown(thrown) });
          return {};
        }
      }),
    );
    const site: SiteSnapshot = Object.assign({}, emptySnapshot(now), ...read);
    return { ...site, unread, loggedErrors: untold(sources.errors(), site) };
  };
}

/** The logged errors that nothing else tells of. */
function untold(errors: readonly WatchedError[], site: SiteSnapshot): readonly LoggedError[] {
  const told = new Set([...site.seriesDamage, ...site.remote].map(({ code }) => code as string));
  const sourceErrors = new Set(site.logSources.map(({ error }) => error?.message.en ?? ''));
  return errors.filter(
    ({ message, code }) =>
      !TOLD_OTHERWISE.has(message) && !sourceErrors.has(message) && (code === null || !told.has(code)),
  );
}

/** Space of every real file system that any host reports under node_exporter's names. Throws when it cannot be asked for. */
async function filesystems(
  { queries, hosts }: SnapshotSources,
  now: number,
): Promise<readonly FilesystemSpace[]> {
  const [avail, size] = await Promise.all([
    queries.query(`node_filesystem_avail_bytes${REAL_FILESYSTEM}`, now),
    queries.query(`node_filesystem_size_bytes${REAL_FILESYSTEM}`, now),
  ]);
  if (!avail.ok) throw new Error(avail.error.message.en);
  if (!size.ok) throw new Error(size.error.message.en);
  const sizes = new Map(rows(size.value).map(({ key, value }) => [key, value]));
  const hostOf = hostsByInstance(hosts.list(), hosts.targets());
  return rows(avail.value).flatMap(({ key, labels, value }) => {
    const sizeBytes = sizes.get(key);
    if (sizeBytes === undefined || labels.readonly === '1') return [];
    const host = labels.instance ?? '';
    const hostId = hostOf(host)?.id ?? null;
    return [{ host, hostId, mountpoint: labels.mountpoint ?? '', availBytes: value, sizeBytes }];
  });
}

/** The samples of an instant vector, with a key that is the same for the same file system. */
function rows(data: QueryData) {
  if (data.resultType !== 'vector') return [];
  return data.result.map(({ metric, value }) => {
    const { __name__: _, ...labels } = metric;
    return { key: JSON.stringify(Object.entries(labels).toSorted()), labels, value: Number(value[1]) };
  });
}
