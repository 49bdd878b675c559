import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { indexed, inFolder, startEngine, storeBytes } from './engine.ts';
import { writeGenerated } from './generate.ts';

const LINES = Number(process.env.HMTT_BENCH_LINES ?? 2_000_000);
const BAR = 0.5;

/** Bytes of the hot store, index included, beside the raw text. */
export async function benchSize(): Promise<void> {
  for (const hard of [true, false]) {
    await inFolder(async (folder) => {
      const file = join(folder, 'app.log');
      // Two days of it are over, one is being written.
      const stepMs = (2.5 * 86_400_000) / LINES;
      const bytes = writeGenerated(file, {
        lines: LINES,
        startMs: Date.now() - LINES * stepMs,
        stepMs,
        hard,
      });
      const dataDir = join(folder, 'data');
      const engine = await startEngine(dataDir);
      await engine.call('logs.sources.add', { path: file, zone: 'UTC' });
      await engine.call('logs.sync', {});
      await indexed(dataDir);
      const open = storeBytes(dataDir);
      await engine.stop();
      const closed = storeBytes(dataDir);
      rmSync(file);
      const what = hard ? 'every line three random ids' : 'an application, one or two ids';
      const ratio = closed / bytes;
      console.log(
        `${what.padEnd(34)}${(bytes / 1e6).toFixed(0).padStart(6)} MB raw ${(closed / 1e6).toFixed(0).padStart(6)} MB stored ` +
          `(${(open / 1e6).toFixed(0)} MB with write-ahead logs)  ratio ${ratio.toFixed(3)}  bar ${BAR}  ${ratio <= BAR ? 'holds' : 'MISSED'}`,
      );
    });
  }
}
