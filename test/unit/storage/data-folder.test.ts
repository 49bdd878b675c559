import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dataFolderPaths, openDataFolder } from '../../../main/engine/storage/data-folder.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

test('a folder has one owner at a time, and is free again when it is released', () => {
  const dir = join(temporaryFolder(), 'data');
  const first = openDataFolder(dir, 1_000);
  if (!first.ok) throw new Error(first.error.code);
  const second = openDataFolder(dir, 2_000);
  expect(second.ok ? 'ok' : second.error.code).toBe('DATA_FOLDER_IN_USE');
  if (!second.ok) expect(second.error.message.en).toContain(String(process.pid));
  first.value.release();
  const third = openDataFolder(dir, 3_000);
  expect(third.ok).toBe(true);
  if (third.ok) third.value.release();
});

test('only the owner of the account may look into it', () => {
  const dir = join(temporaryFolder(), 'data');
  const opened = openDataFolder(dir, 0);
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  if (opened.ok) opened.value.release();
});

test('an owner that was killed leaves no lock behind', () => {
  const dir = join(temporaryFolder(), 'data');
  const module = new URL('../../../main/engine/storage/data-folder.ts', import.meta.url).href;
  const script = `
    const { openDataFolder } = await import(${JSON.stringify(module)});
    const opened = openDataFolder(${JSON.stringify(dir)}, 0);
    console.log(opened.ok);
    process.kill(process.pid, 'SIGKILL');`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(child.stdout.trim()).toBe('true');
  expect(child.signal).toBe('SIGKILL');
  const opened = openDataFolder(dir, 0);
  expect(opened.ok).toBe(true);
  if (opened.ok) opened.value.release();
});

test('a place that cannot be a folder is refused in words', () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, 'not a folder');
  const opened = openDataFolder(file, 0);
  expect(opened.ok ? '' : opened.error.code).toBe('DATA_FOLDER_UNUSABLE');
  expect(readFileSync(file, 'utf8')).toBe('not a folder');
});

test('the socket of a deep folder fits into what the kernel allows', () => {
  const deep = `/${'very-deep-folder/'.repeat(12)}data`;
  expect(Buffer.byteLength(dataFolderPaths(deep).socket)).toBeLessThan(108);
  expect(dataFolderPaths(deep).socket).toBe(dataFolderPaths(deep).socket);
});
