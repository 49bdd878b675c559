import { type Labels, labelsKey } from '#shared/domain/labels.ts';
import { SampleBuffer } from '#shared/domain/samples.ts';
import type { Head, MetricMetadata } from './head.ts';
import { type HeadStats, headStats } from './head-stats.ts';
import { compileMatcher, type LabelMatcher } from './matchers.ts';
import type { Partition } from './partition.ts';
import type { PartitionFiles } from './partition-files.ts';
import { sortSamples, trimSamples } from './sample-order.ts';

/** A series that a query selected; its samples are only read when they are asked for. */
export type StoredSeries = {
  readonly labels: Labels;
  /** Replaces the content of `into` by the samples of [from, to], in order of time, each time once. */
  readonly read: (from: number, to: number, into: SampleBuffer) => void;
  /** Whether there is a sample in [from, to]; mostly answered without reading any. */
  readonly hasSample: (from: number, to: number) => boolean;
};

/** Where a series was found. Imported parts stand apart: what was scraped counts where both have a sample of a time. */
type Found = {
  readonly labels: Labels;
  parts: [Partition, number][];
  imported: [Partition, number][];
  slot: number;
  /** The partitions that were looked into. */
  files: readonly Partition[];
};

/** Head and partitions as one: what queries read from. */
export class SeriesStore {
  readonly #head: Head;
  readonly #files: PartitionFiles;

  constructor(head: Head, files: PartitionFiles) {
    this.#head = head;
    this.#files = files;
  }

  /** The series that satisfy every matcher and may have samples in [from, to]. */
  select(matchers: readonly LabelMatcher[], from: number, to: number): readonly StoredSeries[] {
    const compiled = matchers.map(compileMatcher);
    const found = new Map<string, Found>();
    const place = (labels: Labels): Found => {
      const key = labelsKey(labels);
      let there = found.get(key);
      if (there === undefined) {
        there = { labels, parts: [], imported: [], slot: -1, files: this.#files.all };
        found.set(key, there);
      }
      return there;
    };
    for (const partition of this.#files.all) {
      if (partition.end <= from || partition.start > to) continue;
      this.#reading(partition, () => {
        const kind = partition.isImported ? 'imported' : 'parts';
        for (const id of partition.select(compiled)) place(partition.labels(id))[kind].push([partition, id]);
        this.#files.touch(partition);
      });
    }
    const { series } = this.#head;
    for (const slot of series.index.select(compiled)) {
      if ((series.last[slot] ?? 0) >= from) place(series.labels(slot)).slot = slot;
    }
    return [...found.values()].map((one) => this.#stored(one));
  }

  /** The values that a label has, in the head and in the partitions that overlap [from, to]. */
  labelValues(name: string, from = -Infinity, to = Infinity): Set<string> {
    const values = new Set<string>();
    if (this.#headOverlaps(from, to))
      for (const value of this.#head.series.index.values(name)) values.add(value);
    this.#overlapping(from, to, (partition) => {
      for (const value of partition.values(name)) values.add(value);
    });
    return values;
  }

  /** The names of labels, in the head and in the partitions that overlap [from, to]. */
  labelNames(from = -Infinity, to = Infinity): Set<string> {
    const names = new Set<string>();
    if (this.#headOverlaps(from, to)) for (const name of this.#head.series.index.names()) names.add(name);
    this.#overlapping(from, to, (partition) => {
      for (const name of partition.names()) names.add(name);
    });
    return names;
  }

  /** Series of a metric that are being written to. */
  countSeries(metric: string): number {
    return this.#head.series.index.count('__name__', metric);
  }

  /** What an exposition said about a metric or family. */
  metadata(name: string): MetricMetadata | undefined {
    return this.#head.metadata.get(name);
  }

  /** Names of metrics and families that an exposition said something about. */
  describedNames(): Iterable<string> {
    return this.#head.metadata.keys();
  }

  /** What the newest samples are made of. */
  headStats(): HeadStats {
    return headStats(this.#head);
  }

  #headOverlaps(from: number, to: number): boolean {
    return this.#head.maxTime >= from && this.#head.oldestTime() <= to;
  }

  #overlapping(from: number, to: number, look: (partition: Partition) => void): void {
    for (const partition of this.#files.all) {
      if (partition.end <= from || partition.start > to) continue;
      this.#reading(partition, () => look(partition));
    }
  }

  #stored(found: Found): StoredSeries {
    const ref = found.slot < 0 ? -1 : (this.#head.series.ref[found.slot] ?? -1);
    const read: StoredSeries['read'] = (from, to, into) => {
      into.length = 0;
      this.#followMoves(found);
      this.#readParts(found.parts, from, to, into);
      // The slot may have been given to another series since.
      if (found.slot >= 0 && this.#head.series.ref[found.slot] === ref)
        this.#head.read(found.slot, from, to, into);
      this.#readParts(found.imported, from, to, into);
      sortSamples(into);
      trimSamples(into, from, to);
    };
    return {
      labels: found.labels,
      read,
      hasSample: (from, to) => {
        const whole = ([partition]: [Partition, number]): boolean =>
          partition.start >= from && partition.end <= to;
        if (found.parts.some(whole) || found.imported.some(whole)) return true;
        const newest = found.slot < 0 ? Number.NaN : (this.#head.series.last[found.slot] ?? Number.NaN);
        if (newest >= from && newest <= to) return true;
        const samples = new SampleBuffer();
        read(from, to, samples);
        return samples.length > 0;
      },
    };
  }

  #readParts(parts: readonly [Partition, number][], from: number, to: number, into: SampleBuffer): void {
    for (const [partition, id] of parts)
      this.#reading(partition, () => {
        if (partition.read(id, from, to, into) > 0) this.#files.reportDamagedChunk(partition);
      });
  }

  /**
   * Samples move while a query runs: from the head into a partition, and from partitions into a merged one. Only what has
   * come since is looked into.
   */
  #followMoves(found: Found): void {
    const now = this.#files.all;
    if (found.files === now) return;
    const open = ([partition]: [Partition, number]): boolean => !partition.isClosed;
    found.parts = found.parts.filter(open);
    found.imported = found.imported.filter(open);
    for (const partition of now)
      if (!found.files.includes(partition))
        this.#reading(partition, () => {
          const id = partition.find(found.labels);
          if (id > 0) found[partition.isImported ? 'imported' : 'parts'].push([partition, id]);
        });
    // Their order decides which sample counts where two have one of the same time.
    found.parts.sort(([a], [b]) => now.indexOf(a) - now.indexOf(b));
    found.files = now;
  }

  /** Reads from a partition; one that turns out to be damaged is set aside, and the query goes on without it. */
  #reading(partition: Partition, read: () => void): void {
    // A query may outlive a partition that retention removes.
    if (partition.isClosed) return;
    try {
      read();
    } catch (thrown) {
      this.#files.setAside(partition, thrown);
    }
  }
}
