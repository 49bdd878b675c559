import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type IndexRunner, localRunner } from '../../../main/engine/logs/ingest/indexing.ts';
import { Ingest } from '../../../main/engine/logs/ingest/ingest.ts';
import type { FilePosition, StoredLine } from '../../../main/engine/logs/model.ts';
import { parserCache } from '../../../main/engine/logs/parse/parser.ts';
import { gathered } from '../../../main/engine/logs/store/columns.ts';
import type { Segment } from '../../../main/engine/logs/store/day.ts';
import { type FreshBatch, FreshTexts, handBack } from '../../../main/engine/logs/store/fresh-texts.ts';
import { StoreWriter } from '../../../main/engine/logs/store/writer.ts';
import { TermsAhead } from '../../../main/engine/logs/terms/ahead.ts';
import { runIndexJob } from '../../../main/engine/logs/terms/job.ts';
import { OpenDay } from '../../../main/engine/logs/terms/open-day.ts';
import { hashTerm } from '../../../main/engine/logs/terms/terms.ts';
import type { Clock } from '../../../main/engine/platform/clock.ts';

const MEBIBYTE = Buffer.alloc(1024 * 1024, 'a\n');

/** Texts whose batches are kept as they were sent. */
function caught(): { readonly texts: FreshTexts; readonly batches: FreshBatch[] } {
  const batches: FreshBatch[] = [];
  return { texts: new FreshTexts((batch) => batches.push(batch)), batches };
}

describe('the texts of blocks on their way into a day file', () => {
  it('are sent while more are stored, and the rest of them at the end', () => {
    const { texts, batches } = caught();
    for (let block = 1; block <= 3; block += 1) texts.put('d', 0, block, MEBIBYTE.subarray(0, 900_000));
    expect(batches.map((batch) => batch.texts.map(({ block }) => block))).toEqual([[1, 2]]);
    texts.end(true);
    expect(batches.map((batch) => batch.texts.map(({ block }) => block))).toEqual([[1, 2], [3]]);
    const [{ memory, texts: [, second] = [] } = { memory: new SharedArrayBuffer(0) }] = batches;
    expect(Buffer.from(memory).subarray(second?.from, second?.to).equals(MEBIBYTE.subarray(0, 900_000))).toBe(
      true,
    );
  });
  it('are not sent when they are few, nor the rest of them when the transaction failed', () => {
    const { texts, batches } = caught();
    texts.put('d', 0, 1, Buffer.from('few\n'));
    texts.end(true);
    expect(batches).toEqual([]);
    for (let block = 1; block <= 3; block += 1) texts.put('d', 0, block, MEBIBYTE.subarray(0, 900_000));
    texts.end(false);
    expect(batches).toHaveLength(1);
  });
  it('take a bounded memory, which is used again once it was handed back', () => {
    const { texts, batches } = caught();
    for (let block = 1; block <= 50; block += 1) texts.put('d', 0, block, MEBIBYTE);
    texts.end(true);
    expect(new Set(batches.map(({ memory }) => memory)).size).toBe(6);
    expect(batches).toHaveLength(6);
    const first = batches[0]?.memory ?? new SharedArrayBuffer(0);
    handBack(first);
    for (let block = 51; block <= 60; block += 1) texts.put('d', 0, block, MEBIBYTE);
    texts.end(true);
    expect(batches.slice(6).map(({ memory }) => memory)).toEqual([first]);
    texts.renew();
    for (let block = 61; block <= 70; block += 1) texts.put('d', 0, block, MEBIBYTE);
    texts.end(true);
    expect(batches.length).toBeGreaterThan(7);
    expect(
      batches.slice(7).some(({ memory }) => batches.slice(0, 7).some((one) => one.memory === memory)),
    ).toBe(false);
  });
  it('that are longer than all the memory are left to the day file', () => {
    const { texts, batches } = caught();
    texts.put('d', 0, 1, Buffer.alloc(3 * 1024 * 1024, 'b'));
    texts.end(true);
    expect(batches).toEqual([]);
  });
});

describe('the terms of such texts', () => {
  const batch = (file: number, words: readonly (readonly [number, string])[]): FreshBatch => {
    const memory = new SharedArrayBuffer(4096);
    let at = 4;
    const texts = words.map(([block, text]) => {
      const from = at;
      at += Buffer.from(memory).write(text, at);
      return { block, from, to: at };
    });
    return { day: 'd', file, memory, texts };
  };
  const shown = (ahead: TermsAhead, file: number): readonly (readonly [number, readonly number[]])[] =>
    [...ahead.of('d', file)].map(([block, terms]) => [block, [...terms].sort()]);
  const words = (...all: string[]): readonly number[] => all.map(hashTerm).sort();

  it('are those of their own file, until their blocks are indexed', () => {
    const ahead = new TermsAhead();
    ahead.add(batch(0, [[1, 'x1\n']]));
    ahead.add(
      batch(1, [
        [1, 'y1 y2\n'],
        [2, 'z1\n'],
        [3, 'ö\n'],
      ]),
    );
    expect(shown(ahead, 0)).toEqual([[1, words('x1')]]);
    expect(shown(ahead, 1)).toEqual([
      [1, words('y1', 'y2')],
      [2, words('z1')],
      [3, words('ö')],
    ]);
    ahead.forget('d', 1, 1);
    expect(shown(ahead, 0)).toEqual([]);
    expect(shown(ahead, 1)).toEqual([
      [2, words('z1')],
      [3, words('ö')],
    ]);
    ahead.forget('other', 0, 99);
    expect(shown(ahead, 1)).toHaveLength(2);
  });
  it('are given up when nobody asks for them', () => {
    const ahead = new TermsAhead();
    const text = Array.from({ length: 600 }, (_, n) => `w${n}`).join(' ');
    for (let block = 1; block <= 4000; block += 1) ahead.add(batch(0, [[block, text]]));
    const waiting = [...ahead.of('d', 0)];
    expect(waiting.length * 600).toBeLessThanOrEqual(1 << 21);
    expect(waiting[waiting.length - 1]?.[0]).toBe(4000);
    expect(waiting[waiting.length - 1]?.[1]).toHaveLength(600);
  });
});

describe('a day file', () => {
  let dir = '';
  let folder = '';
  const clock: Clock = { now: () => Date.UTC(2026, 10, 22, 12), monotonic: () => 0 };
  const day = '2026-11-20';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'hmtt-fresh-'));
    folder = join(dir, 'logs');
    mkdirSync(folder);
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  /** Reads a log of 90,000 lines with this runner; answers the pages of its index. */
  const pagesMadeBy = async (runner: IndexRunner): Promise<readonly unknown[]> => {
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    const line = (n: number): string => `2026-11-20 10:00:00 INFO line number${n} 磁盘已满 ${'x'.repeat(60)}`;
    writeFileSync(join(dir, 'app.log'), `${Array.from({ length: 90_000 }, (_, n) => line(n)).join('\n')}\n`);
    const ingest = new Ingest({
      ...{ folder, clock, index: runner },
      tell: () => undefined,
      breathe: () => Promise.resolve(true),
    });
    ingest.setSources([
      {
        ...{ id: 's', name: 'app', path: join(dir, 'app.log'), format: 'auto', host: 'h', zone: 'UTC' },
        ...{ from: 'beginning', more: [], exclude: [], encoding: 'auto' },
        ...{ multiline: { mode: 'none' }, origin: { kind: 'local' } },
      } as never,
    ]);
    await ingest.sync();
    await ingest.indexed();
    await ingest.end();
    const db = new Database(join(folder, `${day}.db`), { readonly: true });
    const pages = db.prepare('SELECT id, data FROM term_page ORDER BY id').all();
    db.close();
    return pages;
  };

  it('has the same index whether its blocks were handed ahead or read from it', async () => {
    const parserOf = parserCache();
    const ahead = new TermsAhead();
    let handed = 0;
    const texts = new FreshTexts((batch) => {
      handed += batch.texts.length;
      ahead.add(batch);
    });
    const handing: IndexRunner = {
      texts,
      run: async ({ day, file, job }) => {
        const open = new OpenDay(folder);
        const outcome = runIndexJob(open, day, job, ahead.of(day, file), parserOf);
        open.close();
        return outcome;
      },
      close: () => Promise.resolve(),
    };
    const ours = await pagesMadeBy(handing);
    expect(handed).toBeGreaterThan(100);
    expect(ours.length).toBeGreaterThan(10);
    expect(ours).toEqual(await pagesMadeBy(localRunner(folder, parserOf)));
  });

  it('counts as another when a transaction on it failed: its blocks are numbered anew', () => {
    const batches: FreshBatch[] = [];
    const texts = new FreshTexts((batch) => {
      batches.push(batch);
      handBack(batch.memory);
    });
    const store = new StoreWriter(folder, () => undefined, texts);
    const lines = Array.from(
      { length: 40_000 },
      (_, n): StoredLine => ({
        ...{ offset: n * 101, end: n * 101 + 101, time: Date.UTC(2026, 10, 20), level: 0, flags: 0 },
        ...{ stream: '', changes: null, raw: Buffer.alloc(100, 'l') },
      }),
    );
    const position = { key: 'k', sourceId: 's', path: '/a', headLength: 0, headHash: Buffer.alloc(0) };
    const segment = {
      ...{ day, source: { id: 's', name: 's', host: 'h' }, format: { spec: 'plain', zone: 'UTC' } },
      lines: { ...gathered(lines), streams: null },
      position: {
        ...{ ...position, offset: 1, tailHash: Buffer.alloc(0), lines: 1, mtimeMs: 1 },
        ...{ finished: false, prev: null, place: '' },
      } satisfies FilePosition,
    } satisfies Segment;
    const broken = { ...segment, position: { ...segment.position, key: null as never } };
    expect(store.commit(day, [segment, broken], 1).ok).toBe(false);
    expect(new Set(batches.map(({ file }) => file))).toEqual(new Set([0]));
    expect(store.commit(day, [segment], 1).ok).toBe(true);
    expect(batches[batches.length - 1]?.file).toBe(1);
    expect(store.nextIndexJob(day, false)?.file).toBe(1);
    store.close();
  });
});
