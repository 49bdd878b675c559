import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appError, err, ok } from '#shared/errors/index.ts';
import { NotSet } from '../../../main/engine/restore/host/not-set.ts';
import type { HostPort, HostStat } from '../../../main/engine/restore/host/port.ts';
import { HostWriter } from '../../../main/engine/restore/host/write.ts';
import { openPlanStore, type PlanBasis, type StoredItem } from '../../../main/engine/restore/plan-store.ts';
import type { PointEntry } from '../../../main/engine/restore/types.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

/** Small files on their way to a host: what it is asked, and in which order. */

const content = Buffer.from('what was lost');
const refused = err(appError('SSH_REMOTE_FAILED', { host: 'h', what: 'setstat', why: 'Permission denied' }));

/** A writer of one file, and what it asked the host. */
function writerOf(entry: Partial<PointEntry>, givesOwners: boolean, answers: Partial<HostPort> = {}) {
  const asked: unknown[][] = [];
  const store = openPlanStore(join(temporaryFolder('host-write'), 'plan.db'));
  if (!store.ok) throw new Error(store.error.message.en);
  const basis: PlanBasis = {
    pointId: 'p',
    archives: [],
    place: { kind: 'folder', dir: '/to' },
    overwrite: 'never',
    selection: [],
    sources: [],
    host: { login: 'l', givesOwners, leading: [] },
  };
  const answer = {
    find: async () => ok(null),
    makeFolder: async () => ok(undefined),
    put: async () => ok(undefined),
    publish: async () => ok(true),
    describe: async () => ok(undefined),
    ...answers,
  } as HostPort;
  // Every call of the port is noted before it is answered.
  const port = new Proxy(answer, {
    get:
      (_, method: keyof HostPort) =>
      (...args: unknown[]) => {
        asked.push([method, ...args]);
        return (answer[method] as (...given: unknown[]) => unknown)(...args);
      },
  });
  const notSet = new NotSet();
  const writer = new HostWriter({
    ...{ port, store: store.value, basis, notSet, mark: 'm', signal: new AbortController().signal },
    reader: {
      sources: [],
      entries: async function* () {},
      readFile: async function* () {
        yield content.subarray(0, 5);
        yield content.subarray(5);
      },
      close: async () => undefined,
    },
  });
  const item: StoredItem = {
    entry: {
      ...{ type: 'file', path: 'f', size: content.length, mode: 0o644, uid: 7, gid: 8 },
      ...{ mtime: '1700000000.000000000', hazard: null, ...entry },
    },
    ...{ target: '/to/f', action: 'restore', reason: 'missing', before: null, error: null },
    ...{ contentSha256: createHash('sha256').update(content).digest('hex'), seq: 3, state: 'pending' },
  };
  const close = (): void => store.value.close();
  return { writer, item, asked, notSet, close };
}

const TEMPORARY = '/to/.hmtt-restore-m-3.part';

test('a small file is written with one call under its temporary name, and described and named with another', async () => {
  const { writer, item, asked, close } = writerOf({}, true);
  expect(await writer.place(item, null, () => undefined)).toBe('beside');
  expect(asked.at(-1)).toEqual(['put', TEMPORARY, new Uint8Array(content)]);
  await writer.publish(item);
  const all = { uid: 7, gid: 8, mode: 0o644, mtime: 1_700_000_000 };
  expect(asked.at(-1)).toEqual(['publish', TEMPORARY, '/to/f', [all], false]);
  close();
});

test('the owner comes before a mode that giving a file away would take away again', async () => {
  const { writer, item, asked, close } = writerOf({ mode: 0o4755 }, true);
  await writer.publish(item);
  const steps = [
    { uid: 7, gid: 8 },
    { mode: 0o4755, mtime: 1_700_000_000 },
  ];
  expect(asked).toEqual([['publish', TEMPORARY, '/to/f', steps, false]]);
  close();
});

test('what of a description the host did not take is asked for once more, one by one, and named', async () => {
  const { writer, item, asked, notSet, close } = writerOf({}, false, {
    publish: async () => ok(false),
    describe: async (_, { mode }) => (mode === undefined ? ok(undefined) : refused),
  });
  await writer.publish(item);
  expect(asked.slice(1)).toEqual([
    ['describe', '/to/f', { mode: 0o644, mtime: 1_700_000_000 }, false],
    ['describe', '/to/f', { mode: 0o644 }, false],
    ['describe', '/to/f', { mtime: 1_700_000_000 }, false],
  ]);
  expect(notSet.report()).toEqual([{ what: 'modes', count: 1, paths: ['/to/f'] }]);
  close();
});

test('a safety copy that grew is written with a byte too many, which the comparison tells, and not as a whole', async () => {
  const { writer, item, asked, close } = writerOf({ size: 4 }, false);
  await writer.place(item, null, () => undefined);
  expect(asked.at(-1)).toEqual(['put', TEMPORARY, new Uint8Array(content.subarray(0, 5))]);
  close();
});

test('a folder that somebody else has made in the meantime is as good as one that was made', async () => {
  let isThere = false;
  const folder: HostStat = { type: 'directory', size: 0, mode: 0o755, uid: 0, gid: 0, mtimeMs: 0 };
  const { writer, item, asked, close } = writerOf({ path: 'd/f' }, false, {
    find: async (path) => ok(path === '/to/d' && !isThere ? null : { ...folder, link: null }),
    makeFolder: async () => {
      isThere = true;
      return refused;
    },
  });
  expect(await writer.place({ ...item, target: '/to/d/f' }, null, () => undefined)).toBe('beside');
  expect(asked.map(([method]) => method)).toContain('makeFolder');
  close();
});
