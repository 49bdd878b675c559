import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { usageOf } from '../../helpers/process-usage.ts';
import { printFigure } from '../backup/report.ts';
import { inFolder, startEngine } from './engine.ts';

const LINES_A_SECOND = 5_000;
const SECONDS = Number(process.env.HMTT_BENCH_SECONDS ?? 20);
const WRITE_MS = 20;
const LEVELS = ['INFO', 'WARN', 'ERROR', 'DEBUG'];

/** 5,000 lines a second are written; how late each arrives at a live tail, and what that costs the engine. */
export async function benchTail(): Promise<void> {
  await inFolder(async (folder) => {
    const file = join(folder, 'app.log');
    const handle = openSync(file, 'a');
    const engine = await startEngine(join(folder, 'data'));
    const writtenAt: number[] = [];
    const late: number[] = [];
    let skipped = 0;
    try {
      engine.client.on('logs.tail', (news) => {
        const now = performance.now();
        skipped += news.skipped;
        for (const { message } of news.events) {
          const at = writtenAt[Number(/line (\d+)/.exec(message)?.[1])];
          if (at !== undefined) late.push(now - at);
        }
      });
      await engine.call('logs.sources.add', { path: file, zone: 'UTC' });
      await engine.call('logs.tail.start', { query: '' });
      await wait(3_000);
      const before = usageOf(engine.pid);
      const began = performance.now();
      let written = 0;
      while (written < LINES_A_SECOND * SECONDS) {
        const due = Math.min(
          LINES_A_SECOND * SECONDS,
          Math.floor(((performance.now() - began) / 1000) * LINES_A_SECOND),
        );
        const stamp = new Date().toISOString().slice(0, 23).replace('T', ' ').replace('.', ',');
        let text = '';
        for (; written < due; written += 1) {
          text += `${stamp} ${LEVELS[written % 4]} [http-${written % 32}] orders.Api - line ${written} of order ${(written * 2654435761) % 1e9}\n`;
          writtenAt.push(performance.now());
        }
        if (text !== '') writeSync(handle, text);
        await wait(WRITE_MS);
      }
      const seconds = (performance.now() - began) / 1000;
      const after = usageOf(engine.pid);
      await wait(2_000);
      const share = (100 * (after.cpuSeconds - before.cpuSeconds)) / seconds;
      late.sort((a, b) => a - b);
      const at = (q: number): number =>
        late[Math.min(late.length - 1, Math.floor(late.length * q))] ?? Number.NaN;
      console.log(
        `${LINES_A_SECOND} lines/s for ${seconds.toFixed(0)} s: ${late.length} shown, ${skipped} counted only`,
      );
      console.log(`${'half of the lines within'.padEnd(34)}${at(0.5).toFixed(0).padStart(10)} ms`);
      printFigure('99 % of the lines within', at(0.99), 500, 'ms', 0);
      printFigure('the last one within', at(1), 500, 'ms', 0);
      printFigure('engine, of one core', share, 60, '%', 1);
      printFigure('memory at most', usageOf(engine.pid).peakRss / 1e6, 400, 'MB', 0);
    } finally {
      closeSync(handle);
      await engine.stop();
    }
  });
}
