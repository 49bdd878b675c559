import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { fillConsole } from './fill-console.ts';
import { fillPrometheus } from './fill-prometheus.ts';
import { dashboardSeries, type FleetTimes, fleetSeries } from './fleet.ts';
import { askInTurns } from './http-turns.ts';
import { startPrometheusProcess } from './prometheus-process.ts';
import { DASHBOARD, type DashboardQuery } from './queries.ts';
import { median } from './report.ts';

const HOSTS = 20;
const SERIES = 500;
const HOURS = 12;
const STEP_MS = 15_000;
const ROUNDS = Number(env.HMTT_BENCH_ROUNDS ?? 9);
const MEDIAN_BAR = 2;
const WORST_BAR = 6;

/**
 * Asks both servers the same over HTTP, in turns, after one round that warms both up.
 *
 * With HMTT_BENCH_KEEP naming a folder, the data are made there once and used again by the next run.
 */
export async function benchQuery(): Promise<void> {
  const kept = env.HMTT_BENCH_KEEP;
  const root = kept ?? mkdtempSync(join(tmpdir(), 'hmtt-bench-query-'));
  const made = existsSync(join(root, 'console'));
  const prometheus = await startPrometheusProcess(join(root, 'prometheus'));
  try {
    if (!made) {
      const fleet = [...fleetSeries(HOSTS, SERIES), ...dashboardSeries(HOSTS)];
      const times = lastHours();
      console.log(`making ${((fleet.length * times.count) / 1e6).toFixed(1)} M samples on both sides ...`);
      await fillPrometheus(prometheus.url, fleet, times);
      await fillConsole(join(root, 'console'), fleet, times);
    }
    const engine = await startHeadlessEngine(join(root, 'console'));
    try {
      await compare(engine.api, prometheus.url);
    } finally {
      await engine.stop();
    }
  } finally {
    await prometheus.stop();
    if (kept === undefined) rmSync(root, { recursive: true, force: true });
  }
}

/** The grid that ends at the last whole minute. */
function lastHours(): FleetTimes {
  const count = (HOURS * 3_600_000) / STEP_MS;
  const end = Math.floor(Date.now() / 60_000) * 60_000;
  return { start: end - (count - 1) * STEP_MS, stepMs: STEP_MS, count };
}

async function compare(consoleUrl: string, prometheusUrl: string): Promise<void> {
  const end = await newestSample(prometheusUrl);
  console.log(`\n${'ms, median'.padEnd(72)} console  prometh.  ratio   answer`);
  const ratios: number[] = [];
  let differing = 0;
  for (const query of DASHBOARD) {
    const asked = await askInTurns(consoleUrl, prometheusUrl, pathOf(query, end), ROUNDS);
    const { ours, theirs, bytes } = asked;
    const ratio = ours / theirs;
    ratios.push(ratio);
    const span = query.hours === 0 ? 'now' : `${query.hours} h / ${query.stepSeconds} s`;
    console.log(
      `${`${span.padEnd(13)} ${query.expr}`.slice(0, 71).padEnd(72)} ${ours.toFixed(1).padStart(7)}` +
        ` ${theirs.toFixed(1).padStart(9)} ${ratio.toFixed(2).padStart(6)} ${(bytes / 1024).toFixed(0).padStart(6)} KiB`,
    );
    for (const difference of asked.differences) console.log(`  DIFFERS: ${difference}`);
    if (asked.differences.length > 0) differing++;
  }
  console.log(`query: answers that differ ${differing}`);
  const worst = Math.max(...ratios);
  const verdict = (value: number, bar: number): string => (value <= bar ? 'holds' : 'MISSED');
  const middle = median(ratios);
  console.log(
    `query: median of ratios ${middle.toFixed(2)}  bar ${MEDIAN_BAR}  ${verdict(middle, MEDIAN_BAR)}`,
  );
  console.log(`query: worst ratio      ${worst.toFixed(2)}  bar ${WORST_BAR}  ${verdict(worst, WORST_BAR)}`);
}

function pathOf({ expr, hours, stepSeconds }: DashboardQuery, end: number): string {
  const query = new URLSearchParams({ query: expr });
  if (hours === 0) {
    query.set('time', String(end));
    return `/api/v1/query?${query}`;
  }
  query.set('start', String(end - hours * 3600));
  query.set('end', String(end));
  query.set('step', String(stepSeconds));
  return `/api/v1/query_range?${query}`;
}

/** The time of the newest stored sample, in Unix seconds: data that were kept are older than the present. */
async function newestSample(url: string): Promise<number> {
  const query = new URLSearchParams({ query: 'max(max_over_time(timestamp(hmtt_load_0)[15d:1h]))' });
  const response = await fetch(`${url}/api/v1/query?${query}`);
  const answer = (await response.json()) as { data: { result: { value: [number, string] }[] } };
  return Math.floor(Number(answer.data.result[0]?.value[1]) / 60) * 60;
}
