import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LogEncoding, LogMultiline } from '#shared/contract/logs-reading.ts';
import { Ingest } from '../../../main/engine/logs/ingest/ingest.ts';
import type { SourceRow } from '../../../main/engine/logs/messages.ts';
import { answerCall } from '../../../main/engine/logs/search/answers.ts';
import { searchTools } from '../../../main/engine/logs/search/events.ts';
import { DEFAULT_READING } from '../../../main/engine/logs/source-table.ts';
import { StoreReader } from '../../../main/engine/logs/store/reader.ts';
import { LineDecoder, lineUnitOf } from '../../../main/engine/logs/tail/encoding.ts';
import { LineCutter } from '../../../main/engine/logs/tail/lines.ts';
import { findSourceFiles, parseSourcePaths } from '../../../main/engine/logs/tail/paths.ts';
import { systemClock } from '../../../main/engine/platform/clock.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const le = (text: string): Buffer => Buffer.from(text, 'utf16le');
const be = (text: string): Buffer => Buffer.from(le(text)).swap16();
/** 磁盘已满：连接池 in GB18030. */
const GB = Buffer.from([
  0xb4, 0xc5, 0xc5, 0xcc, 0xd2, 0xd1, 0xc2, 0xfa, 0xa3, 0xba, 0xc1, 0xac, 0xbd, 0xd3, 0xb3, 0xd8,
]);

let dir: string;
beforeEach(() => {
  dir = temporaryFolder('encodings');
  mkdirSync(join(dir, 'logs'));
});

const row = (reading: Partial<typeof DEFAULT_READING> = {}, format = 'plain'): SourceRow => ({
  id: 's',
  name: 's',
  path: join(dir, '*.log'),
  format,
  host: 'h',
  zone: 'UTC',
  from: 'beginning',
  reading: { ...DEFAULT_READING, ...reading },
});

let now = 1_000_000;
function open(reading: Partial<typeof DEFAULT_READING> = {}, format?: string): Ingest {
  const ingest = new Ingest({
    folder: join(dir, 'logs'),
    clock: { ...systemClock, monotonic: () => now },
    tell: () => undefined,
    breathe: () => Promise.resolve(true),
  });
  ingest.setSources([row(reading, format)]);
  return ingest;
}

async function events(query = '') {
  const store = new StoreReader(join(dir, 'logs'));
  const found = await answerCall<'search'>(searchTools(store), {
    method: 'search',
    query,
    start: undefined,
    end: undefined,
    limit: 1000,
    cursor: undefined,
    count: 'wait',
  });
  store.close();
  if (!found.ok) throw new Error(found.error.message.en);
  return [...found.value.events].sort((a, b) => offset(a.id) - offset(b.id));
}
const offset = (id: string): number => Number.parseInt(id.split('-')[2] ?? '', 36);

describe('the encoding of a file', () => {
  const texts = ['ERROR 磁盘已满 disk', '第二行 \u0a00\u000b\u010a 000A', '', 'last 中文'];
  const cases: readonly (readonly [string, (text: string) => Buffer, LogEncoding])[] = [
    ['UTF-16 LE with a mark', (text) => le(`\ufeff${text}`), 'auto'],
    ['UTF-16 BE with a mark', (text) => be(`\ufeff${text}`), 'auto'],
    ['UTF-16 LE without one', le, 'auto'],
    ['UTF-16 BE without one', be, 'auto'],
    ['UTF-8 with a mark', (text) => Buffer.from(`\ufeff${text}`), 'auto'],
    ['UTF-16 LE as told', le, 'utf-16le'],
  ];
  for (const end of ['\n', '\r\n'])
    for (const [name, encode, encoding] of cases)
      it(`${name}, lines ended by ${JSON.stringify(end)}`, async () => {
        const bytes = encode(texts.map((text) => `${text}${end}`).join(''));
        writeFileSync(join(dir, 'a.log'), bytes.subarray(0, 33));
        const ingest = open({ encoding });
        await ingest.sync();
        // A chunk may end inside a character, a line end, or a unit.
        for (let at = 33; at < bytes.length; at += 7) {
          appendFileSync(join(dir, 'a.log'), bytes.subarray(at, at + 7));
          await ingest.sync();
        }
        ingest.close();
        const stored = await events();
        expect(stored.map(({ raw }) => raw)).toEqual(texts);
        expect(stored.flatMap(({ flags }) => flags)).not.toContain('not_utf8');
        expect((await events('磁盘')).length).toBe(1);
      });

  it('is found line by line where GB18030 and UTF-8 meet, and what is neither stays as it is, flagged', async () => {
    const parts = [
      GB,
      Buffer.from('磁盘 UTF-8'),
      Buffer.from('plain'),
      Buffer.from([0x63, 0xe9, 0x20, 0xff, 0x64]),
    ];
    writeFileSync(join(dir, 'a.log'), Buffer.concat(parts.flatMap((part) => [part, Buffer.from('\n')])));
    const ingest = open();
    await ingest.sync();
    ingest.close();
    const stored = await events();
    expect(stored.slice(0, 3).map(({ raw }) => raw)).toEqual(['磁盘已满：连接池', '磁盘 UTF-8', 'plain']);
    expect(stored.map(({ flags }) => flags.includes('not_utf8'))).toEqual([false, false, false, true]);
  });

  it('of short GB18030 words that are UTF-8 by chance is told by the lines before', () => {
    const decoder = new LineDecoder('auto', 'byte');
    // 联通 differs; 目 (C4 BF) is a Cyrillic-range pair in UTF-8.
    for (let n = 0; n < 5; n += 1) decoder.decode(GB, false);
    expect(decoder.decode(Buffer.from([0xc4, 0xbf]), false).toString()).toBe('目');
    expect(decoder.encoding).toBe('gb18030');
  });

  it('is not taken for UTF-16 because of NULs that a truncation left', () => {
    expect(lineUnitOf(Buffer.concat([Buffer.alloc(512), Buffer.from('plain text after it\n')]), 'auto')).toBe(
      'byte',
    );
    expect(lineUnitOf(Buffer.concat([Buffer.alloc(512), le('text after it\n')]), 'auto')).toBe('utf-16le');
    expect(lineUnitOf(Buffer.from('short'), 'auto')).toBe('byte');
  });

  it('bounds a UTF-16 line of 10 MB without losing the next', () => {
    const cutter = new LineCutter(0, Buffer.alloc(0), 'utf-16le');
    const bytes = Buffer.concat([le('中'.repeat(5 * 1024 * 1024)), le('\nnext\n')]);
    const lines = [];
    for (let at = 0; at < bytes.length; at += 65_537)
      lines.push(...cutter.push(bytes.subarray(at, at + 65_537)).lines);
    expect(lines.map(({ fullBytes }) => fullBytes)).toEqual([10 * 1024 * 1024, 0]);
    expect(lines[1]?.raw.toString('utf16le')).toBe('next');
    expect(lines[1]?.offset).toBe(10 * 1024 * 1024 + 2);
  });
});

describe('several lines as one event', () => {
  const TRACE = [
    '2026-11-22 10:00:00,000 ERROR [main] com.acme.Pool - pool is full',
    'java.lang.IllegalStateException: full',
    '\tat com.acme.Pool.get(Pool.java:34)',
    'Caused by: java.io.IOException: gone',
    '\t... 12 more',
    '2026-11-22 10:00:01,000 INFO [main] com.acme.Pool - going on',
  ];
  const bounds = { maxLines: 1000, maxBytes: 262_144, flushMs: 2000 };
  const rules: readonly LogMultiline[] = [
    { kind: 'start', pattern: '^\\d{4}-\\d\\d-\\d\\d ', ...bounds },
    { kind: 'indent', ...bounds },
    { kind: 'time', ...bounds },
  ];
  for (const multiline of rules)
    it(`joined by ${multiline.kind}: stored when the next begins or nothing follows, never in part`, async () => {
      const file = join(dir, 'a.log');
      writeFileSync(file, `${TRACE.slice(0, 3).join('\n')}\n`);
      const ingest = open({ multiline }, 'time-level');
      await ingest.pass(false);
      appendFileSync(file, `${TRACE.slice(3).join('\n')}\n`);
      await ingest.pass(false);
      const [first] = await events();
      // The exception's own line is not indented; only the rules that ask for a beginning know that it is none.
      expect(first?.raw.split('\n')[0]).toBe(TRACE[0]);
      expect(await events()).toHaveLength(1);
      now += 1000;
      await ingest.pass(false);
      expect(await events()).toHaveLength(1);
      now += 1500;
      await ingest.pass(false);
      const all = await events();
      expect(all.map(({ raw }) => raw)).toEqual([TRACE.slice(0, 5).join('\n'), TRACE[5]]);
      expect(all[0]).toMatchObject({ level: 'error', fields: { logger: 'com.acme.Pool', thread: 'main' } });
      expect(all[0]?.message).toContain('Caused by: java.io.IOException');
      expect(offset(all[1]?.id ?? '')).toBe(Buffer.byteLength(TRACE.slice(0, 5).join('\n')) + 1);
      ingest.close();
    });

  it('belongs to the reading in which it began: only what is written after that can be late', async () => {
    const file = join(dir, 'a.log');
    const line = (year: number): string => `${year}-01-01 00:00:00,000 INFO of ${year}\n`;
    writeFileSync(file, line(2020) + line(2021));
    const ingest = open({ multiline: { kind: 'indent', ...bounds } }, 'time-level');
    const wait = async (): Promise<void> => {
      now += 2500;
      await ingest.pass(false);
    };
    await ingest.pass(false);
    await wait();
    appendFileSync(file, line(2022));
    await wait();
    await wait();
    ingest.close();
    const late = (await events()).map(({ flags }) => flags.includes('late'));
    expect(late).toEqual([false, false, true]);
  });

  it('is read again whole after a crash in its middle', async () => {
    const file = join(dir, 'a.log');
    const multiline: LogMultiline = { kind: 'indent', ...bounds };
    writeFileSync(file, 'one\n two\n');
    const first = open({ multiline });
    await first.pass(false);
    first.abandon();
    expect(await events()).toEqual([]);
    appendFileSync(file, ' three\nfour\n');
    const second = open({ multiline });
    await second.sync();
    second.close();
    const stored = await events();
    expect(stored.map(({ raw }) => raw)).toEqual(['one\n two\n three', 'four']);
    const third = open({ multiline });
    await third.sync();
    third.close();
    expect(await events()).toHaveLength(2);
  });

  it('is bounded in lines and bytes', async () => {
    writeFileSync(join(dir, 'a.log'), `one\n${' x\n'.repeat(9)}two\n${` ${'y'.repeat(700)}\n`.repeat(3)}`);
    const ingest = open({ multiline: { kind: 'indent', maxLines: 5, maxBytes: 1024, flushMs: 2000 } });
    await ingest.sync();
    ingest.close();
    const stored = await events();
    expect(stored.map(({ raw }) => raw.split('\n').length)).toEqual([5, 5, 2, 1, 1]);
  });
});

describe('the paths of a source', () => {
  it('are several, folders too, each file once, without those left out', () => {
    mkdirSync(join(dir, 'sub'));
    for (const name of ['app-1.log', 'app-2.log', 'debug.log', 'sub/a.txt', 'sub/b.tmp'])
      writeFileSync(join(dir, name), '');
    const paths = parseSourcePaths({
      path: join(dir, 'app-*.log'),
      more: [join(dir, '*.log'), join(dir, 'sub')],
      exclude: ['debug*', '*.tmp'],
    });
    if (!paths.ok) throw new Error(paths.error.message.en);
    expect(findSourceFiles(paths.value).files.map(({ path }) => path)).toEqual(
      ['app-1.log', 'app-2.log', 'sub/a.txt'].map((name) => join(dir, name)),
    );
    expect(parseSourcePaths({ path: dir, more: ['relative'] })).toMatchObject({
      error: { code: 'LOG_PATH_RELATIVE', field: 'more[0]' },
    });
  });
});
