import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RotationStep } from '#shared/contract/logs-rotation-runs.ts';
import { tempFolder } from '../helpers.ts';
import { peer, run } from '../peers.ts';
import { openRotation, putPolicy } from './rotation-area.ts';

const STEPS: readonly RotationStep[] = ['rename', 'reopen', 'release', 'drain', 'pack', 'verify', 'record'];

/** Fills a file system to its last block. */
function fill(folder: string): string {
  const path = join(folder, 'filler');
  for (let size = 1 << 20; size >= 1; size >>= 1)
    for (;;)
      try {
        writeFileSync(path, Buffer.alloc(size), { flag: 'a' });
      } catch {
        break;
      }
  return path;
}

describe('a full disk', () => {
  let folder: ReturnType<typeof tempFolder>;
  const disk = (): string => join(folder.dir, 'disk');

  beforeEach(() => {
    folder = tempFolder();
    mkdirSync(disk());
    // A file system of a few megabytes; mounting needs root, as the continuous integration has.
    run(peer('mount', 'mount'), ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk()]);
  });
  afterEach(() => {
    run(peer('umount', 'mount'), [disk()]);
    folder.remove();
  });

  const lines = Array.from({ length: 20_000 }, (_, n) => `numbered ${n} ${Math.random()}\n`).join('');

  it.each(STEPS)(
    'the archive full after the step %s: nothing is lost, it is told, and it goes on',
    async (step) => {
      const log = join(folder.dir, 'app.log');
      writeFileSync(log, lines);
      let filler = '';
      const rotation = openRotation(join(folder.dir, 'data'), {
        archive: join(disk(), 'archive'),
        stepDone: (done) => {
          if (done === step && filler === '') filler = fill(disk());
        },
      });
      try {
        await putPolicy(rotation, { name: 'app', paths: [log] });
        const job = await rotation.run('app');
        // After the last step nothing more is written; before it, the segment or the chain's file does not fit.
        const faults = rotation.area.faults();
        if (step !== 'record') expect(faults.map(({ error }) => error.code)).toContain('DISK_FULL');
        if (job.error !== null) {
          expect(job.error.code).toBe('DISK_FULL');
          expect(faults[0]?.error.message.zh).toContain('磁盘已满');
          // The old file is there, and nothing half-written.
          expect(readdirSync(folder.dir).some((name) => name.startsWith('app.log-'))).toBe(true);
          const packed = join(disk(), 'archive', 'app');
          if (existsSync(packed)) expect(readdirSync(packed)).toEqual([]);
        }
        rmSync(filler);
        expect((await rotation.run('app')).error).toBeNull();
        expect(rotation.area.faults()).toEqual([]);
        const { segments } = await rotation.call('rotation.segments.list', {});
        expect(segments.map((segment) => segment.lines)).toEqual([20_000]);
        expect(await rotation.call('rotation.verify', {})).toMatchObject({ ok: true, findings: [] });
      } finally {
        await rotation.close();
      }
    },
  );

  it('everything on the full disk, console.db, too: it is told, and nothing is lost', async () => {
    const data = join(disk(), 'data');
    const log = join(disk(), 'app.log');
    const rotation = openRotation(data);
    try {
      await putPolicy(rotation, { name: 'app', paths: [log] });
      writeFileSync(log, lines.slice(0, 600_000));
      const filler = fill(disk());
      const job = await rotation.run('app');
      expect(job.error).not.toBeNull();
      expect(rotation.area.faults().length).toBeGreaterThan(0);
      rmSync(filler);
      expect((await rotation.run('app', true)).error).toBeNull();
      expect((await rotation.run('app')).error).toBeNull();
      expect(rotation.area.faults()).toEqual([]);
      const { segments } = await rotation.call('rotation.segments.list', {});
      expect(segments.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(600_000);
    } finally {
      await rotation.close();
    }
  });
});
