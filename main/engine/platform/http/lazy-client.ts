import type { HttpClient, HttpClientDeps } from './client.ts';

/** The client, loaded with the first request: its library is the largest single part of the engine's start. */
export function lazyHttpClient(deps: HttpClientDeps): HttpClient {
  let loading: Promise<HttpClient> | null = null;
  const load = (): Promise<HttpClient> => {
    loading ??= import('./client.ts').then(({ createHttpClient }) => createHttpClient(deps));
    return loading;
  };
  return {
    call: async (request) => (await load()).call(request),
    close: async () => {
      if (loading !== null) await (await loading).close();
    },
  };
}
