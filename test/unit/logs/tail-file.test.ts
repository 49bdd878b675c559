import { appendFileSync, copyFileSync, openSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TailedFile } from '../../../main/engine/logs/tail/file.ts';
import { candidateOf } from '../../../main/engine/logs/tail/identity.ts';
import { lookAt } from '../../../main/engine/logs/tail/open.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const banner = `${'='.repeat(1100)}\n`;
const lines = (first: number, count: number): string =>
  Array.from({ length: count }, (_, i) => `line ${first + i} of a program\n`).join('');

let folder: string;
let path: string;
let file: TailedFile;
beforeEach(() => {
  folder = temporaryFolder('tail-file');
  path = join(folder, 'app.log');
  writeFileSync(path, '');
  file = new TailedFile({
    key: 'k',
    sourceId: 's',
    opened: lookAt(path, openSync(path, 'r')),
    base: path,
    offset: 0,
    lines: 0,
    prev: null,
    zone: 'UTC',
    monotonic: 0,
    readMtimeMs: 0,
  });
});
afterEach(() => file.close());

const readAll = (): void => {
  file.look();
  while (file.read(Number.MAX_SAFE_INTEGER).kind === 'lines') file.look();
};
const copyOf = (bytes: number) => {
  const copy = join(folder, 'app.log.1');
  copyFileSync(path, copy);
  truncateSync(copy, bytes);
  return candidateOf(openSync(copy, 'r'), bytes, 'elsewhere');
};

describe('a copy that ends before what was read of its original', () => {
  test.each([
    ['near the end', 60],
    ['in the middle', 6_000],
    ['near the beginning', 11_000],
  ])('is told %s, although all was read at one stroke and nothing is stored yet', (_, missing) => {
    appendFileSync(path, banner + lines(0, 500));
    readAll();
    const copy = copyOf(file.cutter.readOffset - missing);
    truncateSync(path);
    expect(file.isContinuedBy(copy)).toBe(false);
    expect(file.isBeginning(copy)).toBe(true);
  });

  test('is told when the original came in many small pieces', () => {
    for (let i = 0; i < 400; i++) {
      appendFileSync(path, lines(i, 1));
      readAll();
    }
    expect(file.isBeginning(copyOf(file.cutter.readOffset - 500))).toBe(true);
  });

  test('is not taken for one when only its long head is the same', () => {
    appendFileSync(path, banner + lines(0, 500));
    readAll();
    const size = file.cutter.readOffset;
    writeFileSync(path, banner + lines(9_000, 500));
    expect(file.isBeginning(copyOf(size - 3_000))).toBe(false);
  });
});
