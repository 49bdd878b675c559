import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createPlacer } from '../../../main/engine/restore/place-item.ts';
import { openPlanStore } from '../../../main/engine/restore/plan-store.ts';
import { watchTargets } from '../../../main/engine/restore/target-watch.ts';
import type { PointEntry } from '../../../main/engine/restore/types.ts';
import { publish } from '../../../main/engine/restore/write-entry.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const content = Buffer.from('what was lost');
const sha256 = createHash('sha256').update(content).digest('hex');
const entry: PointEntry = {
  type: 'file',
  path: 'd/f',
  size: content.length,
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime: '1700000000.123456789',
  sha256,
  hazard: null,
};

test('a run that was cut off between giving a name and taking the temporary one away leaves nothing behind', async () => {
  const root = temporaryFolder('place');
  const dir = join(root, 'out');
  mkdirSync(dir);
  const opened = openPlanStore(join(root, 'plan.db'));
  if (!opened.ok) throw new Error(opened.error.message.en);
  const store = opened.value;
  store.add({
    entry,
    target: join(dir, 'd/f'),
    action: 'restore',
    reason: 'missing',
    before: null,
    contentSha256: sha256,
    error: null,
  });
  const [item] = store.next(['pending'], 0, 10);
  if (item === undefined) throw new Error('the plan has no item');
  const placer = createPlacer({
    store,
    basis: {
      pointId: 'p',
      archives: [{ archivePath: '', manifestSha256: '' }],
      place: { kind: 'folder', dir },
      overwrite: 'never',
      selection: [],
      sources: [],
    },
    targets: watchTargets([]),
    reader: {
      sources: [],
      entries: async function* () {},
      readFile: async function* () {
        yield content;
      },
      close: async () => undefined,
    },
    signal: new AbortController().signal,
    mark: 'mark',
    owners: false,
  });
  const place = () => placer.place(item, () => undefined);

  expect(await place()).toBe('beside');
  await publish(placer.temporary(item), item.target, true);
  expect(readdirSync(join(dir, 'd'))).toEqual(['f']);
  linkSync(item.target, placer.temporary(item));

  expect(await place()).toBe('in place');
  expect(readdirSync(join(dir, 'd'))).toEqual(['f']);
  store.close();
});
