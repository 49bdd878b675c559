import type { QueryNode } from '#shared/domain/log-query/nodes.ts';
import { parseQuery } from '#shared/domain/log-query/parser.ts';

/**
 * What a query looks for as words and phrases, as one expression that finds them in a line; negated ones are left
 * out. Expressions that the operator wrote are not run here: the engine's automaton is bounded, the page's is not.
 *
 * @returns null when the query holds no word, or a mistake
 */
export function foundWords(query: string): RegExp | null {
  const parsed = parseQuery(query);
  const sources = parsed.ok ? wordsOf(parsed.value) : [];
  return sources.length === 0 ? null : new RegExp(sources.join('|'), 'giu');
}

function wordsOf(node: QueryNode): readonly string[] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.items.flatMap(wordsOf);
    case 'text':
      return [source(node)];
    default:
      return [];
  }
}

/** Whole words as the index has them: letters and digits of ASCII bound each other, Chinese is found anywhere. */
function source({ text, openStart, openEnd }: Extract<QueryNode, { kind: 'text' }>): string {
  const body = text
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[$()*+./?[\\\]^{|}]/g, '\\$&'))
    .join('\\s+');
  const begins = !openStart && /^[a-z0-9]/.test(text) ? '(?<![a-z0-9])' : '';
  const ends = !openEnd && /[a-z0-9]$/.test(text) ? '(?![a-z0-9])' : '';
  return `${begins}${body}${ends}`;
}

/** A part of a text, and where it begins. */
export type Piece = { readonly text: string; readonly at: number; readonly isFound: boolean };

/** Takes a text apart at what was found; the pieces in their order are the whole text. */
export function pieces(text: string, found: RegExp): readonly Piece[] {
  const parts: Piece[] = [];
  let at = 0;
  const upTo = (end: number, isFound: boolean): void => {
    if (end > at) parts.push({ text: text.slice(at, end), at, isFound });
    at = Math.max(at, end);
  };
  for (const match of text.matchAll(found)) {
    upTo(match.index, false);
    upTo(match.index + match[0].length, true);
  }
  upTo(text.length, false);
  return parts;
}
