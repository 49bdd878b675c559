import type { LogLevel } from '#shared/contract/logs.ts';
import { FormatGuess } from '../parse/detect.ts';
import type { BuiltInFormat, LineParser, parserCache } from '../parse/parser.ts';
import type { SearchedSegment } from './open-segment.ts';

const MAX_SHOWN = 8192;
const MAX_LINE_BYTES = 4 * 1024 * 1024;
/** Lines that a format is guessed from. */
const SAMPLE = 50;
/** So far back a line without a time looks for that of a line before it. */
const LOOK_BACK_LINES = 100;
const LOOK_BACK_BYTES = 1 << 20;
const LF = 0x0a;
const CR = 0x0d;

/** A line as it is shown. */
export type SegmentHit = {
  segmentId: string;
  file: string;
  line: number;
  text: string;
  source: string;
  host: string;
  /** Null when neither it nor a line before it tells one. */
  time: number | null;
  level: LogLevel;
};

/** Time and level of a line; the time may be that of a line before. */
export type LineHead = Pick<SegmentHit, 'time' | 'level'>;

/** Cuts the pieces of a segment into lines, without their ends. A line beyond 4 MiB comes in parts of one number. */
export class SegmentLines {
  readonly #each: (raw: Buffer, line: number) => void;
  #line = 0;
  #rest: Buffer = Buffer.alloc(0);

  /** @param each called with every line and its number, from 1 */
  constructor(each: (raw: Buffer, line: number) => void) {
    this.#each = each;
  }

  /** @param first number of the piece's first line, where pieces may be left out; null: it goes on from the one before */
  take(piece: Buffer, first: number | null): void {
    if (first !== null) this.#line = first;
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    let from = 0;
    for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, from)) {
      this.#one(bytes.subarray(from, at));
      from = at + 1;
    }
    this.#rest = Buffer.from(bytes.subarray(from));
    // A frame ends with its line, but for the last of a log; pieces of other files end anywhere.
    if (first !== null) this.end();
    else if (this.#rest.length > MAX_LINE_BYTES) {
      this.#each(this.#rest, this.#line + 1);
      this.#rest = Buffer.alloc(0);
    }
  }

  /** What is left is a line without line end. */
  end(): void {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    if (rest.length > 0) this.#one(rest);
  }

  #one(bytes: Buffer): void {
    this.#line += 1;
    this.#each(bytes[bytes.length - 1] === CR ? bytes.subarray(0, -1) : bytes, this.#line);
  }
}

/**
 * What is made of a segment's lines, by the format that is guessed from the first of them that are read. It is shown every line that is
 * read, in order: one that nobody wants by {@link SegmentFormat.pass}.
 */
export class SegmentFormat {
  readonly spec: BuiltInFormat;
  readonly parser: LineParser;
  readonly #segment: SearchedSegment;
  /** Of the last line that was asked, and the lines since. */
  #time: number | null = null;
  #passed: Buffer[] = [];
  #passedBytes = 0;
  #line = 0;

  /** @param zone IANA zone of time stamps that carry none */
  constructor(
    segment: SearchedSegment,
    piece: Buffer,
    zone: string,
    parserOf: ReturnType<typeof parserCache>,
  ) {
    const sample = piece
      .subarray(0, 1 << 18)
      .toString('utf8')
      .split('\n', SAMPLE);
    this.#segment = segment;
    this.spec = new FormatGuess(zone).look(sample, segment.rotatedAt);
    this.parser = parserOf({ spec: this.spec, zone });
  }

  /** A line that is not looked at; the one behind it may need its time. */
  pass(raw: Buffer, line: number): void {
    this.#follow(line);
    this.#passed.push(raw);
    this.#passedBytes += raw.length;
    while (this.#passed.length > LOOK_BACK_LINES || this.#passedBytes > LOOK_BACK_BYTES) {
      this.#passedBytes -= this.#passed.shift()?.length ?? 0;
      this.#time = null;
    }
  }

  /** Time and level of a line; a line without a time, as of a stack trace, has that of the line before. */
  headOf(raw: Buffer, line: number): LineHead {
    this.#follow(line);
    const parsed = this.#parse(raw);
    this.#time = parsed?.time ?? this.#timeBefore();
    this.#passed = [];
    this.#passedBytes = 0;
    return { time: this.#time, level: parsed?.level ?? 'unknown' };
  }

  /** A line as it is shown, its text bounded. */
  shown(raw: Buffer, line: number): SegmentHit {
    const text = raw.toString('utf8');
    const { id, file, source, host } = this.#segment;
    return {
      ...{ segmentId: id, file, line, source, host, ...this.headOf(raw, line) },
      text: text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text,
    };
  }

  #parse(raw: Buffer): ReturnType<LineParser['parse']> {
    return this.parser.parse(raw.toString('utf8'), this.#segment.rotatedAt);
  }

  #timeBefore(): number | null {
    for (const raw of this.#passed.toReversed()) {
      const time = this.#parse(raw)?.time ?? null;
      if (time !== null) return time;
    }
    return this.#time;
  }

  /** Behind a frame that was left out, nothing is known of the line before. */
  #follow(line: number): void {
    if (line > this.#line + 1) {
      this.#time = null;
      this.#passed = [];
      this.#passedBytes = 0;
    }
    this.#line = line;
  }
}
