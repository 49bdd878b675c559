import type { TaskLoaders } from '../../platform/worker-tasks.ts';
import type { SegmentCipher } from './cipher.ts';
import type { PackOrder } from './pack.ts';
import type { SegmentSearch } from './search.ts';

/** The tasks of rotation, for the worker entry; `cipher` loads what encrypts and opens segments. */
export function rotationTasks(cipher: () => Promise<SegmentCipher>): TaskLoaders {
  return {
    // The starters are this area's own, and send exactly these.
    'logs.rotate.pack': async () => {
      const [{ packSegment }, sealing] = await Promise.all([import('./pack.ts'), cipher()]);
      return (data, { signal, post }) => {
        let told = 0;
        return packSegment(data as PackOrder, sealing, signal, (news) => {
          const now = performance.now();
          if (now - told < 200 && news.bytes < news.total) return;
          told = now;
          post(news);
        });
      };
    },
    'logs.rotate.hash': async () => {
      const { hashFiles } = await import('./hash-files.ts');
      return (data, { signal }) => hashFiles(data as readonly string[], signal);
    },
    'logs.rotate.search': async () => {
      const [{ searchSegments }, opening] = await Promise.all([import('./search.ts'), cipher()]);
      return (data, { signal }) => searchSegments(data as SegmentSearch, opening, signal);
    },
  };
}
