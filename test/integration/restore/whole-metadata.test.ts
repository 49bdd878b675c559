import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HeadlessEngine, startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { describeTree, treeDifferences } from '../../helpers/trees.ts';
import { debian, scratch } from '../backup/tools.ts';
import { backUp, restore, run } from './harness.ts';

/** Attributes and ACLs of a tree, as the tools print them. */
function attributes(root: string): string {
  return debian('sh', [
    '-c',
    'cd "$1" && find . -print0 | sort -z | xargs -0 getfattr -h -d -m - -e hex -- 2>/dev/null',
    'sh',
    root,
  ]);
}

describe('a restore of a chain', () => {
  const place = scratch('metadata');
  const { dir } = place;
  const source = join(dir, 'source');
  const log = join(source, 'app.log');
  const sparse = join(source, 'sparse');
  let engine: HeadlessEngine;
  let out = '';
  let missing: string[] = [];

  beforeAll(async () => {
    mkdirSync(join(source, 'shared'), { recursive: true });
    writeFileSync(log, 'a line of the log\n'.repeat(500_000));
    writeFileSync(sparse, 'begin');
    truncateSync(sparse, (32 << 20) + 11);
    writeFileSync(join(source, 'shared/inside'), 'inside');
    const odd = Buffer.concat([Buffer.from(`${source}/`), Buffer.from([0x66, 0xff, 0x0a, 0x5c, 0x3d])]);
    writeFileSync(odd, 'bytes');
    debian('sh', [
      '-euc',
      `cd "$1"
       setfattr -n user.log -v 0x000aff3d5c app.log
       setfattr -n 'user.we=ird \\' -v hello sparse
       setfattr -n user.empty sparse
       for f in f*; do setfattr -n user.bytes -v "$f" -- "$f"; done
       setfacl -m u:12345:rw app.log
       setfacl -m u:12345:rwx,d:g:54321:rx shared`,
      'sh',
      source,
    ]);
    engine = await startHeadlessEngine(join(dir, 'data'));
    await backUp(engine, 'p', source, join(dir, 'target'));
    appendFileSync(log, 'one more\n');
    await run(engine, 'p', 'incremental');
    const fd = openSync(log, 'r+');
    writeSync(fd, 'CHANGED', 3_000_000);
    closeSync(fd);
    const pointId = await run(engine, 'p', 'incremental');
    out = join(dir, 'out');
    const { evidence } = await restore(engine, { pointId, targetDir: out });
    expect(evidence.outcome).toBe('verified');
    missing = evidence.notes.map(({ en }) => en).filter((note) => note.includes('did not get all'));
  });
  afterAll(async () => {
    engine.close();
    await engine.stop();
    place.remove();
  });

  it('puts large files together from the archives of the chain', () => {
    expect(treeDifferences(describeTree(source), describeTree(join(out, source)))).toEqual([]);
  });

  it('gives extended attributes and ACLs back', () => {
    expect(attributes(join(out, source))).toBe(attributes(source));
    expect(attributes(source)).toContain('posix_acl_default');
    expect(missing).toEqual([]);
  });

  it('makes a sparse file sparse again', () => {
    expect(statSync(join(out, sparse)).size).toBe(statSync(sparse).size);
    expect(statSync(join(out, sparse)).blocks).toBeLessThan(1_000);
  });
});
