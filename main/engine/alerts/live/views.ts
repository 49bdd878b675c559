import type { ActiveRuleAlert, LiveGroup, LiveRule } from '#shared/contract/rules.ts';
import type { RulePolicy } from '#shared/contract/rules-authoring.ts';
import { labelsToRecord } from '#shared/domain/labels.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import { starterTitle } from '../authoring/starter/index.ts';
import { type ActiveAlert, activeOf } from '../rules/alert-state.ts';
import { templateSource } from '../template/expand.ts';
import type { RunningGroup, RunningRule } from './runner.ts';
import { DEFAULT_POLICY, policyIn, type Sight } from './sight.ts';

/** A value as Prometheus shows it of an alert: the shortest digits with an exponent of at least two. */
function alertValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const text = Object.is(value, -0) ? '-0e+0' : value.toExponential();
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

function showAlert(alert: ActiveAlert): ActiveRuleAlert {
  return {
    labels: labelsToRecord(alert.labels),
    annotations: { ...alert.annotations },
    state: alert.phase === 'firing' ? 'firing' : 'pending',
    activeAt: alert.activeAt,
    keepFiringSince: alert.keepFiringSince,
    value: alertValue(alert.value),
  };
}

function showSight({ state, since, lost }: Sight, policy: RulePolicy): NonNullable<LiveRule['sight']> {
  return {
    state,
    since,
    told: policyIn(policy, state) === 'tell',
    lost: lost.map((labels) => labelsToRecord(labels)),
  };
}

/** A rule as the contract shows it. */
function showRule(
  { rule, state, evaluatedAt, evaluationMs, sight }: RunningRule,
  title: Bilingual | undefined,
  policy: RulePolicy = DEFAULT_POLICY,
): LiveRule {
  const alerts = activeOf(state.alerts).map(showAlert);
  const shared = {
    kind: rule.kind,
    name: rule.name,
    ...(title === undefined ? {} : { title }),
    expr: rule.expr,
    health: evaluatedAt === null ? 'unknown' : state.why === null ? 'ok' : 'err',
    lastEvaluation: evaluatedAt,
    evaluationMs,
    lastError: state.why,
    ...(sight === undefined ? {} : { sight: showSight(sight, policy) }),
    alerts,
  } as const;
  if (rule.kind === 'recording')
    return {
      ...shared,
      labels: Object.fromEntries(rule.labels),
      annotations: {},
      forMs: 0,
      keepFiringForMs: 0,
      state: 'inactive',
    };
  const texts = (templates: typeof rule.labels): Record<string, string> =>
    Object.fromEntries(templates.map(([name, template]) => [name, templateSource(template)]));
  return {
    ...shared,
    labels: texts(rule.labels),
    annotations: texts(rule.annotations),
    forMs: rule.forMs,
    keepFiringForMs: rule.keepFiringForMs,
    state: alerts.some((alert) => alert.state === 'firing')
      ? 'firing'
      : alerts.length > 0
        ? 'pending'
        : 'inactive',
  };
}

/** A group as the contract shows it. */
export function showGroup(running: RunningGroup): LiveGroup {
  const { file, group, intervalMs, evaluatedAt, evaluationMs, missed, totals, rules, policies } = running;
  return {
    file,
    name: group.name,
    intervalMs,
    limit: group.limit,
    lastEvaluation: evaluatedAt,
    evaluationMs,
    missed,
    totals,
    rules: rules.map((each) => showRule(each, starterTitle(file, each.rule.name), policies[each.rule.name])),
  };
}
