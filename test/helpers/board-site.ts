import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hmtt } from './headless-engine.ts';

/** Distance of the samples, milliseconds. */
const STEP_MS = 60_000;
const SAMPLES = 1_440;

/** Hosts of the site. */
const BOARD_HOSTS = 20;

/** A data folder with a day of twenty hosts under node_exporter's names, for tests and pictures of dashboards. */
export type BoardSite = { readonly dataDir: string; readonly remove: () => void };

const TIERS = ['presentation', 'business', 'data'] as const;

/** Names of the hosts: `web-01`, `app-01`, … with their ports. */
function boardHost(index: number): string {
  const tier = ['web', 'app', 'db'][index % 3] ?? 'app';
  return `${tier}-${String(index + 1).padStart(2, '0')}:9100`;
}

type ValueAt = (sample: number, host: number) => number | null;

const wave = (i: number, host: number): number => Math.sin(i / 90 + host * 0.7) * 0.5 + 0.5;

/**
 * Makes the folder. Host 3 died six hours ago; host 5 has a hole of an hour.
 *
 * @throws Error with the command's words when the import fails
 */
export async function makeBoardSite(now: number): Promise<BoardSite> {
  const folder = mkdtempSync(join(tmpdir(), 'hmtt-boards-'));
  const end = Math.floor(now / STEP_MS) * STEP_MS;
  const lines: string[] = [];
  const alive: ValueAt = (i, host) =>
    (host === 3 && i > SAMPLES - 360) || (host === 5 && i > 900 && i < 960) ? null : 1;
  const family = (
    name: string,
    type: 'gauge' | 'counter',
    labels: readonly string[],
    valueAt: (sample: number, host: number, place: number) => number,
  ): void => {
    lines.push(`# TYPE ${name} ${type}`);
    const sample = type === 'counter' ? `${name}_total` : name;
    for (let host = 0; host < BOARD_HOSTS; host += 1) {
      labels.forEach((label, place) => {
        const own = `instance="${boardHost(host)}",host="${boardHost(host).slice(0, -5)}",tier="${TIERS[host % 3]}",job="node"${label === '' ? '' : `,${label}`}`;
        for (let i = 0; i < SAMPLES; i += 1) {
          if (alive(i, host) === null) continue;
          const seconds = (end - (SAMPLES - 1 - i) * STEP_MS) / 1000;
          lines.push(`${sample}{${own}} ${valueAt(i, host, place)} ${seconds}`);
        }
      });
    }
  };
  const GIB = 1024 ** 3;
  family('up', 'gauge', [''], () => 1);
  family('node_load1', 'gauge', [''], (i, host) => Number((wave(i, host) * 4).toFixed(2)));
  family('node_cpu_seconds', 'counter', ['mode="idle",cpu="0"', 'mode="user",cpu="0"'], (i, host, place) =>
    Number(
      (place === 0 ? i * 60 * 0.7 + wave(i, host) * 40 : i * 60 * 0.2 + (1 - wave(i, host)) * 40).toFixed(2),
    ),
  );
  family('node_memory_MemTotal_bytes', 'gauge', [''], () => 16 * GIB);
  family('node_memory_MemAvailable_bytes', 'gauge', [''], (i, host) =>
    Math.round((4 + 8 * wave(i, host)) * GIB),
  );
  family('node_filesystem_size_bytes', 'gauge', ['mountpoint="/",fstype="ext4"'], () => 200 * GIB);
  family('node_filesystem_avail_bytes', 'gauge', ['mountpoint="/",fstype="ext4"'], (i, host) =>
    Math.round((20 + host * 8 - i / 100) * GIB),
  );
  family('node_network_receive_bytes', 'counter', ['device="eth0"'], (i, host) =>
    Math.round(i * 60 * 2e6 * (1 + host / 10) + wave(i, host) * 1e8),
  );
  const buckets = ['0.1', '0.5', '1', '5', '+Inf'];
  family(
    'request_duration_bucket',
    'gauge',
    buckets.map((le) => `le="${le}"`),
    (i, host, place) => Math.round(i * (place + 1) * (2 + wave(i, host))),
  );
  const file = join(folder, 'samples.om');
  writeFileSync(file, `${lines.join('\n')}\n# EOF\n`);
  const dataDir = join(folder, 'data');
  const run = await hmtt(dataDir, 'import', 'openmetrics', file);
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  if (run.code !== 0) {
    remove();
    throw new Error(`the samples could not be imported: ${run.stderr}`);
  }
  return { dataDir, remove };
}

/** A dashboard of sixteen charts over all hosts: what the performance of the page is measured on. */
export function wideBoard(uid: string): object {
  const exprs = [
    [
      'CPU',
      '1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval]))',
      'percentunit',
    ],
    ['Load', 'node_load1', ''],
    ['Memory', '1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes', 'percentunit'],
    ['Network', 'rate(node_network_receive_bytes_total[$__rate_interval])', 'binBps'],
  ] as const;
  const panels = Array.from({ length: 16 }, (_, index) => {
    const [title, expr, unit] = exprs[index % exprs.length] ?? exprs[0];
    return {
      kind: 'timeseries',
      id: index + 1,
      title: `${title} ${index + 1}`,
      place: { x: (index % 4) * 6, y: Math.floor(index / 4) * 5, w: 6, h: 5 },
      targets: [{ ref: 'A', expr, legend: '{{instance}}' }],
      field: { unit },
    };
  });
  return {
    format: 'hmtt-dashboard',
    version: 1,
    uid,
    title: 'Sixteen charts',
    time: { from: 'now-24h', to: 'now' },
    rows: [{ panels }],
  };
}

/** A dashboard of the console with a variable, a chart, a broken expression and one without data. */
export function exampleDashboard(uid: string, title: string): object {
  const at = (x: number, y: number) => ({ x, y, w: 12, h: 6 });
  return {
    format: 'hmtt-dashboard',
    version: 1,
    uid,
    title,
    time: { from: 'now-24h' },
    variables: [
      {
        kind: 'query',
        name: 'host',
        source: { of: 'labelValues', label: 'host', selector: 'node_load1' },
        multi: true,
        includeAll: true,
      },
    ],
    rows: [
      {
        panels: [
          {
            kind: 'timeseries',
            id: 1,
            title: 'Load of $host',
            place: at(0, 0),
            targets: [{ ref: 'A', expr: 'node_load1{host=~"$host"}', legend: '{{host}}' }],
          },
          {
            kind: 'stat',
            id: 2,
            title: 'Hosts',
            place: at(12, 0),
            targets: [{ ref: 'A', expr: 'count(node_load1)' }],
          },
          {
            kind: 'stat',
            id: 3,
            title: 'Broken',
            place: at(0, 6),
            targets: [{ ref: 'A', expr: 'sum(up) by by' }],
          },
          {
            kind: 'table',
            id: 4,
            title: 'Nothing',
            place: at(12, 6),
            targets: [{ ref: 'A', expr: 'no_such_metric' }],
          },
        ],
      },
    ],
  };
}
