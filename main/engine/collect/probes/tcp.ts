import type { LookupFunction } from 'node:net';
import { appError } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { type ConnectStep, ConnectTimeout, createConnector } from '../../platform/http/connector.ts';
import { requestError, timeoutError } from '../../platform/http/request-errors.ts';
import type { Timers } from '../../platform/timers.ts';
import { placeOf } from '../http/scrape-request.ts';
import { single } from '../workstation/families.ts';
import { probeAnswer } from './answer.ts';
import type { Probe } from './probe.ts';

/**
 * Opens a TCP connection and closes it. Nothing is sent: a switch, a UPS or a firewall that answers its management port
 * lives, and no word of it is needed.
 */
export function createTcpProbe(deps: {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly lookup: LookupFunction;
}): Probe {
  const { clock } = deps;
  return (config, signal, observe) =>
    new Promise((resolve) => {
      const place = placeOf(config);
      const start = clock.monotonic();
      let last: ConnectStep = 'connect';
      let resolvedMs = 0;
      const finish = (error: Parameters<typeof probeAnswer>[0]['error']): void => {
        signal.removeEventListener('abort', onAbort);
        resolve(
          probeAnswer({
            error,
            durationMs: clock.monotonic() - start,
            families: [
              single(
                'probe_dns_lookup_time_seconds',
                'Time taken to look the name up in seconds.',
                resolvedMs / 1000,
              ),
            ],
          }),
        );
      };
      // The attempt left behind ends by its own timeout.
      const onAbort = (): void => finish(appError('CANCELLED'));
      signal.addEventListener('abort', onAbort, { once: true });
      const connect = createConnector({
        ...deps,
        timeoutMs: config.timeoutMs,
        tls: {},
        underway: new Map(),
        lateFailures: new Map(),
        observe: (step, ended) => {
          last = step;
          if (step === 'resolve') resolvedMs = ended.durationMs;
          observe?.(step, ended);
        },
      });
      const { hostname, port } = new URL(`tcp://${config.address}`);
      connect({ protocol: 'http:', hostname, port, host: config.address }, (error, socket) => {
        socket?.destroy();
        if (error === null) finish(null);
        else if (error instanceof ConnectTimeout) finish(timeoutError(last, place));
        else finish(requestError(error, false, place));
      });
    });
}
