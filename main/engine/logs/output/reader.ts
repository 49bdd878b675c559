import { statSync } from 'node:fs';
import { err, ok, type Result } from '#shared/errors/index.ts';
import { openReadable, sqliteError } from '../../storage/sqlite.ts';
import type { StoredLine } from '../model.ts';
import type { BlockHead, LineOrigin } from '../store/heads.ts';
import { dayPath, listDays } from '../store/paths.ts';
import { StoreReader } from '../store/reader.ts';

/** A stored line that was not passed on yet. */
export type UnsentLine = {
  readonly day: string;
  readonly key: string;
  readonly line: StoredLine;
  readonly origin: LineOrigin;
};

/** What a day file holds in all. */
type DayFacts = { readonly events: number; readonly keys: readonly string[] };

/**
 * Reads the day files for an output: the store itself is the queue. Lines of one log file in one day file are stored in the
 * order of their offsets, so one number for each pair says what was passed on.
 */
export class UnsentReader {
  readonly #folder: string;
  readonly #store: StoreReader;
  readonly #facts = new Map<string, { readonly stamp: string; readonly facts: DayFacts }>();

  constructor(folder: string) {
    this.#folder = folder;
    this.#store = new StoreReader(folder);
  }

  /** The days that have a file, oldest first. */
  days(): readonly string[] {
    return listDays(this.#folder);
  }

  /** What a day file holds; null when it is gone, or still being made. */
  facts(day: string): Result<DayFacts | null> {
    const path = dayPath(this.#folder, day);
    const stamp = stampOf(path);
    if (stamp === null) return ok(null);
    const known = this.#facts.get(day);
    if (known?.stamp === stamp) return ok(known.facts);
    const opened = openReadable(path);
    if (!opened.ok) return opened;
    try {
      const events = opened.value.prepare('SELECT events FROM summary').get() as
        | { events: number }
        | undefined;
      const keys = opened.value.prepare('SELECT key FROM file ORDER BY id').all() as { key: string }[];
      const facts = { events: events?.events ?? 0, keys: keys.map(({ key }) => key) };
      this.#facts.set(day, { stamp, facts });
      return ok(facts);
    } catch (thrown) {
      // The writer makes the file and its tables in two steps.
      if (/no such table/.test(String(thrown))) return ok(null);
      return err(sqliteError(path, thrown));
    } finally {
      opened.value.close();
    }
  }

  /**
   * The lines of a log file in a day file from an offset on, in the order of the file. What is stored while they are read
   * comes with the next reading.
   */
  *lines(day: string, key: string, from: number): Generator<Result<UnsentLine>> {
    const reader = this.#store.day(day);
    if (!reader.ok) {
      yield reader;
      return;
    }
    if (reader.value === null) return;
    const found = reader.value.headsOfFile(key, from, Number.MAX_SAFE_INTEGER);
    if (!found.ok) {
      yield found;
      return;
    }
    const heads = found.value.toSorted((a, b) => a.firstOffset - b.firstOffset);
    // Blocks of different streams overlap: a line may go out once no unopened block begins before it.
    let waiting: UnsentLine[] = [];
    for (const [index, head] of heads.entries()) {
      const lines = openHead(head);
      if (!lines.ok) {
        yield lines;
        return;
      }
      const { origin } = head;
      for (const line of lines.value) if (line.offset >= from) waiting.push({ day, key, line, origin });
      waiting.sort((a, b) => a.line.offset - b.line.offset);
      const next = heads[index + 1]?.firstOffset ?? Number.POSITIVE_INFINITY;
      const split = waiting.findIndex(({ line }) => line.offset >= next);
      const ready = split < 0 ? waiting : waiting.slice(0, split);
      waiting = split < 0 ? [] : waiting.slice(split);
      for (const line of ready) yield ok(line);
    }
  }

  /** The offset behind the last line of a log file in a day file; 0 when there is none. */
  end(day: string, key: string): Result<number> {
    const reader = this.#store.day(day);
    if (!reader.ok) return reader;
    const heads = reader.value?.headsOfFile(key, 0, Number.MAX_SAFE_INTEGER) ?? ok([]);
    if (!heads.ok) return heads;
    return ok(heads.value.reduce((end, head) => Math.max(end, head.lastOffset + 1), 0));
  }

  /** Closes a day's file, so that it can be deleted. */
  forget(day: string): void {
    this.#store.forget(day);
    this.#facts.delete(day);
  }

  close(): void {
    this.#store.close();
  }
}

function openHead(head: BlockHead): Result<readonly StoredLine[]> {
  return head.open();
}

/** What changes whenever something is committed to a file; null when there is no such file. */
function stampOf(path: string): string | null {
  const main = statSync(path, { throwIfNoEntry: false });
  if (main === undefined) return null;
  const wal = statSync(`${path}-wal`, { throwIfNoEntry: false });
  return `${main.ino} ${main.size} ${main.mtimeMs} ${wal?.size ?? 0} ${wal?.mtimeMs ?? 0}`;
}
