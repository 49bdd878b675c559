import type { Host } from '#shared/contract/hosts.ts';
import type { Job } from '#shared/contract/jobs.ts';
import type { SiteStatus, WatchGap } from '#shared/contract/site.ts';
import type { AppError, Bilingual } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import type { Sighting, SitePart } from './built-in.ts';
import { aboutHost } from './host-conditions.ts';
import { roughly } from './roughly.ts';

/** An error that the console wrote into its own log, and how often of late. */
export type LoggedError = {
  /** The part that wrote it, e.g. `backup`. */
  readonly part: string;
  readonly message: string;
  /** Code of the expected failure that it tells of; null for others. */
  readonly code: string | null;
  readonly detail: string;
  readonly count: number;
  readonly firstAt: number;
};

/** What the console knows of its own life. */
export type ConsoleLife = {
  /** Times at which engines on this folder were cut off, oldest first. */
  readonly crashes: readonly number[];
  /** The last time the wall clock was set back, and by how much. */
  readonly clockBack: { readonly at: number; readonly byMs: number } | null;
};

/** A part of the site that could not be looked at. */
export type UnreadPart = { readonly part: SitePart; readonly why: string };

const DAY_MS = 86_400_000;
/** A disk that will be full within a day is a problem now. */
const FORECAST_DAYS = 1;
/** What must stay free on the disk of the data folder; below half of it nothing is safe. */
const LEAST_FREE_SHARE = 0.05;
const LEAST_FREE_BYTES = 2 * 1024 ** 3;
/** So many crashes within a day are no accident. */
const MANY_CRASHES = 3;
/** Jobs whose failure is told by a condition of their own. */
const TOLD_OTHERWISE: ReadonlySet<Job['kind']> = new Set(['backup', 'prune', 'drill', 'report']);

/** The disk of the data folder: how much is left, and for how long. */
export function diskProblems(disk: SiteStatus['disk'], hosts: readonly Host[]): readonly Sighting[] {
  const workstation = hosts.find(({ thisWorkstation }) => thisWorkstation);
  const about = workstation === undefined ? {} : aboutHost(workstation);
  const next = { zh: '释放空间，或缩短保留时间。', en: 'Free space, or shorten the retention.' };
  const { freeBytes, totalBytes, daysLeft } = disk;
  const found: Sighting[] = [];
  if (daysLeft !== null && daysLeft <= FORECAST_DAYS) {
    const hours = Math.max(1, Math.round(daysLeft * 24));
    found.push({
      id: 'disk_filling:data-folder',
      condition: 'disk_filling',
      about,
      severity: 'critical',
      since: null,
      sentence: {
        zh: `控制台数据目录所在磁盘约 ${hours} 小时后写满。`,
        en: `The disk of the console's data folder will be full in about ${hours} h.`,
      },
      next,
      link: '/settings',
    });
  }
  // Nothing was measured yet.
  if (totalBytes === 0) return found;
  // A small disk, as in a trial, is judged by its share alone.
  const least = Math.min(Math.max(LEAST_FREE_SHARE * totalBytes, LEAST_FREE_BYTES), 0.1 * totalBytes);
  if (freeBytes < least)
    found.push({
      id: 'data_disk_low',
      condition: 'data_disk_low',
      about,
      severity: freeBytes < least / 2 ? 'critical' : 'warning',
      since: null,
      sentence: {
        zh: `控制台数据目录所在磁盘只剩 ${formatBytes(freeBytes)}。`,
        en: `${formatBytes(freeBytes)} are left on the disk of the console's data folder.`,
      },
      next,
      link: '/settings',
    });
  return found;
}

/** What the series store met: files set aside, chunks left out. */
export function seriesProblem(error: AppError): Sighting {
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

/** What hinders sending to other servers. */
export function remoteProblem(error: AppError): Sighting {
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

const REASON: Readonly<Record<WatchGap['reason'], Bilingual>> = {
  stopped: { zh: '已退出', en: 'it was quit' },
  crashed: { zh: '异常中断', en: 'it was cut off' },
  asleep: { zh: '工作站休眠', en: 'the workstation slept' },
  clock_jump: { zh: '系统时钟跳变', en: 'the clock jumped' },
};

/** The latest time within a day in which nobody watched. */
export function gapProblems(gaps: readonly WatchGap[], now: number): readonly Sighting[] {
  const latest = gaps.filter((gap) => gap.to >= now - DAY_MS).at(-1);
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
        zh: `控制台有${length.zh}没有监视（${REASON[latest.reason].zh}）；这段时间的状态未知。`,
        en: `The console did not watch for ${length.en} (${REASON[latest.reason].en}); nothing is known of that time.`,
      },
      next: { zh: '查看这段时间的日志与备份是否完整。', en: 'Check logs and backups of that time.' },
      link: '/alerts',
    },
  ];
}

/** Crashes of the engine within a day, and a clock that was set. */
export function lifeProblems(life: ConsoleLife, gaps: readonly WatchGap[], now: number): readonly Sighting[] {
  const found: Sighting[] = [];
  const crashes = life.crashes.filter((at) => at >= now - DAY_MS && at <= now);
  const [last] = crashes.slice(-1);
  if (last !== undefined) {
    const age = roughly(now - last);
    found.push({
      id: 'engine_crashed',
      condition: 'engine_crashed',
      about: {},
      severity: crashes.length >= MANY_CRASHES ? 'critical' : 'warning',
      since: crashes[0] ?? last,
      sentence: {
        zh: `控制台引擎在 24 小时内异常中断 ${crashes.length} 次，最近一次在${age.zh}前。`,
        en: `The console's engine was cut off ${crashes.length} times within 24 h, last ${age.en} ago.`,
      },
      next: {
        zh: '查看数据目录中的 engine.log；也可能是断电或进程被强制结束。',
        en: "See engine.log in the data folder; it may also have been a power cut, or somebody's kill.",
      },
      link: '/settings',
    });
  }
  const ahead = gaps.filter(({ reason, to }) => reason === 'clock_jump' && to >= now - DAY_MS).at(-1);
  const back = life.clockBack !== null && life.clockBack.at >= now - DAY_MS ? life.clockBack : null;
  if (ahead === undefined && back === null) return found;
  const by = roughly(back?.byMs ?? (ahead === undefined ? 0 : ahead.to - ahead.from));
  found.push({
    id: `clock_jumped:${back?.at ?? ahead?.to ?? 0}`,
    condition: 'clock_jumped',
    about: { direction: back === null ? 'forward' : 'back' },
    severity: 'warning',
    since: back?.at ?? ahead?.to ?? null,
    sentence:
      back === null
        ? { zh: `工作站时钟向前跳了${by.zh}。`, en: `The workstation's clock jumped ahead by ${by.en}.` }
        : { zh: `工作站时钟被拨回${by.zh}。`, en: `The workstation's clock was set back by ${by.en}.` },
    next: {
      zh: '核对时间和时间服务器；告警、备份计划和日志的时间都依赖它。',
      en: 'Check the time and its source: alerts, schedules and logs depend on it.',
    },
    link: '/settings',
  });
  return found;
}

/** The HTTP API is switched on and does not listen. */
export function apiProblem(error: AppError): Sighting {
  return {
    id: 'api_down',
    condition: 'api_down',
    about: { code: error.code },
    severity: 'warning',
    since: null,
    sentence: {
      zh: `HTTP 接口没有监听：${error.message.zh}`,
      en: `The HTTP API does not listen: ${error.message.en}`,
    },
    next: error.hint,
    link: '/settings',
  };
}

/** Long work that failed within a day and was not done again since. */
export function jobProblems(jobs: readonly Job[], now: number): readonly Sighting[] {
  const same = (a: Job, b: Job): boolean => a.kind === b.kind && a.title.en === b.title.en;
  return jobs
    .filter(
      (job) =>
        job.state === 'failed' &&
        job.error !== null &&
        !TOLD_OTHERWISE.has(job.kind) &&
        (job.endedAt ?? 0) >= now - DAY_MS &&
        !jobs.some((other) => other !== job && same(job, other) && other.startedAt > job.startedAt),
    )
    .map((job) => ({
      id: `job_failed:${job.id}`,
      condition: 'job_failed',
      about: { kind: job.kind },
      severity: job.kind === 'restore' ? 'critical' : 'warning',
      since: job.endedAt,
      sentence: {
        zh: `“${job.title.zh}”失败：${job.error?.message.zh ?? ''}`,
        en: `"${job.title.en}" failed: ${job.error?.message.en ?? ''}`,
      },
      next: job.error?.hint ?? { zh: '再做一次。', en: 'Do it again.' },
      link: job.link,
    }));
}

/** Errors in the console's own log that no other condition tells of. */
export function loggedProblems(errors: readonly LoggedError[]): readonly Sighting[] {
  return errors.map(({ part, message, detail, count, firstAt }) => ({
    id: `engine_error:${part}:${message}`.slice(0, 200),
    condition: 'engine_error',
    about: { part },
    severity: 'warning',
    since: firstAt,
    sentence: {
      zh: `控制台内部出错 ${count} 次（${part}）：${message}${detail === '' ? '' : `，${detail}`}`,
      en: `The console met an error ${count} times (${part}): ${message}${detail === '' ? '' : `, ${detail}`}`,
    },
    next: {
      zh: '查看数据目录中的 engine.log；若反复出现，重启控制台。',
      en: 'See engine.log in the data folder; restart the console if it goes on.',
    },
    link: '/settings',
  }));
}

/** A part that could not be looked at: what was known of it stands, and may be old. */
export function unreadProblem({ part, why }: UnreadPart): Sighting {
  return {
    id: `self_check_failed:${part}`,
    condition: 'self_check_failed',
    about: { part },
    severity: 'critical',
    since: null,
    sentence: {
      zh: `控制台无法检查“${part}”，这部分的告警可能已过时：${why}`,
      en: `The console cannot check "${part}", whose alerts may be out of date: ${why}`,
    },
    next: {
      zh: '查看数据目录中的 engine.log，重启控制台。',
      en: 'See engine.log in the data folder, and restart the console.',
    },
    link: '/settings',
  };
}

/** Problems cannot be written down: those of now are kept in memory and told. */
export function notStoredProblem(why: string): Sighting {
  return {
    id: 'alerts_not_stored',
    condition: 'alerts_not_stored',
    about: {},
    severity: 'critical',
    since: null,
    sentence: {
      zh: `告警无法写入磁盘，重启后会丢失：${why}`,
      en: `Alerts cannot be written to the disk, and a restart would lose them: ${why}`,
    },
    next: {
      zh: '释放数据目录所在磁盘的空间，检查它是否只读。',
      en: "Free space on the data folder's disk, and check whether it has become read-only.",
    },
    link: '/settings',
  };
}
