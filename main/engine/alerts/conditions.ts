import type { BackupPlan } from '#shared/contract/backup.ts';
import type { Medium } from '#shared/contract/backup-media.ts';
import type { ChannelHealth } from '#shared/contract/channels.ts';
import type { CheckView, ClockOffset } from '#shared/contract/checks.ts';
import type { Host, Target } from '#shared/contract/hosts.ts';
import type { Job } from '#shared/contract/jobs.ts';
import type { LogSource } from '#shared/contract/logs.ts';
import type { LiveGroup } from '#shared/contract/rules.ts';
import type { UnreadableJob } from '#shared/contract/scrape-jobs.ts';
import type { SiteStatus, WatchGap } from '#shared/contract/site.ts';
import type { AppError } from '#shared/errors/index.ts';
import { type BackupHealth, backupProblems } from './backup-conditions.ts';
import { type FoundProblem, labelled, type Sighting } from './built-in.ts';
import { channelProblems } from './channel-conditions.ts';
import { checkProblems, clockProblems, unreadableCheck } from './check-conditions.ts';
import {
  apiProblem,
  type ConsoleLife,
  diskProblems,
  gapProblems,
  jobProblems,
  type LoggedError,
  lifeProblems,
  loggedProblems,
  remoteProblem,
  seriesProblem,
  type UnreadPart,
  unreadProblem,
} from './console-conditions.ts';
import { type DiscoveryFault, discoveryProblem, unreadableJobProblem } from './discovery-conditions.ts';
import {
  type FilesystemSpace,
  hostProblems,
  spaceProblems,
  storeProblems,
  unreadableTarget,
} from './host-conditions.ts';
import { hostsByInstance } from './host-names.ts';
import {
  burstProblems,
  type HourlyErrors,
  type LogRhythm,
  logProblems,
  searchDown,
} from './log-conditions.ts';
import { type LogOutputFault, logOutputProblem } from './log-output-conditions.ts';
import {
  type BadCopy,
  copyProblems,
  mediumProblems,
  type PlanConfidence,
  type PointState,
  planProblems,
  pointProblems,
} from './plan-conditions.ts';
import { type RecoverySnapshot, recoveryProblem } from './recovery-conditions.ts';
import { type ReportFault, reportProblem } from './report-conditions.ts';
import { type RotationFault, rotationProblem } from './rotation-conditions.ts';
import { firingAlerts, ruleProblem } from './rule-conditions.ts';
import { type MissedRuns, type RuleFileFault, ruleHealthProblems } from './rule-health.ts';

/** All that the built-in conditions look at, read at one moment. */
export type SiteSnapshot = {
  readonly now: number;
  /** Since when the console watches without a break: its start, or the end of the last sleep. */
  readonly watchingSince: number;
  readonly hosts: readonly Host[];
  readonly targets: readonly Target[];
  /** Ids of targets whose settings nobody can read. */
  readonly unreadableTargets: readonly string[];
  /** What of target files cannot be used. */
  readonly discoveryFaults: readonly DiscoveryFault[];
  /** Scrape jobs whose settings nobody can read. */
  readonly unreadableJobs: readonly UnreadableJob[];
  readonly checks: readonly CheckView[];
  /** Ids of checks whose settings nobody can read. */
  readonly unreadableChecks: readonly string[];
  readonly clocks: readonly ClockOffset[];
  readonly filesystems: readonly FilesystemSpace[];
  readonly logSources: readonly LogSource[];
  readonly logRhythms: readonly LogRhythm[];
  /** Errors of the last 24 hours; why they are not known, when they are not. */
  readonly logErrors: HourlyErrors | AppError;
  /** What hinders sending events to other servers. */
  readonly logOutputs: readonly LogOutputFault[];
  readonly rotationFaults: readonly RotationFault[];
  readonly plans: readonly BackupPlan[];
  readonly points: readonly PointState[];
  readonly badCopies: readonly BadCopy[];
  readonly media: readonly Medium[];
  readonly confidence: readonly PlanConfidence[];
  /** How each plan stands besides its last run. */
  readonly backups: readonly BackupHealth[];
  /** Drills, reviews and objectives that need somebody. */
  readonly recovery: readonly RecoverySnapshot[];
  readonly disk: SiteStatus['disk'];
  readonly gaps: readonly WatchGap[];
  readonly life: ConsoleLife;
  /** Damage that the series store met: files set aside, chunks left out. */
  readonly seriesDamage: readonly AppError[];
  /** What hinders sending to other servers. */
  readonly remote: readonly AppError[];
  /** Every rule group that runs, with its alerts. */
  readonly ruleGroups: readonly LiveGroup[];
  readonly missedRuns: readonly MissedRuns[];
  readonly ruleFileFaults: readonly RuleFileFault[];
  readonly channels: readonly ChannelHealth[];
  readonly jobs: readonly Job[];
  readonly reports: readonly ReportFault[];
  /** Why the HTTP API does not listen though it should. */
  readonly apiError: AppError | null;
  /** What the watchdog has to say. */
  readonly watchdog: readonly Sighting[];
  readonly loggedErrors: readonly LoggedError[];
  /** Parts that could not be looked at; what they say above is nothing. */
  readonly unread: readonly UnreadPart[];
};

/** The snapshot of a site of which nothing is known. */
export function emptySnapshot(now: number): SiteSnapshot {
  return {
    now,
    watchingSince: 0,
    hosts: [],
    targets: [],
    unreadableTargets: [],
    discoveryFaults: [],
    unreadableJobs: [],
    checks: [],
    unreadableChecks: [],
    clocks: [],
    filesystems: [],
    logSources: [],
    logRhythms: [],
    logErrors: [],
    logOutputs: [],
    rotationFaults: [],
    plans: [],
    points: [],
    badCopies: [],
    media: [],
    confidence: [],
    backups: [],
    recovery: [],
    disk: { freeBytes: 0, totalBytes: 0, daysLeft: null },
    gaps: [],
    life: { crashes: [], clockBack: null },
    seriesDamage: [],
    remote: [],
    ruleGroups: [],
    missedRuns: [],
    ruleFileFaults: [],
    channels: [],
    jobs: [],
    reports: [],
    apiError: null,
    watchdog: [],
    loggedErrors: [],
    unread: [],
  };
}

/**
 * Finds everything that is wrong with the site, worst first. Pure: the same snapshot gives the same problems.
 *
 * The `id` of a problem is stable as long as it is the same problem, so that it opens and ends once.
 */
export function findProblems(site: SiteSnapshot): readonly FoundProblem[] {
  const seen: Sighting[] = [
    ...site.hosts.flatMap((host) => hostProblems(host, site.targets, site)),
    ...storeProblems(site.targets),
    ...site.unreadableTargets.map(unreadableTarget),
    ...site.discoveryFaults.map(discoveryProblem),
    ...site.unreadableJobs.map(unreadableJobProblem),
    ...checkProblems(site.checks, site.hosts),
    ...site.unreadableChecks.map(unreadableCheck),
    ...clockProblems(site.clocks, site.hosts),
    ...site.filesystems.flatMap((fs) => spaceProblems(fs, site.hosts)),
    ...logSightings(site),
    ...site.logOutputs.map(logOutputProblem),
    ...site.rotationFaults.map(rotationProblem),
    ...site.plans.flatMap((plan) => planProblems(plan, site.confidence, site.now)),
    ...site.points.flatMap(pointProblems),
    ...copyProblems(site.badCopies),
    ...site.media.flatMap(mediumProblems),
    ...site.backups.flatMap((health) => backupProblems(health, site.now)),
    ...site.recovery.map(recoveryProblem),
    ...site.seriesDamage.map(seriesProblem),
    ...site.remote.map(remoteProblem),
    ...ruleHealthProblems(site.ruleGroups, site.missedRuns, site.ruleFileFaults, site.now),
    ...site.channels.flatMap((health) => channelProblems(health, site.now)),
    ...jobProblems(site.jobs, site.now),
    ...site.reports.map(reportProblem),
    ...diskProblems(site.disk, site.hosts),
    ...gapProblems(site.gaps, site.now),
    ...lifeProblems(site.life, site.gaps, site.now),
    ...(site.apiError === null ? [] : [apiProblem(site.apiError)]),
    ...site.watchdog,
    ...loggedProblems(site.loggedErrors),
    ...site.unread.map(unreadProblem),
  ];
  const hostOf = hostsByInstance(site.hosts, site.targets);
  const found = [
    ...seen.map(labelled),
    ...firingAlerts(site.ruleGroups).map((alert) => ruleProblem(alert, hostOf)),
  ];
  const rank = { critical: 0, warning: 1, info: 2 } as const;
  return found.toSorted(
    (a, b) => rank[a.severity] - rank[b.severity] || (a.since ?? site.now) - (b.since ?? site.now),
  );
}

function logSightings({ hosts, logSources, logRhythms, logErrors, now }: SiteSnapshot): readonly Sighting[] {
  const upSince = new Map(
    hosts.flatMap(({ name, state, stateSince }) => (state === 'up' ? [[name, stateSince] as const] : [])),
  );
  const rhythms = new Map(logRhythms.map((rhythm) => [rhythm.sourceId, rhythm]));
  return [
    ...logSources.flatMap((source) =>
      logProblems(source, rhythms.get(source.id), upSince.get(source.host) ?? null, now),
    ),
    ...('code' in logErrors ? [searchDown(logErrors)] : burstProblems(logErrors)),
  ];
}
