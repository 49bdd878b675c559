import { compareLabels, type Labels } from '#shared/domain/labels.ts';
import type { ReadableDb, WritableDb } from '../storage/sqlite.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { crc32c } from './crc32c.ts';
import type { CompiledMatcher } from './matchers.ts';

type Label = { readonly name: string; readonly value: string; readonly series: Uint8Array };

/** The tables in memory; read at the first query, and again after they were forgotten. */
type Loaded = {
  readonly labels: readonly (Label | undefined)[];
  readonly byName: ReadonlyMap<string, readonly Label[]>;
  /** The labels of series n, as the file has them, are `coded[ends[n - 1], ends[n])`. */
  readonly coded: Uint8Array;
  readonly ends: Uint32Array;
};

/** A sealed file that cannot be trusted. */
export class DamagedIndex extends Error {}

/** Which series a sealed file has: its tables `label` and `series` (docs/metrics-format.md, "Partition file"). */
export class SealedIndex {
  readonly #db: ReadableDb;
  readonly #seriesCount: number;
  readonly #sum: number;
  #loaded: Loaded | null = null;
  #verified = false;

  /** @param sum what the file says that its index adds up to; compared when the index is first used */
  constructor(db: ReadableDb, seriesCount: number, sum: number) {
    this.#db = db;
    this.#seriesCount = seriesCount;
    this.#sum = sum;
  }

  /** Numbers of the series that satisfy every matcher. @throws when the file is damaged */
  select(matchers: readonly CompiledMatcher[]): readonly number[] {
    const { byName } = this.#load();
    let chosen: Set<number> | null = null;
    const excluded: Label[] = [];
    for (const matcher of matchers) {
      const labels = byName.get(matcher.name) ?? [];
      if (matcher.test('')) {
        // The series without the label match, so those with a value that does not match are taken away.
        for (const label of labels) if (!matcher.test(label.value)) excluded.push(label);
        continue;
      }
      const found = new Set<number>();
      for (const label of labels)
        if (matcher.test(label.value))
          for (const id of readPostings(label.series)) if (chosen === null || chosen.has(id)) found.add(id);
      chosen = found;
    }
    if (chosen === null) chosen = new Set(Array.from({ length: this.#seriesCount }, (_, i) => i + 1));
    for (const label of excluded) for (const id of readPostings(label.series)) chosen.delete(id);
    return [...chosen];
  }

  labels(series: number): Labels {
    const { labels, coded, ends } = this.#load();
    const reader = new ByteReader(coded, ends[series - 1] ?? 0, ends[series] ?? 0);
    const flat: string[] = [];
    while (reader.at < reader.end) {
      const label = labels[reader.uvarint()];
      if (label !== undefined) flat.push(label.name, label.value);
    }
    return flat;
  }

  /** The number of the series with exactly these labels, or 0. */
  find(labels: Labels): number {
    // Series are numbered in the order of their labels.
    let low = 1;
    let high = this.#seriesCount;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const order = compareLabels(this.labels(middle), labels);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return 0;
  }

  /** Names of the labels in this file. */
  names(): Iterable<string> {
    return this.#load().byName.keys();
  }

  /** Values that a label has in this file. */
  values(name: string): Iterable<string> {
    return (this.#load().byName.get(name) ?? []).map((label) => label.value);
  }

  /** Gives back the memory until the next query. */
  forget(): void {
    this.#loaded = null;
  }

  #load(): Loaded {
    if (this.#loaded !== null) return this.#loaded;
    const labels: (Label | undefined)[] = [];
    const byName = new Map<string, Label[]>();
    const rows = this.#db.prepare<[], Label & { readonly id: number }>(
      'SELECT id, name, value, series FROM label ORDER BY id',
    );
    for (const row of rows.iterate()) {
      labels[row.id] = row;
      const there = byName.get(row.name);
      if (there === undefined) byName.set(row.name, [row]);
      else there.push(row);
    }
    let sum = 0;
    const coded = new ByteWriter(this.#seriesCount * 16);
    const ends = new Uint32Array(this.#seriesCount + 1);
    const series = this.#db.prepare<[], Uint8Array>('SELECT labels FROM series ORDER BY id').pluck();
    let id = 0;
    for (const row of series.iterate()) {
      if (!this.#verified) sum = (sum + crc32c(row)) >>> 0;
      coded.append(row);
      ends[++id] = coded.length;
    }
    if (!this.#verified) this.#verify(labels, sum);
    this.#loaded = { labels, byName, coded: coded.take(), ends };
    return this.#loaded;
  }

  /** Compares the index with its checksum; once, at the first query. @param ofSeries what the series add up to */
  #verify(labels: readonly (Label | undefined)[], ofSeries: number): void {
    let sum = ofSeries;
    for (const label of labels)
      if (label !== undefined) sum = (sum + labelSum(label.name, label.value, label.series)) >>> 0;
    if (sum !== this.#sum) throw new DamagedIndex('the checksum of the index does not match');
    this.#verified = true;
  }
}

type Posting = {
  readonly id: number;
  readonly name: string;
  readonly value: string;
  readonly series: ByteWriter;
  last: number;
};

/** Writes the tables that {@link SealedIndex} reads. Series come in the order of their labels. */
export class SealedIndexWriter {
  readonly #db: WritableDb;
  readonly #labels = new Map<string, Map<string, Posting>>();
  readonly #addSeries;
  #labelCount = 0;
  /** Series so far. */
  series = 0;
  /** What the tables add up to; complete after {@link finish}. */
  sum = 0;

  constructor(db: WritableDb) {
    this.#db = db;
    this.#addSeries = db.prepare<[number, Uint8Array]>('INSERT INTO series (id, labels) VALUES (?, ?)');
  }

  /** Adds a series and returns its number. @throws what SQLite throws */
  add(labels: Labels): number {
    const id = ++this.series;
    const coded = new ByteWriter(32);
    for (let i = 0; i < labels.length; i += 2) {
      const posting = this.#posting(labels[i] ?? '', labels[i + 1] ?? '');
      coded.uvarint(posting.id);
      posting.series.uvarint(id - posting.last);
      posting.last = id;
    }
    const bytes = coded.take();
    this.sum = (this.sum + crc32c(bytes)) >>> 0;
    this.#addSeries.run(id, bytes);
    return id;
  }

  /** Writes the labels. @throws what SQLite throws */
  finish(): void {
    const addLabel = this.#db.prepare<[number, string, string, Uint8Array]>(
      'INSERT INTO label (id, name, value, series) VALUES (?, ?, ?, ?)',
    );
    for (const values of this.#labels.values())
      for (const { id, name, value, series } of values.values()) {
        const bytes = series.take();
        this.sum = (this.sum + labelSum(name, value, bytes)) >>> 0;
        addLabel.run(id, name, value, bytes);
      }
  }

  #posting(name: string, value: string): Posting {
    let values = this.#labels.get(name);
    if (values === undefined) {
      values = new Map();
      this.#labels.set(name, values);
    }
    let posting = values.get(value);
    if (posting === undefined) {
      posting = { id: ++this.#labelCount, name, value, series: new ByteWriter(16), last: 0 };
      values.set(value, posting);
    }
    return posting;
  }
}

/** What one label adds to the index's checksum. */
function labelSum(name: string, value: string, series: Uint8Array): number {
  return (crc32c(Buffer.from(`${name}=${value}`, 'utf8')) + crc32c(series)) >>> 0;
}

function* readPostings(bytes: Uint8Array): Iterable<number> {
  const reader = new ByteReader(bytes);
  let id = 0;
  while (reader.at < reader.end) {
    id += reader.uvarint();
    yield id;
  }
}
