import type { ValueType } from '../../../main/engine/promql/ast.ts';
import { SIGNATURES } from '../../../main/engine/promql/signatures.ts';
import { AGGREGATORS } from '../../../main/engine/promql/tokens.ts';
import {
  labelList,
  matrixSelector,
  metricName,
  quoted,
  type Scope,
  selector,
  subquery,
} from './grammar-selectors.ts';
import type { Part, Tree } from './tree.ts';

const NUMBERS = [
  ...[
    '0',
    '1',
    '2',
    '3',
    '0.5',
    '-1',
    '10',
    '60',
    '1e3',
    '0.1',
    '1.5e-3',
    '100',
    '1e308',
    // Not smaller: the rest of a division by it must not fall below 2.2e-308, of which Go's logarithms are wrong on amd64.
    '3e-290',
    '0x1F',
    '010',
  ],
  ...['Inf', '-Inf', 'NaN', '.5', '1.', '9223372036854775807', '1e18', '-0'],
];

const ARITHMETIC = ['+', '-', '*', '/', '%', '^', 'atan2'];
const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='];
const SETS = ['and', 'or', 'unless'];
/** Aggregators that take a scalar before the vector. */
const WITH_SCALAR: ReadonlySet<string> = new Set(['topk', 'bottomk', 'quantile']);

/** Functions whose results are worth nesting are asked for more often than those that only map values. */
const BY_RESULT = (result: ValueType): string[] =>
  [...SIGNATURES].filter(([, signature]) => signature.result === result).map(([name]) => name);
const VECTOR_FUNCTIONS = BY_RESULT('vector');
const RANGE_FUNCTIONS = VECTOR_FUNCTIONS.filter((name) => SIGNATURES.get(name)?.args.includes('matrix'));

const number = ({ random }: Scope): Tree => ({ type: 'scalar', parts: [random.pick(NUMBERS)] });

/** An expression of a type, `depth` levels deep at most. Now and then a part has the wrong type on purpose. */
export function expression(scope: Scope, type: ValueType, depth: number): Tree {
  const { random } = scope;
  if (random.chance(0.004)) {
    const wrong = expression(scope, random.pick(['scalar', 'vector', 'matrix', 'string']), depth - 1);
    return { type, parts: wrong.parts };
  }
  switch (type) {
    case 'scalar':
      return scalar(scope, depth);
    case 'string':
      return { type, parts: [quoted(scope, random.pick(['x', '', 'é', 'instance']))] };
    case 'matrix':
      return matrix(scope, depth);
    case 'vector':
      return vector(scope, depth);
  }
}

function scalar(scope: Scope, depth: number): Tree {
  const { random } = scope;
  const inside = (type: ValueType): Tree => expression(scope, type, depth - 1);
  const type = 'scalar';
  if (depth <= 0)
    return random.chance(0.85) ? number(scope) : { type, parts: [random.pick(['time()', 'pi()'])] };
  return random.weighted<Tree>([
    [5, () => number(scope)],
    [1, () => ({ type, parts: ['time()'] })],
    [0.3, () => ({ type, parts: ['pi()'] })],
    [2, () => ({ type, parts: ['scalar(', inside('vector'), ')'] })],
    [0.5, () => ({ type, parts: [random.pick(['-', '+']), '(', inside('scalar'), ')'] })],
    [
      1,
      () => ({ type, parts: ['(', inside('scalar'), ` ${random.pick(ARITHMETIC)} `, inside('scalar'), ')'] }),
    ],
    [
      0.5,
      () => ({
        type,
        parts: ['(', inside('scalar'), ` ${random.pick(COMPARISONS)} bool `, inside('scalar'), ')'],
      }),
    ],
  ]);
}

function matrix(scope: Scope, depth: number): Tree {
  const { random } = scope;
  if (depth <= 0 || random.chance(0.65)) return matrixSelector(scope);
  if (random.chance(0.25)) return subquery(scope, selector(scope), true);
  const call = random.chance(0.6) ? rangeCall(scope, depth - 1) : expression(scope, 'vector', depth - 2);
  return subquery(scope, call, false);
}

function vector(scope: Scope, depth: number): Tree {
  const { random } = scope;
  if (depth <= 0) return selector(scope);
  return random.weighted<Tree>([
    [2, () => selector(scope)],
    [5, () => rangeCall(scope, depth)],
    [4, () => call(scope, random.pick(VECTOR_FUNCTIONS), depth)],
    [5, () => aggregation(scope, depth)],
    [6, () => binary(scope, depth)],
    [
      0.7,
      () => ({
        type: 'vector',
        parts: [random.pick(['-', '+']), '(', expression(scope, 'vector', depth - 1), ')'],
      }),
    ],
    [0.3, () => ({ type: 'vector', parts: ['-', expression(scope, 'vector', depth - 1)] })],
    [0.3, () => ({ type: 'vector', parts: ['(', expression(scope, 'vector', depth - 1), ')'] })],
  ]);
}

const rangeCall = (scope: Scope, depth: number): Tree =>
  call(scope, scope.random.pick(RANGE_FUNCTIONS), depth);

/** `name(…)` with arguments of the types that the function takes; where it may, with fewer of them. */
function call(scope: Scope, name: string, depth: number): Tree {
  const { random } = scope;
  const signature = SIGNATURES.get(name);
  if (signature === undefined) throw new Error(name);
  if (name === 'label_replace') return labelReplace(scope, depth);
  if (name === 'label_join') return labelJoin(scope, depth);
  let types = signature.args;
  if (signature.optional !== 0 && random.chance(0.4)) types = types.slice(0, -Math.abs(signature.optional));
  const parts: Part[] = [`${name}(`];
  for (const [index, type] of types.entries()) {
    if (index > 0) parts.push(', ');
    if (type === 'scalar') parts.push(scalarArgument(scope, name, depth));
    else if (name.startsWith('histogram') && type === 'vector') parts.push(buckets(scope, depth));
    else parts.push(expression(scope, type, depth - 1));
  }
  parts.push(')');
  return { type: signature.result, parts };
}

/** Numbers that make sense to the function, mostly. */
function scalarArgument(scope: Scope, name: string, depth: number): Tree {
  const { random } = scope;
  if (random.chance(0.2)) return expression(scope, 'scalar', depth - 1);
  const usual = name.startsWith('holt')
    ? ['0.1', '0.5', '0.9', '0.3']
    : ['0', '0.5', '0.9', '1', '5', '600', '-60'];
  return { type: 'scalar', parts: [random.pick(usual)] };
}

function buckets(scope: Scope, depth: number): Tree {
  const { random } = scope;
  const parts = random.weighted<Part[]>([
    [3, () => ['h_bucket']],
    [3, () => ['odd_bucket']],
    [3, () => [`rate(h_bucket[${random.pick(['1m', '5m', '10m'])}])`]],
    [3, () => [`sum by (le) (${random.pick(['h_bucket', 'rate(h_bucket[5m])', 'odd_bucket'])})`]],
    [1, () => ['{__name__=~"h_bucket|odd_bucket"}']],
    [2, () => [expression(scope, 'vector', depth - 1)]],
  ]);
  return { type: 'vector', parts };
}

function labelReplace(scope: Scope, depth: number): Tree {
  const { random } = scope;
  const target = random.pick(['instance', 'new', 'job', '__name__', random.chance(0.1) ? '1bad' : 'x']);
  const braced = '$'.concat('{');
  const template = random.pick([
    '$1',
    `${braced}1}x`,
    '',
    'y',
    '$1-$2',
    '$$',
    '$name',
    `${braced}name}`,
    '$1x',
    '$',
    braced,
    '$é',
    'a$1b$0',
  ]);
  const source = random.pick(['instance', 'job', 'mode', '__name__', 'nothing', 'text', 'le', 'bad-label']);
  const pattern = random.pick([
    '(.*)',
    '(.)(.*)',
    '(?P<name>.*)',
    'a|b',
    '',
    '(a)|(b)',
    '([^a]*)',
    random.chance(0.1) ? '(' : '.+',
  ]);
  const inner = expression(scope, 'vector', depth - 1);
  const texts = [target, template, source, pattern].map((text) => JSON.stringify(text)).join(', ');
  return { type: 'vector', parts: ['label_replace(', inner, `, ${texts})`] };
}

function labelJoin(scope: Scope, depth: number): Tree {
  const { random } = scope;
  const sources = random.some(['instance', 'job', 'mode', 'nothing', '__name__', 'text'], 0.4);
  const target = random.pick(['new', 'job', 'instance', '__name__']);
  const texts = [target, random.pick(['-', '', 'é']), ...sources]
    .map((text) => JSON.stringify(text))
    .join(', ');
  return { type: 'vector', parts: ['label_join(', expression(scope, 'vector', depth - 1), `, ${texts})`] };
}

function aggregation(scope: Scope, depth: number): Tree {
  const { random } = scope;
  const op = random.pick(AGGREGATORS);
  const operand = expression(scope, 'vector', depth - 1);
  const parameter: Part[] = [];
  if (op === 'count_values')
    parameter.push(
      JSON.stringify(
        random.pick(['v', 'v', 'instance', '__name__', 'le', random.chance(0.1) ? 'b-d' : 'job']),
      ),
      ', ',
    );
  if (WITH_SCALAR.has(op)) parameter.push(aggregationScalar(scope, op, depth), ', ');
  const word = random.chance(0.05) ? op.toUpperCase() : op;
  const grouping: Part = { optional: [` ${random.pick(['by', 'by', 'without'])} ${labelList(scope)} `] };
  if (random.chance(0.35)) return { type: 'vector', parts: [word, '(', ...parameter, operand, ')'] };
  const before = random.chance(0.6);
  const parts = before
    ? [word, grouping, '(', ...parameter, operand, ')']
    : [word, '(', ...parameter, operand, ')', grouping];
  return { type: 'vector', parts };
}

function aggregationScalar(scope: Scope, op: string, depth: number): Tree {
  const { random } = scope;
  if (random.chance(0.15)) return expression(scope, 'scalar', depth - 1);
  const usual =
    op === 'quantile' ? ['0', '0.25', '0.5', '0.9', '1', '2', '-1'] : ['1', '2', '3', '0', '-1', '2.7', '50'];
  return { type: 'scalar', parts: [random.pick(usual)] };
}

function binary(scope: Scope, depth: number): Tree {
  const { random } = scope;
  const kind = random.weighted<'arithmetic' | 'comparison' | 'set'>([
    [4, () => 'arithmetic'],
    [3, () => 'comparison'],
    [3, () => 'set'],
  ]);
  const op = random.pick(kind === 'set' ? SETS : kind === 'comparison' ? COMPARISONS : ARITHMETIC);
  const bool: Part[] = kind === 'comparison' && random.chance(0.4) ? [{ optional: [' bool'] }] : [];
  const inside = (type: ValueType): Tree => expression(scope, type, depth - 1);
  const sides = kind === 'set' ? 1 : random.next();
  if (sides < 0.2)
    return { type: 'vector', parts: ['(', inside('vector'), ` ${op}`, ...bool, ' ', inside('scalar'), ')'] };
  if (sides < 0.35)
    return { type: 'vector', parts: ['(', inside('scalar'), ` ${op}`, ...bool, ' ', inside('vector'), ')'] };
  const [left, right] = operands(scope, depth);
  const matching: Part[] = random.chance(0.6) ? [{ optional: matchingParts(scope, kind === 'set') }] : [];
  return { type: 'vector', parts: ['(', left, ` ${op}`, ...bool, ...matching, ' ', right, ')'] };
}

/** Two vectors; often of one shape or metric, since of two random ones seldom anything matches. */
function operands(scope: Scope, depth: number): readonly [Tree, Tree] {
  const { random } = scope;
  if (random.chance(0.35)) {
    const [left, right] = random.pick([
      ['g', 'g2'],
      ['c_total', 'g'],
      ['g', 'info'],
      ['info', 'c_total'],
      ['h_sum', 'h_count'],
      ['odd', 'g'],
      ['steady', 'g2'],
    ] as const);
    return [
      { type: 'vector', parts: [left] },
      { type: 'vector', parts: [right] },
    ];
  }
  const left = expression(scope, 'vector', depth - 1);
  if (random.chance(0.3)) return [left, left];
  if (random.chance(0.1)) return [left, { type: 'vector', parts: [metricName(scope)] }];
  return [left, expression(scope, 'vector', depth - 1)];
}

function matchingParts(scope: Scope, set: boolean): Part[] {
  const { random } = scope;
  const on = ` ${random.pick(['on', 'on', 'ignoring'])} ${labelList(scope)}`;
  if (random.chance(set ? 0.98 : 0.4)) return [on];
  const include = random.chance(0.5) ? ` ${labelList(scope)}` : '';
  return [on, { optional: [` ${random.pick(['group_left', 'group_right'])}${include}`] }];
}
