import type { Random } from './random.ts';

const WORDS = [
  ...[
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '@',
    '=',
    '=~',
    '!~',
    '!=',
    '==',
    '+',
    '-',
    '*',
    '/',
    '%',
    '^',
    '<',
    '>',
  ],
  ...[
    'by',
    'on',
    'bool',
    'offset',
    'group_left',
    'and',
    'start()',
    'sum',
    'g',
    '5m',
    '1',
    '"x"',
    '0s',
    '1h30',
    '#',
    ' ',
  ],
  ...["'", '`', '\\', 'é', ';', '!', '_', '0x', '1e', 'NaN', '{}', '[5m]', '[5m:]', 'atan2', 'inf'],
];

/** Cuts a text into words, signs and blanks. */
function pieces(text: string): string[] {
  return text.match(/\w+|\s+|"(?:[^"\\]|\\.)*"|./gsu) ?? [];
}

/** A text with one or two mistakes: a piece missing, doubled, exchanged or foreign. Often it is still an expression. */
export function mutated(random: Random, text: string): string {
  const parts = pieces(text);
  for (let n = random.whole(1, 2); n > 0; n--) {
    const at = random.whole(0, Math.max(0, parts.length - 1));
    random.weighted([
      [3, () => parts.splice(at, 1)],
      [1, () => parts.splice(at, 0, parts[at] ?? '')],
      [2, () => parts.splice(at, 0, random.pick(WORDS))],
      [2, () => parts.splice(at, 1, random.pick(WORDS))],
      [1, () => parts.splice(at, 2, parts[at + 1] ?? '', parts[at] ?? '')],
      [1, () => parts.splice(at, parts.length)],
    ]);
  }
  return parts.join('');
}
