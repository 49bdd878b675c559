import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { err } from '#shared/errors/index.ts';
import { createScrapeClient } from '../../main/engine/collect/http/scrape-client.ts';
import { ingestSpec } from '../../main/engine/collect/ingest-spec.ts';
import { refusedJobs } from '../../main/engine/hosts/identity.ts';
import { readPrometheusConfig } from '../../main/engine/hosts/prometheus-config/read-config.ts';
import { createMetricsArea } from '../../main/engine/metrics/area.ts';
import { systemClock } from '../../main/engine/platform/clock.ts';
import { systemTimers } from '../../main/engine/platform/timers.ts';
import { createPromqlAnswers } from '../../main/engine/promql/answers.ts';
import { createPromqlEngine } from '../../main/engine/promql/engine.ts';
import type { ApiData } from '../../main/engine/promql/results.ts';
import { differences } from '../helpers/compare-answers.ts';
import { expositionCases } from '../helpers/exposition-documents.ts';
import type { ExpositionCase } from '../helpers/exposition-sequences.ts';
import { type ApiAnswer, type Prometheus, startPrometheus } from '../helpers/prometheus.ts';
import { silentLogger } from '../helpers/silent-logger.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

const NOW = Math.floor(Date.now() / 1000) * 1000;
const CASES = expositionCases(NOW);
/** Scrapes that are compared; the last body of a case goes on. */
const scrapesOf = (one: ExpositionCase): number => one.bodies.length + 1;

let peer: Prometheus | undefined;
afterAll(() => peer?.stop());

/** Serves case n at /n: body after body to Prometheus, which is counted, and to us the body that we ask for. */
async function serveCases() {
  const served = CASES.map(() => 0);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://server');
    const index = Number(url.pathname.slice(1));
    const one = CASES[index];
    if (one === undefined) return void response.writeHead(404).end();
    const asked = url.searchParams.get('turn');
    const turn = asked === null ? (served[index] ?? 0) : Number(asked);
    if (asked === null) served[index] = turn + 1;
    if (one.contentType !== '') response.setHeader('content-type', one.contentType);
    response.end(one.bodies[Math.min(turn, one.bodies.length - 1)]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return { server, port: address.port, served };
}

const isRefused = (one: ExpositionCase): boolean => one.job?.includes('target_limit: 1') ?? false;

/** The prometheus.yml that both sides read. */
function config(port: number): string {
  // Each case is a job of its own, because the settings are the job's; the label is the same for all.
  const jobs = CASES.flatMap((one, n) => {
    const targets = isRefused(one) ? [`127.0.0.1:${port}`, `localhost:${port}`] : [`127.0.0.1:${port}`];
    return [
      `  - job_name: case-${n}`,
      `    metrics_path: /${n}`,
      ...(one.job ?? []).map((line) => `    ${line}`),
      '    static_configs:',
      `      - {targets: ${JSON.stringify(targets)}, labels: {job: docs, doc: '${n}'}}`,
    ];
  });
  return ['global: {scrape_interval: 2s, scrape_timeout: 2s}', 'scrape_configs:', ...jobs, ''].join('\n');
}

/** Times of the first scrapes of a case, from Prometheus's own samples of `up`. */
async function scrapeTimes(
  prometheus: Prometheus,
  doc: number,
  instance: string,
  count: number,
): Promise<readonly number[]> {
  const query = `scrape_samples_post_metric_relabeling{doc="${doc}",instance="${instance}"}[10m]`;
  const answer = await prometheus.api<ApiData>('/api/v1/query', { query });
  if (answer.status !== 'success' || answer.data.resultType !== 'matrix') throw new Error('no scrapes');
  const [series] = answer.data.result;
  return (series?.values ?? []).slice(0, count).map(([time]) => Math.round(time * 1000));
}

test(`${CASES.length} expositions are judged and stored as by Prometheus`, async () => {
  const { server, port, served } = await serveCases();
  const text = config(port);
  const read = readPrometheusConfig('prometheus.yml', text, (path) => path);
  if (!read.ok) throw new Error(read.error.message.en);
  const refused = refusedJobs(read.value.jobs.flatMap(({ targets }) => targets));
  const earlier = [{ labels: { __name__: 'earlier' }, samples: [{ time: NOW - 60_000, value: 1 }] }];
  peer = await startPrometheus(text, { flags: [], earlier });
  const prometheus = peer;
  const deadline = Date.now() + 120_000;
  // One scrape more than is compared, so that all that are have been committed.
  const isDone = (one: ExpositionCase, n: number): boolean =>
    isRefused(one) || (served[n] ?? 0) > scrapesOf(one);
  while (!CASES.every(isDone)) {
    if (Date.now() > deadline) throw new Error(`Prometheus scraped too little: ${prometheus.output()}`);
    await wait(200);
  }

  let clock = NOW;
  const area = createMetricsArea({
    folder: temporaryFolder('exposition'),
    clock: { now: () => clock, monotonic: () => performance.now() },
    timers: systemTimers,
    logger: silentLogger,
  });
  if (!area.ok) throw new Error(area.error.message.en);
  const client = createScrapeClient({ clock: systemClock, timers: systemTimers });
  const answers = createPromqlAnswers(
    createPromqlEngine({ source: area.value.store, monotonic: () => performance.now() }),
  );
  const never = new AbortController().signal;
  const found: string[] = [];
  for (const [n, one] of CASES.entries()) {
    const verdicts: string[] = [];
    const all: number[] = [];
    for (const target of read.value.jobs[n]?.targets ?? []) {
      const times = await scrapeTimes(prometheus, n, target.address, scrapesOf(one));
      const ingest = area.value.sink.openTarget(ingestSpec(target));
      all.push(...times);
      for (const [turn, time] of times.entries()) {
        clock = time;
        const scrape = { time, durationSeconds: 0.01 };
        const ask = { ...target, params: { ...target.params, turn: [String(turn)] } };
        const refusal = refused.get(target.job);
        const answer = refusal === undefined ? await client.fetch(ask, never) : err(refusal);
        const stored = answer.ok ? ingest.succeed({ ...scrape, ...answer.value }) : ingest.fail(scrape);
        verdicts.push(!answer.ok ? answer.error.message.en : stored.ok ? 'ok' : stored.error.message.en);
      }
    }
    const last = Math.max(...all);
    const selector = `{doc="${n}",__name__!="scrape_duration_seconds"}`;
    for (const [query, time] of [
      [`${selector}[2h]`, last],
      // What is stale shows only at the scrapes themselves.
      ...all.map((time) => [selector, time] as const),
    ] as const) {
      const theirs = await prometheus.api<ApiData>('/api/v1/query', { query, time: String(time / 1000) });
      const ours = await answers.query(query, time);
      found.push(
        ...differences(one.name, theirs as ApiAnswer<ApiData>, ours).map(
          (what) => `${what} (we: ${verdicts})`,
        ),
      );
    }
  }
  await client.close();
  server.close();
  area.value.close();
  expect(found).toEqual([]);
});
