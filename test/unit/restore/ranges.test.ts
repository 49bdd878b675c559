import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LaneShare } from '../../../main/engine/restore/lane-share.ts';
import { openPlanStore, type PlannedItem } from '../../../main/engine/restore/plan-store.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

type Kind = PlannedItem['entry']['type'];

function item(path: string, type: Kind, size: number): PlannedItem {
  return {
    entry: { type, path, size, mode: 0o644, uid: 0, gid: 0, mtime: '0.000000000', hazard: null },
    target: `/x/${path}`,
    action: 'restore',
    reason: 'missing',
    before: null,
    contentSha256: undefined,
    error: null,
  };
}

function storeOf(items: readonly PlannedItem[]) {
  const opened = openPlanStore(join(temporaryFolder('ranges'), 'plan.db'), true);
  if (!opened.ok) throw new Error(opened.error.message.en);
  for (const one of items) opened.value.add(one);
  return opened.value;
}

test('ranges hold each item that has content once, in order, and are small in number and in bytes', () => {
  const sizes = [10, 10, 10, 500, 10, 90, 20, 1];
  const store = storeOf([
    item('d', 'directory', 0),
    ...sizes.map((size, n) => item(`d/${n}`, 'file', size)),
    item('d/h', 'hardlink', 10),
    item('d/s', 'symlink', 0),
  ]);
  const ranges = store.ranges(['pending'], 'contents', { items: 3, bytes: 100 });
  const paths = ranges.map((range) => store.within(['pending'], range, 'contents').map((i) => i.entry.path));
  expect(paths).toEqual([['d/0', 'd/1', 'd/2'], ['d/3'], ['d/4', 'd/5'], ['d/6', 'd/7', 'd/s']]);
  const folders = store.ranges(['pending'], 'folders', { items: 3, bytes: 100 });
  expect(folders).toEqual([{ from: 1, to: 1 }]);
  store.close();
});

test('marks with and without an error are kept apart', () => {
  const store = storeOf([item('a', 'file', 1), item('b', 'file', 2), item('c', 'file', 4)]);
  const error = { code: 'X', message: { zh: '', en: '' }, hint: null } as never;
  store.mark([
    { seq: 1, state: 'done' },
    { seq: 2, state: 'failed', error },
    { seq: 3, state: 'done' },
  ]);
  expect(store.counts()).toMatchObject({ done: { files: 2, bytes: 5 }, failed: { files: 1, bytes: 2 } });
  expect(store.failures(10).map(({ path }) => path)).toEqual(['b']);
  // A second try that went well takes the error away.
  store.mark([{ seq: 2, state: 'done' }]);
  expect(store.failures(10)).toEqual([]);
  store.close();
});

test('lanes that share their numbers never get the same range', () => {
  const mine = new LaneShare();
  const theirs = new LaneShare(mine.memory);
  mine.begin(100, 2);
  const ranges = ['a', 'b', 'c'];
  expect([mine.take(ranges), theirs.take(ranges), mine.take(ranges), theirs.take(ranges)]).toEqual([
    'a',
    'b',
    'c',
    undefined,
  ]);
  theirs.addBytes(-30);
  theirs.addFile();
  expect([mine.bytes, mine.files]).toEqual([70, 3]);
});
