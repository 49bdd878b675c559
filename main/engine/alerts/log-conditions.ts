import type { LogSource } from '#shared/contract/logs.ts';
import type { AppError } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import type { Sighting } from './built-in.ts';
import { roughly } from './roughly.ts';

/** How a source's silence and lag stand, from what it did before; see `log-rhythm.ts`. */
export type LogRhythm = {
  readonly sourceId: string;
  /** When a line last came, as far as the console saw it; null when none did since it began to look. */
  readonly lastLineAt: number | null;
  /** When a line last came since the console looks without a break; null when none did. */
  readonly spokeAt: number | null;
  /** Quiet for longer than this is unusual; null when too little is known, or the operator does not want to hear. */
  readonly silentAfterMs: number | null;
  /** Since when the source is written faster than it is read; null when it is not. */
  readonly behindSince: number | null;
};

/** Errors per hour, oldest first; the last hour is not over yet. */
export type HourlyErrors = readonly { readonly hour: number; readonly errors: number }[];

/** A source that is read a little late is no problem. */
const BEHIND_MS = 5 * 60_000;
/** So many errors within an hour are none to speak of, whatever is usual. */
const LEAST_BURST = 100;
/** A burst is so many times the busiest of the usual hours. */
const BURST_FACTOR = 5;
/** The busiest hours of the past that are left out of what is usual: a burst of before must not hide this one. */
const UNUSUAL_SHARE = 0.1;

/**
 * What is wrong with one log source.
 *
 * @param hostUpSince since when its host is up; null when that is not so, or not known: a dead host sends no lines, so that the pause
 *   counts from its return
 */
export function logProblems(
  source: LogSource,
  rhythm: LogRhythm | undefined,
  hostUpSince: number | null,
  now: number,
): readonly Sighting[] {
  const about = { source: source.name, host: source.host };
  if (source.state === 'error' && source.error !== null)
    return [
      {
        id: `log_source:${source.id}`,
        condition: 'log_source_error',
        about,
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
  if (rhythm === undefined) return [];
  const found: Sighting[] = [];
  const { lastLineAt, silentAfterMs, behindSince } = rhythm;
  const quietSince = lastLineAt === null ? null : Math.max(lastLineAt, hostUpSince ?? lastLineAt);
  if (quietSince !== null && silentAfterMs !== null && now - quietSince > silentAfterMs) {
    const [quiet, usual] = [roughly(now - quietSince), roughly(silentAfterMs)];
    found.push({
      id: `log_silence:${source.id}`,
      condition: 'log_silence',
      about,
      severity: 'warning',
      since: quietSince + silentAfterMs,
      sentence: {
        zh: `日志源“${source.name}”已${quiet.zh}没有新日志，超过允许的${usual.zh}。`,
        en: `Log source "${source.name}" has been silent for ${quiet.en}, more than the ${usual.en} that are usual or allowed.`,
      },
      next: {
        zh: '检查写日志的程序是否还在运行，日志是否换了路径。',
        en: 'Check that the program still runs, and whether its log has moved.',
      },
      link: '/logs/sources',
    });
  }
  if (behindSince !== null && now - behindSince > BEHIND_MS)
    found.push({
      id: `log_behind:${source.id}`,
      condition: 'log_behind',
      about,
      severity: 'warning',
      since: behindSince,
      sentence: {
        zh: `日志源“${source.name}”写入快于读取，落后 ${formatBytes(source.lagBytes)}。`,
        en: `Log source "${source.name}" is written faster than it is read: ${formatBytes(source.lagBytes)} wait.`,
      },
      next: {
        zh: '没有丢失日志，但搜索看到的是旧的；检查写入量和工作站负载。',
        en: 'No line is lost, but searches see old ones; check how much is written, and the load of this workstation.',
      },
      link: '/logs/sources',
    });
  return found;
}

/** Far more errors within this hour or the last than in the hours before. */
export function burstProblems(hours: HourlyErrors): readonly Sighting[] {
  const last = hours.at(-1);
  const before = hours.slice(0, -2).map(({ errors }) => errors);
  const recent = hours.slice(-2).toSorted((a, b) => b.errors - a.errors)[0];
  if (last === undefined || recent === undefined || before.length === 0) return [];
  const sorted = before.toSorted((a, b) => a - b);
  const usual = sorted[Math.floor((sorted.length - 1) * (1 - UNUSUAL_SHARE))] ?? 0;
  if (recent.errors < LEAST_BURST || recent.errors < BURST_FACTOR * usual) return [];
  return [
    {
      id: 'log_error_burst',
      condition: 'log_error_burst',
      about: {},
      severity: 'warning',
      since: recent.hour,
      sentence: {
        zh: `一小时内有 ${recent.errors} 条错误日志，${usual === 0 ? '平时没有' : `平时每小时不超过 ${usual} 条`}。`,
        en: `${recent.errors} errors were logged within an hour; usually ${usual === 0 ? 'there are none' : `it is at most ${usual}`}.`,
      },
      next: {
        zh: '在日志页搜索 level>=error，看是哪个来源。',
        en: 'Search the logs for level>=error to see where they come from.',
      },
      link: `/logs?q=${encodeURIComponent('level>=error')}`,
    },
  ];
}

/** Stored logs cannot be searched, so nobody knows how many errors there are either. */
export function searchDown(error: AppError): Sighting {
  return {
    id: 'log_search_down',
    condition: 'log_search_down',
    about: { code: error.code },
    severity: 'warning',
    since: null,
    sentence: {
      zh: `日志搜索不可用：${error.message.zh}`,
      en: `Logs cannot be searched: ${error.message.en}`,
    },
    next: error.hint,
    link: '/logs',
  };
}
