import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { ioError } from '../../storage/io-error.ts';
import { isCjk, isWordChar } from '../store/text-index.ts';
import type { SegmentBytes, SegmentCipher, SegmentKeys } from './cipher.ts';
import { openBytes, readPieces } from './segment-file.ts';
import { mayHold, soughtWords } from './words.ts';

/** A segment to look into. */
export type SearchedSegment = {
  readonly id: string;
  readonly file: string;
  readonly codec: 'zstd' | 'gzip' | 'none';
  readonly encrypted: boolean;
};

/** What to look for, and where; segments in the order in which hits are to be given. */
export type SegmentSearch = {
  readonly texts: readonly string[];
  readonly segments: readonly SearchedSegment[];
  readonly limit: number;
  readonly keys: SegmentKeys;
};

/** What was found. */
export type SegmentHits = {
  readonly lines: { segmentId: string; file: string; line: number; text: string }[];
  readonly total: number;
  readonly opened: number;
  readonly pieces: number;
  readonly failed: { file: string; error: AppError }[];
};

/** The words and "phrases" of a query; all of them must be in a line. LOG_QUERY_QUOTE where a quote does not end. */
export function textsOf(query: string): Result<readonly string[]> {
  const texts: string[] = [];
  const terms = /\s*(?:"([^"]*)("?)|(\S+))/gy;
  for (let match = terms.exec(query); match !== null; match = terms.exec(query)) {
    if (match[3] === undefined && match[2] === '')
      return err(appError('LOG_QUERY_QUOTE', { column: match.index + 1 }, { column: match.index + 1 }));
    const text = (match[1] ?? match[3] ?? '').toLowerCase();
    if (text !== '') texts.push(text);
  }
  return ok(texts);
}

/** Whether a text stands between non-word characters, as in a search of the log store; Chinese anywhere. Both in lower case. */
function holds(line: string, text: string): boolean {
  const first = text[0] ?? '';
  const last = text.at(-1) ?? '';
  const boundsLeft = isWordChar(first) && !isCjk(first);
  const boundsRight = isWordChar(last) && !isCjk(last);
  for (let at = line.indexOf(text); at >= 0; at = line.indexOf(text, at + 1)) {
    const left = !boundsLeft || at === 0 || !isWordChar(line[at - 1] ?? '');
    const right = !boundsRight || !isWordChar(line[at + text.length] ?? ' ');
    if (left && right) return true;
  }
  return false;
}

const MAX_SHOWN = 8192;

/** Searches archived segments in place: reads the index, opens the frames that may hold a hit, writes nothing. */
export async function searchSegments(
  { texts, segments, limit, keys }: SegmentSearch,
  cipher: SegmentCipher,
  signal: AbortSignal,
): Promise<Result<SegmentHits>> {
  const words = soughtWords(texts);
  const hits: SegmentHits['lines'] = [];
  const failed: SegmentHits['failed'] = [];
  let [total, opened, pieces] = [0, 0, 0];
  for (const segment of segments) {
    const { file, id } = segment;
    // Where frames are left out, each says the number of its first line; else lines are counted.
    let line = 0;
    let rest = '';
    const take = (text: string): void => {
      line += 1;
      const lower = text.toLowerCase();
      if (!texts.every((one) => holds(lower, one))) return;
      total += 1;
      if (hits.length < limit)
        hits.push({
          segmentId: id,
          file,
          line,
          text: text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text,
        });
    };
    const decoder = new TextDecoder();
    const read = await withSegment(segment, cipher, keys, (bytes) =>
      readPieces(
        { file, codec: segment.codec, bytes },
        (piece, frame) => {
          if (signal.aborted) throw new Cancelled();
          if (frame !== null) line = frame.line;
          const lines = (
            frame === null ? rest + decoder.decode(piece, { stream: true }) : piece.toString('utf8')
          ).split('\n');
          const last = lines.pop() ?? '';
          for (const one of lines) take(one);
          // A frame ends with its line, but for the last of a log; pieces of other files end anywhere.
          if (frame === null) rest = last.length > 4 * 1024 * 1024 ? '' : last;
          else if (last !== '') take(last);
        },
        (frame) => mayHold(Buffer.from(frame.words, 'base64'), words),
      ),
    );
    if (rest !== '') take(rest);
    if (signal.aborted) return err(appError('CANCELLED'));
    if (read.ok) {
      opened += read.value.opened;
      pieces += read.value.frames;
    } else failed.push({ file, error: read.error });
  }
  return ok({ lines: hits, total, opened, pieces, failed });
}

class Cancelled extends Error {}

/** Opens a segment, decrypted where it is encrypted, for the length of a call. */
export async function withSegment<T>(
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
