import { type SeriesLimits, seriesLimitsSchema } from '#shared/contract/metrics-usage.ts';
import type { Labels } from '#shared/domain/labels.ts';
import { type AppError, appError } from '#shared/errors/index.ts';
import type { Head } from './head.ts';
import type { SettingStore } from './settings.ts';

/** Far above what an exporter of one host gives (about 1,000), and within the memory of a workstation. */
const DEFAULT_SERIES_LIMITS: SeriesLimits = { perTarget: 50_000, total: 2_000_000 };

const SETTING = 'metrics.limits';

/** What was set last, or the defaults. */
export function readSeriesLimits(store: SettingStore | undefined): SeriesLimits {
  const text = store?.get(SETTING) ?? null;
  const read = seriesLimitsSchema.safeParse(text === null ? null : JSON.parse(text));
  return read.success ? read.data : DEFAULT_SERIES_LIMITS;
}

/** Keeps limits over restarts. */
export function writeSeriesLimits(store: SettingStore | undefined, limits: SeriesLimits): void {
  store?.set(SETTING, JSON.stringify(limits));
}

/**
 * A target may have this many times its limit in the head, which holds two to three hours: names that change at every
 * scrape must end somewhere, while a new version of a program that renames all its series must not be refused.
 */
export const CHURN_FACTOR = 4;

/**
 * Lines of one scrape, comments and samples that a rule drops included, per series that a target may have: reading them
 * takes the engine's time, whatever is stored of them.
 */
export const LINES_FACTOR = 4;

/** Text of one series' labels, in UTF-16 units. Prometheus has no bound here; what is longer is no label. */
export const MOST_LABEL_TEXT = 65_536;

/** A series with much text counts as several: once for each beginning KiB, so that a limit of series bounds memory. */
function weightOf(labels: Labels): number {
  let length = 0;
  for (const text of labels) length += text.length;
  return Math.ceil(length / 1024);
}

/** The text of a label set, as {@link MOST_LABEL_TEXT} counts it. */
export function labelText(labels: Labels): number {
  let length = 0;
  for (const text of labels) length += text.length;
  return length;
}

/**
 * The series that one target has in the head, twelve bytes each. Series that the head has forgotten, and those that were
 * noted twice, are only taken off when it matters.
 */
class SeriesShare {
  readonly #head: Head;
  #slots = new Int32Array(64);
  #refs = new Float64Array(64);
  #count = 0;
  #weight = 0;

  constructor(head: Head) {
    this.#head = head;
  }

  /** Series by weight, among them some that {@link prune} may take off. */
  get weight(): number {
    return this.#weight;
  }

  /** Notes a series that a line of the target was found to be. */
  add(slot: number, ref: number, labels: Labels): void {
    if (this.#count === this.#slots.length) {
      const slots = new Int32Array(this.#count * 2);
      slots.set(this.#slots);
      this.#slots = slots;
      const refs = new Float64Array(this.#count * 2);
      refs.set(this.#refs);
      this.#refs = refs;
    }
    this.#slots[this.#count] = slot;
    this.#refs[this.#count] = ref;
    this.#count++;
    this.#weight += weightOf(labels);
  }

  /** Takes off what the head has forgotten and what is there twice. @returns the weight that is left */
  prune(): number {
    const { series } = this.#head;
    const seen = new Set<number>();
    let kept = 0;
    this.#weight = 0;
    for (let i = 0; i < this.#count; i++) {
      const slot = this.#slots[i] ?? -1;
      const ref = this.#refs[i] ?? -1;
      if (series.ref[slot] !== ref || seen.has(ref)) continue;
      seen.add(ref);
      this.#slots[kept] = slot;
      this.#refs[kept] = ref;
      kept++;
      this.#weight += weightOf(series.labels(slot));
    }
    this.#count = kept;
    return this.#weight;
  }

  /** Series there are, and how many of them have a number above `since`. */
  count(since: number): { readonly series: number; readonly fresh: number } {
    this.prune();
    let fresh = 0;
    for (let i = 0; i < this.#count; i++) if ((this.#refs[i] ?? 0) > since) fresh++;
    return { series: this.#count, fresh };
  }
}

/** A moment, and the number of the newest series there was. */
type AgeMark = { readonly time: number; readonly ref: number };

const HOUR_MS = 3_600_000;

/** Knows which series are new: their numbers only grow, so one number a minute tells when each was made. */
class SeriesAges {
  readonly #head: Head;
  #marks: AgeMark[] = [];

  constructor(head: Head, now: number) {
    this.#head = head;
    this.mark(now);
  }

  /** Notes what the newest series is; called now and then. */
  mark(now: number): void {
    let ref = this.#marks.at(-1)?.ref ?? 0;
    const { ref: refs } = this.#head.series;
    for (const slot of this.#head.series.slots()) ref = Math.max(ref, refs[slot] ?? 0);
    // Marks of a later time are of a clock that was set back since.
    this.#marks = this.#marks.filter(({ time }) => time < now);
    const old = this.#marks.findLastIndex(({ time }) => time <= now - HOUR_MS);
    this.#marks = [...this.#marks.slice(Math.max(0, old)), { time: now, ref }];
  }

  /** The last mark at or before a time, or the first one there is. */
  before(time: number): AgeMark {
    const found = this.#marks.findLast((mark) => mark.time <= time) ?? this.#marks[0];
    return found ?? { time, ref: 0 };
  }
}

/** Why a target's last scrape was refused: it had more than `limit`. */
export type TargetRefusal = { readonly at: number; readonly limit: number; readonly churn: boolean };

/** A target as the guard sees it. */
export type GuardedTarget = {
  readonly labels: Readonly<Record<string, string>>;
  readonly share: SeriesShare;
  refusal: TargetRefusal | null;
};

/** Keeps the number of series within the limits, and knows who has how many. */
export class SeriesGuard {
  readonly #head: Head;
  readonly #targets = new Set<GuardedTarget>();
  limits: SeriesLimits;
  /** New series that were not taken since the site's limit was reached, and when that last happened. */
  refused = 0;
  refusedAt = Number.NEGATIVE_INFINITY;

  readonly ages: SeriesAges;

  constructor(head: Head, limits: SeriesLimits, now: number) {
    this.#head = head;
    this.limits = limits;
    this.ages = new SeriesAges(head, now);
  }

  get targets(): Iterable<GuardedTarget> {
    return this.#targets;
  }

  /** Enters a target. */
  join(labels: Readonly<Record<string, string>>): GuardedTarget {
    const target: GuardedTarget = { labels, share: new SeriesShare(this.#head), refusal: null };
    this.#targets.add(target);
    return target;
  }

  /** Takes a target off that is no longer scraped. */
  leave(target: GuardedTarget): void {
    this.#targets.delete(target);
  }

  /** Whether the site has as many series as it may have. */
  get isAtLimit(): boolean {
    return this.#head.series.size >= this.limits.total;
  }

  /** Whether one more series may be made at `now`; a refusal is counted. */
  admits(now: number): boolean {
    if (!this.isAtLimit) return true;
    this.refused = this.isFull(now) ? this.refused + 1 : 1;
    this.refusedAt = now;
    return false;
  }

  /** What the operator must know now. */
  problems(now: number): readonly AppError[] {
    if (!this.isFull(now)) return [];
    return [appError('SERIES_LIMIT_REACHED', { limit: this.limits.total })];
  }

  /** Whether new series were refused a short while ago. */
  isFull(now: number): boolean {
    return now - this.refusedAt < FULL_FOR_MS;
  }
}

/** The slowest targets are scraped about this often, so a limit that still holds shows again within it. */
const FULL_FOR_MS = 10 * 60_000;
