import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backupTypeSchema } from '#shared/contract/backup.ts';
import { openHarness } from './harness.ts';

/**
 * A process to be killed: runs the plan `crash` of the data folder in argv again and again, and says each point that it
 * acknowledged.
 */
const [, , dir, type] = process.argv;
if (dir === undefined) throw new Error('usage: crash-child.ts DIR TYPE');
const touched = join(dir, 'large/touched');
const harness = openHarness(dir);
await harness.area.ready;
process.stdout.write('ready\n');
for (;;) {
  // Something changes before each run, so that each has something to store.
  writeFileSync(touched, randomBytes(3_000_000));
  const job = await harness.run('crash', backupTypeSchema.parse(type));
  process.stdout.write(`${job.state} ${job.result?.id ?? job.error?.code}\n`);
}
