import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { procExposition } from '../../main/engine/collect/proc/exposition.ts';
import { PROC_SCRIPT } from '../../main/engine/platform/proc-script.ts';
import { type NodeExporter, startNodeExporter } from '../helpers/node-exporter.ts';

/** Figures read from /proc by a shell beside those of Debian's node_exporter on the same machine at the same time. */

let exporter: NodeExporter;
beforeAll(async () => {
  exporter = await startNodeExporter();
});
afterAll(() => exporter.stop());

type Series = ReadonlyMap<string, number>;

/** Samples of a text exposition by name and sorted labels. */
function seriesOf(text: string): Series {
  const found = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name, labels = '', value] = /^([a-z]\w*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const sorted = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([whole]) => whole).sort();
    found.set(`${name}{${sorted.join(',')}}`, Number(value));
  }
  return found;
}

const script = (shell: string): string =>
  execFileSync(shell, ['-c', PROC_SCRIPT], { encoding: 'utf8', maxBuffer: 16 << 20 });

async function exported(): Promise<Series> {
  const answer = await fetch(`http://${exporter.address}/metrics`);
  return seriesOf(await answer.text());
}

/** Our figures, and those of the exporter just before and just after. */
async function both(): Promise<{ readonly ours: Series; readonly before: Series; readonly theirs: Series }> {
  const before = await exported();
  const read = procExposition(script('/bin/sh'));
  if (!read.ok) throw new Error(read.error.message.en);
  return { ours: seriesOf(read.value), before, theirs: await exported() };
}

/** Families of node_exporter that say the same at any time. */
const FIXED =
  /^node_(memory_(MemTotal|SwapTotal|Hugepagesize)_bytes|filesystem_(size_bytes|files|readonly|device_error)|boot_time_seconds|uname_info|filefd_maximum)\{/;
/** Debian's exporter leaves these mounts out, upstream's does not, and neither do we: backup media are mounted there. */
const DEBIAN_LEAVES_OUT = /^node_filesystem_.*mountpoint="\/(run|mnt|media)("|\/)/;
/** Figures that one process more or less changes. */
const RESTLESS =
  /^node_(procs_(running|blocked)|disk_io_now|load\d+|filefd_allocated|memory_(Dirty|Writeback)_bytes)\{/;

/** A moment lies between two readings, and between those a busy machine takes and gives back memory. */
function expectBetween(series: string, value: number, before: number, after: number): void {
  const slack = Math.max(256 << 20, Math.abs(after) * 0.1);
  const what = `${series}: ${value}, and by the exporter ${before} before, ${after} after`;
  expect(value, what).toBeGreaterThanOrEqual(Math.min(before, after) - slack);
  expect(value, what).toBeLessThanOrEqual(Math.max(before, after) + slack);
}

describe('figures without an exporter', () => {
  test('have the names and labels of node_exporter, and its values', async () => {
    const { ours, before, theirs } = await both();
    expect(ours.size).toBeGreaterThan(150);
    for (const [series, value] of ours) {
      if (DEBIAN_LEAVES_OUT.test(series)) continue;
      const other = theirs.get(series);
      if (other === undefined) throw new Error(`node_exporter has no ${series}`);
      if (FIXED.test(series)) expect([series, value]).toEqual([series, other]);
      else if (!RESTLESS.test(series)) expectBetween(series, value, before.get(series) ?? other, other);
    }
  });

  test('leave out nothing of the families that they have', async () => {
    const { ours, theirs } = await both();
    const nameOf = (series: string): string => series.split('{')[0] ?? '';
    const names = new Set([...ours.keys()].map(nameOf));
    const missing = [...theirs.keys()].filter((series) => names.has(nameOf(series)) && !ours.has(series));
    expect(missing).toEqual([]);
  });

  test('are the same by every shell', () => {
    const parts = (text: string): readonly string[] =>
      text.split('\n').filter((line) => line.startsWith('== '));
    expect(parts(script('/bin/bash'))).toEqual(parts(script('/bin/dash')));
  });
});
