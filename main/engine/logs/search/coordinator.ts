import type { LogEvent } from '#shared/contract/logs.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import type { DayReader } from '../store/day-reader.ts';
import type { DayTimes } from '../store/day-state.ts';
import type { CompiledNode } from './compile.ts';
import { countCollector, histogramCollector } from './count.ts';
import type { Place, SearchTools } from './events.ts';
import { fieldsCollector } from './field-collector.ts';
import { type PageCollector, pageCollector } from './page.ts';
import { patternsCollector } from './pattern-collector.ts';
import { type Breath, type Collector, planDay, scanDay, type TimeRange } from './scan.ts';

/** What is collected, as plain data that crosses threads. */
export type CollectorSpec =
  | {
      readonly kind: 'page';
      readonly limit: number;
      readonly after: Place | null;
      readonly counts: boolean;
    }
  | { readonly kind: 'count' }
  | { readonly kind: 'histogram'; readonly start: number; readonly end: number; readonly buckets: number }
  | { readonly kind: 'fields'; readonly fields: readonly string[] | null; readonly top: number }
  | { readonly kind: 'patterns'; readonly start: number; readonly end: number };

/** Makes the collector of a specification. */
export function makeCollector(spec: CollectorSpec): Collector {
  switch (spec.kind) {
    case 'page':
      // Each collector takes back only partials of its own kind; the coordinator and its helper make the same one.
      return pageCollector(spec) as Collector;
    case 'count':
      return countCollector() as Collector;
    case 'histogram':
      return histogramCollector(spec) as Collector;
    case 'fields':
      return fieldsCollector(spec) as Collector;
    case 'patterns':
      return patternsCollector(spec) as Collector;
  }
}

/** One scan over all days. */
export type ScanRequest = {
  readonly query: string;
  readonly range: TimeRange;
};

/** Another thread that takes half of the blocks of a day. */
export type Helper = {
  /**
   * Scans a part of a day.
   *
   * @param partial told what was found since the last time, and up to which time nothing newer can come
   */
  readonly scanDay: (
    order: {
      readonly day: string;
      readonly query: string;
      readonly range: TimeRange;
      readonly spec: CollectorSpec;
      readonly lastBlock: number;
    },
    partial: (found: unknown, frontier: number) => void,
  ) => Promise<Result<object>>;
  /** Tells the helper to give up what it does for this search. */
  readonly cancel: () => void;
};

/** How far a scan is. */
export type ScanProgress = (share: number, frontier: number) => void;

/** A day with less to look at is not worth waking another thread for. */
const ALONE_BLOCKS = 48;

/** Gives a collector all matches of all days, newest first as far as days go. */
export async function scanAll(
  tools: SearchTools,
  request: ScanRequest & { readonly node: CompiledNode; readonly spec: CollectorSpec },
  collector: Collector,
  helper: Helper | null,
  breath: Breath,
  progress: ScanProgress,
): Promise<Result<object>> {
  const { query, range, node, spec } = request;
  const days = await daysWithin(tools, range, breath);
  if (!days.ok) return days;
  const all = days.value;
  for (const [index, { day, maxTime }] of all.entries()) {
    if (collector.isDone(maxTime)) break;
    // Deleted by retention since this search began.
    if (!day.isOpen) continue;
    const plan = planDay(day, node, range);
    if (!plan.ok) return plan;
    const next = all[index + 1]?.maxTime ?? Number.NEGATIVE_INFINITY;
    const { lastBlock } = plan.value;
    const shared = helper !== null && plan.value.heads.length > ALONE_BLOCKS;
    let other = shared ? (plan.value.heads[0]?.maxTime ?? 0) : Number.NEGATIVE_INFINITY;
    let share = index / all.length;
    let frontier = maxTime;
    const tell = (): void => progress(share, Math.max(frontier, other, next));
    const helped = shared
      ? helper.scanDay({ day: day.day, query, range, spec, lastBlock }, (found, at) => {
          other = at;
          collector.merge(found);
          tell();
        })
      : null;
    const part = { index: 0, of: shared ? 2 : 1, lastBlock };
    const own = await scanDay(tools, plan.value, { node, range, part }, collector, breath, (done, of, at) => {
      share = (index + done / Math.max(1, of)) / all.length;
      frontier = at;
      tell();
    }).catch((thrown: unknown) => {
      helper?.cancel();
      throw thrown;
    });
    if (!own.ok) {
      helper?.cancel();
      return own;
    }
    frontier = Number.NEGATIVE_INFINITY;
    if (helped !== null) {
      const outcome = await waitFor(helped, breath, helper);
      if (!outcome.ok) return outcome;
      other = Number.NEGATIVE_INFINITY;
    }
    share = (index + 1) / all.length;
    tell();
    // Where the index names no block, nothing else hears a cancellation.
    const pause = breath();
    if (pause !== undefined) await pause;
  }
  return ok({});
}

/** Waits for the helper, and hears a cancellation meanwhile. */
async function waitFor(
  helped: Promise<Result<object>>,
  breath: Breath,
  helper: Helper | null,
): Promise<Result<object>> {
  let outcome: Result<object> | null = null;
  const settled = helped.then((value) => {
    outcome = value;
  });
  while (outcome === null) {
    await Promise.race([
      settled,
      new Promise((resolve) => {
        setTimeout(resolve, 20);
      }),
    ]);
    try {
      await breath();
    } catch (thrown) {
      helper?.cancel();
      throw thrown;
    }
  }
  return outcome;
}

/** A day that overlaps a range of times. */
export type DayWithin = DayTimes & { readonly day: DayReader };

/** The days that overlap a range of times, those with the newest events first. */
export async function daysWithin(
  tools: SearchTools,
  range: TimeRange,
  breath: Breath,
): Promise<Result<readonly DayWithin[]>> {
  const within: DayWithin[] = [];
  for (const name of tools.store.names()) {
    const day = tools.store.day(name);
    if (!day.ok) return day;
    const held = day.value?.times() ?? ok(null);
    if (!held.ok) return held;
    if (day.value !== null && held.value !== null && overlaps(held.value, range))
      within.push({ day: day.value, ...held.value });
    // The first search opens the files, which takes about a millisecond each.
    const pause = breath();
    if (pause !== undefined) await pause;
  }
  return ok(within.sort((a, b) => b.maxTime - a.maxTime));
}

function overlaps({ minTime, maxTime }: DayTimes, { start, end }: TimeRange): boolean {
  return maxTime >= start && minTime <= end;
}

/** Tells what a page is certain to show, as it becomes certain. */
export function certainEvents(collector: Collector): (frontier: number) => readonly LogEvent[] {
  const page = collector as Partial<PageCollector>;
  return (frontier) => page.certain?.(frontier) ?? [];
}
