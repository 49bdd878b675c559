import { callContext, openHarness, value } from './harness.ts';

/** A process to be killed: prunes the plan `crash` of the data folder in argv. */
const [, , dir] = process.argv;
if (dir === undefined) throw new Error('usage: prune-child.ts DIR');
const harness = openHarness(dir);
const { handlers, ready } = harness.area;
await ready;
const { hash } = value(await handlers['backup.retention.preview']({ name: 'crash' }, callContext));
process.stdout.write('ready\n');
const { jobId } = value(await handlers['backup.prune']({ name: 'crash', hash }, callContext));
const job = await harness.jobs.ended(jobId);
process.stdout.write(`${job.state}\n`);
await harness.close();
