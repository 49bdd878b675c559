import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { IMPORT_FOLDER, resumeAdoption } from '../../../../main/engine/metrics/backfill/adopt.ts';
import { planPasses } from '../../../../main/engine/metrics/backfill/build-day.ts';
import { answered, type MetricsBench, openMetrics } from '../../../helpers/metrics-area.ts';
import { allSamples, exportFile, importFile, sampleText } from '../../../helpers/openmetrics.ts';
import { temporaryFolder } from '../../../helpers/temp-folder.ts';

const NOW = Date.UTC(2026, 10, 22);
let root: string;
let folder: string;
let bench: MetricsBench;

beforeEach(() => {
  root = temporaryFolder('backfill');
  folder = join(root, 'metrics');
  mkdirSync(folder);
  bench = openMetrics(folder, NOW);
});
afterEach(() => bench.area.close());

const write = (text: string | Buffer): string => {
  const file = join(root, 'samples.om');
  writeFileSync(file, text);
  return file;
};
const importText = (text: string | Buffer) => importFile(bench, folder, write(text));

test('samples of any age and in any order are found where they belong', async () => {
  const done = await importText(
    'b 3 1600000030\na{x="1"} 1 1000000000\nb 1 1600000000.5\n' +
      'a{x="1"} 2 1000000015\nb 2 1600000015\nb 9 1600000015\n# EOF\n',
  );
  expect(done).toMatchObject({
    ok: true,
    value: { samples: 5, doubled: 1, series: 2, start: 1_000_000_000_000, end: 1_600_000_030_000 },
  });
  expect([...allSamples(bench).values()]).toEqual([
    [sampleText(1_000_000_000_000, 1), sampleText(1_000_000_015_000, 2)],
    [sampleText(1_600_000_000_500, 1), sampleText(1_600_000_015_000, 2), sampleText(1_600_000_030_000, 3)],
  ]);
  expect(existsSync(join(folder, IMPORT_FOLDER))).toBe(false);
});

test('what is imported stands beside what was scraped, which counts where both have a time', async () => {
  const target = bench.target({ labels: {} });
  for (const [i, value] of [10, 11].entries()) target.succeed(answered(NOW + i * 15_000, `a ${value}\n`));
  bench.now = NOW + 60_000;
  await importText(`a 5 ${NOW / 1000 - 15}\na 6 ${NOW / 1000}\n# EOF\n`);
  expect(await bench.ask('a[10m]')).toEqual({ a: '-75000:5 -60000:10 -45000:11' });
  // The head goes on as before, and a later start finds the same.
  target.succeed(answered(NOW + 30_000, 'a 12\n'));
  bench.area.close();
  bench = openMetrics(folder, NOW + 60_000);
  expect(await bench.ask('a[10m]')).toEqual({ a: '-75000:5 -60000:10 -45000:11 -30000:12' });
});

test('what the file says about metrics is kept, but nothing that is known is changed', async () => {
  bench.target().succeed(answered(NOW, '# TYPE known gauge\n# HELP known Mine.\nknown 1\n'));
  await importText(
    '# TYPE known unknown\n# HELP known Theirs.\n# TYPE fresh counter\n# HELP fresh New.\nfresh_total 1 1600000000\n# EOF\n',
  );
  expect(bench.area.store.metadata('known')).toMatchObject({ type: 'gauge', help: 'Mine.' });
  expect(bench.area.store.metadata('fresh')).toMatchObject({ type: 'counter', help: 'New.' });
});

test('a gzipped file is read as it is', async () => {
  const done = await importText(gzipSync('a 1 1600000000\n# EOF\n'));
  expect(done).toMatchObject({ ok: true, value: { samples: 1 } });
});

describe('a broken file changes nothing, and its line is named', () => {
  test.each([
    ['no time stamp', 'a 1 1600000000\na 1\n# EOF\n', 2, 'no time stamp'],
    ['milliseconds for seconds', 'a 1 1600000000000\n# EOF\n', 1, 'in the future'],
    ['before 1970', 'a 1 -5\n# EOF\n', 1, 'before 1970'],
    ['not a number', 'a 1 1600000000\na x 1600000000\n# EOF\n', 2, ''],
    ['no end', 'a 1 1600000000\n', 2, '# EOF'],
    ['cut in the middle of a line', 'a 1 1600000000\na 1 16000', 2, ''],
    ['content after the end', 'a 1 1600000000\n# EOF\nb 1 1600000000\n', 3, '# EOF'],
    ['a label twice', 'a{x="1",x="2"} 1 1600000000\n# EOF\n', 1, 'twice'],
    ['an endless line', `a{x="${'y'.repeat(3_000_000)}"} 1 1600000000\n# EOF\n`, 1, '1 MiB'],
    ['an empty file', '', 1, '# EOF'],
    ['not text at all', Buffer.from([0, 1, 2, 255, 10, 0]), 1, ''],
  ])('%s', async (_, text, line, why) => {
    const done = await importText(text);
    if (done.ok) throw new Error('it was imported');
    expect(done.error.code).toBe('OPENMETRICS_INVALID');
    expect(done.error.message.en).toContain(`Line ${line} of`);
    expect(done.error.message.en).toContain(why);
    expect(allSamples(bench).size).toBe(0);
    expect(readdirSync(folder).filter((name) => name.endsWith('s.db'))).toEqual([]);
  });

  test('a gzip file that is cut off', async () => {
    const done = await importText(gzipSync('a 1 1600000000\n# EOF\n').subarray(0, 20));
    expect(done).toMatchObject({ ok: false, error: { code: 'FILE_UNREADABLE' } });
  });

  test('a file that is not there', async () => {
    const done = await importFile(bench, folder, join(root, 'absent.om'));
    expect(done).toMatchObject({ ok: false, error: { code: 'FILE_UNREADABLE' } });
  });
});

test('a crash in the middle of taking up an import is made good at the next start, one before it leaves nothing', () => {
  bench.area.close();
  const scratch = join(folder, IMPORT_FOLDER);
  mkdirSync(scratch);
  writeFileSync(join(scratch, '0.db'), 'half built');
  resumeAdoption(folder);
  expect(existsSync(scratch)).toBe(false);

  mkdirSync(scratch);
  writeFileSync(join(folder, 'first.db'), 'one');
  writeFileSync(join(scratch, '1.db'), 'two');
  const moves = [
    { from: '0.db', to: 'first.db' },
    { from: '1.db', to: 'second.db' },
  ];
  writeFileSync(join(scratch, 'ready.json'), JSON.stringify({ version: 1, moves }));
  resumeAdoption(folder);
  expect(readFileSync(join(folder, 'first.db'), 'utf8')).toBe('one');
  expect(readFileSync(join(folder, 'second.db'), 'utf8')).toBe('two');
  expect(existsSync(scratch)).toBe(false);
  bench = openMetrics(folder, NOW);
});

test('a dense day is built in passes that bound the memory', () => {
  const counts = new Map([
    [1, 6],
    [2, 3],
    [3, 4],
    [4, 30],
    [5, 1],
  ]);
  expect(planPasses([1, 2, 3, 4, 5], counts, 10)).toEqual([[1, 2], [3], [4], [5]]);
});

test('an export declares families as OpenMetrics wants them, whatever format the metrics came in', async () => {
  const text =
    '# HELP http_total Requests, with a "quote" and a \\\\.\n# TYPE http_total counter\nhttp_total{p="a\\"b"} 7\n' +
    '# TYPE odd counter\nodd 1\n# TYPE lat histogram\nlat_bucket{le="+Inf"} 2\nlat_sum 1.5\nlat_count 2\nplain 4\n';
  bench.target({ labels: {} }).succeed(answered(NOW, text, 'text/plain; version=0.0.4'));
  const out = join(root, 'out.om');
  expect(await exportFile(bench, out)).toMatchObject({ ok: true });
  const lines = readFileSync(out, 'utf8').split('\n');
  expect(lines.filter((line) => !line.startsWith('scrape_') && !/ (scrape_|up)/.test(line))).toEqual([
    '# TYPE http counter',
    '# HELP http Requests, with a \\"quote\\" and a \\\\.',
    `http_total{p="a\\"b"} 7 ${NOW / 1000}`,
    '# TYPE lat histogram',
    `lat_bucket{le="+Inf"} 2 ${NOW / 1000}`,
    `lat_count 2 ${NOW / 1000}`,
    `lat_sum 1.5 ${NOW / 1000}`,
    '# TYPE odd unknown',
    `odd 1 ${NOW / 1000}`,
    '# TYPE plain unknown',
    `plain 4 ${NOW / 1000}`,
    `up 1 ${NOW / 1000}`,
    '# EOF',
    '',
  ]);
});
