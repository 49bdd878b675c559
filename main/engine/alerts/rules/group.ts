import { type Labels, labelsKey } from '#shared/domain/labels.ts';
import type { AlertStates } from './alert-state.ts';
import { evaluateRule, type OnBlind, RuleFault, type RuleQueries, type VectorElement } from './evaluate.ts';
import type { Rule, RuleGroup } from './model.ts';

/** What is remembered of a rule from one evaluation to the next. */
export type RuleState = {
  readonly alerts: AlertStates;
  /** The series that the last good evaluation gave, by key. */
  readonly given: ReadonlyMap<string, Labels>;
  /** Why the last evaluation failed; null when it did not. */
  readonly why: string | null;
  /**
   * False after a start until it is known since when its alerts were active before. Until then nothing is written of them, so
   * that what the store knows of them is not overwritten.
   */
  readonly isRestored: boolean;
};

/** The state of a group's rules, in their order. */
export type GroupState = readonly RuleState[];

/**
 * Where the series that rules give go to. They must be readable at once: the next rule of the group may ask for them. Rejects
 * with {@link RuleFault} when they cannot be kept.
 */
export type WriteSeries = (
  at: number,
  series: readonly VectorElement[],
  /** Series that ended. */
  ended: readonly Labels[],
) => Promise<void>;

/** The state of a rule that was never evaluated. */
export const FRESH_RULE: RuleState = { alerts: new Map(), given: new Map(), why: null, isRestored: true };

/** The state of a group that was never evaluated. */
export function freshState(group: RuleGroup): GroupState {
  return group.rules.map(() => FRESH_RULE);
}

/**
 * Evaluates a rule at a time, and writes what it gives. One that fails keeps its series as they are.
 *
 * @param limit how many alerts or series it may give; 0 is without limit
 * @param onBlind what happens when it cannot say anything; without it, what happens in Prometheus
 */
export async function advanceRule(
  rule: Rule,
  before: RuleState,
  limit: number,
  at: number,
  queries: RuleQueries,
  write: WriteSeries,
  onBlind?: OnBlind,
): Promise<RuleState> {
  const outcome = await evaluateRule(rule, before.alerts, limit, at, queries, onBlind);
  if (!outcome.ok) return { ...before, alerts: outcome.alerts, why: outcome.why };
  const series = before.isRestored || rule.kind === 'recording' ? outcome.series : [];
  const given = new Map(series.map(({ labels }) => [labelsKey(labels), labels]));
  const ended = [...before.given].filter(([key]) => !given.has(key)).map(([, labels]) => labels);
  try {
    await write(at, series, ended);
  } catch (thrown) {
    if (thrown instanceof RuleFault) return { ...before, alerts: outcome.alerts, why: thrown.message };
    throw thrown;
  }
  return { ...before, alerts: outcome.alerts, given, why: outcome.why };
}

/** Evaluates the rules of a group one after another at a time; one that fails does not hinder the others. */
export async function evaluateGroup(
  group: RuleGroup,
  state: GroupState,
  at: number,
  queries: RuleQueries,
  write: WriteSeries,
): Promise<GroupState> {
  const next: RuleState[] = [];
  for (const [index, rule] of group.rules.entries())
    next.push(await advanceRule(rule, state[index] ?? FRESH_RULE, group.limit, at, queries, write));
  return next;
}
