import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BackupType, ListedPoint } from '#shared/contract/backup.ts';
import { openChain } from '../../../main/engine/backup/chain-reader.ts';
import { ArchiveFault } from '../../../main/engine/backup/reader-types.ts';
import { callContext, type Harness, openHarness, scratch, value } from './harness.ts';

let place: ReturnType<typeof scratch>;
let source = '';
let harness: Harness;

beforeEach(async () => {
  place = scratch('chain-trouble');
  source = join(place.dir, 'source');
  mkdirSync(join(source, 'sub'), { recursive: true });
  writeFileSync(join(source, 'a'), 'first');
  writeFileSync(join(source, 'sub/b'), 'second');
  for (const name of ['a', 'sub/b']) utimesSync(join(source, name), 1e9, 1e9);
  harness = openHarness(place.dir);
  await harness.plan('p', [source]);
});

afterEach(async () => {
  await harness.close();
  place.remove();
});

async function run(type: BackupType): Promise<ListedPoint> {
  const job = await harness.run('p', type);
  expect(job.error).toBeNull();
  return value(
    await harness.area.handlers['backup.points.get']({ pointId: job.result?.id ?? '' }, callContext),
  );
}

/** Path → content of every file at a point, read from the archives of its chain. */
async function contents(pointId: string): Promise<Record<string, string>> {
  const reader = value(await openChain(value(harness.area.chain(pointId))));
  const found: Record<string, string> = {};
  try {
    for await (const entry of reader.entries()) {
      if (entry.type !== 'file') continue;
      const pieces: Uint8Array[] = [];
      for await (const piece of reader.readFile(entry)) pieces.push(Buffer.from(piece));
      found[entry.path.slice(source.length)] = Buffer.concat(pieces).toString('utf8');
    }
  } finally {
    await reader.close();
  }
  return found;
}

async function names(pointId: string, folder = ''): Promise<string[]> {
  const prefix = `${source.slice(1)}${folder}`;
  const { entries } = value(
    await harness.area.handlers['backup.browse']({ pointId, prefix, limit: 100, offset: 0 }, callContext),
  );
  return entries.map(({ name }) => name);
}

async function holders(text: string): Promise<string[]> {
  const { files } = value(await harness.area.handlers['backup.find']({ text, limit: 10 }, callContext));
  return files.flatMap(({ versions }) => versions.map(({ pointId }) => pointId));
}

describe('a chain', () => {
  it('stores nothing again that did not change, and says so', async () => {
    await run('full');
    const point = await run('incremental');
    expect(point.report).toMatchObject({ files: 0, bytes: 0, unchanged: 2, gone: 0 });
    expect(point.report.reasons?.[0]?.en).toContain('since the point before');
    expect(point.chain).toEqual({ length: 2, brokenBy: null, neededBy: 0 });
    expect(await contents(point.id)).toEqual({ a: 'first', 'sub/b': 'second' });
  });

  it('tells what stood at each point when browsed and searched, also without its indexes', async () => {
    const full = await run('full');
    rmSync(join(source, 'sub'), { recursive: true });
    writeFileSync(join(source, 'new'), 'n');
    const second = await run('incremental');
    writeFileSync(join(source, 'later'), 'l');
    const third = await run('incremental');
    for (let round = 0; round < 2; round += 1) {
      expect(await names(full.id)).toEqual(['sub', 'a']);
      expect(await names(full.id, '/sub')).toEqual(['b']);
      expect(await names(second.id)).toEqual(['a', 'new']);
      expect(await names(second.id, '/sub')).toEqual([]);
      expect(await names(third.id)).toEqual(['a', 'later', 'new']);
      expect((await holders('sub/b')).sort()).toEqual([full.id]);
      expect((await holders('source/new')).sort()).toEqual([second.id, third.id].sort());
      expect((await holders('source/a')).sort()).toEqual([full.id, second.id, third.id].sort());
      for (const name of readdirSync(join(place.dir, 'catalogue')))
        rmSync(join(place.dir, 'catalogue', name));
    }
  });

  it('compares content, not nothing, when the catalogue was rebuilt from the media', async () => {
    const full = await run('full');
    await run('incremental');
    await harness.close();
    for (const name of ['catalogue', 'console.db', 'console.db-wal', 'console.db-shm'])
      rmSync(join(place.dir, name), { recursive: true, force: true });
    harness = openHarness(place.dir);
    await harness.plan('p', [source]);
    const { jobId } = value(
      await harness.area.handlers['backup.rebuild']({ dirs: [harness.target] }, callContext),
    );
    expect((await harness.jobs.ended(jobId)).error).toBeNull();
    const { points } = value(await harness.area.handlers['backup.points.list']({ plan: 'p' }, callContext));
    expect(points.map(({ parentId }) => parentId).sort()).toEqual([full.id, null].sort());
    // Other content, same size and time: without facts only the content can tell.
    const fd = openSync(join(source, 'a'), 'r+');
    writeSync(fd, 'FIRST');
    closeSync(fd);
    utimesSync(join(source, 'a'), 1e9, 1e9);
    const next = await run('incremental');
    expect(next.type).toBe('incremental');
    expect(next.chain.length).toBe(3);
    expect(next.report).toMatchObject({ files: 1, unchanged: 1 });
    expect((await contents(next.id)).a).toBe('FIRST');
  });

  it('reads every file when the plan says so', async () => {
    await harness.plan('c', [source], { changeDetection: 'content' });
    expect((await harness.run('c')).error).toBeNull();
    const job = await harness.run('c', 'incremental');
    const point = value(harness.area.findPoint(job.result?.id ?? ''));
    expect(point.report).toMatchObject({ files: 0, unchanged: 2 });
  });

  it('makes a full, and says why, when a link is missing; says what can still be restored', async () => {
    const full = await run('full');
    const second = await run('incremental');
    appendFileSync(join(source, 'a'), '!');
    const third = await run('incremental');
    renameSync(second.archivePath, `${second.archivePath}.away`);
    const { points } = value(await harness.area.handlers['backup.points.list']({ plan: 'p' }, callContext));
    expect(points.find(({ id }) => id === third.id)?.chain.brokenBy).toBe(second.id);
    const chain = harness.area.chain(third.id);
    expect(chain.ok ? null : chain.error).toMatchObject({ code: 'BACKUP_CHAIN_BROKEN' });
    if (!chain.ok) {
      expect(chain.error.message.en).toContain(full.id);
      expect(chain.error.message.zh).toContain(full.id);
    }
    // The full is intact: an incremental builds on it and passes over what is not.
    const onFull = await run('incremental');
    expect(onFull.parentId).toBe(full.id);
    expect(onFull.report.reasons?.[1]?.en).toContain('passed over');
    expect(await contents(onFull.id)).toEqual({ a: 'first!', 'sub/b': 'second' });
    renameSync(full.archivePath, `${full.archivePath}.away`);
    await harness.area.handlers['backup.points.list']({ plan: 'p' }, callContext);
    const again = await run('incremental');
    expect(again.type).toBe('full');
    expect(again.report.reasons?.[0]?.en).toContain('No intact full');
    renameSync(`${full.archivePath}.away`, full.archivePath);
    renameSync(`${second.archivePath}.away`, second.archivePath);
    await harness.area.handlers['backup.points.list']({ plan: 'p' }, callContext);
    expect(await contents(third.id)).toEqual({ a: 'first!', 'sub/b': 'second' });
  });

  it('finds a damaged parent when a later point is verified', async () => {
    const full = await run('full');
    const point = await run('incremental');
    const bytes = readFileSync(full.archivePath);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    writeFileSync(full.archivePath, bytes);
    const job = await harness.verify('p', point.id);
    expect(job.error?.code).toBe('BACKUP_DAMAGE_FOUND');
    expect(value(harness.area.findPoint(full.id)).state).toBe('broken');
    expect(value(harness.area.findPoint(point.id)).state).toBe('complete');
    const next = await run('incremental');
    expect(next.type).toBe('full');
  });

  it('gives what lies outside of a damaged parent', async () => {
    writeFileSync(join(source, 'z'), Buffer.alloc(3_000_000, 'big '));
    const full = await run('full');
    writeFileSync(join(source, 'a'), 'changed');
    const point = await run('incremental');
    // The frame of the small files of the full, which comes first.
    const bytes = readFileSync(full.archivePath);
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    writeFileSync(full.archivePath, bytes);
    const reader = value(await openChain(value(harness.area.chain(point.id))));
    const ends: Record<string, string> = {};
    for await (const entry of reader.entries()) {
      if (entry.type !== 'file') continue;
      let size = 0;
      try {
        for await (const piece of reader.readFile(entry)) size += piece.length;
        ends[entry.path.slice(source.length)] = String(size);
      } catch (thrown) {
        ends[entry.path.slice(source.length)] = thrown instanceof ArchiveFault ? thrown.error.code : 'bug';
      }
    }
    await reader.close();
    expect(ends).toEqual({ a: '7', 'sub/b': 'BACKUP_FRAME_DAMAGED', z: '3000000' });
  });

  it('notices a parent that was swapped for another archive', async () => {
    const full = await run('full');
    const other = await run('full');
    const point = await run('incremental');
    const chain = value(harness.area.chain(point.id));
    const swapped = { ...value(harness.area.findPoint(full.id)) };
    const opened = await openChain([swapped, ...chain.slice(1)]);
    expect(opened.ok ? '' : opened.error.code).toBe('BACKUP_CHAIN_SWAPPED');
    expect(point.parentId).toBe(other.id);
  });

  it('forgets what is excluded or no source any more, and keeps a source that is absent now', async () => {
    await run('full');
    const elsewhere = join(place.dir, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'x'), 'x');
    value(await harness.area.handlers['backup.plans.remove']({ name: 'p' }, callContext));
    await harness.plan('p', [elsewhere, join(source, 'sub')], { exclude: ['**/b'] });
    const point = await run('incremental');
    expect(point.type).toBe('incremental');
    expect(await names(point.id)).toEqual(['sub']);
    expect(await names(point.id, '/sub')).toEqual([]);
    expect(Object.values(await contents(point.id))).toEqual(['x']);
    renameSync(elsewhere, `${elsewhere}.unmounted`);
    const without = await run('incremental');
    expect(without.report).toMatchObject({ gone: 0, skippedTotal: 1 });
    expect(Object.values(await contents(without.id))).toEqual(['x']);
  });

  it('keeps only a few whole states', async () => {
    await run('full');
    for (let count = 0; count < 8; count += 1) {
      appendFileSync(join(source, 'a'), '.');
      await run('incremental');
    }
    const states = readdirSync(join(place.dir, 'catalogue')).filter((name) => name.includes('.state.'));
    expect(states.length).toBeLessThanOrEqual(5);
    expect(statSync(join(source, 'a')).size).toBe(13);
  });
});
