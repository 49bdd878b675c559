import type { LogEvent } from '#shared/contract/logs.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { eventId, LEVELS, type StoredLine, shownFlags } from '../model.ts';
import { type LineParser, type ParsedLine, parserCache } from '../parse/parser.ts';
import type { BlockHead, LineOrigin, StoreReader } from '../store/reader.ts';
import { changedLine, extraText, unparsed } from '../store/text-extra.ts';
import type { QueryNode } from './query.ts';
import { blockTerms, levelVerdict, matches } from './query-match.ts';
import { parseQuery } from './query-parser.ts';

/** What is searched for, and when. `start` is included, `end` too. */
export type SearchWindow = {
  readonly query: string;
  readonly start: number | undefined;
  readonly end: number | undefined;
};

/** Gives the thread a chance to hear a cancellation; rejects when there was one. */
export type Breath = () => Promise<void> | undefined;

/** Where an event stands in the order of a search. */
export type Place = { readonly time: number; readonly key: string; readonly offset: number };

/** An event found, not yet shown. */
export type Hit = Place & { readonly line: StoredLine; readonly origin: LineOrigin };

/** Newest first; of one millisecond, the later line of a file first. */
export function comparePlaces(a: Place, b: Place): number {
  if (a.time !== b.time) return b.time - a.time;
  if (a.key !== b.key) return a.key < b.key ? 1 : -1;
  return b.offset - a.offset;
}

/** The parts that all searches of a thread share. */
export type SearchTools = { readonly store: StoreReader; readonly parserOf: ReturnType<typeof parserCache> };

/** Makes the tools for a folder's store. */
export function searchTools(store: StoreReader): SearchTools {
  return { store, parserOf: parserCache() };
}

/** Makes an event that a client can read. */
export function showEvent(line: StoredLine, origin: LineOrigin, parser: LineParser): LogEvent {
  const raw = line.raw.toString('utf8');
  const parsed = changedLine(parser.parse(raw, line.time) ?? unparsed(raw), line.changes);
  return {
    id: eventId(origin.day, origin.fileKey, line.offset),
    time: line.time,
    level: LEVELS[line.level] ?? 'unknown',
    source: origin.sourceName,
    host: origin.host,
    message: parsed.message,
    fields: { ...parsed.fields },
    raw,
    flags: shownFlags(line.flags),
    stream: line.stream,
    tags: [...(line.changes?.tags ?? [])],
  };
}

/** Compares one line with a query. */
export function lineMatches(
  node: QueryNode,
  line: StoredLine,
  origin: LineOrigin,
  parser: LineParser,
): boolean {
  if (node.kind === 'all') return true;
  let text: string | null = null;
  let parsed: ParsedLine | null = null;
  const raw = (): string => line.raw.toString('utf8');
  return matches(node, {
    ...origin,
    level: line.level,
    lowerText: () => {
      if (text === null) {
        const own = raw();
        const more = extraText(own, line.changes, origin.format, parser);
        text = (more === '' ? own : `${own}\n${more}`).toLowerCase();
      }
      return text;
    },
    parsed: () => {
      parsed ??= changedLine(parser.parse(raw(), line.time) ?? unparsed(raw()), line.changes);
      return parsed;
    },
  });
}

/** One block that a search has to deal with. */
type Visit = {
  readonly head: BlockHead;
  /** Set when the columns alone say how many lines of each level match. */
  readonly counts: readonly number[] | null;
};

/** Calls back for every block that may hold matches; counting from the columns wherever they suffice. */
async function visit(
  tools: SearchTools,
  node: QueryNode,
  window: { readonly start: number; readonly end: number },
  breath: Breath,
  each: (visit: Visit) => Result<object>,
): Promise<Result<object>> {
  const days = tools.store.days();
  if (!days.ok) return days;
  const terms = blockTerms(node);
  for (const day of days.value) {
    const range = day.range();
    if (!range.ok) return range;
    if (range.value === null || range.value.maxTime < window.start || range.value.minTime > window.end)
      continue;
    const heads = day.heads(window.start, window.end, terms);
    if (!heads.ok) return heads;
    for (const head of heads.value) {
      const verdicts = head.levels.map((count, level) =>
        count === 0 ? false : levelVerdict(node, head.origin, level),
      );
      if (verdicts.every((one) => one === false)) continue;
      const whole = head.minTime >= window.start && head.maxTime <= window.end && !verdicts.includes(null);
      const counts = whole ? head.levels.map((count, level) => (verdicts[level] === true ? count : 0)) : null;
      const done = each({ head, counts });
      if (!done.ok) return done;
      await breath();
    }
    await breath();
  }
  return ok({});
}

function windowOf(window: SearchWindow): { start: number; end: number } {
  return { start: window.start ?? Number.MIN_SAFE_INTEGER, end: window.end ?? Number.MAX_SAFE_INTEGER };
}

/** Opens a block and gives each of its matching lines. */
function eachMatch(
  tools: SearchTools,
  node: QueryNode,
  head: BlockHead,
  window: { readonly start: number; readonly end: number },
  take: (line: StoredLine) => void,
): Result<object> {
  const lines = head.open();
  if (!lines.ok) return lines;
  const parser = tools.parserOf(head.origin.format);
  for (const line of lines.value) {
    if (line.time < window.start || line.time > window.end) continue;
    if (lineMatches(node, line, head.origin, parser)) take(line);
  }
  return ok({});
}

/** A page of a search. */
export type SearchPage = {
  readonly events: LogEvent[];
  readonly total: number;
  readonly cursor: string | null;
};

/** Finds the newest `limit` events after a cursor, and counts all. */
export async function search(
  tools: SearchTools,
  request: SearchWindow & { readonly limit: number; readonly cursor: string | undefined },
  breath: Breath,
): Promise<Result<SearchPage>> {
  const node = parseQuery(request.query);
  if (!node.ok) return node;
  const after = request.cursor === undefined ? null : readCursor(request.cursor);
  if (request.cursor !== undefined && after === null) return err(appError('LOG_CURSOR_INVALID'));
  const window = windowOf(request);
  // With a cursor the total is known, so blocks that are wholly newer need no look.
  const top = new TopHits(request.limit);
  let total = 0;
  const limited = after === null ? window : { ...window, end: Math.min(window.end, after.place.time) };
  const done = await visit(tools, node.value, limited, breath, ({ head, counts }) => {
    const useless = top.excludes(head.maxTime);
    if (after !== null && useless) return ok({});
    if (counts !== null && useless) {
      total += counts.reduce((sum, count) => sum + count, 0);
      return ok({});
    }
    return eachMatch(tools, node.value, head, limited, (line) => {
      const place = { time: line.time, key: head.origin.fileKey, offset: line.offset };
      if (after !== null && comparePlaces(place, after.place) <= 0) return;
      total += 1;
      top.offer({ ...place, line, origin: head.origin });
    });
  });
  if (!done.ok) return done;
  const hits = top.sorted();
  const last = hits[hits.length - 1];
  const fullTotal = after?.total ?? total;
  const shown = (after?.shown ?? 0) + hits.length;
  return ok({
    events: hits.map((hit) => showEvent(hit.line, hit.origin, tools.parserOf(hit.origin.format))),
    total: fullTotal,
    cursor:
      last === undefined || hits.length < request.limit || shown >= fullTotal
        ? null
        : writeCursor({ place: last, total: fullTotal, shown }),
  });
}

/** Counts all events that match. */
export async function count(
  tools: SearchTools,
  request: SearchWindow,
  breath: Breath,
): Promise<Result<{ readonly total: number }>> {
  const node = parseQuery(request.query);
  if (!node.ok) return node;
  const window = windowOf(request);
  let total = 0;
  const done = await visit(tools, node.value, window, breath, ({ head, counts }) => {
    if (counts === null)
      return eachMatch(tools, node.value, head, window, () => {
        total += 1;
      });
    total += counts.reduce((sum, one) => sum + one, 0);
    return ok({});
  });
  return done.ok ? ok({ total }) : done;
}

/** Counts per bucket and level; `counts[level]` by the level's number. */
export type HistogramBucket = { readonly time: number; readonly counts: number[] };

/** Widths that people read easily. */
const WIDTHS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 10e3, 15e3, 30e3, 60e3, 120e3, 300e3, 600e3, 900e3,
  1800e3, 3600e3, 7200e3, 10800e3, 21600e3, 43200e3, 86400e3, 172800e3, 604800e3,
];

/** The bucket width for a window: the smallest readable one that needs no more than `buckets`. */
export function bucketWidth(start: number, end: number, buckets: number): number {
  const least = Math.max(1, (end - start) / buckets);
  const readable = WIDTHS.find((width) => width >= least);
  return readable ?? Math.ceil(least / 604800e3) * 604800e3;
}

/** Counts events per bucket and level. Buckets start at multiples of the width (UTC); all of them are given. */
export async function histogram(
  tools: SearchTools,
  request: { readonly query: string; readonly start: number; readonly end: number; readonly buckets: number },
  breath: Breath,
): Promise<Result<{ readonly bucketMs: number; readonly buckets: readonly HistogramBucket[] }>> {
  const node = parseQuery(request.query);
  if (!node.ok) return node;
  if (request.end < request.start)
    return err(
      appError('BAD_INPUT', { method: 'logs.histogram', field: 'end', why: '< start' }, { field: 'end' }),
    );
  const width = bucketWidth(request.start, request.end, request.buckets);
  const first = Math.floor(request.start / width);
  const buckets: HistogramBucket[] = [];
  for (let index = first; index * width <= request.end; index += 1)
    buckets.push({ time: index * width, counts: LEVELS.map(() => 0) });
  const add = (time: number, level: number, n: number): void => {
    const bucket = buckets[Math.floor(time / width) - first];
    if (bucket) bucket.counts[level] = (bucket.counts[level] ?? 0) + n;
  };
  const done = await visit(tools, node.value, request, breath, ({ head, counts }) => {
    if (counts !== null && Math.floor(head.minTime / width) === Math.floor(head.maxTime / width)) {
      counts.forEach((n, level) => {
        add(head.minTime, level, n);
      });
      return ok({});
    }
    return eachMatch(tools, node.value, head, request, (line) => add(line.time, line.level, 1));
  });
  return done.ok ? ok({ bucketMs: width, buckets }) : done;
}

/** Keeps the newest hits of all offered, in bounded memory. */
class TopHits {
  readonly #limit: number;
  #hits: Hit[] = [];
  #worst: Hit | null = null;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether events up to this time cannot get in any more. */
  excludes(maxTime: number): boolean {
    return this.#worst !== null && maxTime < this.#worst.time;
  }

  offer(hit: Hit): void {
    if (this.#worst !== null && comparePlaces(hit, this.#worst) > 0) return;
    this.#hits.push(hit);
    // Sorting once in a while is cheaper than a heap for the almost sorted order in which hits come.
    if (this.#hits.length >= this.#limit * 2 + 64) this.#trim();
  }

  sorted(): readonly Hit[] {
    this.#trim();
    return this.#hits;
  }

  #trim(): void {
    this.#hits.sort(comparePlaces);
    this.#hits.length = Math.min(this.#hits.length, this.#limit);
    if (this.#hits.length === this.#limit) this.#worst = this.#hits[this.#limit - 1] ?? null;
  }
}

type Cursor = { readonly place: Place; readonly total: number; readonly shown: number };

function writeCursor(cursor: Cursor): string {
  const { place, total, shown } = cursor;
  return Buffer.from(JSON.stringify([place.time, place.key, place.offset, total, shown])).toString(
    'base64url',
  );
}

function readCursor(text: string): Cursor | null {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    // Not JSON: the caller says that the cursor is not valid.
    return null;
  }
  if (!Array.isArray(value)) return null;
  const [time, key, offset, total, shown] = value as unknown[];
  if (typeof time !== 'number' || typeof key !== 'string' || typeof offset !== 'number') return null;
  if (typeof total !== 'number' || typeof shown !== 'number') return null;
  return { place: { time, key, offset }, total, shown };
}
