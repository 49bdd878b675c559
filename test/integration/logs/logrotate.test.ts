import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openArea, type TestArea, tempFolder, until } from './helpers.ts';
import { peer, run, start, stop } from './peers.ts';

const writerEntry = fileURLToPath(new URL('./writer.ts', import.meta.url));
const NUMBER = /numbered (\d{7}) end/;

async function storedNumbers(area: TestArea): Promise<string[]> {
  const numbers: string[] = [];
  let cursor: string | null = null;
  do {
    const page: { events: { message: string }[]; cursor: string | null } = await area.call('logs.search', {
      query: 'numbered',
      limit: 10_000,
      ...(cursor === null ? {} : { cursor }),
    });
    for (const { message } of page.events) numbers.push(NUMBER.exec(message)?.[1] ?? message);
    cursor = page.cursor;
  } while (cursor !== null);
  return numbers.sort();
}

describe("rotation by Debian's logrotate while a program writes", () => {
  let folder: ReturnType<typeof tempFolder>;
  let area: TestArea;
  let writer: ChildProcess;
  let output = '';
  const logs = (): string => join(folder.dir, 'in');

  const rotate = (directives: string): void => {
    const config = join(folder.dir, 'logrotate.conf');
    writeFileSync(config, `"${logs()}/app.log" {\n  rotate 200\n  missingok\n  ${directives}\n}\n`, {
      mode: 0o600,
    });
    run(peer('logrotate', 'logrotate'), ['-f', '-s', join(folder.dir, 'state'), config]);
  };

  beforeEach(async () => {
    folder = tempFolder();
    mkdirSync(logs());
    output = '';
    writer = start(process.execPath, [writerEntry, join(logs(), 'app.log'), '20']);
    writer.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    await until('the writer writes', () => output.includes('ready'));
    area = openArea(folder.dir);
    await area.call('logs.sources.add', { path: join(logs(), 'app.log'), zone: 'UTC' });
    await area.call('logs.sync', {});
  });
  afterEach(async () => {
    await stop(writer);
    await area.close();
    folder.remove();
  });

  const finish = async (): Promise<number> => {
    await stop(writer);
    await until('the writer says how much it wrote', () => /ready\n\d+\n/.test(output));
    await area.call('logs.sync', {});
    return Number(/ready\n(\d+)\n/.exec(output)?.[1]);
  };

  /** The numbers in whole lines of everything that logrotate kept. */
  const keptNumbers = (): string[] =>
    readdirSync(logs()).flatMap((name) => {
      const bytes = readFileSync(join(logs(), name));
      const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
      return [...text.matchAll(/numbered (\d{7}) end\n/g)].map((match) => match[1] ?? '');
    });

  it('create: every line is stored once, over 12 rotations', async () => {
    const postrotate = `create 0600\n  postrotate\n    kill -HUP ${writer.pid}\n  endscript`;
    for (let round = 0; round < 12; round += 1) {
      rotate(postrotate);
      await new Promise((resolve) => setTimeout(resolve, round % 3 === 0 ? 10 : 150));
    }
    const written = await finish();
    const stored = await storedNumbers(area);
    expect(written).toBeGreaterThan(1000);
    expect(stored.length).toBe(written);
    expect(new Set(stored).size).toBe(written);
  });

  it('create and compress, also while the console is off: every line that was kept is stored once', async () => {
    const directives = `create 0600\n  compress\n  postrotate\n    kill -HUP ${writer.pid}\n  endscript`;
    for (let round = 0; round < 4; round += 1) {
      rotate(directives);
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    await area.close();
    for (let round = 0; round < 3; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      rotate(directives);
    }
    area = openArea(folder.dir);
    const written = await finish();
    const stored = await storedNumbers(area);
    expect(readdirSync(logs()).filter((name) => name.endsWith('.gz')).length).toBe(7);
    // While nobody reads, logrotate itself loses what a writer adds to a file that is being compressed already.
    const storedSet = new Set(stored);
    expect(keptNumbers().filter((number) => !storedSet.has(number))).toEqual([]);
    expect(stored.length).toBe(storedSet.size);
    expect(stored.length).toBeGreaterThan(written * 0.98);
  });

  it.each([['copytruncate'], ['copytruncate\n  compress']])(
    '%j: nothing that logrotate kept is missing, and nothing is stored twice',
    async (directives) => {
      for (let round = 0; round < 12; round += 1) {
        rotate(directives);
        await new Promise((resolve) => setTimeout(resolve, round % 3 === 0 ? 10 : 150));
      }
      const written = await finish();
      const stored = await storedNumbers(area);
      const kept = keptNumbers();
      const storedSet = new Set(stored);
      expect(stored.length).toBe(storedSet.size);
      expect(kept.filter((number) => !storedSet.has(number))).toEqual([]);
      expect(stored.length).toBeLessThanOrEqual(written);
    },
  );
});
