import type { PipelineFilter } from '#shared/contract/logs-pipelines.ts';

export type FilterKind = PipelineFilter['kind'];

/**
 * How an option of a filter is edited: `map` one `name => value` a line, `list` one text a line, `patterns` one
 * `field => pattern` a line where a field may come again, `replacements` one `field => pattern => text` a line.
 */
export type OptionType = 'map' | 'list' | 'text' | 'check' | 'patterns' | 'replacements';

/** Options by the name that the contract gives them; the page shows the name that Logstash gives them beside its words. */
export const optionTypes = {
  rename: 'map',
  update: 'map',
  replace: 'map',
  convert: 'map',
  gsub: 'replacements',
  uppercase: 'list',
  capitalize: 'list',
  lowercase: 'list',
  strip: 'list',
  split: 'map',
  join: 'map',
  merge: 'map',
  copy: 'map',
  match: 'patterns',
  overwrite: 'list',
  definitions: 'map',
  field: 'text',
  formats: 'list',
  zone: 'text',
  target: 'text',
  source: 'text',
  skipOnInvalid: 'check',
  tagOnFailure: 'list',
  prefix: 'text',
  fieldSplit: 'text',
  valueSplit: 'text',
  includeKeys: 'list',
  excludeKeys: 'list',
  trimKey: 'text',
  trimValue: 'text',
  mapping: 'map',
  pattern: 'text',
  replacement: 'text',
  stream: 'text',
  addTag: 'list',
  addField: 'map',
  removeField: 'list',
  removeTag: 'list',
} as const satisfies Record<string, OptionType>;
export type OptionName = keyof typeof optionTypes;

/** Which options each filter has: first those that most people need, then the rest. */
export const filterOptions: Readonly<
  Record<FilterKind, { readonly first: readonly OptionName[]; readonly more: readonly OptionName[] }>
> = {
  drop: { first: [], more: [] },
  mutate: {
    first: ['addTag', 'addField', 'rename', 'replace', 'removeField'],
    more: [
      'update',
      'convert',
      'gsub',
      'uppercase',
      'capitalize',
      'lowercase',
      'strip',
      'split',
      'join',
      'merge',
      'copy',
      'removeTag',
    ],
  },
  grok: { first: ['match', 'overwrite'], more: ['definitions', 'tagOnFailure'] },
  date: { first: ['field', 'formats', 'zone'], more: ['target', 'tagOnFailure'] },
  json: { first: ['source', 'target'], more: ['skipOnInvalid', 'tagOnFailure'] },
  kv: {
    first: ['source', 'fieldSplit', 'valueSplit', 'prefix'],
    more: ['target', 'includeKeys', 'excludeKeys', 'trimKey', 'trimValue'],
  },
  dissect: { first: ['mapping'], more: ['tagOnFailure'] },
  mask: { first: ['pattern', 'replacement'], more: [] },
  stream: { first: ['stream'], more: [] },
};

/** What every filter can do after it succeeded. */
export const commonOptions: readonly OptionName[] = ['addTag', 'addField', 'removeTag', 'removeField'];

/** What a new filter begins with; it is complete only when it is filled in. */
export const newFilter: Readonly<Record<FilterKind, Readonly<Record<string, unknown>>>> = {
  drop: { kind: 'drop' },
  mutate: { kind: 'mutate' },
  grok: { kind: 'grok', match: [] },
  date: { kind: 'date', field: 'time', formats: ['ISO8601'] },
  json: { kind: 'json', source: 'message' },
  kv: { kind: 'kv' },
  dissect: { kind: 'dissect', mapping: {} },
  mask: { kind: 'mask', pattern: '' },
  stream: { kind: 'stream', stream: '' },
};

const ARROW = ' => ';

function parted(line: string): readonly [string, string] | null {
  const at = line.indexOf('=>');
  return at < 1 ? null : [line.slice(0, at).trim(), line.slice(at + 2).trim()];
}

type PatternRows = readonly { readonly field: string; readonly patterns: readonly string[] }[];
type GsubRows = readonly { readonly field: string; readonly pattern: string; readonly with: string }[];

/** An option's value as the lines that edit it. */
export function optionText(type: OptionType, value: unknown): string {
  if (value === undefined || value === null) return '';
  switch (type) {
    case 'text':
      return String(value);
    case 'check':
      return value === true ? 'true' : '';
    case 'list':
      return (value as readonly string[]).join('\n');
    case 'map':
      return Object.entries(value as Readonly<Record<string, string>>)
        .map(([name, text]) => `${name}${ARROW}${text}`)
        .join('\n');
    case 'patterns':
      return (value as PatternRows)
        .flatMap(({ field, patterns }) => patterns.map((pattern) => `${field}${ARROW}${pattern}`))
        .join('\n');
    case 'replacements':
      return (value as GsubRows)
        .map((row) => `${row.field}${ARROW}${row.pattern}${ARROW}${row.with}`)
        .join('\n');
  }
}

/** The value that lines stand for; undefined when they say nothing. A line that is not finished is left out. */
export function optionValue(type: OptionType, text: string): unknown {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const pairs = lines.flatMap((line) => {
    const pair = parted(line);
    return pair === null ? [] : [pair];
  });
  switch (type) {
    case 'text':
      return text === '' ? undefined : text;
    case 'check':
      return text === 'true' ? true : undefined;
    case 'list':
      return lines.length === 0 ? undefined : lines.map((line) => line.trim());
    case 'map':
      return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
    case 'patterns': {
      const fields = new Map<string, string[]>();
      for (const [field, pattern] of pairs) fields.set(field, [...(fields.get(field) ?? []), pattern]);
      return [...fields].map(([field, patterns]) => ({ field, patterns }));
    }
    case 'replacements': {
      const rows = pairs.flatMap(([field, rest]) => {
        const pair = parted(rest);
        return pair === null ? [] : [{ field, pattern: pair[0], with: pair[1] }];
      });
      return rows.length === 0 ? undefined : rows;
    }
  }
}
