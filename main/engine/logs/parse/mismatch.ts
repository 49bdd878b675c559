import type { RE2JS } from 're2js';

/** Where and why a text does not have a format. */
export type Mismatch = {
  /** From 1: the first column that does not fit. */
  readonly column: number;
  readonly why: { readonly zh: string; readonly en: string };
};

/** An expression that finds itself in a text. */
type Finding = { readonly matcher: (text: string) => ReturnType<RE2JS['matcher']> };

const QUANTIFIER = /^(?:[*+?]|\{\d*,?\d*\})[?+]?/;
const MAX_PARTS = 200;
const MAX_TEXT = 4096;

/**
 * Cuts an expression into the parts that follow one another on its outermost level; runs of plain characters stay
 * together. An expression with alternatives there is one part.
 */
export function partsOf(pattern: string): readonly string[] {
  const parts: string[] = [];
  let plain = '';
  const take = (part: string): void => {
    if (plain !== '') parts.push(plain);
    plain = '';
    parts.push(part);
  };
  for (let at = 0; at < pattern.length; ) {
    const end = atomEnd(pattern, at);
    const quantifier = QUANTIFIER.exec(pattern.slice(end))?.[0] ?? '';
    const atom = pattern.slice(at, end);
    if (atom === '|') return [pattern];
    if (quantifier === '' && /^(?:[^%([\\.^$]|\\[^\w])$/.test(atom)) plain += atom;
    else take(atom + quantifier);
    at = end + quantifier.length;
  }
  if (plain !== '') parts.push(plain);
  return parts;
}

function atomEnd(pattern: string, at: number): number {
  const char = pattern[at];
  if (char === '\\') return Math.min(pattern.length, at + 2);
  if (char === '%' && pattern[at + 1] === '{') {
    const close = pattern.indexOf('}', at);
    return close < 0 ? pattern.length : close + 1;
  }
  if (char === '[') return classEnd(pattern, at);
  if (char !== '(') return at + 1;
  let depth = 0;
  for (let i = at; i < pattern.length; i += 1) {
    if (pattern[i] === '\\') i += 1;
    else if (pattern[i] === '[') i = classEnd(pattern, i) - 1;
    else if (pattern[i] === '(') depth += 1;
    else if (pattern[i] === ')') {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  return pattern.length;
}

function classEnd(pattern: string, at: number): number {
  let i = at + 1;
  if (pattern[i] === '^') i += 1;
  if (pattern[i] === ']') i += 1;
  for (; i < pattern.length; i += 1) {
    if (pattern[i] === '\\') i += 1;
    else if (pattern[i] === ']') return i + 1;
  }
  return pattern.length;
}

/**
 * Says where a text stops matching an expression: the longest run of its parts that is found in the text, and the part
 * after it, which is not there.
 *
 * @param compile makes a matcher of the beginning of the expression; may throw, then the whole is reported
 */
export function firstMissing(pattern: string, text: string, compile: (part: string) => Finding): Mismatch {
  const parts = partsOf(pattern).slice(0, MAX_PARTS);
  const shown = text.slice(0, MAX_TEXT);
  let column = 1;
  let found = 0;
  let low = 0;
  let high = parts.length;
  // What a longer beginning finds, a shorter one finds, too; so the longest one can be halved for.
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const end = matchEnd(parts.slice(0, middle).join(''), shown, compile);
    if (end === null) high = middle - 1;
    else {
      low = middle;
      found = middle;
      column = end + 1;
    }
  }
  const missing = parts[found] ?? pattern;
  return {
    column,
    why: {
      zh: `第 ${column} 列起应为 ${missing}，实际是 ${quoted(text, column)}`,
      en: `from column ${column} on ${missing} was expected, and there is ${quoted(text, column)}`,
    },
  };
}

function matchEnd(part: string, text: string, compile: (part: string) => Finding): number | null {
  try {
    const matcher = compile(part).matcher(text);
    return matcher.find() ? matcher.end() : null;
  } catch {
    // A beginning that is no expression by itself tells nothing; the search goes on with shorter ones.
    return null;
  }
}

/** What stands at a column, for a sentence. */
export function quoted(text: string, column: number): string {
  const rest = text.slice(column - 1, column + 29);
  return rest === '' ? '␄' : `“${rest}${text.length > column + 29 ? '…' : ''}”`;
}
