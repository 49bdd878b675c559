import type { Labels } from '#shared/domain/labels.ts';
import type { SampleBuffer } from '#shared/domain/samples.ts';
import { describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { Logger } from '../platform/logger.ts';
import { openWritable, sqliteError, type WritableDb } from '../storage/sqlite.ts';
import { chunkCount, decodeChunk } from './chunk/decode.ts';
import { DamagedChunk } from './chunk/format.ts';
import { ChunkCache, type StoredChunk } from './chunk-cache.ts';
import { loadHead } from './head-load.ts';
import { headMigrations } from './head-schema.ts';
import { HeadSeries } from './head-series.ts';
import { type HeadStatements, prepareHeadStatements } from './head-statements.ts';
import { encodeLabels } from './label-codec.ts';
import { encodeRow, SampleBatch } from './wal-row.ts';

/** What an exposition says about a metric. */
export type MetricMetadata = { readonly type: string; readonly help: string; readonly unit: string };

type PendingChunk = {
  readonly ref: number;
  readonly start: number;
  readonly end: number;
  readonly data: Uint8Array;
};

/** Follows the commits, and may hold back those that it still needs when the head would drop them. */
export type CommitWatcher = {
  /** A commit was acknowledged. */
  readonly committed: (row: number, samples: number) => void;
  /**
   * Rows before `upTo` are about to be dropped.
   *
   * @param last true when they are dropped whatever is said, or when series that they name are
   * @returns the first row that must stay, `upTo` at most
   */
  readonly release: (upTo: number, last: boolean) => number;
};

/** Closed chunks are written out when so many bytes of them wait. */
const MOST_PENDING_BYTES = 1024 * 1024;

/** Memory for chunks of the head file that were read. */
const CHUNK_CACHE_BYTES = 16 * 1024 * 1024;

export type HeadOptions = {
  readonly path: string;
  readonly windowMs: number;
  readonly logger: Logger;
};

/**
 * The newest samples: memory for the open chunks, and the head file, in which every commit is one row before it is
 * acknowledged, and to which closed chunks move so that the rows can go.
 */
export class Head {
  readonly series: HeadSeries;
  /** Metric name → what its exposition last said about it. */
  readonly metadata = new Map<string, MetricMetadata>();
  /** Newest time ever appended. */
  maxTime = Number.NEGATIVE_INFINITY;
  /** Samples before this time are in partitions and are not answered here. */
  sealedUntil = Number.NEGATIVE_INFINITY;
  /** Samples before this time are no longer taken. */
  refusedBefore = Number.NEGATIVE_INFINITY;
  /** Goes up each time the clock was set back and the head was emptied for it. */
  epoch = 0;
  /** Samples in the head: open, waiting and spilled. */
  samples = 0;
  /** Who reads the commits besides the head itself, if anybody. */
  watcher: CommitWatcher | null = null;
  readonly statements: HeadStatements;
  readonly options: HeadOptions;
  readonly #db: WritableDb;
  readonly #pending = new Map<number, PendingChunk[]>();
  #pendingBytes = 0;
  /** Chunks in the head file, by series number. */
  readonly #cache = new ChunkCache(CHUNK_CACHE_BYTES);
  /** Damage is logged once, not at every query. */
  #damageSeen = false;
  readonly #newSlots: number[] = [];
  readonly #newMetadata = new Map<string, MetricMetadata>();
  #nextRef = 1;
  #nextRow = 1;

  /** Opens or makes the head file and replays what was committed. */
  static open(options: HeadOptions): Result<Head> {
    const opened = openWritable(options.path, { migrations: headMigrations, synchronous: 'FULL' });
    if (!opened.ok) return opened;
    try {
      const head = new Head(opened.value, options);
      const loaded = loadHead(head);
      head.#nextRef = loaded.nextRef;
      head.#nextRow = loaded.nextRow;
      return ok(head);
    } catch (thrown) {
      opened.value.close();
      return err(sqliteError(options.path, thrown));
    }
  }

  private constructor(db: WritableDb, options: HeadOptions) {
    this.#db = db;
    this.options = options;
    this.statements = prepareHeadStatements(db);
    this.series = new HeadSeries(options.windowMs, (slot, start, end, data) => {
      const chunk = { ref: this.series.ref[slot] ?? 0, start, end, data };
      const there = this.#pending.get(slot);
      if (there === undefined) this.#pending.set(slot, [chunk]);
      else there.push(chunk);
      this.#pendingBytes += data.length;
    });
  }

  /** The slot of a series; a new one is only written with the next commit, and forgotten by {@link discard}. */
  ensure(labels: Labels): number {
    const found = this.series.find(labels);
    if (found !== undefined) return found;
    const slot = this.series.add(labels, this.#nextRef++);
    this.#newSlots.push(slot);
    return slot;
  }

  /** Notes what an exposition says about a metric; written with the next commit. */
  describe(name: string, part: keyof MetricMetadata, text: string): void {
    const known = this.#newMetadata.get(name) ?? this.metadata.get(name) ?? { type: '', help: '', unit: '' };
    if (known[part] !== text) this.#newMetadata.set(name, { ...known, [part]: text });
  }

  /** Notes what a document says about metrics, durably. Only between scrapes, when nothing else is prepared. */
  describeAll(
    entries: readonly { readonly name: string; readonly part: string; readonly text: string }[],
  ): Result<void> {
    for (const { name, part, text } of entries)
      if (part === 'type' || part === 'help' || part === 'unit') this.describe(name, part, text);
    return this.commit(new SampleBatch());
  }

  /** Forgets what was prepared since the last commit. */
  discard(): void {
    if (this.#newSlots.length > 0) this.series.remove(this.#newSlots);
    this.#newSlots.length = 0;
    this.#newMetadata.clear();
  }

  /**
   * Writes a batch durably, then makes it visible. On failure nothing is changed, on disk or in memory, and series
   * that were new are forgotten. Every sample must be newer than the last one of its series.
   */
  commit(batch: SampleBatch): Result<void> {
    const row = this.#nextRow;
    const { statements } = this;
    const written = this.transaction(() => {
      for (const slot of this.#newSlots)
        statements.addSeries.run(this.series.ref[slot] ?? 0, encodeLabels(this.series.labels(slot)));
      for (const [name, { type, help, unit }] of this.#newMetadata)
        statements.describe.run(name, type, help, unit);
      if (batch.length > 0) statements.addRow.run(row, encodeRow(batch));
    });
    if (!written.ok) {
      this.discard();
      return written;
    }
    this.#nextRow++;
    this.#newSlots.length = 0;
    for (const [name, metadata] of this.#newMetadata) this.metadata.set(name, metadata);
    this.#newMetadata.clear();
    this.apply(batch, row);
    if (batch.length > 0) this.watcher?.committed(row, batch.length);
    if (this.#pendingBytes > MOST_PENDING_BYTES) {
      const spilled = this.spill();
      if (!spilled.ok)
        this.options.logger.log('warn', spilled.error.message.en, { detail: spilled.error.detail });
    }
    return ok(undefined);
  }

  /** Number of the newest commit. */
  get lastRow(): number {
    return this.#nextRow - 1;
  }

  /** Numbers further commits from after `row` on, if they are not beyond it already. */
  continueAfter(row: number): void {
    this.#nextRow = Math.max(this.#nextRow, row + 1);
  }

  /** Appends a batch to the open chunks; its row is on disk already. */
  apply(batch: SampleBatch, row: number): void {
    const { slots, times, bits, length } = batch;
    for (let i = 0; i < length; i++) {
      const time = times[i] ?? 0;
      this.series.append(slots[i] ?? 0, time, bits[i * 2 + 1] ?? 0, bits[i * 2] ?? 0, row);
      if (time > this.maxTime) this.maxTime = time;
    }
    this.samples += length;
  }

  /** Moves closed chunks from memory into the head file, and drops the rows no longer needed, in one write. */
  spill(): Result<void> {
    let needed = this.#nextRow;
    for (const slot of this.series.slots())
      if ((this.series.count[slot] ?? 0) > 0) needed = Math.min(needed, this.series.firstRow[slot] ?? 0);
    const droppable = this.watcher?.release(needed, false) ?? needed;
    const written = this.transaction(() => {
      for (const chunks of this.#pending.values())
        for (const { ref, start, end, data } of chunks)
          this.statements.addChunk.run(ref, start, end, chunkCount(data), data);
      this.statements.dropRows.run(droppable);
      this.#keepNumbers();
    });
    if (!written.ok) return written;
    for (const [chunk] of this.#pending.values()) if (chunk !== undefined) this.#cache.forget(chunk.ref);
    this.#pending.clear();
    this.#pendingBytes = 0;
    return written;
  }

  /** Appends a series' samples to `into`, in order of time: those of every chunk that overlaps [from, to]. */
  read(slot: number, from: number, to: number, into: SampleBuffer): void {
    const open = (this.series.count[slot] ?? 0) > 0;
    const base = open ? (this.series.base[slot] ?? 0) : Number.POSITIVE_INFINITY;
    // Within a series time only grows, so closed chunks end before the open one begins.
    if (base > from) {
      for (const { start, end, data } of this.#storedChunks(slot))
        if (start >= this.sealedUntil && start <= to && end >= from) this.#decode(slot, data, into);
      for (const chunk of this.#pending.get(slot) ?? [])
        if (chunk.end >= from && chunk.start <= to) this.#decode(slot, chunk.data, into);
    }
    if (open && base <= to && (this.series.last[slot] ?? 0) >= from) this.series.readOpen(slot, from, into);
  }

  /** Appends the samples of the written chunks that begin in [from, to), which is read once and not kept. */
  readSpilled(slot: number, from: number, to: number, into: SampleBuffer): void {
    const ref = this.series.ref[slot] ?? 0;
    for (const { data } of this.statements.chunksBetween.iterate(ref, from, to))
      this.#decode(slot, data, into);
  }

  #storedChunks(slot: number): readonly StoredChunk[] {
    const ref = this.series.ref[slot] ?? 0;
    return (
      this.#cache.get(ref) ??
      this.#cache.keep(
        ref,
        this.statements.chunksBetween.all(ref, this.sealedUntil, Number.POSITIVE_INFINITY),
      )
    );
  }

  /** From now on takes no sample before `time`, because that window is being sealed. */
  refuseBefore(time: number): void {
    this.refusedBefore = Math.max(this.refusedBefore, time);
  }

  /** Notes durably that everything before `time` is in partitions, and that no file of it waits for its name. */
  markSealed(time: number): Result<void> {
    this.refuseBefore(time);
    if (time > this.sealedUntil) {
      const written = this.transaction(() => {
        this.statements.setMeta.run('sealed_until', time);
        this.statements.dropSealing.run();
      });
      if (!written.ok) return written;
      this.sealedUntil = time;
    }
    let open = 0;
    for (const slot of this.series.slots()) open += this.series.count[slot] ?? 0;
    this.samples = open + (this.statements.countSamples.get(time) ?? 0);
    return ok(undefined);
  }

  /** Forgets series without a sample since `time`. */
  forgetIdle(time: number): Result<void> {
    const idle: number[] = [];
    for (const slot of this.series.slots())
      if ((this.series.count[slot] ?? 0) === 0 && (this.series.last[slot] ?? 0) < time) idle.push(slot);
    if (idle.length === 0) return ok(undefined);
    this.watcher?.release(this.#nextRow, true);
    const written = this.transaction(() => {
      this.#keepNumbers();
      for (const slot of idle) this.statements.dropSeries.run(this.series.ref[slot] ?? 0);
    });
    if (written.ok) this.series.remove(idle);
    return written;
  }

  /**
   * Forgets all time, after everything was sealed: samples of any time are taken again. Only chunks and rows that are in
   * partitions may be left in the head file.
   */
  beginEpoch(): Result<void> {
    this.watcher?.release(this.#nextRow, true);
    const written = this.transaction(() => {
      this.#keepNumbers();
      this.statements.dropRows.run(this.#nextRow);
      this.statements.dropChunks.run(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
      this.statements.setMeta.run('epoch', this.epoch + 1);
      this.statements.dropMeta.run('sealed_until');
    });
    if (!written.ok) return written;
    this.#cache.clear();
    this.epoch++;
    this.samples = 0;
    this.maxTime = Number.NEGATIVE_INFINITY;
    this.sealedUntil = Number.NEGATIVE_INFINITY;
    this.refusedBefore = Number.NEGATIVE_INFINITY;
    return written;
  }

  /** Notes where numbering goes on, so that no number names two things, whatever was dropped meanwhile. */
  #keepNumbers(): void {
    this.statements.setMeta.run('next_row', this.#nextRow);
    this.statements.setMeta.run('next_ref', this.#nextRef);
  }

  /** Runs writes to the head file as one transaction; a failure of the disk is a value. */
  transaction(writes: () => void): Result<void> {
    try {
      this.#db.transaction(writes)();
      return ok(undefined);
    } catch (thrown) {
      return err(sqliteError(this.options.path, thrown));
    }
  }

  /** Time of the oldest sample that is not sealed, or Infinity. */
  oldestTime(): number {
    let oldest = this.statements.oldestChunk.get(this.sealedUntil) ?? Number.POSITIVE_INFINITY;
    for (const chunks of this.#pending.values()) oldest = Math.min(oldest, chunks[0]?.start ?? oldest);
    for (const slot of this.series.slots())
      if ((this.series.count[slot] ?? 0) > 0) oldest = Math.min(oldest, this.series.base[slot] ?? oldest);
    return oldest;
  }

  /** Bytes of the head file, its free pages included. */
  bytes(): number {
    const pages = this.#db.pragma('page_count', { simple: true }) as number;
    return pages * (this.#db.pragma('page_size', { simple: true }) as number);
  }

  /** Closes the file. Open chunks stay as rows and are replayed at the next start. */
  close(): void {
    this.#db.close();
  }

  #decode(slot: number, data: Uint8Array, into: SampleBuffer): void {
    try {
      decodeChunk(data, into);
    } catch (thrown) {
      if (!(thrown instanceof DamagedChunk)) throw thrown;
      if (this.#damageSeen) return;
      this.#damageSeen = true;
      this.options.logger.log('error', 'a chunk in the head file is damaged and left out', {
        series: this.series.labels(slot).join(' '),
        why: describeThrown(thrown),
      });
    }
  }
}
