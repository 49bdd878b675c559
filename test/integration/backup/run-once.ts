import { openHarness, value } from './harness.ts';

/** Backs up argv[3] with the data folder argv[2], and prints the point as JSON; for tests that need another user. */
const [, , dir, source] = process.argv;
if (dir === undefined || source === undefined) throw new Error('usage: run-once.ts DIR SOURCE');
const harness = openHarness(dir);
await harness.plan('once', [source]);
const job = await harness.run('once');
if (job.error !== null) throw new Error(job.error.message.en);
process.stdout.write(JSON.stringify(value(harness.area.findPoint(job.result?.id ?? ''))));
await harness.close();
