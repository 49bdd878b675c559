import type { HttpClientDeps } from '../../platform/http/client.ts';
import type { ScrapeClient } from './scrape-client.ts';

/**
 * The HTTP client, loaded with the first target that needs it.
 *
 * Its library is the largest single part of the engine's start, and the first picture of a window waits for that
 * start; this workstation's own figures need no HTTP.
 */
export function lazyScrapeClient(deps: HttpClientDeps): ScrapeClient {
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
