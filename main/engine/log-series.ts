import { exposition, type OwnMetric } from './http/exposition.ts';
import type { ArrivalCount, ArrivalTotals } from './logs/search/arrivals.ts';

/** What the series are made of. */
export type LogSeriesSource = {
  /** Counters since the engine started. */
  readonly arrivals: () => ArrivalTotals;
};

/**
 * What arrives in the logs, as series of the console (Prometheus's text format): ordinary rules alert on a match, a rate or a
 * silence (docs/log-search.md). Their number is bounded by the saved searches that are counted, 400 streams and 400 sources.
 */
export function logSeries(logs: LogSeriesSource): string {
  const { queries, streams, newPatterns } = logs.arrivals();
  const metrics: OwnMetric[] = [
    counter(
      'hmtt_log_matches_total',
      'Lines that a counted saved search found as they arrived.',
      'query',
      queries,
    ),
    lastTime(
      'hmtt_log_match_last_timestamp_seconds',
      'Newest time of a line that it found.',
      'query',
      queries,
    ),
    counter('hmtt_log_stream_lines_total', 'Lines that arrived in a log stream.', 'stream', streams),
    lastTime('hmtt_log_stream_last_timestamp_seconds', 'Newest time of a line in it.', 'stream', streams),
    {
      name: 'hmtt_log_new_patterns_total',
      type: 'counter',
      help: 'Kinds of lines that were seen for the first time, by source.',
      series: newPatterns.map(({ source, count }) => ({ labels: ['source', source], value: count })),
    },
  ];
  return exposition(metrics.filter(({ series }) => series.length > 0));
}

function counter(name: string, help: string, label: string, counts: readonly ArrivalCount[]): OwnMetric {
  const series = counts.map((one) => ({ labels: [label, one.name], value: one.lines }));
  return { name, type: 'counter', help, series };
}

function lastTime(name: string, help: string, label: string, counts: readonly ArrivalCount[]): OwnMetric {
  const spoken = counts.filter(({ lastMs }) => lastMs > 0);
  const series = spoken.map((one) => ({ labels: [label, one.name], value: one.lastMs / 1000 }));
  return { name, type: 'gauge', help, series };
}
