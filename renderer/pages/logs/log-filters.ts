import { type LogLevel, logLevelSchema } from '#shared/contract/logs.ts';
import { queryTokens } from '#shared/domain/log-query/tokens.ts';

/** What narrows a search besides its time range. All of it lives in the address. */
export type LogFilters = {
  /** The search line, in the engine's query language; empty finds everything. */
  readonly text: string;
  /** Levels to keep; empty keeps all. */
  readonly levels: readonly LogLevel[];
  /** Names of sources to keep; empty keeps all. */
  readonly sources: readonly string[];
};

/** Nothing is narrowed. */
export const noFilters: LogFilters = { text: '', levels: [], sources: [] };

/** Every level, the most severe first: the order of filters, legends and table columns. */
export const levelsBySeverity: readonly LogLevel[] = [
  'fatal',
  'error',
  'warn',
  'info',
  'debug',
  'trace',
  'unknown',
];

/** Reads the filters of an address. A level that does not exist is left out, so that an old link still opens. */
export function parseFilters(params: URLSearchParams): LogFilters {
  const levels = (params.get('levels') ?? '')
    .split(',')
    .flatMap((name) => logLevelSchema.safeParse(name).data ?? []);
  return {
    text: params.get('q') ?? '',
    levels: levelsBySeverity.filter((level) => levels.includes(level)),
    sources: [...new Set(params.getAll('source').filter((name) => name !== ''))],
  };
}

/** Writes the filters into an address, leaving every other member of it as it is. */
export function writeFilters(params: URLSearchParams, filters: LogFilters): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const key of ['q', 'levels', 'source']) next.delete(key);
  if (filters.text.trim() !== '') next.set('q', filters.text);
  if (filters.levels.length > 0) next.set('levels', filters.levels.join(','));
  for (const source of filters.sources) next.append('source', source);
  return next;
}

/** A value of `source:` as the query language takes it; anything but a plain word is quoted. */
export function queryValue(text: string): string {
  // A slash in front would begin a regular expression, a sign in front a negation.
  return /^[\p{L}\p{N}_.][\p{L}\p{N}_./-]*$/u.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** `a`, or `(a OR b)`; empty for no values. */
function anyOf(field: string, values: readonly string[]): string {
  const terms = values.map((value) => `${field}:${queryValue(value)}`);
  return terms.length > 1 ? `(${terms.join(' OR ')})` : terms.join('');
}

/**
 * The query that the engine is asked: the typed text and the chosen levels and sources.
 *
 * The text comes first, so that the column of a mistake in it is the column the operator sees; it is put in
 * parentheses only when it holds an OR that would otherwise bind weaker than what is added.
 */
export function composeQuery(filters: LogFilters): string {
  const text = filters.text.trim();
  const added = [anyOf('level', filters.levels), anyOf('source', filters.sources)].filter(
    (term) => term !== '',
  );
  if (added.length === 0) return text;
  const first = holdsOr(text) ? [`(${text})`] : text === '' ? [] : [text];
  return [...first, ...added].join(' AND ');
}

function holdsOr(text: string): boolean {
  return queryTokens(text).some(({ kind }) => kind === 'or');
}

/** A search text with one more condition; an OR in it would otherwise bind weaker than what is added. */
export function withCondition(text: string, condition: string): string {
  const before = text.trim();
  if (before === '') return condition;
  return holdsOr(before) ? `(${before}) ${condition}` : `${before} ${condition}`;
}

/** A condition for one field, as the query language takes it; fields with odd names are searched by value alone. */
export function asCondition(name: string, value: string): string {
  const text = queryValue(value);
  return /^[\p{L}_@][\p{L}\p{N}_.@-]*$/u.test(name) ? `${name}:${text}` : text;
}

/** Adds what is missing or takes away what is there. */
export function toggled<T>(values: readonly T[], value: T): readonly T[] {
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
}
