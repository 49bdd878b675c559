import type { BackupType } from '#shared/contract/backup.ts';
import type { RetentionForecast, RetentionPolicy } from '#shared/contract/backup-retention.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { calendarOf } from './calendar.ts';
import type { Occurrence } from './occurrences.ts';
import { decideRetention, type RetainedPoint } from './policy.ts';

/** What a simulation starts from. */
export type SimulationFacts = {
  readonly points: readonly (RetainedPoint & { readonly bytes: number })[];
  readonly policy: RetentionPolicy | null;
  readonly timeZone: string;
  /** What the schedules ask for from now on. */
  readonly runs: readonly Occurrence[];
  readonly now: number;
  readonly weeks: number;
};

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** Points of a type whose sizes are looked at. */
const RECENT = 10;
const KEPT_SHOWN = 2_000;

type Simulated = RetainedPoint & { readonly bytes: number };

/** The typical size of a plan's last archives of each type; a type that was never made is guessed from the others. */
function typicalBytes(
  points: readonly { readonly seq: number; readonly type: BackupType; readonly bytes: number }[],
): Readonly<Record<BackupType, number>> {
  const of = (type: BackupType): number | null => {
    const sizes = points
      .filter((point) => point.type === type)
      .toSorted((a, b) => b.seq - a.seq)
      .slice(0, RECENT)
      .map(({ bytes }) => bytes)
      .sort((a, b) => a - b);
    return sizes.length === 0 ? null : (sizes[sizes.length >> 1] ?? null);
  };
  const full = of('full') ?? 0;
  // A twentieth changes between two runs, as a first guess that the plan's own runs replace.
  const incremental = of('incremental') ?? Math.round(full / 20);
  return { full, incremental, differential: of('differential') ?? 2 * incremental };
}

/**
 * Plays a policy against the past and some weeks to come: runs as the schedules ask, sizes as the plan's last runs, retention
 * once a day. Pure.
 */
export function simulateRetention(facts: SimulationFacts): RetentionForecast {
  const { policy, timeZone, runs, now, weeks } = facts;
  const bytes = typicalBytes(facts.points);
  const calendar = calendarOf(policy?.timeZone ?? timeZone);
  // What is damaged or away today will be neither in the plan; the future is simulated from what counts.
  let points: Simulated[] = facts.points.map((point) => ({
    ...point,
    state: 'complete',
    verified: true,
    isPartial: false,
  }));
  let removed = 0;
  let peakBytes = total(points);
  const steps: RetentionForecast['steps'] = [];
  let made = Math.max(0, ...points.map(({ seq }) => seq));
  let at = 0;
  let reasons = new Map<string, RetentionForecast['kept'][number]['reasons']>();
  for (let day = 0; day <= weeks * 7; day += 1) {
    const until = now + day * DAY_MS;
    for (; at < runs.length && (runs[at]?.at ?? 0) <= until; at += 1) {
      const run = runs[at];
      if (run === undefined) continue;
      made += 1;
      points.push(simulatedRun(points, run, made, bytes[run.type]));
    }
    peakBytes = Math.max(peakBytes, total(points));
    const decided = decideRetention(
      {
        points,
        policy,
        timeZone,
        now: Math.max(until, ...points.slice(-1).map(({ takenAt }) => takenAt)),
        latestNow: null,
        acceptedSeq: Number.MAX_SAFE_INTEGER,
        distrusted: new Set(),
        guards: [],
        alarms: [],
      },
      calendar,
    );
    reasons = new Map(decided.points.map(({ pointId, reasons: why }) => [pointId, [...why]]));
    const stays = new Set(decided.points.filter(({ keep }) => keep).map(({ pointId }) => pointId));
    removed += points.length - stays.size;
    points = points.filter(({ id }) => stays.has(id));
    if (day % 7 === 0) steps.push({ at: until, points: points.length, bytes: total(points), removed });
  }
  const perWeek = runs.filter((run) => run.at <= now + WEEK_MS).length;
  return {
    assumes: {
      zh: `假设：每周约 ${perWeek} 次备份；全备份约 ${formatBytes(bytes.full)}，差异约 ${formatBytes(bytes.differential)}，增量约 ${formatBytes(bytes.incremental)}（取自本计划最近的恢复点）。`,
      en: `Assumed: about ${perWeek} runs a week; a full takes ${formatBytes(bytes.full)}, a differential ${formatBytes(bytes.differential)}, an incremental ${formatBytes(bytes.incremental)}, as this plan's last points did.`,
    },
    steps,
    peakBytes,
    keptTotal: points.length,
    kept: points
      .toReversed()
      .slice(0, KEPT_SHOWN)
      .map((point) => ({
        startedAt: point.takenAt,
        type: point.type,
        bytes: point.bytes,
        reasons: reasons.get(point.id) ?? [],
      })),
  };
}

const total = (points: readonly Simulated[]): number => points.reduce((sum, point) => sum + point.bytes, 0);

/** A run to come, on the point that a real one would build on. */
function simulatedRun(points: readonly Simulated[], run: Occurrence, seq: number, bytes: number): Simulated {
  const full = points.findLast((point) => point.type === 'full') ?? null;
  const type = full === null ? 'full' : run.type;
  const parentId =
    type === 'full' ? null : type === 'differential' ? (full?.id ?? null) : (points.at(-1)?.id ?? null);
  return {
    id: `future-${seq}`,
    seq,
    parentId,
    type,
    takenAt: run.at,
    state: 'complete',
    verified: true,
    isPartial: false,
    bytes,
  };
}
