import type { Labels } from '#shared/domain/labels.ts';
import { STALE_HI, STALE_LO } from '#shared/domain/samples.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import { BatchBuilder } from './batch-builder.ts';
import type { Head } from './head.ts';
import type { SeriesGuard } from './series-limits.ts';

/** Samples of one time that the console computed itself. */
export type ComputedSamples = {
  /** UTC milliseconds. */
  readonly time: number;
  readonly samples: readonly { readonly labels: Labels; readonly value: number }[];
  /** Series that ended; they get staleness markers. */
  readonly ended: readonly Labels[];
};

/** Writes computed series as they are, without labels of a target. Readable at once. */
export class SeriesWriter {
  readonly #head: Head;
  readonly #guard: SeriesGuard;
  readonly #clock: Clock;
  readonly #batch: BatchBuilder;

  constructor(head: Head, clock: Clock, guard: SeriesGuard) {
    this.#head = head;
    this.#guard = guard;
    this.#clock = clock;
    this.#batch = new BatchBuilder(head);
  }

  /**
   * Stores samples in one commit; those whose time is refused, as older than what their series has, are left out.
   *
   * @returns how many were stored, or TARGET_SERIES_LIMIT, SERIES_LIMIT_REACHED, DISK_FULL … and nothing is
   */
  write({ time, samples, ended }: ComputedSamples): Result<{ readonly added: number }> {
    const { perTarget } = this.#guard.limits;
    if (samples.length > perTarget) return err(appError('TARGET_SERIES_LIMIT', { limit: perTarget }));
    const { series } = this.#head;
    const now = this.#clock.now();
    this.#batch.begin(now);
    for (const { labels, value } of samples) {
      if (this.#guard.isAtLimit && series.find(labels) === undefined && !this.#guard.admits(now)) {
        this.#head.discard();
        return err(appError('SERIES_LIMIT_REACHED', { limit: this.#guard.limits.total }));
      }
      this.#batch.addNumber(this.#head.ensure(labels), time, value);
    }
    const added = this.#batch.length;
    for (const labels of ended) {
      const slot = series.find(labels);
      if (slot !== undefined) this.#batch.add(slot, time, STALE_HI, STALE_LO);
    }
    const committed = this.#batch.commit();
    return committed.ok ? ok({ added }) : committed;
  }
}
