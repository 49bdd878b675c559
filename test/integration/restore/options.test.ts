import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hmtt } from '../../helpers/headless-engine.ts';
import { jobEnd } from '../../helpers/job-end.ts';
import { describeTree, treeDifferences } from '../../helpers/trees.ts';
import { backUp, plan, restore, withEngine } from './harness.ts';

function tree(root: string): string {
  const dir = join(root, 'srv', 'data');
  mkdirSync(join(dir, '配置'), { recursive: true });
  writeFileSync(join(dir, '配置', 'a'), 'alpha');
  writeFileSync(join(dir, 'b'), 'beta');
  writeFileSync(join(dir, 'c'), 'gamma');
  execFileSync('chown', ['-R', 'daemon:daemon', dir]);
  return dir;
}

test('other places, other names, other owners: the promised path is the real path', async () => {
  await withEngine(async (engine, root) => {
    const dir = tree(root);
    const pointId = await backUp(engine, 'core', dir, join(root, 'backups'));
    const inside = dir.slice(1);
    const out = join(root, 'out');
    const { planned, evidence } = await restore(engine, {
      pointId,
      targetDir: out,
      strip: inside,
      renames: [
        { from: `${inside}/配置`, to: `${inside}/config` },
        { from: `/${inside}/b`, to: `${inside}/config/b-renamed` },
      ],
      owners: {
        mode: 'keep',
        users: [{ from: 'daemon', to: '4242' }],
        groups: [{ from: '1', to: 'nogroup' }],
      },
    });
    expect(evidence?.failures).toEqual([]);
    const { items } = await engine.call('restore.plan.items', { planId: planned.id });
    for (const item of items) expect(existsSync(item.target), item.target).toBe(true);
    expect(readFileSync(join(out, 'config', 'a'), 'utf8')).toBe('alpha');
    expect(readFileSync(join(out, 'config', 'b-renamed'), 'utf8')).toBe('beta');
    expect(readdirSync(out).toSorted()).toEqual(['c', 'config']);
    const nogroup = Number(execFileSync('getent', ['group', 'nogroup'], { encoding: 'utf8' }).split(':')[2]);
    expect(statSync(join(out, 'c'))).toMatchObject({ uid: 4242, gid: nogroup });

    const mine = await restore(engine, {
      pointId,
      targetDir: join(root, 'mine'),
      owners: { mode: 'current' },
    });
    expect(statSync(join(root, 'mine', dir, 'c'))).toMatchObject({ uid: 0, gid: 0 });
    expect(mine.evidence?.notes.some((note) => note.en.includes('whoever runs'))).toBe(true);
  });
});

test('two entries that renaming leads to one path: the first is written, the other is named; unsound names are refused', async () => {
  await withEngine(async (engine, root) => {
    const dir = tree(root);
    const pointId = await backUp(engine, 'core', dir, join(root, 'backups'));
    const inside = dir.slice(1);
    const twice = await restore(engine, {
      pointId,
      targetDir: join(root, 'out'),
      renames: [{ from: `${inside}/c`, to: `${inside}/b` }],
    });
    expect(readFileSync(join(root, 'out', dir, 'b'), 'utf8')).toBe('beta');
    expect(twice.evidence?.failures.map(({ error }) => error.code)).toEqual(['RESTORE_SAME_TARGET']);
    for (const to of ['../../etc/x', 'a/../../b', 'a\0b', '/']) {
      const refused = await engine.client.call('restore.plan', {
        pointId,
        targetDir: join(root, 'out'),
        renames: [{ from: inside, to }],
      });
      expect(refused.ok ? '' : refused.error.code, to).toBe('RESTORE_NAME_UNSOUND');
    }
    const nobody = await engine.client.call('restore.plan', {
      pointId,
      targetDir: join(root, 'out'),
      owners: { users: [{ from: 'daemon', to: 'no-such-user' }] },
    });
    expect(nobody.ok ? '' : nobody.error.code).toBe('RESTORE_OWNER_UNKNOWN');
  });
});

test('the application is asked, with a bound; its words and the signature are in the evidence, which cannot be changed', async () => {
  await withEngine(async (engine, root) => {
    const dir = tree(root);
    const data = join(root, 'data');
    await backUp(engine, 'core', dir, join(root, 'backups'));
    const out = join(root, 'out');
    const check = `cat ${join(out, dir, 'b')} && echo 正常`;
    const good = await hmtt(data, '--json', 'restore', 'core', '--to', out, '--yes', '--check', check);
    expect(good.code, good.stderr).toBe(0);
    const evidence = JSON.parse(good.stdout);
    expect(evidence).toMatchObject({ outcome: 'verified', appCheck: { outcome: 'successful', exitCode: 0 } });
    expect(evidence.appCheck.output).toContain('beta正常');
    expect(statSync(join(data, 'restores', 'evidence-key.pem')).mode & 0o777).toBe(0o600);

    const file = join(root, 'evidence.json');
    writeFileSync(file, good.stdout);
    const verified = await hmtt(data, 'evidence', 'verify', file);
    expect(verified.stdout).toContain('the key of this console');
    writeFileSync(file, good.stdout.replace('"files":3', '"files":4'));
    const forged = await hmtt(data, 'evidence', 'verify', file);
    expect(forged.code).toBe(3);
    expect(forged.stderr).toContain('EVIDENCE_NOT_GENUINE');

    const slow = await hmtt(
      data,
      ...[
        'restore',
        'core',
        '--to',
        join(root, 'o2'),
        '--yes',
        '--check',
        'sleep 60',
        '--check-timeout',
        '1',
      ],
    );
    expect(slow.code).toBe(1);
    expect(slow.stderr).toContain('timed_out');
  });
});

test('damage in one copy is read from the other; undo works from the command line', async () => {
  await withEngine(async (engine, root) => {
    const source = join(root, 'files');
    mkdirSync(source);
    for (let i = 0; i < 30; i++)
      writeFileSync(join(source, `f${i}`), execFileSync('head', ['-c', '200000', '/dev/urandom']));
    const before = describeTree(source);
    const pointId = await backUp(engine, 'files', source, join(root, 'backups'));
    mkdirSync(join(root, 'second'));
    const { jobIds } = await engine.call('backup.copy', { name: 'files', to: join(root, 'second') });
    for (const jobId of jobIds) expect((await jobEnd(engine, jobId)).error).toBeNull();
    const { archivePath } = await engine.call('backup.points.get', { pointId });
    for (const [dir, share] of [
      [join(root, 'backups'), 0.2],
      [join(root, 'second'), 0.7],
    ] as const) {
      const name = readdirSync(dir).find((one) => /\.tar\.(zst|gz)$/.test(one)) ?? '';
      flip(join(dir, name), share);
    }
    expect(archivePath.startsWith(root)).toBe(true);
    const { evidence, restoreId } = await restore(engine, { pointId, targetDir: join(root, 'out') });
    expect(evidence?.failures).toEqual([]);
    expect(treeDifferences(before, describeTree(join(root, 'out', source)))).toEqual([]);
    const undone = await hmtt(join(root, 'data'), 'restore', 'undo', restoreId.slice(0, 8), '--yes');
    expect(undone.stderr + undone.stdout).toContain('verified');
    expect(existsSync(join(root, 'out'))).toBe(false);
    const listed = await hmtt(join(root, 'data'), 'restore', 'list');
    expect(listed.stdout).toContain('undone');
  });
});

test('before it begins, it says what is ready: verified, media, target', async () => {
  await withEngine(async (engine, root) => {
    const pointId = await backUp(engine, 'core', tree(root), join(root, 'backups'));
    const ready = await engine.call('restore.check', { pointId, targetDir: join(root, 'out') });
    expect(ready.ready).toBe(true);
    const { archivePath } = await engine.call('backup.points.get', { pointId });
    execFileSync('touch', ['-d', 'tomorrow', archivePath]);
    const changed = await engine.call('restore.check', { pointId, targetDir: join(root, 'out') });
    expect(changed.items.find(({ id }) => id === 'changed')?.state).toBe('warning');
    const readOnly = join(root, 'read-only');
    mkdirSync(readOnly);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', readOnly]);
    try {
      const blocked = await engine.call('restore.check', { pointId, targetDir: join(readOnly, 'out') });
      expect(blocked.ready).toBe(false);
      expect(blocked.items.find(({ id }) => id === 'target')?.text.zh).toContain('不可写');
    } finally {
      execFileSync('umount', [readOnly]);
    }
    expect((await plan(engine, { pointId, targetDir: join(root, 'out') })).confirmWord).toBe('');
  });
});

/** Flips a bit at a share of a file's length. */
function flip(file: string, share: number): void {
  chmodSync(file, 0o600);
  const bytes = readFileSync(file);
  const at = Math.floor(bytes.length * share);
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.from([(bytes[at] ?? 0) ^ 0x40]), 0, 1, at);
  closeSync(handle);
}
