/** What a rule does with the labels it sees; the actions of Prometheus 2.42. */
export const RELABEL_ACTIONS = [
  'replace',
  'keep',
  'drop',
  'keepequal',
  'dropequal',
  'hashmod',
  'labelmap',
  'labeldrop',
  'labelkeep',
  'lowercase',
  'uppercase',
] as const;
export type RelabelAction = (typeof RELABEL_ACTIONS)[number];

/** One rule of `relabel_configs` or `metric_relabel_configs`, with all defaults filled in. */
export type RelabelRule = {
  readonly action: RelabelAction;
  /** The values of these labels, joined by `separator`, are what `regex` is held against. */
  readonly sourceLabels: readonly string[];
  readonly separator: string;
  /** RE2 syntax; it matches the whole text. */
  readonly regex: string;
  readonly targetLabel: string;
  readonly replacement: string;
  /** Of `hashmod`; 0 elsewhere. */
  readonly modulus: number;
};

/** What a rule has that does not say it. */
export const RELABEL_DEFAULTS: RelabelRule = {
  action: 'replace',
  sourceLabels: [],
  separator: ';',
  regex: '(.*)',
  targetLabel: '',
  replacement: '$1',
  modulus: 0,
};

/** Most rules of one list, and most characters of one expression: far beyond use, and cheap to refuse. */
export const MOST_RELABEL_RULES = 200;
export const LONGEST_RELABEL_REGEX = 10_000;
