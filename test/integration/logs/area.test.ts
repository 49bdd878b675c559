import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openArea, type TestArea, tempFolder, until } from './helpers.ts';

describe('the logs area', () => {
  let folder: ReturnType<typeof tempFolder>;
  let test: TestArea;
  const file = (name: string): string => join(folder.dir, name);

  beforeEach(() => {
    folder = tempFolder();
    test = openArea(folder.dir);
  });
  afterEach(async () => {
    await test.close();
    folder.remove();
  });

  it('reads a file from its beginning, follows it, and finds words, levels and Chinese text', async () => {
    writeFileSync(
      file('hmtt.log'),
      '2026-11-22 10:00:00,123 INFO service started\n2026-11-22 10:00:01,000 ERROR 磁盘空间不足：connection refused\n',
    );
    await test.call('logs.sources.add', { path: file('hmtt.log'), zone: 'UTC', host: 'app-1' });
    const synced = await test.call('logs.sync', {});
    expect(synced).toMatchObject({ lines: 2, files: 1 });
    const all = await test.call('logs.search', {});
    expect(all.total).toBe(2);
    expect(all.events.map((event) => event.message)).toEqual([
      '磁盘空间不足：connection refused',
      'service started',
    ]);
    expect(all.events[0]).toMatchObject({
      level: 'error',
      host: 'app-1',
      time: Date.UTC(2026, 10, 22, 10, 0, 1),
    });
    for (const query of ['空间', 'REFUSED', 'level:error', '"connection refused"', 'level>=warn', 'conn*'])
      expect((await test.call('logs.count', { query })).total, query).toBe(1);
    expect((await test.call('logs.count', { query: 'NOT 空间' })).total).toBe(1);
    expect((await test.call('logs.count', { query: 'host:app-1 AND (refused OR started)' })).total).toBe(2);
    appendFileSync(file('hmtt.log'), '2026-11-22 10:00:02,000 WARN late');
    await test.call('logs.sync', {});
    expect((await test.call('logs.count', {})).total).toBe(2);
    appendFileSync(file('hmtt.log'), 'r completed\n');
    await until('the completed line is found', async () => (await test.call('logs.count', {})).total === 3);
    expect((await test.call('logs.count', { query: 'later' })).total).toBe(1);
    renameSync(file('hmtt.log'), file('hmtt.log.1'));
    appendFileSync(file('hmtt.log.1'), '2026-11-22 10:00:03,000 INFO into the old file\n');
    writeFileSync(file('hmtt.log'), '2026-11-22 10:00:04,000 INFO first of the new file\n');
    await test.call('logs.sync', {});
    expect((await test.call('logs.count', {})).total).toBe(5);
    const { sources } = await test.call('logs.sources.list', {});
    expect(sources[0]?.detectedFormat).toBe('time-level');
  });
});
