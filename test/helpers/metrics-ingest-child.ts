/**
 * A process that scrapes as fast as it can into a store and says each scrape that was acknowledged, for being killed.
 *
 * Arguments: folder, number of the first scrape, seed of the moment at which upkeep begins, and how many milliseconds are
 * kept, or nothing. It writes the number of each scrape on a line of its own after the store has confirmed it.
 */
import { writeSync } from 'node:fs';
import { answered, openMetrics } from './metrics-area.ts';
import { CRASH_OPTIONS, CRASH_START, CRASH_STEP, crashBody } from './metrics-crash-data.ts';

const [folder = '', first = '0', seed = '0', keep = ''] = process.argv.slice(2);
const bench = openMetrics(folder, CRASH_START, {
  ...CRASH_OPTIONS,
  ...(keep === '' ? {} : { retentionMs: Number(keep) }),
});
const target = bench.target();
const until = Number(first) + 100_000;
const upkeepEvery = 3 + (Number(seed) % 20);

for (let n = Number(first); n < until; n++) {
  bench.now = CRASH_START + n * CRASH_STEP;
  const stored = target.succeed(answered(bench.now, crashBody(n)));
  if (!stored.ok) throw new Error(stored.error.message.en);
  // A synchronous write: what was said must be out before the process can be killed in the next scrape.
  writeSync(1, `${n}\n`);
  if (n % upkeepEvery === 0) {
    const upkeep = bench.area.maintain();
    // Time runs hundreds of times faster here than it does: now and then the upkeep must be let catch up.
    if (n % 3 === 0) await upkeep;
  }
  if (n % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
}
