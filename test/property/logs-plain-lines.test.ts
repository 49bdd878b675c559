import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identityStage, segmentsOf } from '../../main/engine/logs/ingest/lines.ts';
import { parserCache } from '../../main/engine/logs/parse/parser.ts';
import { lineOfStream, streamAt } from '../../main/engine/logs/store/columns.ts';
import type { Segment } from '../../main/engine/logs/store/day.ts';
import { TailedFile } from '../../main/engine/logs/tail/file.ts';
import type { CutLines } from '../../main/engine/logs/tail/lines.ts';
import { openCandidate } from '../../main/engine/logs/tail/open.ts';
import { type TailSource, tailSourceOf } from '../../main/engine/logs/tail/source.ts';
import { TermCollector } from '../../main/engine/logs/terms/terms.ts';

const NOW = Date.UTC(2026, 10, 22, 12);

const stamp = fc.constantFrom(
  '2026-11-22 10:11:12,345 INFO ',
  '2026-11-22 11:11:12.345 ERROR ',
  '2026-11-21 23:59:59,999 WARN ',
  '2026-11-20 10:11:12 INFO ',
  '2026-11-22 13:00:00,000 INFO ',
  '2099-01-01 00:00:00,000 DEBUG ',
  '1970-01-01 00:00:00,000 INFO ',
  '\tat com.acme.Pool',
  '',
);
const rest = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom('磁盘已满', 'x'.repeat(300)),
);
const text = fc
  .array(fc.tuple(stamp, rest, fc.constantFrom('\n', '\n', '\n', '\r\n')), { minLength: 1, maxLength: 120 })
  // A NUL makes a line an odd one, which is another test's concern.
  .map((lines) =>
    lines
      .map((parts) => parts.join(''))
      .join('')
      .replaceAll('\0', ''),
  );

describe('lines that stay bytes', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'hmtt-plain-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  function sourceOf(path: string): TailSource {
    const source = tailSourceOf({
      ...{ id: 's', name: 'app', path, format: 'time-level' },
      ...{ host: 'h', zone: 'UTC', from: 'beginning' },
    });
    if (!source.ok) throw new Error(source.error.message.en);
    return source.value;
  }

  /** What is stored of a file whose lines are given to the store as `shown` says. */
  function stored(path: string, shown: (cut: CutLines) => CutLines): unknown {
    const opened = openCandidate(path, () => undefined);
    if (opened === null) throw new Error('not opened');
    const base = { base: path, offset: 0, lines: 0, prev: null, zone: 'UTC' };
    const file = new TailedFile({ key: 'k', sourceId: 's', opened, ...base, monotonic: 0, readMtimeMs: 0 });
    file.look();
    const outcome = file.read(file.size);
    file.close();
    if (outcome.kind !== 'lines') return null;
    const segments = segmentsOf(sourceOf(path), file, shown(outcome.cut), parserCache(), identityStage, NOW);
    return { segments: segments.map(written), day: file.day, switches: file.switches, stamp: file.lastStamp };
  }

  function written({ lines, position, ...segment }: Segment): unknown {
    return {
      ...segment,
      offset: position.offset,
      lines: Array.from({ length: lines.events }, (_, i) => lineOfStream(lines, i, streamAt(lines, i))),
    };
  }

  it('are stored as lines are that pass as objects', () => {
    const path = join(dir, 'app.log');
    fc.assert(
      fc.property(text, (content) => {
        writeFileSync(path, content);
        const plain = stored(path, (cut) => cut);
        expect(plain).toEqual(stored(path, ({ lines, tailAt }) => ({ lines, tailAt })));
      }),
      { numRuns: 150 },
    );
  });

  it('have together the terms that each has by itself, broken characters included', () => {
    const bytes = fc.array(
      fc.oneof(fc.constantFrom(...Buffer.from('abczAZ09 @[`{/:-\n磁盘é')), fc.nat(255)),
      {
        maxLength: 200,
      },
    );
    fc.assert(
      fc.property(bytes, (given) => {
        const data = Buffer.from(given);
        const together = new TermCollector();
        together.addBytes(data, 0, data.length);
        const apart = new TermCollector();
        for (let from = 0; from <= data.length; ) {
          const end = data.indexOf(10, from);
          const stop = end < 0 ? data.length : end;
          apart.addText(data.toString('utf8', from, stop));
          from = stop + 1;
        }
        expect([...together.found].sort()).toEqual([...apart.found].sort());
      }),
      { numRuns: 2000 },
    );
  });
});
