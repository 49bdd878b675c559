import { ok, type Result } from '#shared/errors/index.ts';
import type { SourceRow } from '../messages.ts';
import type { FilePosition } from '../model.ts';
import type { StoreWriter } from '../store/writer.ts';
import type { TailLimits } from '../tail/limits.ts';
import { SourceTail, tailSourceOf } from '../tail/source.ts';

/** The sources that are read, and what the store knows of each. */
export class IngestSources {
  readonly #store: StoreWriter;
  readonly #limits: TailLimits;
  #tails = new Map<string, SourceTail>();
  #next: readonly SourceRow[] | null = null;
  readonly #known = new Map<string, Map<string, FilePosition>>();
  #scanned = new Set<string>();
  #isReady = false;

  constructor(store: StoreWriter, limits: TailLimits) {
    this.#store = store;
    this.#limits = limits;
  }

  /** Whether the positions have been read. */
  get isReady(): boolean {
    return this.#isReady;
  }

  get tails(): readonly SourceTail[] {
    return [...this.#tails.values()];
  }

  /** The positions of the files of each source, by their keys. */
  get known(): Iterable<ReadonlyMap<string, FilePosition>> {
    return this.#known.values();
  }

  /** Puts these in the place of the present ones with the next {@link take}; files of a source that stays are not touched. */
  set(rows: readonly SourceRow[]): void {
    this.#next = rows;
  }

  /**
   * Reads the positions from the day files; nothing is read from logs before that has succeeded.
   *
   * @returns the newest time of a line of each source; null when all was read before
   */
  prepare(nowMs: number): Result<Map<string, number> | null> {
    if (this.#isReady) return ok(null);
    const known = this.#store.known(nowMs);
    if (!known.ok) return known;
    for (const position of known.value.positions.values()) this.note(position);
    this.#scanned = known.value.scanned;
    this.#isReady = true;
    return ok(known.value.lastEvent);
  }

  /** Notes how far a file is stored. */
  note(position: FilePosition): void {
    this.#knownOf(position.sourceId).set(position.key, position);
  }

  /** Notes that a source's files have been listed. */
  noteScanned(id: string): void {
    this.#scanned.add(id);
  }

  #knownOf(id: string): Map<string, FilePosition> {
    const known = this.#known.get(id) ?? new Map<string, FilePosition>();
    this.#known.set(id, known);
    return known;
  }

  /** Takes the sources that were set last; says whether there were any. */
  take(): boolean {
    const rows = this.#next;
    if (rows === null) return false;
    this.#next = null;
    const next = new Map<string, SourceTail>();
    for (const row of rows) {
      const source = tailSourceOf(row);
      if (!source.ok) continue;
      const old = this.#tails.get(row.id);
      if (old && sameReading(old.source, row)) {
        next.set(row.id, old);
        continue;
      }
      old?.close();
      next.set(
        row.id,
        new SourceTail(
          source.value,
          this.#knownOf(row.id),
          this.#scanned.has(row.id),
          this.#limits,
          (key, offset) => this.#store.lineAt(key, offset),
        ),
      );
    }
    for (const [id, old] of this.#tails) if (!next.has(id)) old.close();
    this.#tails = next;
    return true;
  }

  close(): void {
    for (const tail of this.#tails.values()) tail.close();
  }
}

function sameReading(a: SourceRow, b: SourceRow): boolean {
  return (
    a.path === b.path &&
    a.format === b.format &&
    a.zone === b.zone &&
    a.host === b.host &&
    a.name === b.name &&
    JSON.stringify(a.reading) === JSON.stringify(b.reading)
  );
}
