import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diskSpace, diskSpaceAround } from '../../../main/engine/platform/disk.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

test('the space of a folder to come is that of the nearest one above it', async () => {
  const folder = temporaryFolder();
  const { totalBytes } = await diskSpace(folder);
  expect((await diskSpaceAround(folder)).totalBytes).toBe(totalBytes);
  expect((await diskSpaceAround(join(folder, 'archive', 'app-1'))).totalBytes).toBe(totalBytes);
  await expect(diskSpace(join(folder, 'archive'))).rejects.toThrow('ENOENT');
});
