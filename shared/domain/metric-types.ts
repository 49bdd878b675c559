/** What a metric can be: the types of OpenMetrics, and `untyped` as the text format calls the unknown. */
export const METRIC_TYPES = [
  'counter',
  'gauge',
  'histogram',
  'summary',
  'untyped',
  'info',
  'stateset',
  'gaugehistogram',
  'unknown',
] as const;
export type MetricType = (typeof METRIC_TYPES)[number];
