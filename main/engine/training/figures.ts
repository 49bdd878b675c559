import type { TrainingIncidentId } from '#shared/contract/training.ts';
import { nodeOf } from './incidents.ts';
import type { TrainingNode } from './nodes.ts';

/** When incidents began; those that do not happen are missing. UTC milliseconds. */
export type Active = ReadonlyMap<TrainingIncidentId, number>;

/** What a machine counts; it only grows. */
export type Counters = {
  requests: number;
  errors: number;
  /** Seconds spent on requests, or on queries of a database. */
  busySeconds: number;
  cpuSeconds: number;
};

/** A machine at a moment. */
export type Figures = {
  readonly requestsPerSecond: number;
  /** Share of requests that fail, from 0 to 1. */
  readonly failing: number;
  readonly secondsPerRequest: number;
  readonly cpuShare: number;
  readonly memoryShare: number;
  /** Share of the disk that is free, from 0 to 1. */
  readonly diskFree: number;
  /** How far its clock is ahead, in seconds. */
  readonly clockAhead: number;
};

const MEMORY = 8 * 2 ** 30;
const DISK = 100 * 2 ** 30;
const CORES = 4;

/** How a machine does at a moment; the same for the same moment and incidents. */
export function figuresAt(node: TrainingNode, now: number, active: Active): Figures {
  const happens = (id: TrainingIncidentId): boolean => active.has(id) && nodeOf(id) === node.name;
  const secondsOf = (id: TrainingIncidentId): number =>
    happens(id) ? Math.max(0, (now - (active.get(id) ?? now)) / 1000) : 0;
  // A slow wave, each machine at its own phase, so that charts look like a day's work.
  const wave = (Math.sin(now / 60_000 + node.seed) + 1) / 2;
  const slow = active.has('slow_database');
  const base = { balancer: 0.004, application: 0.08, database: 0.003 }[node.role];
  const slower = node.role === 'balancer' || !slow ? 1 : node.role === 'application' ? 12 : 40;
  const isSlow = slow && (node.role === 'application' || node.name === nodeOf('slow_database'));
  return {
    requestsPerSecond: { balancer: 60, application: 20, database: 90 }[node.role] * (0.6 + 0.4 * wave),
    failing: happens('error_burst') ? 0.4 : 0.002,
    secondsPerRequest: base * (0.8 + 0.4 * wave) * (isSlow ? slower : 1),
    cpuShare: Math.min(0.97, 0.15 + 0.25 * wave + (isSlow ? 0.4 : 0)),
    memoryShare: 0.45 + 0.1 * wave,
    diskFree: Math.max(0.002, 0.6 - secondsOf('disk_filling') * 0.02),
    clockAhead: secondsOf('clock_drift') * 2,
  };
}

/** Lets a machine work for a while. */
export function work(counters: Counters, figures: Figures, seconds: number): void {
  const requests = figures.requestsPerSecond * seconds;
  counters.requests += requests;
  counters.errors += requests * figures.failing;
  counters.busySeconds += requests * figures.secondsPerRequest;
  counters.cpuSeconds += figures.cpuShare * CORES * seconds;
}

/**
 * What its `/metrics` answers, under the names of node_exporter and of usual applications.
 *
 * @param archived files in the machine's archive
 */
export function exposition(
  node: TrainingNode,
  counters: Counters,
  figures: Figures,
  now: number,
  archived: number,
): string {
  const lines: string[] = [];
  const family = (
    name: string,
    type: 'counter' | 'gauge',
    samples: readonly (readonly [string, number])[],
  ): void => {
    lines.push(`# TYPE ${name} ${type}`, ...samples.map(([labels, value]) => `${name}${labels} ${value}`));
  };
  const idle = Math.max(0, counters.cpuSeconds / Math.max(0.01, figures.cpuShare) - counters.cpuSeconds);
  family('node_cpu_seconds_total', 'counter', [
    ['{cpu="0",mode="user"}', counters.cpuSeconds],
    ['{cpu="0",mode="idle"}', idle],
  ]);
  family('node_load1', 'gauge', [['', figures.cpuShare * CORES]]);
  family('node_memory_MemTotal_bytes', 'gauge', [['', MEMORY]]);
  family('node_memory_MemAvailable_bytes', 'gauge', [['', Math.round(MEMORY * (1 - figures.memoryShare))]]);
  const mount = '{device="/dev/vda1",fstype="ext4",mountpoint="/"}';
  family('node_filesystem_size_bytes', 'gauge', [[mount, DISK]]);
  family('node_filesystem_avail_bytes', 'gauge', [[mount, Math.round(DISK * figures.diskFree)]]);
  family('node_filesystem_free_bytes', 'gauge', [[mount, Math.round(DISK * figures.diskFree)]]);
  family('node_time_seconds', 'gauge', [['', now / 1000 + figures.clockAhead]]);
  family('node_uname_info', 'gauge', [[`{nodename="${node.name}",sysname="Linux",release="6.1.0"}`, 1]]);
  family('archive_files', 'gauge', [['', archived]]);
  if (node.role === 'database') {
    family('db_queries_total', 'counter', [['', Math.floor(counters.requests)]]);
    family('db_query_duration_seconds_sum', 'counter', [['', counters.busySeconds]]);
    family('db_query_duration_seconds_count', 'counter', [['', Math.floor(counters.requests)]]);
  } else {
    const failed = Math.floor(counters.errors);
    family('http_requests_total', 'counter', [
      ['{code="200"}', Math.max(0, Math.floor(counters.requests) - failed)],
      ['{code="500"}', failed],
    ]);
    family('http_request_duration_seconds_sum', 'counter', [['', counters.busySeconds]]);
    family('http_request_duration_seconds_count', 'counter', [['', Math.floor(counters.requests)]]);
  }
  return `${lines.join('\n')}\n`;
}
