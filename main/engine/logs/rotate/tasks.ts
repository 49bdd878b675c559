import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { describeThrown } from '#shared/errors/index.ts';
import type { TaskFunction } from '../../platform/worker-tasks.ts';
import type { SegmentCipher } from './cipher.ts';
import { type PackOrder, packSegment } from './pack.ts';
import { type SegmentSearch, searchSegments } from './search.ts';
import type { HashedFile } from './verify.ts';

async function hashOf(file: string, signal: AbortSignal): Promise<HashedFile> {
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(file, { highWaterMark: 1 << 20, signal }))
      hash.update(piece as Buffer);
    return { file, hash: hash.digest('hex'), why: '' };
  } catch (thrown) {
    const { code } = thrown as { readonly code?: unknown };
    return { file, hash: null, why: code === 'ENOENT' ? 'missing' : describeThrown(thrown) };
  }
}

/** The tasks of rotation, for the worker entry. */
export function rotationTasks(cipher: SegmentCipher): Readonly<Record<string, TaskFunction>> {
  return {
    // The starters are this area's own, and send exactly these.
    'logs.rotate.pack': (data, { signal, post }) => {
      let told = 0;
      return packSegment(data as PackOrder, cipher, signal, (news) => {
        const now = performance.now();
        if (now - told < 200 && news.bytes < news.total) return;
        told = now;
        post(news);
      });
    },
    'logs.rotate.hash': async (data, { signal }) => {
      const hashed: HashedFile[] = [];
      for (const file of data as readonly string[])
        if (!signal.aborted) hashed.push(await hashOf(file, signal));
      return hashed;
    },
    'logs.rotate.search': (data, { signal }) => searchSegments(data as SegmentSearch, cipher, signal),
  };
}
