import { SampleBuffer } from '#shared/domain/samples.ts';
import type { LookForInputs } from './alerts/live/sight.ts';
import { type Expr, unwrap } from './promql/ast.ts';
import { PromqlFailure } from './promql/failure.ts';
import { parseExpression } from './promql/parser.ts';
import type { SeriesMatcher, SeriesSource } from './promql/source.ts';

/**
 * What must be there so that an expression can say anything. A comparison that nothing satisfies gives nothing, too; this tells
 * the two apart.
 */
export type Need =
  | { readonly kind: 'nothing' }
  /** Samples between `backMs` before and `offsetMs` before the time of evaluation. */
  | {
      readonly kind: 'series';
      readonly matchers: readonly SeriesMatcher[];
      readonly backMs: number;
      readonly offsetMs: number;
      /** An instant selector does not see a series past its staleness marker; a range sees the samples before it. */
      readonly isInstant: boolean;
    }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Need[] };

const NOTHING: Need = { kind: 'nothing' };
const LOOKBACK_MS = 300_000;
const DAY_MS = 86_400_000;
/** These answer just when there is nothing. */
const SEES_ABSENCE: ReadonlySet<string> = new Set(['absent', 'absent_over_time']);

/** What an expression needs. */
function needsOf(expr: Expr): Need {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return NOTHING;
    case 'paren':
      return needsOf(unwrap(expr));
    case 'unary':
      return needsOf(expr.operand);
    case 'selector':
      // What is pinned to a time is not a matter of now.
      return expr.pinned === null
        ? {
            kind: 'series',
            matchers: expr.matchers,
            backMs: LOOKBACK_MS,
            offsetMs: expr.offsetMs,
            isInstant: true,
          }
        : NOTHING;
    case 'matrix': {
      const { matchers, offsetMs, pinned } = expr.selector;
      return pinned === null
        ? { kind: 'series', matchers, backMs: expr.rangeMs, offsetMs, isInstant: false }
        : NOTHING;
    }
    case 'subquery':
      return expr.pinned === null ? widened(needsOf(expr.inner), expr.rangeMs, expr.offsetMs) : NOTHING;
    case 'call':
      return SEES_ABSENCE.has(expr.name) ? NOTHING : all(expr.args.map(needsOf));
    case 'aggregate':
      return needsOf(expr.operand);
    case 'binary':
      if (expr.op === 'or') return { kind: 'any', of: [needsOf(expr.left), needsOf(expr.right)] };
      if (expr.op === 'unless') return needsOf(expr.left);
      return all([needsOf(expr.left), needsOf(expr.right)]);
  }
}

function all(of: readonly Need[]): Need {
  const some = of.filter(({ kind }) => kind !== 'nothing');
  return some.length === 0 ? NOTHING : (some.length === 1 && some[0]) || { kind: 'all', of: some };
}

/** The need of what is inside a subquery: at any of its times. */
function widened(need: Need, rangeMs: number, offsetMs: number): Need {
  if (need.kind === 'nothing') return need;
  if (need.kind === 'series')
    return { ...need, backMs: need.backMs + rangeMs, offsetMs: need.offsetMs + offsetMs, isInstant: false };
  return { ...need, of: need.of.map((each) => widened(each, rangeMs, offsetMs)) };
}

/** Parsed expressions that are kept: a site has a few hundred rules. */
const MOST_KEPT = 2_000;

/** Looks in the store for what expressions need. */
export function inputsFinder(source: SeriesSource): LookForInputs {
  const needs = new Map<string, Need>();
  const samples = new SampleBuffer();

  const needOf = (expr: string): Need => {
    const known = needs.get(expr);
    if (known !== undefined) return known;
    if (needs.size >= MOST_KEPT) needs.clear();
    const need = parsedNeed(expr);
    needs.set(expr, need);
    return need;
  };

  const isThere = (
    need: Need,
    at: number,
    more: readonly SeriesMatcher[],
    atLeastBackMs: number,
  ): boolean => {
    switch (need.kind) {
      case 'nothing':
        return true;
      case 'all':
        return need.of.every((each) => isThere(each, at, more, atLeastBackMs));
      case 'any':
        return need.of.some((each) => isThere(each, at, more, atLeastBackMs));
      case 'series': {
        const to = at - need.offsetMs;
        const from = to - Math.max(need.backMs, atLeastBackMs);
        // Within the last day it is enough that a sample was there.
        const endCounts = need.isInstant && atLeastBackMs === 0;
        return source.select([...need.matchers, ...more], from, to).some(({ read }) => {
          read(from, to, samples);
          if (samples.length === 0) return false;
          if (endCounts) return !samples.isStale(samples.length - 1);
          for (let i = 0; i < samples.length; i++) if (!samples.isStale(i)) return true;
          return false;
        });
      }
    }
  };

  return (expr, at, labels) => {
    const need = needOf(expr);
    const more = Object.entries(labels ?? {}).map(
      ([name, value]): SeriesMatcher => ({ name, op: '=~', value: `(?:${escaped(value)})?` }),
    );
    if (isThere(need, at, more, 0)) return 'present';
    return isThere(need, at, more, DAY_MS) ? 'lost' : 'none';
  };
}

function parsedNeed(expr: string): Need {
  try {
    return needsOf(parseExpression(expr));
  } catch (thrown) {
    // Rules are checked when they are taken; one that a newer console reads differently fails in its evaluation.
    if (thrown instanceof PromqlFailure) return NOTHING;
    throw thrown;
  }
}

const escaped = (text: string): string => text.replace(/[.+*?()|[\]{}^$\\]/g, '\\$&');
