import type { ScrapeConfig } from '#shared/contract/hosts.ts';
import { type AppError, appError } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ConnectObserver } from '../../platform/http/connector.ts';
import { createResolver } from '../../platform/http/resolver.ts';
import type { Timers } from '../../platform/timers.ts';
import { renderFamilies, single } from '../workstation/families.ts';
import { openConnection } from './connection.ts';
import { createStepLog } from './steps.ts';

/** What probing a target found. */
export type ProbeAnswer = {
  /** Its series, in the text format, under the names of the blackbox exporter. */
  readonly body: Uint8Array;
  /** Why it failed, or null: it passed. */
  readonly error: AppError | null;
};

/**
 * Probes a target that has nothing to scrape, bounded by its timeout.
 *
 * @param signal aborts from outside; the error is then CANCELLED
 * @param observe is told of the parts of the connection
 */
export type TargetProbe = (
  config: ScrapeConfig,
  signal: AbortSignal,
  observe?: ConnectObserver,
) => Promise<ProbeAnswer>;

/**
 * Makes the probe of targets with `probe: tcp`: the connection of the check of that name is opened and closed, and nothing is said.
 * A switch, a UPS or a firewall that answers its management port lives, and no word of it is needed. It is a target and no check,
 * because the state of its host follows from it.
 */
export function createTargetProbe(deps: { readonly clock: Clock; readonly timers: Timers }): TargetProbe {
  const { clock } = deps;
  const lookup = createResolver(clock);
  return async (config, signal, observe) => {
    if (config.probe === undefined) throw new Error(`${config.address} is scraped, not probed`);
    if (signal.aborted) return { body: new Uint8Array(), error: appError('CANCELLED') };
    const start = clock.monotonic();
    const { hostname, port } = new URL(`tcp://${config.address}`);
    let resolveMs = 0;
    const opened = await openConnection(
      {
        host: hostname.replace(/^\[(.*)\]$/, '$1'),
        port: Number(port),
        tls: null,
        timeoutMs: config.timeoutMs,
        signal,
        steps: createStepLog(clock),
        observe: (step, ended) => {
          if (step === 'resolve') resolveMs = ended.durationMs;
          observe?.(step, ended);
        },
      },
      { ...deps, lookup },
    );
    if (opened.ok) opened.value.socket.destroy();
    const error = signal.aborted ? appError('CANCELLED') : opened.ok ? null : opened.error;
    const text = renderFamilies([
      single('probe_success', 'Displays whether or not the probe was a success.', error === null ? 1 : 0),
      single(
        'probe_duration_seconds',
        'Returns how long the probe took to complete in seconds.',
        (clock.monotonic() - start) / 1000,
      ),
      single('probe_dns_lookup_time_seconds', 'Time taken to look the name up in seconds.', resolveMs / 1000),
    ]);
    return { body: Buffer.from(text, 'utf8'), error };
  };
}
