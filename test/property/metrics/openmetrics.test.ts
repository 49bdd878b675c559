import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelsFromPairs, METRIC_NAME } from '#shared/domain/labels.ts';
import {
  STALE_TEXT,
  seriesText,
  timeText,
  valueText,
} from '../../../main/engine/metrics/backfill/open-metrics-text.ts';
import { openMetrics } from '../../helpers/metrics-area.ts';
import { allSamples, exportFile, importFile } from '../../helpers/openmetrics.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const NOW = Date.UTC(2026, 10, 22);

const labels = fc
  .record({
    name: fc.constantFrom('a', 'b_total', 'c_bucket', 'c_sum', 'c_count', 'd:e', 'f_info'),
    x: fc.string({ unit: 'grapheme', maxLength: 6 }),
    y: fc.constantFrom('', '\n', '"', '\\', '\\n', '中文', 'ÿ'),
  })
  .map(({ name, x, y }) =>
    labelsFromPairs([
      [METRIC_NAME, name],
      ['x', x],
      ['y', y],
    ]),
  );

const value = fc.oneof(
  fc.double({ noNaN: true }).map(valueText),
  fc.constantFrom('NaN', STALE_TEXT, '+Inf', '-Inf', '-0', '5e-324', '1.7976931348623157e+308'),
);
/** From 1970 on, dense around a day's edge and sparse over the years. */
const time = fc.oneof(
  fc.integer({ min: 0, max: NOW }),
  fc.integer({ min: NOW - 86_400_000 - 300_000, max: NOW - 86_400_000 + 300_000 }),
);

test('every time is written so that a reader who drops the fraction of the milliseconds has it again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (ms) => {
      expect(Math.trunc(Number(timeText(ms)) * 1000)).toBe(ms);
      expect(Math.round(Number(timeText(ms)) * 1000)).toBe(ms);
    }),
    { numRuns: 20_000 },
  );
});

test('a document that is imported, exported and imported again is the same, bit for bit', async () => {
  const root = temporaryFolder('openmetrics');
  let run = 0;
  const openAs = (name: string) => {
    const folder = join(root, `${run}-${name}`);
    mkdirSync(folder);
    return { folder, bench: openMetrics(folder, NOW) };
  };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(labels, value, time), { minLength: 1, maxLength: 400 }),
      async (samples) => {
        run++;
        const lines = samples.map(([series, text, ms]) => `${seriesText(series)} ${text} ${timeText(ms)}\n`);
        const first = openAs('first');
        const second = openAs('second');
        try {
          const file = join(root, `${run}.om`);
          writeFileSync(file, `${lines.join('')}# EOF\n`);
          expect(await importFile(first.bench, first.folder, file)).toMatchObject({ ok: true });
          const distinct = new Set(samples.map(([series, , ms]) => `${series.join('\0')} ${ms}`));
          const found = allSamples(first.bench);
          expect([...found.values()].reduce((sum, one) => sum + one.length, 0)).toBe(distinct.size);
          const copy = join(root, `${run}-copy.om`);
          expect(await exportFile(first.bench, copy)).toMatchObject({ ok: true });
          expect(await importFile(second.bench, second.folder, copy)).toMatchObject({ ok: true });
          expect(allSamples(second.bench)).toEqual(found);
        } finally {
          first.bench.area.close();
          second.bench.area.close();
        }
      },
    ),
    { numRuns: 12 },
  );
}, 60_000);
