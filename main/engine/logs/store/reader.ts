import { statSync } from 'node:fs';
import { ok, type Result } from '#shared/errors/index.ts';
import { type DamageListener, DayReader } from './day-reader.ts';
import { dayPath, listDays } from './paths.ts';

/** The day files of a folder for reading, kept open between searches. */
export class StoreReader {
  readonly #folder: string;
  readonly #open = new Map<string, DayReader>();
  readonly #onDamage: DamageListener;

  constructor(folder: string, onDamage: DamageListener = () => undefined) {
    this.#folder = folder;
    this.#onDamage = onDamage;
  }

  /** The names of all days, newest first; files of days that are gone are closed. */
  names(): readonly string[] {
    const days = listDays(this.#folder);
    const present = new Set(days);
    for (const day of this.#open.keys()) if (!present.has(day)) this.forget(day);
    return days.toReversed();
  }

  /** All days, newest first. */
  days(): Result<readonly DayReader[]> {
    const readers: DayReader[] = [];
    for (const day of this.names()) {
      const reader = this.day(day);
      if (!reader.ok) return reader;
      if (reader.value !== null) readers.push(reader.value);
    }
    return ok(readers);
  }

  /** One day; null when there is no file. */
  day(day: string): Result<DayReader | null> {
    const path = dayPath(this.#folder, day);
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    const known = this.#open.get(day);
    if (stats === undefined) {
      this.forget(day);
      return ok(null);
    }
    const inode = `${stats.dev}:${stats.ino}`;
    if (known?.inode === inode) return ok(known);
    this.forget(day);
    const opened = DayReader.open(this.#folder, day, inode, this.#onDamage);
    if (opened.ok && opened.value !== null) this.#open.set(day, opened.value);
    return opened;
  }

  /** Closes a day's file, so that it can be deleted. */
  forget(day: string): void {
    this.#open.get(day)?.close();
    this.#open.delete(day);
  }

  close(): void {
    for (const day of [...this.#open.keys()]) this.forget(day);
  }
}
