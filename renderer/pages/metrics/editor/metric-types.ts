/** The types of metrics, as the contract names them. */
export const metricTypes = [
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
