import { openHarness } from './harness.ts';

/**
 * A process to be killed: runs the plan `crash` of the data folder in argv again and again, and says each point that it
 * acknowledged.
 */
const dir = process.argv[2];
if (dir === undefined) throw new Error('usage: crash-child.ts DIR');
const harness = openHarness(dir);
await harness.area.ready;
process.stdout.write('ready\n');
for (;;) {
  const job = await harness.run('crash');
  process.stdout.write(`${job.state} ${job.result?.id ?? job.error?.code}\n`);
}
