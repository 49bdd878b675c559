import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, kill } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { startHeadlessEngine } from '../helpers/headless-engine.ts';
import { usageOf } from '../helpers/process-usage.ts';
import { RULES_A_FAMILY, ruleFile } from './alerts/rule-set.ts';
import { type Farm, startFarm } from './metrics/farm.ts';
import { startPrometheusProcess } from './metrics/prometheus-process.ts';
import { printComparison, printHead } from './metrics/report.ts';

const SERIES_A_TARGET = 1_000;
const RULES = Number(env.HMTT_BENCH_RULES ?? 1_000);
const SERIES = Number(env.HMTT_BENCH_SERIES ?? 50_000);
const INTERVAL_SECONDS = Number(env.HMTT_BENCH_INTERVAL ?? 15);
/** Intervals that are measured without rules, and with them. */
const INTERVALS = Number(env.HMTT_BENCH_INTERVALS ?? 6);
const WARM_MS = 30_000;
const BAR = 1.5;

/** One of the two servers, scraping the farm. */
type Side = {
  readonly name: string;
  readonly pid: number;
  readonly url: string;
  readonly loadRules: () => Promise<void>;
};

/** What a server had done at a moment. */
type Moment = {
  readonly cpu: number;
  readonly evaluations: number;
  readonly missed: number;
  readonly failures: number;
};

/**
 * `npm run bench -- alerts`: the same rules over the same scraped data, at the same time, in the console and in Debian's
 * Prometheus. Both first scrape without rules; what they use more with rules is what the rules cost.
 *
 * HMTT_BENCH_RULES, _SERIES, _INTERVAL (seconds) and _INTERVALS make it smaller.
 */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hmtt-bench-alerts-'));
  const targets = Math.max(1, Math.round(SERIES / SERIES_A_TARGET));
  const farm = await startFarm(targets, SERIES_A_TARGET);
  const text = ruleFile(Math.round(RULES / RULES_A_FAMILY), INTERVAL_SECONDS);
  const closers: (() => Promise<unknown>)[] = [farm.stop];
  try {
    const theirs = await prometheusSide(farm, targets, join(folder, 'prometheus'), text, closers);
    const ours = await consoleSide(farm, targets, join(folder, 'console'), text, closers);
    await compare(ours, theirs, farm, targets);
  } finally {
    for (const close of closers.toReversed()) await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(ours: Side, theirs: Side, farm: Farm, targets: number): Promise<void> {
  const sides = [ours, theirs] as const;
  const span = INTERVAL_SECONDS * INTERVALS * 1000;
  while ((await farm.answered()) < 4 * targets) await wait(200);
  // What a start costs must not count as what scraping costs: the rules would look cheaper than they are.
  await wait(WARM_MS);
  const idle = await measure(sides, span);
  await Promise.all(sides.map((side) => side.loadRules()));
  // The first evaluations make what later ones reuse.
  await wait(Math.max(2 * INTERVAL_SECONDS * 1000, WARM_MS));
  const busy = await measure(sides, span);
  printHead(
    `alerts: ${RULES} rules over ${targets * SERIES_A_TARGET} series every ${INTERVAL_SECONDS} s, ${INTERVALS} rounds measured`,
  );
  const [our, their] = sides.map((_, i) => {
    const [without, withRules] = [idle[i], busy[i]];
    if (without === undefined || withRules === undefined) throw new Error('nothing was measured');
    const rounds = withRules.evaluations / RULES;
    return {
      ...withRules,
      rounds,
      net: (withRules.cpu - without.cpu) / rounds,
      gross: withRules.cpu / rounds,
    };
  });
  if (our === undefined || their === undefined) throw new Error('nothing was measured');
  printComparison({
    what: 'CPU of one evaluation of all rules',
    ours: our.net * 1000,
    theirs: their.net * 1000,
    bar: BAR,
    unit: 'ms',
    digits: 1,
  });
  console.log(
    `with the scrapes of an interval: console ${(our.gross * 1000).toFixed(0)} ms, Prometheus ${(their.gross * 1000).toFixed(0)} ms`,
  );
  for (const [i, side] of sides.entries()) {
    const done = [our, their][i];
    console.log(
      `${side.name}: ${done?.evaluations} evaluations, ${done?.missed} intervals missed, ${done?.failures} failures`,
    );
  }
  for (const difference of await differences(ours, theirs)) console.log(`DIFFERS: ${difference}`);
}

/** What both did in a span: CPU seconds, rules evaluated. */
async function measure(sides: readonly Side[], spanMs: number): Promise<readonly Moment[]> {
  const before = await Promise.all(sides.map(look));
  await wait(spanMs);
  const after = await Promise.all(sides.map(look));
  return after.map((now, i) => {
    const then = before[i] ?? now;
    return {
      cpu: now.cpu - then.cpu,
      evaluations: now.evaluations - then.evaluations,
      missed: now.missed - then.missed,
      failures: now.failures - then.failures,
    };
  });
}

async function look({ pid, url }: Side): Promise<Moment> {
  const { cpuSeconds } = usageOf(pid);
  const text = await (await fetch(`${url}/metrics`)).text();
  const sum = (name: string): number =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`prometheus_rule_${name}{`) && /family-\d+"/.test(line))
      .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' '))), 0);
  return {
    cpu: cpuSeconds,
    evaluations: sum('evaluations_total'),
    missed: sum('group_iterations_missed_total'),
    failures: sum('evaluation_failures_total'),
  };
}

/** Whether both know as many series of each recorded metric, and the rules of both are sound. */
async function differences(ours: Side, theirs: Side): Promise<readonly string[]> {
  const query = 'count by (__name__) ({__name__=~"(instance|device|job):(ops|load)_.*"})';
  const ask = async ({ url }: Side): Promise<ReadonlyMap<string, string>> => {
    const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
    const { data } = (await answer.json()) as {
      data: { result: { metric: { __name__: string }; value: [number, string] }[] };
    };
    return new Map(data.result.map(({ metric, value }) => [metric.__name__, value[1]]));
  };
  const [our, their] = [await ask(ours), await ask(theirs)];
  return [...new Set([...our.keys(), ...their.keys()])]
    .filter((name) => our.get(name) !== their.get(name))
    .map((name) => `${name}: console ${our.get(name)}, Prometheus ${their.get(name)} series`)
    .slice(0, 10);
}

async function prometheusSide(
  farm: Farm,
  targets: number,
  folder: string,
  rules: string,
  closers: (() => Promise<unknown>)[],
): Promise<Side> {
  const jobs = Array.from(
    { length: targets },
    (_, i) =>
      `  - {job_name: farm-${i}, metrics_path: ${farm.path(i)}, static_configs: [{targets: ['127.0.0.1:${farm.port}'], labels: {instance: host-${i}}}]}`,
  );
  const interval = `${INTERVAL_SECONDS}s`;
  const timeout = `${Math.min(10, INTERVAL_SECONDS)}s`;
  const config = `global: {scrape_interval: ${interval}, scrape_timeout: ${timeout}, evaluation_interval: ${interval}}
rule_files: ['rules/*.yml']
scrape_configs:
${jobs.join('\n')}
`;
  const server = await startPrometheusProcess(folder, config);
  closers.push(server.stop);
  return {
    name: 'Prometheus',
    pid: server.pid,
    url: server.url,
    loadRules: async () => {
      mkdirSync(join(folder, 'rules'), { recursive: true });
      writeFileSync(join(folder, 'rules', 'farm.yml'), rules);
      kill(server.pid, 'SIGHUP');
    },
  };
}

async function consoleSide(
  farm: Farm,
  targets: number,
  dataDir: string,
  rules: string,
  closers: (() => Promise<unknown>)[],
): Promise<Side> {
  const engine = await startHeadlessEngine(dataDir);
  closers.push(engine.stop);
  for (let i = 0; i < targets; i++)
    await engine.call('hosts.add', {
      name: `host-${i}`,
      address: '127.0.0.1',
      tier: 'other',
      scrapes: [
        {
          job: `farm-${i}`,
          address: `127.0.0.1:${farm.port}`,
          metricsPath: farm.path(i),
          intervalMs: INTERVAL_SECONDS * 1_000,
          timeoutMs: Math.min(10, INTERVAL_SECONDS) * 1_000,
          labels: { instance: `host-${i}` },
        },
      ],
    });
  return {
    name: 'console',
    pid: engine.pid,
    url: engine.api,
    loadRules: async () => {
      const put = await engine.call('rules.files.put', { name: 'farm.yml', text: rules });
      if (put.problems.length > 0) throw new Error(JSON.stringify(put.problems[0]));
    },
  };
}
