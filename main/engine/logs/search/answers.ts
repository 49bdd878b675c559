import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { SearchAnswers, SearchCall, SearchProgress } from '../messages.ts';
import { compileQuery } from './compile.ts';
import { context } from './context.ts';
import { type CollectorSpec, certainEvents, daysWithin, type Helper, scanAll } from './coordinator.ts';
import { countCollector, histogramCollector } from './count.ts';
import type { SearchTools } from './events.ts';
import { fieldsCollector } from './field-collector.ts';
import { pageCollector, readCursor, writeCursor } from './page.ts';
import { patternsCollector } from './pattern-collector.ts';
import type { Breath, Collector, TimeRange } from './scan.ts';

/** Tells how far a search is; `make` is called only when it is time to tell. */
export type Tell = (make: () => SearchProgress) => void;

type Answer<M extends SearchCall['method']> = Promise<Result<SearchAnswers[M]>>;

/** Answers one call of the search thread. @param helper another thread that takes half of long searches */
export async function answerCall<M extends SearchCall['method']>(
  tools: SearchTools,
  request: Extract<SearchCall, { readonly method: M }>,
  means: { readonly helper?: Helper | null; readonly breath?: Breath; readonly tell?: Tell } = {},
): Answer<M> {
  const { helper = null, breath = () => undefined, tell = () => undefined } = means;
  // Each method gives its own answer; the pairs stand in SearchCall and SearchAnswers.
  return (await answerOf(tools, request, helper, breath, tell)) as Result<SearchAnswers[M]>;
}

const ALL: TimeRange = { start: Number.MIN_SAFE_INTEGER, end: Number.MAX_SAFE_INTEGER };

async function answerOf(
  tools: SearchTools,
  request: SearchCall,
  helper: Helper | null,
  breath: Breath,
  tell: Tell,
): Answer<SearchCall['method']> {
  if (request.method === 'context') return context(tools, request, breath);
  const node = compileQuery(request.query);
  if (!node.ok) return node;
  const asked: TimeRange = { start: request.start ?? ALL.start, end: request.end ?? ALL.end };
  const scan = (
    spec: CollectorSpec,
    collector: Collector,
    range: TimeRange = asked,
  ): Promise<Result<object>> => {
    const certain = certainEvents(collector);
    return scanAll(
      tools,
      { query: request.query, node: node.value, range, spec },
      collector,
      helper,
      breath,
      (share, frontier) => tell(() => ({ share, found: collector.found(), events: [...certain(frontier)] })),
    );
  };
  switch (request.method) {
    case 'search':
      return searchPage(request, asked, scan);
    case 'count': {
      const collector = countCollector();
      const done = await scan({ kind: 'count' }, collector as Collector);
      return done.ok ? ok({ total: collector.total() }) : done;
    }
    case 'histogram': {
      const { start, end, buckets } = request;
      if (end < start)
        return err(
          appError('BAD_INPUT', { method: 'logs.histogram', field: 'end', why: '< start' }, { field: 'end' }),
        );
      const collector = histogramCollector(request);
      const done = await scan({ kind: 'histogram', start, end, buckets }, collector as Collector);
      return done.ok ? ok({ bucketMs: collector.bucketMs, buckets: collector.buckets() }) : done;
    }
    case 'fields': {
      const collector = fieldsCollector(request);
      const { fields, top } = request;
      const done = await scan({ kind: 'fields', fields, top }, collector as Collector);
      return done.ok ? ok(collector.answer()) : done;
    }
    case 'patterns': {
      const days = await daysWithin(tools, asked, breath);
      if (!days.ok) return days;
      const range = {
        start: Math.max(asked.start, Math.min(...days.value.map(({ minTime }) => minTime))),
        end: Math.min(asked.end, Math.max(...days.value.map(({ maxTime }) => maxTime))),
      };
      const collector = patternsCollector(range);
      const done = await scan({ kind: 'patterns', ...range }, collector as Collector);
      return done.ok ? ok(collector.answer()) : done;
    }
  }
}

async function searchPage(
  request: Extract<SearchCall, { readonly method: 'search' }>,
  asked: TimeRange,
  scan: (spec: CollectorSpec, collector: Collector, range?: TimeRange) => Promise<Result<object>>,
): Answer<SearchCall['method']> {
  const cursor = readCursor(request.cursor);
  if (!cursor.ok) return cursor;
  const before = cursor.value;
  // With a cursor that knows the total, blocks that are wholly older than the page need no look.
  const counts = request.count === 'wait' && before?.exact !== true;
  const { limit } = request;
  const after = before?.place ?? null;
  const spec = { kind: 'page', limit, after, counts } as const;
  const collector = pageCollector(spec);
  const range = after === null ? asked : { ...asked, end: Math.min(asked.end, after.time) };
  const done = await scan(spec, collector as Collector, range);
  if (!done.ok) return done;
  const hits = collector.events();
  const last = hits[hits.length - 1];
  const shown = (before?.shown ?? 0) + hits.length;
  const isLast = hits.length < limit;
  const exact = before?.exact === true || counts || isLast;
  const counted = (before?.shown ?? 0) + collector.found();
  const total = before?.exact === true ? before.total : Math.max(before?.total ?? 0, counted, shown);
  return ok({
    events: hits.map(({ event }) => event),
    total,
    exact,
    cursor:
      last === undefined || isLast || (exact && shown >= total)
        ? null
        : writeCursor({ place: last, total, exact, shown }),
  });
}
