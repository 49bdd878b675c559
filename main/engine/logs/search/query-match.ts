import { assertNever } from '#shared/errors/index.ts';
import type { ParsedLine } from '../parse/parser.ts';
import { allTerms, indexTerms, isWordChar, type TermQuery } from '../store/text-index.ts';
import type { QueryNode } from './query.ts';

/** What is the same for all events of a block. */
export type Origin = { readonly sourceId: string; readonly sourceName: string; readonly host: string };

/** One event, as a query looks at it. The texts are asked for only when needed. */
export type Subject = Origin & {
  readonly level: number;
  /** The line and what is decoded of it, in lower case. */
  readonly lowerText: () => string;
  readonly parsed: () => ParsedLine;
};

/** True, false, or not known without opening the line. */
type Verdict = boolean | null;

/** Says whether an event matches. */
export function matches(node: QueryNode, subject: Subject): boolean {
  return verdict(node, subject, subject) === true;
}

/** What can be said about all events of a level in a block without opening it: all match, none does, or it depends. */
export function levelVerdict(node: QueryNode, origin: Origin, level: number): Verdict {
  return verdict(node, { ...origin, level }, null);
}

function verdict(node: QueryNode, known: Origin & { level: number }, subject: Subject | null): Verdict {
  switch (node.kind) {
    case 'all':
      return true;
    case 'and': {
      let result: Verdict = true;
      for (const item of node.items) {
        const one = verdict(item, known, subject);
        if (one === false) return false;
        if (one === null) result = null;
      }
      return result;
    }
    case 'or': {
      let result: Verdict = false;
      for (const item of node.items) {
        const one = verdict(item, known, subject);
        if (one === true) return true;
        if (one === null) result = null;
      }
      return result;
    }
    case 'not': {
      const inner = verdict(node.item, known, subject);
      return inner === null ? null : !inner;
    }
    case 'level':
      return node.levels.has(known.level);
    case 'source':
      return wildcard(node.pattern, known.sourceName) || wildcard(node.pattern, known.sourceId);
    case 'host':
      return wildcard(node.pattern, known.host);
    case 'text':
      return subject === null ? null : holds(subject.lowerText(), node.text, node.prefix);
    case 'field':
      return subject === null ? null : fieldMatches(node, subject.parsed());
    default:
      return assertNever(node);
  }
}

/** Compares without regard to case; `*` stands for anything. The pattern is in lower case. */
function wildcard(pattern: string, value: string): boolean {
  const text = value.toLowerCase();
  if (!pattern.includes('*')) return text === pattern;
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  const last = parts[parts.length - 1] ?? '';
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last))
    return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}

/**
 * Says whether a word or phrase stands in a text: at word borders where it begins or ends with a letter or digit,
 * anywhere where it begins or ends with a Chinese character or punctuation. Both are in lower case.
 */
export function holds(text: string, needle: string, prefix: boolean): boolean {
  if (needle === '') return true;
  const opens = isWordChar(firstChar(needle));
  const closes = !prefix && isWordChar(lastChar(needle));
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
    if (opens && at > 0 && isWordChar(charBefore(text, at))) continue;
    const end = at + needle.length;
    if (closes && end < text.length && isWordChar(firstChar(text.slice(end, end + 2)))) continue;
    return true;
  }
  return false;
}

function firstChar(text: string): string {
  return String.fromCodePoint(text.codePointAt(0) ?? 32);
}

function lastChar(text: string): string {
  return charBefore(text, text.length);
}

function charBefore(text: string, at: number): string {
  const unit = text.charCodeAt(at - 1);
  return unit >= 0xdc00 && unit <= 0xdfff ? text.slice(at - 2, at) : (text[at - 1] ?? ' ');
}

function fieldMatches(node: QueryNode & { kind: 'field' }, parsed: ParsedLine): boolean {
  const value = fieldValue(node.name, parsed);
  if (value === null) return false;
  if (node.operator === ':') return wildcard(node.value, value);
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) return false;
  const bound = Number(node.value);
  if (node.operator === '>') return number > bound;
  if (node.operator === '>=') return number >= bound;
  return node.operator === '<' ? number < bound : number <= bound;
}

function fieldValue(name: string, parsed: ParsedLine): string | null {
  const exact = Object.hasOwn(parsed.fields, name) ? parsed.fields[name] : undefined;
  if (exact !== undefined) return exact;
  const key = name.toLowerCase();
  if (key === 'message' || key === 'msg') return parsed.message;
  const found = Object.keys(parsed.fields).find((other) => other.toLowerCase() === key);
  return found === undefined ? null : (parsed.fields[found] ?? null);
}

/**
 * The index terms that every block holding a match has; null when the index cannot help and every block has to be
 * looked at.
 */
export function blockTerms(node: QueryNode): TermQuery | null {
  switch (node.kind) {
    case 'text':
      return allTerms(indexTerms(node.text, node.prefix));
    case 'field': {
      if (node.operator !== ':') return null;
      // Between wildcards only whole words are certain, so the words touching a `*` are left out.
      if (node.value.includes('*')) return null;
      return allTerms(indexTerms(node.value, false));
    }
    case 'and': {
      const items = node.items.map(blockTerms).filter((part) => part !== null);
      return items.length === 0 ? null : { kind: 'and', items };
    }
    case 'or': {
      const parts = node.items.map(blockTerms);
      const items = parts.filter((part) => part !== null);
      return items.length < parts.length ? null : { kind: 'or', items };
    }
    default:
      return null;
  }
}
