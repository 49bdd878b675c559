import type { AreaHandlers, CallContext, EventPayload } from '#shared/contract/index.ts';
import type { LogEvent } from '#shared/contract/logs.ts';
import { earlierBy } from '#shared/domain/host-clock.ts';
import { ok } from '#shared/errors/index.ts';
import { type ClockHistory, clockHistories, type OffsetSource } from './clock-history.ts';
import type { Clock } from './platform/clock.ts';

/** The requests that tell when something happened. */
type Timelines = Pick<
  AreaHandlers<'logs'>,
  'logs.search' | 'logs.context' | 'logs.histogram' | 'logs.tail.start'
>;

/** Hosts whose lines are counted apart for one histogram; their offsets, the largest first. */
const MOST_APART = 8;
/** A live tail looks at the offsets again after so long. */
const TAIL_REFRESH_MS = 60_000;
/** Lines of a live tail are corrected when they were written no longer ago than this. */
const TAIL_REACH_MS = 3_600_000;
/** The most that a histogram may be asked for; the finer, the better shifted lines fall into their buckets. */
const MOST_BUCKETS = 500;

/**
 * Log lines of hosts whose clocks were off, with the time that this workstation's clock showed then. Corrected when it is read:
 * what is stored, searched and exported stays as it was written.
 */
export function correctedTimelines(handlers: Timelines, offsets: OffsetSource, clock: Clock): Timelines {
  const corrected = async (events: readonly LogEvent[], signal: AbortSignal): Promise<LogEvent[]> => {
    const hosts = new Set(events.filter(isStampedThere).map(({ host }) => host));
    if (hosts.size === 0) return [...events];
    const times = events.map(({ time }) => time);
    const span = { start: Math.min(...times), end: Math.max(...times) };
    const histories = await clockHistories(offsets, span, clock.now(), [...hosts], signal);
    return events.map((event) => withCorrection(event, histories.get(event.host)));
  };
  return {
    'logs.search': async (params, context) => {
      const found = await handlers['logs.search'](params, context);
      if (!found.ok) return found;
      return ok({ ...found.value, events: await corrected(found.value.events, context.signal) });
    },
    'logs.context': async (params, context) => {
      const found = await handlers['logs.context'](params, context);
      // Lines of several logs come in the order of their moments, each with the one it was placed by.
      if (!found.ok || (params.of ?? 'log') !== 'log') return found;
      return ok({ ...found.value, events: await corrected(found.value.events, context.signal) });
    },
    'logs.tail.start': async (params, context) => {
      const histories = await latestHistories(offsets, clock, context.closed);
      const emit: CallContext['emit'] = (event, payload) => {
        if (event !== 'logs.tail') return context.emit(event, payload);
        // The name of the event says which payload this is, which the checker cannot see.
        const batch = payload as EventPayload<'logs.tail'>;
        const known = histories();
        const events = batch.events.map((one) => withCorrection(one, known.get(one.host)));
        context.emit('logs.tail', { ...batch, events });
      };
      return handlers['logs.tail.start'](params, { ...context, emit });
    },
    'logs.histogram': async (params, context) => {
      const ask = handlers['logs.histogram'];
      if (params.corrected !== true) return ask(params, context);
      const { start, end } = params;
      const histories = await clockHistories(offsets, { start, end }, clock.now(), null, context.signal);
      const apart = [...histories]
        .map(([host, history]) => ({ host, history, offset: history.typical }))
        .sort((a, b) => Math.abs(b.offset) - Math.abs(a.offset))
        .slice(0, MOST_APART);
      if (apart.length === 0) return ask(params, context);
      const others = apart.map(({ host }) => `NOT ${hostIs(host)}`);
      const rest = await ask({ ...params, query: both(params.query ?? '', others.join(' ')) }, context);
      if (!rest.ok) return rest;
      const { bucketMs } = rest.value;
      const buckets = new Map(rest.value.buckets.map(({ time, counts }) => [time, { ...counts }]));
      for (const { host, history, offset } of apart) {
        const theirs = await ask(
          {
            ...params,
            query: both(params.query ?? '', hostIs(host)),
            start: start + offset,
            end: end + offset,
            buckets: MOST_BUCKETS,
          },
          context,
        );
        if (!theirs.ok) return theirs;
        for (const { time, counts } of theirs.value.buckets) {
          // The middle of the bucket stands for all lines in it.
          const middle = time + theirs.value.bucketMs / 2;
          const at = Math.floor(earlierBy(history.points, middle) / bucketMs) * bucketMs;
          if (at + bucketMs <= start || at >= end) continue;
          const into = buckets.get(at) ?? {};
          for (const [level, count] of Object.entries(counts) as [LogEvent['level'], number][])
            into[level] = (into[level] ?? 0) + count;
          buckets.set(at, into);
        }
      }
      const sorted = [...buckets].sort(([a], [b]) => a - b).map(([time, counts]) => ({ time, counts }));
      return ok({ bucketMs, buckets: sorted });
    },
  };
}

/**
 * The histories of the last hour for as long as something is followed. Whoever asks gets what is known at once: lines
 * come by the thousand a second and do not wait for a query; a look that is too old is renewed behind them.
 */
async function latestHistories(
  offsets: OffsetSource,
  clock: Clock,
  signal: AbortSignal,
): Promise<() => ReadonlyMap<string, ClockHistory>> {
  let known: ReadonlyMap<string, ClockHistory> = new Map();
  let lookedAt = 0;
  const look = async (): Promise<void> => {
    lookedAt = clock.monotonic();
    const now = clock.now();
    known = await clockHistories(offsets, { start: now - TAIL_REACH_MS, end: now }, now, null, signal);
  };
  await look();
  return () => {
    // What cannot be read leaves nothing to correct by; it never throws.
    if (!signal.aborted && clock.monotonic() - lookedAt >= TAIL_REFRESH_MS) void look();
    return known;
  };
}

/** A line that had no time got this workstation's. */
const isStampedThere = ({ flags }: LogEvent): boolean => !flags.includes('no_time');

function withCorrection(event: LogEvent, history: ClockHistory | undefined): LogEvent {
  if (history === undefined || !isStampedThere(event)) return event;
  const time = earlierBy(history.points, event.time);
  return time === event.time ? event : { ...event, correctedTime: Math.round(time) };
}

const hostIs = (host: string): string => `host:"${host.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

const both = (query: string, condition: string): string =>
  query.trim() === '' ? condition : `(${query}) ${condition}`;
