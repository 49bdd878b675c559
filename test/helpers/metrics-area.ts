import type { SeriesLimits } from '#shared/contract/metrics-usage.ts';
import { createMetricsArea, type MetricsArea, type TargetSink } from '../../main/engine/metrics/area.ts';
import type { SettingStore } from '../../main/engine/metrics/settings.ts';
import type { TargetSpec } from '../../main/engine/metrics/target-ingest.ts';
import { systemTimers } from '../../main/engine/platform/timers.ts';
import { createPromqlAnswers } from '../../main/engine/promql/answers.ts';
import { createPromqlEngine } from '../../main/engine/promql/engine.ts';
import type { ApiData } from '../../main/engine/promql/results.ts';
import { silentLogger } from './silent-logger.ts';

/** A series store whose clock a test sets, with the query language on top. */
export type MetricsBench = {
  readonly area: MetricsArea;
  /** The wall clock, UTC milliseconds. */
  now: number;
  readonly target: (spec?: Partial<TargetSpec>) => TargetSink;
  /** `name{labels}` → value of an instant query at `now`, or at a time. */
  readonly ask: (expr: string, time?: number) => Promise<Record<string, string>>;
};

/** Opens a store in a folder, as the engine does. Its upkeep runs only when the test calls `maintain`. */
export function openMetrics(
  folder: string,
  now: number,
  options: {
    readonly windowMs?: number;
    readonly mergeMs?: number;
    readonly retentionMs?: number;
    readonly settings?: SettingStore;
    readonly seriesLimits?: SeriesLimits;
  } = {},
): MetricsBench {
  const bench = { now };
  const opened = createMetricsArea({
    folder,
    clock: { now: () => bench.now, monotonic: () => performance.now() },
    timers: { after: systemTimers.after, every: () => () => undefined },
    logger: silentLogger,
    ...options,
  });
  if (!opened.ok) throw new Error(opened.error.message.en);
  const area = opened.value;
  const answers = createPromqlAnswers(
    createPromqlEngine({
      source: area.store,
      rollups: area.rollups,
      monotonic: () => performance.now(),
    }),
  );
  return Object.assign(bench, {
    area,
    target: (spec: Partial<TargetSpec> = {}) =>
      area.sink.openTarget({
        labels: { job: 'test', instance: 'host:1' },
        honorLabels: false,
        honorTimestamps: true,
        sampleLimit: 0,
        ...spec,
      }),
    ask: async (expr: string, time = bench.now) => {
      const answer = await answers.query(expr, time);
      if (!answer.ok) throw new Error(answer.error.message.en);
      return shown(answer.value, bench.now);
    },
  });
}

/** A matrix shows its times relative to `now`. */
function shown(data: ApiData, now: number): Record<string, string> {
  switch (data.resultType) {
    case 'scalar':
    case 'string':
      return { '': data.result[1] };
    case 'vector':
      return Object.fromEntries(data.result.map(({ metric, value }) => [shortName(metric), value[1]]));
    case 'matrix':
      return Object.fromEntries(
        data.result.map(({ metric, values }) => [
          shortName(metric),
          values.map(([at, value]) => `${Math.round(at * 1000 - now)}:${value}`).join(' '),
        ]),
      );
  }
}

/** A series without the labels that all have here. */
function shortName(metric: Readonly<Record<string, string>>): string {
  const { __name__: name = '', job: _job, instance: _instance, ...rest } = metric;
  const labels = Object.entries(rest).map(([label, text]) => `${label}=${text}`);
  return labels.length === 0 ? name : `${name}{${labels}}`;
}

/** An answered scrape of a text. */
export function answered(time: number, text: string | Uint8Array, contentType: string | null = null) {
  return { time, durationSeconds: 0.25, body: Buffer.from(text), contentType };
}
