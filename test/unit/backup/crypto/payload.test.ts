import { randomBytes } from 'node:crypto';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { newFileSecret } from '../../../../main/engine/backup/crypto/age-head.ts';
import { openSource } from '../../../../main/engine/backup/crypto/byte-source.ts';
import { aead, chunkNonce, nativeAead } from '../../../../main/engine/backup/crypto/chunk-cipher.ts';
import { portableAead } from '../../../../main/engine/backup/crypto/portable-cipher.ts';
import { OutputFile } from '../../../../main/engine/backup/output-file.ts';
import { ArchiveFault } from '../../../../main/engine/backup/reader-types.ts';
import { temporaryFolder } from '../../../helpers/temp-folder.ts';

const CHUNK = 65_536;
let identity = '';
let recipient = '';

beforeAll(async () => {
  identity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
});

/** Writes `content` in pieces as an encrypted file. */
async function written(content: Buffer, piece = content.length || 1): Promise<string> {
  const path = join(temporaryFolder('age'), 'x.age');
  const file = new OutputFile(path, await newFileSecret([recipient]));
  for (let at = 0; at < content.length; at += piece) await file.write(content.subarray(at, at + piece));
  expect(file.length).toBe(content.length);
  await file.finish();
  expect(readFileSync(path)).toHaveLength(file.stored);
  return path;
}

const code = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return '';
  } catch (thrown) {
    if (thrown instanceof ArchiveFault) return thrown.error.code;
    throw thrown;
  }
};

describe('both ciphers', () => {
  it('make the same bytes, and refuse what was changed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(1 << 20), fc.boolean(), (plain, number, last) => {
        const key = randomBytes(32);
        const nonce = chunkNonce(number, last);
        const [one, two] = [Buffer.alloc(plain.length + 16), Buffer.alloc(plain.length + 16)];
        nativeAead.seal(key, nonce, plain, one);
        portableAead.seal(key, nonce, plain, two);
        expect(one.equals(two)).toBe(true);
        const spot = number % one.length;
        one[spot] = (one[spot] ?? 0) ^ 4;
        for (const cipher of [nativeAead, portableAead]) {
          expect(Buffer.from(cipher.open(key, nonce, two) ?? [1])).toEqual(Buffer.from(plain));
          expect(cipher.open(key, nonce, one)).toBeNull();
        }
      }),
      { numRuns: 50 },
    );
    expect(aead()).toBe(nativeAead);
  });
});

describe('an encrypted file', () => {
  it.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 77])(
    'of %d bytes gives back any part of them',
    async (size) => {
      const content = randomBytes(size);
      const source = await openSource(await written(content, 50_001), { identities: [identity] });
      expect(source.size).toBe(size);
      expect(source.fault).toBeNull();
      for (const [offset, length] of [
        [0, size],
        [0, 1],
        [size - 1, 9],
        [CHUNK - 1, 2],
        [CHUNK, CHUNK],
        [5, 2 * CHUNK],
        [size, 1],
      ] as const)
        if (offset >= 0)
          expect((await source.read(offset, length)).equals(content.subarray(offset, offset + length))).toBe(
            true,
          );
      await source.close();
    },
  );

  it('is read back while it is written', async () => {
    const content = randomBytes(3 * CHUNK + 5);
    const path = join(temporaryFolder('age'), 'x.age');
    const file = new OutputFile(path, await newFileSecret([recipient]));
    for (let at = 0; at < content.length; at += 40_000) {
      await await file.write(content.subarray(at, at + 40_000));
      const from = Math.max(0, at - 30_000);
      const length = file.length - from;
      expect((await file.read(from, length)).equals(content.subarray(from, from + length))).toBe(true);
    }
    await file.abandon();
  });

  it('reads only the chunks that hold what is asked for', async () => {
    const content = randomBytes(40 * CHUNK);
    const path = await written(content);
    const bytes = readFileSync(path);
    // All chunks but one in the middle and the last one are destroyed.
    const head = bytes.length - 40 * (CHUNK + 16);
    for (let n = 0; n < 39; n += 1) if (n !== 20) bytes[head + n * (CHUNK + 16) + 100] = 0;
    writeFileSync(path, bytes);
    const source = await openSource(path, { identities: [identity] });
    const part = await source.read(20 * CHUNK, CHUNK);
    expect(part.equals(content.subarray(20 * CHUNK, 21 * CHUNK))).toBe(true);
    await source.close();
  });

  it('that was changed in one bit names the chunk and its offset', async () => {
    const path = await written(randomBytes(5 * CHUNK));
    const bytes = readFileSync(path);
    const head = bytes.length - 5 * (CHUNK + 16);
    const offset = head + 3 * (CHUNK + 16);
    bytes[offset + 17] = (bytes[offset + 17] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const source = await openSource(path, { identities: [identity] });
    const fault = await source.read(0, 5 * CHUNK).catch((thrown: unknown) => thrown);
    expect(fault).toBeInstanceOf(ArchiveFault);
    expect((fault as ArchiveFault).error.message.en).toContain(
      `Chunk 3 of the encrypted file ${path}, at offset ${offset}`,
    );
    expect(await source.read(0, 3 * CHUNK)).toHaveLength(3 * CHUNK);
    await source.close();
  });

  it('that was cut short or added to says so, and gives what is whole', async () => {
    const content = randomBytes(4 * CHUNK);
    for (const cut of [CHUNK + 16, 1, 2 * (CHUNK + 16), 4 * (CHUNK + 16)]) {
      const path = await written(content);
      const whole = readFileSync(path).length;
      truncateSync(path, whole - cut);
      const source = await openSource(path, { identities: [identity] });
      expect(source.fault?.code).toBe('BACKUP_ENCRYPTED_END_DAMAGED');
      const left = Math.floor((4 * (CHUNK + 16) - cut) / (CHUNK + 16)) * CHUNK;
      expect((await source.read(0, left)).equals(content.subarray(0, left))).toBe(true);
      await source.close();
    }
    const longer = await written(content);
    writeFileSync(longer, Buffer.concat([readFileSync(longer), Buffer.alloc(40)]));
    const source = await openSource(longer, { identities: [identity] });
    expect(source.fault?.code).toBe('BACKUP_ENCRYPTED_END_DAMAGED');
    await source.close();
  });

  it('is refused in words without a key, with another key, and with a damaged header', async () => {
    const path = await written(randomBytes(100));
    expect(await code(openSource(path, { identities: [] }))).toBe('BACKUP_LOCKED');
    const other = await generateX25519Identity();
    expect(await code(openSource(path, { identities: [other] }))).toBe('BACKUP_KEY_WRONG');
    const bytes = readFileSync(path);
    const mac = bytes.indexOf('\n--- ') + 10;
    bytes[mac] = bytes[mac] === 0x41 ? 0x42 : 0x41;
    writeFileSync(path, bytes);
    expect(await code(openSource(path, { identities: [identity] }))).toBe('BACKUP_AGE_HEADER_DAMAGED');
    writeFileSync(path, 'age-encryption.org/v1\n-> X25519 ');
    expect(await code(openSource(path, { identities: [identity] }))).toBe('BACKUP_AGE_HEADER_DAMAGED');
    writeFileSync(path, '');
    expect(await code(openSource(path, { identities: [identity] }))).toBe('BACKUP_AGE_HEADER_DAMAGED');
  });
});
