import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Timers } from '../../platform/timers.ts';
import { type Family, renderFamilies } from './families.ts';
import { createLinuxCollector } from './linux.ts';

/** The figures of this machine, rendered as an exposition so that they go the way of every other scrape. */
export type WorkstationCollector = () => Promise<Result<Uint8Array>>;

/** The type of what the collector renders. */
export const WORKSTATION_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Makes the collector that fits the platform. */
export function createWorkstationCollector(
  clock: Clock,
  timers: Timers,
  platform: NodeJS.Platform = process.platform,
): WorkstationCollector {
  let collect: (() => Promise<Family[]>) | null =
    platform === 'linux' ? createLinuxCollector(clock, timers) : null;
  return async () => {
    try {
      if (!collect) {
        // Loaded only where it is used: the library is large, and Linux needs none of it.
        const { createPortableCollector } = await import('./portable.ts');
        collect = createPortableCollector(clock);
      }
      return ok(Buffer.from(renderFamilies(await collect()), 'utf8'));
    } catch (thrown) {
      return err(appError('WORKSTATION_UNREADABLE', { why: describeThrown(thrown) }));
    }
  };
}
