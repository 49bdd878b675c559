import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Ingest } from '../../../main/engine/logs/ingest/ingest.ts';
import { eventId, FLAG, parseEventId, type StoredLine } from '../../../main/engine/logs/model.ts';
import { answerCall } from '../../../main/engine/logs/search/answers.ts';
import { searchTools } from '../../../main/engine/logs/search/events.ts';
import { decodeColumns, encodeBlock, linesOf, textStart } from '../../../main/engine/logs/store/block.ts';
import { CODEC, pack, unpack } from '../../../main/engine/logs/store/codec.ts';
import { gathered, wholeOf } from '../../../main/engine/logs/store/columns.ts';
import { dayMigrations } from '../../../main/engine/logs/store/day-schema.ts';
import { StoreReader } from '../../../main/engine/logs/store/reader.ts';
import { planRetention } from '../../../main/engine/logs/store/retention.ts';
import { indexTerms, indexText } from '../../../main/engine/logs/store/text-index.ts';
import type { Clock } from '../../../main/engine/platform/clock.ts';
import { openReadable, openWritable } from '../../../main/engine/storage/sqlite.ts';

const place = { file: 'x.db', block: 7 };

describe('block data', () => {
  const line = (offset: number, time: number, text: string): StoredLine => ({
    offset,
    end: offset + Buffer.byteLength(text) + 2,
    time,
    level: 3,
    flags: FLAG.crlf,
    stream: 'web',
    changes: null,
    raw: Buffer.from(text),
  });
  const frame = { layout: 2, firstOffset: 2 ** 40, minTime: 1e12 - 5, stream: 'web' };
  it('comes back as it was, with times that go back and large offsets', () => {
    const lines = [
      line(2 ** 40, 1e12, 'a'),
      line(2 ** 40 + 9, 1e12 - 5, ''),
      line(2 ** 40 + 11, 4e12, '磁盘'),
    ];
    const { data, text } = encodeBlock([wholeOf(gathered(lines))], 2 ** 40, 1e12 - 5);
    expect(linesOf(decodeColumns(data, { ...frame, events: 3 }))).toEqual(lines);
    expect(data.toString('utf8', text ?? 0)).toBe('a\n\n磁盘\n');
    expect(textStart(data, { ...frame, events: 3 })).toBe(text);
  });
  it('keeps what a pipeline changed, and ends that the stored bytes do not tell', () => {
    const changes = { message: 'm', set: { a: '磁盘' }, removed: ['b'], tags: ['t'] };
    const lines = [
      { ...line(2 ** 40, 1e12, 'masked'), end: 2 ** 40 + 500, changes },
      { ...line(2 ** 40 + 500, 1e12, 'longer than it was'), end: 2 ** 40 + 502 },
    ];
    const { data, text } = encodeBlock([wholeOf(gathered(lines))], 2 ** 40, 1e12 - 5);
    expect(linesOf(decodeColumns(data, { ...frame, events: 2 }))).toEqual(lines);
    expect([text, textStart(data, { ...frame, events: 2 })]).toEqual([null, null]);
  });
  it('is read with either codec; without zstd a clear error stands for it', () => {
    const data = Buffer.from('some log line '.repeat(100));
    const size = { rawBytes: data.length, crc: crc32(data) };
    const gzip = pack(data, {});
    expect(gzip.codec).toBe(CODEC.gzip);
    expect(unpack(place, { ...gzip, ...size }, {})).toEqual({ ok: true, value: data });
    const zstd = pack(data);
    expect(zstd.codec).toBe(CODEC.zstd);
    expect(unpack(place, { ...zstd, ...size })).toEqual({ ok: true, value: data });
    const refused = unpack(place, { ...zstd, ...size }, {});
    expect(refused.ok ? '' : refused.error.code).toBe('LOG_NEEDS_ZSTD');
  });
  it('with a flipped byte, a lying size or an unknown codec is said to be damaged, and never inflates further', () => {
    const data = Buffer.alloc(5_000_000);
    const packed = pack(data);
    const crc = crc32(data);
    const flipped = Buffer.from(packed.data);
    flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] ?? 0) ^ 0x55;
    for (const bad of [
      { codec: packed.codec, data: flipped, rawBytes: data.length, crc },
      { ...packed, rawBytes: 1000, crc },
      { ...packed, rawBytes: data.length, crc: crc + 1 },
      { ...packed, codec: 9, rawBytes: data.length, crc },
    ]) {
      const refused = unpack(place, bad);
      expect(refused.ok ? '' : refused.error.code).toBe('LOG_BLOCK_DAMAGED');
    }
  });
});

describe('index text', () => {
  it('leaves ASCII alone, folds other letters, and pairs Chinese', () => {
    expect(indexText('GET /a_b ERROR')).toBe('GET /a_b ERROR');
    expect(indexText('ÄRGER，磁盘已满 x').split(/\s+/)).toEqual(['ärger', '磁盘', '盘已', '已满', 'x']);
    expect(indexText('错').trim()).toBe('错');
    expect(indexText('𠀀𠀁').trim()).toBe('𠀀𠀁');
  });
  it('asks for terms that the index text has', () => {
    expect(indexTerms('Disk磁盘已 full', false).map((term) => term.term)).toEqual([
      'disk',
      '磁盘',
      '盘已',
      'full',
    ]);
    expect(indexTerms('a-b*', false).map((term) => term.term)).toEqual(['a', 'b']);
    expect(indexTerms('盘', true)).toEqual([]);
  });
});

describe('event identifiers', () => {
  it('are taken apart as they were put together; others are none', () => {
    const id = eventId('2026-11-22', '0123456789abcdef', 123_456_789_012);
    expect(parseEventId(id)).toEqual({ day: '2026-11-22', key: '0123456789abcdef', offset: 123_456_789_012 });
    for (const bad of ['', '20261122-short-1', "20261122-0123456789abcdef-'"])
      expect(parseEventId(bad)).toBeNull();
  });
});

describe('retention', () => {
  const day = 86_400_000;
  const now = Date.UTC(2026, 10, 22, 12);
  const reasons = (files: Parameters<typeof planRetention>[0], running = 10 * day): string[] =>
    planRetention(files, now, { defaultDays: 180, lockDays: 0, streams: [] }, running).map(
      (decision) => decision.reason,
    );
  it('removes by arrival, never by what a line claims', () => {
    expect(
      reasons([
        { day: '2026-11-22', maxTime: now, lastArrival: now },
        { day: '2020-01-01', maxTime: Date.UTC(2020, 0, 1), lastArrival: now - day },
        { day: '2020-01-02', maxTime: now, lastArrival: Date.UTC(2020, 0, 2) },
        { day: '2020-01-03', maxTime: Date.UTC(2020, 0, 3), lastArrival: Date.UTC(2020, 0, 3) },
        { day: '2026-10-01', maxTime: Date.UTC(2026, 9, 1), lastArrival: Date.UTC(2026, 9, 1) },
        { day: '2019-01-01', maxTime: null, lastArrival: null },
        { day: '2027-01-01', maxTime: now, lastArrival: now },
      ]),
    ).toEqual(['in_use', 'arrived_lately', 'newer_lines', 'expired', 'young', 'expired', 'in_use']);
  });
  it('keeps a day as long as the stream in it that stays longest, under a hold, and as long as the lock', () => {
    const at = Date.UTC(2026, 7, 1);
    const file = { day: '2026-08-01', maxTime: at, lastArrival: at };
    const hold = { who: 'auditor', why: 'case', since: now, until: null };
    const retention = (days: number, lockDays = 0, held = false) => ({
      defaultDays: 60,
      lockDays,
      streams: [{ stream: 'audit', days, hold: held ? hold : null }],
    });
    const decide = (streams: string[], rules: ReturnType<typeof retention>): string | undefined =>
      planRetention([{ ...file, streams }], now, rules, 10 * day)[0]?.reason;
    expect(decide([''], retention(365))).toBe('expired');
    expect(decide(['', 'audit'], retention(365))).toBe('young');
    expect(decide(['audit'], retention(30))).toBe('expired');
    expect(decide(['audit'], retention(30, 180))).toBe('young');
    expect(decide(['', 'audit'], retention(30, 0, true))).toBe('held');
    expect(decide([''], retention(30, 0, true))).toBe('expired');
  });
  it('waits a day of running when the clock has jumped', () => {
    const old = [{ day: '2026-01-01', maxTime: Date.UTC(2026, 0, 1), lastArrival: Date.UTC(2026, 0, 1) }];
    expect(reasons(old, 60_000)).toEqual(['clock_in_doubt']);
    expect(reasons(old, 2 * day)).toEqual(['expired']);
  });
});

describe('day files', () => {
  let dir = '';
  let folder = '';
  let now = Date.UTC(2026, 10, 22, 12);
  let monotonic = 0;
  const clock: Clock = { now: () => now, monotonic: () => monotonic };
  const heard: string[] = [];
  const open = (retentionDays?: number): Ingest => {
    const ingest = new Ingest({
      folder,
      clock,
      tell: (message) => heard.push(message.kind === 'removed' ? `removed ${message.day}` : message.kind),
      breathe: () => Promise.resolve(true),
      ...(retentionDays === undefined
        ? {}
        : { retention: { defaultDays: retentionDays, lockDays: 0, streams: [] } }),
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
      },
    ]);
    return ingest;
  };
  const rawLines = async (query = ''): Promise<string[]> => {
    const store = new StoreReader(folder);
    const page = await answerCall<'search'>(searchTools(store), {
      method: 'search',
      query,
      start: undefined,
      end: undefined,
      limit: 10_000,
      cursor: undefined,
      count: 'wait',
    });
    store.close();
    if (!page.ok) throw new Error(page.error.message.en);
    return page.value.events.map((event) => event.raw);
  };

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'hmtt-days-'));
    folder = join(dir, 'logs');
    mkdirSync(folder);
    now = Date.UTC(2026, 10, 22, 12);
    monotonic = 0;
    heard.length = 0;
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('a line goes to the file of its day; one from the far future stays with its neighbours and is found by its time', async () => {
    writeFileSync(
      join(dir, 'app.log'),
      [
        '2026-11-20 10:00:00 INFO one',
        '2026-11-21 10:00:00 INFO two',
        '2099-01-01 00:00:00 INFO from the future',
        '\tcontinued',
        '2026-11-21 10:00:01 INFO three',
        '',
      ].join('\n'),
    );
    const ingest = open();
    await ingest.sync();
    ingest.close();
    const days = readdirSync(folder).filter((name) => name.endsWith('.db'));
    expect(days).toEqual(['2026-11-20.db', '2026-11-21.db', '2026-11-22.db']);
    expect((await rawLines())[1]).toBe('2099-01-01 00:00:00 INFO from the future');
    expect((await rawLines())[0]).toBe('\tcontinued');
  });

  it('a file whose lines alternate between days does not make a transaction of each line', async () => {
    const lines = Array.from(
      { length: 2000 },
      (_, n) => `2026-11-${n % 2 ? '20' : '21'} 10:00:00 INFO line ${n}`,
    );
    writeFileSync(join(dir, 'app.log'), `${lines.join('\n')}\n`);
    const ingest = open();
    await ingest.sync();
    ingest.close();
    expect((await rawLines()).sort()).toEqual([...lines].sort());
  });

  it('an expired day is deleted, and its log file, still there, is not read again', async () => {
    writeFileSync(join(dir, 'app.log'), '2026-11-20 10:00:00 INFO one\n');
    const first = open();
    await first.sync();
    first.close();
    now += 200 * 86_400_000;
    const later = open(180);
    monotonic = 2 * 86_400_000;
    await later.sync();
    expect(heard).toContain('removed 2026-11-20');
    later.close();
    expect(readdirSync(folder)).not.toContain('2026-11-20.db');
    const again = open(180);
    await again.sync();
    again.close();
    expect(await rawLines()).toEqual([]);
  });

  it('a damaged day file is set aside as it is, and what log files still hold of it is read again', async () => {
    writeFileSync(join(dir, 'app.log'), '2026-11-20 10:00:00 INFO one\n2026-11-21 10:00:00 INFO two\n');
    const first = open();
    await first.sync();
    first.close();
    writeFileSync(join(folder, '2026-11-21.db'), 'this is no database, whatever its name says '.repeat(200));
    const ingest = open();
    await ingest.sync();
    ingest.close();
    expect(readdirSync(folder).filter((name) => name.startsWith('2026-11-21.db.damaged-')).length).toBe(1);
    expect(heard).toContain('trouble');
    expect(await rawLines()).toEqual(['2026-11-21 10:00:00 INFO two', '2026-11-20 10:00:00 INFO one']);
  });

  it('a day file from the future stops the reading and is left alone', async () => {
    const db = openWritable(join(folder, '2026-11-21.db'), {
      migrations: [...dayMigrations, { version: dayMigrations.length + 1, up: () => undefined }],
      synchronous: 'FULL',
    });
    if (!db.ok) throw new Error('not made');
    db.value.close();
    writeFileSync(join(dir, 'app.log'), '2026-11-20 10:00:00 INFO one\n');
    const ingest = open();
    const synced = await ingest.sync();
    ingest.close();
    expect(synced.ok ? '' : synced.error.code).toBe('SCHEMA_FROM_FUTURE');
    expect(readdirSync(folder)).toEqual(['2026-11-21.db']);
  });

  it('searches use the indexes', async () => {
    writeFileSync(join(dir, 'app.log'), '2026-11-20 10:00:00 INFO one\n');
    const ingest = open();
    await ingest.sync();
    ingest.close();
    const db = openReadable(join(folder, '2026-11-20.db'));
    if (!db.ok) throw new Error('not opened');
    const plan = (sql: string): string =>
      (db.value.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[])
        .map((row) => row.detail)
        .join('; ');
    expect(plan('SELECT id FROM block WHERE max_time >= 1 AND min_time <= 2 ORDER BY max_time DESC')).toMatch(
      /SEARCH block USING (COVERING )?INDEX block_time/,
    );
    expect(plan('SELECT id FROM block WHERE file = 1 AND first_offset <= 2')).toContain('INDEX block_place');
    expect(plan('SELECT data FROM term_page WHERE id <= 5 ORDER BY id DESC LIMIT 1')).toContain('SEARCH');
    db.value.close();
  });

  it('lines whose clock is off are flagged and kept', async () => {
    const path = join(dir, 'app.log');
    writeFileSync(path, '2026-11-22 11:00:00 INFO old, but read late\n');
    const ingest = open();
    await ingest.sync();
    monotonic += 5000;
    writeFileSync(
      path,
      '2026-11-22 11:00:00 INFO old, but read late\n2026-11-22 04:00:00 INFO zone wrong\n2026-11-22 20:00:00 INFO ahead\nno time at all\n',
    );
    await ingest.sync();
    ingest.close();
    const store = new StoreReader(folder);
    const page = await answerCall<'search'>(searchTools(store), {
      method: 'search',
      query: '',
      start: undefined,
      end: undefined,
      limit: 100,
      cursor: undefined,
      count: 'wait',
    });
    store.close();
    const flags = Object.fromEntries(
      page.ok ? page.value.events.map((event) => [event.message, event.flags]) : [],
    );
    expect(flags).toEqual({
      'old, but read late': [],
      'zone wrong': ['late'],
      ahead: ['future'],
      'no time at all': ['no_time'],
    });
  });
});
