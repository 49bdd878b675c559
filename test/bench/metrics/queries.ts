/** One expression of a dashboard: over the last `hours` in steps of `stepSeconds`, or at the end only. */
export type DashboardQuery = {
  readonly expr: string;
  readonly hours: number;
  readonly stepSeconds: number;
};

const over =
  (hours: number, stepSeconds: number) =>
  (expr: string): DashboardQuery => ({ expr, hours, stepSeconds });
const hour = over(1, 15);
const sixHours = over(6, 60);
const halfDay = over(12, 120);
const table = over(0, 0);

/** What dashboards ask, over the series of `fleet.ts`. */
export const DASHBOARD: readonly DashboardQuery[] = [
  hour('hmtt_load_2{instance="host-1:9100"}'),
  hour('rate(hmtt_ops_3_total{instance="host-4:9100"}[5m])'),
  hour('sum by (instance) (rate(hmtt_ops_0_total[5m]))'),
  hour('sum by (tier) (rate(hmtt_ops_1_total[1m]))'),
  hour('irate(hmtt_ops_5_total{tier="data"}[1m])'),
  hour('hmtt_load_1{device=~"d9|d1[0-2]"}'),
  hour('histogram_quantile(0.99, sum by (le, instance) (rate(hmtt_request_seconds_bucket[5m])))'),
  hour('avg by (instance) ({__name__=~"hmtt_load_1[0-4]"})'),
  sixHours('avg by (instance) (hmtt_load_5)'),
  sixHours('topk(5, rate(hmtt_ops_7_total[5m]))'),
  sixHours('histogram_quantile(0.95, sum by (le) (rate(hmtt_request_seconds_bucket[5m])))'),
  sixHours('sum(rate(hmtt_ops_2_total{tier="web"}[5m])) / sum(rate(hmtt_ops_2_total[5m]))'),
  sixHours('sum by (device) (rate(hmtt_ops_4_total{instance=~"host-1.*"}[5m]))'),
  sixHours('avg_over_time(hmtt_load_6{tier="app"}[10m])'),
  sixHours('quantile by (tier) (0.9, hmtt_load_9)'),
  sixHours('deriv(hmtt_load_4{instance="host-3:9100"}[15m])'),
  sixHours('sum(rate(hmtt_ops_11_total[5m])) - sum(rate(hmtt_ops_11_total[5m] offset 1h))'),
  halfDay('count(up == 1)'),
  halfDay('max_over_time(hmtt_load_8{device="d12"}[30m])'),
  halfDay('increase(hmtt_ops_6_total{instance="host-2:9100"}[1h])'),
  halfDay(
    '100 * sum by (instance) (rate(hmtt_ops_8_total[5m])) / on (instance) sum by (instance) (rate(hmtt_ops_9_total[5m]))',
  ),
  halfDay('stddev by (instance) (hmtt_load_3)'),
  table('hmtt_load_10'),
  table('sort_desc(sum by (instance) ({__name__=~"hmtt_ops_.+_total"}))'),
  table('topk(10, rate(hmtt_ops_12_total[5m]))'),
];
