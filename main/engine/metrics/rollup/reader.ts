import { BucketBuffer, columnMask } from '#shared/domain/buckets.ts';
import { type Labels, labelsKey } from '#shared/domain/labels.ts';
import { SampleBuffer } from '#shared/domain/samples.ts';
import { compileMatcher, type LabelMatcher } from '../matchers.ts';
import type { Partition } from '../partition.ts';
import type { PartitionFiles } from '../partition-files.ts';
import { coarsen } from './coarsen.ts';
import { condense } from './condense.ts';
import { Coverage, type Piece } from './coverage.ts';
import type { RollupFile } from './file.ts';
import type { RollupFiles } from './files.ts';
import type { Interval } from './plan.ts';
import { FIVE_MINUTES, ONE_HOUR } from './schema.ts';

/** A series that a query selected; its buckets are only read when they are asked for. */
export type BucketSeries = {
  readonly labels: Labels;
  /**
   * Replaces the content of `into` by the buckets that end in [from, to], in order of time, with the columns of the mask;
   * the other columns hold anything. `from` and `to` are multiples of the resolution.
   */
  readonly read: (from: number, to: number, mask: number, into: BucketBuffer) => void;
};

/** Where the samples are that no file has rolled up. */
type RawStore = {
  readonly select: (
    matchers: readonly LabelMatcher[],
    from: number,
    to: number,
  ) => readonly {
    readonly labels: Labels;
    readonly read: (from: number, to: number, into: SampleBuffer) => void;
  }[];
};

type Part = { readonly piece: Piece<RollupFile> } & (
  | { file: RollupFile; id: number; readonly raw: null }
  | { readonly file: null; readonly raw: ReturnType<RawStore['select']>[number] }
);

const ALWAYS = columnMask('count', 'stale');

/** Buckets of the whole time: from files of the resolution, from finer ones, and made of samples where there are none. */
export class RollupReader {
  /** Milliseconds, the coarsest first. */
  readonly resolutions = [ONE_HOUR, FIVE_MINUTES] as const;
  readonly #files: RollupFiles;
  readonly #partitions: PartitionFiles;
  readonly #raw: RawStore;
  readonly #samples = new SampleBuffer();
  readonly #fine = new BucketBuffer();
  #known: {
    readonly files: readonly RollupFile[];
    readonly partitions: readonly Partition[];
    readonly coverage: Coverage<RollupFile>;
  } | null = null;

  constructor(files: RollupFiles, partitions: PartitionFiles, raw: RawStore) {
    this.#files = files;
    this.#partitions = partitions;
    this.#raw = raw;
  }

  /** Whether a file has buckets of a resolution, or finer ones, of some of (from, to]. */
  has(resolution: number, from: number, to: number): boolean {
    return this.#coverage().has(resolution, from, to);
  }

  /** The finest resolution in which all that was ever known of (from, to] is there: 0 is the samples. */
  finest(from: number, to: number): number {
    return this.#coverage().finest(from, to);
  }

  /** Parts of (from, to] of which samples were there once and are no longer. */
  lost(from: number, to: number): readonly Interval[] {
    return this.#coverage()
      .lost.map(({ start, end }) => ({ start: Math.max(start, from), end: Math.min(end, to) }))
      .filter(({ start, end }) => start < end);
  }

  /** The series that satisfy every matcher and may have buckets that end in [from, to], multiples of the resolution. */
  select(
    matchers: readonly LabelMatcher[],
    from: number,
    to: number,
    resolution: number,
  ): readonly BucketSeries[] {
    const compiled = matchers.map(compileMatcher);
    const found = new Map<string, { readonly labels: Labels; readonly parts: Part[] }>();
    const place = (labels: Labels, part: Part): void => {
      const key = labelsKey(labels);
      const there = found.get(key);
      if (there === undefined) found.set(key, { labels, parts: [part] });
      else there.parts.push(part);
    };
    for (const piece of this.#coverage().pieces(resolution, from - resolution, to)) {
      const { file } = piece;
      if (file === null) {
        for (const raw of this.#raw.select(matchers, piece.start + 1, piece.end))
          place(raw.labels, { piece, file: null, raw });
        continue;
      }
      this.#reading(file, () => {
        for (const id of file.select(compiled)) place(file.labels(id), { piece, file, id, raw: null });
        this.#files.touch(file);
      });
    }
    return [...found.values()].map(({ labels, parts }) => ({
      labels,
      read: (first, last, mask, into) => {
        into.length = 0;
        for (const part of parts) this.#read(part, labels, resolution, first, last, mask | ALWAYS, into);
      },
    }));
  }

  #read(
    part: Part,
    labels: Labels,
    resolution: number,
    first: number,
    last: number,
    mask: number,
    into: BucketBuffer,
  ): void {
    const from = Math.max(first - resolution, part.piece.start);
    const to = Math.min(last, part.piece.end);
    if (from >= to) return;
    if (part.file === null) {
      part.raw.read(from + 1, to, this.#samples);
      condense(this.#samples, resolution, into);
      return;
    }
    // A newer generation may have taken the file's place while the query had a rest.
    if (part.file.isClosed) this.#renew(part, labels);
    const { file, id } = part;
    if (id === 0) return;
    this.#reading(file, () => {
      if (file.resolution === resolution) {
        file.read(id, from + 1, to, mask, into);
        return;
      }
      this.#fine.length = 0;
      file.read(id, from + 1, to, mask, this.#fine);
      coarsen(this.#fine, resolution, into);
    });
  }

  #renew(part: Part & { file: RollupFile; id: number }, labels: Labels): void {
    const { resolution, start } = part.file;
    const newer = this.#files.all.find((one) => one.resolution === resolution && one.start === start);
    if (newer === undefined) part.id = 0;
    else
      this.#reading(newer, () => {
        part.file = newer;
        part.id = newer.find(labels);
      });
  }

  /** Reads from a file; one that turns out to be damaged is set aside, and the query goes on without it. */
  #reading(file: RollupFile, read: () => void): void {
    if (file.isClosed) return;
    try {
      read();
    } catch (thrown) {
      this.#files.setAside(file.path, thrown);
    }
  }

  #coverage(): Coverage<RollupFile> {
    const files = this.#files.all;
    const partitions = this.#partitions.all;
    if (this.#known === null || this.#known.files !== files || this.#known.partitions !== partitions)
      this.#known = { files, partitions, coverage: new Coverage(partitions, files) };
    return this.#known.coverage;
  }
}
