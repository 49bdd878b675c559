import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { retentionPolicySchema } from '#shared/contract/backup-retention.ts';
import { callContext, debian, openHarness, scratch, value } from './harness.ts';

/** Writes until the file system has no byte left. */
function fillUp(path: string): void {
  for (const size of [1 << 20, 4096, 512, 1]) {
    for (;;) {
      try {
        appendFileSync(path, randomBytes(size));
      } catch {
        break;
      }
    }
  }
}

it('prunes on a disk that is full to the last byte, console.db on it too, and backs up again', async () => {
  const place = scratch('full');
  const small = join(place.dir, 'small');
  mkdirSync(small);
  // Mounting needs root, as the continuous integration has.
  debian('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', small]);
  onTestFinished(() => {
    debian('umount', ['-l', small]);
    place.remove();
  });
  const source = join(place.dir, 'source');
  mkdirSync(source);
  const retention = retentionPolicySchema.parse({ keepLast: 1, afterRun: false });
  const first = openHarness(small);
  await first.plan('full', [source], { retention });
  for (let index = 0; index < 5; index += 1) {
    writeFileSync(join(source, 'file'), randomBytes(2_000_000));
    expect((await first.run('full')).error).toBeNull();
  }
  await first.close();
  // The reserve is made at a start, when there is space.
  const harness = openHarness(small);
  await harness.area.ready;
  expect(existsSync(join(small, 'console.reserve'))).toBe(true);
  expect(existsSync(join(harness.target, '.hmtt-reserve'))).toBe(true);
  const { handlers } = harness.area;
  // Too little for one more, and somebody is told before anything is written.
  const other = join(small, 'somebody-elses');
  while (statfsSync(small).bavail * statfsSync(small).bsize > 2_200_000)
    appendFileSync(other, randomBytes(65_536));
  const refused = await harness.run('full');
  expect(refused.error?.code).toBe('BACKUP_SPACE_LOW');
  expect(refused.error?.message.zh).toContain('没有开始备份');

  fillUp(other);
  expect(statfsSync(small).bavail).toBe(0);
  expect(
    await handlers['backup.run']({ name: 'full', type: 'full', regardless: false }, callContext),
  ).toMatchObject({
    ok: false,
    error: { code: 'DISK_FULL' },
  });
  const { hash, remove } = value(await handlers['backup.retention.preview']({ name: 'full' }, callContext));
  expect(remove).toBe(4);
  const { jobId } = value(await handlers['backup.prune']({ name: 'full', hash }, callContext));
  expect((await harness.jobs.ended(jobId)).error).toBeNull();
  expect(harness.area.points()).toHaveLength(1);
  expect((await harness.run('full')).error).toBeNull();
  expect((await harness.verify('full')).error).toBeNull();
  await harness.close();
});
