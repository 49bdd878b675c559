import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArchive } from '../../../main/engine/backup/archive-reader.ts';
import { synthesize } from '../../../main/engine/backup/synthetic/synthesize-task.ts';
import { verifyPoint } from '../../../main/engine/backup/verify-task.ts';
import { describeTree, treeDifferences } from '../../helpers/trees.ts';
import { firstTree, mutate, seeded } from './chain-tree.ts';
import { callContext, openHarness } from './harness.ts';
import { type MadePoint, type PointMaker, pointMaker, quiet, refTo } from './points.ts';
import { debian, scratch, value } from './tools.ts';

const LINE = '0123456789abcdef\n';

describe('a full made of a chain', () => {
  const place = scratch('synthetic');
  const source = join(place.dir, 'source');
  const random = seeded(20261122);
  let maker: PointMaker;
  let last: MadePoint;
  let full: MadePoint;

  beforeAll(async () => {
    mkdirSync(join(source, 'tree'), { recursive: true });
    firstTree(join(source, 'tree'), random);
    writeFileSync(join(source, 'log'), LINE.repeat(400_000));
    maker = pointMaker(place.dir, [source]);
    last = await maker.make('full');
    for (let run = 0; run < 4; run += 1) {
      mutate(join(source, 'tree'), random, 12);
      appendFileSync(join(source, 'log'), LINE.repeat(10_000 + run));
      last = await maker.make('incremental', last);
    }
    full = await maker.synthesize(last);
  });
  afterAll(() => place.remove());

  it('is one archive that tar unpacks to what stood at the point', () => {
    const out = join(place.dir, 'out');
    mkdirSync(out);
    debian('sh', ['-c', 'zstd -dc "$1" | tar -xpf - -C "$2"', 'sh', full.archivePath, out]);
    expect(treeDifferences(describeTree(source), describeTree(join(out, source)))).toEqual([]);
    debian('sha256sum', ['--quiet', '--strict', '-c', '.hmtt-archive/SHA256SUMS'], { cwd: out });
  });

  it('says what it was made of, and is verified', async () => {
    const opened = value(await openArchive(full.archivePath));
    const { header, end } = opened;
    expect(header.type).toBe('full');
    expect(header.parent).toBeNull();
    expect(header.needs).toEqual([]);
    expect(header.synthesized?.of.id).toBe(last.id);
    expect(header.sources).toEqual([source]);
    expect(end.files).toBe(full.report.files);
    expect(full.report.synthesizedFrom).toBe(last.id);
    await opened.close();
    const { archivePath, manifestSha256 } = full;
    const found = value(await verifyPoint({ archivePath, manifestSha256 }, quiet));
    expect(found.damaged).toEqual([]);
  });

  it('is something to build on: nothing is stored again, and of a large file only what changes', async () => {
    // Files whose ctime was too young are compared by content, so nothing but folders' headers is stored.
    await setTimeout(2_100);
    const nothing = await maker.make('incremental', full);
    const files = nothing.report.files + nothing.report.hardLinks;
    expect(nothing.report.unchanged).toBeGreaterThan(files);
    appendFileSync(join(source, 'log'), LINE);
    const appended = await maker.make('incremental', nothing);
    expect(appended.archiveBytes).toBeLessThan(20_000);
    const out = join(place.dir, 'out-on');
    mkdirSync(out);
    for (const { archivePath } of appended.chain)
      debian(
        'sh',
        [
          '-euc',
          'zstd -dc "$1" | tar -xOf - .hmtt-archive/DELETED | xargs -0r rm -rf --; zstd -dc "$1" | tar -xpf -; [ ! -f .hmtt-archive/rebuild.sh ] || sh .hmtt-archive/rebuild.sh',
          'sh',
          archivePath,
        ].map((part) =>
          archivePath === full.archivePath
            ? part.replace('zstd -dc "$1" | tar -xOf - .hmtt-archive/DELETED | xargs -0r rm -rf --; ', '')
            : part,
        ),
        { cwd: out },
      );
    expect(treeDifferences(describeTree(source), describeTree(join(out, source)))).toEqual([]);
  });

  it('is not made of a damaged chain, and leaves nothing behind', async () => {
    const damaged = last.chain[0]?.archivePath ?? '';
    const before = debian('sh', ['-c', 'ls -A "$1"', 'sh', maker.target]);
    const opened = value(await openArchive(damaged));
    const fd = openSync(damaged, 'r+');
    for (let n = 0; n < opened.table.count; n += 1)
      writeSync(fd, Buffer.from('damage'), 0, 6, opened.table.at(n).offset + 20);
    closeSync(fd);
    await opened.close();
    const task = {
      id: '00000000-0000-4000-8000-000000000001',
      plan: 'test',
      tool: 't',
      of: refTo(last.chain.at(-1) ?? { id: '', manifestSha256: '', archivePath: '' }),
      startedAt: 0,
      at: 0,
      chain: [...last.chain],
      targetDir: maker.target,
      indexDir: maker.indexDir,
      identities: [],
      encryption: null,
      reasons: [],
      expectedBytes: null,
    };
    const outcome = await synthesize(task, quiet);
    expect(outcome.ok ? 'made' : outcome.error.code).toBe('BACKUP_FRAME_DAMAGED');
    expect(debian('sh', ['-c', 'ls -A "$1"', 'sh', maker.target])).toBe(before);
  });
});

describe('the request for a synthetic full', () => {
  it('makes a point of the plan with the time of its state, and refuses when there is no chain', async () => {
    const place = scratch('synthesize');
    const source = join(place.dir, 'source');
    mkdirSync(source);
    writeFileSync(join(source, 'file'), 'one');
    const harness = openHarness(place.dir);
    const { handlers } = harness.area;
    try {
      await harness.plan('p', [source]);
      const code = async (): Promise<string> => {
        const answer = await handlers['backup.synthesize']({ name: 'p' }, callContext);
        return answer.ok ? 'started' : answer.error.code;
      };
      expect(await code()).toBe('BACKUP_NO_POINTS');
      await harness.run('p');
      expect(await code()).toBe('BACKUP_SYNTHESIZE_FULL');
      writeFileSync(join(source, 'file'), 'two');
      const incremental = await harness.run('p', 'incremental');
      rmSync(source, { recursive: true });
      const { jobId } = value(await handlers['backup.synthesize']({ name: 'p' }, callContext));
      const job = await harness.jobs.ended(jobId);
      expect(job.error).toBeNull();
      const point = value(harness.area.findPoint(job.result?.id ?? ''));
      const of = value(harness.area.findPoint(incremental.result?.id ?? ''));
      expect(point.type).toBe('full');
      expect(point.startedAt).toBe(of.startedAt);
      expect(point.report.synthesizedFrom).toBe(of.id);
      expect(statSync(point.archivePath).isFile()).toBe(true);
      expect(harness.area.chain(point.id)).toMatchObject({ value: [{ id: point.id }] });
      expect((await harness.verify('p', point.id)).error).toBeNull();
    } finally {
      await harness.close();
      place.remove();
    }
  });
});
