import { openHarness } from '../harness.ts';

/** A process to be killed: runs the plan `killed` of the data folder in argv once. */
const [, , dir] = process.argv;
if (dir === undefined) throw new Error('usage: kill-child.ts DIR');
const harness = openHarness(dir);
await harness.area.ready;
const job = await harness.run('killed');
process.stdout.write(`${job.state} ${job.error?.code ?? ''}\n`);
