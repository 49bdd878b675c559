import { STALE_HI, STALE_LO } from '#shared/domain/samples.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import { BatchBuilder } from './batch-builder.ts';
import { chooseParser, isOpenMetrics } from './exposition/choose.ts';
import { hasMoreSamples } from './exposition/count-samples.ts';
import { ENTRY, type Entry, type ExpositionParser, lineOf } from './exposition/types.ts';
import { FamilyNotes } from './family-notes.ts';
import type { Head } from './head.ts';
import { ReportSeries } from './report-series.ts';
import { type LabelSpec, type SampleLabels, sampleLabels } from './sample-labels.ts';
import { CACHED, ScrapeCache } from './scrape-cache.ts';
import { CHURN_FACTOR, type GuardedTarget, LINES_FACTOR, type SeriesGuard } from './series-limits.ts';
import type { ExposedPairs } from './target-labels.ts';

/** What a target's samples are stored under, and how far a scrape may go. */
export type TargetSpec = LabelSpec & {
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

/** Longer lines are read anew each time: remembering them would cost more memory than they save time. */
const LONGEST_CACHED_LINE = 65_536;
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
  readonly #labels: SampleLabels;
  readonly #reports: ReportSeries;
  readonly #families: FamilyNotes;
  readonly #guard: SeriesGuard;
  readonly #guarded: GuardedTarget;
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
  /** Entries of the cache after the last scrape that was stored whole. */
  #goodSize = 0;

  constructor(head: Head, spec: TargetSpec, clock: Clock, guard: SeriesGuard) {
    this.#head = head;
    this.#spec = spec;
    this.#clock = clock;
    this.#guard = guard;
    this.#guarded = guard.join(spec.labels);
    this.#labels = sampleLabels(spec);
    this.#reports = new ReportSeries(head, this.#labels);
    this.#families = new FamilyNotes(head);
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
    if (reading.error !== null) {
      // Lines that differ at each scrape must not pile up while every one of them fails.
      if (this.#cache.size > 1000 + 2 * this.#goodSize) this.#cache = new ScrapeCache();
      return err(reading.error);
    }
    this.#guarded.refusal = null;
    if (scrape.body.length > 0) this.#iteration++;
    if (this.#cache.size > 1000 + 2 * reading.scraped) this.#cache = this.#cache.without(this.#iteration - 1);
    this.#goodSize = this.#cache.size;
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
    this.#reports.end(this.#batch, time);
    this.#guard.leave(this.#guarded);
    return this.#batch.commit();
  }

  #begin(): void {
    this.#batch.begin(this.#clock.now());
    this.#currentSlots.length = 0;
    this.#currentRefs.length = 0;
    this.#cache.rewind();
    this.#families.begin();
  }

  #store(
    scrape: { readonly time: number; readonly durationSeconds: number },
    reading: Reading,
    up: boolean,
  ): Result<ScrapeReport> {
    const fromScrape = this.#batch.length;
    this.#markVanished(scrape.time);
    const { scraped, kept, seriesAdded } = reading;
    this.#reports.add(this.#batch, scrape.time, [
      up ? 1 : 0,
      scrape.durationSeconds,
      scraped,
      kept,
      seriesAdded,
    ]);
    const committed = this.#batch.commit();
    if (!committed.ok) return committed;
    [this.#previousSlots, this.#currentSlots] = [this.#currentSlots, this.#previousSlots];
    [this.#previousRefs, this.#currentRefs] = [this.#currentRefs, this.#previousRefs];
    return ok({ scraped, added: fromScrape, seriesAdded });
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
    if (this.#isStillOver(body)) {
      this.#overLimit(reading, scrape.time, this.#guard.limits.perTarget, false);
      return reading;
    }
    const parser = chooseParser(body, contentType);
    let lines = this.#guard.limits.perTarget * LINES_FACTOR;
    for (;;) {
      const entry = this.#nextLine(parser, body);
      if (entry === ENTRY.end) break;
      if (lines-- === 0) {
        reading.error = appError('TARGET_LINES_LIMIT', {
          limit: this.#guard.limits.perTarget * LINES_FACTOR,
        });
        return reading;
      }
      if (
        entry === ENTRY.error ||
        (entry === ENTRY.series && !this.#sample(parser, body, scrape.time, reading))
      ) {
        const line = lineOf(body, parser.pos);
        reading.error ??= appError('EXPOSITION_INVALID', { line, why: parser.error }, { line });
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
      if (this.#isCurrent(guess) && seriesEndsAt(body, end)) {
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

  /** Whether a line's entry says all about it: dropped by a rule, or a series that the head still has. */
  #isCurrent(entry: number): boolean {
    const cache = this.#cache;
    if (cache.kind(entry) === CACHED.dropped) return true;
    const slot = cache.slot[entry] ?? -1;
    return slot >= 0 && this.#head.series.ref[slot] === cache.ref[entry];
  }

  /** Takes up a comment line: what it says about a metric, and its bytes for the next time. */
  #remember(parser: ExpositionParser, body: Uint8Array, start: number, entry: Entry): void {
    if (entry !== ENTRY.comment) this.#families.take(parser, entry);
    if (parser.pos > body.length || parser.pos - start > LONGEST_CACHED_LINE) return;
    let comment = this.#cache.find(body, start, parser.pos);
    if (comment < 0) comment = this.#cache.add(body, start, parser.pos, CACHED.comment);
    this.#present(comment);
  }

  #present(entry: number): void {
    if (entry < 0) return;
    this.#cache.seen[entry] = this.#iteration;
    this.#cache.follow(entry);
  }

  /** Takes up the sample that the parser stands on. @returns false when it must not be; the parser's error says why */
  #sample(parser: ExpositionParser, body: Uint8Array, scrapeTime: number, reading: Reading): boolean {
    const cache = this.#cache;
    const { ref } = this.#head.series;
    reading.scraped++;
    let entry = this.#entry;
    if (entry >= 0 && cache.kind(entry) === CACHED.dropped) {
      this.#present(entry);
      return true;
    }
    const known = entry >= 0 && (cache.seen[entry] ?? -1) >= this.#iteration - 1;
    let slot = entry < 0 ? -1 : (cache.slot[entry] ?? -1);
    if (slot < 0 || ref[slot] !== cache.ref[entry]) {
      const pairs = parser.pairs(true);
      if (pairs === null) return false;
      const found = this.#place(parser, pairs, reading);
      if (found === BROKEN) return false;
      if (found === REFUSED) return reading.error === null;
      slot = found;
      const length = parser.seriesEnd - parser.seriesStart;
      if (entry < 0 && length <= LONGEST_CACHED_LINE) {
        const kind = found === DROPPED ? CACHED.dropped : CACHED.series;
        entry = cache.add(body, parser.seriesStart, parser.seriesEnd, kind);
      }
      if (entry >= 0) {
        cache.slot[entry] = slot;
        cache.ref[entry] = this.#head.series.ref[slot] ?? -1;
      }
    }
    this.#present(entry);
    if (slot === DROPPED) return true;
    const ownTime = this.#spec.honorTimestamps && parser.hasTime;
    const accepted = this.#batch.addNumber(slot, ownTime ? parser.time : scrapeTime, parser.value);
    reading.kept++;
    const { perTarget } = this.#guard.limits;
    if (reading.kept > perTarget) return this.#overLimit(reading, scrapeTime, perTarget, false);
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

  /** The slot of a line that is not known: DROPPED by a rule, BROKEN, or REFUSED, with an error when the scrape must end. */
  #place(parser: ExpositionParser, pairs: ExposedPairs, reading: Reading): number {
    const verdict = this.#labels.sample(pairs);
    if (verdict.kind === 'dropped') return DROPPED;
    if (verdict.kind === 'refused') {
      reading.error = verdict.error;
      return REFUSED;
    }
    if (verdict.kind === 'twice') {
      parser.refuseTwice();
      return BROKEN;
    }
    const { labels } = verdict;
    const { share } = this.#guarded;
    const now = this.#clock.now();
    const most = this.#guard.limits.perTarget * CHURN_FACTOR;
    const isNearLimit = share.weight >= most || this.#guard.isAtLimit;
    if (isNearLimit && this.#head.series.find(labels) === undefined) {
      if (!this.#guard.admits(now)) return REFUSED;
      if (share.weight >= most && share.prune() >= most) {
        this.#overLimit(reading, now, most, true);
        return REFUSED;
      }
    }
    const slot = this.#head.ensure(labels);
    share.add(slot, this.#head.series.ref[slot] ?? -1, labels);
    return slot;
  }

  /**
   * Whether a target that was refused for the number of its series still has so many. Only its lines are counted, so
   * that refusing it again and again costs next to nothing.
   */
  #isStillOver(body: Uint8Array): boolean {
    const { refusal } = this.#guarded;
    if (refusal === null || refusal.churn || (this.#spec.metricRelabel ?? []).length > 0) return false;
    return hasMoreSamples(body, this.#guard.limits.perTarget);
  }

  /** Refuses the scrape because the target has too many series. @returns false */
  #overLimit(reading: Reading, at: number, limit: number, churn: boolean): false {
    this.#guarded.refusal = { at, limit, churn };
    reading.error = appError(churn ? 'TARGET_SERIES_CHURN' : 'TARGET_SERIES_LIMIT', { limit });
    return false;
  }
}

/** What {@link TargetScrapes} finds instead of a slot: nothing is to be stored, or nothing may be. */
const DROPPED = -1;
const REFUSED = -2;
const BROKEN = -3;

/** Whether a series part that ends at `end` is whole: `name` could go on, or have labels after blanks. */
function seriesEndsAt(body: Uint8Array, end: number): boolean {
  if (body[end - 1] === 0x7d) return true;
  let at = end;
  while (body[at] === 0x20 || body[at] === 0x09) at++;
  return at > end && body[at] !== 0x7b;
}
