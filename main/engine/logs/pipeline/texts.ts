import type { PipelineFilter } from '#shared/contract/logs-pipelines.ts';
import { parseExactJson } from '../parse/exact-json.ts';
import { dateReader } from './dates.ts';
import type { WorkEvent } from './event.ts';
import { Fault } from './fault.ts';
import { fieldName } from './reader.ts';

/** Reads fields out of a text: `failed` when it does not have the shape, `nothing` when there is none to read. */
type FieldReader = (event: WorkEvent) => 'ok' | 'failed' | 'nothing';

type Kv = Extract<PipelineFilter, { readonly kind: 'kv' }>;
type Json = Extract<PipelineFilter, { readonly kind: 'json' }>;

const MOST_PAIRS = 400;
const QUOTES: Readonly<Record<string, string>> = { '"': '"', "'": "'", '(': ')', '[': ']', '<': '>' };

/** Compiles the kv filter: pairs such as `user=lin took="12 ms"`; separators are sets of characters. */
export function compileKv(filter: Kv): FieldReader {
  const { fieldSplit = ' ', valueSplit = '=', trimKey = '', trimValue = '', prefix = '' } = filter;
  const source = fieldName(filter.source ?? 'message');
  const base = filter.target === undefined ? '' : `${fieldName(filter.target)}.`;
  const between = new Set(unescapeSet(fieldSplit));
  const inside = new Set(unescapeSet(valueSplit));
  const include = filter.includeKeys === undefined ? null : new Set(filter.includeKeys);
  const exclude = new Set(filter.excludeKeys ?? []);
  return (event) => {
    const text = event.textOf(source);
    const found = new Set<string>();
    if (text !== undefined) {
      for (const [rawKey, rawValue] of pairs(text, between, inside)) {
        const key = trimmed(rawKey, trimKey);
        if (key === '' || (include !== null && !include.has(key)) || exclude.has(key)) continue;
        const name = base + prefix + key;
        const value = trimmed(rawValue, trimValue);
        const before = found.has(name) ? event.get(name) : undefined;
        // A key that comes twice becomes a list, as in Logstash.
        event.set(
          name,
          before === undefined ? value : [...(typeof before === 'string' ? [before] : before), value],
        );
        found.add(name);
      }
    }
    for (const [key, value] of Object.entries(filter.defaultKeys ?? {}))
      if (!event.has(base + key)) event.set(base + key, value);
    return found.size > 0 || filter.defaultKeys !== undefined ? 'ok' : 'nothing';
  };
}

function* pairs(
  text: string,
  between: ReadonlySet<string>,
  inside: ReadonlySet<string>,
): Generator<[string, string]> {
  let at = 0;
  for (let count = 0; at < text.length && count < MOST_PAIRS; ) {
    while (at < text.length && between.has(text[at] ?? '')) at += 1;
    const start = at;
    while (at < text.length && !between.has(text[at] ?? '') && !inside.has(text[at] ?? '')) at += 1;
    const key = text.slice(start, at);
    const split = spaced(text, at);
    if (!inside.has(text[split] ?? '')) continue;
    // Spaces around the sign are passed over, unless what follows them is the next pair.
    const behind = spaced(text, split + 1);
    at = behind > split + 1 && beginsPair(text, behind, between, inside) ? split + 1 : behind;
    const close = QUOTES[text[at] ?? ''];
    const end = close === undefined ? -1 : closing(text, at + 1, close);
    if (end >= 0) {
      yield [key, text.slice(at + 1, end)];
      at = end + 1;
    } else {
      const from = at;
      while (at < text.length && !between.has(text[at] ?? '')) at += 1;
      if (at > from) yield [key, text.slice(from, at)];
    }
    count += 1;
  }
}

function spaced(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at += 1;
  return at;
}

function beginsPair(
  text: string,
  from: number,
  between: ReadonlySet<string>,
  inside: ReadonlySet<string>,
): boolean {
  if (QUOTES[text[from] ?? ''] !== undefined) return false;
  let at = from;
  while (at < text.length && !between.has(text[at] ?? '') && !inside.has(text[at] ?? '')) at += 1;
  return inside.has(text[at] ?? '');
}

function closing(text: string, from: number, close: string): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === close) return at;
  }
  return -1;
}

function unescapeSet(text: string): string {
  return text.replaceAll('\\n', '\n').replaceAll('\\t', '\t').replace(/\\(.)/g, '$1');
}

function trimmed(text: string, characters: string): string {
  if (characters === '') return text;
  const set = new Set(unescapeSet(characters));
  let start = 0;
  let end = text.length;
  while (start < end && set.has(text[start] ?? '')) start += 1;
  while (end > start && set.has(text[end - 1] ?? '')) end -= 1;
  return text.slice(start, end);
}

const MAX_DEPTH = 8;
const MOST_FIELDS = 400;

/** Compiles the json filter: the members of an object become fields, nested ones with dotted names. */
export function compileJson(filter: Json): FieldReader {
  const source = fieldName(filter.source);
  const base = filter.target === undefined ? '' : fieldName(filter.target);
  return (event) => {
    const text = event.textOf(source);
    // As in Logstash: no such field, nothing to do.
    if (text === undefined) return 'nothing';
    let value: unknown;
    try {
      value = parseExactJson(text);
    } catch {
      // JSON.parse has no other way to say that the text is none.
      return filter.skipOnInvalid === true ? 'nothing' : 'failed';
    }
    if (typeof value !== 'object' || value === null || (Array.isArray(value) && base === '')) return 'failed';
    const budget = { left: MOST_FIELDS };
    if (Array.isArray(value)) setJson(event, base, value, 0, budget);
    else
      for (const [key, item] of Object.entries(value))
        if (base === '' && key === '@timestamp') setTime(event, item);
        else setJson(event, base === '' ? key : `${base}.${key}`, item, 0, budget);
    return 'ok';
  };
}

const readIsoTime = dateReader('ISO8601', 'UTC');

/** An object's own `@timestamp` is the event's; what is none is kept under another name, as Logstash does. */
function setTime(event: WorkEvent, value: unknown): void {
  const time = typeof value === 'string' ? readIsoTime(value, event.input.time) : null;
  if (time !== null) event.time = time;
  else {
    event.set('_@timestamp', typeof value === 'string' ? value : JSON.stringify(value));
    event.tag('_timestampparsefailure');
  }
}

function setJson(
  event: WorkEvent,
  name: string,
  value: unknown,
  depth: number,
  budget: { left: number },
): void {
  if (budget.left <= 0) return;
  if (value !== null && typeof value === 'object' && !Array.isArray(value) && depth < MAX_DEPTH) {
    for (const [key, item] of Object.entries(value))
      setJson(event, `${name}.${key}`, item, depth + 1, budget);
    return;
  }
  budget.left -= 1;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) event.set(name, value);
  else if (value !== null) event.set(name, typeof value === 'string' ? value : JSON.stringify(value));
}

type DissectPart = {
  readonly name: string;
  readonly mode: '' | '+' | '?' | '&' | '*';
  readonly padded: boolean;
  readonly until: string;
};

/** Compiles one mapping of the dissect filter: `%{ts} %{+ts} %{level->} %{?skipped} %{}`; faults are thrown. */
export function compileDissect(field: string, mapping: string): FieldReader {
  const source = fieldName(field);
  const first = mapping.indexOf('%{');
  const begin = first < 0 ? mapping : mapping.slice(0, first);
  const parts: DissectPart[] = [];
  for (const match of mapping.matchAll(/%\{([^}]*)\}([^%]*(?:%(?!\{)[^%]*)*)/g)) {
    const written = match[1] ?? '';
    const [, mode = '', key = '', padding = ''] = /^([+?&*]?)(.*?)(?:\/\d+)?(->)?$/s.exec(written) ?? [];
    if (mode === '&' || mode === '*' || /\/\d+/.test(written))
      throw new Fault({
        zh: `dissect 的 %{${written}} 不支持（间接字段与次序）`,
        en: `%{${written}} of dissect is not taken (indirect fields and orders)`,
      });
    parts.push({
      name: fieldName(key),
      mode: mode as DissectPart['mode'],
      padded: padding !== '',
      until: match[2] ?? '',
    });
  }
  if (parts.length === 0)
    throw new Fault({
      zh: `dissect 映射“${mapping}”中没有 %{字段}`,
      en: `the mapping "${mapping}" of dissect has no %{field}`,
    });
  if (parts.some((part, index) => part.until === '' && index < parts.length - 1))
    throw new Fault({
      zh: `dissect 映射“${mapping}”的两个字段之间没有分隔符`,
      en: `two fields of the mapping "${mapping}" of dissect have nothing between them`,
    });
  return (event) => {
    const text = event.textOf(source);
    if (text === undefined) return 'nothing';
    if (text === '' || !text.startsWith(begin)) return 'failed';
    const found: (readonly [DissectPart, string, string])[] = [];
    let at = begin.length;
    // What is appended is joined by what stood before it.
    let joint = ' ';
    for (const part of parts) {
      const end = part.until === '' ? text.length : text.indexOf(part.until, at);
      if (end < 0) return 'failed';
      found.push([part, text.slice(at, end), joint]);
      joint = part.until;
      at = end + part.until.length;
      while (part.padded && part.until !== '' && text.startsWith(part.until, at)) at += part.until.length;
    }
    const set = new Map<string, string>();
    for (const [{ name, mode }, value, between] of found) {
      if (name === '' || mode === '?') continue;
      const before = set.get(name);
      set.set(name, mode === '+' && before !== undefined ? before + between + value : value);
    }
    for (const [name, value] of set) event.set(name, value);
    return 'ok';
  };
}
