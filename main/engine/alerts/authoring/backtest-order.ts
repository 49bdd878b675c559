import type { Rule, RuleGroup } from '../rules/model.ts';

/** Names of metrics that an expression asks for; null when it may ask for any. */
export type MetricsOf = (expr: string) => ReadonlySet<string> | null;

/** The series that tell of alerts are asked for under these names. */
export const ALERT_SERIES: readonly string[] = ['ALERTS', 'ALERTS_FOR_STATE'];

/** What a rule writes. */
function written(rule: Rule): readonly string[] {
  return rule.kind === 'recording' ? [rule.name] : ALERT_SERIES;
}

/**
 * Whether each rule of a group can be evaluated over a whole span before the next: none asks for what it or a later one writes,
 * for then it would need that rule's answer of the step before.
 */
export function canRunRuleByRule(group: RuleGroup, metricsOf: MetricsOf): boolean {
  return group.rules.every((rule, index) => {
    const asked = metricsOf(rule.expr);
    if (asked === null || isPinnedToRange(rule.expr)) return false;
    return group.rules.slice(index).every((later) => written(later).every((name) => !asked.has(name)));
  });
}

/** `@ start()` and `@ end()` mean the ends of a query: at each step other ones than over a span. */
function isPinnedToRange(expr: string): boolean {
  return /@\s*(?:start|end)\s*\(/.test(expr);
}

/** Groups in an order in which those that record come before those that ask for it; where they ask for each other, as in the file. */
export function inOrderOfNeed(groups: readonly RuleGroup[], metricsOf: MetricsOf): readonly RuleGroup[] {
  const left = [...groups];
  const ordered: RuleGroup[] = [];
  while (left.length > 0) {
    const free = left.findIndex((group) =>
      left.every((other) => other === group || !asksFor(group, other, metricsOf)),
    );
    ordered.push(...left.splice(Math.max(0, free), 1));
  }
  return ordered;
}

function asksFor(group: RuleGroup, other: RuleGroup, metricsOf: MetricsOf): boolean {
  return group.rules.some(({ expr }) => {
    const asked = metricsOf(expr);
    return asked !== null && other.rules.some((rule) => written(rule).some((name) => asked.has(name)));
  });
}

/** Whether any rule may ask for the series that tell of alerts. */
export function asksForAlerts(groups: readonly RuleGroup[], metricsOf: MetricsOf): boolean {
  return groups.some(({ rules }) =>
    rules.some(({ expr }) => {
      const asked = metricsOf(expr);
      return asked === null || ALERT_SERIES.some((name) => asked.has(name));
    }),
  );
}
