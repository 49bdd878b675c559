import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { jobEnd } from '../../helpers/job-end.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';
import { craftArchive, craftedEntry } from '../../unit/backup/craft.ts';
import { restore } from './harness.ts';

const EVIL = Buffer.from('overwritten by an archive');

test('a crafted archive writes nothing outside its target, and what it tried is told', async () => {
  const root = temporaryFolder('hostile-restore');
  const media = join(root, 'media');
  const outside = join(root, 'outside');
  const target = join(root, 'target/deep/er');
  mkdirSync(media);
  mkdirSync(outside);
  const place = {
    size: EVIL.length,
    sha256: createHash('sha256').update(EVIL).digest('hex'),
    frame: 0,
    at: 0,
  };
  await craftArchive(join(media, 'crafted.20260101T000000Z.full.00000000.tar.zst'), EVIL, {
    entries: [
      craftedEntry('x', { type: 'directory', mode: 0o755 }),
      craftedEntry('x/honest', place),
      craftedEntry('../../escaped', place),
      craftedEntry('../../../../../../../../etc/hmtt-escaped', place),
      craftedEntry('/etc/hmtt-absolute', place),
      craftedEntry('x/link', { type: 'symlink', link: outside }),
      craftedEntry('x/link/through', place),
      craftedEntry('x/hard', { type: 'hardlink', link: '../../../outside/secret', size: EVIL.length }),
      craftedEntry('x/device', { type: 'device' }),
    ],
    end: { files: 6, directories: 1, symlinks: 1, hardLinks: 1 },
  });

  const engine = await startHeadlessEngine(join(root, 'data'));
  try {
    const rebuilt = await jobEnd(engine, (await engine.call('backup.rebuild', { dirs: [media] })).jobId);
    expect(rebuilt.error).toBeNull();
    const point = (await engine.call('backup.points.list', {})).points[0];
    if (!point) throw new Error('the crafted archive is not in the catalogue');
    const job = await jobEnd(
      engine,
      (await engine.call('restore.plan', { pointId: point.id, targetDir: target })).jobId,
    );
    const planned = await engine.call('restore.plan.get', { planId: job.result?.id ?? '' });
    const { items } = await engine.call('restore.plan.items', { planId: planned.id, action: 'skip' });
    expect(items.filter((item) => item.reason === 'unsafe').length).toBeGreaterThanOrEqual(3);

    const started = await engine.call('restore.start', { planId: planned.id, confirm: planned.confirmWord });
    await jobEnd(engine, started.jobId);
    const { evidence } = await engine.call('restore.evidence', { restoreId: started.restoreId });
    expect(readFileSync(join(target, 'x/honest')).equals(EVIL)).toBe(true);
    expect(readdirSync(outside)).toEqual([]);
    expect(readdirSync(join(root, 'target'))).toEqual(['deep']);
    expect(existsSync('/etc/hmtt-escaped')).toBe(false);
    expect(existsSync('/etc/hmtt-absolute')).toBe(false);
    expect(existsSync(join(target, 'x/hard'))).toBe(false);
    expect(evidence?.outcome).toBe('with_failures');
    expect(evidence?.failures.map((failure) => failure.error.code)).toContain('RESTORE_UNSAFE_PATH');
    for (const { error } of evidence?.failures ?? []) expect(error.message.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(evidence?.notes.some((note) => note.en.includes('unsafe'))).toBe(true);
  } finally {
    engine.close();
    await engine.stop();
  }
});

test('10,000 folders deep is refused by name, what is merely too deep for this system fails alone, and newlines are kept', async () => {
  const root = temporaryFolder('deep-restore');
  const media = join(root, 'media');
  mkdirSync(media);
  const place = {
    size: EVIL.length,
    sha256: createHash('sha256').update(EVIL).digest('hex'),
    frame: 0,
    at: 0,
  };
  const deep = `x/${'d/'.repeat(9_998)}f`;
  const beyondTheSystem = `x/${'e/'.repeat(2_500)}f`;
  await craftArchive(join(media, 'deep.20260101T000000Z.full.00000000.tar.zst'), EVIL, {
    header: { plan: 'deep' },
    entries: [
      craftedEntry('x', { type: 'directory', mode: 0o755 }),
      craftedEntry('x/line\nbreak\r\u0007', place),
      craftedEntry(deep, place),
      craftedEntry(beyondTheSystem, place),
    ],
    end: { files: 3, directories: 1 },
  });
  const engine = await startHeadlessEngine(join(root, 'data'));
  try {
    await jobEnd(engine, (await engine.call('backup.rebuild', { dirs: [media] })).jobId);
    const point = (await engine.call('backup.points.list', {})).points[0];
    const target = join(root, 'out');
    const { evidence } = await restore(engine, { pointId: point?.id ?? '', targetDir: target });
    expect(readFileSync(join(target, 'x/line\nbreak\r\u0007')).equals(EVIL)).toBe(true);
    expect(evidence?.outcome).toBe('with_failures');
    const codes = evidence?.failures.map(({ error }) => error.code) ?? [];
    expect(codes).toContain('RESTORE_UNSAFE_PATH');
    expect(codes).toContain('RESTORE_WRITE_FAILED');
    for (const { path } of evidence?.failures ?? []) expect(path).not.toContain('\n');
  } finally {
    engine.close();
    await engine.stop();
  }
});
