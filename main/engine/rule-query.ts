import { RuleFault, type VectorElement } from './alerts/rules/evaluate.ts';
import type { PromqlEngine } from './promql/engine.ts';

/** The query of a rule: a vector, or a scalar as one element without labels. */
export function ruleQuery(
  engine: PromqlEngine,
  signal?: AbortSignal,
): (expr: string, at: number) => Promise<readonly VectorElement[]> {
  return async (expr, at) => {
    const result = await engine.instant(expr, at, signal);
    if (!result.ok) throw new RuleFault(result.error.message.en);
    const { value } = result;
    if (value.type === 'vector') return value.series;
    if (value.type === 'scalar') return [{ labels: [], value: value.value }];
    throw new RuleFault('rule result is not a vector or scalar');
  };
}
