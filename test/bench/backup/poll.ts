import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { inProject } from '../../../scripts/lib/paths.ts';
import { startPeer, untilOutput } from '../../helpers/peer-process.ts';
import { measured } from './command.ts';
import { Corpus } from './corpus.ts';
import { FILES } from './full.ts';
import { printFigure } from './report.ts';

const TARGETS = 100;
const SERIES = 500;
const INTERVAL_MS = 15_000;
/** Long enough that each target is polled several times while backups run. */
const BACKUPS_FOR_MS = Number(process.env.HMTT_BENCH_SECONDS ?? 90) * 1000;
const BAR_MS = 1_000;

const body = Array.from({ length: SERIES }, (_, n) => `bench_value{n="${n}"} ${n}\n`).join('');

/** How much later than 15 s after the one before a poll begins while full backups run one after another. */
export async function benchPoll(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'hmtt-bench-poll-'));
  const polls = new Map<string, number[]>();
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    polls.set(path, [...(polls.get(path) ?? []), performance.now()]);
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  try {
    const source = join(root, 'source');
    new Corpus().makeTree(source, FILES);
    const data = join(root, 'data');
    mkdirSync(data);
    const cli = inProject('dist', 'engine', 'cli.js');
    const config = join(root, 'prometheus.yml');
    writeFileSync(config, scrapeConfig(address.port));
    await measured(process.execPath, [cli, '--data', data, 'import', 'prometheus', config]);
    await measured(process.execPath, [
      ...[cli, '--data', data, 'backup', 'add', 'bench', '--source', source, '--to', join(root, 'target')],
    ]);
    const engine = await startPeer(
      process.execPath,
      [cli, '--data', data, 'serve', '--listen', '127.0.0.1:0'],
      'nodejs',
    );
    try {
      await untilOutput(engine, /"ready":true/);
      await wait(2 * INTERVAL_MS);
      const began = performance.now();
      let backups = 0;
      while (performance.now() - began < BACKUPS_FOR_MS) {
        await measured(process.execPath, [cli, '--data', data, 'backup', 'run', 'bench', '--type', 'full']);
        backups += 1;
      }
      const late = [...polls.values()].flatMap((times) => latenesses(times, began));
      if (late.length < TARGETS) throw new Error(`only ${late.length} polls while backups ran`);
      console.log(
        `\n${TARGETS} targets of ${SERIES} series every 15 s, ${backups} full backups, ${late.length} polls`,
      );
      printFigure('a poll was late by at most', Math.max(...late), BAR_MS, 'ms', 0);
    } finally {
      await engine.stop();
    }
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(root, { recursive: true, force: true });
  }
}

function latenesses(times: readonly number[], since: number): readonly number[] {
  return times
    .map((time, n) => ({ time, gap: time - (times[n - 1] ?? Number.NaN) }))
    .filter(({ time, gap }) => time > since && !Number.isNaN(gap))
    .map(({ gap }) => gap - INTERVAL_MS);
}

function scrapeConfig(port: number): string {
  const jobs = Array.from(
    { length: TARGETS },
    (_, n) =>
      `  - job_name: bench-${n}\n    metrics_path: /t/${n}\n    static_configs: [{targets: ['127.0.0.1:${port}']}]\n`,
  );
  return `global: {scrape_interval: 15s}\nscrape_configs:\n${jobs.join('')}`;
}
