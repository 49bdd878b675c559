import { type Labels, labelsKey, labelValue } from '#shared/domain/labels.ts';
import type { SampleBuffer } from '#shared/domain/samples.ts';
import type { Head, MetricMetadata } from './head.ts';
import { compileMatcher, type LabelMatcher } from './matchers.ts';
import type { Partition } from './partition.ts';
import type { PartitionFiles } from './partition-files.ts';
import { sortSamples, trimSamples } from './sample-order.ts';

/** A series that a query selected; its samples are only read when they are asked for. */
export type StoredSeries = {
  readonly labels: Labels;
  /** Replaces the content of `into` by the samples of [from, to], in order of time, each time once. */
  readonly read: (from: number, to: number, into: SampleBuffer) => void;
};

type Found = { readonly labels: Labels; readonly parts: [Partition, number][]; slot: number };

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
        there = { labels, parts: [], slot: -1 };
        found.set(key, there);
      }
      return there;
    };
    for (const partition of this.#files.all) {
      if (partition.end <= from || partition.start > to) continue;
      this.#reading(partition, () => {
        for (const id of partition.select(compiled)) place(partition.labels(id)).parts.push([partition, id]);
        this.#files.touch(partition);
      });
    }
    const { series } = this.#head;
    for (const slot of series.index.select(compiled)) {
      if ((series.last[slot] ?? 0) >= from) place(series.labels(slot)).slot = slot;
    }
    return [...found.values()].map((one) => this.#stored(one));
  }

  /** The values that a label has, in the head and in all partitions; of one metric's series, or of all. */
  labelValues(name: string, metric?: string): Set<string> {
    if (metric !== undefined) {
      const named = this.select([{ name: '__name__', op: '=', value: metric }], -Infinity, Infinity);
      return new Set(named.map(({ labels }) => labelValue(labels, name)).filter((value) => value !== ''));
    }
    const values = new Set(this.#head.series.index.values(name));
    for (const partition of this.#files.all)
      this.#reading(partition, () => {
        for (const value of partition.values(name)) values.add(value);
      });
    return values;
  }

  /** Series of a metric that are being written to. */
  countSeries(metric: string): number {
    return this.#head.series.index.count('__name__', metric);
  }

  /** What an exposition said about a metric or family. */
  metadata(name: string): MetricMetadata | undefined {
    return this.#head.metadata.get(name);
  }

  #stored(found: Found): StoredSeries {
    const ref = found.slot < 0 ? -1 : (this.#head.series.ref[found.slot] ?? -1);
    return {
      labels: found.labels,
      read: (from, to, into) => {
        into.length = 0;
        for (const [partition, id] of found.parts)
          this.#reading(partition, () => {
            if (partition.read(id, from, to, into) > 0) this.#files.reportDamagedChunk(partition);
          });
        // The slot may have been given to another series since.
        if (found.slot >= 0 && this.#head.series.ref[found.slot] === ref)
          this.#head.read(found.slot, from, to, into);
        sortSamples(into);
        trimSamples(into, from, to);
      },
    };
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
