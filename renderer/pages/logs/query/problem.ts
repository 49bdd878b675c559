import { parseQuery } from '#shared/domain/log-query/parser.ts';
import { queryTokens } from '#shared/domain/log-query/tokens.ts';
import type { AppError } from '#shared/errors/index.ts';

/** Where a mistake is marked, in UTF-16 units from 0. */
export type Span = { readonly from: number; readonly to: number };

/** The piece at a column (UTF-16 units from 1), else the one character there; at the end, the last one. */
export function spanOfColumn(query: string, column: number): Span {
  const from = Math.min(Math.max(0, column - 1), Math.max(0, query.length - 1));
  const token = queryTokens(query).find((piece) => piece.from <= from && from < piece.to);
  return { from: token?.from ?? from, to: Math.min(query.length, token?.to ?? from + 1) };
}

/** What is wrong with a query as far as it can be told without the engine; null when nothing is. */
export function queryProblem(query: string): AppError | null {
  const parsed = parseQuery(query);
  return parsed.ok ? null : parsed.error;
}

/** Whether only the engine can say that the query is right: it alone compiles regular expressions. */
export function holdsRegex(query: string): boolean {
  return queryTokens(query).some(({ kind }) => kind === 'regex');
}
