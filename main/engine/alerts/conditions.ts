import type { BackupPlan, RestorePoint } from '#shared/contract/backup.ts';
import type { Host } from '#shared/contract/hosts.ts';
import type { LogSource } from '#shared/contract/logs.ts';
import type { Overview, SiteStatus, WatchGap } from '#shared/contract/site.ts';
import type { AppError, Bilingual } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { type BackupHealth, backupProblems } from './backup-conditions.ts';
import { type FoundProblem, labelled, type Sighting } from './built-in.ts';
import { type RecoverySnapshot, recoveryProblem } from './recovery-conditions.ts';
import { roughly } from './roughly.ts';
import { type FiringAlert, ruleProblem } from './rule-conditions.ts';

/** All that the built-in conditions look at, read at one moment. */
export type SiteSnapshot = {
  readonly now: number;
  readonly hosts: readonly Host[];
  readonly filesystems: readonly FilesystemSpace[];
  readonly logSources: readonly LogSource[];
  readonly plans: readonly BackupPlan[];
  readonly points: readonly Pick<RestorePoint, 'id' | 'plan' | 'state' | 'verifyError' | 'finishedAt'>[];
  readonly confidence: readonly Overview['restoreConfidence'][number][];
  readonly disk: SiteStatus['disk'];
  readonly gaps: readonly WatchGap[];
  /** Damage that the series store met: files set aside, chunks left out. */
  readonly seriesDamage: readonly AppError[];
  /** What hinders sending to other servers. */
  readonly remote: readonly AppError[];
  /** Drills, reviews and objectives that need somebody. */
  /** How each plan stands besides its last run. */
  readonly backups: readonly BackupHealth[];
  readonly recovery: readonly RecoverySnapshot[];
  /** Alerts of rules that fire. */
  readonly ruleAlerts: readonly FiringAlert[];
};

/** Space of one file system of one host, from the series store. */
export type FilesystemSpace = {
  readonly host: string;
  readonly hostId: string | null;
  readonly mountpoint: string;
  readonly availBytes: number;
  readonly sizeBytes: number;
};

/** Less free than this share of a file system is a warning, or critical. */
const SPACE_WARNING = 0.1;
const SPACE_CRITICAL = 0.05;
/** A disk that will be full within a day is a warning now. */
const FORECAST_DAYS = 1;
const GAP_SHOWN_MS = 24 * 3_600_000;
const TIER_WORD: Readonly<Record<Host['tier'], Bilingual>> = {
  presentation: { zh: '展示层', en: 'presentation tier' },
  business: { zh: '业务层', en: 'business tier' },
  data: { zh: '数据层', en: 'data tier' },
  workstation: { zh: '本工作站', en: 'this workstation' },
  other: { zh: '其他', en: 'other' },
};

/**
 * Finds everything that is wrong with the site, worst first. Pure: the same snapshot gives the same problems.
 *
 * The `id` of a problem is stable as long as it is the same problem, so that it opens and ends once.
 */
export function findProblems(site: SiteSnapshot): readonly FoundProblem[] {
  const seen = [
    ...site.hosts.flatMap(hostProblems),
    ...site.filesystems.flatMap((fs) => spaceProblems(fs, site.hosts)),
    ...forecastProblems(site),
    ...site.logSources.flatMap(logProblems),
    ...site.plans.flatMap((plan) => planProblems(plan, site)),
    ...site.points.flatMap(pointProblems),
    ...site.seriesDamage.map(seriesProblem),
    ...site.remote.map(remoteProblem),
    ...site.backups.flatMap((health) => backupProblems(health, site.now)),
    ...site.recovery.map(recoveryProblem),
    ...gapProblems(site),
  ];
  const found = [...seen.map(labelled), ...site.ruleAlerts.map(ruleProblem)];
  const rank = { critical: 0, warning: 1, info: 2 } as const;
  return found.toSorted(
    (a, b) => rank[a.severity] - rank[b.severity] || (a.since ?? site.now) - (b.since ?? site.now),
  );
}

function hostProblems(host: Host): Sighting[] {
  const link = `/hosts/${encodeURIComponent(host.id)}`;
  if (host.state === 'down' || host.state === 'unreachable') {
    const why = host.lastError?.message ?? { zh: '', en: '' };
    const word =
      host.state === 'down' ? { zh: '故障', en: 'is down' } : { zh: '不可达', en: 'is unreachable' };
    const tier = TIER_WORD[host.tier];
    return [
      {
        id: `host_${host.state}:${host.id}`,
        condition: `host_${host.state}`,
        about: aboutHost(host),
        severity: 'critical',
        since: host.stateSince,
        sentence: {
          zh: `${host.name}（${tier.zh}）${word.zh}${why.zh ? `：${why.zh}` : '。'}`,
          en: `${host.name} (${tier.en}) ${word.en}${why.en ? `: ${why.en}` : '.'}`,
        },
        next: host.lastError?.hint ?? {
          zh: '检查主机是否开机、网络是否连通。',
          en: 'Check that the host is powered and the network connected.',
        },
        link,
      },
    ];
  }
  if (host.state === 'up' && host.targetsUp < host.targets) {
    return [
      {
        id: `target_down:${host.id}`,
        condition: 'target_down',
        about: aboutHost(host),
        severity: 'warning',
        since: null,
        sentence: {
          zh: `${host.name} 的 ${host.targets} 个采集目标中有 ${host.targets - host.targetsUp} 个没有应答。`,
          en: `${host.targets - host.targetsUp} of ${host.targets} targets of ${host.name} do not answer.`,
        },
        next: { zh: '打开主机页查看每个采集目标的错误。', en: "Open the host to see each target's error." },
        link,
      },
    ];
  }
  return [];
}

/** What is known of a host by name, for the labels of its problems; the site's own labels of it come first. */
const aboutHost = (host: Host) => ({
  ...host.labels,
  host: host.name,
  instance: host.address,
  tier: host.tier,
});

function spaceProblems(fs: FilesystemSpace, hosts: readonly Host[]): Sighting[] {
  const host = hosts.find(({ id }) => id === fs.hostId);
  if (fs.sizeBytes <= 0) return [];
  const free = fs.availBytes / fs.sizeBytes;
  if (free >= SPACE_WARNING) return [];
  const percent = (100 * (1 - free)).toFixed(1);
  return [
    {
      id: `disk_full:${fs.host}:${fs.mountpoint}`,
      condition: 'disk_full',
      about: {
        ...(host === undefined ? { host: fs.host } : aboutHost(host)),
        instance: fs.host,
        mountpoint: fs.mountpoint,
      },
      severity: free < SPACE_CRITICAL ? 'critical' : 'warning',
      since: null,
      sentence: {
        zh: `${fs.host} 的磁盘 ${fs.mountpoint} 已用 ${percent}%，剩余 ${formatBytes(fs.availBytes)}。`,
        en: `Disk ${fs.mountpoint} of ${fs.host} is ${percent} % full, ${formatBytes(fs.availBytes)} left.`,
      },
      next: {
        zh: '清理或扩容；先看是哪些日志或数据在增长。',
        en: 'Free or add space; look first which logs or data are growing.',
      },
      link: fs.hostId === null ? '/hosts' : `/hosts/${encodeURIComponent(fs.hostId)}`,
    },
  ];
}

function forecastProblems({ disk, hosts }: Pick<SiteSnapshot, 'disk' | 'hosts'>): Sighting[] {
  if (disk.daysLeft === null || disk.daysLeft > FORECAST_DAYS) return [];
  const hours = Math.max(1, Math.round(disk.daysLeft * 24));
  const workstation = hosts.find(({ thisWorkstation }) => thisWorkstation);
  return [
    {
      id: 'disk_filling:data-folder',
      condition: 'disk_filling',
      about: workstation === undefined ? {} : aboutHost(workstation),
      severity: 'critical',
      since: null,
      sentence: {
        zh: `控制台数据目录所在磁盘约 ${hours} 小时后写满。`,
        en: `The disk of the console's data folder will be full in about ${hours} h.`,
      },
      next: { zh: '释放空间，或缩短保留时间。', en: 'Free space, or shorten the retention.' },
      link: '/settings',
    },
  ];
}

function logProblems(source: LogSource): Sighting[] {
  if (source.state !== 'error' || source.error === null) return [];
  return [
    {
      id: `log_source:${source.id}`,
      condition: 'log_source_error',
      about: { source: source.name, host: source.host },
      severity: 'warning',
      since: null,
      sentence: {
        zh: `日志源“${source.name}”无法读取：${source.error.message.zh}`,
        en: `Log source "${source.name}" cannot be read: ${source.error.message.en}`,
      },
      next: source.error.hint,
      link: '/logs/sources',
    },
  ];
}

/** A key that nobody has tried for a year may open nothing any more. */
function keyProblems(
  plan: BackupPlan,
  confidence: SiteSnapshot['confidence'][number] | undefined,
  now: number,
): Sighting[] {
  const due = confidence?.keyTestDueAt;
  if (due === undefined || due > now) return [];
  return [
    {
      id: `backup_key_test:${plan.id}`,
      condition: 'backup_key_test',
      about: { plan: plan.name },
      severity: 'warning',
      since: due,
      sentence: {
        zh: `备份计划“${plan.name}”的密钥已超过一年没有测试能否打开档案。`,
        en: `For over a year nobody has tested whether the keys of backup plan "${plan.name}" open its archives.`,
      },
      next: {
        zh: '打开“备份 → 密钥”，用密钥单和口令做一次“测试能否打开”。',
        en: 'Open Backups → Keys and test with the key sheet and the passphrase.',
      },
      link: '/backups?tab=keys',
    },
  ];
}

function planProblems(plan: BackupPlan, site: SiteSnapshot): Sighting[] {
  const link = `/backups/${encodeURIComponent(plan.name)}`;
  const confidence = site.confidence.find((entry) => entry.plan === plan.name);
  const problems: Sighting[] = keyProblems(plan, confidence, site.now);
  if (plan.lastError !== null) {
    problems.push({
      id: `backup_failed:${plan.id}`,
      condition: 'backup_failed',
      about: { plan: plan.name },
      severity: 'critical',
      since: null,
      sentence: {
        zh: `备份计划“${plan.name}”上次运行失败：${plan.lastError.message.zh}`,
        en: `The last run of backup plan "${plan.name}" failed: ${plan.lastError.message.en}`,
      },
      next: plan.lastError.hint,
      link,
    });
  }
  if (confidence?.state === 'never') {
    problems.push({
      id: `backup_never:${plan.id}`,
      condition: 'backup_never_ran',
      about: { plan: plan.name },
      severity: 'warning',
      since: plan.createdAt,
      sentence: {
        zh: `备份计划“${plan.name}”还没有任何可用的恢复点。`,
        en: `Backup plan "${plan.name}" has no usable restore point yet.`,
      },
      next: { zh: '打开计划并点击“立即备份”。', en: 'Open the plan and press "Back up now".' },
      link,
    });
  }
  return problems;
}

function pointProblems(point: SiteSnapshot['points'][number]): Sighting[] {
  if (point.state === 'complete' && point.verifyError === null) return [];
  const missing = point.state === 'missing';
  const day = new Date(point.finishedAt).toISOString().slice(0, 16).replace('T', ' ');
  return [
    {
      id: `point_${missing ? 'missing' : 'broken'}:${point.id}`,
      condition: missing ? 'point_missing' : 'point_broken',
      about: { plan: point.plan },
      severity: missing ? 'warning' : 'critical',
      since: null,
      sentence: missing
        ? {
            zh: `“${point.plan}”的恢复点 ${day} UTC 的归档文件不在原处。`,
            en: `The archive of restore point ${day} UTC of "${point.plan}" is not where it was.`,
          }
        : {
            zh: `“${point.plan}”的恢复点 ${day} UTC 已损坏。`,
            en: `Restore point ${day} UTC of "${point.plan}" is damaged.`,
          },
      next: missing
        ? {
            zh: '接上存放归档的介质，或重建备份目录。',
            en: 'Connect the medium that holds it, or rebuild the catalogue.',
          }
        : {
            zh: '立即做一次全备份；未损坏的文件仍可恢复。',
            en: 'Make a full backup now; undamaged files can still be restored.',
          },
      link: `/backups/${encodeURIComponent(point.plan)}`,
    },
  ];
}

function seriesProblem(error: AppError): Sighting {
  return {
    id: `series_damage:${error.code}:${error.message.en}`.slice(0, 200),
    condition: 'series_damage',
    about: { code: error.code },
    severity: 'warning',
    since: null,
    sentence: error.message,
    next: error.hint,
    link: '/settings',
  };
}

function remoteProblem(error: AppError): Sighting {
  return {
    id: `remote_write:${error.code}:${error.message.en}`.slice(0, 200),
    condition: 'remote_write',
    about: { code: error.code },
    severity: 'warning',
    since: null,
    sentence: error.message,
    next: error.hint,
    link: error.code === 'SERIES_LIMIT_REACHED' ? '/metrics/space' : '/settings',
  };
}

function gapProblems(site: SiteSnapshot): Sighting[] {
  const recent = site.gaps.filter((gap) => gap.to >= site.now - GAP_SHOWN_MS);
  const latest = recent.at(-1);
  if (!latest) return [];
  const length = roughly(latest.to - latest.from);
  return [
    {
      id: `not_watched:${latest.from}`,
      condition: 'not_watched',
      about: { reason: latest.reason },
      severity: 'info',
      since: latest.from,
      sentence: {
        zh: `控制台有 ${length.zh}没有监视（${REASON[latest.reason].zh}）；这段时间的状态未知。`,
        en: `The console did not watch for ${length.en} (${REASON[latest.reason].en}); nothing is known of that time.`,
      },
      next: { zh: '查看这段时间的日志与备份是否完整。', en: 'Check logs and backups of that time.' },
      link: '/alerts',
    },
  ];
}

const REASON: Readonly<Record<WatchGap['reason'], Bilingual>> = {
  stopped: { zh: '已退出', en: 'it was quit' },
  crashed: { zh: '异常中断', en: 'it was cut off' },
  asleep: { zh: '工作站休眠', en: 'the workstation slept' },
  clock_jump: { zh: '系统时钟跳变', en: 'the clock jumped' },
};
