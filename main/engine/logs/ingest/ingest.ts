import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { FromIngest, SourceRow, SourceStatus, SyncOutcome } from '../messages.ts';
import { dayName, type FilePosition } from '../model.ts';
import { parserCache } from '../parse/parser.ts';
import { type ArrivalConfig, Arrivals } from '../search/arrivals.ts';
import { compileQuery } from '../search/compile.ts';
import type { EventStage } from '../stage.ts';
import { freeColumnMemory } from '../store/column-memory.ts';
import { NO_LINES } from '../store/columns.ts';
import type { Segment } from '../store/day.ts';
import type { StoreRetention } from '../store/retention.ts';
import { StoreWriter } from '../store/writer.ts';
import { freeChunks } from '../tail/chunks.ts';
import type { TailedFile } from '../tail/file.ts';
import { defaultLimits, type TailLimits } from '../tail/limits.ts';
import type { CutLines } from '../tail/lines.ts';
import type { TailChanges } from '../tail/set.ts';
import type { SourceTail } from '../tail/source.ts';
import { House } from './house.ts';
import { Indexing, type IndexRunner, localRunner } from './indexing.ts';
import { identityStage, segmentsOf } from './lines.ts';
import { SWITCHES } from './placing.ts';
import { CommitQueue } from './queue.ts';
import { IngestSources } from './sources.ts';
import { LineRate, statusOf } from './status.ts';
import { LiveTails, lineOrigin } from './tails.ts';

/** Bytes of lines that may wait for a commit; each writes what does not fill a block to the disk twice. */
const BATCH_BYTES = 16 * 1024 * 1024;
/** Files are listed anew this often; files that are open are looked at in every pass. */
const SCAN_EVERY_MS = 1000;
const MAX_ROUNDS = 20;
/** Read of one file in one pass, so that one with a long past does not keep the others waiting. */
const PASS_BYTES = 16 * 1024 * 1024;

/** What the ingest is made with. */
export type IngestOptions = {
  readonly folder: string;
  readonly clock: Clock;
  readonly tell: (message: FromIngest) => void;
  /** Lets messages in between pieces of work; false when the reading is to stop. */
  readonly breathe: () => Promise<boolean>;
  readonly limits?: TailLimits;
  /** What stands between parser and store; every event is kept as it is when left out. */
  readonly stage?: EventStage;
  /** Makes the index; the reading thread itself when left out. */
  readonly index?: IndexRunner;
  /** How long day files are kept; for ever when left out. */
  readonly retention?: StoreRetention;
};

/**
 * Reads log files into the day files: the only writer of the logs folder. One pass looks at every open file, reads
 * what was there when the pass began, and commits it. Lines wait in memory only between reading and the commit that
 * follows; while a commit fails nothing more is read.
 */
export class Ingest {
  readonly #options: IngestOptions;
  readonly #store: StoreWriter;
  readonly #parserOf = parserCache();
  #stage: EventStage;
  readonly #tails: LiveTails;
  readonly #arrivals: Arrivals;
  readonly #indexing: Indexing;
  readonly #house: House;
  readonly #sources: IngestSources;
  /** Lines that are not stored yet. */
  #queue = new CommitQueue();
  #trouble: AppError | null = null;
  /** Whether the present pass left something unread, and how much it may read of one file. */
  #unread = false;
  #passBytes = PASS_BYTES;
  #scannedAt = Number.NEGATIVE_INFINITY;
  #lastEvent = new Map<string, number>();
  #sinceSync: SyncOutcome = { lines: 0, bytes: 0, files: 0 };
  readonly #rate = new LineRate();

  constructor(options: IngestOptions) {
    this.#options = options;
    const trouble = (error: AppError): void => options.tell({ kind: 'trouble', error });
    const index = options.index ?? localRunner(options.folder, this.#parserOf);
    this.#store = new StoreWriter(options.folder, trouble, index.texts);
    this.#sources = new IngestSources(this.#store, options.limits ?? defaultLimits);
    this.#stage = options.stage ?? identityStage;
    this.#indexing = new Indexing(this.#store, index, trouble);
    this.#house = new House(this.#store, options);
    this.#tails = new LiveTails(this.#parserOf);
    this.#arrivals = new Arrivals(this.#parserOf, options.clock.monotonic);
  }

  /** Keeps day files by other rules from now on. */
  setRetention(retention: StoreRetention): void {
    this.#house.setRetention(retention);
  }

  /** Puts these sources in the place of the present ones; files of a source that stays are not touched. */
  setSources(rows: readonly SourceRow[]): void {
    this.#sources.set(rows);
  }

  countArrivals(config: ArrivalConfig): void {
    this.#arrivals.configure(config);
  }

  /** Puts another stage in the place of the present one, for the lines read from now on. */
  setStage(stage: EventStage): void {
    this.#stage = stage;
  }

  startTail(id: string, query: string): void {
    const node = compileQuery(query);
    if (node.ok) this.#tails.start(id, node.value);
  }

  stopTail(id: string): void {
    this.#tails.stop(id);
  }

  /**
   * One pass. Lists files when it is time (or `full`), reads every file up to its present size (at most a part of it,
   * unless `full`), commits.
   *
   * @returns whether there is more to read at once, or what kept lines from being stored: the next pass tries again
   */
  async pass(full: boolean): Promise<Result<{ readonly more: boolean }>> {
    this.#unread = false;
    this.#passBytes = full ? Number.POSITIVE_INFINITY : PASS_BYTES;
    const prepared = this.#sources.prepare(this.#options.clock.now());
    if (!prepared.ok) return this.#failed(prepared.error);
    if (prepared.value !== null) this.#lastEvent = prepared.value;
    const waiting = this.#drain();
    if (!waiting.ok) return waiting;
    // Only now, between passes and with nothing left to store: a new reader starts from the stored positions.
    if (this.#sources.take()) this.#scannedAt = Number.NEGATIVE_INFINITY;
    const { clock } = this.#options;
    if (full || clock.monotonic() - this.#scannedAt >= SCAN_EVERY_MS) {
      this.#scannedAt = clock.monotonic();
      const scanned = this.#scan();
      if (!scanned.ok) return scanned;
    }
    const read = await this.#readAll();
    const done = read.ok ? this.#drain() : read;
    if (!done.ok) return done;
    this.#index(this.#unread);
    if (!this.#unread) {
      freeChunks();
      freeColumnMemory();
    }
    const kept = this.#house.keep(this.#sources.known);
    return kept.ok ? ok({ more: this.#unread }) : this.#failed(kept.error);
  }

  /** Reads everything that is there now; when it answers, it can be found. Counts since the last sync. */
  async sync(): Promise<Result<SyncOutcome>> {
    const done = await this.pass(true);
    if (!done.ok) return done;
    const files = this.#sources.tails.reduce((sum, tail) => sum + tail.files.length, 0);
    const outcome = { ...this.#sinceSync, files };
    this.#sinceSync = { lines: 0, bytes: 0, files: 0 };
    return ok(outcome);
  }

  #index(reading: boolean): void {
    const { clock } = this.#options;
    this.#indexing.go(dayName(clock.now()), clock.monotonic(), reading);
  }

  /** Settles when the index is up with what is stored. */
  indexed(): Promise<void> {
    return this.#indexing.finished();
  }

  /** Makes parts of a day's index anew that a search found damaged. */
  mendIndex(day: string, segments: readonly number[]): void {
    const done = this.#indexing.forget(day, segments);
    if (!done.ok) this.#options.tell({ kind: 'trouble', error: done.error });
  }

  /** Sends what live tails wait for. */
  sendTails(): void {
    for (const waiting of this.#tails.take()) this.#options.tell({ kind: 'tail', ...waiting });
    const arrived = this.#arrivals.take();
    if (arrived !== null) this.#options.tell({ kind: 'arrivals', news: arrived });
  }

  /** What an operator sees of the sources. */
  status(): readonly SourceStatus[] {
    return this.#sources.tails.map((tail) =>
      statusOf(tail, this.#trouble, this.#lastEvent.get(tail.source.id) ?? null),
    );
  }

  /** Lines stored a second, over the last seconds. */
  linesPerSecond(): number {
    return this.#rate.perSecond(this.#options.clock.monotonic());
  }

  /** Stores what waits and closes everything. */
  close(): void {
    void this.end();
  }

  /** Stores what waits and closes everything; settles when the thread that makes the index has closed its files, too. */
  async end(): Promise<void> {
    if (this.#sources.isReady) this.#drain();
    this.#sources.close();
    const ended = this.#indexing.close();
    this.#store.close();
    await ended;
  }

  /** Closes everything without storing what waits, as a crash would; for tests. */
  abandon(): void {
    this.#queue = new CommitQueue();
    this.close();
  }

  #failed(error: AppError): { readonly ok: false; readonly error: AppError } {
    this.#trouble = error;
    return err(error);
  }

  /**
   * Reads every file once, and those that turn up under way: successors of replaced files, and lost ones. Compressed
   * files are looked into only after everything open was read, because that tells what is known.
   */
  async #readAll(): Promise<Result<object>> {
    const done = new Set<TailedFile>();
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      let found = false;
      for (const tail of this.#sources.tails) {
        for (const file of tail.files.filter((one) => !done.has(one))) {
          done.add(file);
          found = true;
          // Another file's reading may have ended this one.
          if (!tail.files.includes(file)) continue;
          const result = await this.#readFile(tail, file);
          if (!result.ok) return result;
        }
      }
      if (found) continue;
      const seeking = this.#sources.tails.filter((tail) => tail.seeks);
      if (seeking.length === 0) break;
      for (const tail of seeking) {
        const recovered = await this.#recoverCompressed(tail);
        if (!recovered.ok) return recovered;
      }
    }
    return ok({});
  }

  async #recoverCompressed(tail: SourceTail): Promise<Result<object>> {
    const { folder, clock } = this.#options;
    const recovered = await tail.recoverCompressed(folder, clock.monotonic());
    if (!recovered.ok) return this.#failed(recovered.error);
    this.#apply(tail, recovered.value);
    return recovered;
  }

  #scan(): Result<object> {
    const { clock } = this.#options;
    for (const tail of this.#sources.tails) {
      const first = tail.isNew;
      this.#apply(tail, tail.scan(clock.monotonic()));
      if (!first) continue;
      const noted = this.#store.noteScan(tail.source, clock.now());
      if (!noted.ok) return this.#failed(noted.error);
      this.#sources.noteScanned(tail.source.id);
    }
    return this.#drain();
  }

  async #readFile(tail: SourceTail, file: TailedFile): Promise<Result<object>> {
    const { clock } = this.#options;
    // Whoever asks for all that is there does not wait for further lines of an event.
    const waited = this.#passBytes === Number.POSITIVE_INFINITY ? this.#passBytes : clock.monotonic();
    let taken = 0;
    try {
      let more = file.look(waited);
      if (file.begins) {
        this.#apply(tail, tail.begun(file, clock.monotonic()));
        if (!tail.files.includes(file)) return ok({});
      }
      const limit = file.size;
      while (more) {
        const outcome = file.read(limit, waited);
        if (outcome.kind === 'replaced') {
          this.#apply(tail, tail.replace(file, clock.monotonic()));
          return ok({});
        }
        if (outcome.kind === 'idle') break;
        taken += outcome.bytes;
        file.quietSince = clock.monotonic();
        this.#sinceSync = { ...this.#sinceSync, bytes: this.#sinceSync.bytes + outcome.bytes };
        this.#queue.add(this.#segmentsOf(tail, file, outcome.cut), outcome.chunk);
        if (this.#queue.bytes >= BATCH_BYTES) {
          const stored = this.#drain();
          if (!stored.ok) return stored;
          this.#index(true);
        }
        more = file.cutter.readOffset < limit || file.waits(waited);
        if (more && (!(await this.#options.breathe()) || taken >= this.#passBytes)) {
          this.#unread = true;
          return ok({});
        }
      }
      file.noteCaughtUp(clock.now());
      file.switches = SWITCHES;
      if (file.standing === 'error') file.standing = 'following';
    } catch (thrown) {
      // What the system refuses is said of the file; anything else is a bug and goes on up.
      if (typeof (thrown as { readonly syscall?: unknown }).syscall !== 'string') throw thrown;
      file.standing = 'error';
      file.notice = appError('LOG_FILE_UNREADABLE', { file: file.path, why: describeThrown(thrown) });
    }
    return ok({});
  }

  #segmentsOf(tail: SourceTail, file: TailedFile, cut: CutLines): readonly Segment[] {
    return segmentsOf(tail.source, file, cut, this.#parserOf, this.#stage, this.#options.clock.now());
  }

  /** Stores positions of files just met, and ends the reading of files that are over. */
  #apply(tail: SourceTail, changes: TailChanges): void {
    for (const { file, partial } of changes.ended) {
      // The unfinished last line of a file that nobody goes on writing is a line.
      const cut = partial ? file.finish() : null;
      if (cut !== null) this.#queue.add(this.#segmentsOf(tail, file, cut), null);
      if (partial) this.#enqueuePosition(tail, { ...file.position(), finished: true }, file.day);
      tail.drop(file);
    }
    for (const file of changes.fresh) this.#enqueuePosition(tail, file.position(), file.day);
    for (const position of changes.lost) this.#enqueuePosition(tail, { ...position, finished: true }, null);
  }

  #enqueuePosition(tail: SourceTail, position: FilePosition, day: string | null): void {
    const { id, name, host } = tail.source;
    const segment = {
      day: day ?? dayName(this.#options.clock.now()),
      source: { id, name, host },
      format: { spec: 'plain', zone: 'UTC' },
      lines: NO_LINES,
      position,
    };
    this.#queue.add([segment], null);
  }

  #drain(): Result<object> {
    const drained = this.#queue.drain(this.#store, this.#options.clock.now(), (segment) =>
      this.#stored(segment),
    );
    if (!drained.ok) return this.#failed(drained.error);
    this.#trouble = null;
    return drained;
  }

  #stored(segment: Segment): void {
    const { position, lines } = segment;
    this.#sources.note(position);
    this.#tails.stored(segment);
    this.#arrivals.stored(lines, (stream) => lineOrigin(segment, stream), this.#options.clock.now());
    if (lines.events === 0) return;
    this.#sinceSync = { ...this.#sinceSync, lines: this.#sinceSync.lines + lines.events };
    this.#rate.add(this.#options.clock.monotonic(), lines.events);
    const last = lines.times[lines.events - 1] ?? 0;
    this.#lastEvent.set(position.sourceId, Math.max(last, this.#lastEvent.get(position.sourceId) ?? 0));
  }
}
