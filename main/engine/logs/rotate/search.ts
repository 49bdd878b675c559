import { isUtf8 } from 'node:buffer';
import type { LogLevel } from '#shared/contract/logs.ts';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { ioError } from '../../storage/io-error.ts';
import { FLAG, LEVEL_CODE, type StoredLine } from '../model.ts';
import { FormatGuess } from '../parse/detect.ts';
import { type LineParser, parserCache } from '../parse/parser.ts';
import { type CompiledNode, compileQuery } from '../search/compile.ts';
import { blockTerms, matches } from '../search/match.ts';
import { Subject } from '../search/subject.ts';
import type { SegmentBytes, SegmentCipher, SegmentKeys } from './cipher.ts';
import { openBytes, readPieces } from './segment-file.ts';
import { mayHoldTerms } from './words.ts';

/** A segment to look into. */
export type SearchedSegment = {
  readonly id: string;
  readonly file: string;
  readonly codec: 'zstd' | 'gzip' | 'none';
  readonly encrypted: boolean;
  /** The log file that it was, which `source:` asks for, and the host that it was on. */
  readonly source: string;
  readonly policy: string;
  readonly host: string;
  readonly rotatedAt: number;
};

/** What to look for, and where; segments in the order in which hits are to be given. */
export type SegmentSearch = {
  /** In the query language of the log store. */
  readonly query: string;
  /** Lines of this time, UTC milliseconds; lines that tell no time count, too. */
  readonly start: number | null;
  readonly end: number | null;
  /** IANA zone of time stamps that carry none. */
  readonly zone: string;
  readonly segments: readonly SearchedSegment[];
  readonly limit: number;
  readonly keys: SegmentKeys;
};

/** A line that was found. */
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

/** What was found. */
export type SegmentHits = {
  readonly lines: SegmentHit[];
  readonly total: number;
  readonly opened: number;
  readonly pieces: number;
  readonly failed: { file: string; error: AppError }[];
};

const MAX_SHOWN = 8192;
const MAX_LINE_BYTES = 4 * 1024 * 1024;
/** Lines that a format is guessed from. */
const SAMPLE = 50;
const LF = 0x0a;
const CR = 0x0d;

/** Searches archived segments in place: reads the index, opens the frames that may hold a hit, writes nothing. */
export async function searchSegments(
  search: SegmentSearch,
  cipher: SegmentCipher,
  signal: AbortSignal,
): Promise<Result<SegmentHits>> {
  const compiled = compileQuery(search.query);
  if (!compiled.ok) return compiled;
  const node = compiled.value;
  // Values of fields stand in a line as they are in some formats only, and which it has is known when it is read.
  const terms = blockTerms(node, false);
  const parserOf = parserCache();
  const hits: SegmentHit[] = [];
  const failed: SegmentHits['failed'] = [];
  let [total, opened, pieces] = [0, 0, 0];
  for (const segment of search.segments) {
    const { file } = segment;
    const lines = new SegmentLines(segment, search, node, parserOf, (hit) => {
      total += 1;
      if (hits.length < search.limit) hits.push(hit());
    });
    const read = await withSegment(segment, cipher, search.keys, (bytes) =>
      readPieces(
        { file, codec: segment.codec, bytes },
        (piece, frame) => {
          if (signal.aborted) throw new Cancelled();
          lines.take(piece, frame?.line ?? null);
        },
        (frame) => mayHoldTerms(Buffer.from(frame.words, 'base64'), terms),
      ),
    );
    lines.end();
    if (signal.aborted) return err(appError('CANCELLED'));
    if (read.ok) {
      opened += read.value.opened;
      pieces += read.value.frames;
    } else failed.push({ file, error: read.error });
  }
  return ok({ lines: hits, total, opened, pieces, failed });
}

/** Whether a query asks for what only a parsed line tells: its level or its time. */
function asksHead(node: CompiledNode): boolean {
  if (node.kind === 'and' || node.kind === 'or') return node.items.some(asksHead);
  if (node.kind === 'not') return asksHead(node.item);
  return node.kind === 'level' || node.kind === 'stream';
}

type LineHead = { readonly time: number | null; readonly level: LogLevel };

/** The lines of one segment, one after the other, each compared with the query as an event of the store would be. */
class SegmentLines {
  readonly #segment: SearchedSegment;
  readonly #search: SegmentSearch;
  readonly #node: CompiledNode;
  readonly #parserOf: ReturnType<typeof parserCache>;
  readonly #found: (hit: () => SegmentHit) => void;
  readonly #readsHead: boolean;
  #parser: LineParser | null = null;
  #subject: Subject | null = null;
  #line = 0;
  #rest: Buffer = Buffer.alloc(0);
  #time: number | null = null;

  constructor(
    segment: SearchedSegment,
    search: SegmentSearch,
    node: CompiledNode,
    parserOf: ReturnType<typeof parserCache>,
    found: (hit: () => SegmentHit) => void,
  ) {
    this.#segment = segment;
    this.#search = search;
    this.#node = node;
    this.#parserOf = parserOf;
    this.#found = found;
    this.#readsHead = search.start !== null || search.end !== null || asksHead(node);
  }

  /** @param first number of the piece's first line, where pieces may be left out; null: it goes on from the one before */
  take(piece: Buffer, first: number | null): void {
    if (first !== null) this.#line = first;
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    this.#parser ??= this.#guess(bytes);
    let from = 0;
    for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, from)) {
      this.#one(bytes.subarray(from, at));
      from = at + 1;
    }
    const rest = bytes.subarray(from);
    this.#rest = rest.length > MAX_LINE_BYTES ? Buffer.alloc(0) : Buffer.from(rest);
    // A frame ends with its line, but for the last of a log; pieces of other files end anywhere.
    if (first !== null) this.end();
  }

  /** What is left is a line without line end. */
  end(): void {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    if (rest.length > 0) this.#one(rest);
  }

  #guess(bytes: Buffer): LineParser {
    const { zone } = this.#search;
    const sample = bytes
      .subarray(0, 1 << 18)
      .toString('utf8')
      .split('\n', SAMPLE);
    const spec = new FormatGuess(zone).look(sample, this.#segment.rotatedAt);
    const { source, policy, host } = this.#segment;
    const parser = this.#parserOf({ spec, zone });
    this.#subject = new Subject(
      {
        ...{ day: '', fileKey: '', path: source, sourceId: policy, sourceName: source, host, stream: '' },
        format: { spec, zone },
      },
      parser,
    );
    return parser;
  }

  #one(bytes: Buffer): void {
    this.#line += 1;
    const raw = bytes[bytes.length - 1] === CR ? bytes.subarray(0, -1) : bytes;
    const head = this.#readsHead ? this.#head(raw) : null;
    const { start, end } = this.#search;
    const { time } = head ?? { time: null };
    if (time !== null && ((start !== null && time < start) || (end !== null && time > end))) return;
    const subject = this.#subject?.of(this.#stored(raw, head));
    if (subject === undefined || !matches(this.#node, subject)) return;
    const line = this.#line;
    this.#found(() => this.#hit(raw, line));
  }

  /** Time and level of a line; a line without a time, as of a stack trace, has that of the line before. */
  #head(raw: Buffer): LineHead {
    const parsed = this.#parser?.parse(raw.toString('utf8'), this.#segment.rotatedAt) ?? null;
    this.#time = parsed?.time ?? this.#time;
    return { time: this.#time, level: parsed?.level ?? 'unknown' };
  }

  #stored(raw: Buffer, head: LineHead | null): StoredLine {
    return {
      ...{ offset: 0, end: 0, stream: '', changes: null, raw },
      time: head?.time ?? this.#segment.rotatedAt,
      level: LEVEL_CODE[head?.level ?? 'unknown'],
      flags: isUtf8(raw) ? 0 : FLAG.notUtf8,
    };
  }

  #hit(raw: Buffer, line: number): SegmentHit {
    const text = raw.toString('utf8');
    const { id, file, source, host } = this.#segment;
    const { time, level } = this.#head(raw);
    return {
      ...{ segmentId: id, file, line, source, host, time, level },
      text: text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text,
    };
  }
}

class Cancelled extends Error {}

/** Opens a segment, decrypted where it is encrypted, for the length of a call. */
async function withSegment<T>(
  { file, encrypted }: SearchedSegment,
  cipher: SegmentCipher,
  keys: SegmentKeys,
  use: (bytes: SegmentBytes) => Promise<Result<T>>,
): Promise<Result<T>> {
  let sealed: ReturnType<typeof openBytes>;
  try {
    sealed = openBytes(file);
  } catch (thrown) {
    return err(ioError(file, thrown));
  }
  try {
    const plain = encrypted ? await cipher.open(file, sealed, keys) : ok(sealed);
    return plain.ok ? await use(plain.value) : plain;
  } catch (thrown) {
    if (thrown instanceof Cancelled) return err(appError('CANCELLED'));
    const { code } = thrown as { readonly code?: unknown };
    if (code === 'EBADMSG')
      return err(appError('LOG_SEGMENT_DAMAGED', { file, why: describeThrown(thrown) }));
    return err(ioError(file, thrown));
  } finally {
    sealed.close();
  }
}
