import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tempFolder } from '../helpers.ts';
import { openRotation, putPolicy, type TestRotation, unpacked } from './rotation-area.ts';

describe('what is stored of rotation, and what requests may not say today', () => {
  let folder: ReturnType<typeof tempFolder>;
  let rotation: TestRotation;
  const log = (name: string): string => join(folder.dir, 'in', `${name}.log`);
  const data = (): string => join(folder.dir, 'data');

  beforeEach(() => {
    folder = tempFolder();
    mkdirSync(join(folder.dir, 'in'));
    rotation = openRotation(data());
  });
  afterEach(async () => {
    await rotation.close();
    folder.remove();
  });

  /** Starts again on a console.db that something else wrote to. */
  const reopenAfter = async (sql: string, ...values: readonly unknown[]): Promise<void> => {
    await rotation.close();
    const db = new Database(join(data(), 'console.db'));
    expect(db.prepare(sql).run(...values).changes).toBe(1);
    db.close();
    rotation = openRotation(data());
  };
  const faults = () => rotation.area.faults().map(({ policy, path, error }) => [policy, path, error.code]);
  const sources = async (): Promise<string[]> =>
    (await rotation.call('rotation.segments.list', {})).segments.map(({ source }) => source);

  it('a policy that cannot be read holds up no other, is told and listed, and nothing of it is removed', async () => {
    await putPolicy(rotation, { name: 'good', paths: [log('good')] });
    await putPolicy(rotation, { name: 'broken', paths: [log('broken')], keep: { lockDays: 180 } });
    for (const text of ['one\n', 'two\n']) {
      writeFileSync(log('broken'), text);
      expect((await rotation.run('broken')).error).toBeNull();
    }
    // Its retention would remove everything, if what stands there counted.
    await reopenAfter(
      `UPDATE rotation_policy SET data = json_set(data, '$.method', 'carry', '$.keep.count', 0) WHERE name = 'broken'`,
    );

    const listed = await rotation.call('rotation.policies.list', {});
    expect(listed.policies.map(({ policy }) => policy.name)).toEqual(['good']);
    expect(listed.unreadable).toMatchObject([
      { name: 'broken', error: { code: 'LOG_ROTATION_POLICY_UNREADABLE' } },
    ]);
    expect(faults()).toEqual([['broken', '', 'LOG_ROTATION_POLICY_UNREADABLE']]);

    writeFileSync(log('good'), 'good\n');
    writeFileSync(log('broken'), 'three\n');
    expect((await rotation.run()).error).toBeNull();
    expect((await sources()).toSorted()).toEqual([log('broken'), log('broken'), log('good')].toSorted());
    expect(readFileSync(log('broken'), 'utf8')).toBe('three\n');
    const preview = await rotation.call('rotation.prune.preview', {});
    expect(preview.decisions.filter(({ remove }) => remove)).toEqual([]);
    await expect(rotation.run('broken')).rejects.toMatchObject({
      appError: { code: 'LOG_ROTATION_POLICY_UNREADABLE' },
    });

    await expect(putPolicy(rotation, { name: 'broken', paths: [log('broken')] })).rejects.toMatchObject({
      appError: { code: 'LOG_RETENTION_LOCKED' },
    });
    await rotation.call('rotation.policies.remove', { name: 'broken' });
    expect((await rotation.call('rotation.policies.list', {})).unreadable).toEqual([]);
    expect(faults()).toEqual([]);
    expect(await sources()).toHaveLength(3);
    await expect(rotation.call('rotation.policies.remove', { name: 'broken' })).rejects.toMatchObject({
      appError: { code: 'NOT_FOUND' },
    });
  });

  it('a path that is not absolute any more: not run, told, shown, and corrected', async () => {
    await putPolicy(rotation, { name: 'old', paths: [log('old')] });
    await putPolicy(rotation, { name: 'good', paths: [log('good')] });
    await reopenAfter(
      `UPDATE rotation_policy SET data = json_set(data, '$.dir', ?) WHERE name = 'old'`,
      relative(process.cwd(), join(folder.dir, 'elsewhere')),
    );
    writeFileSync(log('old'), 'old\n');
    writeFileSync(log('good'), 'good\n');
    expect((await rotation.run()).error?.code).toBe('LOG_ROTATION_POLICY_OUTDATED');
    expect(await sources()).toEqual([log('good')]);
    expect(existsSync(join(folder.dir, 'elsewhere'))).toBe(false);
    expect(faults()).toEqual([['old', '', 'LOG_ROTATION_POLICY_OUTDATED']]);

    const { policies } = await rotation.call('rotation.policies.list', {});
    const old = policies.find(({ policy }) => policy.name === 'old');
    expect(old?.warnings[0]?.en).toContain('"dir"');
    await expect(rotation.call('rotation.policies.put', old?.policy as never)).rejects.toThrow('dir');
    await rotation.call('rotation.policies.put', { ...old?.policy, dir: null } as never);
    expect(faults()).toEqual([]);
    expect((await rotation.run('old')).error).toBeNull();
    expect((await sources()).toSorted()).toEqual([log('good'), log('old')].toSorted());
  });

  it('a rotation that was begun with such a path is finished', async () => {
    const repaired = join(folder.dir, 'repaired');
    const reopen = { kind: 'command', command: `test -e ${repaired}` } as const;
    await putPolicy(rotation, { name: 'old', paths: [log('old')], reopen });
    writeFileSync(log('old'), 'old\n');
    expect((await rotation.run('old')).error?.code).toBe('LOG_ROTATION_REOPEN');
    await reopenAfter(
      `UPDATE rotation SET data = json_set(data, '$.spec.dir', ?)`,
      relative(process.cwd(), join(folder.dir, 'elsewhere')),
    );
    expect(faults()).toEqual([['old', log('old'), 'LOG_ROTATION_REOPEN']]);
    writeFileSync(repaired, '');
    expect((await rotation.run('old')).error).toBeNull();
    const { segments } = await rotation.call('rotation.segments.list', {});
    expect(segments).toMatchObject([{ source: log('old'), lines: 1 }]);
    expect(unpacked(resolve(segments[0]?.file ?? ''))).toBe('old\n');
  });

  it('a rotation whose record cannot be read is told, its log left alone, and others go on', async () => {
    const reopen = { kind: 'command', command: 'false' } as const;
    await putPolicy(rotation, { name: 'old', paths: [log('old')], reopen });
    await putPolicy(rotation, { name: 'good', paths: [log('good')] });
    writeFileSync(log('old'), 'old\n');
    expect((await rotation.run('old')).error?.code).toBe('LOG_ROTATION_REOPEN');
    await reopenAfter(`UPDATE rotation SET data = json_set(data, '$.codec', 'lzma')`);
    expect(faults()).toEqual([['old', log('old'), 'LOG_ROTATION_UNREADABLE']]);
    writeFileSync(log('old'), 'new\n');
    writeFileSync(log('good'), 'good\n');
    expect((await rotation.run()).error).toBeNull();
    expect(await sources()).toEqual([log('good')]);
    expect(readFileSync(log('old'), 'utf8')).toBe('new\n');
  });
});
