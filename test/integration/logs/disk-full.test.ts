import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openArea, tempFolder, until } from './helpers.ts';
import { peer, run } from './peers.ts';

describe('a full disk while logs are read', () => {
  let folder: ReturnType<typeof tempFolder>;
  const data = (): string => join(folder.dir, 'data');

  beforeEach(() => {
    folder = tempFolder();
    mkdirSync(data());
    // A file system of a few megabytes; mounting needs root, as the continuous integration has.
    run(peer('mount', 'mount'), ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', data()]);
  });
  afterEach(() => {
    run(peer('umount', 'mount'), [data()]);
    folder.remove();
  });

  it('is said clearly, loses nothing, and reading goes on when there is space', async () => {
    const path = join(folder.dir, 'app.log');
    const area = openArea(data());
    try {
      await area.call('logs.sources.add', { path, format: 'plain' });
      let written = 0;
      let refusal: { appError: { code: string; message: { zh: string; en: string } } } | null = null;
      while (refusal === null && written < 400_000) {
        let text = '';
        for (let i = 0; i < 4000; i += 1) {
          // Lines that do not compress, so that the disk is full soon.
          text += `numbered ${String(written++).padStart(7, '0')} ${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}\n`;
        }
        appendFileSync(path, text);
        refusal = await area.call('logs.sync', {}).then(
          () => null,
          (error: NonNullable<typeof refusal>) => error,
        );
      }
      expect(refusal?.appError.code).toBe('DISK_FULL');
      expect(refusal?.appError.message.zh).toContain('磁盘已满');
      expect(refusal?.appError.message.en).toContain('disk is full');
      await until('the source says so', async () => {
        const { sources } = await area.call('logs.sources.list', {});
        return sources[0]?.error?.code === 'DISK_FULL';
      });
      // What was stored before can still be searched.
      expect((await area.call('logs.count', { query: 'numbered' })).total).toBeGreaterThan(0);
      appendFileSync(path, `numbered ${String(written++).padStart(7, '0')} written while the disk is full\n`);
      run(peer('mount', 'mount'), ['-o', 'remount,size=64m', data()]);
      await until('everything is stored', async () => (await area.call('logs.count', {})).total >= written);
      expect((await area.call('logs.count', {})).total).toBe(written);
      expect((await area.call('logs.count', { query: '"written while the disk is full"' })).total).toBe(1);
      await until('the error is gone', async () => {
        const { sources } = await area.call('logs.sources.list', {});
        return sources[0]?.error === null;
      });
    } finally {
      await area.close();
    }
  });
});
