import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parserCache } from '../../main/engine/logs/parse/parser.ts';
import { holds } from '../../main/engine/logs/search/match.ts';
import { decodeColumns, encodeBlock, linesOf } from '../../main/engine/logs/store/block.ts';
import { gathered, wholeOf } from '../../main/engine/logs/store/columns.ts';
import { indexTerms, indexText } from '../../main/engine/logs/store/text-index.ts';
import { LineCutter } from '../../main/engine/logs/tail/lines.ts';
import { parseQuery } from '../../shared/domain/log-query/parser.ts';

const NEAR = Date.UTC(2026, 10, 22, 12);
const parserOf = parserCache();

/** Text that comes close to being a log line. */
const logLike = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '2026-11-22',
        '10:11:12',
        'T',
        'Z',
        ',123',
        '+08:00',
        'Nov 22',
        '<165>',
        '1 ',
        '[',
        ']',
        '{',
        '}',
        '"',
        '=',
        ':',
        ' - ',
        'ERROR',
        'level',
        'msg',
        '\\u78c1',
        '\\',
        '9999999999',
        '磁盘',
        '\u0000',
        '\ufeff',
        '-',
        ' ',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(''));

describe('parsers', () => {
  for (const spec of [
    'json',
    'logfmt',
    'syslog',
    'time-level',
    'plain',
    '^(?P<time>\\S+) (?P<level>\\w+)? ?(?P<message>.*)',
  ])
    it(`${spec} never throws, and what it finds is well formed`, () => {
      const parser = parserOf({ spec, zone: 'Asia/Shanghai' });
      fc.assert(
        fc.property(fc.oneof(logLike, fc.json()), (line) => {
          const parsed = parser.parse(line, NEAR);
          if (parsed === null) return;
          if (parsed.time !== null) expect(Number.isFinite(parsed.time)).toBe(true);
          expect(typeof parsed.message).toBe('string');
          for (const value of Object.values(parsed.fields)) expect(typeof value).toBe('string');
        }),
        { numRuns: 1000 },
      );
    });

  it('a query is parsed or refused, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(logLike, fc.string({ unit: 'binary' })), (text) => {
        const parsed = parseQuery(text);
        if (!parsed.ok) expect(parsed.error.code).toMatch(/^LOG_QUERY_/);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the index', () => {
  const text = fc
    .array(
      fc.oneof(
        fc.constantFrom('磁', '盘', '已', '满', 'error', 'Über', '，', ' ', '-', 'x1', 'é', '𠀀', 'ー'),
        fc.string({ unit: 'grapheme', maxLength: 3 }),
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(''));

  it('never rules out a text in which a word or phrase stands', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), fc.boolean(), (line, from, length, prefix) => {
        const chars = [...line];
        const start = from % (chars.length + 1);
        const needle = chars
          .slice(start, start + (length % 8))
          .join('')
          .toLowerCase();
        if (!holds(line.toLowerCase(), { text: needle, openStart: false, openEnd: prefix })) return;
        // What FTS5's `ascii` tokenizer makes of the prepared text.
        const tokens = indexText(line)
          .split(/[^0-9A-Za-z\u0080-\uffff]+/)
          .map((token) => token.replace(/[A-Z]/g, (c) => c.toLowerCase()));
        for (const { term, prefix: open } of indexTerms(needle, prefix))
          expect(
            tokens.some((token) => (open ? token.startsWith(term) : token === term)),
            `${term} of ${needle}`,
          ).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('cutting lines', () => {
  it('does not depend on where the chunks end', () => {
    const bytes = fc
      .array(fc.constantFrom(10, 13, 0, 97, 98, 0xe7, 0xff), { maxLength: 200 })
      .map((list) => Buffer.from(list));
    fc.assert(
      fc.property(bytes, fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 40 }), (content, sizes) => {
        const whole = new LineCutter(0, Buffer.alloc(0));
        const wanted = whole.push(content);
        const pieces = new LineCutter(0, Buffer.alloc(0));
        const lines: { offset: number; end: number; raw: string }[] = [];
        let at = 0;
        for (const size of [...sizes, content.length]) {
          const cut = pieces.push(content.subarray(at, at + size));
          at = Math.min(content.length, at + size);
          for (const { offset, end, raw } of cut.lines) {
            lines.push({ offset, end, raw: raw.toString('latin1') });
            expect(cut.tailAt(end).toString('latin1')).toBe(
              content.subarray(Math.max(0, end - 256), end).toString('latin1'),
            );
          }
        }
        expect(lines).toEqual(
          wanted.lines.map(({ offset, end, raw }) => ({ offset, end, raw: raw.toString('latin1') })),
        );
        expect(pieces.offset).toBe(whole.offset);
        expect(pieces.tail.equals(whole.tail)).toBe(true);
        expect(pieces.readOffset).toBe(content.length);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('block data', () => {
  it('comes back as it was', () => {
    const line = fc.record({
      gap: fc.integer({ min: 0, max: 2 ** 40 }),
      time: fc.integer({ min: -(2 ** 45), max: 2 ** 50 }),
      level: fc.integer({ min: 0, max: 6 }),
      flags: fc.integer({ min: 0, max: 63 }),
      span: fc.integer({ min: 0, max: 2 ** 40 }),
      changes: fc.option(fc.record({ message: fc.string(), tags: fc.array(fc.string()) })),
      raw: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), (given) => {
        let behind = 0;
        const lines = given.map(({ gap, span, ...rest }) => {
          const offset = behind + gap;
          behind = offset + span;
          return { ...rest, offset, end: behind, stream: 's' };
        });
        const first = lines[0]?.offset ?? 0;
        const minTime = Math.min(...lines.map((one) => one.time));
        const frame = { layout: 2, events: lines.length, firstOffset: first, minTime, stream: 's' };
        // In two parts, as where a block holds lines of two readings.
        const parts = [lines.slice(0, 3), lines.slice(3)].map((some) => wholeOf(gathered(some)));
        const { data } = encodeBlock(parts, first, minTime);
        expect(linesOf(decodeColumns(data, frame))).toEqual(lines);
      }),
    );
  });
});
