import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeScratch, removeScratch } from '../../../main/engine/recovery/scratch.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

function made(parent: string) {
  const scratch = makeScratch(parent, 'id-1');
  if (!scratch.ok) throw new Error(scratch.error.message.en);
  return scratch.value;
}

test('everything goes: no permission, no text for a name, links that lead out, very deep', async () => {
  const parent = temporaryFolder('scratch');
  const outside = join(parent, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'keep'), 'x');
  const { dir, data } = made(parent);
  mkdirSync(join(data, 'locked'));
  writeFileSync(join(data, 'locked', 'f'), 'x');
  chmodSync(join(data, 'locked'), 0o000);
  symlinkSync(outside, join(data, 'out'));
  writeFileSync(Buffer.concat([Buffer.from(`${data}/`), Buffer.from([0xff, 0xfe])]), 'x');
  // Deeper than a path may be long: made from the inside out, as a restore with relative calls could leave it.
  let deep = join(data, 'deep');
  mkdirSync(deep);
  for (let level = 0; level < 60; level += 1) {
    const around = join(data, 'around');
    mkdirSync(around);
    renameSync(deep, join(around, 'n'.repeat(200)));
    renameSync(around, deep);
    deep = join(data, 'deep');
  }
  expect(await removeScratch(dir, 'id-1')).toEqual({ ok: true, value: null });
  expect(existsSync(dir)).toBe(false);
  expect(readdirSync(outside)).toEqual(['keep']);
});

test('a folder that is not this drill’s is left alone', async () => {
  const parent = temporaryFolder('scratch');
  const { dir } = made(parent);
  expect(await removeScratch(dir, 'id-2')).toMatchObject({ error: { code: 'DRILL_LEFT_BEHIND' } });
  expect(await removeScratch(parent, 'id-1')).toMatchObject({ error: { code: 'DRILL_LEFT_BEHIND' } });
  const other = join(parent, 'hmtt-drill-id-3');
  mkdirSync(other);
  writeFileSync(join(other, '.hmtt-drill'), 'somebody else');
  expect(await removeScratch(other, 'id-3')).toMatchObject({ error: { code: 'DRILL_LEFT_BEHIND' } });
  expect(existsSync(other) && existsSync(dir)).toBe(true);
});

test('one that is gone is fine, and one that exists already is refused', async () => {
  const parent = temporaryFolder('scratch');
  expect((await removeScratch(join(parent, 'hmtt-drill-id-1'), 'id-1')).ok).toBe(true);
  made(parent);
  expect(makeScratch(parent, 'id-1')).toMatchObject({ error: { code: 'DRILL_SCRATCH_UNUSABLE' } });
});
