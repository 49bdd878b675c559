import type { Probe as ProbeConfig } from '#shared/contract/hosts.ts';
import { appError } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { createResolver } from '../../platform/http/resolver.ts';
import type { Timers } from '../../platform/timers.ts';
import type { Probe } from './probe.ts';
import { createTcpProbe } from './tcp.ts';

/** The content type of what checks leave. */
export const PROBE_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Makes the checks: one for each kind of the contract. A further kind is a file beside `tcp.ts`, a line here, and its
 * parameters in `probeSchema`.
 */
export function createProbes(deps: { readonly clock: Clock; readonly timers: Timers }): Probe {
  const lookup = createResolver(deps.clock);
  const probes: Readonly<Record<ProbeConfig['kind'], Probe>> = {
    tcp: createTcpProbe({ ...deps, lookup }),
  };
  return (config, signal, observe) => {
    if (config.probe === undefined) throw new Error(`${config.address} is scraped, not checked`);
    if (signal.aborted) return Promise.resolve({ body: new Uint8Array(), error: appError('CANCELLED') });
    return probes[config.probe.kind](config, signal, observe);
  };
}
