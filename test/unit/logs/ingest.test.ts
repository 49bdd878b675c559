import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Ingest } from '../../../main/engine/logs/ingest/ingest.ts';
import type { SourceRow } from '../../../main/engine/logs/messages.ts';
import { answerCall } from '../../../main/engine/logs/search/answers.ts';
import { searchTools } from '../../../main/engine/logs/search/events.ts';
import { StoreReader } from '../../../main/engine/logs/store/reader.ts';
import { systemClock } from '../../../main/engine/platform/clock.ts';

describe('reading much and little at once', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'hmtt-ingest-'));
    mkdirSync(join(dir, 'logs'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const source = (name: string): SourceRow => ({
    id: name,
    name,
    path: join(dir, name),
    format: 'plain',
    host: 'h',
    zone: 'UTC',
    from: 'beginning',
  });
  const open = (breathe: () => Promise<boolean>): Ingest => {
    const ingest = new Ingest({
      folder: join(dir, 'logs'),
      clock: systemClock,
      tell: () => undefined,
      breathe,
    });
    ingest.setSources([source('long.log'), source('short.log')]);
    return ingest;
  };
  const stored = async (query: string): Promise<number> => {
    const store = new StoreReader(join(dir, 'logs'));
    const counted = await answerCall<'count'>(searchTools(store), {
      method: 'count',
      query,
      start: undefined,
      end: undefined,
    });
    store.close();
    return counted.ok ? counted.value.total : -1;
  };

  it('a file with a long past does not keep the others waiting; all of it is read in the end', async () => {
    const line = `${'a long past '.repeat(80)}\n`;
    const lines = Math.ceil((20 * 1024 * 1024) / line.length);
    writeFileSync(join(dir, 'long.log'), line.repeat(lines));
    writeFileSync(join(dir, 'short.log'), 'just now\n');
    const ingest = open(() => Promise.resolve(true));
    expect(await ingest.pass(false)).toEqual({ ok: true, value: { more: true } });
    expect(await stored('source:short.log')).toBe(1);
    const first = await stored('source:long.log');
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(lines);
    expect(await ingest.pass(false)).toEqual({ ok: true, value: { more: false } });
    expect(await stored('source:long.log')).toBe(lines);
    ingest.close();
  });

  it('stops between two chunks when told to, with everything read so far stored', async () => {
    writeFileSync(join(dir, 'long.log'), `${'x'.repeat(99)}\n`.repeat(100_000));
    let chunks = 0;
    const ingest = open(() => {
      chunks += 1;
      return Promise.resolve(chunks < 3);
    });
    await ingest.pass(true);
    ingest.close();
    expect(chunks).toBe(3);
    const part = await stored('');
    expect(part).toBeGreaterThan(1000);
    expect(part).toBeLessThan(100_000);
    const again = open(() => Promise.resolve(true));
    await again.sync();
    again.close();
    expect(await stored('')).toBe(100_000);
  });
});
