import { join } from 'node:path';
import { usageOf } from '../../helpers/process-usage.ts';
import { printFigure } from '../backup/report.ts';
import { indexed, inFolder, startEngine } from './engine.ts';
import { writeGenerated } from './generate.ts';

const LINES = Number(process.env.HMTT_BENCH_LINES ?? 2_000_000);
const BAR_MB = 400;

/** Highest resident memory of one engine that ingests, indexes, searches and counts, one after the other. */
export async function benchMemory(): Promise<void> {
  await inFolder(async (folder) => {
    const file = join(folder, 'app.log');
    const needles = new Map([[LINES >> 1, 'needle-7f3a']]);
    const stepMs = (2.5 * 86_400_000) / LINES;
    writeGenerated(file, { lines: LINES, startMs: Date.now() - LINES * stepMs, stepMs, needles });
    const dataDir = join(folder, 'data');
    const engine = await startEngine(dataDir);
    const say = (what: string): void => printFigure(what, usageOf(engine.pid).peakRss / 1e6, BAR_MB, 'MB', 0);
    try {
      say('at the start');
      await engine.call('logs.sources.add', { path: file, zone: 'UTC' });
      await engine.call('logs.sync', {});
      say('after storing');
      await indexed(dataDir);
      say('after indexing');
      for (const query of [
        '"needle-7f3a"',
        'refused',
        '库存',
        'level>=warn',
        '/took [0-9]{4} ms/',
        'NOT orders',
      ])
        await engine.call('logs.search', { query, limit: 500 });
      say('after six searches');
    } finally {
      await engine.stop();
    }
  });
}
