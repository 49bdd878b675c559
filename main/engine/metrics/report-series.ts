import { STALE_HI, STALE_LO } from '#shared/domain/samples.ts';
import type { BatchBuilder } from './batch-builder.ts';
import type { Head } from './head.ts';
import type { SampleLabels } from './sample-labels.ts';

/** The series that tell about a scrape, in the order of Prometheus. */
const REPORTS = [
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'scrape_samples_post_metric_relabeling',
  'scrape_series_added',
] as const;

/** Values of the series about one scrape, in the order of their names above. */
export type ReportValues = readonly [
  up: number,
  durationSeconds: number,
  scraped: number,
  kept: number,
  seriesAdded: number,
];

/** The series about the scrapes of one target. */
export class ReportSeries {
  readonly #head: Head;
  readonly #labels: SampleLabels;
  readonly #slots = new Int32Array(REPORTS.length).fill(-1);
  readonly #refs = new Float64Array(REPORTS.length).fill(-1);

  constructor(head: Head, labels: SampleLabels) {
    this.#head = head;
    this.#labels = labels;
  }

  /** Adds what one scrape came to. */
  add(batch: BatchBuilder, time: number, values: ReportValues): void {
    for (const [index, name] of REPORTS.entries())
      batch.addNumber(this.#slot(index, name), time, values[index] ?? 0);
  }

  /** Adds stale markers: the target is no longer scraped. */
  end(batch: BatchBuilder, time: number): void {
    for (const [index] of REPORTS.entries()) {
      const slot = this.#slots[index] ?? -1;
      if (slot >= 0 && this.#head.series.ref[slot] === this.#refs[index])
        batch.add(slot, time, STALE_HI, STALE_LO);
    }
  }

  #slot(index: number, name: string): number {
    let slot = this.#slots[index] ?? -1;
    if (slot < 0 || this.#head.series.ref[slot] !== this.#refs[index]) {
      slot = this.#head.ensure(this.#labels.report(name));
      this.#slots[index] = slot;
      this.#refs[index] = this.#head.series.ref[slot] ?? -1;
    }
    return slot;
  }
}
