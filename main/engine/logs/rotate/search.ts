import { isUtf8 } from 'node:buffer';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import { FLAG, LEVEL_CODE, type StoredLine } from '../model.ts';
import { parserCache } from '../parse/parser.ts';
import { breathUntil } from '../search/breath.ts';
import { type CompiledNode, compileQuery } from '../search/compile.ts';
import { blockTerms, matches } from '../search/match.ts';
import { Subject } from '../search/subject.ts';
import type { SegmentCipher, SegmentKeys } from './cipher.ts';
import { type SearchedSegment, withSegment } from './open-segment.ts';
import { readPieces } from './segment-file.ts';
import { type LineHead, SegmentFormat, type SegmentHit, SegmentLines } from './segment-lines.ts';
import { mayHoldTerms } from './words.ts';

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

/** What was found. */
export type SegmentHits = {
  readonly lines: SegmentHit[];
  readonly total: number;
  readonly opened: number;
  readonly pieces: number;
  readonly failed: { file: string; error: AppError }[];
};

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
  const breath = breathUntil(() => signal.aborted);
  const hits: SegmentHit[] = [];
  const failed: SegmentHits['failed'] = [];
  let [total, opened, pieces] = [0, 0, 0];
  for (const segment of search.segments) {
    const { file } = segment;
    const lines = new ComparedLines(segment, search, node, parserOf, (hit) => {
      total += 1;
      if (hits.length < search.limit) hits.push(hit());
    });
    const read = await withSegment(segment, cipher, search.keys, (bytes) =>
      readPieces(
        { file, codec: segment.codec, bytes },
        async (piece, frame) => {
          await breath();
          lines.take(piece, frame?.line ?? null);
        },
        { wants: (frame) => mayHoldTerms(Buffer.from(frame.words, 'base64'), terms) },
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

/** The lines of one segment, one after the other, each compared with the query as an event of the store would be. */
class ComparedLines {
  readonly #segment: SearchedSegment;
  readonly #search: SegmentSearch;
  readonly #node: CompiledNode;
  readonly #parserOf: ReturnType<typeof parserCache>;
  readonly #found: (hit: () => SegmentHit) => void;
  readonly #readsHead: boolean;
  readonly #lines = new SegmentLines((raw, line) => this.#one(raw, line));
  #format: SegmentFormat | null = null;
  #subject: Subject | null = null;

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

  /** @param first as that of {@link SegmentLines.take} */
  take(piece: Buffer, first: number | null): void {
    this.#format ??= this.#guess(piece);
    this.#lines.take(piece, first);
  }

  end(): void {
    this.#lines.end();
  }

  #guess(piece: Buffer): SegmentFormat {
    const { zone } = this.#search;
    const { source, policy, host } = this.#segment;
    const format = new SegmentFormat(this.#segment, piece, zone, this.#parserOf);
    this.#subject = new Subject(
      {
        ...{ day: '', fileKey: '', path: source, sourceId: policy, sourceName: source, host, stream: '' },
        format: { spec: format.spec, zone },
      },
      format.parser,
    );
    return format;
  }

  #one(raw: Buffer, line: number): void {
    const format = this.#format;
    if (format === null) return;
    const head = this.#readsHead ? format.headOf(raw, line) : null;
    const { start, end } = this.#search;
    const { time } = head ?? { time: null };
    if (time !== null && ((start !== null && time < start) || (end !== null && time > end))) return;
    const subject = this.#subject?.of(this.#stored(raw, head));
    if (subject !== undefined && matches(this.#node, subject)) this.#found(() => format.shown(raw, line));
    else if (head === null) format.pass(raw, line);
  }

  #stored(raw: Buffer, head: LineHead | null): StoredLine {
    return {
      ...{ offset: 0, end: 0, stream: '', changes: null, raw },
      time: head?.time ?? this.#segment.rotatedAt,
      level: LEVEL_CODE[head?.level ?? 'unknown'],
      flags: isUtf8(raw) ? 0 : FLAG.notUtf8,
    };
  }
}
