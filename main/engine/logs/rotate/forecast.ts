import type { RotationForecast, RotationPolicy } from '#shared/contract/logs-rotation-policy.ts';
import type { Rotation } from '#shared/contract/logs-rotation-runs.ts';
import { cronTimes } from '#shared/domain/schedule/cron-times.ts';
import { DAY_MS } from '../model.ts';

/** What the site's own past says. */
export type SitePast = {
  /** Rotations of the policy's files that are done, in any order. */
  readonly done: readonly Rotation[];
  /** What the log store took in of these files, when nothing was rotated yet: bytes over so many days. */
  readonly stored: { readonly bytes: number; readonly days: number } | null;
  /** Live files now. */
  readonly live: readonly { readonly path: string; readonly bytes: number }[];
  /** Segments that are there already. */
  readonly segments: readonly { readonly rotatedAt: number; readonly storedBytes: number }[];
  readonly freeBytes: number | null;
};

/** What compression makes of logs while the site has no figures of its own; measured on application logs, on the careful side. */
const USUAL_RATIO = { zstd: 0.15, gzip: 0.15, none: 1 } as const;
/** Nothing is told about the time beyond this. */
const FAR_DAYS = 3650;
const WEEK_DAYS = 7;

/**
 * Says how much space a policy takes some days from now. Pure.
 *
 * The files grow as they did: each day adds `bytesPerDay`; a rotation turns what gathered into a segment, of which `keep`
 * lets some stay. Segments that are there now count until their age or number ends them.
 */
export function forecast(
  policy: RotationPolicy,
  past: SitePast,
  days: readonly number[],
  now: number,
): RotationForecast {
  const growth = growthOf(past, now);
  const ratio = ratioOf(policy, past);
  const everyDays = rotationEvery(policy, growth.bytesPerDay, past.live.length, now);
  const at = (day: number, bytesPerDay: number) =>
    spaceAt(policy, past, ratio, everyDays, bytesPerDay, day, now);
  const high = Math.max(growth.highBytesPerDay, growth.bytesPerDay);
  const points = days.map((day) => {
    const usual = at(day, growth.bytesPerDay);
    const most = at(day, high);
    return {
      days: day,
      ...usual,
      highBytes: most.totalBytes,
      freeBytes:
        past.freeBytes === null
          ? null
          : Math.round(past.freeBytes - (usual.totalBytes - at(0, 0).totalBytes)),
    };
  });
  const free = past.freeBytes;
  const base = at(0, 0).totalBytes;
  let fullInDays: number | null = null;
  if (free !== null && growth.bytesPerDay > 0)
    for (let day = 1; day <= FAR_DAYS && fullInDays === null; day += day < 400 ? 1 : 30)
      if (at(day, growth.bytesPerDay).totalBytes - base > free) fullInDays = day;
  return {
    bytesPerDay: Math.round(growth.bytesPerDay),
    ratio,
    basis: growth.basis,
    basisDays: growth.days,
    points,
    fullInDays,
  };
}

function growthOf({ done, stored }: SitePast, now: number) {
  const ended = done.filter(({ bytesBefore, endedAt }) => bytesBefore !== null && endedAt !== null);
  const first = Math.min(...ended.map(({ startedAt }) => startedAt));
  const span = (now - first) / DAY_MS;
  // One rotation says how much was there, not how fast it came.
  if (ended.length >= 2 && span > 0) {
    const last = Math.max(...ended.map(({ startedAt }) => startedAt));
    const firstBytes = ended.filter(({ startedAt }) => startedAt === first);
    const bytes = ended.reduce((sum, { bytesBefore }) => sum + (bytesBefore ?? 0), 0);
    const counted = bytes - firstBytes.reduce((sum, { bytesBefore }) => sum + (bytesBefore ?? 0), 0);
    const days = Math.max((last - first) / DAY_MS, 1 / 24);
    const weeks = new Map<number, number>();
    for (const { startedAt, bytesBefore } of ended) {
      const week = Math.floor((now - startedAt) / (WEEK_DAYS * DAY_MS));
      weeks.set(week, (weeks.get(week) ?? 0) + (bytesBefore ?? 0));
    }
    const busiest = days >= WEEK_DAYS ? Math.max(...weeks.values()) / WEEK_DAYS : counted / days;
    return { bytesPerDay: counted / days, highBytesPerDay: busiest, basis: 'rotations' as const, days };
  }
  if (stored !== null && stored.days > 0) {
    const rate = stored.bytes / stored.days;
    return { bytesPerDay: rate, highBytesPerDay: rate, basis: 'log_store' as const, days: stored.days };
  }
  return { bytesPerDay: 0, highBytesPerDay: 0, basis: 'none' as const, days: 0 };
}

function ratioOf(policy: RotationPolicy, { done }: SitePast): number {
  if (policy.compress === 'none') return 1;
  const known = done.filter(({ bytesBefore, bytesAfter }) => (bytesBefore ?? 0) > 0 && bytesAfter !== null);
  const before = known.reduce((sum, { bytesBefore }) => sum + (bytesBefore ?? 0), 0);
  const after = known.reduce((sum, { bytesAfter }) => sum + (bytesAfter ?? 0), 0);
  // A policy that did not compress so far says nothing about one that does.
  return before === 0 || after >= before ? USUAL_RATIO[policy.compress] : after / before;
}

/** Days between two rotations of a file: the schedule's, the age's, or the time in which it reaches its size; the shortest. */
function rotationEvery(policy: RotationPolicy, bytesPerDay: number, files: number, now: number): number {
  const { schedule, bytes, ageMs } = policy.when;
  const pauses: number[] = [];
  if (schedule !== null) {
    const next = cronTimes(schedule, now, 13);
    if (next.ok && next.times.length > 1)
      pauses.push(((next.times.at(-1) ?? 0) - (next.times[0] ?? 0)) / (next.times.length - 1) / DAY_MS);
  }
  if (ageMs !== null) pauses.push(ageMs / DAY_MS);
  if (bytes !== null && bytesPerDay > 0) pauses.push(bytes / (bytesPerDay / Math.max(1, files)));
  return pauses.length === 0 ? Number.POSITIVE_INFINITY : Math.max(Math.min(...pauses), 1 / 1440);
}

function spaceAt(
  policy: RotationPolicy,
  past: SitePast,
  ratio: number,
  everyDays: number,
  bytesPerDay: number,
  day: number,
  now: number,
): {
  readonly archiveBytes: number;
  readonly liveBytes: number;
  readonly totalBytes: number;
  readonly segments: number;
} {
  const files = Math.max(1, past.live.length);
  const { count, days: keepDays, lockDays } = policy.keep;
  const liveNow = past.live.reduce((sum, { bytes }) => sum + bytes, 0);
  if (everyDays === Number.POSITIVE_INFINITY) {
    const archiveBytes = past.segments.reduce((sum, { storedBytes }) => sum + storedBytes, 0);
    const liveBytes = liveNow + bytesPerDay * day;
    return { archiveBytes, liveBytes, totalBytes: archiveBytes + liveBytes, segments: past.segments.length };
  }
  // The oldest age that a segment can have: the lock wins over number and age.
  const byCount = count === null ? Number.POSITIVE_INFINITY : count * everyDays;
  const byAge = keepDays ?? Number.POSITIVE_INFINITY;
  const longest = Math.max(Math.min(byCount, byAge), lockDays);
  const made = Math.min(day, longest);
  const rotations = Math.floor(made / everyDays);
  const old = past.segments.filter(({ rotatedAt }) => (now - rotatedAt) / DAY_MS + day <= longest);
  const oldBytes = old.reduce((sum, { storedBytes }) => sum + storedBytes, 0);
  const archiveBytes = Math.round(oldBytes + rotations * everyDays * bytesPerDay * ratio);
  // At its largest: just before a rotation. With delayed compression the newest rotated one is plain, too.
  const plain = policy.delayCompress && rotations > 0 ? everyDays * bytesPerDay * (1 - ratio) : 0;
  const liveBytes = Math.round(day === 0 ? liveNow : Math.max(everyDays * bytesPerDay, 0) + plain);
  return {
    archiveBytes,
    liveBytes,
    totalBytes: archiveBytes + liveBytes,
    segments: old.length + rotations * files,
  };
}
