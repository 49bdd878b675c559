import { usageOf } from '../../helpers/process-usage.ts';
import { printFigure } from '../backup/report.ts';
import { median } from '../metrics/report.ts';
import { NEEDLE, searchCorpus } from './corpus.ts';
import { startEngine } from './engine.ts';
import { ripgrep } from './ripgrep.ts';

const TIMES = 7;
const PAGE_BAR_MS = 50;
const FASTER_BAR = 20;
const MEMORY_BAR_MB = 400;

/** First page of a rare word in logs of many days, beside ripgrep over the same raw files; both warm. */
export async function run(): Promise<void> {
  const { raw, dataDir } = await searchCorpus();
  const rg = ripgrep(['-i', '-w', NEEDLE], raw, 3);
  const engine = await startEngine(dataDir);
  try {
    const timed = async (query: string): Promise<{ ms: number; first: number; total: number }> => {
      const took: number[] = [];
      let total = 0;
      let first = 0;
      for (let time = 0; time <= TIMES; time += 1) {
        const began = performance.now();
        const page = await engine.call('logs.search', { query, limit: 500, count: 'later' });
        if (time === 0) first = performance.now() - began;
        else took.push(performance.now() - began);
        total = page.total;
      }
      return { ms: median(took), first, total };
    };
    const rare = await timed(`"${NEEDLE}"`);
    if (rare.total !== 1 || rg.lines !== 1)
      throw new Error(`found ${rare.total}, rg ${rg.lines}, instead of 1`);
    printFigure('rare word, first page', rare.ms, PAGE_BAR_MS, 'ms', 1);
    console.log(`  the very first time, with cold threads: ${rare.first.toFixed(0)} ms`);
    const faster = rg.ms / rare.ms;
    console.log(
      `${'ripgrep for the same word'.padEnd(34)}${rg.ms.toFixed(0).padStart(10)} ms   ${faster.toFixed(0)} times the console's  bar ${FASTER_BAR}  ${faster >= FASTER_BAR ? 'holds' : 'MISSED'}`,
    );
    for (const query of ['', 'refused', '库存', 'level>=warn', 'orders -refused'])
      console.log(`  first page of ${JSON.stringify(query)}: ${(await timed(query)).ms.toFixed(1)} ms`);
    const began = performance.now();
    const { total } = await engine.call('logs.count', { query: 'refused' });
    console.log(`  count of "refused": ${total} in ${((performance.now() - began) / 1000).toFixed(1)} s`);
    printFigure('memory after these searches', usageOf(engine.pid).peakRss / 1e6, MEMORY_BAR_MB, 'MB', 0);
  } finally {
    await engine.stop();
  }
}
