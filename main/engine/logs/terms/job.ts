import { err, ok, type Result } from '#shared/errors/index.ts';
import { freeNow } from '../../platform/large-buffers.ts';
import { type ReadableDb, sqliteError } from '../../storage/sqlite.ts';
import type { FormatSpec } from '../model.ts';
import type { LineParser } from '../parse/parser.ts';
import { decodeColumns, knowsLayout, textStart } from '../store/block.ts';
import { unpack } from '../store/codec.ts';
import { mayHaveExtra } from '../store/text-extra.ts';
import { type BuiltSegment, SegmentBuilder } from './build.ts';
import type { OpenDay } from './open-day.ts';
import { hashBitsFor, PageWriter } from './pages.ts';
import type { IndexJob, SegmentRange } from './plan.ts';
import { frameOf, SEGMENT_COLUMNS, SegmentCursor, type SegmentRow } from './segments.ts';

/** What came of a job: a segment to store in the place of others, or segments to take out because they are damaged. */
export type IndexOutcome = {
  readonly day: string;
  readonly built: BuiltSegment | null;
  /** Segments that the new one replaces, or that are damaged. */
  readonly obsolete: readonly number[];
};

/** Pairs of a term and a block at which a segment ends early, so that memory stays bounded. */
const MOST_PAIRS = 1_500_000;

/** One for all jobs of a thread: its arrays are large, and garbage outside the heap is collected late. */
const builder = new SegmentBuilder();

type BlockRow = {
  readonly format: number;
  readonly events: number;
  readonly first_offset: number;
  readonly min_time: number;
  readonly layout: number;
  readonly codec: number;
  readonly raw_bytes: number;
  readonly crc: number;
  readonly data: Buffer;
};

/**
 * Does a job on a day file, which it only reads and leaves open.
 *
 * @param known the terms of blocks that need not be read from the file, by block
 */
export function runIndexJob(
  open: OpenDay,
  day: string,
  job: IndexJob,
  known: ReadonlyMap<number, Uint32Array>,
  parserOf: (format: FormatSpec) => LineParser,
): Result<IndexOutcome> {
  const path = open.path(day);
  const opened = open.db(day);
  if (!opened.ok) return opened;
  try {
    return ok(
      job.kind === 'build'
        ? { day, built: build(opened.value, path, job, known, parserOf), obsolete: [] }
        : { day, ...merge(opened.value, job.segments) },
    );
  } catch (thrown) {
    open.close();
    return err(sqliteError(path, thrown));
  }
}

function build(
  db: ReadableDb,
  path: string,
  job: IndexJob & { readonly kind: 'build' },
  known: ReadonlyMap<number, Uint32Array>,
  parserOf: (format: FormatSpec) => LineParser,
): BuiltSegment {
  const formats = new Map(
    (db.prepare('SELECT id, spec, zone FROM format').all() as (FormatSpec & { id: number })[]).map((row) => [
      row.id,
      { spec: row.spec, zone: row.zone },
    ]),
  );
  const rowOf = db.prepare(
    `SELECT format, events, first_offset, min_time, layout, codec, raw_bytes, crc, data
     FROM block JOIN block_data ON block_data.id = block.id WHERE block.id = ?`,
  );
  builder.clear();
  let lastBlock = job.lastBlock;
  for (let id = job.firstBlock; id <= job.lastBlock; id += 1) {
    if (builder.pairs >= MOST_PAIRS) {
      lastBlock = id - 1;
      break;
    }
    const terms = known.get(id);
    if (terms !== undefined) {
      builder.addTerms(id, terms);
      continue;
    }
    const row = rowOf.get(id) as BlockRow | undefined;
    if (row === undefined) continue;
    const { data, codec, raw_bytes: rawBytes, crc, layout, events } = row;
    const raw = unpack({ file: path, block: id }, { codec, data, rawBytes, crc });
    if (!raw.ok || !knowsLayout(layout)) {
      // It gets a segment without terms, of its own: every search opens it, and says what is wrong.
      lastBlock = id === job.firstBlock ? id : id - 1;
      break;
    }
    const frame = { layout, events, firstOffset: row.first_offset, minTime: row.min_time, stream: '' };
    const format = formats.get(row.format) ?? { spec: 'plain', zone: 'UTC' };
    const start = mayHaveExtra(format) ? null : textStart(raw.value, frame);
    if (start !== null) builder.addText(id, raw.value, start);
    else builder.add(id, decodeColumns(raw.value, frame), format, parserOf(format));
    // Garbage outside the heap is collected late, and these are a few hundred megabytes.
    freeNow(raw.value);
    if (raw.value !== data) freeNow(data);
  }
  return builder.build(job.firstBlock, lastBlock);
}

/** Makes one segment of neighbours: their terms are in order, so that all are read once, side by side. */
function merge(db: ReadableDb, segments: readonly SegmentRange[]): Pick<IndexOutcome, 'built' | 'obsolete'> {
  const rowOf = db.prepare(`SELECT ${SEGMENT_COLUMNS} FROM term_segment WHERE id = ?`);
  const cursors: SegmentCursor[] = [];
  try {
    const damaged: number[] = [];
    for (const { id } of segments) {
      const row = rowOf.get(id) as SegmentRow | undefined;
      const frame = row === undefined ? null : frameOf(row);
      if (frame === null) damaged.push(id);
      else cursors.push(new SegmentCursor(db, id, frame));
    }
    if (damaged.length > 0) return { built: null, obsolete: damaged };
    const firstBlock = segments[0]?.firstBlock ?? 0;
    const lastBlock = segments[segments.length - 1]?.lastBlock ?? 0;
    const most = segments.reduce((sum, { terms }) => sum + terms, 0);
    const frame = { firstBlock, lastBlock, hashBits: hashBitsFor(most) };
    const writer = new PageWriter(frame);
    const open = cursors.map((cursor) => cursor.next());
    const blocks: number[] = [];
    for (;;) {
      let least = Number.POSITIVE_INFINITY;
      cursors.forEach((cursor, i) => {
        if (open[i] === true && cursor.hash < least) least = cursor.hash;
      });
      if (least === Number.POSITIVE_INFINITY) break;
      blocks.length = 0;
      // The segments are in the order of their blocks, so the blocks come in theirs.
      cursors.forEach((cursor, i) => {
        if (open[i] !== true || cursor.hash !== least) return;
        cursor.blocks(blocks);
        open[i] = cursor.next();
      });
      writer.add(least, blocks, 0, blocks.length);
    }
    const broken = segments.filter((_, i) => cursors[i]?.damaged === true).map(({ id }) => id);
    if (broken.length > 0) return { built: null, obsolete: broken };
    const pages = writer.end();
    return { built: { ...frame, terms: writer.terms, pages }, obsolete: segments.map(({ id }) => id) };
  } finally {
    for (const cursor of cursors) cursor.close();
  }
}
