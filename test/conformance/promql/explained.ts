import { unwrap } from '../../../main/engine/promql/ast.ts';
import { parseExpression } from '../../../main/engine/promql/parser.ts';
import type { When } from './cases.ts';

/** A mistake of Prometheus 2.42 that the console does not make, or what it leaves to chance; docs/promql.md tells of each. */
type Known = {
  readonly why: string;
  /** Whether it can show in this expression. As narrow as can be told from the text. */
  readonly shows: (text: string, when: When) => boolean;
};

const COUNT_BY =
  /count_values\s+by\s*\(([^()]*)\)\s*\(\s*["'`](\w+)|count_values\s*\(\s*["'`](\w+)["'`].*\)\s*by\s*\(([^()]*)\)/gi;

const KNOWN: readonly Known[] = [
  {
    why: 'count_values by (three labels) forgets one of them after the first step',
    shows: (text, when) => {
      // It appends to a slice with room to spare and sorts that, which happens with 3, 5, 6 or 7 labels.
      const steps = 'stepMs' in when || text.includes(':');
      const counts = [...text.matchAll(COUNT_BY)].map(
        ([, before, , , after]) =>
          (before ?? after ?? '').split(',').filter((one) => one.trim() !== '').length,
      );
      return steps && counts.some((labels) => labels === 3 || (labels > 4 && labels < 8));
    },
  },
  {
    why: 'an @ inside a subquery that is moved forwards by its own length is moved, too',
    // It turns @ into offsets again for each subquery, but not when that begins when the query does.
    shows: (text) => text.includes('@') && FORWARDS.test(text),
  },
  {
    why: 'which of 0 and −0 a quantile takes is left to an unstable sort; count_values tells them apart',
    shows: (text) => /count_values/i.test(text) && /quantile/i.test(text),
  },
  {
    why: 'a range vector with @, or a string, fails when it is the whole of an expression in parentheses',
    shows: (text, when) => 'time' in when && isWrapped(text),
  },
];

function isWrapped(text: string): boolean {
  const expr = parseExpression(text);
  const inner = unwrap(expr);
  if (expr.kind !== 'paren' || inner.kind === 'string') return expr.kind === 'paren';
  const node = inner.kind === 'matrix' ? inner.selector : inner;
  return (inner.kind === 'matrix' || inner.kind === 'subquery') && 'pinned' in node && node.pinned !== null;
}

/** A subquery that is moved forwards by as much as it reaches back; and then its first step is the query's. */
const FORWARDS = /\[(\w+):\w*\](?:\s*@\s*[\w.()+-]+)?\s+offset\s+-\s*\1\b/i;

/** Why an answer of Prometheus's to this expression may be wrong, or null. */
export function knownMistake(text: string, when: When): string | null {
  return KNOWN.find(({ shows }) => shows(text, when))?.why ?? null;
}
