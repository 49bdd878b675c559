import { DATA_SPAN_MS, METRICS, ODD_TEXTS } from './data.ts';
import type { Random } from './random.ts';
import type { Part, Tree } from './tree.ts';

/** What the makers of expressions share. */
export type Scope = {
  readonly random: Random;
  /** First time of the data, UTC milliseconds. */
  readonly start: number;
};

const VALUES: Readonly<Record<string, readonly string[]>> = {
  instance: ['a', 'b', 'c'],
  job: ['node', 'web'],
  mode: ['idle', 'user', 'sys'],
  version: ['1', '2', '3'],
  kind: ['strewn', 'nan', 'huge', 'tiny', 'zeros', 'large'],
  shape: ['p', 'q', 'r'],
  le: ['0.1', '1', '+Inf', '2e0'],
  text: ODD_TEXTS,
  nothing: [''],
};

const PATTERNS: readonly string[] = [
  'a|b',
  '.*',
  '.+',
  '[ab]',
  '',
  'n.*',
  '(?i)NODE',
  '^a$',
  'i..e',
  '\\\\d',
  'a|',
  '(a|b|)c?',
];
/** Syntax of regular expressions that libraries treat differently, good and bad; all of it for matchers and label_replace. */
const ODD_PATTERNS: readonly string[] = [
  ...[
    'a{2,}',
    'x{1000}',
    'x{1001}',
    '(?<n>a)',
    '(?P<n>a)',
    '(?P=n)',
    '(?=a)',
    'a++',
    'a**',
    'a*?',
    '[[:alpha:]]+',
    '[a-',
  ],
  ...[
    '\\\\pL+',
    '\\\\p{Greek}',
    '\\\\d',
    '\\\\Qa.\\\\E',
    '\\\\z',
    '\\\\Z',
    '\\\\x61',
    '\\\\x{61}',
    '\\\\u0061',
    '\\\\C',
    '\\\\1',
  ],
  ...[
    '(?s).*',
    '(?i:A)',
    '(?U)a*',
    '(?-s).',
    '(?x)a',
    '^^a$$',
    'a|b|',
    '[^a]',
    '[]a]',
    '[z-a]',
    '()',
    '(',
    ')',
    '{',
    'a{',
    'a{,2}',
  ],
  ...[
    '\\\\',
    '\\\\8',
    '\\\\b.',
    '[\\\\d-z]',
    '(?#a)',
    '.{0,2}',
    'é',
    '😀',
    '(?i)É',
    '[é-ü]',
    '((((a))))',
    '(a{1000}){1000}',
  ],
];
const NAMES = Object.keys(METRICS);
/** Metrics whose operands fit together are worth more than the others. */
const FAVOURITES = ['c_total', 'g', 'g2', 'info', 'h_bucket', 'odd'];

/** A string literal in one of Go's three notations. */
export function quoted({ random }: Scope, text: string): string {
  const json = JSON.stringify(text).replaceAll('\u007f', '\\u007f');
  if (random.chance(0.15) && !text.includes('`') && !text.includes('\r')) return `\`${text}\``;
  if (random.chance(0.1) && !/["'\\\n\p{C}]/u.test(text)) return `'${text}'`;
  return json;
}

export function metricName(scope: Scope): string {
  return scope.random.pick(scope.random.chance(0.7) ? FAVOURITES : NAMES);
}

function matcher(scope: Scope, labels: readonly string[]): string {
  const { random } = scope;
  const label = random.chance(0.95) ? random.pick(labels) : 'nothing';
  const value = random.pick(VALUES[label] ?? ['']);
  const space = random.chance(0.1) ? ' ' : '';
  if (random.chance(0.5))
    return `${label}${space}${random.pick(['=', '=', '!='])}${space}${quoted(scope, random.chance(0.05) ? '' : value)}`;
  return `${label}${random.pick(['=~', '=~', '!~'])}"${random.pick(random.chance(0.1) ? ODD_PATTERNS : PATTERNS)}"`;
}

/** `name{…}` without modifiers. */
function plainSelector(scope: Scope): Part[] {
  const { random } = scope;
  const name = metricName(scope);
  const labels = METRICS[name] ?? [];
  const matchers = random.chance(0.35)
    ? Array.from({ length: random.whole(1, 2) }, () => matcher(scope, labels))
    : [];
  if (random.chance(0.06)) {
    const by = random.pick([
      `__name__=~"${random.pick(['g|g2', 'c_.*', 'g.?', '.*_total', 'h_.+', 'flap|sparse|nowhere'])}"`,
      `__name__="${name}"`,
      `__name__!="g",instance="a"`,
      `instance=~"a|b",__name__!~"h.*|odd.*"`,
    ]);
    return ['{', [by, ...matchers].join(','), '}'];
  }
  if (matchers.length === 0) return [random.chance(0.02) ? `${name}{}` : name];
  return [name, { optional: ['{', matchers.join(','), random.chance(0.05) ? ',' : '', '}'] }];
}

const LENGTHS = ['1ms', '5s', '15s', '30s', '1m', '2m30s', '5m', '7m', '10m', '300001ms', '20m', '1h'];

function duration({ random }: Scope): string {
  return random.chance(0.1) ? `${random.whole(1, 900_000)}ms` : random.pick(LENGTHS);
}

/** `offset` and `@`, each there or not, in either order. */
function modifiers(scope: Scope, probability: number): Part[] {
  const { random } = scope;
  const parts: Part[] = [];
  if (random.chance(probability))
    parts.push({ optional: [` offset ${random.chance(0.35) ? '-' : ''}${duration(scope)}`] });
  if (random.chance(probability)) parts.push({ optional: [` @ ${atTime(scope)}`] });
  return random.chance(0.5) ? parts : parts.reverse();
}

function atTime({ random, start }: Scope): string {
  const within = start + random.whole(-300_000, DATA_SPAN_MS + 400_000);
  return random.weighted([
    [3, () => 'start()'],
    [3, () => 'end()'],
    [4, () => String(Math.round(within / 1000))],
    [3, () => (within / 1000).toFixed(3)],
    [0.2, () => '0'],
    [0.2, () => '-5.5'],
    [0.2, () => `${(within / 1e9).toFixed(6)}e6`],
  ]);
}

export function selector(scope: Scope): Tree {
  return { type: 'vector', parts: [...plainSelector(scope), ...modifiers(scope, 0.12)] };
}

export function matrixSelector(scope: Scope): Tree {
  return {
    type: 'matrix',
    parts: [...plainSelector(scope), `[${duration(scope)}]`, ...modifiers(scope, 0.12)],
  };
}

/** Ranges and steps of subqueries; few enough steps that nesting two of them is no burden. */
const SUBQUERIES = [
  '5m:1m',
  '10m:',
  '10m:1m',
  '7m:13s',
  '30m:5m',
  '1h:7m',
  '3m:15s',
  '90s:7001ms',
  '1m:2m',
  '40s:9s',
];

/** `(…)[range:step]` behind an expression that may stand there. */
export function subquery(scope: Scope, inner: Tree, atom: boolean): Tree {
  const range = `[${scope.random.pick(SUBQUERIES)}]`;
  const parts: Part[] = atom ? [inner, range] : ['(', inner, ')', range];
  return { type: 'matrix', parts: [...parts, ...modifiers(scope, 0.15)] };
}

/** Label names for by(), on() and the like. */
export function labelList({ random }: Scope): string {
  const names = ['instance', 'job', 'mode', 'le', 'version', 'kind', 'shape', 'text', 'nothing', '__name__'];
  const weights = [0.5, 0.35, 0.2, 0.1, 0.1, 0.08, 0.05, 0.05, 0.03, 0.05];
  const chosen = names.filter((_, i) => random.chance(weights[i] ?? 0));
  return `(${chosen.join(', ')}${chosen.length > 0 && random.chance(0.03) ? ',' : ''})`;
}
