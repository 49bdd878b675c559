import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runKept } from '../../../main/engine/platform/kept-code.ts';

let dir = '';
let later: (() => void)[] = [];
let warnings: string[] = [];

const timers = {
  after: (_ms: number, call: () => void) => {
    later.push(call);
    return () => undefined;
  },
  every: () => () => undefined,
};

/** Runs the script as a process of its own would: nothing of an earlier run is in its memory. */
function run(name = 'script.cjs'): unknown {
  later = [];
  return runKept({
    script: join(dir, name),
    folder: join(dir, 'compiled'),
    timers,
    warn: (words) => warnings.push(words),
  });
}

const write = (text: string, name = 'script.cjs'): void => writeFileSync(join(dir, name), text);
const kept = (): string => join(dir, 'compiled', 'script.cjs.code');

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'hmtt-kept-'));
  warnings = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('code that is kept', () => {
  it('is kept once, a moment after the script ran, and used by the next run', () => {
    write('exports.answer = () => 42;');
    expect((run() as { answer: () => number }).answer()).toBe(42);
    expect(existsSync(kept())).toBe(false);
    expect(later).toHaveLength(1);
    later[0]?.();
    expect(readdirSync(join(dir, 'compiled'))).toEqual(['script.cjs.code']);
    expect((run() as { answer: () => number }).answer()).toBe(42);
    expect(later).toHaveLength(0);
  });

  it('never runs for another script of the same length', () => {
    write('exports.answer = () => 42;');
    run();
    later[0]?.();
    write('exports.answer = () => 43;');
    expect((run() as { answer: () => number }).answer()).toBe(43);
    later[0]?.();
    expect((run() as { answer: () => number }).answer()).toBe(43);
    expect(later).toHaveLength(0);
  });

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1)],
    ['empty', () => Buffer.alloc(0)],
    ['with one bit turned', (bytes: Buffer) => bytes.map((byte, at) => (at === 100 ? byte ^ 1 : byte))],
  ])('is made anew when it is %s', (_how, damage) => {
    write('exports.answer = () => 42;');
    run();
    later[0]?.();
    writeFileSync(kept(), damage(readFileSync(kept())));
    expect((run() as { answer: () => number }).answer()).toBe(42);
    later[0]?.();
    run();
    expect(later).toHaveLength(0);
  });

  it.runIf(process.platform !== 'win32')('is not believed when others may write to it', () => {
    write('exports.answer = () => 42;');
    run();
    later[0]?.();
    chmodSync(kept(), 0o620);
    run();
    expect(later).toHaveLength(1);
  });

  it('lets the script run when it cannot be kept, and says why', () => {
    write('exports.answer = () => 42;');
    writeFileSync(join(dir, 'compiled'), 'a file where the folder should be');
    expect((run() as { answer: () => number }).answer()).toBe(42);
    later[0]?.();
    expect(warnings).toEqual([expect.stringContaining('script.cjs.code')]);
  });

  it('gives the script what CommonJS gives it, and itself to what requires it', () => {
    mkdirSync(join(dir, 'part'));
    write('exports.whole = require("../script.cjs");', join('part', 'later.cjs'));
    write(
      'exports.runs = (globalThis.keptRuns = (globalThis.keptRuns ?? 0) + 1); exports.place = [__dirname, __filename]; exports.later = () => require("./part/later.cjs");',
    );
    const whole = run() as { runs: number; place: string[]; later: () => { whole: unknown } };
    expect(whole.place).toEqual([dir, join(dir, 'script.cjs')]);
    expect(whole.later().whole).toBe(whole);
    expect(whole.runs).toBe(1);
  });
});
