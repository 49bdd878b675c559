import type { TaskFunction } from '../../platform/worker-tasks.ts';
import type { SegmentCipher } from './cipher.ts';
import { hashFiles } from './hash-files.ts';
import { type MeasureOrder, measureSegment, type PackOrder, packSegment } from './pack.ts';
import { type SegmentSearch, searchSegments } from './search.ts';
import { type ContextOrder, readContext } from './segment-context.ts';
import type { RotationTask } from './tasks.ts';

/** The tasks of rotation, loaded by a thread that is to do one. */
export function taskFunctions(cipher: SegmentCipher): Readonly<Record<RotationTask, TaskFunction>> {
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
    'logs.rotate.measure': (data, { signal }) => measureSegment(data as MeasureOrder, signal),
    'logs.rotate.hash': (data, { signal }) => hashFiles(data as readonly string[], signal),
    'logs.rotate.search': (data, { signal }) => searchSegments(data as SegmentSearch, cipher, signal),
    'logs.rotate.context': (data, { signal }) => readContext(data as ContextOrder, cipher, signal),
  };
}
