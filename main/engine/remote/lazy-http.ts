import type { Clock } from '../platform/clock.ts';
import type { Timers } from '../platform/timers.ts';
import type { RemoteHttp } from './http.ts';

/** The client, loaded with the first request: its library is the largest single part of the engine's start. */
export function lazyRemoteHttp(deps: { readonly clock: Clock; readonly timers: Timers }): RemoteHttp {
  let loading: Promise<RemoteHttp> | null = null;
  const load = (): Promise<RemoteHttp> => {
    loading ??= import('./http.ts').then(({ createRemoteHttp }) => createRemoteHttp(deps));
    return loading;
  };
  return {
    call: async (request) => (await load()).call(request),
    close: async () => {
      if (loading !== null) await (await loading).close();
    },
  };
}
