import { expect, test } from 'vitest';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { HostPort } from '../../../main/engine/restore/host/port.ts';
import { restoreHosts } from '../../../main/engine/restore-hosts.ts';
import type { RemoteStat, Sftp } from '../../../main/engine/ssh/sftp.ts';
import type { RemoteOutput } from '../../../main/engine/ssh/sftp-write.ts';

/** What a restore asks of a host over SFTP where something stands in the way, or is refused in the middle. */

const refused = err(appError('SSH_REMOTE_FAILED', { host: 'h', what: 'write', why: 'Failure' }));
const lost = err(appError('SSH_CONNECTION_LOST', { host: 'h', why: 'it was closed' }));
const stat: RemoteStat = { type: 'file', size: 0, mode: 0o600, uid: 0, gid: 0, mtimeMs: 0 };
const PART = '/to/.part';

/** A host with at most one thing at {@link PART}; what it was asked for, in order. `answers` stand for its own. */
function hostWith(standing: Partial<RemoteStat> | null, answers: Partial<Sftp & RemoteOutput> = {}) {
  const asked: unknown[][] = [];
  let there = standing;
  const note =
    <A extends unknown[], T>(name: keyof (Sftp & RemoteOutput), answer: (...args: A) => Result<T>) =>
    async (...args: A): Promise<Result<T>> => {
      asked.push([name, ...args]);
      const other = answers[name] as ((...given: A) => Promise<Result<T>>) | undefined;
      return other === undefined ? answer(...args) : other(...args);
    };
  const done = (): Result<void> => ok(undefined);
  const files = {
    find: note('find', () => ok(there === null ? null : { ...stat, ...there })),
    create: note('create', (_: string, how: 'new' | 'go on') => {
      if ((how === 'new') !== (there === null)) return refused;
      const output: RemoteOutput = {
        size: there?.size ?? 0,
        write: note('write', done),
        finish: note('finish', done),
        close: note('close', done),
      };
      return ok(output);
    }),
    open: note('open', () => refused),
    remove: note('remove', () => {
      there = null;
      return done();
    }),
    rename: note('rename', done),
    describe: note('describe', done),
  } as unknown as Sftp;
  const hosts = restoreHosts({
    logins: () => [],
    run: async () => refused,
    withFiles: async (_, __, use) => use(files),
  });
  const use = <T>(work: (port: HostPort) => Promise<Result<T>>): Promise<Result<T>> =>
    hosts.use('l', null, new AbortController().signal, work);
  return { asked, use };
}

const bytes = Buffer.from('what was lost');

test('a small file is opened, and all else that is asked for it goes at once', async () => {
  const { asked, use } = hostWith(null);
  expect(await use((port) => port.put(PART, bytes))).toEqual(ok(undefined));
  expect(asked).toEqual([
    ['create', PART, 'new'],
    ['write', 0, bytes],
    ['finish', null],
  ]);
});

test('a temporary file that was left is written over where it stands, and cut when it is longer', async () => {
  const { asked, use } = hostWith({ size: 99 });
  expect(await use((port) => port.put(PART, bytes))).toEqual(ok(undefined));
  expect(asked).toEqual([
    ['create', PART, 'new'],
    ['find', PART],
    ['create', PART, 'go on'],
    ['write', 0, bytes],
    ['finish', bytes.length],
  ]);
});

test('a large file is gone on with; from its beginning nothing of it counts as written', async () => {
  const { use } = hostWith({ size: 99 });
  expect(await use((port) => port.create(PART, true))).toMatchObject(ok({ size: 99 }));
  expect(await use((port) => port.create(PART, false))).toMatchObject(ok({ size: 0 }));
});

test('a link that somebody put where a temporary file belongs is not followed', async () => {
  for (const goOn of [true, false]) {
    const { asked, use } = hostWith({ type: 'symlink' });
    expect(await use((port) => port.create(PART, goOn))).toMatchObject(ok({ size: 0 }));
    expect(asked).not.toContainEqual(['create', PART, 'go on']);
    expect(asked.slice(-2)).toEqual([
      ['remove', PART],
      ['create', PART, 'new'],
    ]);
  }
});

test('a file whose writing or closing was refused is not written, whatever the host says of the rest', async () => {
  const unwritten = hostWith(null, { write: async () => refused });
  expect(await unwritten.use((port) => port.put(PART, bytes))).toEqual(refused);
  const unflushed = hostWith(null, { finish: async () => refused });
  expect(await unflushed.use((port) => port.put(PART, bytes))).toEqual(refused);
});

test('a file is named when the host says so, and not when it only took its description', async () => {
  const step = [{ mode: 0o644 }];
  const unnamed = hostWith({}, { rename: async () => refused });
  expect(await unnamed.use((port) => port.publish(PART, '/to/f', step, false))).toEqual(refused);
  const undescribed = hostWith({}, { describe: async () => refused });
  expect(await undescribed.use((port) => port.publish(PART, '/to/f', step, false))).toEqual(ok(false));
  const cutOff = hostWith({}, { describe: async () => lost });
  expect(await cutOff.use((port) => port.publish(PART, '/to/f', step, false))).toEqual(lost);
});

test('files that are read back leave room for those that are written meanwhile', async () => {
  let open = 0;
  let most = 0;
  const { use } = hostWith(null, {
    open: async () => {
      open += 1;
      most = Math.max(most, open);
      return ok({
        stat: async () => ok(stat),
        read: async () => {
          await new Promise((resolve) => setImmediate(resolve));
          return ok(Buffer.alloc(0));
        },
        close: async () => {
          open -= 1;
        },
      });
    },
  });
  const files = Array.from({ length: 200 }, (_, n) => ({ path: `/to/${n}`, size: 0 }));
  const hashes = await use((port) => port.hash(files));
  expect(hashes.ok && new Set(hashes.value).size).toBe(1);
  expect([open, most]).toEqual([0, 32]);
});
