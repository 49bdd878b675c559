import type { Target } from '#shared/contract/hosts.ts';
import type { Problem } from '#shared/contract/site.ts';
import { labelsFromRecord, labelsKey } from '#shared/domain/labels.ts';
import { BUILT_IN, isBuiltIn, type SitePart } from './built-in.ts';
import { isSurelyRight } from './check-conditions.ts';
import type { SiteSnapshot } from './conditions.ts';

/** What decides, besides the snapshot, whether a problem that is not found is over. */
export type Looked = {
  /** Parts that could not be looked at this time. */
  readonly blind: ReadonlySet<SitePart>;
  /** Whether it is known which alerts of a rule group fire. */
  readonly isSettled: (file: string, group: string) => boolean;
};

/** A failed job is told for so long. */
const JOB_TOLD_MS = 86_400_000;
/** The first report of every thread that follows logs is there by then. */
const FIRST_REPORTS_MS = 60_000;
/** A rule says only so long after its first evaluation that it sees nothing; before that and after it comes a round. */
const RULE_GRACE_MS = 60_000;
const ROUNDS = 3;

/**
 * Whether an open problem that a look did not find stays open, because nobody knows yet whether it is over: what it is about could not
 * be looked at, or was not since the console began to watch (a start, a sleep). A problem ends when it was looked for and is gone, or
 * when nobody wants to know of it any more; see "When nobody looked" in docs/no-silence.md.
 */
export function isHeld(problem: Problem, site: SiteSnapshot, { blind, isSettled }: Looked): boolean {
  const { alert, condition, labels } = problem;
  if (alert !== undefined)
    return blind.has('rules') || !isSettled(alert.file, alert.group) || isRuleAlertHeld(alert, site);
  if (!isBuiltIn(condition)) return false;
  if (blind.has(BUILT_IN[condition].part)) return true;
  switch (condition) {
    case 'host_down':
    case 'host_unreachable':
      return site.hosts.some(
        ({ id, state, targets }) =>
          problem.id === `${condition}:${id}` && state === 'not_watched' && targets > 0,
      );
    case 'scrape_late':
      return site.targets.some(
        ({ hostId, health }) => problem.id === `scrape_late:${hostId}` && health === 'unknown',
      );
    case 'target_down':
      return isTargetHeld(problem.id, site);
    case 'samples_not_stored':
      return site.targets.length > 0 && site.targets.every(({ health }) => health === 'unknown');
    case 'clock_offset':
      return isClockHeld(problem.id, site);
    case 'disk_full':
      return isDiskHeld(labels.instance, site);
    case 'log_source_error':
      return isUnread(problem.id, 'log_source', site);
    case 'log_silence':
      return isSilenceHeld(problem, site);
    case 'log_behind':
      return (
        site.logRhythms.some(
          ({ sourceId, behindSince }) => problem.id === `log_behind:${sourceId}` && behindSince !== null,
        ) || isUnread(problem.id, 'log_behind', site)
      );
    case 'rule_failing':
    case 'rule_group_late':
      return !isSettled(labels.file ?? '', labels.group ?? '');
    case 'rule_blind':
      return !isSettled(labels.file ?? '', labels.group ?? '') || isInGrace(labels, site);
    case 'job_failed':
      return isJobHeld(problem, site);
    default:
      return false;
  }
}

/**
 * An alert of a rule that fired when the console stopped: what it is about was not asked yet, or was and is being counted anew. A `for`
 * below ten minutes begins again with each start, as in Prometheus; that the trouble was over meanwhile, nobody saw.
 */
function isRuleAlertHeld(alert: NonNullable<Problem['alert']>, site: SiteSnapshot): boolean {
  const { targets, ruleGroups, watchingSince } = site;
  const group = ruleGroups.find(({ file, name }) => file === alert.file && name === alert.group);
  const rules = group?.rules.filter(({ name }) => name === alert.labels.alertname) ?? [];
  if (group === undefined || rules.length === 0) return false;
  const isFirstScrape = ({ config, lastScrapeAt }: Target): boolean =>
    lastScrapeAt !== null && lastScrapeAt - watchingSince <= config.intervalMs + config.timeoutMs;
  const isUnheard = (target: Target): boolean =>
    target.health === 'unknown' ||
    (isFirstScrape(target) && (target.lastScrapeAt ?? 0) >= (group.lastEvaluation ?? 0));
  if (targets.some((target) => instanceOf(target) === alert.labels.instance && isUnheard(target)))
    return true;
  const key = labelsKey(labelsFromRecord(alert.labels));
  return rules.some(({ alerts }) =>
    alerts.some(
      ({ labels, state, activeAt }) =>
        state === 'pending' &&
        activeAt - watchingSince < RULE_GRACE_MS + ROUNDS * group.intervalMs &&
        labelsKey(labelsFromRecord(labels)) === key,
    ),
  );
}

/** The `instance` that the series of a target have. */
const instanceOf = ({ config }: Target): string => config.labels.instance ?? config.address;

/** A target that was down and goes on failing on a host that is dead by now, or that was not asked yet. */
function isTargetHeld(id: string, { hosts, targets }: SiteSnapshot): boolean {
  const target = targets.find((each) => id === `target_down:${each.id}`);
  if (target === undefined) return false;
  if (target.health === 'unknown') return true;
  if (target.lastError === null) return false;
  const state = hosts.find((host) => host.id === target.hostId)?.state;
  return state === 'down' || state === 'unreachable';
}

/**
 * How full a disk is, one target says; while that one does not answer, or its answer cannot be kept, nobody knows. Other targets may
 * have the same `instance`: where file systems of it are known, the one that tells of them was asked.
 */
function isDiskHeld(instance: string | undefined, { targets, filesystems }: SiteSnapshot): boolean {
  if (filesystems.some(({ host }) => host === instance)) return false;
  return targets.some(
    (target) => instanceOf(target) === instance && (target.health !== 'up' || target.lastError !== null),
  );
}

/** Whether the thread that reads a source had no time yet to say how it stands. */
function isUnread(id: string, about: string, { logSources, now, watchingSince }: SiteSnapshot): boolean {
  if (now - watchingSince >= FIRST_REPORTS_MS) return false;
  return logSources.some((source) => id === `${about}:${source.id}` && source.state === 'waiting');
}

/** The clock of a host is read when its targets and checks are asked; that of a dead host is not. */
function isClockHeld(id: string, { hosts, targets, checks, clocks }: SiteSnapshot): boolean {
  const host = hosts.find((each) => id === `clock_offset:${each.id}`);
  if (host === undefined || host.targets === 0) return false;
  if (host.state !== 'up') return true;
  // A check may be made once a day only; what else has read the clock need not wait for it.
  if (clocks.some((clock) => clock.hostId === host.id && isSurelyRight(clock))) return false;
  return (
    targets.some(({ hostId, health }) => hostId === host.id && health === 'unknown') ||
    checks.some(({ hostId, enabled, last }) => hostId === host.id && enabled && last === null)
  );
}

/**
 * A source that was silent and has not spoken since: nobody looked for a while, or its host has just come back and has its own time
 * to speak again.
 */
function isSilenceHeld(
  { id, since }: Problem,
  { logSources, logRhythms, hosts, now }: SiteSnapshot,
): boolean {
  const source = logSources.find((each) => id === `log_silence:${each.id}`);
  const rhythm = logRhythms.find(({ sourceId }) => sourceId === source?.id);
  if (source === undefined || rhythm === undefined || rhythm.silentAfterMs === null) return false;
  const { spokeAt, silentAfterMs } = rhythm;
  if (spokeAt === null) return true;
  const isBack = hosts.some(
    ({ name, state, stateSince }) =>
      name === source.host && state === 'up' && now - stateSince <= silentAfterMs,
  );
  return isBack && spokeAt < since;
}

/** Whether a rule was not evaluated for long enough, since the console was started, to say that it sees nothing. */
function isInGrace(
  { file, group: name, rule }: Problem['labels'],
  { ruleGroups, now, watchingSince }: SiteSnapshot,
): boolean {
  const group = ruleGroups.find((each) => each.file === file && each.name === name);
  if (group === undefined || !group.rules.some((each) => each.name === rule)) return false;
  return now - watchingSince < RULE_GRACE_MS + ROUNDS * group.intervalMs;
}

/** The list of jobs begins anew with each engine; a failure of before is told as long as it would have been. */
function isJobHeld({ id, since, link }: Problem, { jobs, now }: SiteSnapshot): boolean {
  if (now - since >= JOB_TOLD_MS) return false;
  return !jobs.some((job) => id === `job_failed:${job.id}` || (job.link === link && job.state === 'done'));
}
