import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ingest } from '../../main/engine/logs/ingest/ingest.ts';
import type { SourceRow } from '../../main/engine/logs/messages.ts';
import { answerCall } from '../../main/engine/logs/search/answers.ts';
import { searchTools } from '../../main/engine/logs/search/events.ts';
import { StoreReader } from '../../main/engine/logs/store/reader.ts';
import { systemClock } from '../../main/engine/platform/clock.ts';

/** What may happen to a log while it is followed. */
type Step =
  | { readonly kind: 'write'; readonly lines: number }
  | { readonly kind: 'half-line' }
  | { readonly kind: 'pass' }
  /** `reopen` false: the writer goes on writing into the renamed file until the next rotation. */
  | { readonly kind: 'rename'; readonly reopen: boolean }
  | { readonly kind: 'copytruncate' }
  /** Lines are written, and read, after the copy was made: only the reader has them. */
  | { readonly kind: 'copytruncate-late'; readonly lines: number }
  | { readonly kind: 'compress' }
  | { readonly kind: 'crash' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('write' as const), lines: fc.integer({ min: 1, max: 30 }) }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'half-line' as const }) },
  { weight: 5, arbitrary: fc.constant({ kind: 'pass' as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('rename' as const), reopen: fc.boolean() }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'copytruncate' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('copytruncate-late' as const),
      lines: fc.integer({ min: 1, max: 30 }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'compress' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'crash' as const }) },
);

/** A program that writes numbered lines through one open handle, and is rotated under way. */
class Writer {
  readonly #path: string;
  #handle: number;
  #next = 0;
  #open = '';

  constructor(path: string) {
    this.#path = path;
    this.#handle = openSync(path, 'a');
  }

  get written(): number {
    return this.#next;
  }

  lines(count: number): void {
    let text = this.#finish();
    for (let i = 0; i < count; i += 1) text += `${this.#line()}\n`;
    writeSync(this.#handle, text);
  }

  halfLine(): void {
    const text = this.#finish();
    const line = this.#line();
    writeSync(this.#handle, text + line.slice(0, 9));
    this.#open = `${line.slice(9)}\n`;
  }

  /** Completes a line that was begun. */
  complete(): void {
    writeSync(this.#handle, this.#finish());
  }

  rename(reopen: boolean): void {
    // A line that was begun is completed in the file it was begun in, as a program does before it reopens.
    if (reopen) this.complete();
    this.#shift();
    renameSync(this.#path, `${this.#path}.1`);
    if (!reopen) return;
    closeSync(this.#handle);
    this.#handle = openSync(this.#path, 'a');
  }

  copyTruncate(): void {
    if (!existsSync(this.#path)) return;
    // What is written between copy and truncation is lost by copytruncate itself, so nothing is written there.
    this.complete();
    this.#shift();
    copyFileSync(this.#path, `${this.#path}.1`);
    truncateSync(this.#path);
  }

  async copyTruncateLate(lines: number, pass: () => Promise<void>): Promise<void> {
    if (!existsSync(this.#path)) return;
    this.complete();
    // What a copy of the past leaves unread is in that copy; this step is about what the new one lacks.
    await pass();
    this.#shift();
    copyFileSync(this.#path, `${this.#path}.1`);
    this.lines(lines);
    await pass();
    truncateSync(this.#path);
  }

  reopenIfMoved(): void {
    if (existsSync(this.#path)) return;
    this.complete();
    closeSync(this.#handle);
    this.#handle = openSync(this.#path, 'a');
  }

  close(): void {
    closeSync(this.#handle);
  }

  /** Compresses the newest rotated file, as logrotate does without `delaycompress`, keeping its time as gzip does. */
  compress(): void {
    const rotated = `${this.#path}.1`;
    // A program that still writes into it is a mistake of the configuration, and loses lines whatever we do.
    if (!existsSync(rotated) || !existsSync(this.#path)) return;
    if (statSync(rotated).ino === fstatSync(this.#handle).ino) return;
    const { atime, mtime } = statSync(rotated);
    writeFileSync(`${rotated}.gz`, gzipSync(readFileSync(rotated)));
    utimesSync(`${rotated}.gz`, atime, mtime);
    rmSync(rotated);
  }

  #shift(): void {
    const taken = (n: number): string | null =>
      ['', '.gz'].find((suffix) => existsSync(`${this.#path}.${n}${suffix}`)) ?? null;
    let last = 1;
    while (taken(last) !== null) last += 1;
    for (let n = last; n > 1; n -= 1) {
      const suffix = taken(n - 1) ?? '';
      renameSync(`${this.#path}.${n - 1}${suffix}`, `${this.#path}.${n}${suffix}`);
    }
  }

  #line(): string {
    const n = this.#next++;
    return `line-${String(n).padStart(6, '0')} ${'x'.repeat((n * 7919) % 120)}`;
  }

  #finish(): string {
    const rest = this.#open;
    this.#open = '';
    return rest;
  }
}

async function runSteps(
  steps: readonly Step[],
  glob: boolean,
): Promise<{ written: number; found: string[] }> {
  const dir = mkdtempSync(join(tmpdir(), 'hmtt-tailing-'));
  const folder = join(dir, 'logs');
  const path = join(dir, 'in', 'app.log');
  mkdirSync(folder);
  mkdirSync(join(dir, 'in'));
  const source: SourceRow = {
    id: 'src-test',
    name: 'test',
    path: glob ? `${path}*` : path,
    format: 'plain',
    host: 'h',
    zone: 'UTC',
    from: 'beginning',
  };
  const open = (): Ingest => {
    const ingest = new Ingest({
      folder,
      clock: systemClock,
      tell: () => undefined,
      breathe: () => Promise.resolve(true),
    });
    ingest.setSources([source]);
    return ingest;
  };
  const writer = new Writer(path);
  let ingest = open();
  const pass = async (): Promise<void> => {
    const done = await ingest.pass(true);
    if (!done.ok) throw new Error(done.error.message.en);
  };
  try {
    // The console has seen the file once; a rotation before that would be none of its business.
    await pass();
    for (const one of steps) {
      if (one.kind === 'write') writer.lines(one.lines);
      else if (one.kind === 'half-line') writer.halfLine();
      else if (one.kind === 'pass') await pass();
      else if (one.kind === 'rename') {
        writer.reopenIfMoved();
        writer.rename(one.reopen);
      } else if (one.kind === 'copytruncate') writer.copyTruncate();
      else if (one.kind === 'compress') writer.compress();
      else if (one.kind === 'copytruncate-late') await writer.copyTruncateLate(one.lines, pass);
      else {
        ingest.abandon();
        ingest = open();
      }
    }
    writer.complete();
    await pass();
    ingest.close();
    const store = new StoreReader(folder);
    const page = await answerCall<'search'>(searchTools(store), {
      method: 'search',
      query: '',
      start: undefined,
      end: undefined,
      limit: 10_000,
      cursor: undefined,
      count: 'wait',
    });
    store.close();
    if (!page.ok) throw new Error(page.error.message.en);
    return {
      written: writer.written,
      found: page.value.events.map((event) => event.raw.slice(0, 11)).sort(),
    };
  } finally {
    writer.close();
    ingest.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

describe('following a log through rotations and crashes', () => {
  for (const glob of [false, true])
    it(`stores every line exactly once (${glob ? 'app.log*' : 'app.log'})`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
          const { written, found } = await runSteps(steps, glob);
          const wanted = Array.from({ length: written }, (_, n) => `line-${String(n).padStart(6, '0')}`);
          expect(found).toEqual(wanted);
        }),
        { numRuns: Number(process.env.HMTT_PROPERTY_RUNS ?? 60), endOnFailure: false },
      );
    }, 120_000);

  it('appends are not needed for a line to be complete', () => {
    // Guards the helper itself: the writer must produce what the properties count.
    const dir = mkdtempSync(join(tmpdir(), 'hmtt-tailing-'));
    const writer = new Writer(join(dir, 'a.log'));
    writer.halfLine();
    writer.complete();
    appendFileSync(join(dir, 'b.log'), '');
    expect(writer.written).toBe(1);
    writer.close();
    rmSync(dir, { recursive: true, force: true });
  });
});
