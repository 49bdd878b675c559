import { benchIngest } from './metrics/ingest.ts';
import { benchLongRange } from './metrics/long-range.ts';
import { benchQuery } from './metrics/query.ts';
import { benchSize } from './metrics/size.ts';
import { benchStartUp } from './metrics/start-up.ts';

/** The parts in the order in which they run. */
const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  ingest: benchIngest,
  size: benchSize,
  query: benchQuery,
  long: benchLongRange,
  start: benchStartUp,
};

/**
 * `npm run bench -- metrics [PART …]`: the series store beside Debian's Prometheus, on the same data in the same run.
 */
export async function run(asked: readonly string[]): Promise<void> {
  const unknown = asked.filter((name) => !(name in PARTS));
  if (unknown.length > 0)
    throw new Error(`no part ${unknown.join(', ')}; parts: ${Object.keys(PARTS).join(', ')}`);
  for (const name of asked.length > 0 ? asked : Object.keys(PARTS)) {
    console.log(`\n== ${name}`);
    await PARTS[name]?.();
  }
}
