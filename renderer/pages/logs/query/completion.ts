import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { FIELD_NAMES_ZH, queryTokens } from '#shared/domain/log-query/tokens.ts';
import type { Ask } from '../../../components/use-request.ts';
import { queryValue } from '../log-filters.ts';

/** Words for what a completion is. */
export type QueryTexts = {
  /** Of a name that the language has, e.g. `level`. */
  readonly builtIn: (name: BuiltInField) => string;
  readonly field: () => string;
  readonly connective: (word: 'AND' | 'OR' | 'NOT') => string;
  readonly lines: (count: number) => string;
};

/** Fields that every event has. */
export const builtInFields = ['level', 'host', 'source', 'stream', 'tag', 'message'] as const;
export type BuiltInField = (typeof builtInFields)[number];

/** What stands at the cursor: a value of a field, or the beginning of a term. */
export type CompletionPlace =
  | { readonly kind: 'value'; readonly field: string; readonly from: number; readonly typed: string }
  | { readonly kind: 'term'; readonly from: number; readonly typed: string };

/** Finds out what is typed at the cursor; null inside a phrase or an expression, where nothing is completed. */
export function placeAt(query: string, cursor: number): CompletionPlace | null {
  const tokens = queryTokens(query.slice(0, cursor));
  const last = tokens.at(-1);
  if (last === undefined || last.to < cursor) return { kind: 'term', from: cursor, typed: '' };
  const before = tokens.at(-2);
  const field =
    last.kind === 'field' ? last : before?.kind === 'field' && before.to === last.from ? before : null;
  if (field !== null) {
    const name = FIELD_NAMES_ZH[field.text] ?? field.text;
    if (last === field) return { kind: 'value', field: name, from: cursor, typed: '' };
    if (last.kind === 'regex' || (last.kind === 'phrase' && last.mistake === undefined)) return null;
    return { kind: 'value', field: name, from: last.from, typed: last.text };
  }
  if (last.kind === 'word' || last.kind === 'and' || last.kind === 'or' || last.kind === 'not')
    return { kind: 'term', from: last.from, typed: query.slice(last.from, cursor) };
  return last.kind === 'open' || last.kind === 'close' ? { kind: 'term', from: cursor, typed: '' } : null;
}

const levels = ['error', 'warn', 'info', 'debug', 'trace', 'fatal', 'unknown'];
const kinds = { host: 'host', source: 'source', stream: 'stream', tag: 'tag' } as const;

/** Completes names and values of fields from what the engine has seen of late, and the words of the language. */
export function completeQuery(
  ask: Ask,
  texts: QueryTexts,
): (context: CompletionContext) => Promise<CompletionResult | null> {
  const fetched = async (
    kind: 'field' | 'value' | 'host' | 'source' | 'stream' | 'tag',
    prefix: string,
    field?: string,
  ): Promise<readonly { readonly value: string; readonly count: number }[]> => {
    const answer = await ask('logs.completion', {
      kind,
      prefix: prefix.slice(0, 200),
      ...(field === undefined ? {} : { field: field.slice(0, 200) }),
    });
    return answer.ok ? answer.value.values : [];
  };
  const valuesOf = async (field: string, typed: string): Promise<readonly Completion[]> => {
    const name = field.toLowerCase();
    if (name === 'level') return levels.map((label) => ({ label, type: 'constant' }));
    const kind = Object.entries(kinds).find(([known]) => known === name)?.[1] ?? 'value';
    const values = await fetched(kind, typed, kind === 'value' ? field : undefined);
    return values.map(({ value, count }) => ({
      label: value,
      apply: queryValue(value),
      detail: texts.lines(count),
      type: 'constant',
    }));
  };
  const termsFor = async (typed: string): Promise<readonly Completion[]> => {
    const seen = await fetched('field', typed);
    const known = new Set<string>(builtInFields);
    return [
      ...builtInFields.map((name) => ({
        label: `${name}:`,
        detail: texts.builtIn(name),
        type: 'property',
        boost: 10,
      })),
      ...seen
        .filter(({ value }) => !known.has(value))
        .map(({ value, count }) => ({
          label: `${value}:`,
          detail: `${texts.field()} · ${texts.lines(count)}`,
          type: 'property',
        })),
      ...(['AND', 'OR', 'NOT'] as const).map((word) => ({
        label: word,
        apply: `${word} `,
        detail: texts.connective(word),
        type: 'keyword',
        boost: -10,
      })),
    ];
  };
  return async (context) => {
    const place = placeAt(context.state.doc.toString(), context.pos);
    if (place === null) return null;
    // An empty place offers something only when it was asked for, or behind `name:`.
    if (place.kind === 'term' && place.typed === '' && !context.explicit) return null;
    const options =
      place.kind === 'value' ? await valuesOf(place.field, place.typed) : await termsFor(place.typed);
    return options.length === 0 ? null : { from: place.from, options: [...options] };
  };
}
