import { ok, type Result } from '#shared/errors/index.ts';
import { giveBackColumns, type LineColumns } from '../store/columns.ts';
import type { Segment } from '../store/day.ts';
import type { StoreWriter } from '../store/writer.ts';
import { giveBackChunk } from '../tail/chunks.ts';

/** What a line takes besides its bytes: its places, times and flags. */
const LINE_OVERHEAD = 34;

/** Segments that wait to be stored, in the order in which they must be. */
export class CommitQueue {
  #segments: readonly Segment[] = [];
  #bytes = 0;
  /** Memory in which the waiting lines lie, and nothing else. */
  #chunks: Buffer[] = [];
  /** The lines added since all were stored: segments may share their columns. */
  #added: LineColumns[] = [];

  /** About how much memory the waiting lines take. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * @param chunk the memory in which the lines lie, to be given back once they are stored; null where others refer to it, too
   */
  add(segments: readonly Segment[], chunk: Buffer | null): void {
    this.#segments = [...this.#segments, ...segments];
    for (const { lines } of segments) {
      const { starts, stops, events } = lines;
      if (events > 0) this.#bytes += (stops[events - 1] ?? 0) - (starts[0] ?? 0) + events * LINE_OVERHEAD;
    }
    for (const { lines } of segments) this.#added.push(lines);
    if (chunk !== null) this.#chunks.push(chunk);
  }

  /**
   * Stores what waits (docs/logs-format.md, "One transaction"). Segments are gathered per day as long as no log file
   * appears in two days; then what was gathered is committed before the rest, so that the lines of a log file are
   * stored in their order.
   *
   * @param stored hears of each segment that is stored
   * @returns the first error; everything that is not stored goes on waiting
   */
  drain(store: StoreWriter, nowMs: number, stored: (segment: Segment) => void): Result<object> {
    while (this.#segments.length > 0) {
      for (const [day, segments] of this.#nextGroups()) {
        const committed = store.commit(day, segments, nowMs);
        if (!committed.ok) return committed;
        const gone = new Set(segments);
        this.#segments = this.#segments.filter((segment) => !gone.has(segment));
        for (const segment of segments) stored(segment);
      }
    }
    this.#bytes = 0;
    for (const chunk of this.#chunks.splice(0)) giveBackChunk(chunk);
    giveBackColumns(this.#added.splice(0));
    return ok({});
  }

  #nextGroups(): ReadonlyMap<string, readonly Segment[]> {
    const dayOfKey = new Map<string, string>();
    const groups = new Map<string, Segment[]>();
    for (const segment of this.#segments) {
      const day = dayOfKey.get(segment.position.key);
      if (day !== undefined && day !== segment.day) break;
      dayOfKey.set(segment.position.key, segment.day);
      const group = groups.get(segment.day);
      if (group) group.push(segment);
      else groups.set(segment.day, [segment]);
    }
    return groups;
  }
}
