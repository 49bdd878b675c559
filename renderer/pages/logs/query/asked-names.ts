import { FIELD_NAMES_ZH, queryTokens } from '#shared/domain/log-query/tokens.ts';
import { queryValue } from '../log-filters.ts';
import { type BuiltInField, builtInFields } from './completion.ts';

/** A name in a query that may be mistyped: of a field, of a host or of a log source. */
export type AskedName = {
  readonly kind: 'field' | 'host' | 'source';
  readonly name: string;
  /** Where it stands in the query, in UTF-16 units from 0. */
  readonly from: number;
  readonly to: number;
};

const isBuiltIn = (name: string): name is BuiltInField => builtInFields.some((known) => known === name);

/**
 * The names that a query asks for and that only the stored lines can know, in the order they stand in. Left out are names with a
 * wildcard and what stands behind a NOT: those do not leave a search empty.
 */
export function askedNames(query: string): readonly AskedName[] {
  const tokens = queryTokens(query);
  return tokens.flatMap((token, index): readonly AskedName[] => {
    if (token.kind !== 'field' || tokens[index - 1]?.kind === 'not') return [];
    const field = (FIELD_NAMES_ZH[token.text] ?? token.text).toLowerCase();
    if (!isBuiltIn(field))
      return [{ kind: 'field', name: token.text, from: token.from, to: token.from + token.text.length }];
    const value = tokens[index + 1];
    if ((field !== 'host' && field !== 'source') || value === undefined || value.from !== token.to) return [];
    if ((value.kind !== 'word' && value.kind !== 'phrase') || value.text.includes('*')) return [];
    return [{ kind: field, name: value.text, from: value.from, to: value.to }];
  });
}

/** The query with another name in the place of one that it asks for. */
export function withName(query: string, { kind, from, to }: AskedName, name: string): string {
  return `${query.slice(0, from)}${kind === 'field' ? name : queryValue(name)}${query.slice(to)}`;
}
