import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Ingest } from '../../../main/engine/logs/ingest/ingest.ts';
import type { ContextCall } from '../../../main/engine/logs/messages.ts';
import { answerCall } from '../../../main/engine/logs/search/answers.ts';
import { Cancelled } from '../../../main/engine/logs/search/breath.ts';
import { searchTools } from '../../../main/engine/logs/search/events.ts';
import { dayMigrations } from '../../../main/engine/logs/store/day-schema.ts';
import { StoreReader } from '../../../main/engine/logs/store/reader.ts';
import { openWritable } from '../../../main/engine/storage/sqlite.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

/** Lines around an event across logs: order, clocks, what is opened, and what is damaged. */

const BEGIN = Date.UTC(2026, 10, 20, 10);
const AHEAD = 180_000;

describe('the lines around an event, across logs', () => {
  let root = '';
  let folder = '';
  let store: StoreReader;

  beforeEach(() => {
    root = temporaryFolder('context');
    folder = join(root, 'logs');
    mkdirSync(folder);
  });
  afterEach(() => store.close());

  const lines = (count: number, start: number, step: number, name: string): string =>
    Array.from(
      { length: count },
      (_, n) => `${new Date(start + n * step).toISOString()} INFO ${name}-${n}\n`,
    ).join('');

  /** Stores the logs, one for each host. */
  const load = async (logs: Readonly<Record<string, string>>): Promise<void> => {
    const ingest = new Ingest({
      folder,
      clock: { now: () => BEGIN + 86_400_000, monotonic: () => 0 },
      tell: () => undefined,
      breathe: () => Promise.resolve(true),
    });
    ingest.setSources(
      Object.keys(logs).map((host) => ({
        ...{ id: host, name: host, path: join(root, `${host}.log`), format: 'auto', host },
        ...{ zone: 'UTC', from: 'beginning' as const },
      })),
    );
    for (const [host, text] of Object.entries(logs)) writeFileSync(join(root, `${host}.log`), text);
    await ingest.sync();
    ingest.close();
    store = new StoreReader(folder);
  };
  const idOf = async (query: string): Promise<string> => {
    const page = await answerCall<'search'>(searchTools(store), {
      ...{ method: 'search', query, start: undefined, end: undefined },
      ...{ limit: 1, cursor: undefined, count: 'later' },
    });
    return page.ok ? (page.value.events[0]?.id ?? '') : '';
  };
  const ask = async (id: string, more: Partial<ContextCall> = {}, breath?: () => Promise<void>) => {
    const found = await answerCall<'context'>(
      searchTools(store),
      {
        ...{ method: 'context', id, before: 3, after: 3, of: 'all' },
        ...{ cursor: undefined, clocks: [], asOf: 0, ...more },
      },
      breath === undefined ? {} : { breath },
    );
    if (!found.ok) throw new Error(found.error.code);
    return found.value;
  };
  const damage = (day: string, sql: string): void => {
    store.close();
    const db = openWritable(join(folder, `${day}.db`), { migrations: dayMigrations, synchronous: 'FULL' });
    if (!db.ok) throw new Error(db.error.message.en);
    db.value.exec(sql);
    db.value.close();
    store = new StoreReader(folder);
  };

  it('stands in the order of this clock where another was ahead, and as written when that is wanted', async () => {
    await load({
      right: lines(6_000, BEGIN, 20, 'right'),
      ahead: lines(3_000, BEGIN + AHEAD + 10, 40, 'ahead'),
    });
    const id = await idOf('"right-3000"');
    const points = [-10, 0, 10].map((minutes) => ({
      at: BEGIN + minutes * 60_000,
      offsetMs: AHEAD,
    }));
    const clocks = [{ host: 'ahead', points }];
    const around = await ask(id, { clocks });
    expect(around.events.map(({ message }) => message)).toEqual([
      ...['right-2998', 'ahead-1499', 'right-2999', 'right-3000', 'ahead-1500', 'right-3001', 'right-3002'],
    ]);
    for (const { host, time, correctedTime } of around.events)
      expect(correctedTime).toBe(host === 'ahead' ? time - AHEAD : undefined);
    const written = await ask(id);
    expect(written.events.map(({ message }) => message)).toEqual(
      [2997, 2998, 2999, 3000, 3001, 3002, 3003].map((n) => `right-${n}`),
    );
    const host = await ask(id, { of: 'host', clocks });
    expect(host.events.map(({ message }) => message)).toEqual(
      [2997, 2998, 2999, 3000, 3001, 3002, 3003].map((n) => `right-${n}`),
    );
  });

  it('opens only the blocks that are near, of whatever size the day is', async () => {
    await load({ a: lines(20_000, BEGIN, 100, 'a'), b: lines(20_000, BEGIN, 100, 'b') });
    const id = await idOf('"a-10000"');
    const expected = (await ask(id)).events.map(({ message }) => message);
    expect(expected).toHaveLength(7);
    // Whoever opened one of the blocks that are farther away would find it damaged.
    const at = BEGIN + 10_000 * 100;
    damage(
      '2026-11-20',
      `UPDATE block_data SET crc = crc + 1 WHERE id IN
         (SELECT id FROM block WHERE max_time < ${at - 1000} OR min_time > ${at + 1000})`,
    );
    const again = await ask(id);
    expect(again.events.map(({ message }) => message)).toEqual(expected);
    expect(again.unread).toEqual([]);
  });

  it('says what could not be read, and shows the rest', async () => {
    await load({
      a: lines(2_000, BEGIN, 100, 'a'),
      b: lines(2_000, BEGIN, 100, 'b'),
      old: lines(5, BEGIN - 86_400_000, 1, 'old'),
    });
    const id = await idOf('"a-100"');
    damage(
      '2026-11-20',
      `UPDATE block_data SET crc = crc + 1 WHERE id IN (SELECT block.id FROM block
         JOIN file ON file.id = block.file WHERE file.source = 'b')`,
    );
    const found = await ask(id);
    expect(found.events.map(({ message }) => message)).toEqual(
      [97, 98, 99, 100, 101, 102, 103].map((n) => `a-${n}`),
    );
    expect(found.unread).toMatchObject([{ day: '2026-11-20', error: { code: 'LOG_BLOCK_DAMAGED' } }]);
    // Its own log is not concerned.
    expect((await ask(id, { of: 'log' })).unread).toEqual([]);
    store.close();
    writeFileSync(join(folder, '2026-11-19.db'), 'this is no database, whatever its name says '.repeat(200));
    store = new StoreReader(folder);
    for (const of of ['log', 'host', 'all'] as const) {
      const { events, unread } = await ask(id, { of });
      expect(events).toHaveLength(7);
      expect(unread[0]).toMatchObject({ day: '2026-11-19', error: { code: 'DATABASE_DAMAGED' } });
    }
  });

  it('is cancelled between two blocks, and refuses a cursor of other lines', async () => {
    await load({ a: lines(2_000, BEGIN, 100, 'a') });
    const id = await idOf('"a-100"');
    const cancelled = ask(id, {}, () => Promise.reject(new Cancelled()));
    await expect(cancelled).rejects.toBeInstanceOf(Cancelled);
    const { later } = await ask(id, { of: 'host' });
    for (const cursor of [later?.cursor, 'nonsense', Buffer.from('["all","after"]').toString('base64url')])
      await expect(ask(id, { cursor })).rejects.toThrow('LOG_CURSOR_INVALID');
    expect(
      (await ask(id, { of: 'host', cursor: later?.cursor })).events.map(({ message }) => message),
    ).toEqual(['a-104', 'a-105', 'a-106']);
  });
});
