import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { createMetricsArea } from '../../main/engine/metrics/area.ts';
import { silentLogger } from '../../main/engine/platform/logger.ts';
import { systemTimers } from '../../main/engine/platform/timers.ts';
import { createPromqlAnswers } from '../../main/engine/promql/answers.ts';
import { createPromqlEngine } from '../../main/engine/promql/engine.ts';
import type { ApiData } from '../../main/engine/promql/results.ts';
import { differences } from '../helpers/compare-answers.ts';
import { DEFAULT_SETTINGS, type ExpositionCase, expositionCases } from '../helpers/exposition-documents.ts';
import { type ApiAnswer, type Prometheus, startPrometheus } from '../helpers/prometheus.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

const NOW = Math.floor(Date.now() / 1000) * 1000;
const CASES = expositionCases(NOW);
/** Scrapes that are compared; the last body of a case goes on. */
const scrapesOf = (one: ExpositionCase): number => one.bodies.length + 1;

let peer: Prometheus | undefined;
afterAll(() => peer?.stop());

/** Serves case n at /n, body after body, and counts. */
async function serveCases() {
  const served = CASES.map(() => 0);
  const server = createServer((request, response) => {
    const index = Number(request.url?.slice(1));
    const one = CASES[index];
    if (one === undefined) return void response.writeHead(404).end();
    const turn = served[index] ?? 0;
    served[index] = turn + 1;
    if (one.contentType !== '') response.setHeader('content-type', one.contentType);
    response.end(one.bodies[Math.min(turn, one.bodies.length - 1)]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return { server, port: address.port, served };
}

function config(port: number): string {
  // Each case is a job of its own, because the settings are the job's; the label is the same for all.
  const jobs = CASES.flatMap((one, n) => {
    const { honorLabels, honorTimestamps, sampleLimit } = { ...DEFAULT_SETTINGS, ...one.settings };
    return [
      `  - job_name: case-${n}`,
      `    honor_labels: ${honorLabels}`,
      `    honor_timestamps: ${honorTimestamps}`,
      `    sample_limit: ${sampleLimit}`,
      `    metrics_path: /${n}`,
      '    static_configs:',
      `      - {targets: ['127.0.0.1:${port}'], labels: {job: docs, doc: '${n}'}}`,
    ];
  });
  return ['global: {scrape_interval: 1s, scrape_timeout: 1s}', 'scrape_configs:', ...jobs, ''].join('\n');
}

/** Times of the first scrapes of a case, from Prometheus's own samples of `up`. */
async function scrapeTimes(prometheus: Prometheus, doc: number, count: number): Promise<readonly number[]> {
  const query = `scrape_samples_post_metric_relabeling{doc="${doc}"}[10m]`;
  const answer = await prometheus.api<ApiData>('/api/v1/query', { query });
  if (answer.status !== 'success' || answer.data.resultType !== 'matrix') throw new Error('no scrapes');
  const [series] = answer.data.result;
  return (series?.values ?? []).slice(0, count).map(([time]) => Math.round(time * 1000));
}

test(`${CASES.length} expositions are judged and stored as by Prometheus`, async () => {
  const { server, port, served } = await serveCases();
  peer = await startPrometheus(config(port), { flags: [] });
  const prometheus = peer;
  const deadline = Date.now() + 60_000;
  // One scrape more than is compared, so that all that are have been committed.
  while (served.some((count, n) => count < scrapesOf(CASES[n] as ExpositionCase) + 1)) {
    if (Date.now() > deadline) throw new Error(`Prometheus scraped too little: ${prometheus.output()}`);
    await wait(200);
  }
  server.close();

  let clock = NOW;
  const area = createMetricsArea({
    folder: temporaryFolder('exposition'),
    clock: { now: () => clock, monotonic: () => performance.now() },
    timers: systemTimers,
    logger: silentLogger,
  });
  if (!area.ok) throw new Error(area.error.message.en);
  const answers = createPromqlAnswers(
    createPromqlEngine({ source: area.value.store, monotonic: () => performance.now() }),
  );
  const found: string[] = [];
  for (const [n, one] of CASES.entries()) {
    const times = await scrapeTimes(prometheus, n, scrapesOf(one));
    const target = area.value.sink.openTarget({
      labels: { job: 'docs', instance: `127.0.0.1:${port}`, doc: String(n) },
      ...DEFAULT_SETTINGS,
      ...one.settings,
    });
    const verdicts: string[] = [];
    for (const [turn, time] of times.entries()) {
      clock = time;
      const body = Buffer.from(one.bodies[Math.min(turn, one.bodies.length - 1)] ?? '');
      const stored = target.succeed({
        time,
        durationSeconds: 0.01,
        body,
        contentType: one.contentType || null,
      });
      verdicts.push(stored.ok ? 'ok' : stored.error.message.en);
    }
    const last = times.at(-1) ?? NOW;
    const selector = `{doc="${n}",__name__!="scrape_duration_seconds"}`;
    for (const [query, time] of [
      [`${selector}[2h]`, last],
      // What is stale shows only at the scrapes themselves.
      ...times.map((time) => [selector, time] as const),
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
  area.value.close();
  expect(found).toEqual([]);
}, 180_000);
