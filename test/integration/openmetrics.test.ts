import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { hmtt, startHeadlessEngine } from '../helpers/headless-engine.ts';
import { jobEnd } from '../helpers/job-end.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

const KILLS = Number(process.env.HMTT_IMPORT_KILLS ?? 5);
const DAY = 86_400;
/** Times of the samples: three days in 2019, and yesterday. */
const YEARS_BACK = 1_560_000_000;
const yesterday = Math.floor(Date.now() / 1000 / DAY - 1) * DAY;

let root: string;
let data: string;
beforeEach(() => {
  root = temporaryFolder('openmetrics');
  data = join(root, 'data');
});

/** A document with counters that reset, gauges with every kind of value, labels with escapes, out of order. */
function document(perSeries: number): string {
  const lines: string[] = [];
  for (let i = perSeries - 1; i >= 0; i--) {
    for (const start of [YEARS_BACK, yesterday]) {
      const time = start + i * Math.floor((DAY * 0.9) / perSeries) + (i % 7) / 1000;
      lines.push(`reqs_total{path="/a\\"b\\\\",job="x"} ${(i * 13) % 997} ${time}`);
      lines.push(`level{unit="C"} ${['1.5', 'NaN', '+Inf', '-Inf', '-0', '1e-300', '3'][i % 7]} ${time}`);
      lines.push(`level{place="机房"} ${Math.sin(i)} ${time}`);
    }
  }
  return `# TYPE reqs counter\n# HELP reqs Requests.\n# TYPE level gauge\n${lines.join('\n')}\n# EOF\n`;
}

/** The document with its samples by time. */
function inOrder(text: string): string {
  const lines = text.trimEnd().split('\n');
  const samples = lines.filter((line) => !line.startsWith('#'));
  const timeOf = (line: string): number => Number(line.slice(line.lastIndexOf(' ')));
  return `${samples.sort((a, b) => timeOf(a) - timeOf(b)).join('\n')}\n# EOF\n`;
}

/** What promtool stores of a document, a line a sample. */
function asPrometheusReads(file: string, name: string): string[] {
  const blocks = join(root, name);
  mkdirSync(blocks);
  execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', file, blocks], { stdio: 'pipe' });
  // promtool wants the folder of a running Prometheus, which has these.
  for (const folder of ['wal', 'chunks_head']) mkdirSync(join(blocks, folder), { recursive: true });
  const dump = execFileSync('promtool', ['tsdb', 'dump', blocks], { maxBuffer: 1 << 28 }).toString('utf8');
  return dump
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

test('a document is imported, answers queries years back, and goes out again as promtool reads it', async () => {
  const file = join(root, 'in.om');
  writeFileSync(file, document(3_000));
  const imported = await hmtt(data, '--json', 'import', 'openmetrics', file);
  expect(imported).toMatchObject({ code: 0 });
  expect(JSON.parse(imported.stdout)).toMatchObject({ series: 3, samples: 18_000, doubled: 0 });

  const asked = await hmtt(
    data,
    '--json',
    'query',
    'count_over_time(level[1d])',
    '--time',
    String(YEARS_BACK + DAY),
  );
  expect(JSON.parse(asked.stdout).result.map(({ value }: { value: [number, string] }) => value[1])).toEqual([
    '3000',
    '3000',
  ]);

  const out = join(root, 'out.om');
  const exported = await hmtt(
    data,
    '--json',
    'export',
    'openmetrics',
    '--out',
    out,
    '--match',
    'level',
    '--match',
    'reqs_total',
  );
  expect(exported).toMatchObject({ code: 0 });
  expect(JSON.parse(exported.stdout)).toMatchObject({ series: 3, samples: 18_000 });
  // promtool drops what is out of order inside a block, so it gets the same lines in order.
  const ordered = join(root, 'ordered.om');
  writeFileSync(ordered, inOrder(readFileSync(file, 'utf8')));
  expect(asPrometheusReads(out, 'ours')).toEqual(asPrometheusReads(ordered, 'theirs'));

  const again = await hmtt(data, 'export', 'openmetrics', '--out', out);
  expect(again.code).toBe(1);
  expect(again.stderr).toContain('OPENMETRICS_FILE_EXISTS');
});

test('a broken file is refused whole, with its line, and the engine that runs goes on', async () => {
  const engine = await startHeadlessEngine(data);
  const file = join(root, 'in.om');
  writeFileSync(file, document(200).replace(/ \d+(\.\d+)?\n# EOF/, '\n# EOF'));
  const lines = readFileSync(file, 'utf8').split('\n').length - 2;
  const refused = await hmtt(data, 'import', 'openmetrics', file);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('error[OPENMETRICS_INVALID]');
  expect(refused.stderr).toContain(`Line ${lines} of`);
  expect(readdirSync(join(data, 'metrics')).filter((name) => name.endsWith('s.db'))).toEqual([]);
  expect(existsSync(join(data, 'metrics', 'import.tmp'))).toBe(false);
  expect((await engine.call('metrics.names', { contains: 'reqs' })).total).toBe(0);
  await engine.stop();
});

test(`killed ${KILLS} times during an import, all of it is there or nothing`, async () => {
  const file = join(root, 'in.om');
  writeFileSync(file, document(20_000));
  let engine = await startHeadlessEngine(data);
  const count = async (): Promise<number> => {
    const answer = await engine.call('metrics.query', { expr: 'sum(count_over_time(level[20y]))' });
    return answer.resultType === 'vector' ? Number(answer.result[0]?.value[1] ?? 0) : -1;
  };
  for (let kill = 0; kill < KILLS; kill++) {
    await engine.call('openmetrics.import', { path: file });
    await wait(100 + Math.random() * 900);
    await engine.kill();
    engine = await startHeadlessEngine(data);
    expect([0, 80_000]).toContain(await count());
    expect(existsSync(join(data, 'metrics', 'import.tmp'))).toBe(false);
  }
  const { jobId } = await engine.call('openmetrics.import', { path: file });
  expect(await jobEnd(engine, jobId)).toMatchObject({ state: 'done' });
  expect(await count()).toBe(80_000);
  await engine.stop();
});
