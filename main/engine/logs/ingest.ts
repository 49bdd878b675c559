import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import { SWITCHES, segmentsOf } from './ingest-lines.ts';
import { LiveTails } from './ingest-tails.ts';
import type { FromIngest, SourceRow, SourceStatus, SyncOutcome } from './messages.ts';
import { dayName, type FilePosition } from './model.ts';
import { parserCache } from './parser.ts';
import { parseQuery } from './query-parser.ts';
import { planRetention } from './retention.ts';
import type { Segment } from './store-day.ts';
import { StoreWriter } from './store-writer.ts';
import type { TailedFile } from './tail-file.ts';
import { parsePathPattern } from './tail-glob.ts';
import { defaultLimits, SourceTail, type TailChanges, type TailLimits } from './tail-source.ts';

/** Bytes of lines that may wait for a commit. */
const BATCH_BYTES = 4 * 1024 * 1024;
/** Files are listed anew this often; files that are open are looked at in every pass. */
const SCAN_EVERY_MS = 1000;
const RATE_WINDOW_MS = 5000;
const HOUSE_EVERY_MS = 60_000;
const RETENTION_EVERY_MS = 3_600_000;

/** What the ingest is made with. */
export type IngestOptions = {
  readonly folder: string;
  readonly clock: Clock;
  readonly tell: (message: FromIngest) => void;
  /** Lets messages in between pieces of work. */
  readonly breathe: () => Promise<void>;
  readonly limits?: TailLimits;
  /** How long day files are kept; for ever when left out. */
  readonly retentionDays?: number;
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
  readonly #tails: LiveTails;
  #sources = new Map<string, SourceTail>();
  #knownBySource = new Map<string, Map<string, FilePosition>>();
  #scanned = new Set<string>();
  #ready = false;
  /** Segments that are not stored yet, in the order in which they must be. */
  #queue: Segment[] = [];
  #queuedBytes = 0;
  #trouble: AppError | null = null;
  #scannedAt = Number.NEGATIVE_INFINITY;
  #lastEvent = new Map<string, number>();
  #sinceSync: SyncOutcome = { lines: 0, bytes: 0, files: 0 };
  #rate: { readonly at: number; readonly lines: number }[] = [];
  #houseAt = Number.NEGATIVE_INFINITY;
  #retentionAt = Number.NEGATIVE_INFINITY;
  readonly #startedAt: number;

  constructor(options: IngestOptions) {
    this.#options = options;
    this.#store = new StoreWriter(options.folder, this.#parserOf, (error) =>
      options.tell({ kind: 'trouble', error }),
    );
    this.#startedAt = options.clock.monotonic();
    this.#tails = new LiveTails(this.#parserOf);
  }

  /** The error that keeps lines from being stored at present. */
  get trouble(): AppError | null {
    return this.#trouble;
  }

  /** Puts these sources in the place of the present ones; files of a source that stays are not touched. */
  setSources(rows: readonly SourceRow[]): void {
    const next = new Map<string, SourceTail>();
    for (const row of rows) {
      const pattern = parsePathPattern(row.path);
      if (!pattern.ok) continue;
      const old = this.#sources.get(row.id);
      if (old && sameReading(old.source, row)) {
        next.set(row.id, old);
        continue;
      }
      old?.close();
      const known = this.#knownBySource.get(row.id) ?? new Map<string, FilePosition>();
      this.#knownBySource.set(row.id, known);
      const limits = this.#options.limits ?? defaultLimits;
      next.set(
        row.id,
        new SourceTail({ ...row, pattern: pattern.value }, known, this.#scanned.has(row.id), limits),
      );
    }
    for (const [id, old] of this.#sources) if (!next.has(id)) old.close();
    this.#sources = next;
    this.#scannedAt = Number.NEGATIVE_INFINITY;
  }

  startTail(id: string, query: string): void {
    const node = parseQuery(query);
    if (node.ok) this.#tails.start(id, node.value);
  }

  stopTail(id: string): void {
    this.#tails.stop(id);
  }

  /** Reads the positions from the day files; nothing is read from logs before that has succeeded. */
  #prepare(): Result<object> {
    if (this.#ready) return ok({});
    const known = this.#store.known(this.#options.clock.now());
    if (!known.ok) return known;
    for (const position of known.value.positions.values()) {
      const positions = this.#knownBySource.get(position.sourceId) ?? new Map<string, FilePosition>();
      positions.set(position.key, position);
      this.#knownBySource.set(position.sourceId, positions);
    }
    this.#scanned = known.value.scanned;
    this.#ready = true;
    // Sources set before the positions were known start over with them.
    const rows = [...this.#sources.values()].map((tail) => tail.source);
    this.#sources = new Map();
    this.setSources(rows);
    return ok({});
  }

  /**
   * One pass. Lists files when it is time (or `full`), reads every file up to its present size, commits.
   *
   * @returns the error that kept lines from being stored; they are kept and tried again in the next pass
   */
  async pass(full: boolean): Promise<Result<{ readonly read: boolean }>> {
    const prepared = this.#prepare();
    if (!prepared.ok) return this.#failed(prepared.error);
    const waiting = this.#drain();
    if (!waiting.ok) return waiting;
    const { clock } = this.#options;
    if (full || clock.monotonic() - this.#scannedAt >= SCAN_EVERY_MS) {
      this.#scannedAt = clock.monotonic();
      const scanned = this.#scan();
      if (!scanned.ok) return scanned;
    }
    let read = false;
    for (const tail of this.#sources.values()) {
      for (const file of [...tail.files]) {
        const result = await this.#readFile(tail, file);
        if (!result.ok) return result;
        read ||= result.value;
      }
    }
    const done = this.#drain();
    if (!done.ok) return done;
    const kept = this.#keepHouse();
    return kept.ok ? ok({ read }) : kept;
  }

  /** Reads everything that is there now; when it answers, it can be found. Counts since the last sync. */
  async sync(): Promise<Result<SyncOutcome>> {
    const done = await this.pass(true);
    if (!done.ok) return done;
    const files = [...this.#sources.values()].reduce((sum, tail) => sum + tail.files.length, 0);
    const outcome = { ...this.#sinceSync, files };
    this.#sinceSync = { lines: 0, bytes: 0, files: 0 };
    return ok(outcome);
  }

  /** Sends what live tails wait for. */
  sendTails(): void {
    for (const waiting of this.#tails.take()) this.#options.tell({ kind: 'tail', ...waiting });
  }

  /** What an operator sees of the sources. */
  status(): readonly SourceStatus[] {
    return [...this.#sources.values()].map((tail) => this.#statusOf(tail));
  }

  /** Lines stored a second, over the last seconds. */
  linesPerSecond(): number {
    const now = this.#options.clock.monotonic();
    this.#rate = this.#rate.filter((entry) => now - entry.at <= RATE_WINDOW_MS);
    return this.#rate.reduce((sum, entry) => sum + entry.lines, 0) / (RATE_WINDOW_MS / 1000);
  }

  /** Stores what waits and closes everything. */
  close(): void {
    if (this.#ready) this.#drain();
    for (const tail of this.#sources.values()) tail.close();
    this.#store.close();
  }

  /** Closes everything without storing what waits, as a crash would; for tests. */
  abandon(): void {
    this.#queue = [];
    this.close();
  }

  #failed(error: AppError): { readonly ok: false; readonly error: AppError } {
    this.#trouble = error;
    return err(error);
  }

  #scan(): Result<object> {
    const { clock } = this.#options;
    for (const tail of this.#sources.values()) {
      const first = tail.isNew;
      this.#apply(tail, tail.scan(clock.monotonic()));
      if (!first) continue;
      const noted = this.#store.noteScan(tail.source, clock.now());
      if (!noted.ok) return this.#failed(noted.error);
      this.#scanned.add(tail.source.id);
    }
    return this.#drain();
  }

  async #readFile(tail: SourceTail, file: TailedFile): Promise<Result<boolean>> {
    const { clock } = this.#options;
    let read = false;
    try {
      let more = file.look();
      if (file.begins) this.#apply(tail, tail.begun(file, clock.monotonic()));
      const limit = file.size;
      while (more) {
        const outcome = file.read(limit);
        if (outcome.kind === 'replaced') {
          this.#apply(tail, tail.replace(file, clock.monotonic()));
          return ok(true);
        }
        if (outcome.kind === 'idle') break;
        read = true;
        this.#sinceSync = { ...this.#sinceSync, bytes: this.#sinceSync.bytes + outcome.bytes };
        this.#enqueue(segmentsOf(tail.source, file, outcome.cut, this.#parserOf, clock.now()));
        if (this.#queuedBytes >= BATCH_BYTES) {
          const stored = this.#drain();
          if (!stored.ok) return stored;
        }
        more = file.cutter.readOffset < limit;
        if (more) await this.#options.breathe();
      }
      if (read) file.quietSince = clock.monotonic();
      file.caughtUpAt = clock.now();
      file.switches = SWITCHES;
      if (file.standing === 'error') file.standing = 'following';
    } catch (thrown) {
      file.standing = 'error';
      file.notice = appError('LOG_FILE_UNREADABLE', { file: file.path, why: describeThrown(thrown) });
    }
    return ok(read);
  }

  /** Stores positions of files just met, and ends the reading of files that are over. */
  #apply(tail: SourceTail, changes: TailChanges): void {
    for (const { file, partial } of changes.ended) {
      // The unfinished last line of a file that nobody goes on writing is a line.
      const line = partial ? file.cutter.end() : null;
      if (line !== null) {
        const cut = { lines: [line], tailAt: () => file.cutter.tail };
        this.#enqueue(segmentsOf(tail.source, file, cut, this.#parserOf, this.#options.clock.now()));
      }
      if (partial) this.#enqueuePosition(tail, file, true);
      tail.drop(file);
    }
    for (const file of changes.fresh) this.#enqueuePosition(tail, file, false);
  }

  #enqueuePosition(tail: SourceTail, file: TailedFile, finished: boolean): void {
    const now = this.#options.clock.now();
    const { id, name, host } = tail.source;
    this.#enqueue([
      {
        day: file.day ?? dayName(now),
        source: { id, name, host },
        format: { spec: 'plain', zone: 'UTC' },
        lines: [],
        position: { ...file.position(), finished },
      },
    ]);
  }

  #enqueue(segments: readonly Segment[]): void {
    for (const segment of segments) {
      this.#queue.push(segment);
      for (const line of segment.lines) this.#queuedBytes += line.raw.length + 64;
    }
  }

  /**
   * Stores the queue. Segments are gathered per day as long as no log file appears in two days; then what was gathered
   * is committed before the rest, so that a log file's lines are stored in their order.
   */
  #drain(): Result<object> {
    while (this.#queue.length > 0) {
      const dayOfKey = new Map<string, string>();
      const groups = new Map<string, Segment[]>();
      for (const segment of this.#queue) {
        const day = dayOfKey.get(segment.position.key);
        if (day !== undefined && day !== segment.day) break;
        dayOfKey.set(segment.position.key, segment.day);
        const group = groups.get(segment.day);
        if (group) group.push(segment);
        else groups.set(segment.day, [segment]);
      }
      for (const [day, segments] of groups) {
        const stored = this.#store.commit(day, segments, this.#options.clock.now());
        if (!stored.ok) return this.#failed(stored.error);
        const gone = new Set(segments);
        this.#queue = this.#queue.filter((segment) => !gone.has(segment));
        for (const segment of segments) this.#stored(segment);
      }
    }
    this.#queuedBytes = 0;
    this.#trouble = null;
    return ok({});
  }

  #stored(segment: Segment): void {
    const { position } = segment;
    this.#knownBySource.get(position.sourceId)?.set(position.key, position);
    this.#tails.stored(segment);
    const lines = segment.lines.length;
    if (lines === 0) return;
    this.#sinceSync = { ...this.#sinceSync, lines: this.#sinceSync.lines + lines };
    this.#rate.push({ at: this.#options.clock.monotonic(), lines });
    const last = segment.lines[lines - 1]?.time ?? 0;
    this.#lastEvent.set(position.sourceId, Math.max(last, this.#lastEvent.get(position.sourceId) ?? 0));
  }

  /** Once a minute: closes days that are over and quiet. Once an hour: retention. */
  #keepHouse(): Result<object> {
    const { clock } = this.#options;
    const now = clock.now();
    if (clock.monotonic() - this.#houseAt < HOUSE_EVERY_MS) return ok({});
    this.#houseAt = clock.monotonic();
    const sealed = this.#store.sealIdle(dayName(now), now - HOUSE_EVERY_MS, now);
    if (!sealed.ok) return this.#failed(sealed.error);
    if (clock.monotonic() - this.#retentionAt < RETENTION_EVERY_MS) return ok({});
    this.#retentionAt = clock.monotonic();
    return this.#expireDays(now);
  }

  #expireDays(now: number): Result<object> {
    const { clock, retentionDays, tell } = this.#options;
    if (retentionDays === undefined) return ok({});
    const running = clock.monotonic() - this.#startedAt;
    for (const decision of planRetention(this.#store.facts(), now, retentionDays, running)) {
      if (!decision.remove) continue;
      const positions = new Map([...this.#knownBySource.values()].flatMap((known) => [...known]));
      const gone = this.#store.expire(decision.day, dayName(now), positions, now);
      // A file that a reader holds open cannot be deleted on Windows; the next round tries again.
      if (gone.ok) tell({ kind: 'removed', day: decision.day, reason: decision.reason });
      else tell({ kind: 'trouble', error: gone.error });
    }
    return ok({});
  }

  #statusOf(tail: SourceTail): SourceStatus {
    const files: SourceStatus['files'] = tail.files.map((file) => ({
      path: file.path,
      sizeBytes: file.size,
      offset: file.cutter.offset,
      lines: file.lines,
      state: file.standing,
      error: file.notice,
    }));
    for (const [path, error] of tail.errors)
      files.push({ path, sizeBytes: 0, offset: 0, lines: 0, state: 'error', error });
    const firstError = files.find((file) => file.state === 'error')?.error ?? null;
    const error = this.#trouble ?? firstError;
    const detected = tail.files.map((file) => file.guess.format).findLast((format) => format !== null);
    return {
      id: tail.source.id,
      detectedFormat: tail.source.format === 'auto' ? (detected ?? null) : null,
      state: error !== null ? 'error' : tail.files.length === 0 ? 'waiting' : 'ok',
      error,
      files,
      lines: [...tail.known.values()].reduce((sum, position) => sum + position.lines, 0),
      lastEventAt: this.#lastEvent.get(tail.source.id) ?? null,
      lagBytes: tail.files.reduce((sum, file) => sum + file.lag, 0),
    };
  }
}

function sameReading(a: SourceRow, b: SourceRow): boolean {
  return (
    a.path === b.path && a.format === b.format && a.zone === b.zone && a.host === b.host && a.name === b.name
  );
}
