import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArchive } from '../../../main/engine/backup/archive-reader.ts';
import { writeArchive } from '../../../main/engine/backup/archive-writer.ts';
import { codecNamed } from '../../../main/engine/backup/codec.ts';
import { localOwnerNames } from '../../../main/engine/backup/owners.ts';
import { verifyArchive } from '../../../main/engine/backup/verify.ts';
import { debian, scratch, value } from './harness.ts';

describe('an archive written where the runtime has no zstd', () => {
  const place = scratch('gzip');
  const archive = join(place.dir, 'a.tar.gz');
  const nothing = async (): Promise<void> => undefined;

  beforeAll(async () => {
    await writeArchive(
      {
        header: {
          id: randomUUID(),
          plan: 'p',
          type: 'full',
          parent: null,
          base: null,
          host: 'h',
          tool: 't',
          startedAt: 0,
          exclude: [],
          encryption: null,
        },
        sources: ['/usr/include/linux'],
        since: null,
        targetDir: place.dir,
        parts: {
          archive,
          manifest: join(place.dir, 'a.manifest.ndjson.gz'),
          sums: join(place.dir, 'sums'),
        },
      },
      { codec: value(codecNamed('gzip', archive)), owners: localOwnerNames(), now: () => 0, breath: nothing },
    );
  });
  afterAll(() => place.remove());

  it('unpacks with gzip and GNU tar, and its trailer troubles neither', () => {
    const out = join(place.dir, 'out');
    mkdirSync(out);
    debian('gzip', ['-t', archive]);
    debian('sh', ['-c', 'gzip -dc "$1" | tar -xpf - -C "$2"', 'sh', archive, out]);
    debian('diff', ['-r', '--no-dereference', '/usr/include/linux', join(out, 'usr/include/linux')]);
    debian('sha256sum', ['--quiet', '-c', '.hmtt-archive/SHA256SUMS'], { cwd: out });
  });

  it('is read and verified, and a flipped bit is found', async () => {
    const sound = value(await openArchive(archive));
    expect((await verifyArchive(sound, null, nothing)).damaged).toEqual([]);
    await sound.close();
    const bytes = readFileSync(archive);
    for (const offset of [100, Math.floor(bytes.length / 2), bytes.length - 5]) {
      const bad = Buffer.from(bytes);
      bad[offset] = (bad[offset] ?? 0) ^ 1;
      writeFileSync(archive, bad);
      const opened = value(await openArchive(archive));
      expect((await verifyArchive(opened, null, nothing)).ok).toBe(false);
      await opened.close();
    }
    writeFileSync(archive, bytes);
  });
});
