import type { SFTPWrapper } from 'ssh2';
import { expect, test } from 'vitest';
import { appError, err, ok } from '#shared/errors/index.ts';
import { type AskSftp, sftpWriting } from '../../../main/engine/ssh/sftp-write.ts';

/** What is asked of servers that have not all that OpenSSH has. */

type Done = (thrown?: Error | null, value?: unknown) => void;

/** A channel whose server refuses what is named; what it was asked for, in order. It has none of OpenSSH's extensions. */
function serverWithout(refused: readonly string[]) {
  const asked: string[] = [];
  const answer =
    (name: string) =>
    (...args: unknown[]) => {
      asked.push(name);
      const done = args.at(-1) as Done;
      if (refused.includes(name)) done(new Error(`${name}: Failure`));
      else done(null, name === 'open' ? Buffer.from('handle') : { size: 7 });
    };
  const channel = new Proxy({} as SFTPWrapper, {
    get: (_, name) => {
      if (!String(name).startsWith('ext_')) return answer(String(name));
      return () => {
        throw new Error('Server does not support this extended request');
      };
    },
  });
  const ask: AskSftp = (what, call) =>
    new Promise((resolve) => {
      call((thrown, value) =>
        resolve(
          thrown ? err(appError('SSH_REMOTE_FAILED', { host: 'h', what, why: thrown.message })) : ok(value),
        ),
      );
    });
  return { files: sftpWriting(channel, ask), asked };
}

test('a file takes the place of another in two steps, and of one that a cut took away before in the second', async () => {
  const { files, asked } = serverWithout([]);
  expect(await files.rename('/part', '/file', true)).toEqual(ok(undefined));
  expect(asked).toEqual(['unlink', 'rename']);
  const gone = serverWithout(['unlink']);
  expect(await gone.files.rename('/part', '/file', true)).toEqual(ok(undefined));
});

test('a file that cannot be taken away is told as such', async () => {
  const { files } = serverWithout(['unlink', 'rename']);
  const renamed = await files.rename('/part', '/file', true);
  expect(renamed.ok ? null : renamed.error.message.en).toContain('unlink: Failure');
});

test('a file of which the size is not told is not left open', async () => {
  const { files, asked } = serverWithout(['fstat']);
  expect((await files.create('/part', 'go on')).ok).toBe(false);
  expect(asked).toEqual(['open', 'fstat', 'close']);
});

test('a file is closed also where nothing can be flushed, or its size is refused', async () => {
  const { files, asked } = serverWithout(['fsetstat']);
  const opened = await files.create('/part', 'new');
  if (!opened.ok) throw new Error(opened.error.code);
  expect(await opened.value.finish(null)).toEqual(ok(undefined));
  expect((await opened.value.finish(7)).ok).toBe(false);
  expect(asked).toEqual(['open', 'close', 'fsetstat', 'close']);
});
