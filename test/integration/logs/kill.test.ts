import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, openSync, renameSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openArea, tempFolder } from './helpers.ts';

const KILLS = Number(process.env.HMTT_KILLS ?? 10);
const child = fileURLToPath(new URL('./child-area.ts', import.meta.url));

/** Writes numbered lines, spread over several days, and rotates the file in the ways that logrotate has. */
class NumberedLog {
  readonly path: string;
  #handle: number;
  #next = 0;

  constructor(path: string) {
    this.path = path;
    this.#handle = openSync(path, 'a');
  }

  get written(): number {
    return this.#next;
  }

  write(lines: number): void {
    let text = '';
    for (let i = 0; i < lines; i += 1) {
      const n = this.#next++;
      // 40,000 lines a day, so that several day files are written at once.
      const time = new Date(Date.UTC(2026, 10, 20) + n * 2160).toISOString();
      text += `${time} ${n % 50 === 0 ? 'ERROR' : 'INFO'} numbered ${n} payload-${(n * 2654435761) % 1e9}\n`;
    }
    writeSync(this.#handle, text);
  }

  rename(): void {
    this.#shift();
    renameSync(this.path, `${this.path}.1`);
    closeSync(this.#handle);
    this.#handle = openSync(this.path, 'a');
  }

  copyTruncate(): void {
    this.#shift();
    copyFileSync(this.path, `${this.path}.1`);
    truncateSync(this.path);
  }

  close(): void {
    closeSync(this.#handle);
  }

  #shift(): void {
    let last = 1;
    while (existsSync(`${this.path}.${last}`)) last += 1;
    for (let n = last; n > 1; n -= 1) renameSync(`${this.path}.${n - 1}`, `${this.path}.${n}`);
  }
}

async function startChild(dir: string): Promise<ChildProcess> {
  const started = spawn(process.execPath, [child, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    started.stdout?.once('data', () => resolve());
    started.once('exit', (code) => reject(new Error(`the reading process ended with ${code}`)));
  });
  return started;
}

describe('killing the reader with -9', () => {
  let folder: ReturnType<typeof tempFolder>;
  beforeEach(() => {
    folder = tempFolder();
  });
  afterEach(() => folder.remove());

  it(`loses and repeats no line over ${KILLS} kills and as many rotations`, async () => {
    const log = new NumberedLog(join(folder.dir, 'numbered.log'));
    const setup = openArea(folder.dir);
    await setup.call('logs.sources.add', { path: log.path, zone: 'UTC' });
    log.write(10);
    await setup.call('logs.sync', {});
    await setup.close();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const process = await startChild(folder.dir);
      const lifeMs = 50 + Math.random() * 900;
      const until = Date.now() + lifeMs;
      while (Date.now() < until) {
        log.write(1 + Math.floor(Math.random() * 2000));
        await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 20));
        if (Math.random() < 0.04) log.rename();
        else if (Math.random() < 0.02) log.copyTruncate();
      }
      const ended = new Promise((resolve) => process.once('exit', resolve));
      process.kill('SIGKILL');
      await ended;
      // Rotations while nobody reads are the hard case.
      log.write(500);
      if (kill % 3 === 0) log.rename();
      if (kill % 4 === 1) log.copyTruncate();
      log.write(100);
    }
    log.close();
    const after = openArea(folder.dir, false);
    await after.call('logs.sync', {});
    const counted = await after.call('logs.count', {});
    const seen = new Set<string>();
    let doubled = 0;
    let cursor: string | null = null;
    do {
      const page: { events: { message: string }[]; cursor: string | null } = await after.call('logs.search', {
        limit: 10_000,
        ...(cursor === null ? {} : { cursor }),
      });
      for (const { message } of page.events) {
        const n = /numbered (\d+) /.exec(message)?.[1] ?? message;
        if (seen.has(n)) doubled += 1;
        seen.add(n);
      }
      cursor = page.cursor;
    } while (cursor !== null);
    await after.close();
    expect({ events: counted.total, distinct: seen.size, doubled }).toEqual({
      events: log.written,
      distinct: log.written,
      doubled: 0,
    });
  });
});
