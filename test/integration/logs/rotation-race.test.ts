import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openArea, type TestArea, tempFolder, until } from './helpers.ts';
import { start, stop } from './peers.ts';

const writerEntry = fileURLToPath(new URL('./rotating-writer.ts', import.meta.url));
const SECONDS = process.env.HMTT_RACE_SECONDS ?? '2';

describe('rotations in the middle of reading', () => {
  let folder: ReturnType<typeof tempFolder>;
  let area: TestArea;
  beforeEach(() => {
    folder = tempFolder();
    mkdirSync(join(folder.dir, 'in'));
    area = openArea(folder.dir);
  });
  afterEach(async () => {
    await area.close();
    folder.remove();
  });

  const cases = ['rename', 'copytruncate'].flatMap((way) =>
    ['plain', 'compress'].flatMap((packing) =>
      ['app.log', 'app.log*'].map((name) => [way, packing, name] as const),
    ),
  );
  it.each(cases)('%s, %s, read as %s: every line once', async (way, packing, name) => {
    const path = join(folder.dir, 'in', 'app.log');
    await area.call('logs.sources.add', { path: join(folder.dir, 'in', name), format: 'plain' });
    const writer = start(process.execPath, [
      writerEntry,
      path,
      way,
      packing,
      SECONDS,
      join(folder.dir, 'go'),
    ]);
    let output = '';
    writer.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    try {
      await until('the file is being read', async () => (await area.call('logs.sync', {})).files === 1);
      writeFileSync(join(folder.dir, 'go'), '');
      await until('the writer has ended', () => /ready\n\d+\n/.test(output), 60_000);
    } finally {
      await stop(writer);
    }
    const written = Number(/ready\n(\d+)\n/.exec(output)?.[1]);
    await area.call('logs.sync', {});
    const seen = new Map<string, number>();
    let cursor: string | null = null;
    do {
      const page: { events: { raw: string }[]; cursor: string | null } = await area.call('logs.search', {
        limit: 10_000,
        ...(cursor === null ? {} : { cursor }),
      });
      for (const { raw } of page.events) {
        const number = /numbered (\d{7}) end$/.exec(raw)?.[1] ?? raw;
        seen.set(number, (seen.get(number) ?? 0) + 1);
      }
      cursor = page.cursor;
    } while (cursor !== null);
    const doubled = [...seen].filter(([, times]) => times > 1).map(([number]) => number);
    const missing = Array.from({ length: written }, (_, n) => String(n).padStart(7, '0')).filter(
      (n) => !seen.has(n),
    );
    // A few of each are enough to see what went wrong.
    const shown = { doubled: doubled.slice(0, 5), missing: missing.slice(0, 5), distinct: seen.size };
    expect(shown).toEqual({
      doubled: [],
      missing: [],
      distinct: written,
    });
  });
});
