import type { SegmentPlace } from '#shared/contract/logs-rotation-runs.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import { parserCache } from '../parse/parser.ts';
import { breathUntil } from '../search/breath.ts';
import type { SegmentCipher, SegmentKeys } from './cipher.ts';
import { type SearchedSegment, withSegment } from './open-segment.ts';
import { readPieces, type SegmentFrame } from './segment-file.ts';
import { SegmentFormat, type SegmentHit, SegmentLines } from './segment-lines.ts';

/** Lines of one segment, `from` and `to` among them. */
export type WantedLines<S> = { readonly segment: S; readonly from: number; readonly to: number };

/** Which lines stand around one, oldest first, and the lines next to them; null where the archive has none. */
export type ContextPlan<S> = {
  readonly parts: readonly WantedLines<S>[];
  readonly earlier: SegmentPlace | null;
  readonly later: SegmentPlace | null;
};

/**
 * Says which lines of which segments stand around one, from the numbers of lines alone.
 *
 * @param log the segments of one log, oldest first
 * @returns null when there is no such line
 */
export function planContext<S extends { readonly id: string; readonly lines: number }>(
  log: readonly S[],
  hit: SegmentPlace,
  before: number,
  after: number,
): ContextPlan<S> | null {
  // All lines of the log are numbered on, so that a segment's end is no border, and an empty segment none either.
  let total = 0;
  const spans = log.map((segment) => {
    const start = total;
    total += segment.lines;
    return { segment, start, end: total };
  });
  const own = spans.find(({ segment }) => segment.id === hit.segmentId);
  if (own === undefined || hit.line < 1 || hit.line > own.segment.lines) return null;
  const at = own.start + hit.line;
  const [first, last] = [Math.max(1, at - before), Math.min(total, at + after)];
  const place = (line: number): SegmentPlace | null => {
    const span = spans.find(({ start, end }) => start < line && line <= end);
    return span === undefined ? null : { segmentId: span.segment.id, line: line - span.start };
  };
  const parts = spans
    .filter(({ start, end }) => start < last && end >= first && end > start)
    .map(({ segment, start, end }) => ({
      segment,
      from: Math.max(first, start + 1) - start,
      to: Math.min(last, end) - start,
    }));
  return { parts, earlier: place(first - 1), later: place(last + 1) };
}

/** Lines to be read, in the order of their segments' first mention; those of one segment are read together, each once. */
export type ContextOrder = {
  readonly parts: readonly WantedLines<SearchedSegment>[];
  /** IANA zone of time stamps that carry none. */
  readonly zone: string;
  readonly keys: SegmentKeys;
};

/** The lines that could be read, and why others could not. */
export type ContextLines = {
  readonly lines: SegmentHit[];
  readonly opened: number;
  readonly failed: { file: string; error: AppError }[];
};

/** Thrown when the last wanted line was read: what comes behind it is not unpacked. */
class Enough extends Error {}

/** Reads lines of segments: of zstd segments it opens the frames that hold them, others it reads from their beginning to the last of them. */
export async function readContext(
  { parts, zone, keys }: ContextOrder,
  cipher: SegmentCipher,
  signal: AbortSignal,
): Promise<Result<ContextLines>> {
  const breath = breathUntil(() => signal.aborted);
  const parserOf = parserCache();
  const lines: SegmentHit[] = [];
  const failed: ContextLines['failed'] = [];
  let opened = 0;
  for (const { segment, ranges, end } of bySegment(parts)) {
    const { file, codec } = segment;
    let format: SegmentFormat | null = null;
    let seen = 0;
    let next = 0;
    const cut = new SegmentLines((raw, line) => {
      // Of a line that comes in parts the first is enough: no text is shown that far.
      if (format === null || line <= seen || line > end) return;
      seen = line;
      while (line > (ranges[next]?.to ?? end)) next += 1;
      if (line < (ranges[next]?.from ?? 1)) format.pass(raw, line);
      else lines.push(format.shown(raw, line));
    });
    const fail = (error: AppError): void => {
      if (!failed.some((one) => one.file === file)) failed.push({ file, error });
    };
    const read = await withSegment(segment, cipher, keys, async (bytes) => {
      try {
        const done = await readPieces(
          { file, codec, bytes },
          async (piece, frame) => {
            await breath();
            opened += 1;
            format ??= new SegmentFormat(segment, piece, zone, parserOf);
            cut.take(piece, frame?.line ?? null);
            if (seen >= end) throw new Enough();
          },
          {
            wants: (frame, before, isLast) =>
              ranges.some(({ from, to }) => holds(frame, before, isLast, from, to)),
            unreadable: fail,
          },
        );
        cut.end();
        return done;
      } catch (thrown) {
        if (thrown instanceof Enough) return ok({});
        throw thrown;
      }
    });
    if (signal.aborted) return err(appError('CANCELLED'));
    if (!read.ok) fail(read.error);
  }
  return ok({ lines, opened, failed });
}

/** What is wanted of one segment: runs of lines in their order, none within another, up to the line `end`. */
type WantedRuns = {
  readonly segment: SearchedSegment;
  readonly ranges: readonly { readonly from: number; readonly to: number }[];
  readonly end: number;
};

function bySegment(parts: readonly WantedLines<SearchedSegment>[]): readonly WantedRuns[] {
  return [...Map.groupBy(parts, ({ segment }) => segment.id).values()].flatMap((wanted): WantedRuns[] => {
    const [first] = wanted;
    if (first === undefined) return [];
    const ranges: { from: number; to: number }[] = [];
    for (const { from, to } of wanted.toSorted((a, b) => a.from - b.from)) {
      const last = ranges.at(-1);
      if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to);
      else ranges.push({ from, to });
    }
    return [{ segment: first.segment, ranges, end: ranges.at(-1)?.to ?? 0 }];
  });
}

/** Whether a line of `from` to `to` begins in a frame. */
function holds(
  frame: SegmentFrame,
  before: SegmentFrame | undefined,
  isLast: boolean,
  from: number,
  to: number,
): boolean {
  // Frames are cut behind line ends; one without any is a part of a line, which goes on in the next.
  const goesOn = before?.lines === 0;
  const first = frame.line + (goesOn ? 2 : 1);
  const hasUnended = isLast || frame.lines === 0;
  const last = frame.line + frame.lines + (hasUnended ? 1 : 0);
  return first <= to && last >= from && first <= last;
}
