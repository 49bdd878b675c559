import { NAN_HI, NAN_LO } from '#shared/domain/samples.ts';
import type { Result } from '#shared/errors/index.ts';
import type { Head } from './head.ts';
import { SampleBatch } from './wal-row.ts';

/** How far ahead of the clock a sample's own time stamp may be. */
const MOST_AHEAD_MS = 10 * 60_000;

/** Shared by all targets: a batch is filled and committed without anything in between. */
const batch = new SampleBatch();

/**
 * Collects the samples of one commit and decides for each whether it may be stored, with the rules of Prometheus's
 * head: not before the time that still takes samples, not far in the future, newer than the last of its series.
 */
export class BatchBuilder {
  readonly #head: Head;
  /** Marks series that this scrape has, and series with a sample in the batch. */
  #tracking = 0;
  #stamp = 0;
  #earliest = Number.NEGATIVE_INFINITY;
  #latest = Number.POSITIVE_INFINITY;

  constructor(head: Head) {
    this.#head = head;
  }

  /** Begins an empty batch. `now` is the clock's time. */
  begin(now: number): void {
    const { series, refusedBefore, maxTime, options } = this.#head;
    this.#tracking = series.nextStamp();
    this.#stamp = this.#tracking;
    this.#earliest = Math.max(refusedBefore, maxTime - options.windowMs / 2);
    this.#latest = now + MOST_AHEAD_MS;
    batch.clear();
  }

  /** Takes all samples back, but keeps what is tracked. */
  drop(): void {
    this.#stamp = this.#head.series.nextStamp();
    batch.clear();
  }

  get length(): number {
    return batch.length;
  }

  /** Adds a scraped value. @returns false when its time is refused; a repetition of the last sample is fine */
  addNumber(slot: number, time: number, value: number): boolean {
    if (Number.isNaN(value)) return this.add(slot, time, NAN_HI, NAN_LO);
    batch.push(slot, this.#head.series.ref[slot] ?? 0, time, value);
    return this.#judge(slot, time);
  }

  /** Adds a value given as bits. */
  add(slot: number, time: number, hi: number, lo: number): boolean {
    batch.pushBits(slot, this.#head.series.ref[slot] ?? 0, time, hi, lo);
    return this.#judge(slot, time);
  }

  /** Notes that the scrape has the series, so that it does not become stale. */
  track(slot: number): void {
    this.#head.series.tracked[slot] = this.#tracking;
  }

  isTracked(slot: number): boolean {
    return this.#head.series.tracked[slot] === this.#tracking;
  }

  /** Writes the batch durably. */
  commit(): Result<void> {
    return this.#head.commit(batch);
  }

  /** Keeps the sample that was pushed last, or takes it back. */
  #judge(slot: number, time: number): boolean {
    const { series } = this.#head;
    const at = batch.length - 1;
    const last = series.last[slot] ?? 0;
    let kept = time >= this.#earliest && time <= this.#latest && time > last;
    let accepted = kept;
    if (kept && series.batched[slot] === this.#stamp) {
      // The series occurs twice in this scrape. As the head only sees samples that are committed, Prometheus accepts
      // the second one too, and then silently keeps it only if it is newer.
      kept = time > (series.batchTime[slot] ?? 0);
    } else if (time === last && time >= this.#earliest)
      accepted =
        series.lastBits[slot * 2] === batch.bits[at * 2] &&
        series.lastBits[slot * 2 + 1] === batch.bits[at * 2 + 1];
    if (kept) {
      series.batched[slot] = this.#stamp;
      series.batchTime[slot] = time;
    } else batch.length = at;
    return accepted;
  }
}
