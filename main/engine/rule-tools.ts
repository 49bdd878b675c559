import type { RuleGroup, RuleProblem } from './alerts/rules/model.ts';
import { type ReadRules, readRuleFile } from './alerts/rules/rule-file.ts';
import { runRuleTests } from './alerts/rules/run-tests.ts';
import { type ReadTests, readTestFile, type TestFile } from './alerts/rules/test-file.ts';
import type { TestStore } from './alerts/rules/test-store.ts';
import { createPromqlEngine, type PromqlEngine } from './promql/engine.ts';
import { ruleQuery } from './rule-query.ts';

export type { RuleGroup, RuleProblem };

/** What is wrong with an expression, in English with its column, or null. */
function checkExpression({ check }: PromqlEngine): (expr: string) => string | null {
  return (expr) => {
    const checked = check(expr);
    return checked.ok ? null : checked.error.message.en;
  };
}

function engineOver(
  store: TestStore | { readonly select: () => readonly never[] },
  subqueryStepMs: number,
): PromqlEngine {
  return createPromqlEngine({ source: store, monotonic: () => performance.now(), subqueryStepMs });
}

/** Reads a rule file and checks its expressions and templates. */
export function checkRules(text: string): ReadRules {
  return readRuleFile(text, checkExpression(engineOver({ select: () => [] }, 60_000)));
}

/** Reads a test file in promtool's form. */
export function readRuleTests(text: string): ReadTests {
  return readTestFile(text);
}

/** Runs a test file over rule groups; gives what failed. */
export function testRules(file: TestFile, groups: readonly RuleGroup[]): Promise<readonly string[]> {
  return runRuleTests(file, groups, (store, subqueryStepMs) => ruleQuery(engineOver(store, subqueryStepMs)));
}
