import type * as z from 'zod';

/** The next number of a repeatable row, 0 ≤ n < 1 (a linear congruential generator, constants of Numerical Recipes). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const TEXTS = [
  ...[
    '',
    ' ',
    'a',
    '名字',
    '😀'.repeat(40),
    'x'.repeat(64),
    'x'.repeat(200),
    'x'.repeat(1_000),
    'a\0b',
    '\ud800',
    '\u202ea',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '../../../../x',
    '..',
    '.',
    '/dev/null/x',
    'C:\\x',
    '-',
    '--all',
  ],
  ...[
    'NaN',
    '1e309',
    '-1',
    '0',
    '2',
    '200',
    '0640',
    '08:00',
    '24:00',
    '5m',
    '1h',
    '*/5 * * * *',
    'Asia/Shanghai',
    'Mars/Base',
  ],
  ...[
    '(',
    '[',
    '(a+)+$',
    '*',
    '%',
    '(?P<n>',
    "'; drop table hosts; --",
    '{{',
    '{{ .Labels.x }}',
    '$x',
    '#ff0000',
  ],
  ...[
    'http://127.0.0.1:1/x',
    'https://[::1]:1/',
    'ftp://x',
    '127.0.0.1:1',
    '10.0.0.300:1',
    '08:1',
    'a:99999',
    'localhost',
  ],
  ...[
    'up',
    'rate(up[5m])',
    'up{',
    'level:error',
    'text:"a b"',
    '[]',
    '{"a":1}',
    '<x/>',
    '- a: 1',
    'groups: []',
    '\n',
    'a,b\n"c"',
  ],
];
const NUMBERS = [
  ...[0, 1, -1, 2, 5, 10, 100, 1_000, 60_000, 3_600_000, 65_535, 65_536, 2 ** 31, 0.5, -0.5],
  ...[
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
    8.64e15,
    -8.64e15,
    1e21,
    1e300,
    -1e300,
    5e-324,
    Number.MAX_VALUE,
  ],
];

/** What an input is made with. */
export type Hostility = {
  readonly random: () => number;
  /** Names that exist, so that an input gets past "there is none of that name". */
  readonly names: readonly string[];
};

/**
 * An input that a schema takes as far as its shape goes, made of values at the edges of what it allows: longest texts, names of
 * object members, paths that climb, numbers at the ends, broken expressions.
 *
 * @returns the input, or null when none of a few attempts passed the schema
 */
export function hostileInput(schema: z.ZodType, hostility: Hostility): { readonly input: unknown } | null {
  for (let attempt = 0; attempt < 15; attempt++) {
    const input = edgeValue(schema as unknown as Known, hostility, 0);
    if (schema.safeParse(input).success) return { input };
  }
  return null;
}

/** The kinds of schema that the contract is written with, as Zod describes them. */
type Definition =
  | { readonly type: 'string' | 'number' | 'boolean' | 'unknown' | 'any' | 'custom' | 'undefined' | 'null' }
  | { readonly type: 'literal'; readonly values: readonly unknown[] }
  | { readonly type: 'enum'; readonly entries: Readonly<Record<string, unknown>> }
  | { readonly type: 'array'; readonly element: Known }
  | { readonly type: 'object'; readonly shape: Readonly<Record<string, Known>> }
  | { readonly type: 'record'; readonly keyType: Known; readonly valueType: Known }
  | { readonly type: 'union'; readonly options: readonly Known[] }
  | { readonly type: 'tuple'; readonly items: readonly Known[] }
  | { readonly type: 'intersection'; readonly left: Known; readonly right: Known }
  | { readonly type: 'pipe'; readonly in: Known }
  | { readonly type: 'lazy'; readonly getter: () => Known }
  | {
      readonly type: 'optional' | 'default' | 'prefault' | 'nullable' | 'readonly' | 'catch' | 'nonoptional';
      readonly innerType: Known;
    };
type Known = z.ZodType & { readonly _zod: { readonly def: Definition } };

const DEEPEST = 6;

function edgeValue(schema: Known, hostility: Hostility, depth: number): unknown {
  const { random } = hostility;
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const fitting = (values: readonly unknown[]): unknown => {
    const fits = (value: unknown): boolean => schema.safeParse(value).success;
    for (let attempt = 0; attempt < 8; attempt++) {
      const value = pick(values);
      if (fits(value)) return value;
    }
    return values.find(fits) ?? values[0];
  };
  const inner = (part: Known): unknown => edgeValue(part, hostility, depth + 1);
  const { def } = schema._zod;
  switch (def.type) {
    case 'string':
      return fitting([...TEXTS, ...hostility.names]);
    case 'number':
      return fitting(NUMBERS);
    case 'boolean':
      return random() < 0.5;
    case 'literal':
      return pick(def.values);
    case 'enum':
      return pick(Object.values(def.entries));
    case 'array':
      return fitting(
        [0, 1, 2].map((length) =>
          Array.from({ length: depth > DEEPEST ? 0 : length }, () => inner(def.element)),
        ),
      );
    case 'object':
      return ownFields(Object.entries(def.shape).map(([name, part]) => [name, inner(part)]));
    case 'record':
      return ownFields([[String(inner(def.keyType)), inner(def.valueType)]]);
    case 'union':
      return inner(pick(def.options));
    case 'tuple':
      return def.items.map(inner);
    case 'intersection':
      return { ...(inner(def.left) as object), ...(inner(def.right) as object) };
    case 'pipe':
      return inner(def.in);
    case 'lazy':
      return inner(def.getter());
    case 'optional':
    case 'default':
    case 'prefault':
      return random() < 0.4 ? undefined : inner(def.innerType);
    case 'nullable':
      return random() < 0.3 ? null : inner(def.innerType);
    case 'readonly':
    case 'catch':
    case 'nonoptional':
      return inner(def.innerType);
    case 'null':
      return null;
    case 'undefined':
      return undefined;
    case 'unknown':
    case 'any':
    case 'custom':
      return pick<unknown>([null, 1, 'x', {}, [], new Uint8Array(3)]);
  }
}

/** An object with own fields of any name, `__proto__` among them; what is undefined is left out. */
function ownFields(fields: readonly (readonly [string, unknown])[]): object {
  const made = {};
  for (const [name, value] of fields)
    if (value !== undefined)
      Object.defineProperty(made, name, { value, enumerable: true, configurable: true, writable: true });
  return made;
}
