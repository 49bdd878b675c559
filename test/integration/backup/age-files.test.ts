import { randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateHybridIdentity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newFileSecret } from '../../../main/engine/backup/crypto/age-head.ts';
import { openSource } from '../../../main/engine/backup/crypto/byte-source.ts';
import { headCopyLine } from '../../../main/engine/backup/crypto/head-copy.ts';
import { OutputFile } from '../../../main/engine/backup/output-file.ts';
import { debian, scratch } from './harness.ts';

const CHUNK = 65_536;
const SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK, 3 * CHUNK + 5];

describe('an age file', () => {
  const place = scratch('age');
  const key = join(place.dir, 'key.txt');
  const other = join(place.dir, 'other.txt');
  let identity = '';
  const recipients: string[] = [];

  beforeAll(() => {
    for (const file of [key, other]) {
      debian('age-keygen', ['-o', file]);
      recipients.push(/public key: (\S+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? '');
    }
    identity = /^AGE-SECRET-KEY-\S+/m.exec(readFileSync(key, 'utf8'))?.[0] ?? '';
  });
  afterAll(() => place.remove());

  const written = async (path: string, content: Buffer, to: readonly string[]): Promise<Buffer> => {
    const secret = await newFileSecret(to);
    const file = new OutputFile(path, secret);
    for (let at = 0; at < content.length; at += 30_011) await file.write(content.subarray(at, at + 30_011));
    await file.finish();
    return secret.head;
  };
  const read = async (path: string, by: string): Promise<Buffer> => {
    const source = await openSource(path, { identities: [by] });
    expect(source.fault).toBeNull();
    const bytes = await source.read(0, source.size);
    expect(bytes).toHaveLength(source.size);
    await source.close();
    return bytes;
  };

  it.each(SIZES)(
    'of %d bytes that we write is decrypted by the age program, for each recipient',
    async (size) => {
      const content = randomBytes(size);
      const path = join(place.dir, `ours-${size}`);
      await written(path, content, recipients);
      for (const file of [key, other]) {
        debian('sh', ['-c', 'age -d -i "$1" "$2" > "$2.plain"', 'sh', file, path]);
        expect(readFileSync(`${path}.plain`).equals(content)).toBe(true);
      }
    },
  );

  it.each(SIZES)('of %d bytes that the age program writes is read by us', async (size) => {
    const content = randomBytes(size);
    const path = join(place.dir, `theirs-${size}`);
    writeFileSync(`${path}.plain`, content);
    debian('age', ['-r', recipients[1] ?? '', '-r', recipients[0] ?? '', '-o', path, `${path}.plain`]);
    expect((await read(path, identity)).equals(content)).toBe(true);
  });

  it('to a post-quantum recipient is read again with its identity', async () => {
    const strong = await generateHybridIdentity();
    const content = randomBytes(CHUNK + 9);
    const path = join(place.dir, 'strong');
    await written(path, content, [await identityToRecipient(strong)]);
    expect((await read(path, strong)).equals(content)).toBe(true);
  });

  it('with a damaged header is opened by the copy in the checksum file, by hand, too', async () => {
    const content = randomBytes(2 * CHUNK);
    const name = 'p.20260101T000000Z.full.00000000.tar.zst.age';
    const path = join(place.dir, name);
    const head = await written(path, content, recipients);
    const sums = join(place.dir, 'p.20260101T000000Z.full.00000000.sha256');
    writeFileSync(sums, debian('sha256sum', [name], { cwd: place.dir }));
    appendFileSync(sums, headCopyLine(name, head));
    debian('sha256sum', ['-c', '--strict', sums], { cwd: place.dir });
    const sound = readFileSync(path);
    for (const at of [3, 30, 80, head.length - 20, head.length - 1]) {
      const bad = Buffer.from(sound);
      bad[at] = (bad[at] ?? 0) ^ 2;
      writeFileSync(path, bad);
      const opened = await openSource(path, { identities: [identity] }).catch(() => null);
      expect(opened?.fault?.code, `bit at ${at}`).toBe('BACKUP_AGE_HEADER_DAMAGED');
      expect((await opened?.read(0, content.length))?.equals(content)).toBe(true);
      await opened?.close();
    }
    // As docs/encryption.md says it.
    debian('sh', [
      '-ec',
      `cd "$1"; grep "age-header ${name} " *.sha256 | cut -d' ' -f4 | base64 -d > head
       (cat head; tail -c +$(($(wc -c < head) + 1)) ${name}) | age -d -i key.txt > by-hand`,
      'sh',
      place.dir,
    ]);
    expect(readFileSync(join(place.dir, 'by-hand')).equals(content)).toBe(true);
  });
});
