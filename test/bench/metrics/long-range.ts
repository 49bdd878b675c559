import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { fillConsole } from './fill-console.ts';
import { fillPrometheus } from './fill-prometheus.ts';
import { type FleetTimes, fleetSeries } from './fleet.ts';
import { askInTurns } from './http-turns.ts';
import { startPrometheusProcess } from './prometheus-process.ts';
import { median, printComparison, printHead } from './report.ts';

const HOSTS = 20;
/** Fewer than a host has: 500 would be 1.7 thousand million samples, an hour of filling on both sides. */
const SERIES = 25;
const DAYS = Number(env.HMTT_BENCH_DAYS ?? 30);
const STEP_MS = 15_000;
const ROUNDS = 7;
const BAR = 0.5;

/** What is asked of a month: a point an hour. */
const QUERIES = [
  'sum by (instance) (rate(hmtt_ops_0_total[1h]))',
  'avg by (instance) (avg_over_time(hmtt_load_0[1h]))',
  'max_over_time(hmtt_load_0{instance="host-1:9100"}[1h])',
  'sum(increase(hmtt_ops_1_total[1h]))',
  'min by (tier) (min_over_time(hmtt_load_0[1h]))',
];

/** A month in steps of an hour: the console answers from roll-ups, Prometheus from raw samples. */
export async function benchLongRange(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'hmtt-bench-long-'));
  const fleet = fleetSeries(HOSTS, SERIES);
  const times = lastDays();
  console.log(`making ${((fleet.length * times.count) / 1e6).toFixed(1)} M samples on both sides ...`);
  const prometheus = await startPrometheusProcess(join(root, 'prometheus'), undefined, [
    '--storage.tsdb.retention.time=90d',
  ]);
  try {
    await fillPrometheus(prometheus.url, fleet, times);
    await fillConsole(join(root, 'console'), fleet, times);
    const engine = await startHeadlessEngine(join(root, 'console'));
    try {
      printHead(`long range: ${HOSTS} hosts x ${SERIES} series x ${DAYS} days every 15 s, step 1 h, medians`);
      await ask(engine.api, prometheus.url, times);
    } finally {
      await engine.stop();
    }
  } finally {
    await prometheus.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

function lastDays(): FleetTimes {
  const count = (DAYS * 86_400_000) / STEP_MS;
  const end = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  return { start: end - (count - 1) * STEP_MS, stepMs: STEP_MS, count };
}

async function ask(consoleUrl: string, prometheusUrl: string, times: FleetTimes): Promise<void> {
  const end = (times.start + (times.count - 1) * times.stepMs) / 1000;
  const ratios: number[] = [];
  for (const query of QUERIES) {
    const start = String(end - (DAYS * 24 - 1) * 3600);
    const path = `/api/v1/query_range?${new URLSearchParams({ query, start, end: String(end), step: '3600' })}`;
    const { ours, theirs, differences } = await askInTurns(consoleUrl, prometheusUrl, path, ROUNDS);
    ratios.push(ours / theirs);
    printComparison({ what: query.slice(0, 42), ours, theirs, bar: BAR, unit: 'ms', digits: 1 });
    for (const difference of differences) console.log(`  DIFFERS: ${difference}`);
  }
  console.log(`long range: median of ratios ${median(ratios).toFixed(2)}, bar ${BAR}`);
}
