import { RE2JS } from 're2js';
import type { LogMultiline } from '#shared/contract/logs-reading.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { stampAt } from '../parse/stamps.ts';
import { zoneClock } from '../parse/zone.ts';
import type { CutLines, RawLine } from './lines.ts';

/** Says whether a line begins an event; the first line of a file always does. */
export type BeginsEvent = (line: Buffer) => boolean;

/** A pattern larger than this many RE2 instructions would make every line slow. */
const MAX_PROGRAM = 2_000;
/** What decides is at the beginning of a line. */
const LOOK_AT = 512;
const LF = Buffer.from('\n');
/** Lines that go on with a trace although they are not indented, as Java, Python, .NET and Go print them. */
const GOES_ON =
  /^(?:Caused by: |Suppressed: |\.\.\. \d+ (?:more|common)|Traceback \(most recent|During handling of|The above exception|Stack trace:|Backtrace:|goroutine \d+ \[|created by |(?:panic|[\w./-]+\.(?:\(\*?\w+\)\.)?\w[\w.]*)\((?:\)\s*$|0x|\{|\.\.\.)|--- End of |[\w.$]+(?:Error|Exception|Warning|Interrupt|Exit)(?::|$)|[)}\]]+;?\s*$|$)/;

/**
 * Makes the rule of a source that joins lines; null when each line is an event.
 *
 * @returns LOG_MULTILINE_INVALID when the pattern cannot be used
 */
export function checkMultiline(settings: LogMultiline): Result<BeginsEvent | null> {
  if (settings.kind === 'none') return ok(null);
  if (settings.kind === 'indent') return ok((line) => !goesOn(line));
  if (settings.kind === 'time') return ok(beginsWithTime);
  try {
    const compiled = RE2JS.compile(settings.pattern);
    if (compiled.programSize() > MAX_PROGRAM)
      return err(invalid(settings.pattern, 'the expression is too large'));
    if (compiled.matcher('').find())
      return err(invalid(settings.pattern, 'it matches every line, also an empty one'));
    return ok((line) => compiled.matcher(line.toString('utf8', 0, LOOK_AT)).find());
  } catch (thrown) {
    return err(invalid(settings.pattern, describeThrown(thrown)));
  }
}

const invalid = (pattern: string, why: string) =>
  appError('LOG_MULTILINE_INVALID', { pattern, why }, { field: 'multiline' });

/** Whether a line goes on with the one before: it is indented, empty, or part of a stack trace. */
export function goesOn(line: Buffer): boolean {
  const first = line[0];
  if (first === undefined || first === 0x20 || first === 0x09) return true;
  // U+3000, the indentation of Chinese text.
  if (first === 0xe3 && line[1] === 0x80 && line[2] === 0x80) return true;
  return GOES_ON.test(line.toString('latin1', 0, 200));
}

/** What logback's own default begins a line with. */
const TIME_OF_DAY = /^\d{2}:\d{2}:\d{2}[.,]\d{3}(?!\d)/;
const utc = { zone: zoneClock('UTC'), nearMs: 0 };

function beginsWithTime(line: Buffer): boolean {
  const first = line[0] ?? 0;
  const start = first === 0x5b || first === 0x3c ? 1 : 0;
  const text = line.toString('utf8', 0, 64);
  return stampAt(text, start, utc) !== null || TIME_OF_DAY.test(text.slice(start));
}

/** The lines of an event that is not complete yet. */
type Group = {
  readonly first: RawLine;
  readonly parts: Buffer[];
  end: number;
  bytes: number;
  cut: number;
  /** The bytes before `end`, as the position behind it needs them. */
  tail: Buffer;
};

/**
 * Joins lines to events. A joined event has the offset of its first line and the end of its last; what is still open
 * is given to nobody, so that it is read again after a crash.
 */
export class LineJoiner {
  readonly #begins: BeginsEvent;
  readonly #maxLines: number;
  readonly #maxBytes: number;
  readonly #flushMs: number;
  #group: Group | null = null;
  #grownAt = 0;

  constructor(begins: BeginsEvent, settings: Exclude<LogMultiline, { kind: 'none' }>) {
    this.#begins = begins;
    this.#maxLines = settings.maxLines;
    this.#maxBytes = settings.maxBytes;
    this.#flushMs = settings.flushMs;
  }

  /** Where the event begins that waits for further lines; null when none does. */
  get openAt(): number | null {
    return this.#group?.first.offset ?? null;
  }

  /** Whether the open event has waited long enough for more; `Infinity` asks for whatever is open. */
  isDue(monotonic: number): boolean {
    if (this.#group === null) return false;
    return monotonic === Number.POSITIVE_INFINITY || monotonic - this.#grownAt >= this.#flushMs;
  }

  /** Takes lines in their order; gives out the events that are complete by now. */
  push(cut: CutLines, monotonic: number): CutLines {
    const done: RawLine[] = [];
    const before = this.#group === null ? null : { end: this.#group.end, tail: this.#group.tail };
    for (const line of cut.lines) {
      const group = this.#group;
      if (group !== null && !this.#begins(line.raw) && this.#hasRoom(group, line)) {
        group.parts.push(LF, line.raw);
        group.bytes += 1 + line.raw.length;
        group.end = line.end;
        group.cut += line.fullBytes;
      } else {
        if (group !== null) done.push(finished(group));
        this.#group = {
          first: line,
          parts: [line.raw],
          end: line.end,
          bytes: line.raw.length,
          cut: line.fullBytes,
          tail: line.raw,
        };
      }
    }
    if (this.#group !== null && cut.lines.length > 0) {
      this.#grownAt = Number.isFinite(monotonic) ? monotonic : 0;
      this.#group.tail = cut.tailAt(this.#group.end);
      // Chunks are large; what waits keeps only its own bytes.
      if (this.#group.parts.length === 1) this.#group.parts[0] = Buffer.from(this.#group.parts[0] ?? '');
    }
    // The open event of earlier chunks may have ended before this chunk began.
    return { lines: done, tailAt: (end) => (end === before?.end ? before.tail : cut.tailAt(end)) };
  }

  /** Gives out what is open; null when nothing is. */
  flush(): CutLines | null {
    const group = this.#group;
    if (group === null) return null;
    this.#group = null;
    return { lines: [finished(group)], tailAt: () => group.tail };
  }

  #hasRoom(group: Group, line: RawLine): boolean {
    return group.parts.length < 2 * this.#maxLines - 1 && group.bytes + line.raw.length < this.#maxBytes;
  }
}

function finished(group: Group): RawLine {
  const { first, parts, end, cut } = group;
  const raw = parts.length === 1 ? (parts[0] ?? first.raw) : Buffer.concat(parts);
  return { ...first, end, raw, fullBytes: cut };
}

/** A joiner for one file; null where each line is an event. A rule that cannot be used was refused when it was given. */
export function joinerOf(settings: LogMultiline | undefined): LineJoiner | null {
  if (settings === undefined || settings.kind === 'none') return null;
  const begins = checkMultiline(settings);
  return begins.ok && begins.value !== null ? new LineJoiner(begins.value, settings) : null;
}
