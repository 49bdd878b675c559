import type { MetricsArea } from './metrics/area.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/logger.ts';
import type { CancelTimer, Timers } from './platform/timers.ts';

const EVERY_MS = 15_000;

/**
 * Stores series that the console says about itself, as if it scraped itself, so that charts and alerts can be built on
 * them: `job="hmtt_console"`, `instance` the workstation's name.
 *
 * @param exposition the series in the text format, the same as at `/metrics`
 */
export function recordOwnSeries(deps: {
  readonly sink: MetricsArea['sink'];
  readonly exposition: () => string;
  readonly instance: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
}): CancelTimer {
  const { sink, exposition, instance, clock, timers, logger } = deps;
  let target: ReturnType<typeof sink.openTarget> | null = null;
  const store = (): void => {
    const began = clock.monotonic();
    const body = Buffer.from(exposition(), 'utf8');
    const time = clock.now();
    target ??= sink.openTarget({
      labels: { job: 'hmtt_console', instance },
      // Some of them say something about another instance, such as which tier it stands in.
      honorLabels: true,
      honorTimestamps: false,
      sampleLimit: 0,
    });
    const durationSeconds = (clock.monotonic() - began) / 1000;
    const stored = target.succeed({ time, durationSeconds, body, contentType: null });
    if (!stored.ok) logger.log('error', stored.error.message.en, { code: stored.error.code });
  };
  return timers.every(EVERY_MS, store);
}
