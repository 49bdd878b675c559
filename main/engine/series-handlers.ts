import type { MetricsArea } from './metrics/area.ts';
import { createBackfillHandlers } from './metrics/backfill/index.ts';
import { createMetricsHandlers, type QueryAnswers } from './metrics/handlers.ts';
import type { Clock } from './platform/clock.ts';
import type { JobRegistry } from './platform/jobs.ts';
import type { Timers } from './platform/timers.ts';
import type { TaskStarter } from './platform/worker-tasks.ts';
import { parseSelectorText } from './promql/selector.ts';
import type { RemoteArea } from './remote/area.ts';

/** Everything that is asked about series: here, or of another server where the settings say so. */
export function seriesHandlers(deps: {
  readonly folder: string;
  readonly area: MetricsArea;
  readonly remote: Pick<RemoteArea, 'governed' | 'handlers'>;
  readonly answers: QueryAnswers;
  readonly jobs: JobRegistry;
  readonly tasks: TaskStarter;
  readonly clock: Clock;
  readonly timers: Timers;
}) {
  const { area, remote, answers, clock } = deps;
  const own = createMetricsHandlers({ area, answers, selector: parseSelectorText, clock });
  return {
    ...own,
    ...remote.governed(own),
    ...remote.handlers,
    ...createBackfillHandlers({ ...deps, readSelector: parseSelectorText }),
  };
}
