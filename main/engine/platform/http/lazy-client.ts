import { madeLate } from '../made-late.ts';
import type { HttpClient, HttpClientDeps } from './client.ts';

/** The client, loaded with the first request: its library is the largest single part of the engine's start. */
export function lazyHttpClient(deps: HttpClientDeps): HttpClient {
  const client = madeLate(async () => (await import('./client.ts')).createHttpClient(deps));
  return {
    call: async (request) => (await client.get()).call(request),
    close: async () => (await client.made())?.close(),
  };
}
