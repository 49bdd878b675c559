import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tempFolder } from '../helpers.ts';
import { openRotation, putPolicy, type TestRotation } from './rotation-area.ts';

describe('verifying the archive', () => {
  let folder: ReturnType<typeof tempFolder>;
  let rotation: TestRotation;
  let files: readonly string[] = [];
  const chain = (): string => join(folder.dir, 'data', 'archive', 'checkpoints.ndjson');
  const lines = (): string[] => readFileSync(chain(), 'utf8').trimEnd().split('\n');
  const kinds = async (anchor?: string) => {
    const report = await rotation.call('rotation.verify', anchor === undefined ? {} : { anchor });
    expect(report.ok).toBe(report.findings.length === 0);
    return report.findings.map(({ kind, checkpoint }) => [kind, checkpoint]);
  };

  beforeEach(async () => {
    folder = tempFolder();
    mkdirSync(join(folder.dir, 'in'));
    const log = join(folder.dir, 'in', 'app.log');
    rotation = openRotation(join(folder.dir, 'data'));
    await putPolicy(rotation, { name: 'app', paths: [log], keep: { count: 4 } });
    for (let n = 1; n <= 5; n += 1) {
      writeFileSync(log, `piece ${n}\n`);
      expect((await rotation.run('app')).error).toBeNull();
    }
    const { segments } = await rotation.call('rotation.segments.list', {});
    files = segments.toReversed().map(({ file }) => file);
  });
  afterEach(async () => {
    await rotation.close();
    folder.remove();
  });

  it('finds nothing wrong when nothing is; what retention removed is in the chain', async () => {
    const report = await rotation.call('rotation.verify', {});
    expect(report).toMatchObject({ ok: true, checkpoints: 6, segments: 4, removed: 1, findings: [] });
    expect(files).toHaveLength(4);
    expect(await kinds(report.anchor.text)).toEqual([]);
  });

  it.each<[string, () => void, [string, number | null][]]>([
    ['a changed segment', () => writeFileSync(files[1] ?? '', 'other'), [['segment_changed', 3]]],
    ['a missing segment', () => rmSync(files[0] ?? ''), [['segment_missing', 2]]],
    [
      'two segments in each other’s place',
      () => {
        renameSync(files[0] ?? '', `${files[0]}.x`);
        renameSync(files[2] ?? '', files[0] ?? '');
        renameSync(`${files[0]}.x`, files[2] ?? '');
      },
      [
        ['segment_reordered', 2],
        ['segment_reordered', 4],
      ],
    ],
    [
      'a file that nobody recorded',
      () => copyFileSync(files[0] ?? '', join(folder.dir, 'data', 'archive', 'app', 'more.zst')),
      [['segment_unknown', null]],
    ],
    ['a cut chain', () => writeFileSync(chain(), `${lines().slice(0, 4).join('\n')}\n`), [['chain_cut', 5]]],
    ['no chain', () => rmSync(chain()), [['chain_cut', null]]],
    [
      'a changed checkpoint',
      () => writeFileSync(chain(), `${lines().join('\n').replace('"lines":1', '"lines":2')}\n`),
      [
        ['checkpoint_changed', 1],
        ['checkpoint_changed', 1],
      ],
    ],
  ])('%s is found and named', async (_name, tamper, expected) => {
    tamper();
    expect(await kinds()).toEqual(expected);
  });

  it('a missing and two exchanged checkpoints are found', async () => {
    const all = lines();
    writeFileSync(chain(), `${all.filter((_, index) => index !== 2).join('\n')}\n`);
    expect(await kinds()).toContainEqual(['checkpoint_missing', 3]);
    writeFileSync(chain(), `${[all[0], all[2], all[1], ...all.slice(3)].join('\n')}\n`);
    expect(await kinds()).toContainEqual(['checkpoint_reordered', 2]);
  });

  it('an anchor finds a chain that was made anew with the console’s own key', async () => {
    const { text, checkpoint } = await rotation.call('rotation.anchor', {});
    expect(checkpoint).toBe(6);
    const exported = await rotation.call('rotation.anchor.export', { dir: join(folder.dir, 'medium') });
    expect(readFileSync(exported.files[0] ?? '', 'utf8')).toBe(`${text}\n`);
    expect(readFileSync(exported.files[1] ?? '', 'utf8')).toBe(readFileSync(chain(), 'utf8'));
    // Somebody who has the key and the database makes everything anew without the third piece.
    await rotation.close();
    const data = join(folder.dir, 'data');
    for (const name of ['console.db', 'archive']) rmSync(join(data, name), { recursive: true });
    rotation = openRotation(data);
    const log = join(folder.dir, 'in', 'app.log');
    await putPolicy(rotation, { name: 'app', paths: [log] });
    for (const n of [1, 2, 4, 5, 6, 7]) {
      writeFileSync(log, `piece ${n}\n`);
      await rotation.run('app');
    }
    expect(await kinds()).toEqual([]);
    expect(await kinds(text)).toEqual([['anchor_differs', 6]]);
  });

  it('a hold and a lock keep what retention would remove; the lock cannot be lowered', async () => {
    const log = join(folder.dir, 'in', 'app.log');
    const { segments } = await rotation.call('rotation.segments.list', {});
    const ids = segments.map(({ id }) => id);
    const held = { who: 'auditor', why: 'case 7' };
    await rotation.call('rotation.segments.hold', { ids: ids.slice(-1), ...held });
    await putPolicy(rotation, { name: 'app', paths: [log], keep: { count: 1 } });
    const preview = await rotation.call('rotation.prune.preview', {});
    expect(preview.decisions.map(({ reason }) => reason)).toEqual(['wanted', 'too_many', 'too_many', 'held']);
    await expect(rotation.call('rotation.prune', { hash: 'other' })).rejects.toMatchObject({
      appError: { code: 'LOG_PRUNE_CHANGED' },
    });
    expect((await rotation.call('rotation.prune', { hash: preview.hash })).removed).toBe(2);
    await putPolicy(rotation, { name: 'app', paths: [log], keep: { count: 0, lockDays: 180 } });
    const locked = await rotation.call('rotation.prune.preview', {});
    expect(locked.decisions.map(({ reason }) => reason)).toEqual(['locked', 'held']);
    await expect(
      putPolicy(rotation, { name: 'app', paths: [log], keep: { lockDays: 90 } }),
    ).rejects.toMatchObject({
      appError: { code: 'LOG_RETENTION_LOCKED' },
    });
    // Nor by removing the policy and adding it again, or by an import.
    await rotation.call('rotation.policies.remove', { name: 'app' });
    const left = (await rotation.call('rotation.segments.list', {})).segments;
    expect(left.map(({ lockedUntil }) => lockedUntil !== null)).toEqual([true, true]);
    await expect(
      putPolicy(rotation, { name: 'app', paths: [log], keep: { count: 0 } }),
    ).rejects.toMatchObject({
      appError: { code: 'LOG_RETENTION_LOCKED', hint: { zh: expect.stringContaining('180 天') } },
    });
    await rotation.call('rotation.segments.release', { ids: ids.slice(-1), ...held });
    await putPolicy(rotation, { name: 'app', paths: [log], keep: { count: 0, lockDays: 180 } });
    const again = await rotation.call('rotation.prune.preview', {});
    expect(again.decisions.map(({ reason }) => reason)).toEqual(['locked', 'locked']);
    expect(await kinds()).toEqual([]);
  });

  it('a policy that archived nothing takes its lock along', async () => {
    const paths = [join(folder.dir, 'in', 'never.log')];
    await putPolicy(rotation, { name: 'never', paths, keep: { lockDays: 3_650 } });
    await rotation.call('rotation.policies.remove', { name: 'never' });
    await putPolicy(rotation, { name: 'never', paths, keep: { lockDays: 30 } });
    // Nor does it come back with the first segment of the new one, which nobody could then lower.
    writeFileSync(paths[0] ?? '', 'a line\n');
    await rotation.run('never');
    const { segments } = await rotation.call('rotation.segments.list', { policy: 'never' });
    expect(segments.map(({ rotatedAt, lockedUntil }) => (lockedUntil ?? 0) - rotatedAt)).toEqual([
      30 * 86_400_000,
    ]);
  });
});
