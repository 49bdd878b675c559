import type { Host, Target } from '#shared/contract/hosts.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import type { Sighting } from './built-in.ts';
import { nameWithAddress } from './host-names.ts';
import { roughly } from './roughly.ts';

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
/** A target that was not asked for so many of its intervals, and so long besides, is no longer watched. */
const LATE_INTERVALS = 3;
const LATE_MS = 60_000;
/** Failures of this console while storing an answer. The target did answer, so its host is not to blame. */
const NOT_STORED: ReadonlySet<string> = new Set([
  'DISK_FULL',
  'READ_ONLY',
  'DATABASE_DAMAGED',
  'FILE_UNREADABLE',
  'INTERNAL',
]);
const TIER_WORD: Readonly<Record<Host['tier'], Bilingual>> = {
  presentation: { zh: '展示层', en: 'presentation tier' },
  business: { zh: '业务层', en: 'business tier' },
  data: { zh: '数据层', en: 'data tier' },
  workstation: { zh: '本工作站', en: 'this workstation' },
  other: { zh: '其他', en: 'other' },
};

/** What is known of a host by name, for the labels of its problems; the site's own labels of it give way. */
export const aboutHost = (host: Host) => ({
  ...host.labels,
  host: host.name,
  instance: host.address,
  tier: host.tier,
});

const linkOf = (host: Host): string => `/hosts/${encodeURIComponent(host.id)}`;

/** Now, and since when the console watches without a break. */
type Moment = { readonly now: number; readonly watchingSince: number };

/** What is wrong with one host and its targets. */
export function hostProblems(host: Host, targets: readonly Target[], moment: Moment): readonly Sighting[] {
  const own = targets.filter(({ hostId }) => hostId === host.id);
  if (host.state === 'down' || host.state === 'unreachable') return [deadHost(host, host.state)];
  const late = lateTargets(host, own, moment);
  if (host.state !== 'up') return late;
  return [...late, ...own.flatMap((target) => targetProblems(host, target))];
}

function deadHost(host: Host, state: 'down' | 'unreachable'): Sighting {
  const why = host.lastError?.message ?? { zh: '', en: '' };
  const word = state === 'down' ? { zh: '故障', en: 'is down' } : { zh: '不可达', en: 'is unreachable' };
  const tier = TIER_WORD[host.tier];
  return {
    id: `host_${state}:${host.id}`,
    condition: `host_${state}`,
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
    link: linkOf(host),
  };
}

/** A target of a living host that fails: dead, answering wrongly, or with more than its limits allow. */
function targetProblems(host: Host, target: Target): readonly Sighting[] {
  const error = target.lastError;
  if (error === null || NOT_STORED.has(error.code)) return [];
  const { job, address } = target.config;
  return [
    {
      id: `target_down:${target.id}`,
      condition: 'target_down',
      about: { ...aboutHost(host), job, instance: address },
      severity: 'warning',
      since: null,
      sentence: {
        zh: `${host.name} 的采集目标 ${job}（${address}）失败：${error.message.zh}`,
        en: `Target ${job} (${address}) of ${host.name} fails: ${error.message.en}`,
      },
      next: error.hint,
      link: linkOf(host),
    },
  ];
}

/** Targets whose turn came several times without anybody asking them. */
function lateTargets(
  host: Host,
  targets: readonly Target[],
  { now, watchingSince }: Moment,
): readonly Sighting[] {
  const late = targets.filter(
    ({ lastScrapeAt, config }) =>
      lastScrapeAt !== null &&
      now - Math.max(lastScrapeAt, watchingSince) >
        LATE_MS + LATE_INTERVALS * config.intervalMs + config.timeoutMs,
  );
  const [first] = late;
  if (first === undefined) return [];
  const age = roughly(now - (first.lastScrapeAt ?? now));
  return [
    {
      id: `scrape_late:${host.id}`,
      condition: 'scrape_late',
      about: aboutHost(host),
      severity: 'critical',
      since: first.lastScrapeAt,
      sentence: {
        zh: `${host.name} 有 ${late.length} 个采集目标已${age.zh}没有被采集；它的状态是旧的。`,
        en: `${late.length} targets of ${host.name} were not asked for ${age.en}; its state is old.`,
      },
      next: {
        zh: '控制台可能过载：查看工作站负载，必要时重启控制台。',
        en: "The console may be overloaded: look at the workstation's load, and restart the console if need be.",
      },
      link: linkOf(host),
    },
  ];
}

/** What was scraped and could not be kept: one problem, whatever the number of targets. */
export function storeProblems(targets: readonly Target[]): readonly Sighting[] {
  const failing = targets.filter(({ lastError }) => lastError !== null && NOT_STORED.has(lastError.code));
  const error = failing[0]?.lastError;
  if (error === undefined || error === null) return [];
  return [
    {
      id: 'samples_not_stored',
      condition: 'samples_not_stored',
      about: { code: error.code },
      severity: 'critical',
      since: null,
      sentence: {
        zh: `${failing.length} 个采集目标的样本无法保存：${error.message.zh}`,
        en: `The samples of ${failing.length} targets cannot be stored: ${error.message.en}`,
      },
      next: error.hint,
      link: '/settings',
    },
  ];
}

/** Targets that console.db holds and nobody can read: they are not scraped. */
export function unreadableTarget(id: string): Sighting {
  return {
    id: `target_unreadable:${id}`,
    condition: 'target_unreadable',
    about: { target: id },
    severity: 'critical',
    since: null,
    sentence: {
      zh: `采集目标 ${id} 的设置已损坏，无法读取；它没有被采集。`,
      en: `The settings of target ${id} are damaged and cannot be read; it is not scraped.`,
    },
    next: {
      zh: '重新导入 prometheus.yml，或删除后重新添加该主机。',
      en: 'Import the prometheus.yml again, or remove the host and add it anew.',
    },
    link: '/hosts',
  };
}

/** File systems that are nearly full. */
export function spaceProblems(fs: FilesystemSpace, hosts: readonly Host[]): readonly Sighting[] {
  if (fs.sizeBytes <= 0) return [];
  const free = fs.availBytes / fs.sizeBytes;
  if (free >= SPACE_WARNING) return [];
  const host = hosts.find(({ id }) => id === fs.hostId);
  const where = host === undefined ? { zh: fs.host, en: fs.host } : nameWithAddress(host.name, fs.host);
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
        zh: `${where.zh} 的磁盘 ${fs.mountpoint} 已用 ${percent}%，剩余 ${formatBytes(fs.availBytes)}。`,
        en: `Disk ${fs.mountpoint} of ${where.en} is ${percent} % full, ${formatBytes(fs.availBytes)} left.`,
      },
      next: {
        zh: '清理或扩容；先看是哪些日志或数据在增长。',
        en: 'Free or add space; look first which logs or data are growing.',
      },
      link: host === undefined ? '/hosts' : linkOf(host),
    },
  ];
}
