import { assertNever } from '#shared/errors/index.ts';
import type { ParsedLine } from '../parse/parser.ts';
import type { LineOrigin } from '../store/heads.ts';
import { allTerms, indexTerms, isCjk, isWordChar, type TermQuery } from '../store/text-index.ts';
import { type CompiledNode, wildcard } from './compile.ts';
import type { RequiredLiteral } from './regex/literals.ts';
import { isLiteralFormat, type Subject } from './subject.ts';

/** What is the same for many events: those of one level in a block. */
export type Known = {
  readonly origin: Pick<LineOrigin, 'sourceId' | 'sourceName' | 'host' | 'stream'>;
  /** The level by its number. */
  readonly level: number;
  readonly minTime: number;
  readonly maxTime: number;
};

/** True, false, or not known without looking at the line. */
type Verdict = boolean | null;

/** Says whether an event matches. */
export function matches(node: CompiledNode, subject: Subject): boolean {
  const { origin, level, time } = subject;
  return verdict(node, { origin, level, minTime: time, maxTime: time }, subject) === true;
}

/** What can be said about such events without opening the block: all match, none does, or it depends. */
export function knownVerdict(node: CompiledNode, known: Known): Verdict {
  return verdict(node, known, null);
}

function verdict(node: CompiledNode, known: Known, subject: Subject | null): Verdict {
  switch (node.kind) {
    case 'all':
      return true;
    case 'and':
    case 'or': {
      const decisive = node.kind === 'or';
      let result: Verdict = !decisive;
      for (const item of node.items) {
        const one = verdict(item, known, subject);
        if (one === decisive) return decisive;
        if (one === null) result = null;
      }
      return result;
    }
    case 'not': {
      const inner = verdict(node.item, known, subject);
      return inner === null ? null : !inner;
    }
    case 'level':
      return (node.mask & (1 << known.level)) !== 0;
    case 'source': {
      const fits = wildcard(node.pattern);
      return fits(known.origin.sourceName) || fits(known.origin.sourceId);
    }
    case 'host':
      return wildcard(node.pattern)(known.origin.host);
    case 'stream': {
      if (!wildcard(node.pattern)(known.origin.stream)) return false;
      if (node.day === null) return true;
      if (known.maxTime < node.day.start || known.minTime > node.day.end) return false;
      return known.minTime >= node.day.start && known.maxTime <= node.day.end ? true : null;
    }
    case 'tag':
      return subject === null ? null : (subject.changes?.tags?.some(wildcard(node.pattern)) ?? false);
    case 'origin-regex':
      return originMatches(node, known.origin, subject);
    case 'regex':
      return subject === null ? null : node.regex.matches(subject.data, subject.from, subject.to);
    case 'text':
      if (subject === null) return null;
      if (!node.sieve.matches(subject.data, subject.from, subject.to) && subject.isBare()) return false;
      return holds(subject.lowerText(), node);
    case 'field':
      return subject === null ? null : fieldMatches(node, subject);
    default:
      return assertNever(node);
  }
}

function originMatches(
  { of, test }: CompiledNode & { readonly kind: 'origin-regex' },
  { sourceName, sourceId, host, stream }: Known['origin'],
  subject: Subject | null,
): Verdict {
  switch (of) {
    case 'source':
      return test(sourceName) || test(sourceId);
    case 'host':
      return test(host);
    case 'stream':
      return test(stream);
    case 'tag':
      return subject === null ? null : (subject.changes?.tags?.some(test) ?? false);
  }
}

/** What is looked for in a text. */
export type Needle = { readonly text: string; readonly openStart: boolean; readonly openEnd: boolean };

/**
 * Says whether a word or phrase stands in a text: at word borders where it begins or ends with a letter or digit,
 * anywhere where it begins or ends with a Chinese character or punctuation. Both are in lower case.
 */
export function holds(text: string, needle: Needle): boolean {
  if (needle.text === '') return true;
  const opens = !needle.openStart && isWordChar(firstChar(needle.text));
  const closes = !needle.openEnd && isWordChar(charBefore(needle.text, needle.text.length));
  for (let at = text.indexOf(needle.text); at >= 0; at = text.indexOf(needle.text, at + 1)) {
    if (opens && at > 0 && isWordChar(charBefore(text, at))) continue;
    const end = at + needle.text.length;
    if (closes && end < text.length && isWordChar(firstChar(text.slice(end, end + 2)))) continue;
    return true;
  }
  return false;
}

function firstChar(text: string): string {
  return String.fromCodePoint(text.codePointAt(0) ?? 32);
}

function charBefore(text: string, at: number): string {
  const unit = text.charCodeAt(at - 1);
  return unit >= 0xdc00 && unit <= 0xdfff ? text.slice(at - 2, at) : (text[at - 1] ?? ' ');
}

function fieldMatches(node: CompiledNode & { readonly kind: 'field' }, subject: Subject): boolean {
  if (
    node.sieve !== null &&
    isLiteralFormat(subject.origin.format) &&
    !node.sieve.matches(subject.data, subject.from, subject.to) &&
    subject.isBare()
  )
    return false;
  const value = fieldValue(node, subject.parsed());
  return value !== null && node.test(value);
}

function fieldValue(
  node: { readonly name: string; readonly key: string },
  parsed: ParsedLine,
): string | null {
  const exact = Object.hasOwn(parsed.fields, node.name) ? parsed.fields[node.name] : undefined;
  if (exact !== undefined) return exact;
  if (node.key === 'message' || node.key === 'msg') return parsed.message;
  const found = Object.keys(parsed.fields).find((other) => other.toLowerCase() === node.key);
  return found === undefined ? null : (parsed.fields[found] ?? null);
}

/**
 * The index terms that every block holding a match has; null when the index cannot help and every block has to be
 * looked at.
 *
 * @param fields whether a field's value may be asked for: where every format keeps values as they stand in the line
 */
export function blockTerms(node: CompiledNode, fields: boolean): TermQuery | null {
  switch (node.kind) {
    case 'text':
      return allTerms(certainTerms(node.text, node.openStart, node.openEnd, node.openEnd));
    case 'tag':
      return node.pattern.includes('*') ? null : allTerms(certainTerms(node.pattern, false, false, false));
    case 'regex':
      return literalTerms(node.regex.literals);
    case 'field': {
      if (!fields) return null;
      if (node.regex !== null) return literalTerms(node.regex.literals);
      if (node.value === null) return null;
      const parts = node.value.split('*');
      // Between wildcards only whole words are certain, so the words touching a `*` are left out.
      const terms = parts.flatMap((part, i) => certainTerms(part, i > 0, i < parts.length - 1, false));
      return allTerms(terms);
    }
    case 'and': {
      const items = node.items.map((item) => blockTerms(item, fields)).filter((part) => part !== null);
      return items.length === 0 ? null : { kind: 'and', items };
    }
    case 'or': {
      const parts = node.items.map((item) => blockTerms(item, fields));
      const items = parts.filter((part) => part !== null);
      return items.length < parts.length ? null : { kind: 'or', items };
    }
    default:
      return null;
  }
}

/** Says whether a query asks for values of fields anywhere. */
export function asksFields(node: CompiledNode): boolean {
  if (node.kind === 'field') return true;
  if (node.kind === 'not') return asksFields(node.item);
  return (node.kind === 'and' || node.kind === 'or') && node.items.some(asksFields);
}

/** The terms of a text whose first or last word may be a part of a longer one. */
function certainTerms(
  text: string,
  cutStart: boolean,
  cutEnd: boolean,
  prefix: boolean,
): ReturnType<typeof indexTerms> {
  let chars = [...text.toLowerCase()];
  const isPart = (char: string | undefined): boolean =>
    char !== undefined && isWordChar(char) && !isCjk(char);
  if (cutStart) {
    const first = chars.findIndex((char) => !isPart(char));
    chars = first < 0 ? [] : chars.slice(first);
  }
  if (cutEnd && !prefix) {
    const last = chars.findLastIndex((char) => !isPart(char));
    chars = chars.slice(0, last + 1);
  }
  return indexTerms(chars.join(''), prefix && cutEnd);
}

function literalTerms(literals: readonly RequiredLiteral[]): TermQuery | null {
  return allTerms(
    literals.flatMap((literal) => certainTerms(literal.text, !literal.atStart, !literal.atEnd, false)),
  );
}
