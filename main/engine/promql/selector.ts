import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { PromqlFailure } from './failure.ts';
import { parseExpression } from './parser.ts';
import { REASONS } from './reasons.ts';
import type { SeriesMatcher } from './source.ts';

/**
 * Parses a selector alone, such as `up{job="node"}`, as `match[]` of Prometheus's HTTP API takes it: no range, no
 * `offset`, no `@`, no parentheses.
 */
export function parseSelectorText(text: string): Result<readonly SeriesMatcher[]> {
  try {
    const node = parseExpression(text);
    const isPlain = node.kind === 'selector' && node.offsetMs === 0 && node.pinned === null;
    if (!isPlain) return err(appError('PROMQL_INVALID', { column: 1, why: REASONS.SELECTOR_ONLY }));
    return ok(node.matchers);
  } catch (thrown) {
    if (thrown instanceof PromqlFailure) return err(thrown.error);
    throw thrown;
  }
}
