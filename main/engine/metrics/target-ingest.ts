import { STALE_HI, STALE_LO } from '#shared/domain/samples.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import { BatchBuilder } from './batch-builder.ts';
import { chooseParser, isOpenMetrics } from './exposition/choose.ts';
import { ENTRY, type Entry, type ExpositionParser, lineOf } from './exposition/types.ts';
import type { Head } from './head.ts';
import { CACHED, ScrapeCache } from './scrape-cache.ts';
import { type TargetLabeller, targetLabeller } from './target-labels.ts';

/** What a target's samples are stored under, and how far a scrape may go. */
export type TargetSpec = {
  readonly labels: Readonly<Record<string, string>>;
  readonly honorLabels: boolean;
  readonly honorTimestamps: boolean;
  /** Most samples of one scrape; 0 is no limit. */
  readonly sampleLimit: number;
};

/** One answered scrape; `time` in UTC milliseconds. */
export type AnsweredScrape = {
  readonly time: number;
  readonly durationSeconds: number;
  readonly body: Uint8Array;
  readonly contentType: string | null;
};

/** `scraped` and `seriesAdded` as in the series about the scrape; `added` is what was stored of it. */
export type ScrapeReport = { readonly scraped: number; readonly added: number; readonly seriesAdded: number };

const REPORTS = [
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'scrape_samples_post_metric_relabeling',
  'scrape_series_added',
] as const;

/** What reading one body came to. */
type Reading = {
  scraped: number;
  /** Samples that would be stored after relabelling, also those that were dropped for their time. */
  kept: number;
  seriesAdded: number;
  error: AppError | null;
};

/** The scrapes of one target: parsing, staleness and the series about the scrape, with the rules of Prometheus 2.42. */
export class TargetScrapes {
  readonly #head: Head;
  readonly #spec: TargetSpec;
  readonly #labeller: TargetLabeller;
  readonly #batch: BatchBuilder;
  readonly #clock: Clock;
  #cache = new ScrapeCache();
  /** Whether the cache holds lines of OpenMetrics; the formats take different lines as comments. */
  #openMetrics = false;
  /** The cache's entry of the present line, or -1. */
  #entry = -1;
  /** Counts scrapes that were stored whole; an entry of the cache is known if it was seen in this or the last one. */
  #iteration = 1;
  /** Series that the last scrape had, without those with time stamps of their own: slots and series numbers. */
  #previousSlots: number[] = [];
  #previousRefs: number[] = [];
  #currentSlots: number[] = [];
  #currentRefs: number[] = [];
  readonly #reportSlots = new Int32Array(REPORTS.length).fill(-1);
  readonly #reportRefs = new Float64Array(REPORTS.length).fill(-1);

  constructor(head: Head, spec: TargetSpec, clock: Clock) {
    this.#head = head;
    this.#spec = spec;
    this.#clock = clock;
    this.#labeller = targetLabeller(spec.labels, spec.honorLabels);
    this.#batch = new BatchBuilder(head);
  }

  /** Stores a scrape whole, or refuses it whole and stores that it failed. */
  succeed(scrape: AnsweredScrape): Result<ScrapeReport> {
    this.#begin();
    const reading = this.#read(scrape);
    if (reading.error !== null) {
      // As in Prometheus, the series before the place of the error count as seen: only the others become stale now.
      this.#head.discard();
      this.#batch.drop();
    }
    const stored = this.#store(scrape, reading, reading.error === null);
    if (!stored.ok) return stored;
    if (reading.error !== null) return err(reading.error);
    if (scrape.body.length > 0) this.#iteration++;
    if (this.#cache.size > 1000 + 2 * reading.scraped) this.#cache = this.#cache.without(this.#iteration - 1);
    return stored;
  }

  /** Stores a scrape that brought no body. */
  fail(scrape: { readonly time: number; readonly durationSeconds: number }): Result<ScrapeReport> {
    this.#begin();
    return this.#store(scrape, { scraped: 0, kept: 0, seriesAdded: 0, error: null }, false);
  }

  /** Ends the target: everything that it had, the series about the scrape too, becomes stale. */
  end(time: number): Result<void> {
    this.#begin();
    this.#markVanished(time);
    for (const [index] of REPORTS.entries()) {
      const slot = this.#reportSlots[index] ?? -1;
      if (slot >= 0 && this.#head.series.ref[slot] === this.#reportRefs[index])
        this.#batch.add(slot, time, STALE_HI, STALE_LO);
    }
    return this.#batch.commit();
  }

  #begin(): void {
    this.#batch.begin(this.#clock.now());
    this.#currentSlots.length = 0;
    this.#currentRefs.length = 0;
    this.#cache.rewind();
  }

  #store(
    scrape: { readonly time: number; readonly durationSeconds: number },
    reading: Reading,
    up: boolean,
  ): Result<ScrapeReport> {
    const fromScrape = this.#batch.length;
    this.#markVanished(scrape.time);
    const values = [
      up ? 1 : 0,
      scrape.durationSeconds,
      reading.scraped,
      reading.kept,
      reading.seriesAdded,
    ] as const;
    for (const [index, name] of REPORTS.entries())
      this.#batch.addNumber(this.#reportSlot(index, name), scrape.time, values[index] ?? 0);
    const committed = this.#batch.commit();
    if (!committed.ok) return committed;
    [this.#previousSlots, this.#currentSlots] = [this.#currentSlots, this.#previousSlots];
    [this.#previousRefs, this.#currentRefs] = [this.#currentRefs, this.#previousRefs];
    return ok({ scraped: reading.scraped, added: fromScrape, seriesAdded: reading.seriesAdded });
  }

  #reportSlot(index: number, name: string): number {
    let slot = this.#reportSlots[index] ?? -1;
    if (slot < 0 || this.#head.series.ref[slot] !== this.#reportRefs[index]) {
      slot = this.#head.ensure(this.#labeller.report(name));
      this.#reportSlots[index] = slot;
      this.#reportRefs[index] = this.#head.series.ref[slot] ?? -1;
    }
    return slot;
  }

  /** Adds stale markers for what the last scrape had and this one has not. */
  #markVanished(time: number): void {
    const { ref } = this.#head.series;
    for (let i = 0; i < this.#previousSlots.length; i++) {
      const slot = this.#previousSlots[i] ?? -1;
      if (ref[slot] === this.#previousRefs[i] && !this.#batch.isTracked(slot))
        this.#batch.add(slot, time, STALE_HI, STALE_LO);
    }
  }

  #read(scrape: AnsweredScrape): Reading {
    const { body, contentType } = scrape;
    const reading: Reading = { scraped: 0, kept: 0, seriesAdded: 0, error: null };
    const openMetrics = isOpenMetrics(contentType);
    if (openMetrics !== this.#openMetrics) this.#cache = new ScrapeCache();
    this.#openMetrics = openMetrics;
    const parser = chooseParser(body, contentType);
    for (;;) {
      const entry = this.#nextLine(parser, body);
      if (entry === ENTRY.end) break;
      if (
        entry === ENTRY.error ||
        (entry === ENTRY.series && !this.#sample(parser, body, scrape.time, reading))
      ) {
        const line = lineOf(body, parser.pos);
        reading.error = appError('EXPOSITION_INVALID', { line, why: parser.error }, { line });
        return reading;
      }
    }
    const limit = this.#spec.sampleLimit;
    if (limit > 0 && reading.kept > limit)
      reading.error = appError('SAMPLE_LIMIT_EXCEEDED', { found: reading.kept, limit });
    return reading;
  }

  /** Reads the next line, from the cache if it is as expected. */
  #nextLine(parser: ExpositionParser, body: Uint8Array): Entry {
    const cache = this.#cache;
    const start = parser.pos;
    const guess = cache.guess(body, start);
    if (guess >= 0) {
      const end = start + cache.length(guess);
      if (cache.kind(guess) === CACHED.comment) {
        this.#present(guess);
        parser.pos = end;
        return ENTRY.comment;
      }
      const slot = cache.slot[guess] ?? -1;
      if (slot >= 0 && this.#head.series.ref[slot] === cache.ref[guess] && seriesEndsAt(body, end)) {
        this.#entry = guess;
        parser.seriesStart = start;
        return parser.sampleAfter(end);
      }
    }
    const entry = parser.next();
    if (entry === ENTRY.series) this.#entry = cache.find(body, parser.seriesStart, parser.seriesEnd);
    else if (entry !== ENTRY.end && entry !== ENTRY.error) this.#remember(parser, body, start, entry);
    return entry;
  }

  /** Takes up a comment line: what it says about a metric, and its bytes for the next time. */
  #remember(parser: ExpositionParser, body: Uint8Array, start: number, entry: Entry): void {
    if (entry === ENTRY.type) this.#head.describe(parser.metaName, 'type', parser.metaText);
    else if (entry === ENTRY.help) this.#head.describe(parser.metaName, 'help', parser.metaText);
    else if (entry === ENTRY.unit) this.#head.describe(parser.metaName, 'unit', parser.metaText);
    if (parser.pos > body.length) return;
    let comment = this.#cache.find(body, start, parser.pos);
    if (comment < 0) comment = this.#cache.add(body, start, parser.pos, CACHED.comment);
    this.#present(comment);
  }

  #present(entry: number): void {
    this.#cache.seen[entry] = this.#iteration;
    this.#cache.follow(entry);
  }

  /** Takes up the sample that the parser stands on. @returns false when it must not be; the parser's error says why */
  #sample(parser: ExpositionParser, body: Uint8Array, scrapeTime: number, reading: Reading): boolean {
    const cache = this.#cache;
    const { ref } = this.#head.series;
    reading.scraped++;
    let entry = this.#entry;
    const known = entry >= 0 && (cache.seen[entry] ?? -1) >= this.#iteration - 1;
    let slot = entry < 0 ? -1 : (cache.slot[entry] ?? -1);
    if (slot < 0 || ref[slot] !== cache.ref[entry]) {
      const pairs = parser.pairs();
      if (pairs === null) return false;
      slot = this.#head.ensure(this.#labeller.sample(pairs));
      if (entry < 0) entry = cache.add(body, parser.seriesStart, parser.seriesEnd, CACHED.series);
      cache.slot[entry] = slot;
      cache.ref[entry] = this.#head.series.ref[slot] ?? -1;
    }
    this.#present(entry);
    const ownTime = this.#spec.honorTimestamps && parser.hasTime;
    const accepted = this.#batch.addNumber(slot, ownTime ? parser.time : scrapeTime, parser.value);
    reading.kept++;
    const withinLimit = this.#spec.sampleLimit === 0 || reading.kept <= this.#spec.sampleLimit;
    if (!known && accepted && withinLimit) reading.seriesAdded++;
    // A series with time stamps of its own is never marked stale: nobody knows when it would be due.
    if (!ownTime && (accepted || !known) && !this.#batch.isTracked(slot)) {
      this.#batch.track(slot);
      this.#currentSlots.push(slot);
      this.#currentRefs.push(this.#head.series.ref[slot] ?? -1);
    }
    return true;
  }
}

/** Whether a series part that ends at `end` is whole: `name` could go on, or have labels after blanks. */
function seriesEndsAt(body: Uint8Array, end: number): boolean {
  if (body[end - 1] === 0x7d) return true;
  let at = end;
  while (body[at] === 0x20 || body[at] === 0x09) at++;
  return at > end && body[at] !== 0x7b;
}
