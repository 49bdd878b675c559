import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ageSegments } from '../../../../main/engine/age-segments.ts';
import type { SearchedSegment } from '../../../../main/engine/logs/rotate/open-segment.ts';
import { packSegment } from '../../../../main/engine/logs/rotate/pack.ts';
import { planContext, readContext } from '../../../../main/engine/logs/rotate/segment-context.ts';
import {
  compressFrame,
  indexFrame,
  type SegmentFrame,
} from '../../../../main/engine/logs/rotate/segment-file.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'hmtt-context-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

type Codec = SearchedSegment['codec'];
type Segment = SearchedSegment & { readonly lines: number };
const ROTATED = Date.UTC(2026, 10, 22);
const signal = new AbortController().signal;

const segmentOf = (id: string, codec: Codec, lines: number): Segment => ({
  ...{ id, codec, lines, file: join(dir, id), encrypted: false, rotatedAt: ROTATED },
  ...{ source: '/var/log/app.log', policy: 'app', host: 'app-1' },
});
const around = async (
  log: readonly Segment[],
  segmentId: string,
  line: number,
  before: number,
  after: number,
) => {
  const plan = planContext(log, { segmentId, line }, before, after);
  if (plan === null) throw new Error('no such line');
  const order = { parts: plan.parts, zone: 'UTC', keys: { identities: [] } };
  const read = await readContext(order, ageSegments, signal);
  if (!read.ok) throw new Error(read.error.message.en);
  return { ...plan, ...read.value };
};

/** A segment of frames or members that hold these texts. */
function write(id: string, codec: Codec, frames: readonly string[]): Segment {
  let [at, line] = [0, 0];
  const index: SegmentFrame[] = [];
  const parts = frames.map((text) => {
    const stored = codec === 'none' ? Buffer.from(text) : compressFrame(codec, Buffer.from(text));
    const lines = text.split('\n').length - 1;
    index.push({ at, stored: stored.length, raw: Buffer.byteLength(text), line, lines, words: '' });
    at += stored.length;
    line += lines;
    return stored;
  });
  writeFileSync(join(dir, id), Buffer.concat([...parts, ...(codec === 'zstd' ? [indexFrame(index)] : [])]));
  return segmentOf(id, codec, line + (frames.at(-1)?.endsWith('\n') === false ? 1 : 0));
}

const codecs = fc.constantFrom<Codec>('zstd', 'gzip', 'none');
const lineText = fc.constantFrom(
  '',
  'INFO started',
  '磁盘已满 ERROR',
  '    at stack (trace)',
  'a\rb',
  'x'.repeat(300),
);
const lineEnd = fc.constantFrom('\n', '\r\n');
const frame = fc.array(fc.tuple(lineText, lineEnd), { minLength: 1, maxLength: 6 });
const segments = fc.array(
  fc.record({ codec: codecs, frames: fc.array(frame, { maxLength: 4 }), unended: fc.boolean() }),
  { minLength: 1, maxLength: 4 },
);

describe('the lines around one of an archived segment', () => {
  it('are those of the plain log, over frames and segments, and no other frame is opened', async () => {
    await fc.assert(
      fc.asyncProperty(segments, fc.nat(), fc.nat(12), fc.nat(12), async (made, pick, before, after) => {
        const plain: { id: string; line: number; text: string; frame: string }[] = [];
        const log = made.map(({ codec, frames, unended }, n) => {
          const id = `s${n}`;
          const texts = frames.map((lines) => lines.map((parts) => parts.join('')).join(''));
          if (unended) texts.push('the last line, without line end');
          const all = [
            ...frames.map((lines) => lines.map(([text]) => text)),
            ...(unended ? [texts.slice(-1)] : []),
          ];
          let line = 0;
          for (const [at, lines] of all.entries())
            for (const text of lines) {
              line += 1;
              plain.push({ id, line, text: text ?? '', frame: codec === 'zstd' ? `${id} ${at}` : '' });
            }
          return write(id, codec, texts);
        });
        fc.pre(plain.length > 0);
        const at = pick % plain.length;
        const hit = plain[at];
        if (hit === undefined) throw new Error('unreachable');
        const wanted = plain.slice(Math.max(0, at - before), at + after + 1);
        const found = await around(log, hit.id, hit.line, before, after);
        expect(found.failed).toEqual([]);
        expect(found.lines.map(({ segmentId, line, text }) => [segmentId, line, text])).toEqual(
          wanted.map(({ id, line, text }) => [id, line, text]),
        );
        if (made.every(({ codec }) => codec === 'zstd'))
          expect(found.opened).toBe(new Set(wanted.map((one) => one.frame)).size);
        const next = (one: (typeof plain)[number] | undefined) =>
          one === undefined ? null : { segmentId: one.id, line: one.line };
        expect(found.earlier).toEqual(next(plain[at - before - 1]));
        expect(found.later).toEqual(next(plain[at + after + 1]));
      }),
      { numRuns: 60 },
    );
  });

  it('of many at once are those of each, in one look at each segment', async () => {
    const numbers = Array.from({ length: 40 }, (_, n) => `line ${n + 1}\n`);
    const tens = [0, 10, 20, 30].map((at) => numbers.slice(at, at + 10).join(''));
    for (const codec of ['zstd', 'gzip', 'none'] as const) {
      const segment = write('s', codec, tens);
      // Runs that overlap, touch, are the same, and lie apart; the frame of the lines 11 to 20 is not needed.
      const parts = [
        { segment, from: 33, to: 35 },
        { segment, from: 1, to: 4 },
        { segment, from: 3, to: 6 },
        { segment, from: 7, to: 7 },
        { segment, from: 33, to: 35 },
        { segment, from: 25, to: 26 },
      ];
      const read = await readContext({ parts, zone: 'UTC', keys: { identities: [] } }, ageSegments, signal);
      const wanted = [1, 2, 3, 4, 5, 6, 7, 25, 26, 33, 34, 35];
      expect(read.ok && read.value.lines.map(({ line }) => line)).toEqual(wanted);
      expect(read.ok && read.value.lines.map(({ text }) => text)).toEqual(wanted.map((n) => `line ${n}`));
      if (codec === 'zstd') expect(read.ok && read.value.opened).toBe(3);
    }
  });

  it('say time and level as hits do: a line without a time has that of the line before', async () => {
    const texts = [
      '2026-11-21T03:00:00Z INFO started\n',
      '2026-11-21T03:00:01Z ERROR failed\n    at one\n    at two\n2026-11-21T03:00:02Z INFO goes on\n',
    ];
    const found = await around([write('s', 'zstd', texts)], 's', 4, 1, 1);
    const time = Date.UTC(2026, 10, 21, 3, 0, 1);
    expect(found.opened).toBe(1);
    expect(found.lines).toMatchObject([
      { line: 3, time, level: 'unknown', host: 'app-1', source: '/var/log/app.log' },
      { line: 4, time },
      { line: 5, time: time + 1000, level: 'info' },
    ]);
  });

  it.each<Codec>(['zstd', 'gzip', 'none'])(
    '%s: a line of megabytes is one line, its text bounded',
    async (codec) => {
      const from = join(dir, 'log');
      const to = codec === 'none' ? null : join(dir, 's');
      writeFileSync(from, `one\n${'x'.repeat(9 << 20)}\nthree\n`);
      const packed = await packSegment({ from, to, codec, recipients: [] }, ageSegments, signal);
      expect(packed.ok).toBe(true);
      if (to === null) writeFileSync(join(dir, 's'), readFileSync(from));
      const found = await around([segmentOf('s', codec, 3)], 's', 2, 1, 1);
      expect(found.lines.map(({ line, text }) => [line, text.length])).toEqual([
        [1, 3],
        [2, 8193],
        [3, 5],
      ]);
      expect((await around([segmentOf('s', codec, 3)], 's', 3, 0, 9)).lines).toMatchObject([
        { text: 'three' },
      ]);
    },
  );

  it('names what cannot be read, and shows the rest', async () => {
    const log = [
      write('s0', 'zstd', ['a\n']),
      write('s1', 'zstd', ['b\n', 'c\n', 'd\n']),
      write('s2', 'gzip', ['e\n']),
      write('s3', 'none', ['f\n']),
    ];
    const bytes = readFileSync(join(dir, 's1'));
    // The content of the first frame is another; its checksum tells.
    bytes[9] = (bytes[9] ?? 0) ^ 0xff;
    writeFileSync(join(dir, 's1'), bytes);
    writeFileSync(join(dir, 's2'), 'no gzip');
    rmSync(join(dir, 's0'));
    const found = await around(log, 's1', 2, 9, 9);
    expect(found.lines.map(({ text }) => text)).toEqual(['c', 'd', 'f']);
    expect(found.failed.map(({ file, error }) => [file, error.code])).toEqual([
      [join(dir, 's0'), 'FILE_UNREADABLE'],
      [join(dir, 's1'), 'LOG_SEGMENT_DAMAGED'],
      [join(dir, 's2'), 'LOG_SEGMENT_DAMAGED'],
    ]);
  });

  it('are not read any further once nobody wants them, and no more of a file than is needed', async () => {
    const members = Array.from({ length: 40 }, (_, n) => `${n} ${'x'.repeat(1 << 20)}\n`);
    for (const codec of ['gzip', 'none'] as const) {
      const log = [write(codec, codec, members)];
      expect((await around(log, codec, 2, 1, 1)).opened).toBeLessThan(8);
    }
    const stopped = new AbortController();
    stopped.abort();
    const order = { parts: [{ segment: segmentOf('none', 'none', 40), from: 40, to: 40 }], zone: 'UTC' };
    const read = await readContext({ ...order, keys: { identities: [] } }, ageSegments, stopped.signal);
    expect(read).toMatchObject({ ok: false, error: { code: 'CANCELLED' } });
  });

  it('of a line that is not there are none', () => {
    const log = [{ id: 's', lines: 3 }];
    for (const [segmentId, line] of [
      ['s', 0],
      ['s', 4],
      ['t', 1],
    ] as const)
      expect(planContext(log, { segmentId, line }, 5, 5)).toBeNull();
  });
});
