import { linkSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_LINE_BYTES } from '../../../main/engine/logs/model.ts';
import { findFiles, parsePathPattern } from '../../../main/engine/logs/tail/glob.ts';
import { candidateOf, identify, newFileKey, sha256 } from '../../../main/engine/logs/tail/identity.ts';
import { LineCutter } from '../../../main/engine/logs/tail/lines.ts';
import { isRotatedName } from '../../../main/engine/logs/tail/names.ts';

describe('path patterns', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'hmtt-glob-'));
    for (const name of [
      'a.log',
      'b.log',
      'b.log.gz',
      'c.txt',
      '.hidden.log',
      'sub/d.log',
      'sub/deep/e.log',
      'we[i]rd.log',
    ]) {
      mkdirSync(join(dir, name, '..'), { recursive: true });
      writeFileSync(join(dir, name), '');
    }
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const found = (pattern: string): string[] => {
    const parsed = parsePathPattern(join(dir, pattern));
    if (!parsed.ok) throw new Error(parsed.error.message.en);
    return findFiles(parsed.value).files.map((file) => file.path.slice(dir.length + 1));
  };

  it('find what a shell would, without compressed and hidden files', () => {
    expect(found('*.log')).toEqual(['a.log', 'b.log', 'we[i]rd.log']);
    expect(found('*')).toEqual(['a.log', 'b.log', 'c.txt', 'we[i]rd.log']);
    expect(found('[ab].log')).toEqual(['a.log', 'b.log']);
    expect(found('[!a].{log,txt}')).toEqual(['b.log', 'c.txt']);
    expect(found('?.txt')).toEqual(['c.txt']);
    expect(found('**/*.log')).toEqual(['a.log', 'b.log', 'sub/d.log', 'sub/deep/e.log', 'we[i]rd.log']);
    expect(found('.hid*')).toEqual(['.hidden.log']);
    expect(found('sub')).toEqual(['sub/d.log']);
    expect(found('b.log.gz')).toEqual(['b.log.gz']);
    expect(found('none*')).toEqual([]);
  });
  it('follow links, and list a file with two names once under each', () => {
    symlinkSync(join(dir, 'a.log'), join(dir, 'link.log'));
    linkSync(join(dir, 'a.log'), join(dir, 'hard.log'));
    expect(found('{a,hard,link}.log')).toEqual(['a.log', 'hard.log', 'link.log']);
  });
  it('report what is no file, and refuse what is no pattern', () => {
    const device = parsePathPattern('/dev/null');
    expect(device.ok && findFiles(device.value).problems).toEqual([
      { path: '/dev/null', why: 'LOG_NOT_A_FILE' },
    ]);
    for (const bad of ['/x/[', '/x/{a,b', 'x/y', '/x\0y']) expect(parsePathPattern(bad).ok, bad).toBe(false);
  });
});

describe('rotated names', () => {
  it('are told from other names', () => {
    for (const name of [
      'app.log.1',
      'app.log-20261122',
      'app.log.2026-11-22',
      'app.1.log',
      'app-2026-11-22.log',
      'app.log.old',
    ])
      expect(isRotatedName('/l/app.log', `/l/${name}`), name).toBe(true);
    for (const name of ['app.log', 'app.log.gz', 'app.log.audit', 'apple.log', 'app.log1x', 'other.log.1'])
      expect(isRotatedName('/l/app.log', `/l/${name}`), name).toBe(false);
    expect(isRotatedName('/l/app.log', '/m/app.log.1')).toBe(false);
  });
});

describe('cutting lines', () => {
  const cutter = (): LineCutter => new LineCutter(0, Buffer.alloc(0));
  it('gives offsets, ends and the bytes before each end', () => {
    const cut = cutter().push(Buffer.from('one\r\n\ntwo\npart'));
    expect(cut.lines.map((line) => [line.offset, line.end, line.raw.toString(), line.crlf])).toEqual([
      [0, 5, 'one', true],
      [5, 6, '', false],
      [6, 10, 'two', false],
    ]);
    expect(cut.tailAt(6).toString()).toBe('one\r\n\n');
  });
  it('holds no more than a MiB of a line that does not end', () => {
    const it = cutter();
    let lines = 0;
    for (let mb = 0; mb < 64; mb += 1) lines += it.push(Buffer.alloc(1024 * 1024, 'x')).lines.length;
    expect(lines).toBe(0);
    expect(it.readOffset).toBe(64 * 1024 * 1024);
    const { lines: ended } = it.push(Buffer.from('y\nnext\n'));
    expect(ended.map((line) => [line.raw.length, line.fullBytes])).toEqual([
      [MAX_LINE_BYTES, 64 * 1024 * 1024 + 1],
      [4, 0],
    ]);
    expect(it.tail.length).toBe(256);
  });
  it('skips NUL bytes before a line, and gives what is left at the end', () => {
    const it = cutter();
    expect(it.push(Buffer.alloc(100)).lines).toEqual([]);
    expect(it.offset).toBe(100);
    expect(it.push(Buffer.from('\0\0a\nb')).lines.map((line) => [line.offset, line.raw.toString()])).toEqual([
      [102, 'a'],
    ]);
    expect(it.end()?.raw.toString()).toBe('b');
    expect(it.end()).toBeNull();
  });
});

describe('identity of a file', () => {
  const content = Buffer.from(
    Array.from({ length: 50 }, (_, n) => `2026-11-22 10:00:${n} line ${n * 7919}\n`).join(''),
  );
  const position = (offset: number, headLength: number, place = '1:1') => ({
    key: newFileKey(),
    sourceId: 's',
    path: '/l/app.log',
    headLength,
    headHash: sha256(content.subarray(0, headLength)),
    offset,
    tailHash: sha256(content.subarray(Math.max(0, offset - 256), offset)),
    lines: 1,
    mtimeMs: 0,
    finished: false,
    prev: null,
    place,
  });
  const candidate = (bytes: Buffer, place: string) => {
    const dir = mkdtempSync(join(tmpdir(), 'hmtt-id-'));
    writeFileSync(join(dir, 'f'), bytes);
    const made = candidateOf(openSync(join(dir, 'f'), 'r'), bytes.length, place);
    rmSync(dir, { recursive: true });
    return made;
  };
  it('is the content: a copy with another inode is the file, a file with the same inode and other content is not', () => {
    const known = position(1200, 1024);
    expect(identify([known], candidate(content, '9:9'))).toBe(known);
    const other = Buffer.from(content);
    other[5] = 0x58;
    expect(identify([known], candidate(other, '1:1'))).toBeNull();
    const sameHead = Buffer.from(content);
    sameHead[1190] = 0x58;
    expect(identify([known], candidate(sameHead, '1:1'))).toBeNull();
    expect(identify([known], candidate(content.subarray(0, 1100), '1:1'))).toBeNull();
  });
  it('of fewer than 256 bytes counts only together with the inode', () => {
    const known = position(40, 40);
    expect(identify([known], candidate(content, '9:9'))).toBeNull();
    expect(identify([known], candidate(content, '1:1'))).toBe(known);
  });
  it('that fits several is the one read farthest', () => {
    const near = position(600, 600);
    const far = position(1200, 1024);
    expect(identify([near, far, position(700, 700)], candidate(content, '9:9'))).toBe(far);
  });
});
