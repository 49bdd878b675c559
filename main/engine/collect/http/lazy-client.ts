import type { Clock } from '../../platform/clock.ts';
import type { Timers } from '../../platform/timers.ts';
import type { ScrapeClient } from './scrape-client.ts';

/**
 * The HTTP client, loaded with the first target that needs it.
 *
 * Its library is the largest single part of the engine's start, and the first picture of a window waits for that
 * start; this workstation's own figures need no HTTP.
 */
export function lazyScrapeClient(deps: { readonly clock: Clock; readonly timers: Timers }): ScrapeClient {
  let loading: Promise<ScrapeClient> | null = null;
  const load = (): Promise<ScrapeClient> => {
    loading ??= import('./scrape-client.ts').then(({ createScrapeClient }) => createScrapeClient(deps));
    return loading;
  };
  return {
    fetch: async (config, signal, observe) => (await load()).fetch(config, signal, observe),
    close: async () => {
      if (loading !== null) await (await loading).close();
    },
  };
}
