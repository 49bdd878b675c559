import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { RequestInput, RequestName, RequestOutput } from '#shared/contract/index.ts';
import { startEngine } from '../../../main/engine/index.ts';
import { inProject } from '../../../scripts/lib/paths.ts';
import { type HeadlessEngine, startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { usageOf } from '../../helpers/process-usage.ts';
import { type BenchSite, startBenchSite } from './site.ts';

const HOSTS = Number(process.env.HMTT_BENCH_HOSTS ?? 500);
const SERIES = 500;
const SCRAPE_MS = 15_000;
const CHECK_MS = 30_000;
/** All checks have been made once, and code that runs often is compiled. */
const WARM_UP_MS = Number(process.env.HMTT_BENCH_WARM_UP ?? 45) * 1_000;
const MEASURE_MS = Number(process.env.HMTT_BENCH_SECONDS ?? 60) * 1_000;
/** Requests that are sent to the engine at the same time while the site is entered. */
const AT_ONCE = 20;

/** The site under load, with so many hosts that take connections and never answer; prints what it cost and how late it was. */
export async function benchChecks(hanging: number): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'hmtt-bench-checks-'));
  const site = await startBenchSite(HOSTS, SERIES);
  await enter(join(dir, 'data'), site, hanging);
  const engine = await startHeadlessEngine(
    join(dir, 'data'),
    ['--listen', '127.0.0.1:0'],
    inProject('dist', 'engine', 'cli.js'),
  );
  try {
    const entered = usageOf(engine.pid).rss / 2 ** 20;
    await wait(WARM_UP_MS);
    const before = usageOf(engine.pid);
    const start = performance.now();
    const counted = await statsOf(engine);
    await wait(MEASURE_MS);
    const after = usageOf(engine.pid);
    const seconds = (performance.now() - start) / 1_000;
    const stats = await statsOf(engine);
    report(site, hanging, {
      cores: (after.cpuSeconds - before.cpuSeconds) / seconds,
      enteredMb: entered,
      rssMb: after.rss / 2 ** 20,
      peakMb: after.peakRss / 2 ** 20,
      made: stats.made - counted.made,
      skipped: stats.skipped - counted.skipped,
      latestMs: stats.latestMs,
      seconds,
    });
  } finally {
    await engine.stop();
    await site.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Enters the site while nobody watches: what that costs is not what is measured. */
async function enter(dir: string, site: BenchSite, hanging: number): Promise<void> {
  const started = await startEngine({ dir, watching: false });
  if (!started.ok) throw new Error(started.error.message.en);
  const { client, close } = started.value;
  const call = async <N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>> => {
    const answer = await client.call(name, input);
    if (!answer.ok) throw new Error(`${name}: ${answer.error.message.en}`);
    return answer.value;
  };
  const numbers = Array.from({ length: HOSTS }, (_, number) => number);
  const one = async (number: number): Promise<void> => {
    const name = `host-${String(number).padStart(3, '0')}`;
    const hangs = number < hanging;
    const page = hangs ? site.hangingPort : site.pagePort;
    const { id } = await call('hosts.add', {
      name,
      address: '127.0.0.1',
      tier: 'business',
      scrapes: [
        {
          job: 'node',
          address: `127.0.0.1:${hangs ? site.hangingPort : site.farmPort}`,
          metricsPath: `/t/${number}/metrics`,
          intervalMs: SCRAPE_MS,
          timeoutMs: 10_000,
          labels: { instance: name },
        },
      ],
    });
    const times = { hostId: id, intervalMs: CHECK_MS, timeoutMs: 10_000 };
    const url = (path: string): string => `http://127.0.0.1:${page}/${name}/${path}`;
    await call('checks.put', { ...times, name: 'page', what: { kind: 'http', url: url('page') } });
    const expect = [{ kind: 'json' as const, path: '$.status', equals: 'UP' }];
    await call('checks.put', {
      ...times,
      name: 'health',
      what: { kind: 'http', url: url('health'), expect },
    });
    await call('checks.put', { ...times, name: 'nginx', what: { kind: 'nginx', url: url('status') } });
    const port = hangs ? site.hangingPort : site.bannerPort;
    const banner = [{ kind: 'matches' as const, pattern: '^SSH-2' }];
    await call('checks.put', {
      ...times,
      name: 'ssh',
      what: { kind: 'tcp', host: '127.0.0.1', port, expect: banner },
    });
  };
  for (let at = 0; at < numbers.length; at += AT_ONCE)
    await Promise.all(numbers.slice(at, at + AT_ONCE).map(one));
  await close();
}

type Stats = { readonly made: number; readonly skipped: number; readonly latestMs: number };

/** What the engine says of its own schedule. */
async function statsOf({ api }: HeadlessEngine): Promise<Stats> {
  const text = await (await fetch(`${api}/metrics`)).text();
  const value = (name: string): number =>
    Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  return {
    made: value('hmtt_checks_made_total'),
    skipped: value('hmtt_checks_skipped_total'),
    latestMs: value('hmtt_checks_latest_start_seconds') * 1_000,
  };
}

function report(
  site: BenchSite,
  hanging: number,
  cost: Stats & {
    readonly cores: number;
    readonly rssMb: number;
    readonly peakMb: number;
    readonly enteredMb: number;
    readonly seconds: number;
  },
): void {
  // The other side sees when it was asked: pauses of exactly the interval mean that every check came in its slot.
  const deviations = [...site.asked.values()]
    .flatMap((times) => times.slice(1).map((time, i) => Math.abs(time - (times[i] ?? 0) - CHECK_MS)))
    .filter((deviation) => deviation > 0)
    .sort((a, b) => a - b);
  const at = (share: number): number => deviations[Math.floor((deviations.length - 1) * share)] ?? Number.NaN;
  const expected = (HOSTS * 4 * cost.seconds * 1_000) / CHECK_MS;
  const rows: readonly (readonly [string, string, string])[] = [
    ['hosts, of them hanging', `${HOSTS}, ${hanging}`, ''],
    ['checks made (expected)', `${cost.made} (${Math.round(expected)})`, ''],
    ['slots passed over', String(cost.skipped), '0'],
    ['latest start behind its slot, engine', `${cost.latestMs.toFixed(0)} ms`, '1000 ms'],
    ['pause between askings off by, p50', `${at(0.5).toFixed(1)} ms`, ''],
    ['… p99', `${at(0.99).toFixed(1)} ms`, ''],
    [`… worst of ${deviations.length}`, `${at(1).toFixed(1)} ms`, '1000 ms'],
    ['CPU of the engine', `${(100 * cost.cores).toFixed(1)} % of one core`, '60 %'],
    ['memory of the engine at its start', `${cost.enteredMb.toFixed(0)} MB`, ''],
    ['memory of the engine (peak)', `${cost.rssMb.toFixed(0)} MB (${cost.peakMb.toFixed(0)} MB)`, '500 MB'],
  ];
  for (const [what, measured, bar] of rows)
    console.log(`${what.padEnd(40)}${measured.padStart(24)}${bar === '' ? '' : `   bar ${bar}`}`);
}
