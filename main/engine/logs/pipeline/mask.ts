import { RE2JS } from 're2js';
import type { MaskingKind, MaskingRule } from '#shared/contract/logs-pipelines.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { findBankCards, findIdNumbers, findPhones } from './mask-numbers.ts';
import { type Finder, findPasswords, isPasswordName, isTokenName } from './mask-secrets.ts';
import { findEmails, findIps, findTokens } from './mask-shapes.ts';

/** Where a rule found something, in UTF-16 units of the text. */
export type MaskedSpan = { readonly rule: string; readonly start: number; readonly end: number };

/** Hides what its rules find. Pure, linear in the length of the text, never throws. */
export type Mask = {
  /** The text with everything found replaced; the same string when nothing was. A JSON object stays one. */
  readonly text: (text: string) => string;
  /** The value of a field: hidden whole where its name says that it is a secret. */
  readonly field: (name: string, value: string) => string;
  /** What is hidden, in the order of the text, none overlapping another. */
  readonly spans: (text: string) => readonly MaskedSpan[];
};

/** The rules that every console has, as they are before somebody changes them. */
export const BUILT_IN_MASKS: readonly MaskingRule[] = [
  builtIn('password', 'Passwords', true),
  builtIn('token', 'Tokens, keys, Authorization', true),
  builtIn('id-number', 'Chinese identity numbers', false),
  builtIn('phone', 'Mobile phone numbers', false),
  builtIn('bank-card', 'Bank cards', false),
  builtIn('email', 'E-mail addresses', false),
  builtIn('ip', 'IP addresses', false),
];

function builtIn(kind: MaskingKind, name: string, atExport: boolean): MaskingRule {
  return {
    id: kind,
    kind,
    name,
    pattern: '',
    replacement: `[masked:${kind}]`,
    atIngest: false,
    atExport,
  };
}

const FINDERS: Readonly<Record<Exclude<MaskingKind, 'pattern'>, Finder>> = {
  password: findPasswords,
  token: findTokens,
  'id-number': findIdNumbers,
  phone: findPhones,
  'bank-card': findBankCards,
  email: findEmails,
  ip: findIps,
};

/** A pattern larger than this many RE2 instructions would make every line slow. */
const MAX_PROGRAM = 5_000;

/** Compiles the pattern of a rule of one's own: what its first group finds is hidden, or all of it. */
export function patternFinder(pattern: string): Result<Finder> {
  const refused = (why: string): Result<Finder> =>
    err(appError('LOG_PATTERN_INVALID', { pattern, why }, { field: 'pattern' }));
  try {
    const compiled = RE2JS.compile(pattern);
    if (compiled.programSize() > MAX_PROGRAM) return refused('the expression is too large');
    if (compiled.matcher('').find()) return refused('it matches the empty text');
    const group = compiled.groupCount() > 0 ? 1 : 0;
    return ok((text, found) => {
      const matcher = compiled.matcher(text);
      while (matcher.find()) {
        const start = matcher.start(group);
        const end = matcher.end(group);
        if (start >= 0 && end > start) found(start, end);
      }
    });
  } catch (thrown) {
    return refused(describeThrown(thrown));
  }
}

type Compiled = { readonly rule: MaskingRule; readonly find: Finder };

/**
 * Makes the mask of those rules that are in force at a place.
 *
 * @returns null when none is in force there; LOG_PATTERN_INVALID when a pattern cannot be used
 */
export function compileMask(rules: readonly MaskingRule[], at: 'ingest' | 'export'): Result<Mask | null> {
  const compiled: Compiled[] = [];
  for (const rule of rules) {
    if (!(at === 'ingest' ? rule.atIngest : rule.atExport)) continue;
    const find = rule.kind === 'pattern' ? patternFinder(rule.pattern) : ok(FINDERS[rule.kind]);
    if (!find.ok) return find;
    compiled.push({ rule, find: find.value });
  }
  return ok(compiled.length === 0 ? null : maskOf(compiled));
}

function maskOf(rules: readonly Compiled[]): Mask {
  const replacements = new Map(rules.map(({ rule }) => [rule.id, rule.replacement]));
  const byName = (name: string): string | null => {
    const last = name.slice(name.lastIndexOf('.') + 1);
    for (const { rule } of rules) {
      if (rule.kind === 'password' && isPasswordName(last)) return rule.replacement;
      if (rule.kind === 'token' && isTokenName(last)) return rule.replacement;
    }
    return null;
  };
  const spans = (text: string): readonly MaskedSpan[] => {
    const found: MaskedSpan[] = [];
    for (const { rule, find } of rules)
      find(text, (start, end) => {
        if (!isMasked(text, start, rule.replacement)) found.push({ rule: rule.id, start, end });
      });
    return found.length < 2 ? found : merged(found);
  };
  const plain = (text: string): string => {
    const found = spans(text);
    if (found.length === 0) return text;
    let out = '';
    let at = 0;
    for (const { rule, start, end } of found) {
      out += text.slice(at, start) + (replacements.get(rule) ?? '');
      at = end;
    }
    return out + text.slice(at);
  };
  const field = (name: string, value: string): string =>
    value === '' ? value : (byName(name) ?? plain(value));
  const inside = (name: string, value: unknown): unknown => {
    if (typeof value === 'string') return field(name, value);
    if (typeof value === 'number') {
      const text = String(value);
      const masked = field(name, text);
      return masked === text ? value : masked;
    }
    if (Array.isArray(value)) return value.map((item: unknown) => inside(name, item));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inside(key, item)]));
  };
  return {
    spans,
    field,
    text: (text) => {
      const masked = plain(text);
      if (masked === text || !text.trimStart().startsWith('{')) return masked;
      // A number that became a word would make the line another format; such an object is masked value by value.
      const before = jsonObject(text);
      if (before === null || jsonObject(masked) !== null) return masked;
      return plain(JSON.stringify(inside('', before)));
    },
  };
}

/** What was hidden before is not found again, so that masking twice is masking once. */
function isMasked(text: string, start: number, replacement: string): boolean {
  return text.startsWith('[masked:', start) || (replacement !== '' && text.startsWith(replacement, start));
}

/** Orders what was found; where two overlap, the one that begins first swallows the other. */
function merged(found: MaskedSpan[]): readonly MaskedSpan[] {
  const ordered = found.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const out: MaskedSpan[] = [];
  for (const span of ordered) {
    const last = out[out.length - 1];
    if (last === undefined || span.start >= last.end) out.push(span);
    else if (span.end > last.end) out[out.length - 1] = { ...last, end: span.end };
  }
  return out;
}

function jsonObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    // JSON.parse has no other way to say that the text is none.
    return null;
  }
}
