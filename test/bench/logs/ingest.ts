import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { usageOf } from '../../helpers/process-usage.ts';
import { measured } from '../backup/command.ts';
import { median } from '../metrics/report.ts';
import { indexed, inFolder, startEngine } from './engine.ts';
import { writeGenerated } from './generate.ts';

const LINES = Number(process.env.HMTT_BENCH_LINES ?? 2_000_000);
const ROUNDS = Number(process.env.HMTT_BENCH_ROUNDS ?? 3);

type Figure = { readonly seconds: number; readonly cpuSeconds: number; readonly rss: number };

async function ofConsole(folder: string, file: string, round: number): Promise<Figure & { stored: number }> {
  const dataDir = join(folder, `data-${round}`);
  const engine = await startEngine(dataDir);
  try {
    const before = usageOf(engine.pid);
    const began = performance.now();
    await engine.call('logs.sources.add', { path: file, zone: 'UTC' });
    await engine.call('logs.sync', {});
    const stored = (performance.now() - began) / 1000;
    await indexed(dataDir);
    const seconds = (performance.now() - began) / 1000;
    const after = usageOf(engine.pid);
    const { total } = await engine.call('logs.count', {});
    if (total !== LINES) throw new Error(`${total} events instead of ${LINES}`);
    return { seconds, stored, cpuSeconds: after.cpuSeconds - before.cpuSeconds, rss: after.peakRss };
  } finally {
    await engine.stop();
  }
}

/** lnav without its screen; the question makes it wait until every line is indexed, and its answer proves it. */
async function ofLnav(folder: string, file: string, round: number): Promise<Figure> {
  const home = join(folder, `home-${round}`);
  const asks = [
    '-n',
    '-c',
    ";SELECT count(*) AS n, sum(log_level = 'error') AS errors FROM all_logs",
    '-c',
    ':write-csv-to -',
  ];
  const run = await measured('lnav', [...asks, file], { HOME: home, XDG_CONFIG_HOME: home, TERM: 'dumb' });
  const last = run.stdout.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith(`${LINES},`)) throw new Error(`lnav counted ${last} instead of ${LINES}`);
  return { seconds: run.seconds, cpuSeconds: Number.NaN, rss: run.rssMiB * 1048576 };
}

/** Reading, parsing, storing and indexing one file, beside lnav, which indexes lines but neither stores nor indexes words. */
export async function benchIngest(): Promise<void> {
  await inFolder(async (folder) => {
    const file = join(folder, 'app.log');
    const bytes = writeGenerated(file, { lines: LINES, startMs: Date.now() - LINES * 20, stepMs: 10 });
    // Both find the file in memory.
    readFileSync(file);
    console.log(`${LINES} lines, ${(bytes / 1e6).toFixed(0)} MB, ${ROUNDS} rounds`);
    const ours: (Figure & { stored: number })[] = [];
    const theirs: Figure[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(await ofConsole(folder, file, round));
      theirs.push(await ofLnav(folder, file, round));
    }
    const seconds = median(ours.map((one) => one.seconds));
    const other = median(theirs.map((one) => one.seconds));
    const row = (what: string, a: number, b: number, unit: string): void =>
      console.log(`${what.padEnd(34)}${a.toFixed(2).padStart(10)}${b.toFixed(2).padStart(10)} ${unit}`);
    console.log(`${''.padEnd(34)}${'console'.padStart(10)}${'lnav'.padStart(10)}`);
    row('until stored and indexed', seconds, other, 's');
    row('  until stored (and found)', median(ours.map((one) => one.stored)), Number.NaN, 's');
    row('rate', bytes / 1e6 / seconds, bytes / 1e6 / other, 'MB/s');
    row('rate', LINES / 1e3 / seconds, LINES / 1e3 / other, 'thousand lines/s');
    row('CPU', median(ours.map((one) => one.cpuSeconds)), Number.NaN, 's');
    row(
      'memory at most',
      median(ours.map((one) => one.rss)) / 1e6,
      median(theirs.map((one) => one.rss)) / 1e6,
      'MB',
    );
    const ratio = other / seconds;
    console.log(`rate of lnav: ratio ${ratio.toFixed(2)}  bar 0.40  ${ratio >= 0.4 ? 'holds' : 'MISSED'}`);
  });
}
