import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Ingest } from '../../../main/engine/logs/ingest/ingest.ts';
import { plainParser } from '../../../main/engine/logs/parse/plain.ts';
import { zoneClock } from '../../../main/engine/logs/parse/zone.ts';
import { columnsOf } from '../../../main/engine/logs/store/block.ts';
import { StoreReader } from '../../../main/engine/logs/store/reader.ts';
import { indexTerms, type TermQuery } from '../../../main/engine/logs/store/text-index.ts';
import { SegmentBuilder } from '../../../main/engine/logs/terms/build.ts';
import { openFrame, PageReader } from '../../../main/engine/logs/terms/pages.ts';
import { BUILD_BLOCKS, planIndex, type SegmentRange } from '../../../main/engine/logs/terms/plan.ts';
import { PAGE_ROWS } from '../../../main/engine/logs/terms/segments.ts';
import { hashPrefix, hashTerm, TermCollector } from '../../../main/engine/logs/terms/terms.ts';
import type { Clock } from '../../../main/engine/platform/clock.ts';

function termsOf(text: string): ReadonlySet<number> {
  const collector = new TermCollector();
  const bytes = Buffer.from(text);
  collector.addBytes(bytes, 0, bytes.length);
  return new Set(collector.found);
}

describe('the terms of a line', () => {
  it('are its words in lower case and its pairs of Chinese characters', () => {
    const found = termsOf('GET /a_b Ärger，磁盘已满 ΟΔΟΣ x错 𠀀𠀁 İx');
    for (const term of [
      'get',
      'a',
      'b',
      'ärger',
      '磁盘',
      '盘已',
      '已满',
      'οδος',
      'οδοσ',
      'x',
      '错',
      '𠀀𠀁',
      'i̇x',
    ])
      expect(found.has(hashTerm(term)), term).toBe(true);
    for (const term of ['GET', 'a_b', '磁', '满', 'ger']) expect(found.has(hashTerm(term)), term).toBe(false);
  });
  it('are those that the same text asks for', () => {
    for (const text of [
      'Order 8f3a-91 REFUSED',
      '磁盘已满 full',
      '混合text中文',
      'naïve Straße',
      'a\u0301b',
    ]) {
      const found = termsOf(`before ${text}, after`);
      for (const { term } of indexTerms(text, false)) expect(found.has(hashTerm(term)), term).toBe(true);
    }
  });
  it('know beginnings of words that have three letters', () => {
    const found = termsOf('connection conn42 a1b2c3');
    expect(found.has(hashPrefix('conn') ?? 0)).toBe(true);
    expect(found.has(hashPrefix('con') ?? 0)).toBe(true);
    expect(found.has(hashPrefix('com') ?? 0)).toBe(false);
    expect([hashPrefix('co'), hashPrefix('a1b'), hashPrefix('磁盘满')]).toEqual([null, null, null]);
  });
});

describe('a segment', () => {
  const line = (text: string) => ({
    offset: 0,
    end: 0,
    time: 0,
    level: 0,
    flags: 0,
    stream: '',
    changes: null,
    raw: Buffer.from(text),
  });
  const parser = plainParser(zoneClock('UTC'));
  const format = { spec: 'plain', zone: 'UTC' };
  /** 300 blocks: one word in all, one in every seventh, many in a single one. */
  const built = () => {
    const builder = new SegmentBuilder();
    for (let block = 5; block < 305; block += 1) {
      const words = Array.from({ length: 40 }, (_, i) => `id${block}x${i}`).join(' ');
      const text = `everywhere ${block % 7 === 0 ? 'seventh' : ''} ${words}`;
      builder.add(block, columnsOf([line(text)], ''), format, parser);
    }
    return builder.build(5, 304);
  };
  it('says of each term in which blocks it stands', () => {
    const segment = built();
    const frame = openFrame(segment);
    const found = new Map<number, number[]>();
    for (const page of segment.pages) {
      const reader = PageReader.open(frame, page);
      if (reader === null) throw new Error('damaged');
      for (let hash = reader.nextHash(); hash !== null; hash = reader.nextHash()) {
        const blocks: number[] = [];
        reader.readBlocks(blocks);
        found.set(hash, blocks);
      }
    }
    const all = Array.from({ length: 300 }, (_, i) => i + 5);
    expect(found.get(hashTerm('everywhere'))).toEqual(all);
    expect(found.get(hashTerm('seventh'))).toEqual(all.filter((block) => block % 7 === 0));
    expect(found.get(hashTerm('id77x3'))).toEqual([77]);
    expect(found.size).toBe(segment.terms);
    expect([...found.keys()]).toEqual([...found.keys()].sort((a, b) => a - b));
  });
  it('is small: a term that stands in one of 300 blocks takes less than 4 bytes', () => {
    const segment = built();
    const bytes = segment.pages.reduce((sum, page) => sum + page.data.length, 0);
    expect(bytes / segment.terms).toBeLessThan(4);
  });
  it('tells of every flipped bit of a page, and of a page in the place of another', () => {
    const segment = built();
    const frame = openFrame(segment);
    const [page] = segment.pages;
    if (page === undefined) throw new Error('no page');
    for (let bit = 0; bit < page.data.length * 8; bit += 1) {
      const data = Buffer.from(page.data);
      data[bit >>> 3] = (data[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
      expect(PageReader.open(frame, { key: page.key, data }), `bit ${bit}`).toBeNull();
    }
    expect(PageReader.open(frame, { key: page.key + 1, data: page.data })).toBeNull();
    expect(PageReader.open(openFrame({ ...segment, lastBlock: 999 }), page)).toBeNull();
    expect(PageReader.open(frame, { key: page.key, data: page.data.subarray(0, 5) })).toBeNull();
  });
});

describe('planning the index', () => {
  const segment = (id: number, firstBlock: number, lastBlock: number, terms = 10): SegmentRange => ({
    id,
    firstBlock,
    lastBlock,
    terms,
  });
  it('waits for some blocks while a day is written, and for none when it is over', () => {
    expect(planIndex([], 15, 'written')).toBeNull();
    expect(planIndex([], 16, 'written')).toEqual({ kind: 'build', firstBlock: 1, lastBlock: 16 });
    expect(planIndex([], 1, 'over')).toEqual({ kind: 'build', firstBlock: 1, lastBlock: 1 });
    expect(planIndex([], 5000, 'written')).toEqual({ kind: 'build', firstBlock: 1, lastBlock: BUILD_BLOCKS });
  });
  it('makes only large segments while lines arrive as fast as they can be stored', () => {
    expect(planIndex([], BUILD_BLOCKS - 1, 'reading')).toBeNull();
    expect(planIndex([], BUILD_BLOCKS, 'reading')).toMatchObject({ lastBlock: BUILD_BLOCKS });
  });
  it('fills the gap that a damaged segment left', () => {
    expect(planIndex([segment(1, 1, 10), segment(3, 21, 40)], 40, 'written')).toEqual({
      kind: 'build',
      firstBlock: 11,
      lastBlock: 20,
    });
  });
  it('merges eight of a size, the rest of a day that is over, and none that stands for an unreadable block', () => {
    const eight = Array.from({ length: 8 }, (_, i) => segment(i + 1, i * 16 + 1, i * 16 + 16));
    expect(planIndex(eight, 128, 'written')).toEqual({ kind: 'merge', segments: eight });
    expect(planIndex(eight.slice(0, 7), 112, 'written')).toBeNull();
    expect(planIndex(eight.slice(0, 3), 48, 'over')).toEqual({ kind: 'merge', segments: eight.slice(0, 3) });
    expect(planIndex([segment(1, 1, 512), segment(2, 513, 1024)], 1024, 'over')).toBeNull();
    expect(planIndex([segment(1, 1, 16), segment(2, 17, 17, 0), segment(3, 18, 30)], 30, 'over')).toBeNull();
  });
});

describe('the index of a day file', () => {
  let dir = '';
  let folder = '';
  const clock: Clock = { now: () => Date.UTC(2026, 10, 22, 12), monotonic: () => 0 };
  const day = '2026-11-20';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'hmtt-terms-'));
    folder = join(dir, 'logs');
    mkdirSync(folder);
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const text = Array.from(
    { length: 12_000 },
    (_, n) => `2026-11-20 10:00:00 INFO line number${n} ${n % 1000 === 7 ? '磁盘已满' : 'ok'}`,
  ).join('\n');
  const open = (): Ingest => {
    const ingest = new Ingest({
      folder,
      clock,
      tell: () => undefined,
      breathe: () => Promise.resolve(true),
    });
    ingest.setSources([
      {
        id: 's',
        name: 'app',
        path: join(dir, 'app.log'),
        format: 'auto',
        host: 'h',
        zone: 'UTC',
        from: 'beginning',
        more: [],
        exclude: [],
        encoding: 'auto',
        multiline: { mode: 'none' },
        origin: { kind: 'local' },
      } as never,
    ]);
    return ingest;
  };
  const ingestAll = async (): Promise<void> => {
    writeFileSync(join(dir, 'app.log'), `${text}\n`);
    const ingest = open();
    await ingest.sync();
    await ingest.indexed();
    ingest.close();
  };
  const term = (word: string): TermQuery => ({ kind: 'term', term: word, prefix: false });
  /** How many blocks would be opened for a query, and which segments turned out to be damaged. */
  const ask = (query: TermQuery): { blocks: number; damaged: readonly number[] } => {
    const damaged: number[] = [];
    const store = new StoreReader(folder, (_day, segments) => damaged.push(...segments));
    const reader = store.day(day);
    if (!reader.ok || reader.value === null) throw new Error('not opened');
    const heads = reader.value.heads(0, Number.MAX_SAFE_INTEGER, query);
    store.close();
    if (!heads.ok) throw new Error(heads.error.message.en);
    return { blocks: heads.value.filter((head) => head.block !== null).length, damaged };
  };

  it('names the blocks that hold a word, all of some words, or any of them', async () => {
    await ingestAll();
    expect(ask(term('number7777')).blocks).toBe(1);
    expect(ask(term('nowhere')).blocks).toBe(0);
    expect(ask(term('info')).blocks).toBe(23);
    expect(ask(term('已满')).blocks).toBe(12);
    expect(ask({ kind: 'and', items: [term('info'), term('number7777')] }).blocks).toBe(1);
    expect(ask({ kind: 'and', items: [term('number1'), term('number7777')] }).blocks).toBe(0);
    expect(ask({ kind: 'or', items: [term('number1'), term('number7777')] }).blocks).toBe(2);
    expect(ask({ kind: 'term', term: 'numb', prefix: true }).blocks).toBe(23);
    expect(ask({ kind: 'term', term: 'nump', prefix: true }).blocks).toBe(23);
    expect(ask({ kind: 'term', term: 'xyz', prefix: true }).blocks).toBe(0);
  });

  it('with a flipped bit anywhere is found to be damaged, is done without, and is made anew', async () => {
    await ingestAll();
    const db = new Database(join(folder, `${day}.db`));
    const wrong: string[] = [];
    const put = db.prepare('UPDATE term_page SET data = ? WHERE id = ?');
    const page = db
      .prepare('SELECT id, data FROM term_page WHERE id <= ? ORDER BY id DESC LIMIT 1')
      .get(PAGE_ROWS + hashTerm('info')) as { id: number; data: Buffer };
    const flip = (bytes: Buffer, bit: number): void => {
      const changed = Buffer.from(bytes);
      changed[bit >>> 3] = (changed[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
      put.run(changed, page.id);
      const { blocks, damaged } = ask(term('info'));
      if (blocks !== 23 || damaged.length !== 1) wrong.push(`bit ${bit}`);
      put.run(bytes, page.id);
    };
    for (let bit = 0; bit < page.data.length * 8; bit += 97) flip(page.data, bit);
    expect(wrong).toEqual([]);
    const columns = ['first_block', 'last_block', 'hash_bits', 'terms', 'crc'];
    for (const column of columns) {
      db.prepare(`UPDATE term_segment SET ${column} = ${column} + 1`).run();
      expect(ask(term('number7777')), column).toEqual({ blocks: 23, damaged: [1] });
      db.prepare(`UPDATE term_segment SET ${column} = ${column} - 1`).run();
    }
    db.exec('DELETE FROM term_page');
    db.close();
    expect(ask(term('number7777'))).toEqual({ blocks: 23, damaged: [1] });
    const ingest = open();
    await ingest.sync();
    ingest.mendIndex(day, [1]);
    await ingest.sync();
    await ingest.indexed();
    ingest.close();
    expect(ask(term('number7777'))).toEqual({ blocks: 1, damaged: [] });
  });
});
