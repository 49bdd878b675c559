import { crc32 } from 'node:zlib';
import type { ReadableDb, Statement } from '../../storage/sqlite.ts';
import type { Statements } from '../store/statements.ts';
import type { TermQuery } from '../store/text-index.ts';
import { type OpenFrame, openFrame, PageReader, type SegmentFrame } from './pages.ts';
import { hashPrefix, hashTerm } from './terms.ts';

/** A row of `term_segment`. */
export type SegmentRow = {
  readonly id: number;
  readonly first_block: number;
  readonly last_block: number;
  readonly hash_bits: number;
  readonly terms: number;
  readonly pages: number;
  readonly crc: number;
};

/** What of the rows of `term_segment` is read. */
export const SEGMENT_COLUMNS = 'id, first_block, last_block, hash_bits, terms, pages, crc';
/** A page's row is numbered `segment × 2^32 + key`, so that a key's page is found by one step down a B-tree. */
export const PAGE_ROWS = 2 ** 32;

/** The checksum of a segment's row. */
export function segmentChecksum(row: Omit<SegmentRow, 'crc'>): number {
  const { id, first_block, last_block, hash_bits, terms, pages } = row;
  return crc32(
    new Uint8Array(new Float64Array([id, first_block, last_block, hash_bits, terms, pages]).buffer),
  );
}

/** The frame in which a segment's pages are read; null when its row is damaged. */
export function frameOf(row: SegmentRow): SegmentFrame | null {
  if (row.crc !== segmentChecksum(row)) return null;
  return { firstBlock: row.first_block, lastBlock: row.last_block, hashBits: row.hash_bits };
}

/** Blocks of a segment that may match, by their numbers, rising; `all` when the index cannot tell. */
type Blocks = readonly number[] | 'all';

class Damaged extends Error {}

/** The index of one state of a day file, as far as its segments' rows say; their pages are read when they are asked for. */
export type Segments = {
  readonly good: readonly { readonly id: number; readonly terms: number; readonly frame: OpenFrame }[];
  /** Ranges of blocks that no good segment covers. */
  readonly gaps: readonly BlockRange[];
  /** Segments whose rows are damaged. */
  readonly damaged: readonly number[];
};

/** Numbers of blocks, both included. */
export type BlockRange = { readonly first: number; readonly last: number };

/** Reads the rows of a day file's segments. */
export function readSegments(statements: Statements, lastBlock: number): Segments {
  const rows = statements.of(`SELECT ${SEGMENT_COLUMNS} FROM term_segment ORDER BY first_block`).all();
  const good: Segments['good'][number][] = [];
  const gaps: BlockRange[] = [];
  const damaged: number[] = [];
  let next = 1;
  for (const row of rows as SegmentRow[]) {
    const frame = frameOf(row);
    // Where a damaged row begins and ends is not believed: what no good segment covers is unknown.
    if (frame === null || frame.firstBlock < next) {
      damaged.push(row.id);
      continue;
    }
    if (frame.firstBlock > next) gaps.push({ first: next, last: frame.firstBlock - 1 });
    next = frame.lastBlock + 1;
    good.push({ id: row.id, terms: row.terms, frame: openFrame(frame) });
  }
  if (next <= lastBlock) gaps.push({ first: next, last: Number.MAX_SAFE_INTEGER });
  return { good, gaps, damaged };
}

/** What the index of a day file says about its blocks. */
export type Candidates = {
  /** Whether a block has to be opened. */
  readonly may: (block: number) => boolean;
  /** When they are few: exactly the blocks for which `may` is true among those of the segments. */
  readonly listed: readonly number[];
  /** Ranges of blocks that the index says nothing about: not indexed yet, or its pages are damaged. */
  readonly unknown: readonly BlockRange[];
  /** Segments that are damaged: their blocks are looked through, and they should be made anew. */
  readonly damaged: readonly number[];
};

/** Asks the segments of a day file which blocks may match. The file must be in the state of which they are. */
export function askSegments(statements: Statements, segments: Segments, terms: TermQuery): Candidates {
  const pageOf = statements.of('SELECT id, data FROM term_page WHERE id <= ? ORDER BY id DESC LIMIT 1');
  const listed: number[] = [];
  const unknown = [...segments.gaps];
  const damaged = [...segments.damaged];
  for (const segment of segments.good) {
    const { firstBlock, lastBlock } = segment.frame;
    // A segment without terms stands for a block that could not be read when it was indexed.
    const found = segment.terms === 0 ? 'all' : askSegment(pageOf, segment.id, segment.frame, terms);
    if (found === null) damaged.push(segment.id);
    if (found === null || found === 'all') unknown.push({ first: firstBlock, last: lastBlock });
    else for (const block of found) listed.push(block);
  }
  let set: ReadonlySet<number> | null = null;
  const may = (block: number): boolean => {
    set ??= new Set(listed);
    return set.has(block) || unknown.some(({ first, last }) => block >= first && block <= last);
  };
  return { may, listed, unknown, damaged };
}

function askSegment(pageOf: Statement, segment: number, frame: OpenFrame, terms: TermQuery): Blocks | null {
  try {
    return ask(terms, (hash) => postings(pageOf, segment, frame, hash));
  } catch (thrown) {
    if (thrown instanceof Damaged) return null;
    throw thrown;
  }
}

function ask(query: TermQuery, blocksOf: (hash: number) => readonly number[]): Blocks {
  if (query.kind === 'term') {
    if (!query.prefix) return blocksOf(hashTerm(query.term));
    const hash = hashPrefix(query.term);
    return hash === null ? 'all' : blocksOf(hash);
  }
  let result: Blocks | undefined;
  for (const item of query.items) {
    const one = ask(item, blocksOf);
    if (query.kind === 'or') {
      if (one === 'all') return 'all';
      result = result === undefined || result === 'all' ? one : union(result, one);
    } else {
      if (one !== 'all') result = result === undefined || result === 'all' ? one : intersection(result, one);
      if (result !== undefined && result.length === 0) return [];
    }
  }
  return result ?? 'all';
}

function union(a: readonly number[], b: readonly number[]): readonly number[] {
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}

function intersection(a: readonly number[], b: readonly number[]): readonly number[] {
  const held = new Set(b);
  return a.filter((block) => held.has(block));
}

/** The blocks of a segment in which a term stands. Throws when the page that would say so is not the one written. */
function postings(pageOf: Statement, segment: number, frame: OpenFrame, hash: number): readonly number[] {
  const row = pageOf.get(segment * PAGE_ROWS + hash) as { id: number; data: Buffer } | undefined;
  const key = (row?.id ?? -1) - segment * PAGE_ROWS;
  if (row === undefined || key < 0) throw new Damaged();
  const page = PageReader.open(frame, { key, data: row.data });
  // A page that does not reach to the hash stands where another should.
  if (page === null || hash >= page.upTo) throw new Damaged();
  for (let one = page.nextHash(); one !== null && one <= hash; one = page.nextHash()) {
    const blocks: number[] | null = one === hash ? [] : null;
    page.readBlocks(blocks);
    if (blocks !== null) return blocks;
  }
  return [];
}

/** Reads a segment from its first term to its last. */
export class SegmentCursor {
  readonly #frame: OpenFrame;
  readonly #rows: IterableIterator<unknown>;
  readonly #base: number;
  #page: PageReader | null = null;
  #key = 0;
  /** The present term. */
  hash = -1;
  /** Set when a page is missing or not as it was written: what was read of the segment is then not all. */
  damaged = false;

  constructor(db: ReadableDb, segment: number, frame: SegmentFrame) {
    this.#frame = openFrame(frame);
    this.#base = segment * PAGE_ROWS;
    this.#rows = db
      .prepare('SELECT id, data FROM term_page WHERE id >= ? AND id < ? ORDER BY id')
      .iterate(this.#base, this.#base + PAGE_ROWS);
  }

  /** Goes to the next term; false behind the last, or where the segment is damaged. */
  next(): boolean {
    for (;;) {
      const hash = this.#page?.nextHash() ?? null;
      if (hash !== null) {
        this.hash = hash;
        return true;
      }
      this.#key = this.#page?.upTo ?? 0;
      const row = this.#rows.next();
      this.#page = null;
      if (row.done === true) {
        this.damaged = this.#key !== PAGE_ROWS;
        return false;
      }
      const { id, data } = row.value as { id: number; data: Buffer };
      if (id - this.#base === this.#key) this.#page = PageReader.open(this.#frame, { key: this.#key, data });
      if (this.#page === null) {
        this.damaged = true;
        this.close();
        return false;
      }
    }
  }

  /** Appends the present term's blocks. */
  blocks(into: number[]): void {
    this.#page?.readBlocks(into);
  }

  close(): void {
    this.#rows.return?.();
  }
}
