import { type Labels, labelsFromPairs } from '#shared/domain/labels.ts';

/** One synthetic series: what it is called, and its value at the n-th scrape. */
export type FleetSeries = { readonly labels: Labels; readonly valueAt: (scrape: number) => number };

/** The time grid that a fleet is sampled on; UTC milliseconds. */
export type FleetTimes = { readonly start: number; readonly stepMs: number; readonly count: number };

const TIERS = ['web', 'app', 'data'];
const BOUNDS = ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '+Inf'];

function counter(target: number, series: number): (n: number) => number {
  return (n) => (target + 1) * 1000 + n * ((series % 7) + 1) * 15 + ((n * 2_654_435_761 + series) % 13);
}

function noisyGauge(series: number): (n: number) => number {
  return (n) => {
    const noise = ((n * 40_503 + series * 17) % 100) / 25;
    return Math.round((50 + 40 * Math.sin(n / 20 + series) + noise) * 1000) / 1000;
  };
}

/**
 * Series of `targets` hosts in node_exporter's habits: of twenty, nine are counters, nine are gauges of three decimals
 * that move all the time, two are constant. Values follow from target, series and scrape alone.
 */
export function fleetSeries(targets: number, seriesOfEach: number): readonly FleetSeries[] {
  const fleet: FleetSeries[] = [];
  for (let target = 0; target < targets; target++)
    for (let s = 0; s < seriesOfEach; s++) {
      const kind = s % 20;
      const family = Math.floor(s / 20);
      const [name, valueAt] =
        kind < 9
          ? [`hmtt_ops_${family}_total`, counter(target, s)]
          : kind < 18
            ? [`hmtt_load_${family}`, noisyGauge(s)]
            : [`hmtt_info_${family}`, () => 1];
      fleet.push({
        labels: hostLabels(target, [
          ['__name__', name],
          ['device', `d${kind}`],
          ['tier', TIERS[s % 3] ?? ''],
        ]),
        valueAt,
      });
    }
  return fleet;
}

/** What dashboards also ask about each host: whether it is up, and a histogram of request times for two handlers. */
export function dashboardSeries(targets: number): readonly FleetSeries[] {
  const fleet: FleetSeries[] = [];
  for (let target = 0; target < targets; target++) {
    fleet.push({ labels: hostLabels(target, [['__name__', 'up']]), valueAt: () => 1 });
    for (const handler of ['/', '/api'])
      for (const [bound, le] of BOUNDS.entries())
        fleet.push({
          labels: hostLabels(target, [
            ['__name__', 'hmtt_request_seconds_bucket'],
            ['handler', handler],
            ['le', le],
          ]),
          // Each bucket holds those below it, so the slopes grow with the bound.
          valueAt: (n) => Math.floor(n * (bound + 1) * (1.5 + target / 20)) + bound,
        });
  }
  return fleet;
}

function hostLabels(target: number, own: readonly (readonly [string, string])[]): Labels {
  return labelsFromPairs([['job', 'node'], ['instance', `host-${target}:9100`], ...own]);
}
