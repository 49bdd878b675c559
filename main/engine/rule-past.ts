import { type Labels, labelValue, METRIC_NAME } from '#shared/domain/labels.ts';
import type { PastSeries } from './alerts/authoring/backtest.ts';
import { ALERT_SERIES } from './alerts/authoring/backtest-order.ts';
import { RuleFault, type VectorElement } from './alerts/rules/evaluate.ts';
import type { Rule } from './alerts/rules/model.ts';
import { TestStore } from './alerts/rules/test-store.ts';
import { type Expr, unwrap } from './promql/ast.ts';
import { createPromqlEngine, type PromqlDeps } from './promql/engine.ts';
import { PromqlFailure } from './promql/failure.ts';
import { parseExpression } from './promql/parser.ts';
import { ruleQuery } from './rule-query.ts';

/**
 * The stored past, with what a backtest's rules record laid over it. What they recorded themselves when they ran is hidden, so that
 * the two do not mix.
 */
export function openPast(
  deps: Omit<PromqlDeps, 'limits'>,
  rules: readonly Rule[],
  signal: AbortSignal,
): PastSeries {
  const recorded = new Set(rules.flatMap((rule) => (rule.kind === 'recording' ? [rule.name] : [])));
  const alerts = new Set(rules.flatMap((rule) => (rule.kind === 'alerting' ? [rule.name] : [])));
  const isOwn = (labels: Labels): boolean => {
    const name = labelValue(labels, METRIC_NAME);
    return recorded.has(name) || (ALERT_SERIES.includes(name) && alerts.has(labelValue(labels, 'alertname')));
  };
  const overlay = new TestStore();
  let size = 0;
  const { source, rollups, ...others } = deps;
  const engine = createPromqlEngine({
    ...others,
    source: {
      select: (matchers, from, to) => [
        ...source.select(matchers, from, to).filter(({ labels }) => !isOwn(labels)),
        ...overlay.select(matchers, from, to),
      ],
    },
    // Roll-ups know nothing of what is laid over them.
    ...(recorded.size === 0 && rollups !== undefined ? { rollups } : {}),
  });
  return {
    query: ruleQuery(engine, signal),
    range: async (expr, { start, stepMs, count }) => {
      const result = await engine.range(expr, { start, end: start + (count - 1) * stepMs, stepMs }, signal);
      if (!result.ok) throw new RuleFault(result.error.message.en);
      const steps: VectorElement[][] = Array.from({ length: count }, () => []);
      for (const { labels, values, has } of result.value.columns)
        for (let i = 0; i < count; i++) if (has[i] === 1) steps[i]?.push({ labels, value: values[i] ?? 0 });
      return steps;
    },
    write: (at, series, ended) => {
      for (const { labels, value } of series) overlay.add(labels, at, value);
      for (const labels of ended) overlay.add(labels, at, 'stale');
      size += series.length + ended.length;
    },
    size: () => size,
  };
}

/** Names of the metrics that an expression asks for; null when a selector names none or a pattern. */
export function metricsOf(expr: string): ReadonlySet<string> | null {
  try {
    const names = new Set<string>();
    return collectNames(parseExpression(expr), names) ? names : null;
  } catch (thrown) {
    if (thrown instanceof PromqlFailure) return null;
    throw thrown;
  }
}

function collectNames(expr: Expr, into: Set<string>): boolean {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return true;
    case 'paren':
      return collectNames(unwrap(expr), into);
    case 'unary':
      return collectNames(expr.operand, into);
    case 'selector': {
      const name = expr.matchers.find((matcher) => matcher.name === METRIC_NAME && matcher.op === '=');
      if (name === undefined) return false;
      into.add(name.value);
      return true;
    }
    case 'matrix':
      return collectNames(expr.selector, into);
    case 'subquery':
      return collectNames(expr.inner, into);
    case 'call':
      return expr.args.every((each) => collectNames(each, into));
    case 'aggregate':
      return (
        collectNames(expr.operand, into) && (expr.parameter === null || collectNames(expr.parameter, into))
      );
    case 'binary':
      return collectNames(expr.left, into) && collectNames(expr.right, into);
  }
}
