import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cacheFolder, executableIn } from '../../../scripts/lib/paths.ts';
import {
  type RuntimeRecord,
  readRuntime,
  runtimeFolder,
  runtimeRecordName,
} from '../../../scripts/lib/runtime.ts';
import { openWorkFolder, placeRuntime, writeRecord } from '../../../scripts/preflight/place.ts';

const record: RuntimeRecord = { source: 'registry', electron: '1.2.3', recipe: 1, betterSqlite3: null };
let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hmtt-cache-'));
  vi.stubEnv('XDG_CACHE_HOME', root);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

/** A folder that looks like an unpacked runtime, with a file that tells one from another. */
function unpacked(work: string, mark: string): string {
  const folder = join(work, 'electron');
  mkdirSync(dirname(executableIn(folder)), { recursive: true });
  writeFileSync(executableIn(folder), '');
  writeFileSync(join(folder, mark), '');
  return folder;
}

describe('the runtime cache', () => {
  test('finds a runtime only after it was placed', () => {
    expect(readRuntime('1.2.3')).toBeUndefined();
    placeRuntime(unpacked(openWorkFolder(), 'a'), record);
    expect(readRuntime('1.2.3')).toMatchObject({ ...record, folder: runtimeFolder('1.2.3') });
  });

  test('replaces what a killed run or an older recipe left', () => {
    mkdirSync(join(runtimeFolder('1.2.3'), 'resources'), { recursive: true });
    placeRuntime(unpacked(openWorkFolder(), 'a'), record);
    placeRuntime(unpacked(openWorkFolder(), 'b'), { ...record, recipe: 2 });
    expect(readRuntime('1.2.3')?.recipe).toBe(2);
    expect(readdirSync(runtimeFolder('1.2.3')).sort()).toContain('b');
    expect(readdirSync(runtimeFolder('1.2.3')).sort()).not.toContain('a');
  });

  test('keeps the runtime of a faster run, which may be in use', () => {
    placeRuntime(unpacked(openWorkFolder(), 'first'), record);
    placeRuntime(unpacked(openWorkFolder(), 'second'), record);
    expect(existsSync(join(runtimeFolder('1.2.3'), 'first'))).toBe(true);
  });

  test('does not believe a torn record or one without its executable', () => {
    placeRuntime(unpacked(openWorkFolder(), 'a'), record);
    const folder = runtimeFolder('1.2.3');
    writeFileSync(join(folder, runtimeRecordName), '{"source":"regi');
    expect(readRuntime('1.2.3')).toBeUndefined();
    writeRecord(folder, record);
    expect(readRuntime('1.2.3')).toBeDefined();
    rmSync(executableIn(folder));
    expect(readRuntime('1.2.3')).toBeUndefined();
  });
});

describe('work folders', () => {
  test('of dead runs are removed, those of living ones stay', () => {
    const cache = cacheFolder();
    const living = join(cache, `.work-${process.ppid}`);
    const old = join(cache, '.work-1');
    // Process numbers end far below this one.
    const dead = join(cache, '.work-99999999');
    for (const folder of [living, dead, old]) mkdirSync(folder, { recursive: true });
    utimesSync(old, 1, 1);
    const mine = openWorkFolder();
    expect([living, dead, old, mine].map((folder) => existsSync(folder))).toEqual([true, false, false, true]);
  });
});
