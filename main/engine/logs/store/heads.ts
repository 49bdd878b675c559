import type { Result } from '#shared/errors/index.ts';
import type { FormatSpec, StoredLine } from '../model.ts';
import type { BlockColumns } from './block.ts';

/** Where the lines of a block come from. */
export type LineOrigin = {
  readonly day: string;
  readonly fileKey: string;
  readonly path: string;
  readonly sourceId: string;
  readonly sourceName: string;
  readonly host: string;
  readonly format: FormatSpec;
  /** Name of the log stream; empty: the default stream. */
  readonly stream: string;
};

/** A block, unopened, or the pending lines of a log file, which are like an open one. */
export type BlockHead = {
  /** Number of the block in its day file, rising with the time of writing; null for pending lines. */
  readonly block: number | null;
  readonly origin: LineOrigin;
  readonly minTime: number;
  readonly maxTime: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly events: number;
  /** How many lines have each level, by its number. */
  readonly levels: readonly number[];
  readonly open: () => Result<readonly StoredLine[]>;
  /** The decompressed bytes; null for pending lines, which are none. */
  readonly bytes: (() => Result<BlockBytes>) | null;
  /** The same, column by column over the decompressed bytes, without an object for each line. */
  readonly columns: () => Result<BlockColumns>;
};

/** The decompressed bytes of a block, which most searches need not take apart. */
export type BlockBytes = {
  readonly data: Buffer;
  /** Where the text begins, in which every line is followed by LF; null where it is not all there is to know of a line. */
  readonly text: () => number | null;
  readonly columns: () => BlockColumns;
};
