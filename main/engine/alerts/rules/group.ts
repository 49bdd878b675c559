import { type Labels, labelsKey } from '#shared/domain/labels.ts';
import type { AlertStates } from './alert-state.ts';
import { evaluateRule, type RuleQueries, type VectorElement } from './evaluate.ts';
import type { RuleGroup } from './model.ts';

/** What is remembered of a rule from one evaluation to the next. */
export type RuleState = {
  readonly alerts: AlertStates;
  /** The series that the last good evaluation gave, by key. */
  readonly given: ReadonlyMap<string, Labels>;
  /** Why the last evaluation failed; null when it did not. */
  readonly why: string | null;
};

/** The state of a group's rules, in their order. */
export type GroupState = readonly RuleState[];

/** Where the series that rules give go to. They must be readable at once: the next rule of the group may ask for them. */
export type WriteSeries = (
  at: number,
  series: readonly VectorElement[],
  /** Series that ended. */
  ended: readonly Labels[],
) => Promise<void>;

const FRESH: RuleState = { alerts: new Map(), given: new Map(), why: null };

/** The state of a group that was never evaluated. */
export function freshState(group: RuleGroup): GroupState {
  return group.rules.map(() => FRESH);
}

/**
 * Evaluates the rules of a group one after another at a time. A rule that fails keeps its series as they are; the others are
 * evaluated all the same.
 */
export async function evaluateGroup(
  group: RuleGroup,
  state: GroupState,
  at: number,
  queries: RuleQueries,
  write: WriteSeries,
): Promise<GroupState> {
  const next: RuleState[] = [];
  for (const [index, rule] of group.rules.entries()) {
    const before = state[index] ?? FRESH;
    const outcome = await evaluateRule(rule, before.alerts, group.limit, at, queries);
    if (!outcome.ok) {
      next.push({ alerts: outcome.alerts, given: before.given, why: outcome.why });
      continue;
    }
    const given = new Map(outcome.series.map(({ labels }) => [labelsKey(labels), labels]));
    const ended = [...before.given].filter(([key]) => !given.has(key)).map(([, labels]) => labels);
    await write(at, outcome.series, ended);
    next.push({ alerts: outcome.alerts, given, why: null });
  }
  return next;
}
