import { createHook } from 'node:async_hooks';
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkstationCollector } from '../../main/engine/collect/workstation/index.ts';
import { systemClock } from '../../main/engine/platform/clock.ts';
import { systemTimers } from '../../main/engine/platform/timers.ts';
import { countSamples } from '../helpers/memory-sink.ts';
import { type NodeExporter, startNodeExporter } from '../helpers/node-exporter.ts';

let exporter: NodeExporter;
beforeAll(async () => {
  exporter = await startNodeExporter();
});
afterAll(() => exporter.stop());

type Exposition = { readonly values: Map<string, number>; readonly meta: Map<string, string> };

function read(text: string): Exposition {
  const values = new Map<string, number>();
  const meta = new Map<string, string>();
  for (const line of text.split('\n')) {
    const about = /^# (TYPE|HELP) (\S+) (.*)$/.exec(line);
    if (about) meta.set(`${about[1]} ${about[2]}`, about[3] ?? '');
    const sample = /^([^#\s{]+)(\{.*\})? (\S+)$/.exec(line);
    if (!sample) continue;
    const labels = [...(sample[2] ?? '').matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)].map(([pair]) => pair);
    values.set(`${sample[1]}{${labels.sort().join(',')}}`, Number(sample[3]));
  }
  return { values, meta };
}

async function ourExposition(): Promise<Exposition> {
  const own = await createWorkstationCollector(systemClock, systemTimers)();
  if (!own.ok) throw new Error(own.error.message.en);
  expect(countSamples(own.value).ok).toBe(true);
  return read(Buffer.from(own.value).toString('utf8'));
}

async function theirExposition(): Promise<Exposition> {
  return read(await (await fetch(`http://${exporter.address}/metrics`)).text());
}

/** What both read a moment apart from the same kernel, as a factor. */
const TOLERANCE = 0.25;
/** Numbers that may be anything a moment later. */
const MOVING = /procs_running|procs_blocked|load1|Dirty|Writeback|io_now|vmstat|filefd|intr|forks|context/;
/** Comparisons at most: memory may move a lot between two readings when other tests run; a wrong unit is wrong every time. */
const ROUNDS = 5;

test("every metric has node_exporter's name, labels, type and value", async () => {
  let far: readonly (readonly [string, number, number])[] | null = null;
  for (let round = 0; round < ROUNDS && far?.length !== 0; round += 1) {
    const before = await theirExposition();
    const ours = await ourExposition();
    const theirs = await theirExposition();
    // Where the exporter leaves a device out (its own netlink filter, mounts of its own), there is nothing to compare.
    const known = [...ours.values].filter(([series]) => theirs.values.has(series));
    expect(known.length).toBeGreaterThan(120);
    const names = (exposition: Exposition): Set<string> =>
      new Set([...exposition.values.keys()].map((series) => series.replace(/\{.*/, '')));
    expect([...names(ours)].filter((name) => !names(theirs).has(name))).toEqual([]);
    for (const [about, text] of ours.meta)
      if (about.startsWith('TYPE')) expect(`${about} ${text}`).toBe(`${about} ${theirs.meta.get(about)}`);
    const now = known.flatMap(([series, value]) => {
      const around = [before, theirs].map(({ values }) => values.get(series) ?? Number.NaN);
      const isNear = around.some(
        (other) => Math.abs(value - other) <= Math.max(2, Math.abs(other) * TOLERANCE),
      );
      return isNear || MOVING.test(series) ? [] : [[series, value, around[1] ?? Number.NaN] as const];
    });
    // Only what is far each time is wrong.
    far = far === null ? now : now.filter(([series]) => far?.some(([earlier]) => earlier === series));
  }
  expect(far).toEqual([]);
});

test('what panels and conditions need is there', async () => {
  const ours = await ourExposition();
  const find = (pattern: RegExp): [string, number][] =>
    [...ours.values].filter(([series]) => pattern.test(series));
  expect(find(/^node_cpu_seconds_total\{.*mode="idle"/).length).toBeGreaterThanOrEqual(1);
  for (const field of ['MemTotal', 'MemFree', 'MemAvailable', 'Buffers', 'Cached', 'SwapTotal', 'SwapFree'])
    expect(find(new RegExp(`^node_memory_${field}_bytes`)), field).toHaveLength(1);
  expect(find(/^node_filesystem_avail_bytes\{.*mountpoint="\/"/)).toHaveLength(1);
  expect(find(/^node_network_receive_bytes_total/).length).toBeGreaterThanOrEqual(1);
  for (const name of ['load1', 'load5', 'load15', 'boot_time_seconds', 'time_seconds', 'uname_info'])
    expect(find(new RegExp(`^node_${name}\\{`)), name).toHaveLength(1);
  const size = find(/^node_filesystem_size_bytes\{.*mountpoint="\/"/)[0]?.[1] ?? 0;
  const df = execFileSync('df', ['-B1', '--output=size', '/']).toString().split('\n')[1];
  expect(size).toBe(Number(df));
});

test('collecting starts no process and costs little', async () => {
  const collect = createWorkstationCollector(systemClock, systemTimers);
  await collect();
  let processes = 0;
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'PROCESSWRAP') processes += 1;
    },
  }).enable();
  const before = process.cpuUsage();
  for (let n = 0; n < 50; n += 1) await collect();
  const { user, system } = process.cpuUsage(before);
  hook.disable();
  expect(processes).toBe(0);
  // At one collection in 15 s, 10 ms would still be under a thousandth of a core.
  expect((user + system) / 1000 / 50).toBeLessThan(10);
});
