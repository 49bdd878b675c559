import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { callContext, openHarness, value } from './harness.ts';

/**
 * A process to be killed: copies the points of the plan `crash` to the medium M again and again, removing what it copied, or
 * rebuilds the catalogue from the folder `target` once. It says each point as soon as a copy is acknowledged.
 */
const [, , dir, what] = process.argv;
if (dir === undefined) throw new Error('usage: crash-media-child.ts DIR copy|rebuild');
const harness = openHarness(dir, { mediaPlaces: { parents: [join(dir, 'mnt')], roots: [] } });
await harness.area.ready;
const { handlers } = harness.area;
process.stdout.write('ready\n');
if (what === 'rebuild') {
  const { jobId } = value(await handlers['backup.rebuild']({ dirs: [join(dir, 'target')] }, callContext));
  const job = await harness.jobs.ended(jobId);
  process.stdout.write(`${job.state}\n`);
} else
  for (;;) {
    const { jobIds } = value(
      await handlers['backup.copy']({ name: 'crash', to: 'M', all: true, bytesPerSecond: null }, callContext),
    );
    const job = await harness.jobs.ended(jobIds[0] ?? '');
    process.stdout.write(`${job.state} ${job.error?.code ?? ''}\n`);
    // Once more from nothing, so that a kill has something to hit; at one stroke, because a kill may come between two removals, too.
    const gone = join(dir, 'gone');
    rmSync(gone, { recursive: true, force: true });
    renameSync(join(dir, 'mnt/usb/archives'), gone);
  }
