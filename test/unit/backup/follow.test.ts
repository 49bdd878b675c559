import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { preferredCodec } from '../../../main/engine/backup/codec.ts';
import { newFileSecret } from '../../../main/engine/backup/crypto/age-head.ts';
import { followTaskSchema, followWriting } from '../../../main/engine/backup/follow-task.ts';
import { Follower } from '../../../main/engine/backup/follower.ts';
import { FrameTable } from '../../../main/engine/backup/frame-table.ts';
import { OutputFile } from '../../../main/engine/backup/output-file.ts';
import { ArchiveFault } from '../../../main/engine/backup/reader-types.ts';
import { TarPacker } from '../../../main/engine/backup/tar-packer.ts';
import type { TaskStarter } from '../../../main/engine/platform/worker-tasks.ts';
import { noTasks } from '../../helpers/no-tasks.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'hmtt-follow-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** The task in this thread. */
const inline: TaskStarter = <R>(_: string, data: unknown) => {
  const abort = new AbortController();
  const listeners: ((message: unknown) => void)[] = [];
  const result = followWriting(followTaskSchema.parse(data), {
    signal: abort.signal,
    post: () => undefined,
    start: noTasks,
    onMessage: (listener) => listeners.push(listener),
  });
  return {
    result: result as Promise<R>,
    post: (message: unknown) => {
      for (const listener of listeners) listener(message);
    },
    cancel: () => abort.abort(),
  };
};

/** An encrypted file of frames, complete. */
async function framesIn(file: string) {
  const secret = await newFileSecret([await identityToRecipient(await generateIdentity())]);
  const out = new OutputFile(file, secret);
  const table = new FrameTable();
  const packer = new TarPacker(preferredCodec(), out, table);
  await packer.append(Buffer.alloc(15_000_000, 'some text that is packed well, and then some '));
  await packer.drain();
  const bytes = out.length;
  await out.write(Buffer.alloc(70_000));
  await out.finish();
  return { table, secret, bytes };
}

describe('following an archive that is written', () => {
  it('proves what was said to be on the disk', async () => {
    const file = join(dir, 'a.part');
    const { table, secret, bytes } = await framesIn(file);
    const follower = new Follower(inline, file, preferredCodec().name);
    follower.onDisk({ table, secret, bytes: table.at(2).offset });
    follower.onDisk({ table, secret, bytes: table.at(2).offset + 1 });
    follower.onDisk({ table, secret, bytes });
    expect(await follower.end()).toBe(table.count);
    expect(table.count).toBe(8);
  });

  it('leaves out what is not on the disk yet', async () => {
    const file = join(dir, 'a.part');
    const { table, secret } = await framesIn(file);
    const follower = new Follower(inline, file, preferredCodec().name);
    follower.onDisk({ table, secret, bytes: table.at(5).offset + 1 });
    expect(await follower.end()).toBe(5);
  });

  it('fails the run when a byte is not what was written', async () => {
    const file = join(dir, 'a.part');
    const { table, secret, bytes } = await framesIn(file);
    const stored = readFileSync(file);
    const at = secret.head.length + table.at(3).offset + 5;
    stored[at] = (stored[at] ?? 0) ^ 1;
    writeFileSync(file, stored);
    const follower = new Follower(inline, file, preferredCodec().name);
    follower.onDisk({ table, secret, bytes });
    await expect(follower.end()).rejects.toBeInstanceOf(ArchiveFault);
    expect(() => follower.check()).toThrow(/BACKUP_READ_BACK_FAILED/);
  });

  it('ends when it is stopped, and proves nothing without threads', async () => {
    const file = join(dir, 'a.part');
    const { table, secret, bytes } = await framesIn(file);
    const stopped = new Follower(inline, file, preferredCodec().name);
    stopped.onDisk({ table, secret, bytes });
    await stopped.stop();
    expect(() => stopped.check()).toThrow('cancelled');
    const alone = new Follower(undefined, file, preferredCodec().name);
    alone.onDisk({ table, secret, bytes });
    expect(await alone.end()).toBe(0);
  });
});

describe('testing a frame', () => {
  it('unpacks one after another, and refuses what is cut, damaged or longer', async () => {
    const codec = preferredCodec();
    const content = Buffer.alloc(2_000_000, 'abcdefgh');
    const frame = Buffer.from(await codec.compress(content));
    for (let n = 0; n < 5; n += 1) expect(await codec.test(frame, content.length)).toBe(content.length);
    for (const cut of [1, 4, 5, 100])
      await expect(codec.test(frame.subarray(0, -cut), content.length), `${cut}`).rejects.toThrow();
    const damaged = Buffer.from(frame);
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    await expect(codec.test(damaged, content.length)).rejects.toThrow();
    await expect(codec.test(Buffer.concat([frame, Buffer.alloc(9, 'x')]), content.length)).rejects.toThrow();
    expect(await codec.test(frame, content.length)).toBe(content.length);
  });
});
