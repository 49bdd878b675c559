/** Kinds of tokens. Operators and punctuation are their own kind. */
export type TokenKind =
  | 'number'
  | 'duration'
  | 'string'
  | 'identifier'
  | 'metric'
  | 'keyword'
  | 'end'
  | '('
  | ')'
  | '{'
  | '}'
  | '['
  | ']'
  | ','
  | ':'
  | '@'
  | '='
  | '=~'
  | '!~'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>=';

/** One token: its kind, its text as written, and where it begins (0-based). */
export type Token = { readonly kind: TokenKind; readonly text: string; readonly at: number };

/** Aggregation operators. */
export const AGGREGATORS = [
  'sum',
  'avg',
  'count',
  'min',
  'max',
  'group',
  'stddev',
  'stdvar',
  'topk',
  'bottomk',
  'count_values',
  'quantile',
] as const;
export type Aggregator = (typeof AGGREGATORS)[number];

/** Words with a meaning of their own, in any case of letters. */
export const KEYWORDS: ReadonlySet<string> = new Set([
  ...AGGREGATORS,
  'and',
  'or',
  'unless',
  'atan2',
  'offset',
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'bool',
  'start',
  'end',
]);

/** Keywords that may be the name of a metric all the same. */
export const METRIC_KEYWORDS: ReadonlySet<string> = new Set([
  ...AGGREGATORS,
  'and',
  'or',
  'unless',
  'offset',
  'by',
  'without',
  'start',
  'end',
]);
