import type { ChildProcess } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tempFolder, until } from '../helpers.ts';
import { peer, run, start, stop } from '../peers.ts';
import { openRotation, putPolicy, type TestRotation, unpacked } from './rotation-area.ts';

const writerEntry = fileURLToPath(new URL('../writer.ts', import.meta.url));
const numbersIn = (text: string): string[] =>
  [...text.matchAll(/numbered (\d{7}) end\n/g)].map((m) => m[1] ?? '');

describe('rotating a log', () => {
  let folder: ReturnType<typeof tempFolder>;
  let rotation: TestRotation;
  let writer: ChildProcess | null = null;
  let output = '';
  const log = (): string => join(folder.dir, 'in', 'app.log');

  const startWriter = async (): Promise<ChildProcess> => {
    output = '';
    const child = start(process.execPath, [writerEntry, log(), '20']);
    writer = child;
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    await until('the writer writes', () => output.includes('ready'));
    return child;
  };

  beforeEach(() => {
    folder = tempFolder();
    mkdirSync(join(folder.dir, 'in'));
    rotation = openRotation(join(folder.dir, 'data'));
  });
  afterEach(async () => {
    if (writer !== null) await stop(writer);
    writer = null;
    await rotation.close();
    folder.remove();
  });

  it('keeps every line of a program that writes all the time, counted before and after, readable by zstd', async () => {
    const child = await startWriter();
    await putPolicy(rotation, {
      name: 'app',
      paths: [log()],
      reopen: { kind: 'signal', signal: 'HUP', pid: child.pid ?? 0 },
    });
    for (let round = 0; round < 6; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      const job = await rotation.run('app');
      expect(job.error).toBeNull();
    }
    await stop(child);
    await until('the writer says how much it wrote', () => /ready\n\d+\n/.test(output));
    const written = Number(/ready\n(\d+)\n/.exec(output)?.[1]);
    const { rotations } = await rotation.call('rotation.history', {});
    expect(rotations).toHaveLength(6);
    for (const one of rotations) {
      expect(one.state).toBe('done');
      expect(one.linesAfter).toBe(one.linesBefore);
      expect(one.steps.map(({ step }) => step)).toEqual([
        'rename',
        'reopen',
        'release',
        'drain',
        'pack',
        'verify',
        'record',
        'delete',
      ]);
    }
    const { segments } = await rotation.call('rotation.segments.list', {});
    const zstd = peer('zstd', 'zstd');
    const archived = segments.toReversed().flatMap(({ file, lines }) => {
      run(zstd, ['-t', '-q', file]);
      const numbers = numbersIn(unpacked(file));
      expect(numbers).toHaveLength(lines);
      return numbers;
    });
    const all = [...archived, ...numbersIn(readFileSync(log(), 'utf8'))];
    expect(all).toEqual(Array.from({ length: written }, (_, n) => String(n).padStart(7, '0')));
    expect(readdirSync(join(folder.dir, 'in'))).toEqual(['app.log']);
    const report = await rotation.call('rotation.verify', {});
    expect(report).toMatchObject({ ok: true, findings: [], checkpoints: 6, segments: 6 });
  });

  it('says who holds the old file, keeps it, and finishes when it is let go', async () => {
    const child = await startWriter();
    await putPolicy(rotation, { name: 'app', paths: [log()], releaseMs: 200 });
    const job = await rotation.run('app');
    expect(job.error?.code).toBe('LOG_ROTATION_HELD');
    expect(job.error?.message.en).toContain(`(${child.pid})`);
    const [fault] = rotation.area.faults();
    expect(fault).toMatchObject({ policy: 'app', path: log(), step: 'release' });
    expect((await rotation.call('rotation.segments.list', {})).total).toBe(0);
    child.kill('SIGHUP');
    await until('the writer has reopened its log', () => existsSync(log()));
    expect((await rotation.run('app', true)).error).toBeNull();
    expect(rotation.area.faults()).toEqual([]);
    const { rotations } = await rotation.call('rotation.history', {});
    expect(rotations.find(({ tries }) => tries === 2)?.state).toBe('done');
  });

  it('encrypts: age and zstd alone read it; a search needs the key and opens only what may hold a hit', async () => {
    const keyFile = join(folder.dir, 'key.txt');
    run(peer('age-keygen', 'age'), ['-o', keyFile]);
    const key = readFileSync(keyFile, 'utf8');
    const identity = /^AGE-SECRET-KEY-\S+$/m.exec(key)?.[0] ?? '';
    const recipient = /public key: (age1\S+)/.exec(key)?.[1] ?? '';
    const lines = Array.from(
      { length: 60_000 },
      (_, n) => `${n} request ${(n * 7919) % 100_003} 磁盘 from user${n}\n`,
    );
    lines[40_000] = 'needle-in-a-haystack 磁盘已满 here\n';
    writeFileSync(log(), lines.join(''));
    await putPolicy(rotation, { name: 'app', paths: [log()], encryptTo: [recipient] });
    expect((await rotation.run()).error).toBeNull();
    const { segments } = await rotation.call('rotation.segments.list', {});
    const [segment] = segments;
    expect(segment).toMatchObject({
      encrypted: true,
      lines: 60_000,
      bytes: Buffer.byteLength(lines.join('')),
    });
    const file = segment?.file ?? '';
    expect(file).toMatch(/\.zst\.age$/);
    expect(readFileSync(file).includes('needle')).toBe(false);
    const plain = join(folder.dir, 'plain.zst');
    run(peer('age', 'age'), ['-d', '-i', keyFile, '-o', plain, file]);
    run(peer('zstd', 'zstd'), ['-dq', '-o', join(folder.dir, 'plain'), plain]);
    expect(readFileSync(join(folder.dir, 'plain'), 'utf8') === lines.join('')).toBe(true);
    const locked = await rotation.call('rotation.segments.search', { query: 'needle' });
    expect(locked.failed[0]?.error.code).toBe('LOG_SEGMENT_LOCKED');
    const sealed = { segmentId: segment?.id ?? '', line: 1 };
    const unread = await rotation.call('rotation.segments.context', sealed);
    expect(unread).toMatchObject({
      lines: [],
      hit: null,
      failed: [{ error: { code: 'LOG_SEGMENT_LOCKED' } }],
    });
    await rotation.close();
    rotation = openRotation(join(folder.dir, 'data'), { identities: [identity] });
    for (const query of ['needle', '"needle-in-a-haystack"', '已满', 'NEEDLE 磁盘']) {
      const found = await rotation.call('rotation.segments.search', { query });
      expect(found.lines).toMatchObject([
        { segmentId: segment?.id, file, line: 40_001, text: 'needle-in-a-haystack 磁盘已满 here' },
      ]);
      expect(found.total).toBe(1);
      expect(found.pieces).toBeGreaterThan(1);
      expect(found.opened).toBe(1);
    }
    const place = { segmentId: segment?.id ?? '', line: 40_001 };
    const context = await rotation.call('rotation.segments.context', { ...place, before: 2, after: 1 });
    expect(context.lines.map(({ text }) => `${text}\n`)).toEqual(lines.slice(39_998, 40_002));
    expect(context).toMatchObject({ hit: 2, opened: 1, failed: [], earlier: { line: 39_998 } });
    const first = { ...place, line: 2 };
    const both = await rotation.call('rotation.segments.contexts', {
      hits: [place, first, place],
      before: 2,
      after: 1,
    });
    const { opened, ...one } = context;
    expect(both.around).toEqual([one, expect.objectContaining({ hit: 1, earlier: null }), one]);
    expect([opened, both.opened]).toEqual([1, 2]);
    expect((await rotation.call('rotation.segments.search', { query: 'nowhere' })).opened).toBe(0);
    expect((await rotation.call('rotation.segments.search', { query: '磁盘', limit: 3 })).total).toBe(60_000);
  });

  it('copytruncate says what it lost, and the copy is whole', async () => {
    const child = await startWriter();
    await putPolicy(rotation, { name: 'app', paths: [log()], method: 'copytruncate', compress: 'gzip' });
    for (let round = 0; round < 4; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      expect((await rotation.run('app')).error).toBeNull();
    }
    await stop(child);
    await until('the writer says how much it wrote', () => /ready\n\d+\n/.test(output));
    const written = Number(/ready\n(\d+)\n/.exec(output)?.[1]);
    const { rotations } = await rotation.call('rotation.history', {});
    const { segments } = await rotation.call('rotation.segments.list', {});
    const kept = segments.flatMap(({ file }) => numbersIn(unpacked(file)));
    const all = new Set([...kept, ...numbersIn(readFileSync(log(), 'utf8'))]);
    const lost = rotations.some(({ lostBytes }) => lostBytes === null)
      ? null
      : rotations.reduce((sum, { lostBytes }) => sum + (lostBytes ?? 0), 0);
    if (lost !== null) expect(written - all.size).toBe(lost === 0 ? 0 : Math.ceil(lost / 50));
    const { policies } = await rotation.call('rotation.policies.list', {});
    expect(policies[0]?.warnings.some(({ en }) => en.includes('copytruncate'))).toBe(true);
  });

  it('packs again what was written late, so that the line is not lost', async () => {
    writeFileSync(log(), 'one\n');
    let isLate = false;
    await rotation.close();
    rotation = openRotation(join(folder.dir, 'data'), {
      stepDone: (step) => {
        if (step !== 'record' || isLate) return;
        isLate = true;
        const [old = ''] = readdirSync(join(folder.dir, 'in'));
        appendFileSync(join(folder.dir, 'in', old), 'late\n');
      },
    });
    await putPolicy(rotation, { name: 'app', paths: [log()] });
    expect((await rotation.run('app')).error).toBeNull();
    const { segments } = await rotation.call('rotation.segments.list', {});
    expect(segments).toHaveLength(1);
    expect(unpacked(segments[0]?.file ?? '')).toBe('one\nlate\n');
    expect(await rotation.call('rotation.verify', {})).toMatchObject({
      ok: true,
      checkpoints: 2,
      segments: 1,
    });
  });
});
