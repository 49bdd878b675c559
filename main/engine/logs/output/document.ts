import { LEVELS, type StoredLine, shownFlags } from '../model.ts';
import type { LineParser } from '../parse/parser.ts';
import type { Mask } from '../pipeline/mask.ts';
import { dateWriter } from '../pipeline/template.ts';
import type { LineOrigin } from '../store/heads.ts';
import { changedLine, unparsed } from '../store/text-extra.ts';

/** An event on its way to a server: two lines of a bulk request. */
export type OutputDocument = {
  readonly id: string;
  readonly index: string;
  /** UTC milliseconds. */
  readonly time: number;
  /** Action and source, each with its line feed. */
  readonly text: string;
  readonly bytes: number;
};

/** The stream of events that no pipeline routed, in names of indices. */
const DEFAULT_STREAM = 'hmtt-logs';

/** Makes the index name of an event; what an index name may not hold was refused before. */
export type IndexName = (stream: string, timeMs: number) => string;

const ILLEGAL = /[A-Z\\/*?"<>| ,#:]|^[-_+.]/;

/** Compiles an index name with `%{stream}` and `%{+YYYY.MM.dd}`; a text says why it cannot be used. */
export function compileIndexName(template: string): IndexName | { readonly zh: string; readonly en: string } {
  const parts: ((stream: string, timeMs: number) => string)[] = [];
  for (const [part, inside] of template.matchAll(/%\{([^}]*)\}|[^%]+|%/g)) {
    if (inside === undefined) parts.push(() => part);
    else if (inside === 'stream') parts.push((stream) => (stream === '' ? DEFAULT_STREAM : stream));
    else if (inside.startsWith('+')) {
      const write = dateWriter(inside.slice(1));
      if (write === null) return { zh: `日期 ${part} 不支持`, en: `the date ${part} is not known` };
      parts.push((_stream, timeMs) => write(timeMs));
    } else return { zh: `${part} 不支持`, en: `${part} is not known` };
  }
  const name: IndexName = (stream, timeMs) => parts.map((part) => part(stream, timeMs)).join('');
  const sample = name('', Date.UTC(2026, 10, 22));
  if (ILLEGAL.test(sample))
    return { zh: `“${sample}”含有不允许的字符`, en: `"${sample}" holds what is not allowed` };
  return name;
}

/**
 * Makes the document of a stored event. Its identifier is the log file's key and the offset of the line in it, so that
 * an event that is sent twice is one document.
 */
export function documentOf(
  line: StoredLine,
  origin: LineOrigin,
  parser: LineParser,
  indexName: IndexName,
  mask: Mask | null,
): OutputDocument {
  const raw = line.raw.toString('utf8');
  const parsed = changedLine(parser.parse(raw, line.time) ?? unparsed(raw), line.changes);
  const hide = (text: string): string => (mask === null ? text : mask.text(text));
  const fields = Object.entries(parsed.fields).map(
    ([name, value]) => [name, mask === null ? value : mask.field(name, value)] as const,
  );
  const flags = shownFlags(line.flags);
  const id = `${origin.fileKey}-${line.offset.toString(36)}`;
  const index = indexName(line.stream, line.time);
  const document = {
    '@timestamp': new Date(line.time).toISOString(),
    message: hide(parsed.message),
    log: { level: LEVELS[line.level] ?? 'unknown', file: { path: origin.path }, offset: line.offset },
    host: { name: origin.host },
    event: { id, original: hide(raw) },
    hmtt: {
      source: origin.sourceName,
      stream: line.stream === '' ? DEFAULT_STREAM : line.stream,
      ...(flags.length === 0 ? {} : { flags }),
    },
    ...(line.changes?.tags === undefined ? {} : { tags: line.changes.tags.map(hide) }),
    ...(fields.length === 0 ? {} : { fields: withoutClashes(fields) }),
  };
  const text = `${JSON.stringify({ create: { _index: index, _id: id } })}\n${JSON.stringify(document)}\n`;
  return { id, index, time: line.time, text, bytes: Buffer.byteLength(text) };
}

/**
 * The fields under names that a server can keep side by side: it reads `a.b` as `b` inside `a`, so that a text called `a`
 * beside it would be refused; it is called `a._` then. Empty parts of names are not allowed either.
 */
function withoutClashes(fields: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  const names = fields.map(([name]) => name);
  const parents = new Set(
    names.flatMap((name) => {
      const parts = name.split('.');
      return parts.slice(1).map((_part, index) => parts.slice(0, index + 1).join('.'));
    }),
  );
  const out: Record<string, string> = {};
  for (const [name, value] of fields) {
    const clean = name
      .split('.')
      .map((part) => part.trim() || '_')
      .join('.');
    Object.defineProperty(out, parents.has(name) ? `${clean}._` : clean, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return out;
}
