import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { retentionPolicySchema } from '#shared/contract/backup-retention.ts';
import { isArchiveName } from '../../../main/engine/backup/names.ts';
import { callContext, debian, type Harness, openHarness, scratch, value } from './harness.ts';
import { killedAfter } from './killed-child.ts';

/** How often the process is killed; a release's full check sets it to 100. */
const KILLS = Number(process.env.HMTT_PRUNE_KILLS ?? 10);
const POINTS = 16;
const CHILD = join(import.meta.dirname, 'prune-child.ts');

/** Prunes in a process that is killed some milliseconds after it was ready. @returns how long it ran, or null when killed */
async function pruneKilled(dir: string, ms: number): Promise<number | null> {
  const { said, ranMs } = await killedAfter(ms, CHILD, dir);
  return said.includes('done\n') ? ranMs : null;
}

/** Fills the plan up with points: fulls, each with an incremental on it. */
async function fill(harness: Harness, file: string): Promise<void> {
  while (harness.area.points().length < POINTS) {
    writeFileSync(file, randomBytes(2_000));
    const type = harness.area.points().length % 2 === 0 ? 'full' : 'incremental';
    expect((await harness.run('crash', type)).error).toBeNull();
  }
}

/** What is listed is there and sound, what is there is listed, and nothing lies about. */
function expectTruth(harness: Harness): void {
  const names = readdirSync(harness.target).filter((name) => name.startsWith('crash.'));
  const archives = names.filter(isArchiveName);
  const points = harness.area.points();
  expect(points.map((point) => point.archivePath).sort()).toEqual(
    archives.map((name) => join(harness.target, name)).sort(),
  );
  expect(names).toHaveLength(archives.length * 3);
  debian('sh', ['-c', 'sha256sum --quiet -c crash.*.sha256'], { cwd: harness.target });
  const ids = points.map(({ id }) => id);
  const indexes = readdirSync(join(harness.dir, 'catalogue')).map((name) => name.split('.')[0] ?? '');
  expect(indexes.filter((id) => !ids.includes(id))).toEqual([]);
}

it(`pruning that is killed ends at the next start, ${KILLS} times`, {
  timeout: 300_000 + 20_000 * KILLS,
}, async () => {
  const place = scratch('prune-crash');
  onTestFinished(() => place.remove());
  const source = join(place.dir, 'source');
  mkdirSync(source);
  const file = join(source, 'file');
  const retention = retentionPolicySchema.parse({ keepLast: 1, afterRun: false });
  const first = openHarness(place.dir);
  await first.plan('crash', [source], { retention });
  await fill(first, file);
  await first.close();
  let whole = (await pruneKilled(place.dir, 60_000)) ?? 0;
  expect(whole).toBeGreaterThan(0);
  let cut = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = openHarness(place.dir);
    await before.area.ready;
    await fill(before, file);
    const known = before.area.points().map(({ id }) => id);
    const { points } = value(
      await before.area.handlers['backup.retention.preview']({ name: 'crash' }, callContext),
    );
    const kept = points.filter(({ keep }) => keep).map(({ pointId }) => pointId);
    const { prunes: earlier } = value(
      await before.area.handlers['backup.retention.history']({ name: 'crash' }, callContext),
    );
    await before.close();

    const ended = await pruneKilled(place.dir, (whole * (kill + Math.random())) / KILLS);
    // One that was over before its kill says how long they take now: the first may have had to wait for the processor.
    if (ended !== null) whole = Math.min(whole, ended);
    const next = openHarness(place.dir);
    await next.area.ready;
    const left = next.area.points().map(({ id }) => id);
    for (const id of kept) expect(left).toContain(id);
    for (const id of left) expect(known).toContain(id);
    if (left.length > kept.length) cut += 1;
    expectTruth(next);
    const { points: listed } = value(await next.area.handlers['backup.points.list']({}, callContext));
    for (const point of listed) expect(point.chain.brokenBy).toBeNull();
    const { prunes } = value(
      await next.area.handlers['backup.retention.history']({ name: 'crash' }, callContext),
    );
    expect(prunes.filter(({ state }) => state === 'running')).toEqual([]);
    // A kill may come before the prune was recorded; then nothing may be gone, and the newest record is an older one.
    const recorded = prunes.length > earlier.length ? prunes[0] : undefined;
    if (recorded === undefined) expect(left).toHaveLength(known.length);
    else if (recorded.state === 'interrupted') expect(recorded.points).toBe(known.length - left.length);
    await next.close();
  }
  // The kills must have hit prunes at work, or this says nothing.
  expect(cut).toBeGreaterThan(KILLS / 4);
});
