import { usageOf } from '../../helpers/process-usage.ts';
import { printFigure } from '../backup/report.ts';
import { median } from '../metrics/report.ts';
import { searchCorpus } from './corpus.ts';
import { startEngine } from './engine.ts';
import { ripgrep } from './ripgrep.ts';

const TIMES = 3;
const BAR = 3;
const CANCEL_BAR_MS = 100;
const MEMORY_BAR_MB = 400;

/**
 * Expressions of which the index knows no word. In the second, ripgrep finds bytes that must be there with vector
 * instructions, at the speed of memory; the console has to inflate its blocks first.
 */
const EXPRESSIONS = [
  { source: '[a-f]{4}[0-9]{4}[a-f]{4}', judged: true },
  { source: '[0-9]{5}dead', judged: false },
];

/** All lines compared with a regular expression, beside ripgrep over the same raw files; both warm. Then a cancellation. */
export async function run(): Promise<void> {
  const { raw, dataDir } = await searchCorpus();
  const engine = await startEngine(dataDir);
  try {
    for (const { source, judged } of EXPRESSIONS) {
      const rg = ripgrep(['--', source], raw, TIMES);
      const took: number[] = [];
      let total = 0;
      for (let time = 0; time <= TIMES; time += 1) {
        const began = performance.now();
        ({ total } = await engine.call('logs.count', { query: `/${source}/` }));
        if (time > 0) took.push(performance.now() - began);
      }
      if (total !== rg.lines) throw new Error(`/${source}/: ${total} lines, rg ${rg.lines}`);
      const ratio = median(took) / rg.ms;
      console.log(
        `${`/${source}/`.padEnd(34)}${(median(took) / 1000).toFixed(2).padStart(10)} s    ripgrep ${(rg.ms / 1000).toFixed(2)} s  ratio ${ratio.toFixed(2)}` +
          (judged ? `  bar ${BAR}  ${ratio <= BAR ? 'holds' : 'MISSED'}` : '  (no bar: see the source)'),
      );
    }
    const late: number[] = [];
    for (let time = 0; time < 20; time += 1) {
      const abort = new AbortController();
      const running = engine.client.call('logs.count', { query: '/[a-f]{4}[0-9]{4}zz/' }, abort.signal);
      await new Promise((resolve) => {
        setTimeout(resolve, 150 + 10 * time);
      });
      const began = performance.now();
      abort.abort();
      const outcome = await running;
      if (outcome.ok) throw new Error('the count ended before it was cancelled: more lines are needed');
      // The threads are free again when another search is answered.
      await engine.call('logs.search', { query: '', limit: 1, count: 'later' });
      late.push(performance.now() - began);
    }
    printFigure('cancelled, and the next answered', Math.max(...late), CANCEL_BAR_MS, 'ms', 0);
    printFigure('memory', usageOf(engine.pid).peakRss / 1e6, MEMORY_BAR_MB, 'MB', 0);
  } finally {
    await engine.stop();
  }
}
