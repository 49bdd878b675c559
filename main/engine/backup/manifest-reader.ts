import { createHash } from 'node:crypto';
import { appError } from '#shared/errors/index.ts';
import type { Codec } from './codec.ts';
import { extentsFault } from './extents/read-extents.ts';
import { FrameTable } from './frame-table.ts';
import {
  type EndLine,
  type EntryLine,
  FORMAT_VERSION,
  type GoneLine,
  type HeaderLine,
  KNOWN_NEEDS,
  MAX_LINE_BYTES,
  type ManifestLine,
  manifestLineSchema,
} from './manifest.ts';
import { ArchiveFault } from './reader-types.ts';
import type { TailFrame } from './trailer.ts';

/** Where a manifest's frames are, and how to get at their bytes. */
export type ManifestSource = {
  /** The file, for messages. */
  readonly file: string;
  readonly codec: Codec;
  /** The manifest's own frames, without the tar header's and the padding's. */
  readonly frames: readonly TailFrame[];
  /** Offset of the first in the file. */
  readonly offset: number;
  readonly read: (offset: number, size: number) => Promise<Buffer>;
};

/** No frame may be larger, compressed or not. */
const MAX_FRAME_BYTES = 64 << 20;

const damaged = (file: string, why: string): ArchiveFault =>
  new ArchiveFault(appError('BACKUP_MANIFEST_DAMAGED', { file }, { detail: why }));

const fromFuture = (file: string, what: string): ArchiveFault =>
  new ArchiveFault(appError('BACKUP_ARCHIVE_FROM_FUTURE', { file, what }));

/** Reads one frame of the tail, checks its hash and unpacks it. */
export async function readTailFrame(
  source: ManifestSource,
  frame: TailFrame,
  offset: number,
): Promise<Buffer> {
  if (frame.size > MAX_FRAME_BYTES || frame.length > MAX_FRAME_BYTES)
    throw damaged(source.file, `a frame of ${Math.max(frame.size, frame.length)} bytes`);
  const bytes = await source.read(offset, frame.size);
  if (bytes.length < frame.size || !createHash('sha256').update(bytes).digest().equals(frame.sha256))
    throw damaged(source.file, `SHA-256 of the frame at ${offset}`);
  try {
    const text = await source.codec.decompress(bytes, frame.length);
    if (text.length === frame.length) return text;
  } catch {
    // Falls through: a frame with the right hash that does not unpack was written wrong.
  }
  throw damaged(source.file, `the frame at ${offset} does not unpack`);
}

/** Parses one line; refuses what is newer than this program. */
function parseLine(file: string, text: string, number: number): ManifestLine {
  if (text.length > MAX_LINE_BYTES) throw damaged(file, `line ${number} is too long`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged(file, `line ${number} is not JSON`);
  }
  const parsed = manifestLineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { k, version } = (value ?? {}) as { readonly k?: unknown; readonly version?: unknown };
  if (k === 'header' && typeof version === 'number' && version > FORMAT_VERSION)
    throw fromFuture(file, `version ${version}`);
  if (typeof k === 'string' && !['header', 'entry', 'gone', 'skip', 'frame', 'end'].includes(k))
    throw fromFuture(file, `line kind "${k.slice(0, 40)}"`);
  const issue = parsed.error.issues[0];
  throw damaged(file, `line ${number}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
}

function linesOf(text: Buffer): string[] {
  const lines = text.toString('utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** All lines from the first to the last. Memory: one frame of text. */
export async function* manifestLines(source: ManifestSource): AsyncGenerator<ManifestLine, void, void> {
  let offset = source.offset;
  let number = 0;
  for (const frame of source.frames) {
    const text = await readTailFrame(source, frame, offset);
    offset += frame.size;
    for (const line of linesOf(text)) {
      number += 1;
      yield parseLine(source.file, line, number);
    }
  }
}

/** The SHA-256 of the manifest's text, computed from its frames, hexadecimal. */
export async function manifestTextSha256(source: ManifestSource): Promise<string> {
  const hash = createHash('sha256');
  let offset = source.offset;
  for (const frame of source.frames) {
    hash.update(await readTailFrame(source, frame, offset));
    offset += frame.size;
  }
  return hash.digest('hex');
}

/** What stands at the two ends of a manifest. */
export type ManifestEnds = { readonly header: HeaderLine; readonly end: EndLine; readonly table: FrameTable };

/** Reads the header (first line), and the frames and the end (from the last line backwards). */
export async function readEnds(source: ManifestSource): Promise<ManifestEnds> {
  const { file, frames } = source;
  const first = frames[0];
  if (first === undefined) throw damaged(file, 'it is empty');
  const header = parseLine(file, linesOf(await readTailFrame(source, first, source.offset))[0] ?? '', 1);
  if (header.k !== 'header') throw damaged(file, 'its first line is no header');
  if (header.version > FORMAT_VERSION) throw fromFuture(file, `version ${header.version}`);
  const unknown = header.needs.find((need) => !KNOWN_NEEDS.has(need));
  if (unknown !== undefined) throw fromFuture(file, `"${unknown}"`);

  const tail: ManifestLine[] = [];
  let offset = source.offset + frames.reduce((sum, frame) => sum + frame.size, 0);
  search: for (const frame of frames.toReversed()) {
    offset -= frame.size;
    for (const text of linesOf(await readTailFrame(source, frame, offset)).reverse()) {
      const line = parseLine(file, text, 0);
      if (line.k !== 'frame' && line.k !== 'end') break search;
      tail.push(line);
    }
  }
  const [end, ...rest] = tail;
  if (end?.k !== 'end') throw damaged(file, 'its last line is missing');
  const table = new FrameTable();
  for (const line of rest.reverse()) {
    const at = table.end;
    if (line.k !== 'frame' || line.n !== table.count || line.offset !== at.offset || line.tar !== at.tar)
      throw damaged(file, `the frames have a gap before frame ${table.count}`);
    if (line.size > MAX_FRAME_BYTES || line.length > MAX_FRAME_BYTES)
      throw damaged(file, `frame ${line.n} is too large`);
    table.push(line.size, line.length, Buffer.from(line.sha256, 'hex'));
  }
  if (table.count !== end.frames) throw damaged(file, `${table.count} frames of ${end.frames}`);
  return { header, end, table };
}

/** The entries, with a check at the end that none is missing. */
export async function* manifestEntries(
  source: ManifestSource,
  ends: ManifestEnds,
): AsyncGenerator<EntryLine, void, void> {
  let count = 0;
  for await (const line of manifestLines(source)) {
    if (line.k === 'header') continue;
    if (line.k !== 'entry') break;
    count += 1;
    const fault = extentsFault(line, ends.header);
    if (fault !== null) throw damaged(source.file, fault);
    yield line;
  }
  if (count !== ends.end.entries) throw damaged(source.file, `${count} entries of ${ends.end.entries}`);
}

/** The paths that are gone, with a check at the end that none is missing. A full has none and is not read for them. */
export async function* manifestGone(
  source: ManifestSource,
  ends: ManifestEnds,
): AsyncGenerator<GoneLine, void, void> {
  if (ends.end.gone === 0) return;
  let count = 0;
  for await (const line of manifestLines(source)) {
    if (line.k === 'header' || line.k === 'entry') continue;
    if (line.k !== 'gone') break;
    count += 1;
    yield line;
  }
  if (count !== ends.end.gone) throw damaged(source.file, `${count} gone paths of ${ends.end.gone}`);
}
