import type { RemoteLimits } from '#shared/contract/remote.ts';
import type { Labels } from '#shared/domain/labels.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Batch, type Portion, type Position } from './batch.ts';
import { type Segment, SegmentBuilder } from './segment.ts';
import type { SegmentFile, SegmentFolder } from './segments.ts';

/** The samples of one commit: sample i belongs to series `refs[i]`; values are 32-bit halves, the lower first. */
export type CommittedSamples = {
  readonly length: number;
  readonly refs: Float64Array;
  readonly times: Float64Array;
  readonly bits: Uint32Array;
};

/** The commits of the series store in their order; implemented by it. */
export type CommitSource = {
  readonly newest: () => number;
  readonly continueAfter: (row: number) => void;
  readonly read: (after: number, visit: (row: number, samples: CommittedSamples) => boolean) => void;
  readonly bytes: (after: number, to: number) => number;
  readonly labels: (ref: number) => Labels | null;
};

/** Somebody who reads the queue, as the queue sees it. */
export type QueueReader = {
  readonly position: () => Position;
  /** Moves on without having sent: `samples` are lost to this reader. */
  readonly giveUp: (to: Position, samples: number) => void;
};

export type QueueOptions = {
  readonly commits: CommitSource;
  readonly segments: SegmentFolder;
  readonly readers: () => readonly QueueReader[];
  /** The newest commit that any reader has seen. */
  readonly lastKnownRow: number;
  readonly limits: () => RemoteLimits;
  readonly now: () => number;
  /** Tells that waiting samples could not be written; null when they could again. */
  readonly failed: (error: AppError | null) => void;
};

/** A segment is finished at so many samples, or when it spans so much time: half of what receivers take late. */
const SEGMENT_SAMPLES = 125_000;
const SEGMENT_SPAN_MS = 30 * 60_000;
/** So much may wait in the head file before a segment is written. */
const HELD_BYTES = 1 << 20;
/** When segments cannot be written, the head file is not asked to hold more than this. */
const MOST_HELD_BYTES = 256 << 20;

/**
 * What is still to be sent, in the order of the commits.
 *
 * The rows of the head file are the queue: nothing is copied while readers keep up. Rows that the head is about to drop
 * and that a reader still needs are moved to segment files first, which are on the disk before the rows go. So a
 * sample is in a row or in a segment at every moment; while it is in both, the segment counts.
 */
export class Queue {
  readonly #options: QueueOptions;

  constructor(options: QueueOptions) {
    this.#options = options;
    // A head file that was begun anew numbers from 1; what was numbered before must stay behind what comes.
    options.commits.continueAfter(Math.max(options.segments.lastRow, options.lastKnownRow));
  }

  /** The place behind everything that was committed. */
  end(): Position {
    return { row: this.#options.commits.newest(), skip: 0 };
  }

  /**
   * The next samples after a place: `most` of them, more only when a single commit has more; or exactly those up to
   * `until`, whatever their number, so that a request that may have arrived already can be repeated with the same
   * samples. Their order may be another one then, because rows may have become a segment.
   */
  read(from: Position, most: number, until: Position | null): Portion {
    const { commits, segments } = this.#options;
    const batch = new Batch();
    let at = from;
    for (let file = segments.after(at.row); file !== undefined; file = segments.after(at.row)) {
      const segment = segments.load(file);
      const { lastRow } = file.head;
      if (segment !== null) {
        const next = take(segment, at, most, until, batch);
        if (until !== null && until.row < lastRow) return { batch, end: until };
        if (until === null && next < segment.owner.length) return { batch, end: { row: at.row, skip: next } };
      }
      at = { row: Math.max(lastRow, at.row), skip: 0 };
      if (until === null && batch.length > 0) return { batch, end: at };
    }
    if (until !== null && until.row <= at.row) return { batch, end: until };
    commits.read(at.row, (row, samples) => {
      if (until !== null ? row > until.row : batch.length > 0 && batch.length + samples.length > most)
        return false;
      for (let i = 0; i < samples.length; i++) {
        const labels = commits.labels(samples.refs[i] ?? 0);
        if (labels !== null)
          batch.push(
            batch.number(labels),
            samples.times[i] ?? 0,
            samples.bits[i * 2] ?? 0,
            samples.bits[i * 2 + 1] ?? 0,
          );
      }
      at = { row, skip: 0 };
      return until !== null || batch.length < most;
    });
    return { batch, end: until ?? at };
  }

  /** Samples after a place. Reads what it counts: ask once, then keep count. */
  count(from: Position): number {
    const { commits, segments } = this.#options;
    let samples = 0;
    for (const file of segments.all) samples += this.#remaining(file, from);
    commits.read(Math.max(from.row, segments.lastRow), (_row, { length }) => {
      samples += length;
      return true;
    });
    return samples;
  }

  /** Answers the head that is about to drop rows before `upTo`: the first row that must stay. */
  release(upTo: number, last: boolean): number {
    const { commits, segments, readers, now, failed } = this.#options;
    const positions = readers().map((reader) => reader.position().row);
    if (positions.length === 0) return upTo;
    const from = Math.max(Math.min(...positions), segments.lastRow);
    if (from >= upTo - 1) return upTo;
    const held = commits.bytes(from, upTo - 1);
    if (held === 0) return upTo;
    if (!last && held < HELD_BYTES && !this.#isOld(from, now())) return from + 1;
    const moved = this.#move(from, upTo, Number.POSITIVE_INFINITY);
    failed(moved.error);
    if (moved.error === null) return upTo;
    if (!last && held < MOST_HELD_BYTES) return moved.until + 1;
    // The rows go whatever is said: what is not in a segment is lost to those who have not read it.
    for (const reader of readers()) {
      const position = reader.position();
      if (position.row >= upTo - 1) continue;
      let samples = 0;
      commits.read(Math.max(position.row, moved.until), (row, { length }) => {
        if (row >= upTo) return false;
        samples += length;
        return true;
      });
      for (const file of segments.all) samples += this.#remaining(file, position);
      reader.giveUp({ row: upTo - 1, skip: 0 }, samples);
    }
    return upTo;
  }

  /**
   * Moves one segment's worth of rows ahead of time when much waits, so that the head, when it asks, need not wait for
   * many at once. Called every few seconds.
   */
  prepare(): void {
    const { commits, segments, readers, failed } = this.#options;
    const positions = readers().map((reader) => reader.position().row);
    if (positions.length === 0) return;
    const from = Math.max(Math.min(...positions), segments.lastRow);
    if (commits.bytes(from, commits.newest()) < 2 * HELD_BYTES) return;
    failed(this.#move(from, commits.newest(), 1).error);
  }

  /** Removes segments that every reader has passed, and the oldest ones while they exceed the bounds. */
  trim(): void {
    const { segments, readers, limits } = this.#options;
    const all = readers();
    const passed = Math.min(...all.map((reader) => reader.position().row));
    for (const file of segments.all) if (file.head.lastRow <= passed) segments.remove(file);
    const { maxBytes, maxAgeMs } = limits();
    // Ages are differences of sample times: a clock that jumps gives nothing up.
    const newest = segments.all.at(-1)?.head.newest ?? 0;
    for (const file of segments.all) {
      if (segments.bytes <= maxBytes && newest - file.head.newest <= maxAgeMs) break;
      for (const reader of all) {
        if (reader.position().row >= file.head.lastRow) continue;
        reader.giveUp({ row: file.head.lastRow, skip: 0 }, this.#remaining(file, reader.position()));
      }
      segments.remove(file);
    }
  }

  get bytes(): number {
    return this.#options.segments.bytes;
  }

  /** True when the first row after `from` is so old that a segment would be full of time. */
  #isOld(from: number, now: number): boolean {
    let oldest = Number.POSITIVE_INFINITY;
    this.#options.commits.read(from, (_row, { times }) => {
      oldest = times[0] ?? oldest;
      return false;
    });
    return now - oldest > SEGMENT_SPAN_MS * 4;
  }

  /** Writes the commits (from, upTo) to at most so many segments; `until` is the last that is in one. */
  #move(
    from: number,
    upTo: number,
    most: number,
  ): { readonly until: number; readonly error: AppError | null } {
    const { commits, segments } = this.#options;
    let until = from;
    let error: AppError | null = null;
    let written = 0;
    let builder = new SegmentBuilder();
    const finish = (): boolean => {
      if (builder.length === 0) return true;
      const added = segments.add(builder);
      if (!added.ok) {
        error = added.error;
        return false;
      }
      until = builder.lastRow;
      written++;
      builder = new SegmentBuilder();
      return written < most;
    };
    commits.read(from, (row, samples) => {
      if (row >= upTo) return false;
      const isFull =
        builder.length + samples.length > SEGMENT_SAMPLES ||
        (samples.times[0] ?? 0) - builder.oldest > SEGMENT_SPAN_MS;
      if (isFull && !finish()) return false;
      if (builder.length === 0) builder.firstRow = row;
      builder.lastRow = row;
      for (let i = 0; i < samples.length; i++) {
        const labels = commits.labels(samples.refs[i] ?? 0);
        if (labels !== null)
          builder.add(
            labels,
            row,
            samples.times[i] ?? 0,
            samples.bits[i * 2] ?? 0,
            samples.bits[i * 2 + 1] ?? 0,
          );
      }
      return true;
    });
    if (error === null && written < most) finish();
    return { until, error };
  }

  /** Samples of a segment that lie after a place. */
  #remaining(file: SegmentFile, from: Position): number {
    const { head } = file;
    if (head.lastRow <= from.row) return 0;
    if (head.firstRow > from.row && from.skip === 0) return head.samples;
    // `skip` belongs to the first segment after `row` only.
    if (this.#options.segments.after(from.row) !== file) return head.samples;
    const segment = this.#options.segments.load(file);
    if (segment === null) return 0;
    let samples = 0;
    for (let i = from.skip; i < segment.rows.length; i++) if ((segment.rows[i] ?? 0) > from.row) samples++;
    return samples;
  }
}

/** Takes samples of a segment into a batch; returns the index of the first that is left. */
function take(segment: Segment, from: Position, most: number, until: Position | null, batch: Batch): number {
  const { owner, rows, times, bits, series } = segment;
  const end = until !== null && until.skip > 0 && until.row === from.row ? until.skip : owner.length;
  const lastRow = until === null || until.skip > 0 ? Number.POSITIVE_INFINITY : until.row;
  let i = from.skip;
  for (; i < end && (until !== null || batch.length < most); i++) {
    const row = rows[i] ?? 0;
    const labels = series[owner[i] ?? 0];
    if (row <= from.row || row > lastRow || labels === undefined) continue;
    batch.push(batch.number(labels), times[i] ?? 0, bits[i * 2] ?? 0, bits[i * 2 + 1] ?? 0);
  }
  return i;
}
