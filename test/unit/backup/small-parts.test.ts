import { describe, expect, it } from 'vitest';
import { FrameTable } from '../../../main/engine/backup/frame-table.ts';
import { formatMtime, mtimeMs, mtimeNs } from '../../../main/engine/backup/manifest.ts';
import { isArchiveName, manifestNameOf, pointPaths, sumsNameOf } from '../../../main/engine/backup/names.ts';
import { parseNames } from '../../../main/engine/backup/owners.ts';
import { PathSet } from '../../../main/engine/backup/path-set.ts';
import { ProgressMeter } from '../../../main/engine/backup/progress.ts';
import { deviceNumbers, sumLine } from '../../../main/engine/backup/source-facts.ts';
import { showPath } from '../../../main/engine/platform/raw-path.ts';

describe('times in a manifest', () => {
  it.each([
    [0n, '0.000000000', 0],
    [1_500_000_001n, '1.500000001', 1500],
    [-1n, '-0.000000001', -1],
    [-12_250_000_000n, '-12.250000000', -12_250],
    [1_700_000_000_123_456_789n, '1700000000.123456789', 1_700_000_000_123],
  ])('keep nanoseconds (%s)', (ns, text, ms) => {
    expect(formatMtime(ns)).toBe(text);
    expect(mtimeNs({ mtime: text })).toBe(ns);
    expect(mtimeMs({ mtime: text })).toBe(ms);
  });
});

describe('names of files', () => {
  it('tell plan, time, type and point', () => {
    const paths = pointPaths(
      '/t',
      'core',
      'full',
      Date.UTC(2026, 10, 22, 10, 15, 30),
      '3f2a9c1e-0000',
      'zst',
    );
    expect(paths.archive).toBe('/t/core.20261122T101530Z.full.3f2a9c1e.tar.zst');
    expect(manifestNameOf(paths.archive)).toBe(paths.manifest);
    expect(manifestNameOf(`${paths.archive}.part`)).toBe(`${paths.manifest}.part`);
    expect(sumsNameOf(paths.archive)).toBe(paths.sums);
  });

  it('of unfinished archives are no archive names', () => {
    expect(['a.tar.zst', 'a.tar.gz', 'a.tar.zst.age'].every(isArchiveName)).toBe(true);
    expect(['a.tar.zst.part', 'a.zst', 'a.tar', 'tar.zst.x'].some(isArchiveName)).toBe(false);
  });
});

describe('lines of SHA256SUMS', () => {
  it('escape what sha256sum escapes', () => {
    expect(sumLine('ab', 'x y').toString()).toBe('ab  x y\n');
    expect(sumLine('ab', 'a\nb\\c').toString()).toBe('\\ab  a\\nb\\\\c\n');
    expect(sumLine('ab', 'a\udcff')).toEqual(Buffer.from([0x61, 0x62, 0x20, 0x20, 0x61, 0xff, 0x0a]));
  });
});

describe('owners', () => {
  it('are read from passwd-like files', () => {
    const names = parseNames('root:x:0:0::/root:/bin/sh\n# comment\nbroken\nwww:x:33:33\nalias:x:0:0\n');
    expect([...names]).toEqual([
      [0, 'root'],
      [33, 'www'],
    ]);
  });
});

describe('device numbers', () => {
  it('are split as the system does', () => {
    expect(deviceNumbers(0x103n)).toEqual({ major: 1, minor: 3 });
    expect(deviceNumbers(0x0000_1000_0012_3456n)).toEqual({ major: 0x1234, minor: 0x156 });
  });
});

describe('paths for people', () => {
  it('show control characters and hide what turns text around', () => {
    expect(showPath('a\nb\x1b[31m\udcff\u202ex')).toBe('a␊b␛[31m��x');
  });
});

describe('a set of paths', () => {
  it('holds what was put in, and nothing else', () => {
    const set = new PathSet();
    for (let index = 0; index < 20_000; index += 1) expect(set.add(`usr/share/doc/${index}`)).toBe(true);
    expect(set.add('usr/share/doc/7')).toBe(false);
    expect(set.size).toBe(20_000);
    for (let index = 0; index < 20_000; index += 1) expect(set.has(`usr/share/doc/${index}`)).toBe(true);
    for (let index = 20_000; index < 60_000; index += 1)
      expect(set.has(`usr/share/doc/${index}`)).toBe(false);
    expect([set.has(''), set.has('usr/share/doc/'), set.has('usr/share/doc')]).toEqual([false, false, false]);
  });
});

describe('the frame table', () => {
  it('adds up offsets', () => {
    const table = new FrameTable();
    for (let n = 0; n < 200; n += 1) table.push(10, 100, Buffer.alloc(32, n));
    expect(table.at(199)).toMatchObject({ offset: 1990, tar: 19_900, size: 10, length: 100 });
    expect(table.line(199).sha256).toBe('c7'.repeat(32));
    expect(table.end).toEqual({ offset: 2000, tar: 20_000 });
    expect(() => table.at(200)).toThrow(RangeError);
  });
});

describe('progress', () => {
  it('has rate and time left, and never more than all', () => {
    let now = 0;
    const told: { done: number; total: number | null; rate: number; etaMs: number | null }[] = [];
    const meter = new ProgressMeter(
      () => now,
      (progress) => told.push(progress),
    );
    meter.begin({ zh: '写', en: 'w' }, 'bytes', 1000);
    for (let step = 0; step < 10; step += 1) {
      now += 200;
      meter.add(1, 100, `f${step}`);
    }
    expect(told.at(-1)).toMatchObject({
      done: 1000,
      total: 1000,
      rate: 500,
      etaMs: 0,
      filesDone: 10,
      current: 'f9',
    });
    expect(told[5]).toMatchObject({ done: 500, etaMs: 1000 });
    now += 200;
    meter.add(1, 100, 'more');
    expect(told.at(-1)).toMatchObject({ done: 1100, total: 1100 });
  });

  it('is told at most ten times a second', () => {
    let now = 0;
    let told = 0;
    const meter = new ProgressMeter(
      () => now,
      () => {
        told += 1;
      },
    );
    meter.begin({ zh: '写', en: 'w' }, 'bytes', null);
    for (let step = 0; step < 1000; step += 1) {
      now += 1;
      meter.add(0, 1, '');
    }
    expect(told).toBeLessThanOrEqual(11);
  });
});
