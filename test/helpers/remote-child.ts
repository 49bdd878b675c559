import { openRemote, scrapeMany } from './remote-bench.ts';

/** Scrapes and sends until it is killed: `remote-child.ts FOLDER URL NOW`. Says `ready` once it has begun. */
const [, , folder = '', url = '', now = '0'] = process.argv;
const bench = openRemote(folder, Number(now));
if (bench.remote.status().endpoints.length === 0) bench.add(url, { maxSamples: 200 });
console.log('ready');
for (;;) {
  scrapeMany(bench, 40, 10);
  await bench.metrics.area.maintain();
  await new Promise((resolve) => setTimeout(resolve, 5));
}
