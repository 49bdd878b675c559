import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readChosenText, saveChosen } from '../../../main/shell/chosen-files.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

test('a text file is read whole', async () => {
  const path = join(temporaryFolder(), '采集.yml');
  writeFileSync(path, '\uFEFFjob: 主机\n');
  expect(await readChosenText(path)).toEqual({
    ok: true,
    value: { path, name: '采集.yml', text: 'job: 主机\n' },
  });
});

test('a file of exactly the limit is taken, one byte more is refused whole', async () => {
  const path = join(temporaryFolder(), 'big.txt');
  writeFileSync(path, 'x'.repeat(1_000));
  expect((await readChosenText(path, 1_000)).ok).toBe(true);
  expect(await readChosenText(path, 999)).toMatchObject({
    ok: false,
    error: { code: 'CHOSEN_FILE_TOO_LARGE' },
  });
});

test.each([
  ['bytes that are no UTF-8', 'binary', 'CHOSEN_FILE_NOT_TEXT'],
  ['a folder', 'folder', 'FILE_UNREADABLE'],
  ['nothing', 'missing', 'FILE_UNREADABLE'],
  ['an endless device', '/dev/zero', 'FILE_UNREADABLE'],
])('%s is refused', async (_what, name, code) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'binary'), Buffer.from([0x61, 0xff, 0xfe]));
  mkdirSync(join(folder, 'folder'));
  const path = name.startsWith('/') ? name : join(folder, name);
  expect(await readChosenText(path)).toMatchObject({ ok: false, error: { code } });
});

test('saving replaces the old file and leaves nothing beside it', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'out.csv');
  writeFileSync(path, 'old');
  expect(saveChosen(path, 'new')).toEqual({ ok: true, value: path });
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['out.csv']);
});

test.each([
  ['into a missing folder', 'missing/out.csv', 'FILE_NOT_SAVED'],
  ['over a folder', 'folder', 'FILE_NOT_SAVED'],
])('saving %s is a failure in words', (_what, name, code) => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'folder'));
  expect(saveChosen(join(folder, name), 'x')).toMatchObject({ ok: false, error: { code } });
});
