import type { HttpClientDeps } from '../../platform/http/client.ts';
import { madeLate } from '../../platform/made-late.ts';
import type { ScrapeClient } from './scrape-client.ts';

/**
 * The HTTP client, loaded with the first target that needs it.
 *
 * Its library is the largest single part of the engine's start, and the first picture of a window waits for that
 * start; this workstation's own figures need no HTTP.
 */
export function lazyScrapeClient(deps: HttpClientDeps): ScrapeClient {
  const client = madeLate(async () => (await import('./scrape-client.ts')).createScrapeClient(deps));
  return {
    fetch: async (config, signal, observe) => (await client.get()).fetch(config, signal, observe),
    close: async () => (await client.made())?.close(),
  };
}
