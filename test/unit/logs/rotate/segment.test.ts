import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rotationPolicySchema } from '#shared/contract/logs-rotation-policy.ts';
import { ageSegments } from '../../../../main/engine/age-segments.ts';
import { parseLogrotate } from '../../../../main/engine/logs/rotate/logrotate/read.ts';
import { packSegment } from '../../../../main/engine/logs/rotate/pack.ts';
import { policyWarnings } from '../../../../main/engine/logs/rotate/policy.ts';
import { searchSegments } from '../../../../main/engine/logs/rotate/search.ts';
import {
  indexFrame,
  openBytes,
  possibleCodec,
  readPieces,
} from '../../../../main/engine/logs/rotate/segment-file.ts';
import { mayHoldTerms, wordFilter } from '../../../../main/engine/logs/rotate/words.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'hmtt-segment-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const signal = new AbortController().signal;
const pack = (text: Buffer, codec: 'zstd' | 'gzip') => {
  const from = join(dir, 'log');
  writeFileSync(from, text);
  return packSegment({ from, to: join(dir, 'part'), codec, recipients: [] }, ageSegments, signal);
};
type Within = { readonly start?: number; readonly end?: number; readonly codec?: 'zstd' | 'gzip' };
const search = (query: string, range: Within = {}) =>
  searchSegments(
    {
      query,
      start: range.start ?? null,
      end: range.end ?? null,
      zone: 'UTC',
      segments: [
        {
          id: 's',
          file: join(dir, 'part'),
          codec: range.codec ?? 'zstd',
          ...{ encrypted: false, source: '/var/log/app.log', policy: 'app', host: 'app-1' },
          rotatedAt: Date.UTC(2026, 10, 22),
        },
      ],
      limit: 100,
      keys: { identities: [] },
    },
    ageSegments,
    signal,
  );
const read = async (codec: 'zstd' | 'gzip') => {
  const bytes = openBytes(join(dir, 'part'));
  const pieces: Buffer[] = [];
  const done = await readPieces({ file: 'part', codec, bytes }, (piece) => {
    pieces.push(Buffer.from(piece));
  });
  bytes.close();
  return { done, text: Buffer.concat(pieces) };
};

const LINES = [
  '2026-11-21T03:00:00Z INFO request node=node-7 took=30 user1',
  '2026-11-21T03:00:01Z ERROR timeout node=node-8 took=101',
  '2026-11-21T03:00:02Z INFO hello user42',
  '2026-11-21T03:00:03Z ERROR 磁盘已满 disk full',
  '    at stack (trace)',
  '',
].join('\n');

describe('what a runtime writes', () => {
  const wanted = rotationPolicySchema.parse({ name: 'app', paths: ['/l/app.log'], keep: { days: 9 } });
  const without = { zstdCompressSync: undefined } as object;
  it('is gzip where it has no zstd, and what was asked for everywhere else', () => {
    const codecs = ['zstd', 'gzip', 'none'] as const;
    expect(codecs.map((codec) => possibleCodec(codec, without))).toEqual(['gzip', 'gzip', 'none']);
    expect(codecs.map((codec) => possibleCodec(codec))).toEqual(codecs);
  });
  it('is told with the policy where it is another', () => {
    const told = (written: 'zstd' | 'gzip') =>
      policyWarnings(wanted, written).filter(({ en }) => en.includes('zstd'));
    expect(told('zstd')).toEqual([]);
    expect(told('gzip')).toHaveLength(1);
  });
});

describe('a segment', () => {
  it.each(['zstd', 'gzip'] as const)('%s: any bytes come back, and lines are counted', async (codec) => {
    for (const text of [
      Buffer.from(''),
      Buffer.from('one'),
      Buffer.from('\n\n'),
      Buffer.alloc(5 << 20, 'x'),
      Buffer.concat([Buffer.alloc(3 << 20, 'line of a log\n'), Buffer.from([0, 255, 10, 13])]),
    ]) {
      const packed = await pack(text, codec);
      if (!packed.ok) throw new Error(packed.error.message.en);
      const lines =
        text.toString('latin1').split('\n').length - (text.length === 0 || text.at(-1) === 10 ? 1 : 0);
      expect(packed.value.before).toMatchObject({ lines, bytes: text.length });
      expect(packed.value.after).toEqual(packed.value.before);
      const back = await read(codec);
      expect(back.done.ok).toBe(true);
      expect(back.text.equals(text)).toBe(true);
    }
  });

  it('is refused when a byte of it was changed, when it was cut, and when its index lies', async () => {
    await pack(Buffer.alloc(300_000, 'a line of a log that says something\n'), 'zstd');
    const good = readFileSync(join(dir, 'part'));
    const spoilt = [
      good.subarray(0, good.length - 1),
      good.subarray(5),
      Buffer.concat([good, Buffer.from('x')]),
      Buffer.from(good.map((byte, at) => (at === 20 ? byte ^ 255 : byte))),
    ];
    for (const bytes of spoilt) {
      writeFileSync(join(dir, 'part'), bytes);
      const back = await read('zstd');
      expect(back.done).toMatchObject({ ok: false, error: { code: 'LOG_SEGMENT_DAMAGED' } });
    }
  });

  it('that unpacks to far more than it says is stopped at what it says', async () => {
    const bomb = zlib.zstdCompressSync(Buffer.alloc(64 << 20));
    const frames = [{ at: 0, stored: bomb.length, raw: 1000, line: 0, lines: 0, words: '' }];
    writeFileSync(join(dir, 'part'), Buffer.concat([bomb, indexFrame(frames)]));
    expect((await read('zstd')).done).toMatchObject({ ok: false, error: { code: 'LOG_SEGMENT_DAMAGED' } });
    const lying = [{ at: 0, stored: bomb.length, raw: 64 << 20, line: 0, lines: 0, words: '' }];
    writeFileSync(join(dir, 'part'), Buffer.concat([bomb, indexFrame(lying)]));
    expect((await read('zstd')).done).toMatchObject({ ok: false, error: { code: 'LOG_SEGMENT_DAMAGED' } });
  });
});

describe('searching a segment', () => {
  it('finds what a plain comparison finds, whatever the words', async () => {
    const words = ['disk', 'full', '磁盘已满', 'node-7', 'ERROR', 'a1b2', '温度'];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 }), {
          minLength: 1,
          maxLength: 30,
        }),
        fc.constantFrom(...words, '已满', 'nowhere'),
        async (lines, sought) => {
          const texts = lines.map((line) => line.join(' '));
          await pack(Buffer.from(`${texts.join('\n')}\n`), 'zstd');
          const found = await search(`"${sought}"`);
          const expected = texts.flatMap((text, at) =>
            text.toLowerCase().includes(sought.toLowerCase()) ? [at + 1] : [],
          );
          expect(found.ok && found.value.lines.map(({ line }) => line)).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each<[string, readonly number[]]>([
    ['level:error', [2, 4]],
    ['level:error NOT timeout', [4]],
    ['/user\\d{2}\\b/ OR "disk full"', [3, 4]],
    ['user*', [1, 3]],
    ['(node-7 OR node-8) level:error', [2]],
    ['host:app-* source:*app.log level:info', [1, 3]],
    ['host:db-1', []],
    ['磁盘', [4]],
    ['', [1, 2, 3, 4, 5]],
  ])('takes the whole query language: %s', async (query, expected) => {
    await pack(Buffer.from(LINES), 'zstd');
    const found = await search(query);
    expect(found.ok && found.value.lines.map(({ line }) => line)).toEqual(expected);
  });

  it('compares fields of a line, whatever its format', async () => {
    const lines = [30, 101, 99].map((took, n) =>
      JSON.stringify({ level: 'info', msg: `request ${n}`, took }),
    );
    await pack(Buffer.from(lines.join('\n')), 'zstd');
    for (const [query, expected] of [
      ['took>=99', [2, 3]],
      ['took:30 OR msg:"request 2"', [1, 3]],
    ] as const) {
      const found = await search(query);
      expect(found.ok && found.value.lines.map(({ line }) => line)).toEqual(expected);
    }
  });

  it('takes lines of a time, and says time and level of each; a stack trace has those before it', async () => {
    await pack(Buffer.from(LINES), 'zstd');
    const from = Date.UTC(2026, 10, 21, 3, 0, 3);
    const found = await search('', { start: from });
    expect(found.ok && found.value.lines).toMatchObject([
      { line: 4, time: from, level: 'error', host: 'app-1', source: '/var/log/app.log' },
      { line: 5, time: from, level: 'unknown' },
    ]);
    expect((await search('(')).ok).toBe(false);
  });

  it('a line without a time has that of the line before it, found or not, and none where that was not opened', async () => {
    const far = Array.from(
      { length: 30_000 },
      (_, at) => `2026-11-21T04:00:00Z INFO filling ${at} ${'x'.repeat(40)}`,
    );
    await pack(Buffer.from(`${LINES}${far.join('\n')}\n    at rare (trace)\n`), 'zstd');
    const found = await search('user1 OR trace');
    const times = found.ok ? found.value.lines.map(({ line, time }) => [line, time]) : [];
    const last = 30_006;
    expect(times).toEqual([
      [1, Date.UTC(2026, 10, 21, 3, 0, 0)],
      [5, Date.UTC(2026, 10, 21, 3, 0, 3)],
      [last, Date.UTC(2026, 10, 21, 4, 0, 0)],
    ]);
    // A piece that begins with a line without a time, behind one that was not opened.
    const long = `2026-11-21T03:00:00Z ERROR first one\n2026-11-21T05:00:00Z INFO ${'y'.repeat(1 << 20)}`;
    await pack(Buffer.from(`${long}\n    at rare (trace)\n`), 'zstd');
    const behind = await search('first OR rare');
    const opened = behind.ok ? behind.value.lines.map(({ line, time }) => [line, time]) : [];
    expect(opened).toEqual([
      [1, Date.UTC(2026, 10, 21, 3, 0, 0)],
      [3, null],
    ]);
  });

  it.each(['zstd', 'gzip'] as const)(
    '%s: finds a word at both ends of a line of megabytes',
    async (codec) => {
      await pack(Buffer.from(`one\nneedle ${'x'.repeat(9 << 20)} thread\nthree\n`), codec);
      for (const [word, line] of [
        ['needle', 2],
        ['thread', 2],
        ['three', 3],
      ] as const) {
        const found = await search(word, { codec });
        expect(found.ok && found.value.lines.map((hit) => hit.line)).toEqual([line]);
      }
    },
  );

  it('a filter never hides a word that is there, and hides nearly all others', () => {
    const piece = Array.from({ length: 5000 }, (_, n) => `request ${n * 7919} by user${n}`).join('\n');
    const filter = wordFilter(Buffer.from(piece));
    const holds = (term: string) => mayHoldTerms(filter, { kind: 'term', term, prefix: false });
    for (let n = 0; n < 5000; n += 97) expect(holds(`user${n}`)).toBe(true);
    const others = Array.from({ length: 2000 }, (_, n) => `absent${n}`);
    const wrong = others.filter(holds).length;
    expect(wrong).toBeLessThan(60);
  });
});

it('any text is read as a logrotate file or refused, and never throws', () => {
  const word = fc.constantFrom(
    '/a/b.log',
    '{',
    '}',
    '\n',
    'daily',
    'rotate 3',
    '"',
    "'",
    'postrotate',
    'endscript',
    '#',
    ' ',
    'size=1k',
    '~',
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), (words) => {
      const parsed = parseLogrotate('f', words.join(' '));
      return parsed.ok || parsed.error.code === 'LOGROTATE_REFUSED';
    }),
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (text) => typeof parseLogrotate('f', text).ok === 'boolean'),
  );
});
