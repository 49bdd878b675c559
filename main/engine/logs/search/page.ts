import type { LogEvent } from '#shared/contract/logs.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { lineOf } from '../store/block.ts';
import type { LineOrigin } from '../store/heads.ts';
import { readCursorText, writeCursorText } from './cursor-text.ts';
import { comparePlaces, type Place, showEvent } from './events.ts';
import type { Collector } from './scan.ts';

/** An event found; shown only when it is certain to be on the page. */
type Hit = Place & { readonly show: () => LogEvent };

/** Found events as they cross threads. */
export type PagePartial = {
  readonly hits: readonly (Place & { readonly event: LogEvent })[];
  readonly total: number;
};

/** What a cursor holds: the last event shown, how many were shown, and how many there are as far as it was counted. */
export type Cursor = {
  readonly place: Place;
  readonly total: number;
  readonly exact: boolean;
  readonly shown: number;
};

/** Collects the newest events after a cursor. */
export type PageCollector = Collector<PagePartial> & {
  /** Newest first. */
  readonly events: () => readonly (Place & { readonly event: LogEvent })[];
  /** The page is as full as it gets, and nothing newer than `frontier` can come any more. */
  readonly certain: (frontier: number) => readonly LogEvent[];
  readonly isFull: () => boolean;
};

/**
 * Keeps the newest `limit` matches, in bounded memory.
 *
 * @param counts whether matches that are too old for the page are counted
 */
export function pageCollector(request: {
  readonly limit: number;
  readonly after: Place | null;
  readonly counts: boolean;
}): PageCollector {
  const { limit, after, counts } = request;
  const hits: Hit[] = [];
  let worst: Hit | null = null;
  let total = 0;
  let toldTotal = 0;
  let told = new Set<string>();
  let certainShown = 0;

  const trim = (): void => {
    hits.sort(comparePlaces);
    hits.length = Math.min(hits.length, limit);
    worst = hits.length === limit ? (hits[limit - 1] ?? null) : null;
  };
  const offer = (hit: Hit): void => {
    if (worst !== null && comparePlaces(hit, worst) > 0) return;
    hits.push(hit);
    // Sorting once in a while is cheaper than a heap for the almost sorted order in which hits come.
    if (hits.length >= limit * 2 + 64) trim();
  };
  const excludes = (maxTime: number): boolean => {
    if (worst === null && hits.length >= limit) trim();
    return worst !== null && maxTime < worst.time;
  };
  const shown = (hit: Hit): Place & { readonly event: LogEvent } => {
    const { time, key, offset } = hit;
    return { time, key, offset, event: hit.show() };
  };
  return {
    wants: (head, known) => {
      if (!excludes(head.maxTime)) return true;
      return counts && known === null;
    },
    counted: (_head, known) => {
      for (const count of known) total += count;
    },
    take: ({ columns, i, head, parser }) => {
      const time = columns.times[i] ?? 0;
      const place = { time, key: head.origin.fileKey, offset: columns.offsets[i] ?? 0 };
      if (after !== null && comparePlaces(place, after) <= 0) return;
      total += 1;
      if (worst !== null && comparePlaces(place, worst) > 0) return;
      const line = lineOf(columns, i);
      // A copy, because the line would keep its whole block in memory.
      const kept = { ...line, raw: Buffer.from(line.raw) };
      const origin: LineOrigin = head.origin;
      offer({ ...place, show: () => showEvent(kept, origin, parser) });
    },
    isDone: (maxTime) => !counts && excludes(maxTime),
    partial: () => {
      trim();
      const fresh = hits.filter((hit) => !told.has(`${hit.key} ${hit.offset} ${hit.time}`));
      told = new Set(hits.map((hit) => `${hit.key} ${hit.offset} ${hit.time}`));
      const more = total - toldTotal;
      toldTotal = total;
      return { hits: fresh.map(shown), total: more };
    },
    merge: (partial) => {
      total += partial.total;
      for (const { event, ...place } of partial.hits) offer({ ...place, show: () => event });
    },
    found: () => total,
    events: () => {
      trim();
      return hits.map(shown);
    },
    certain: (frontier) => {
      trim();
      const certain = hits.filter((hit) => hit.time > frontier);
      const fresh = certain.slice(certainShown).map((hit) => hit.show());
      certainShown = Math.max(certainShown, certain.length);
      return fresh;
    },
    isFull: () => {
      trim();
      return worst !== null;
    },
  };
}

/** Writes a cursor as a short text. */
export function writeCursor(cursor: Cursor): string {
  const { place, total, exact, shown } = cursor;
  return writeCursorText([place.time, place.key, place.offset, total, shown, exact ? 1 : 0]);
}

/** Reads a cursor back. @returns LOG_CURSOR_INVALID when it is none */
export function readCursor(text: string | undefined): Result<Cursor | null> {
  if (text === undefined) return ok(null);
  const invalid = err(appError('LOG_CURSOR_INVALID'));
  const value = readCursorText(text);
  if (value === null) return invalid;
  const [time, key, offset, total, shown, exact] = value;
  if (typeof time !== 'number' || typeof key !== 'string' || typeof offset !== 'number') return invalid;
  if (typeof total !== 'number' || typeof shown !== 'number') return invalid;
  return ok({ place: { time, key, offset }, total, exact: exact === 1, shown });
}
