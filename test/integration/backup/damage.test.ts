import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArchive } from '../../../main/engine/backup/archive-reader.ts';
import { manifestFileProblem } from '../../../main/engine/backup/crypto/outer.ts';
import { manifestNameOf } from '../../../main/engine/backup/names.ts';
import { verifyArchive } from '../../../main/engine/backup/verify.ts';
import { callContext, type Harness, openHarness, scratch, value } from './harness.ts';

/** How many places are flipped; the full check of a release sets it to 1000. */
const FLIPS = Number(process.env.HMTT_BACKUP_FLIPS ?? 120);

describe('a damaged archive', () => {
  const place = scratch('damage');
  let harness: Harness;
  let pointId = '';
  let archive = '';
  let good: Buffer;

  beforeAll(async () => {
    harness = openHarness(place.dir);
    await harness.plan('linux', ['/usr/include/linux', '/usr/include/x86_64-linux-gnu']);
    const job = await harness.run('linux');
    expect(job.error).toBeNull();
    pointId = job.result?.id ?? '';
    archive = value(harness.area.findPoint(pointId)).archivePath;
    good = readFileSync(archive);
  });
  afterAll(async () => {
    await harness.close();
    place.remove();
  });

  it('is found and named, wherever one byte was flipped', async () => {
    const nothing = async (): Promise<void> => undefined;
    const offsets = fc.sample(
      fc.tuple(fc.integer({ min: 0, max: good.length - 1 }), fc.integer({ min: 0, max: 7 })),
      { numRuns: FLIPS, seed: 20261122 },
    );
    // The tail is small and would hardly be hit by chance.
    const tail = Array.from({ length: 40 }, (_, index) => [good.length - 1 - index * 9, index % 8] as const);
    const missed: string[] = [];
    for (const [offset, bit] of [...offsets, ...tail]) {
      const bytes = Buffer.from(good);
      bytes[offset] = (bytes[offset] ?? 0) ^ (1 << bit);
      writeFileSync(archive, bytes);
      const opened = await openArchive(archive);
      if (!opened.ok) {
        expect(opened.error.message.zh).toContain(basename(archive));
        continue;
      }
      const found = await verifyArchive(opened.value, null, nothing);
      await opened.value.close();
      const first = found.damaged[0];
      if (first === undefined) missed.push(`${offset}.${bit}`);
      else if (first.frame !== null) {
        const frame = opened.value.table.at(first.frame);
        expect(offset).toBeGreaterThanOrEqual(frame.offset);
        expect(offset).toBeLessThan(frame.offset + frame.size);
        expect(first.error.message.en).toContain(`Frame ${first.frame} of the archive`);
      }
    }
    writeFileSync(archive, good);
    expect(missed).toEqual([]);
  });

  it('is found in the manifest beside it, too, wherever one bit was flipped or it was cut', async () => {
    const manifest = manifestNameOf(archive);
    const sound = readFileSync(manifest);
    const places = fc.sample(
      fc.tuple(fc.integer({ min: 0, max: sound.length - 1 }), fc.integer({ min: 0, max: 7 }), fc.boolean()),
      { numRuns: Math.ceil(FLIPS / 4), seed: 20261123 },
    );
    const missed: string[] = [];
    for (const [offset, bit, cut] of places) {
      const bytes = cut ? sound.subarray(0, offset) : Buffer.from(sound);
      if (!cut) bytes[offset] = (bytes[offset] ?? 0) ^ (1 << bit);
      writeFileSync(manifest, bytes);
      if ((await manifestFileProblem(archive, async () => undefined)) === null)
        missed.push(`${offset}.${bit} ${cut}`);
    }
    writeFileSync(manifest, sound);
    expect(missed).toEqual([]);
  });

  it('is found wherever it was cut', async () => {
    const lengths = fc.sample(fc.integer({ min: 0, max: good.length - 1 }), {
      numRuns: Math.ceil(FLIPS / 10),
      seed: 20261124,
    });
    const missed: number[] = [];
    for (const length of lengths) {
      writeFileSync(archive, good.subarray(0, length));
      const opened = await openArchive(archive);
      if (!opened.ok) continue;
      const found = await verifyArchive(opened.value, null, async () => undefined);
      await opened.value.close();
      if (found.ok) missed.push(length);
    }
    writeFileSync(archive, good);
    expect(missed).toEqual([]);
  });

  it('gives everything outside the damaged frame', async () => {
    const opened = value(await openArchive(archive));
    const frame = opened.table.at(3);
    await opened.close();
    const bytes = Buffer.from(good);
    bytes[frame.offset + 200] = (bytes[frame.offset + 200] ?? 0) ^ 4;
    writeFileSync(archive, bytes);
    const damaged = value(await openArchive(archive));
    let read = 0;
    let lost = 0;
    for await (const entry of damaged.entries()) {
      if (entry.type !== 'file') continue;
      try {
        for await (const _piece of damaged.readFile(entry)) read += 1;
        expect(entry.frame === frame.n && entry.size > 0).toBe(false);
      } catch (thrown) {
        lost += 1;
        expect(String(thrown)).toContain('BACKUP_FRAME_DAMAGED');
        expect(entry.frame).toBe(frame.n);
      }
    }
    await damaged.close();
    writeFileSync(archive, good);
    expect(lost).toBeGreaterThan(0);
    expect(read).toBeGreaterThan(lost);
  });

  it('is read through the manifest beside it when its own is damaged, and still called damaged', async () => {
    const bytes = Buffer.from(good);
    bytes.fill(0, bytes.length - 4000);
    writeFileSync(archive, bytes);
    const job = await harness.verify('linux', pointId);
    expect(job.error?.code).toBe('BACKUP_DAMAGE_FOUND');
    const report = value(await harness.area.handlers['backup.verifyReport']({ pointId }, callContext)).report;
    // Every file was still read and compared.
    expect(report?.files).toBe(value(harness.area.findPoint(pointId)).report.files);
    expect(value(harness.area.findPoint(pointId)).state).toBe('broken');
    writeFileSync(archive, good);
    expect((await harness.verify('linux', pointId)).error).toBeNull();
    expect(value(harness.area.findPoint(pointId)).state).toBe('complete');
  });

  it.each([0, 1, 5_000, 0.5, 0.999])('is found when cut short (%s)', async (cut) => {
    const length = cut > 0 && cut < 1 ? Math.floor(good.length * cut) : cut === 0 ? 0 : good.length - cut;
    truncateSync(archive, length);
    expect((await harness.verify('linux', pointId)).error?.code).toBe('BACKUP_DAMAGE_FOUND');
    writeFileSync(archive, good);
  });

  it('is found when something was appended', async () => {
    writeFileSync(archive, Buffer.concat([good, Buffer.from('x')]));
    expect((await harness.verify('linux', pointId)).error?.code).toBe('BACKUP_DAMAGE_FOUND');
    writeFileSync(archive, good);
  });

  it('is refused when it is another sound archive under the same name', async () => {
    const other = (await harness.run('linux')).result?.id ?? '';
    const otherPath = value(harness.area.findPoint(other)).archivePath;
    copyFileSync(otherPath, archive);
    const opened = await harness.area.openPoint(pointId);
    expect(opened.ok ? '' : opened.error.code).toBe('BACKUP_MANIFEST_DIFFERS');
    expect((await harness.verify('linux', pointId)).error?.code).toBe('BACKUP_DAMAGE_FOUND');
    writeFileSync(archive, good);
    expect((await harness.verify('linux', pointId)).error).toBeNull();
  });

  it('is missing, not broken, when it is not there', async () => {
    const away = join(place.dir, 'away');
    copyFileSync(archive, away);
    rmSync(archive);
    const job = await harness.verify('linux', pointId);
    expect(job.error?.code).toBe('BACKUP_ARCHIVE_ABSENT');
    expect(value(harness.area.findPoint(pointId)).state).toBe('missing');
    copyFileSync(away, archive);
    await harness.area.handlers['backup.points.list']({}, callContext);
    expect(value(harness.area.findPoint(pointId)).state).toBe('complete');
    expect(readFileSync(manifestNameOf(archive)).length).toBeGreaterThan(0);
  });
});
