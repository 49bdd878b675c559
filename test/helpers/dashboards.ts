import { parseExpression } from '../../main/engine/promql/parser.ts';

/** What is wrong with a PromQL expression, or null. */
export function expressionFault(expr: string): string | null {
  try {
    parseExpression(expr);
    return null;
  } catch (thrown) {
    return String(thrown);
  }
}
