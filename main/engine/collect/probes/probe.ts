import type { ScrapeConfig } from '#shared/contract/hosts.ts';
import type { AppError } from '#shared/errors/index.ts';
import type { ConnectObserver } from '../../platform/http/connector.ts';

/** What one check found. */
export type ProbeAnswer = {
  /** Its series, in the text format, under the names of the blackbox exporter. */
  readonly body: Uint8Array;
  /** Why the check failed, or null: it passed. */
  readonly error: AppError | null;
};

/**
 * Makes one check of one target, bounded by the target's timeout.
 *
 * @param signal aborts from outside; the error is then CANCELLED
 * @param observe is told of the parts of the connection
 */
export type Probe = (
  config: ScrapeConfig,
  signal: AbortSignal,
  observe?: ConnectObserver,
) => Promise<ProbeAnswer>;
