import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startExporterFarm } from '../helpers/exporter-farm.ts';
import { type HeadlessEngine, startHeadlessEngine } from '../helpers/headless-engine.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

const KILLS = Number(process.env.HMTT_CRASH_KILLS ?? 8);

/** A process that appends numbered lines until it is told to stop, and then says how many it wrote. */
function startWriter(path: string) {
  const script = `
    const { appendFileSync } = require('node:fs');
    let n = 0;
    const timer = setInterval(() => {
      let text = '';
      for (let i = 0; i < 20; i++) text += new Date().toISOString() + ' INFO line ' + (++n) + ' of the writer\\n';
      appendFileSync(${JSON.stringify(path)}, text);
    }, 20);
    process.on('SIGTERM', () => { clearInterval(timer); console.log(n); });`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8');
  });
  return async (): Promise<number> => {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('close', resolve));
    return Number(out);
  };
}

/** Samples of the farm's scrape counter that the engine acknowledges by answering with them: time → value. */
async function scrapeSamples(engine: HeadlessEngine): Promise<Map<number, string>> {
  const data = await engine.call('metrics.query', { expr: 'hmtt_farm_scrape[1h]' });
  if (data.resultType !== 'matrix') throw new Error(data.resultType);
  return new Map(
    data.result.flatMap((series) => series.values.map(([time, value]) => [time, value] as const)),
  );
}

test(`kill -9 of the engine at ${KILLS} random moments loses nothing that was acknowledged`, {
  timeout: 600_000,
}, async () => {
  const root = temporaryFolder('crash');
  const data = join(root, 'data');
  const target = join(root, 'backups');
  const source = join(root, 'source');
  mkdirSync(source);
  for (let i = 0; i < 300; i++) writeFileSync(join(source, `file-${i}`), Buffer.alloc(20_000 + i, i));
  const log = join(root, 'app.log');
  writeFileSync(log, '');
  const farm = await startExporterFarm(1, 200);
  const stopWriter = startWriter(log);

  let engine = await startHeadlessEngine(data);
  await engine.call('hosts.add', {
    name: 'farm',
    address: '127.0.0.1',
    tier: 'other',
    scrapes: [
      {
        job: 'farm',
        address: `127.0.0.1:${farm.port}`,
        metricsPath: farm.path(0),
        intervalMs: 1_000,
        timeoutMs: 900,
      },
    ],
  });
  await engine.call('logs.sources.add', { path: log, format: 'time-level' });
  await engine.call('backup.plans.add', { name: 'core', sources: [source], targetDir: target });

  let acknowledged = new Map<number, string>();
  const points = new Set<string>();
  for (let kill = 0; kill < KILLS; kill++) {
    void engine.client.call('backup.run', { name: 'core' });
    await wait(300 + Math.random() * 2_200);
    for (const [time, value] of await scrapeSamples(engine)) acknowledged.set(time, value);
    for (const point of (await engine.call('backup.points.list', {})).points) points.add(point.id);
    await wait(Math.random() * 400);
    await engine.kill();
    // The next start needs no help: it becomes ready, or this throws with its words.
    engine = await startHeadlessEngine(data);
    const now = await scrapeSamples(engine);
    for (const [time, value] of acknowledged) expect(now.get(time), `sample at ${time}`).toBe(value);
    acknowledged = now;
  }

  const written = await stopWriter();
  await engine.call('logs.sync', {});
  const { total } = await engine.call('logs.count', { query: 'writer' });
  expect(total).toBe(written);
  // Each line is there exactly once: as many distinct numbers as lines.
  const first = await engine.call('logs.count', { query: '"line 1 of"' });
  const last = await engine.call('logs.count', { query: `"line ${written} of"` });
  expect([first.total, last.total]).toEqual([1, 1]);

  const values = [...(await scrapeSamples(engine)).values()];
  expect(new Set(values).size).toBe(values.length);

  const listed = (await engine.call('backup.points.list', {})).points;
  for (const id of points) expect(listed.map((point) => point.id)).toContain(id);
  expect(listed.every((point) => point.state === 'complete')).toBe(true);
  const archives = readdirSync(target).filter((name) => /\.tar\.(zst|gz)$/.test(name));
  expect(archives.length).toBe(listed.length);
  const { jobId } = await engine.call('backup.run', { name: 'core' });
  for (;;) {
    const job = await engine.call('jobs.get', { id: jobId });
    if (job.endedAt !== null) {
      expect(job.state).toBe('done');
      break;
    }
    await wait(50);
  }
  expect(readdirSync(target).filter((name) => name.includes('.part'))).toEqual([]);
  expect(await engine.stop()).toBe(0);
  await farm.close();
});
