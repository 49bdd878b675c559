import type { PointDecision, RetentionPolicy } from '#shared/contract/backup-retention.ts';
import { type AppError, appError, type Bilingual } from '#shared/errors/index.ts';
import { formatDuration } from '#shared/units/duration.ts';
import { type Calendar, calendarOf } from './calendar.ts';
import { applyRules, hasRule } from './rules.ts';

/** What retention looks at of a point. */
export type RetainedPoint = {
  readonly id: string;
  /** Order in which this console first saw it: the clock may lie, this does not. */
  readonly seq: number;
  readonly parentId: string | null;
  readonly type: 'full' | 'incremental' | 'differential';
  /** When its run started, UTC milliseconds. */
  readonly takenAt: number;
  readonly state: 'complete' | 'broken' | 'missing';
  /** It was read back and every hash compared, and nothing has been found wrong since. */
  readonly verified: boolean;
  /** It lacks a part of what the plan covers, such as a database that could not be dumped. */
  readonly isPartial: boolean;
};

/** Why a point must stay, whatever the policy says. */
export type Guard = { readonly pointId: string; readonly reason: Bilingual };

/** Everything that a decision depends on. */
export type RetentionFacts = {
  /** Points of one plan, in any order. */
  readonly points: readonly RetainedPoint[];
  /** Null keeps everything. */
  readonly policy: RetentionPolicy | null;
  /** Time zone where the policy names none. */
  readonly timeZone: string;
  readonly now: number;
  /** The latest time that this console's clock ever showed; null when it is not known. */
  readonly latestNow: number | null;
  /** Points up to this order were looked at by an operator, who says that their order is no lie. */
  readonly acceptedSeq: number;
  /** Points whose times an operator found to be wrong: they stay, and count for no rule. */
  readonly distrusted: ReadonlySet<string>;
  /** Legal holds, points in use, points that are not copied yet. */
  readonly guards: readonly Guard[];
  /** Points of this plan with a mass change that nobody acknowledged. */
  readonly alarms: readonly string[];
};

/** What is decided: of each point, in the order of the points; with a refusal everything stays. */
export type RetentionDecision = {
  readonly refusal: AppError | null;
  readonly points: readonly PointDecision[];
};

/** Clocks are corrected by seconds all the time; less than this is not "moved". */
export const CLOCK_TOLERANCE_MS = 300_000;

/**
 * Decides which points stay. Pure, and on the safe side wherever two facts disagree:
 *
 * - a point that any rule keeps stays, and so does everything that it builds on;
 * - damaged or unverified points never push a sound one out: the rules are applied to the sound points alone and to all;
 * - the newest point and the newest verified restorable one stay; without a verified restorable point everything stays;
 * - what was never verified, is not at hand, is held, in use, or not yet copied stays;
 * - a point whose time contradicts the order in which points were first seen stays, and counts for no rule;
 * - a clock that moved back, points from the future and an unacknowledged mass change refuse the whole.
 */
export function decideRetention(
  facts: RetentionFacts,
  calendar: Calendar = calendarOf(facts.policy?.timeZone ?? facts.timeZone),
): RetentionDecision {
  const { points, policy } = facts;
  if (policy === null || !hasRule(policy))
    return keepAll(points, { zh: '没有保留规则：全部保留', en: 'no retention rule: everything is kept' });
  const refusal = refusalOf(facts);
  if (refusal !== null) return { ...keepAll(points, refusal.message), refusal };

  const chains = new Chains(points);
  const isSound = (point: RetainedPoint): boolean =>
    point.state === 'complete' && point.verified && !point.isPartial && chains.isWhole(point);
  const sound = points.filter(isSound);
  const lastSound = newestSeen(sound);
  if (lastSound === null)
    return keepAll(points, {
      zh: '没有已校验的可恢复点：不删除任何恢复点',
      en: 'there is no verified restorable point: nothing is removed',
    });

  const kept = new Map<string, Bilingual[]>();
  const keep = (id: string, reason: Bilingual): void => {
    const reasons = kept.get(id) ?? [];
    if (!reasons.some((known) => known.en === reason.en)) reasons.push(reason);
    kept.set(id, reasons);
  };
  const contradicting = contradictions(facts);
  const dated = points.filter((point) => !contradicting.has(point.id) && !facts.distrusted.has(point.id));
  const datedSound = dated.filter(isSound);
  for (const group of datedSound.length === dated.length ? [dated] : [datedSound, dated])
    for (const [id, reasons] of applyRules(group, policy, calendar))
      for (const reason of reasons) keep(id, reason);
  for (const point of points)
    for (const reason of safeguards(point, facts, lastSound, contradicting)) keep(point.id, reason);
  const newest = newestSeen(points);
  if (newest !== null) keep(newest.id, { zh: '最新的恢复点', en: 'the newest point' });
  keep(lastSound.id, { zh: '最近的已校验可恢复点', en: 'the newest verified restorable point' });
  for (const { pointId, reason } of facts.guards) keep(pointId, reason);
  for (const id of [...kept.keys()])
    for (const link of chains.below(id))
      keep(link, { zh: `恢复点 ${short(id)} 需要它`, en: `point ${short(id)} needs it` });

  return {
    refusal: null,
    points: points.map(({ id }) => {
      const reasons = kept.get(id);
      return reasons === undefined
        ? { pointId: id, keep: false, reasons: [{ zh: '没有规则保留它', en: 'no rule keeps it' }] }
        : { pointId: id, keep: true, reasons };
    }),
  };
}

const short = (id: string): string => id.slice(0, 8);

function keepAll(points: readonly RetainedPoint[], reason: Bilingual): RetentionDecision {
  return {
    refusal: null,
    points: points.map(({ id }) => ({ pointId: id, keep: true, reasons: [reason] })),
  };
}

function newestSeen(points: readonly RetainedPoint[]): RetainedPoint | null {
  return points.reduce<RetainedPoint | null>(
    (best, point) => (best === null || point.seq > best.seq ? point : best),
    null,
  );
}

/** Why nothing at all may be removed now; null when it may. */
export function refusalOf(facts: RetentionFacts): AppError | null {
  const { now, latestNow, points, distrusted, alarms } = facts;
  if (latestNow !== null && latestNow > now + CLOCK_TOLERANCE_MS)
    return appError('RETENTION_CLOCK_BACK', {
      by: formatDuration(Math.round((latestNow - now) / 1000) * 1000),
      latest: new Date(latestNow).toISOString(),
    });
  const future = points.filter(
    (point) => point.takenAt > now + CLOCK_TOLERANCE_MS && !distrusted.has(point.id),
  );
  const first = future[0];
  if (first !== undefined)
    return appError('RETENTION_FUTURE_POINTS', {
      count: future.length,
      point: short(first.id),
      at: new Date(first.takenAt).toISOString(),
    });
  const alarm = alarms[0];
  if (alarm !== undefined) return appError('RETENTION_MASS_CHANGE', { point: short(alarm) });
  return null;
}

/** Points that say to be older than one that was seen before them. */
function contradictions({ points, acceptedSeq, distrusted }: RetentionFacts): ReadonlySet<string> {
  const found = new Set<string>();
  let latest = Number.NEGATIVE_INFINITY;
  for (const point of points.toSorted((a, b) => a.seq - b.seq)) {
    if (distrusted.has(point.id)) continue;
    const isAccepted = point.seq <= acceptedSeq;
    if (!isAccepted && point.takenAt < latest - CLOCK_TOLERANCE_MS) found.add(point.id);
    // A point that contradicts the order is no measure for those after it.
    else latest = Math.max(latest, point.takenAt);
  }
  return found;
}

/** Why a point stays whatever the rules say. */
function safeguards(
  point: RetainedPoint,
  { policy, now, distrusted }: RetentionFacts,
  lastSound: RetainedPoint,
  contradicting: ReadonlySet<string>,
): readonly Bilingual[] {
  const reasons: Bilingual[] = [];
  const minAgeMs = policy?.minAgeMs ?? null;
  if (minAgeMs !== null && now - point.takenAt < minAgeMs)
    reasons.push({
      zh: `未满最短保留时间 ${formatDuration(minAgeMs)}`,
      en: `younger than the minimum age of ${formatDuration(minAgeMs)}`,
    });
  if (contradicting.has(point.id))
    reasons.push({
      zh: '时间与首次发现的顺序矛盾，须人工核实',
      en: 'its time contradicts the order in which points were first seen; somebody has to look',
    });
  if (distrusted.has(point.id))
    reasons.push({ zh: '时间不可信（操作员已标记）', en: 'its time is wrong, as an operator found' });
  if (point.state === 'missing')
    reasons.push({
      zh: '归档不在手边（介质未接入）',
      en: 'its archive is not at hand (medium not connected)',
    });
  else if (!point.verified && point.state === 'complete')
    reasons.push({ zh: '尚未校验', en: 'it was never verified' });
  if (point.seq > lastSound.seq)
    reasons.push({
      zh: '比最近的已校验可恢复点更新',
      en: 'it is newer than the last verified restorable point',
    });
  return reasons;
}

/** Who builds on whom. */
class Chains {
  readonly #byId: ReadonlyMap<string, RetainedPoint>;

  constructor(points: readonly RetainedPoint[]) {
    this.#byId = new Map(points.map((point) => [point.id, point]));
  }

  /** Ids of everything that a point builds on, as far as it is known; the nearest first. */
  *below(id: string): Generator<string, void, void> {
    const seen = new Set([id]);
    for (let at = this.#byId.get(id)?.parentId ?? null; at !== null && !seen.has(at); ) {
      const point = this.#byId.get(at);
      if (point === undefined) return;
      seen.add(at);
      yield at;
      at = point.parentId;
    }
  }

  /** True when everything that a restore of the point reads is at hand and intact. */
  isWhole(point: RetainedPoint): boolean {
    let last = point;
    for (const id of this.below(point.id)) {
      const link = this.#byId.get(id);
      if (link === undefined || link.state !== 'complete' || !link.verified) return false;
      last = link;
    }
    return last.type === 'full' && last.parentId === null;
  }
}
