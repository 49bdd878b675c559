import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileGrok } from '../../main/engine/logs/parse/grok.ts';
import { GROK_PATTERNS } from '../../main/engine/logs/parse/grok-patterns.ts';
import { firstMissing, partsOf } from '../../main/engine/logs/parse/mismatch.ts';
import { BUILT_IN_FORMATS, createParser, type LineParser } from '../../main/engine/logs/parse/parser.ts';
import { testSample } from '../../main/engine/logs/parse/sample.ts';
import { type Framed, SyslogFramer } from '../../main/engine/logs/receive/framing.ts';
import { asLine, hostOf } from '../../main/engine/logs/receive/message.ts';
import { LineDecoder, type LineUnit, lineUnitOf } from '../../main/engine/logs/tail/encoding.ts';
import { joinerOf } from '../../main/engine/logs/tail/joining.ts';
import { LineCutter, type RawLine } from '../../main/engine/logs/tail/lines.ts';

const NEAR = Date.UTC(2026, 10, 22, 12);
const EXAMPLES = [
  '10.0.0.7 - li [22/Nov/2026:10:00:00 +0800] "GET /erp HTTP/1.1" 502 157 "-" "curl/7.88"',
  '2026/11/22 10:00:00 [error] 7#7: *5 connect() failed, client: 10.0.0.7, server: "erp"',
  '[Sun Nov 22 10:00:00.123456 2026] [core:error] [pid 7:tid 9] [client 10.0.0.7:12] AH00128: gone',
  'E1122 10:00:00.123456    12 pool.go:34] pool is full',
  'ERROR:acme.pool:pool is full',
  '2026-11-22 10:00:00 firewall deny src=10.0.0.7 dst="10.0.1.9" port=445',
  '2026-11-22T10:00:00.123+08:00  INFO 123 --- [app] [main] c.a.Pool : going on',
  '<165>1 2026-11-22T10:00:00Z host app 12 ID [x@1 a="b\\"c"] text',
  '{"time":"2026-11-22T10:00:00Z","level":"error","msg":"full","a":{"b":1}}',
];

/** Lines that are nearly of a format: one of the examples with pieces taken out, doubled, or put in. */
const nearly = fc
  .tuple(
    fc.constantFrom(...EXAMPLES),
    fc.array(
      fc.tuple(
        fc.nat(120),
        fc.nat(12),
        fc.constantFrom('', '"', '\\', '[', ']', '=', ' ', '%{', '\0', '磁', '99999999999', '\ufeff', '\n'),
      ),
      { maxLength: 6 },
    ),
  )
  .map(([text, edits]) =>
    edits.reduce((line, [at, length, put]) => line.slice(0, at) + put + line.slice(at + length), text),
  );

const SPECS = [
  ...BUILT_IN_FORMATS,
  'grok:%{COMBINEDAPACHELOG}',
  'grok:%{SYSLOGLINE}',
  'grok:%{TIMESTAMP_ISO8601:time} %{LOGLEVEL:level} %{DATA:a}=%{GREEDYDATA:message}',
];

function parserOf(spec: string): LineParser {
  const made = createParser({ spec, zone: 'Asia/Shanghai' });
  if (!made.ok) throw new Error(made.error.message.en);
  return made.value;
}

describe('parsers', () => {
  for (const spec of SPECS)
    it(`${spec.slice(0, 30)} never throws, says where it stops, and loses no field to a prototype`, () => {
      const parser = parserOf(spec);
      fc.assert(
        fc.property(fc.oneof(nearly, fc.string({ unit: 'binary', maxLength: 200 })), (text) => {
          const parsed = parser.parse(text, NEAR);
          if (parsed !== null) {
            expect(typeof parsed.message).toBe('string');
            expect(Object.values(parsed.fields).every((value) => typeof value === 'string')).toBe(true);
            if (parsed.time !== null) expect(Number.isFinite(parsed.time)).toBe(true);
          } else {
            const mismatch = parser.explain?.(text, NEAR);
            if (mismatch) {
              expect(mismatch.column).toBeGreaterThan(0);
              expect(mismatch.column).toBeLessThanOrEqual(text.length + 1);
            }
          }
        }),
        { numRuns: spec.startsWith('grok') ? 100 : 400 },
      );
    });

  const LONG = 128 * 1024;
  const hostile = [
    '"'.repeat(LONG),
    'a="'.repeat(LONG / 3),
    "a='".repeat(LONG / 3),
    '='.repeat(LONG),
    '['.repeat(LONG),
    '\\'.repeat(LONG),
    `{"a":${'['.repeat(LONG)}`,
    '2026-11-22 10:00:00 '.repeat(LONG / 20),
    `2026-11-22 10:00:00 ${'[a] '.repeat(LONG / 4)}`,
    ' '.repeat(LONG),
    `10.0.0.7 - - [22/Nov/2026:10:00:00 +0800] "${'\\"'.repeat(LONG / 2)}`,
    `10.0.0.7 - - [22/Nov/2026:10:00:00 +0800] "${'\\'.repeat(LONG)}" "`,
    `2026/11/22 10:00:00 [error] 7#7: ${', client: "'.repeat(LONG / 11)}`,
    'a'.repeat(LONG),
    `<11>1 - - - - - ${'[a b="'.repeat(LONG / 6)}`,
  ];
  for (const spec of SPECS)
    it(`${spec.slice(0, 30)} takes no long time over lines that mean harm`, () => {
      const parser = parserOf(spec);
      for (const text of hostile) {
        const began = performance.now();
        parser.parse(text, NEAR);
        // Quadratic behaviour would take minutes; the bound leaves room for a busy machine.
        expect(performance.now() - began, text.slice(0, 40)).toBeLessThan(15_000);
      }
    });
});

describe('grok', () => {
  it('every pattern compiles, and is compiled to a program that is fast', () => {
    for (const name of GROK_PATTERNS.keys())
      expect(compileGrok(`%{${name}:x}`), name).toMatchObject({ ok: true });
  });

  it('what is no pattern is refused by name, never thrown', () => {
    fc.assert(
      fc.property(
        fc
          .array(
            fc.constantFrom(
              '%{',
              '}',
              'IP',
              ':x',
              '(',
              ')',
              '[',
              ']',
              '*',
              '+',
              '{9}',
              '|',
              '\\',
              '(?<a>',
              '%{WORD:w}',
              'a',
            ),
            {
              maxLength: 12,
            },
          )
          .map((parts) => parts.join('')),
        fc.string({ maxLength: 30 }),
        (pattern, text) => {
          const made = compileGrok(pattern);
          if (!made.ok) expect(['GROK_UNKNOWN', 'GROK_INVALID']).toContain(made.error.code);
          else if (made.value.match(text) === null) made.value.explain(text);
        },
      ),
      { numRuns: 300 },
    );
    const odd = compileGrok('%{WORD:w}[}[(?<a>|]*');
    expect(odd.ok && odd.value.match('word')).toEqual({ w: 'word' });
    expect(compileGrok('%{IPP:client}')).toMatchObject({ ok: false, error: { code: 'GROK_UNKNOWN' } });
    expect(
      compileGrok(
        '%{A}',
        new Map([
          ['A', '%{B}'],
          ['B', '%{A}'],
        ]),
      ),
    ).toMatchObject({ ok: false, error: { code: 'GROK_INVALID' } });
  });

  it('the parts of an expression put together are the expression', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('a', '(', ')', '[', ']', '\\', '%', '{', '}', '*', '|', '1', ','),
          maxLength: 30,
        }),
        (pattern) => {
          expect(partsOf(pattern).join('')).toBe(pattern);
        },
      ),
    );
    const made = compileGrok('%{IP:client} %{WORD:method} %{NUMBER:ms} ms');
    if (!made.ok) throw new Error(made.error.message.en);
    expect(made.value.explain('10.0.0.7 GET soon ms')).toMatchObject({ column: 14 });
    expect(
      firstMissing('a', 'b', () => {
        throw new Error('no expression');
      }).column,
    ).toBe(1);
  });
});

/** Cuts bytes at any places and gives the pieces to `take`, in their order. */
const cutAnywhere = (bytes: Buffer, places: readonly number[], take: (piece: Buffer) => void): void => {
  let from = 0;
  for (const place of [...places].map((p) => p % (bytes.length + 1)).sort((a, b) => a - b)) {
    take(bytes.subarray(from, place));
    from = place;
  }
  take(bytes.subarray(from));
};

describe('the frames of syslog over TCP', () => {
  const frames = fc.array(fc.tuple(fc.boolean(), fc.string({ minLength: 1, maxLength: 60 })), {
    maxLength: 12,
  });
  it('are the same however the stream is cut, counted and by lines mixed', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.nat(), { maxLength: 12 }), (parts, places) => {
        const texts = parts.map(([, text]) => `<14>${text.replace(/[\r\n\0]/g, '_')}.`);
        const stream = Buffer.concat(
          parts.map(([counted], index) => {
            const body = Buffer.from(texts[index] ?? '');
            return counted
              ? Buffer.concat([Buffer.from(`${body.length} `), body])
              : Buffer.concat([body, Buffer.from('\n')]);
          }),
        );
        const framer = new SyslogFramer(1024);
        const got: Framed[] = [];
        cutAnywhere(stream, places, (piece) => got.push(...(framer.push(piece) ?? [])));
        expect(got.map(({ bytes }) => bytes.toString())).toEqual(texts);
        expect(framer.isInside).toBe(false);
      }),
    );
  });

  it('are bounded whatever comes, and every message is one line with a host that can be a folder', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.uint8Array({ maxLength: 300 }),
            fc.constantFrom(Buffer.from('999999 '), Buffer.from('<11>Nov 22 10:00:00 ../x a: b\n')),
          ),
        ),
        (chunks) => {
          const framer = new SyslogFramer(64);
          for (const chunk of chunks) {
            const got = framer.push(Buffer.from(chunk));
            if (got === null) return;
            for (const { bytes } of got) {
              expect(bytes.length).toBeLessThanOrEqual(64);
              const line = asLine(bytes);
              expect(line.indexOf(10)).toBe(line.length - 1);
              const host = hostOf(bytes);
              if (host !== null) expect(host).toMatch(/^[A-Za-z0-9][A-Za-z0-9._:-]*$/);
            }
          }
        },
      ),
    );
  });
});

describe('lines of any encoding', () => {
  const text = fc.array(
    fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom('磁盘已满', '\u0a0a\u0a00', 'a b c d e f g h', ''),
    ),
    {
      minLength: 1,
      maxLength: 10,
    },
  );
  it('are the same however the file is read, with their places in the file', () => {
    fc.assert(
      fc.property(
        text,
        fc.constantFrom<LineUnit>('byte', 'utf-16le', 'utf-16be'),
        fc.array(fc.nat(), { maxLength: 10 }),
        (parts, unit, places) => {
          const lines = parts.map((part) => part.replace(/[\n\r\0\ufeff]/g, '_'));
          const whole = lines.map((line) => `${line}\n`).join('');
          const utf16 = Buffer.from(whole, 'utf16le');
          const bytes = unit === 'byte' ? Buffer.from(whole) : unit === 'utf-16le' ? utf16 : utf16.swap16();
          const cutter = new LineCutter(0, Buffer.alloc(0), unit);
          const decoder = new LineDecoder(unit === 'byte' ? 'utf-8' : unit, unit);
          const got: RawLine[] = [];
          cutAnywhere(bytes, places, (piece) => got.push(...cutter.push(piece).lines));
          const wellFormed = lines.map((line) => Buffer.from(line).toString());
          expect(got.map(({ raw }) => decoder.decode(raw, false).toString())).toEqual(wellFormed);
          expect(got.at(-1)?.end ?? 0).toBe(bytes.length);
          expect(got.map(({ offset }) => offset)).toEqual(
            [0, ...got.map(({ end }) => end)].slice(0, got.length),
          );
        },
      ),
    );
  });

  it('joined to events hold every line once, in order, whatever the pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('2026-11-22 10:00:00 a', ' b', '\tat c', 'Caused by: d', 'e', ''), {
          minLength: 1,
          maxLength: 30,
        }),
        fc.array(fc.nat(), { maxLength: 8 }),
        fc.constantFrom<'indent' | 'time'>('indent', 'time'),
        (lines, places, kind) => {
          const joiner = joinerOf({ kind, maxLines: 8, maxBytes: 1024, flushMs: 1000 });
          if (joiner === null) throw new Error('no joiner');
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
          const cutter = new LineCutter(0, Buffer.alloc(0));
          const got: RawLine[] = [];
          const check = (events: readonly RawLine[], tailAt: (end: number) => Buffer): void => {
            for (const event of events) {
              // The bytes before an event's end prove later that the file is still the same.
              expect(tailAt(event.end).equals(bytes.subarray(Math.max(0, event.end - 256), event.end))).toBe(
                true,
              );
              got.push(event);
            }
          };
          cutAnywhere(bytes, places, (piece) => {
            const joined = joiner.push(cutter.push(piece), 0);
            check(joined.lines, joined.tailAt);
          });
          const rest = joiner.flush();
          if (rest !== null) check(rest.lines, rest.tailAt);
          expect(got.map(({ raw }) => raw.toString()).join('\n')).toBe(lines.join('\n'));
          expect(got.map(({ offset }) => offset)).toEqual(
            [0, ...got.map(({ end }) => end)].slice(0, got.length),
          );
        },
      ),
    );
  });

  it('of any bytes at all are decided without failing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (any) => {
        const bytes = Buffer.from(any);
        const unit = lineUnitOf(bytes, 'auto');
        const decoder = new LineDecoder('auto', unit);
        for (const { raw } of new LineCutter(0, Buffer.alloc(0), unit).push(bytes).lines)
          decoder.decode(raw, true);
      }),
    );
  });
});

describe('the test on a sample', () => {
  it('shows every line of any text, with a reason and a column where it does not match', () => {
    fc.assert(
      fc.property(fc.array(nearly, { maxLength: 8 }), fc.constantFrom('auto', ...SPECS), (lines, format) => {
        const text = lines.join('\n');
        const tested = testSample(
          { format, zone: 'UTC', encoding: 'auto', multiline: { kind: 'none' }, text, limit: 500 },
          NEAR,
        );
        if (!tested.ok) throw new Error(tested.error.message.en);
        for (const line of tested.value.lines) {
          expect(line.matched).toBe(line.why === null);
          for (const { value, column } of line.fields)
            if (column !== null) expect(line.text.slice(column - 1, column - 1 + value.length)).toBe(value);
        }
        expect(tested.value.matched).toBe(tested.value.lines.filter(({ matched }) => matched).length);
      }),
      { numRuns: 100 },
    );
  });
});
