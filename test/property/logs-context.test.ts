import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import type { LogContextScope, LogEvent } from '#shared/contract/logs.ts';
import { type ClockPoints, earlierBy } from '#shared/domain/host-clock.ts';
import { Ingest } from '../../main/engine/logs/ingest/ingest.ts';
import type { ContextCall, HostClock } from '../../main/engine/logs/messages.ts';
import { parseEventId } from '../../main/engine/logs/model.ts';
import { answerCall } from '../../main/engine/logs/search/answers.ts';
import { clockShifts } from '../../main/engine/logs/search/clock-shift.ts';
import { gatherInTime } from '../../main/engine/logs/search/context-time.ts';
import { daysWithin } from '../../main/engine/logs/search/coordinator.ts';
import { searchTools } from '../../main/engine/logs/search/events.ts';
import { StoreReader } from '../../main/engine/logs/store/reader.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

/**
 * The lines around an event are compared with all lines of the store, put into order at once: through blocks and pending lines,
 * rotations, midnight, equal times, lines without a time, and clocks that are off, drift and are set.
 */

const MINUTE = 60_000;
const MIDNIGHT = Date.UTC(2026, 10, 21);
const NOW = MIDNIGHT + 3 * 60 * MINUTE;
const HOSTS = ['a', 'b', 'c'];
const ALL = { start: Number.MIN_SAFE_INTEGER, end: Number.MAX_SAFE_INTEGER };

type Log = {
  readonly host: string;
  readonly count: number;
  readonly start: number;
  readonly step: number;
  readonly timeless: boolean;
  readonly rotates: boolean;
};

const log: fc.Arbitrary<Log> = fc.record({
  host: fc.constantFrom(...HOSTS),
  count: fc.constantFrom(1, 600, 1100),
  start: fc.integer({ min: -MINUTE, max: MINUTE / 4 }),
  step: fc.constantFrom(0, 1, 40, 100),
  timeless: fc.constantFrom(false, false, true),
  rotates: fc.boolean(),
});

/** Right, constantly off, drifting, or set once; measured every minute for some hours. */
const clockPoints: fc.Arbitrary<ClockPoints> = fc
  .record({
    offset: fc.integer({ min: -3 * MINUTE, max: 3 * MINUTE }),
    kind: fc.constantFrom('constant', 'drifts', 'set'),
  })
  .map(({ offset, kind }) =>
    Array.from({ length: 480 }, (_, index) => {
      const at = MIDNIGHT + (index - 240) * MINUTE;
      const factor = kind === 'constant' ? 1 : kind === 'drifts' ? index / 480 : index < 240 ? 1 : 0;
      return { at, offsetMs: offset * factor };
    }),
  );

const world = fc.record({
  logs: fc.array(log, { minLength: 2, maxLength: 3 }),
  clocks: fc.uniqueArray(fc.record({ host: fc.constantFrom(...HOSTS), points: clockPoints }), {
    selector: ({ host }) => host,
    maxLength: 2,
  }),
  of: fc.constantFrom<LogContextScope>('log', 'host', 'all', 'all'),
  hit: fc.nat(),
  page: fc.integer({ min: 100, max: 400 }),
  few: fc.integer({ min: 1, max: 30 }),
  mostBlocks: fc.integer({ min: 1, max: 5 }),
});

let opened: StoreReader | null = null;
afterEach(() => opened?.close());

/** The text of a log's lines; they go back a little now and then, and every tenth has no time. */
function textOf({ count, start, step, timeless }: Log, part: number, parts: number): string {
  const from = Math.floor((count * part) / parts);
  const to = Math.floor((count * (part + 1)) / parts);
  return Array.from({ length: to - from }, (_, index) => {
    const n = from + index;
    const time = MIDNIGHT + start + n * step - (n % 7 === 3 ? 5 * step : 0);
    if (timeless || n % 10 === 9) return `\tat line ${n}\n`;
    return `${new Date(time).toISOString()} INFO line ${n}\n`;
  }).join('');
}

async function store(root: string, logs: readonly Log[]): Promise<StoreReader> {
  const folder = join(root, 'logs');
  mkdirSync(folder, { recursive: true });
  const ingest = new Ingest({
    folder,
    clock: { now: () => NOW, monotonic: () => 0 },
    tell: () => undefined,
    breathe: () => Promise.resolve(true),
  });
  const path = (index: number): string => join(root, `${index}.log`);
  ingest.setSources(
    logs.map(({ host }, index) => ({
      ...{ id: `s${index}`, name: `log ${index}`, path: path(index), format: 'auto', host },
      ...{ zone: 'UTC', from: 'beginning' as const },
    })),
  );
  logs.forEach((one, index) => {
    writeFileSync(path(index), textOf(one, 0, one.rotates ? 2 : 1));
  });
  await ingest.sync();
  logs.forEach((one, index) => {
    if (!one.rotates) return;
    renameSync(path(index), `${path(index)}.1`);
    writeFileSync(path(index), textOf(one, 1, 2));
  });
  await ingest.sync();
  ingest.close();
  return new StoreReader(folder);
}

/** Every event of the store, the oldest first. */
async function everything(tools: ReturnType<typeof searchTools>): Promise<LogEvent[]> {
  const page = await answerCall<'search'>(tools, {
    ...{ method: 'search', query: '', start: undefined, end: undefined },
    ...{ limit: 100_000, cursor: undefined, count: 'wait' },
  });
  if (!page.ok) throw new Error(page.error.message.en);
  return page.value.events.toReversed();
}

/** Where an event stands, as docs/log-search.md says it. */
function momentOf(event: LogEvent, logs: readonly Log[], clocks: readonly HostClock[]): number {
  const clock = clocks.find(({ host }) => host === event.host);
  // A log without any times has those of this workstation.
  const { timeless = false } = logs[Number(event.source.slice(4))] ?? {};
  if (clock === undefined || timeless) return event.time;
  return Math.round(earlierBy(clock.points, event.time));
}

test('the lines around an event are those of all lines in their order, page after page', async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ logs, clocks, of, hit, page, few, mostBlocks }) => {
      opened?.close();
      opened = await store(temporaryFolder('context'), logs);
      const tools = searchTools(opened);
      const all = await everything(tools);
      const event = all[hit % all.length];
      if (event === undefined) return;
      const momentOfEvent = new Map(all.map((one) => [one.id, momentOf(one, logs, clocks)]));
      const keyOf = (one: LogEvent) => {
        const { key, offset } = parseEventId(one.id) ?? { key: '', offset: 0 };
        return { key, offset, time: of === 'log' ? 0 : (momentOfEvent.get(one.id) ?? 0) };
      };
      // A log is what stood under one path: the rotated file first.
      const rotated = new Map(all.map((one) => [keyOf(one).key, one.raw]));
      const firstOf = (key: string): number => Number(/\d+$/.exec(rotated.get(key) ?? '')?.[0] ?? 0);
      const expected = all
        .filter((one) =>
          of === 'all' ? true : of === 'host' ? one.host === event.host : one.source === event.source,
        )
        .map((one) => ({ id: one.id, ...keyOf(one) }))
        .sort((a, b) => {
          if (a.time !== b.time) return a.time - b.time;
          if (a.key === b.key) return a.offset - b.offset;
          if (of === 'log') return firstOf(a.key) - firstOf(b.key);
          return a.key < b.key ? -1 : 1;
        });
      const ask = async (more: Partial<ContextCall>) => {
        const found = await answerCall<'context'>(tools, {
          ...{ method: 'context', id: event.id, before: page, after: page, of },
          ...{ cursor: undefined, clocks: of === 'log' ? [] : clocks, asOf: NOW, ...more },
        });
        if (!found.ok) throw new Error(found.error.message.en);
        return found.value;
      };
      const around = await ask({});
      const shown = [...around.events];
      for (let edge = around.earlier; edge?.more === true; ) {
        const older = await ask({ cursor: edge.cursor });
        shown.unshift(...older.events);
        edge = older.earlier;
      }
      for (let edge = around.later; edge?.more === true; ) {
        const newer = await ask({ cursor: edge.cursor });
        shown.push(...newer.events);
        edge = newer.later;
      }
      expect(shown.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
      if (of === 'log') return;
      for (const one of shown) expect(one.correctedTime ?? one.time).toBe(momentOfEvent.get(one.id));
      // The same around other events, with looks that are cut short.
      const days = await daysWithin(tools, ALL, () => undefined);
      if (!days.ok) throw new Error(days.error.message.en);
      const scope = { host: of === 'host' ? event.host : null, shifts: clockShifts(clocks), mostBlocks };
      const places = expected.map(({ id: _, ...place }) => place);
      for (let at = hit % 97; at < places.length; at += Math.ceil(places.length / 12)) {
        const from = places[at] ?? { time: 0, key: '', offset: 0 };
        const gather = async (side: 'before' | 'after') => {
          const request = { ...scope, from, side, wanted: few };
          const found = await gatherInTime(days.value, request, new Map(), () => undefined);
          return found.map(({ place }) => place);
        };
        expect(await gather('after')).toEqual(places.slice(at + 1, at + 1 + few));
        expect(await gather('before')).toEqual(places.slice(Math.max(0, at - few), at).reverse());
      }
    }),
    { numRuns: 10 },
  );
}, 120_000);
