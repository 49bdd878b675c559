import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from 'vitest';

const made: string[] = [];

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const sharedByFile: string[] = [];

afterAll(() => {
  for (const folder of sharedByFile.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is removed after the last test of the file: for tests that run side by side. */
export function folderOfFile(name = 'test'): string {
  const folder = mkdtempSync(join(tmpdir(), `hmtt-${name}-`));
  sharedByFile.push(folder);
  return folder;
}

/** A folder of its own for the running test; removed after it. */
export function temporaryFolder(name = 'test'): string {
  const folder = mkdtempSync(join(tmpdir(), `hmtt-${name}-`));
  made.push(folder);
  return folder;
}
