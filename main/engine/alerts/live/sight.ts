import { type BlindPolicy, type RulePolicy, rulePolicySchema } from '#shared/contract/rules-authoring.ts';
import { type Labels, labelsKey, labelsToRecord, labelValue } from '#shared/domain/labels.ts';
import type { ActiveAlert } from '../rules/alert-state.ts';
import type { Blind, OnBlind, Supplement } from '../rules/evaluate.ts';
import type { AlertingRule } from '../rules/model.ts';

/**
 * Whether there is what an expression asks for: now (`present`), not now but within the last day (`lost`), or neither
 * (`none`). With labels, only of series that have them or do not have a label of that name.
 */
export type LookForInputs = (
  expr: string,
  at: number,
  labels: Readonly<Record<string, string>> | null,
) => 'present' | 'lost' | 'none';

/** How far a rule could see at its last evaluation. */
export type Sight = {
  readonly state: 'ok' | 'no_data' | 'stale' | 'error';
  readonly since: number;
  /** How the expression as a whole stands, whatever single alerts lost. */
  readonly whole: 'ok' | 'no_data' | 'stale';
  /** Alerts whose series ended while they were active. */
  readonly lost: readonly Labels[];
  /** When it was last looked whether the expression's series are there. */
  readonly lookedAt: number;
  /** Of when this is. */
  readonly at: number;
  /** Until then nothing is told: after a start or a sleep, targets have to be asked first. */
  readonly graceUntil: number;
};

/** What holds for a rule of which nothing else was said. */
export const DEFAULT_POLICY: RulePolicy = rulePolicySchema.parse({});

/** The label of an alert that a rule gives because it cannot see. */
const STATE_LABEL = 'rule_state';

/** Targets that were not asked for a while are asked within this time again. */
const GRACE_MS = 60_000;
/** Evaluations that are missing before the console counts as having been away. */
const AWAY_INTERVALS = 3;

/** Whether the series of a rule that finds nothing are there is looked at this often; a rule that finds something sees. */
const LOOK_EVERY_MS = 60_000;

const NO_SIGHT: Sight = {
  state: 'ok',
  since: 0,
  whole: 'ok',
  lost: [],
  lookedAt: Number.NEGATIVE_INFINITY,
  at: 0,
  graceUntil: 0,
};
const ALL_GONE: Supplement = { held: () => null, added: [] };

/** Looks on while one evaluation runs. */
export type SightWatch = {
  readonly onBlind: OnBlind;
  /** How far the rule saw, once the evaluation is over. */
  readonly end: (why: string | null) => Sight;
};

/** Which of its policies decides in a state; seeing needs none. */
export function policyIn(policy: RulePolicy, state: Sight['state']): BlindPolicy {
  if (state === 'no_data') return policy.noData;
  if (state === 'stale') return policy.stale;
  return state === 'error' ? policy.error : 'ok';
}

/**
 * Watches one evaluation of an alerting rule. With policies that say `tell`, its alerts are exactly Prometheus's.
 *
 * @param before how far it saw last; undefined before its first evaluation
 * @param intervalMs time between two evaluations, as planned
 */
export function watchSight(
  rule: AlertingRule,
  before: Sight | undefined,
  policy: RulePolicy,
  at: number,
  look: LookForInputs,
  intervalMs: number,
): SightWatch {
  const last = before ?? NO_SIGHT;
  const wasAway = before === undefined || at - last.at > Math.max(GRACE_MS, AWAY_INTERVALS * intervalMs);
  const graceUntil = wasAway ? at + GRACE_MS : last.graceUntil;
  const own = new Set(['alertname', ...rule.labels.map(([name]) => name)]);
  const lookFor = (labels: Labels): ReturnType<LookForInputs> =>
    look(rule.expr, at, withoutOwn(labelsToRecord(labels), own));
  let whole: Sight['whole'] = 'ok';
  let { lookedAt } = last;
  const lost = new Map<string, Labels>();

  const onBlind = (blind: Blind): Supplement | null => {
    if (blind.fault !== null) {
      const chosen = policy.error;
      // Null leaves it to Prometheus's way: alerts stay as they are, and nothing is written.
      if (chosen === 'tell') return null;
      if (chosen === 'ok') return ALL_GONE;
      return { held: (alert) => alert, added: chosen === 'alert' ? [blindElement('error')] : [] };
    }
    const ended = new Set<ActiveAlert>();
    for (const alert of blind.vanished) {
      if (labelValue(alert.labels, STATE_LABEL) !== '' || lookFor(alert.labels) !== 'lost') continue;
      ended.add(alert);
      lost.set(labelsKey(alert.labels), alert.labels);
    }
    if (blind.found === 0) whole = lookAtWhole();
    return supplement(blind, ended);
  };

  /** Whether there is anything that the expression asks for. */
  const lookAtWhole = (): Sight['whole'] => {
    if (at < graceUntil || (last.state !== 'error' && at - last.lookedAt < LOOK_EVERY_MS)) return last.whole;
    lookedAt = at;
    const inputs = look(rule.expr, at, null);
    return inputs === 'present' ? 'ok' : inputs === 'lost' ? 'stale' : 'no_data';
  };

  const supplement = (blind: Blind, ended: ReadonlySet<ActiveAlert>): Supplement | null => {
    const added = policyIn(policy, whole) === 'alert' ? [blindElement(whole)] : [];
    const held = (alert: ActiveAlert): ActiveAlert | null => {
      if (ended.has(alert)) {
        if (policy.stale === 'keep') return alert.phase === 'firing' ? alert : null;
        if (policy.stale === 'alert')
          return alert.phase === 'firing' ? alert : { ...alert, phase: 'firing', firedAt: at };
        return null;
      }
      return whole === 'no_data' && policy.noData === 'keep' && alert.phase === 'firing' ? alert : null;
    };
    const isHeld = blind.vanished.some((alert) => held(alert) !== null);
    return added.length > 0 || isHeld ? { held, added } : null;
  };

  return {
    onBlind,
    end: (why) => {
      if (why !== null) {
        const since = last.state === 'error' ? last.since : at;
        return { ...last, state: 'error', since, at, graceUntil };
      }
      // Those that ended earlier and were not held are looked at again, until their series are back or forgotten.
      const due = at - last.lookedAt >= LOOK_EVERY_MS;
      if (due) lookedAt = at;
      for (const labels of last.lost)
        if (!lost.has(labelsKey(labels)) && (!due || lookFor(labels) === 'lost'))
          lost.set(labelsKey(labels), labels);
      const state = whole === 'ok' && lost.size > 0 && at >= graceUntil ? 'stale' : whole;
      const since = state === last.state && before !== undefined ? last.since : at;
      return { state, since, whole, lost: [...lost.values()], lookedAt, at, graceUntil };
    },
  };
}

/** How far a recording rule sees: it fails or does not. */
export function recordingSight(before: Sight | undefined, why: string | null, at: number): Sight {
  const state = why === null ? 'ok' : 'error';
  return { ...NO_SIGHT, state, since: before?.state === state ? before.since : at, at };
}

function blindElement(state: Sight['state']): { readonly labels: Labels; readonly value: number } {
  return { labels: [STATE_LABEL, state], value: Number.NaN };
}

function withoutOwn(
  labels: Readonly<Record<string, string>>,
  own: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !own.has(name)));
}
