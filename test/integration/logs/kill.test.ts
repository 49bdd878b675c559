import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, openSync, renameSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreReader } from '../../../main/engine/logs/store/reader.ts';
import { openArea, tempFolder } from './helpers.ts';

const KILLS = Number(process.env.HMTT_KILLS ?? 10);
/** A release's full check: 1,000,000 lines, 40 rotations, 30 kills. */
const MANY_LINES = Number(process.env.HMTT_LOG_LINES ?? 16_000);
const MANY_ROTATIONS = Number(process.env.HMTT_LOG_ROTATIONS ?? 8);
const MANY_KILLS = Number(process.env.HMTT_LOG_KILLS ?? 2);
const WRITERS = 8;
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

/** How often each number of each writer is stored. */
function storedNumbers(folder: string, perWriter: number): readonly Uint8Array[] {
  const seen = Array.from({ length: WRITERS }, () => new Uint8Array(perWriter));
  const store = new StoreReader(folder);
  const days = store.days();
  if (!days.ok) throw new Error(days.error.message.en);
  for (const day of days.value) {
    const heads = day.heads(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, null);
    if (!heads.ok) throw new Error(heads.error.message.en);
    for (const head of heads.value) {
      const writer = Number(/writer-(\d)/.exec(head.origin.path)?.[1]);
      const lines = head.open();
      if (!lines.ok) throw new Error(lines.error.message.en);
      for (const { raw } of lines.value) {
        const n = Number(/numbered (\d+) /.exec(raw.toString('latin1'))?.[1]);
        const counts = seen[writer];
        if (counts !== undefined) counts[n] = (counts[n] ?? 0) + 1;
      }
    }
  }
  store.close();
  return seen;
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

  it(`keeps exactly ${MANY_LINES} lines of ${WRITERS} writers over ${MANY_ROTATIONS} rotations and ${MANY_KILLS} kills`, async () => {
    const perWriter = MANY_LINES / WRITERS;
    // All write the very same lines, the hard case: neither head nor tail tells one log from another.
    const logs = Array.from(
      { length: WRITERS },
      (_, n) => new NumberedLog(join(folder.dir, `writer-${n}.log`)),
    );
    const setup = openArea(folder.dir);
    for (const log of logs) await setup.call('logs.sources.add', { path: log.path, zone: 'UTC' });
    for (const log of logs) log.write(10);
    await setup.call('logs.sync', {});
    await setup.close();
    const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    const rounds = Math.max(MANY_KILLS, 1);
    let rotations = 0;
    for (let round = 0; round < rounds; round += 1) {
      const reader = await startChild(folder.dir);
      const steps = 20;
      const killAt = Math.floor(steps / 2 + (Math.random() * steps) / 2);
      let ended: Promise<unknown> | null = null;
      for (let step = 0; step < steps; step += 1) {
        const due = (perWriter * (round * steps + step + 1)) / (rounds * steps);
        for (const log of logs) log.write(Math.max(0, Math.floor(due) - log.written));
        // Rotations are spread over all writers, by renaming and by copying; some while nobody reads.
        while (rotations < (MANY_ROTATIONS * (round * steps + step + 1)) / (rounds * steps)) {
          const log = logs[rotations % WRITERS];
          if (rotations % 3 === 2) log?.copyTruncate();
          else log?.rename();
          rotations += 1;
        }
        await pause(Math.random() * 40);
        if (step === killAt) {
          ended = new Promise((resolve) => reader.once('exit', resolve));
          reader.kill('SIGKILL');
        }
      }
      if (ended === null) reader.kill('SIGKILL');
      await (ended ?? new Promise((resolve) => reader.once('exit', resolve)));
    }
    for (const log of logs) {
      log.write(perWriter - log.written);
      log.close();
    }
    const after = openArea(folder.dir, false);
    await after.call('logs.sync', {});
    const { total } = await after.call('logs.count', {});
    await after.close();
    const counts = storedNumbers(join(folder.dir, 'logs'), perWriter);
    const missing = counts.reduce((sum, one) => sum + one.filter((count) => count === 0).length, 0);
    const doubled = counts.reduce((sum, one) => sum + one.filter((count) => count > 1).length, 0);
    expect({ total, missing, doubled, rotations }).toEqual({
      total: MANY_LINES,
      missing: 0,
      doubled: 0,
      rotations: MANY_ROTATIONS,
    });
  }, 900_000);
});
