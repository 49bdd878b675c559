import { readdirSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { Answer } from './answer.ts';
import type { Counters } from './counters.ts';
import { exposition, type OwnMetric, single, TEXT_FORMAT } from './exposition.ts';
import type { Gate } from './gate.ts';
import type { ApiSources } from './sources.ts';

/** What `/metrics` is read from. */
export type OwnSources = {
  readonly sources: ApiSources;
  readonly counters: Counters;
  readonly gate: Gate;
  /** When the engine started, UTC milliseconds. */
  readonly startedAt: number;
};

/** The console about itself, in the text format. Everything is read when it is asked for; nothing is kept up beside. */
export function ownExposition(own: OwnSources): string {
  const metrics = [...processMetrics(own.startedAt), ...storeMetrics(own), ...workMetrics(own)];
  return exposition(metrics) + own.sources.moreMetrics();
}

/** `/metrics`. */
export function ownMetrics(own: OwnSources) {
  return (): Answer => ({ status: 200, type: TEXT_FORMAT, pieces: [ownExposition(own)] });
}

function processMetrics(startedAt: number): OwnMetric[] {
  const cpu = process.cpuUsage();
  const memory = process.memoryUsage();
  const loop = performance.eventLoopUtilization();
  const metrics = [
    single(
      'process_cpu_seconds_total',
      'counter',
      'CPU time that the engine used, in seconds.',
      (cpu.user + cpu.system) / 1e6,
    ),
    single('process_resident_memory_bytes', 'gauge', 'Memory of the engine that is resident.', memory.rss),
    single('process_start_time_seconds', 'gauge', 'When the engine started, unix seconds.', startedAt / 1000),
    single('nodejs_heap_size_used_bytes', 'gauge', 'JavaScript heap in use.', memory.heapUsed),
    single('nodejs_external_memory_bytes', 'gauge', 'Memory outside the JavaScript heap.', memory.external),
    single(
      'nodejs_eventloop_active_seconds_total',
      'counter',
      'Time in which the event loop was busy, in seconds.',
      loop.active / 1000,
    ),
  ];
  const files = openFiles();
  if (files !== null)
    metrics.push(single('process_open_fds', 'gauge', 'Files and sockets that the engine has open.', files));
  return metrics;
}

/** Open file descriptors, or null where the system does not list them. */
function openFiles(): number | null {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return null;
  }
}

function storeMetrics({ sources }: OwnSources): OwnMetric[] {
  const store = sources.storeStats();
  const hosts = sources.hostCounts();
  const states = {
    up: hosts.up,
    down: hosts.down,
    unreachable: hosts.unreachable,
    not_watched: hosts.notWatched,
  };
  const severities = { critical: 0, warning: 0, info: 0 };
  for (const { severity } of sources.problems()) severities[severity]++;
  return [
    {
      name: 'hmtt_build_info',
      type: 'gauge',
      help: 'Always 1; the labels say which version runs.',
      series: [{ labels: ['version', sources.version, 'node', process.versions.node], value: 1 }],
    },
    single('hmtt_store_series', 'gauge', 'Series that are being written to.', store.series),
    single('hmtt_store_head_samples', 'gauge', 'Samples that are not in a partition yet.', store.headSamples),
    single('hmtt_store_sealed_samples', 'gauge', 'Samples in partitions.', store.sealedSamples),
    single('hmtt_store_size_bytes', 'gauge', 'Size of the series store on disk.', store.bytes),
    single('hmtt_store_partitions', 'gauge', 'Partition files.', store.partitions.length),
    single('hmtt_targets', 'gauge', 'Targets that are scraped.', sources.targets().length),
    byLabel('hmtt_hosts', 'Hosts by state.', 'state', states),
    byLabel('hmtt_problems', 'What is wrong now, by severity.', 'severity', severities),
    single('hmtt_log_lines_per_second', 'gauge', 'Log lines read a second.', sources.logLinesPerSecond()),
    single(
      'hmtt_jobs_running',
      'gauge',
      'Backups, restores and other long work under way.',
      sources.jobsRunning(),
    ),
  ];
}

function workMetrics({ counters, gate }: OwnSources): OwnMetric[] {
  const done = counters.read();
  return [
    single('hmtt_scrapes_total', 'counter', 'Scrapes of targets.', done.scrapes),
    single(
      'hmtt_scrapes_failed_total',
      'counter',
      'Scrapes of which nothing could be stored.',
      done.scrapesFailed,
    ),
    single('hmtt_scrape_seconds_total', 'counter', 'Time that scrapes took, in seconds.', done.scrapeSeconds),
    single('hmtt_scraped_samples_total', 'counter', 'Samples that targets answered with.', done.samples),
    single('hmtt_queries_total', 'counter', 'Queries over the HTTP API.', done.queries),
    single('hmtt_queries_seconds_total', 'counter', 'Time that they took, in seconds.', done.querySeconds),
    single(
      'hmtt_queries_running',
      'gauge',
      'Queries over the HTTP API that are evaluated now.',
      gate.running,
    ),
    single(
      'hmtt_queries_waiting',
      'gauge',
      'Queries over the HTTP API that wait for their turn.',
      gate.waiting,
    ),
    {
      name: 'hmtt_http_requests_total',
      type: 'counter',
      help: 'Requests to the HTTP API, by endpoint and status.',
      series: [...done.requests.values()].map(({ handler, code, count }) => ({
        labels: ['handler', handler, 'code', String(code)],
        value: count,
      })),
    },
  ];
}

function byLabel(
  name: string,
  help: string,
  label: string,
  values: Readonly<Record<string, number>>,
): OwnMetric {
  const series = Object.entries(values).map(([value, count]) => ({ labels: [label, value], value: count }));
  return { name, type: 'gauge', help, series };
}
