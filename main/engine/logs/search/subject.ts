import { FLAG, type FormatSpec, type StoredLine } from '../model.ts';
import type { LineParser, ParsedLine } from '../parse/parser.ts';
import type { EventChanges } from '../stage.ts';
import type { BlockColumns } from '../store/block.ts';
import type { LineOrigin } from '../store/heads.ts';
import { changedLine, extraText, unparsed } from '../store/text-extra.ts';

/** Formats whose values stand in the line as they are, between signs that are no letters. */
const LITERAL_FORMATS: ReadonlySet<string> = new Set(['json', 'logfmt', 'time-level', 'plain']);

/** Says whether every word of a field's value is a word of the line, or of what the index knows besides. */
export function isLiteralFormat(format: FormatSpec): boolean {
  return LITERAL_FORMATS.has(format.spec);
}

/** Whether all that can be searched in the lines of a format stands in their bytes, where a pipeline changed nothing. */
export function isBareFormat({ format }: Pick<LineOrigin, 'format'>): boolean {
  return format.spec !== 'json' && format.spec !== 'logfmt';
}

/** Whether all that can be searched in the lines of a block stands in their bytes as it is. */
export function isBareBlock(origin: LineOrigin, { changes, flags }: BlockColumns): boolean {
  if (changes !== null || !isBareFormat(origin)) return false;
  for (const one of flags) if ((one & FLAG.notUtf8) !== 0) return false;
  return true;
}

/** One event, as a query looks at it: bytes first, text and fields only when they are asked for. */
export class Subject {
  origin: LineOrigin;
  parser: LineParser;
  level = 0;
  time = 0;
  data: Uint8Array = EMPTY;
  from = 0;
  to = 0;
  changes: EventChanges | null = null;
  #flags = 0;
  #raw: string | null = null;
  #lower: string | null = null;
  #parsed: ParsedLine | null = null;

  constructor(origin: LineOrigin, parser: LineParser) {
    this.origin = origin;
    this.parser = parser;
  }

  /** Looks at another line of the same origin. */
  at(columns: BlockColumns, i: number): this {
    this.level = columns.levels[i] ?? 0;
    this.time = columns.times[i] ?? 0;
    this.data = columns.data;
    this.from = columns.starts[i] ?? 0;
    this.to = columns.stops[i] ?? 0;
    this.changes = columns.changes?.[i] ?? null;
    this.#flags = columns.flags[i] ?? 0;
    this.#raw = null;
    this.#lower = null;
    this.#parsed = null;
    return this;
  }

  /** Looks at a line that is not in a block yet. */
  of(line: StoredLine): this {
    this.level = line.level;
    this.time = line.time;
    this.data = line.raw;
    this.from = 0;
    this.to = line.raw.length;
    this.changes = line.changes;
    this.#flags = line.flags;
    this.#raw = null;
    this.#lower = null;
    this.#parsed = null;
    return this;
  }

  raw(): string {
    this.#raw ??= Buffer.from(
      this.data.buffer,
      this.data.byteOffset + this.from,
      this.to - this.from,
    ).toString('utf8');
    return this.#raw;
  }

  /** The line and what is known of it besides, in lower case. */
  lowerText(): string {
    if (this.#lower === null) {
      const more = extraText(this.raw(), this.changes, this.origin.format, this.parser);
      this.#lower = (more === '' ? this.raw() : `${this.raw()}\n${more}`).toLowerCase();
    }
    return this.#lower;
  }

  /** Whether all that can be searched stands in the bytes as it is: nothing changed, escaped, or broken. */
  isBare(): boolean {
    if (this.changes !== null || (this.#flags & FLAG.notUtf8) !== 0) return false;
    const { spec } = this.origin.format;
    if (spec === 'json') return false;
    return spec !== 'logfmt' || !this.#holdsBackslash();
  }

  #holdsBackslash(): boolean {
    const { data, to } = this;
    for (let at = this.from; at < to; at += 1) if (data[at] === 0x5c) return true;
    return false;
  }

  parsed(): ParsedLine {
    this.#parsed ??= changedLine(
      this.parser.parse(this.raw(), this.time) ?? unparsed(this.raw()),
      this.changes,
    );
    return this.#parsed;
  }
}

const EMPTY = new Uint8Array(0);
