import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hmtt } from './headless-engine.ts';

/** Distance of the samples, milliseconds. */
export const SITE_STEP_MS = 15_000;

/** Series and samples of `wide_gauge`: more than 50,000 points on one chart. */
export const WIDE_SERIES = 25;
export const WIDE_SAMPLES = 2_080;

/** More series than a chart shows unless it is told to. */
export const MANY_SERIES = 260;

/** A data folder with samples up to now, for tests and pictures of charts. */
export type ChartSite = {
  readonly dataDir: string;
  /** UTC milliseconds of the newest samples. */
  readonly end: number;
  readonly remove: () => void;
};

type ValueAt = (sample: number) => number | null;

/**
 * Makes a data folder with 25 long series, 260 short ones, a counter, a series with a hole and one that ended.
 *
 * @throws Error with the command's words when the import fails
 */
export async function makeChartSite(now: number): Promise<ChartSite> {
  const folder = mkdtempSync(join(tmpdir(), 'hmtt-charts-'));
  const end = Math.floor(now / SITE_STEP_MS) * SITE_STEP_MS;
  const lines: string[] = [];
  const family = (name: string, type: string, help: string): void => {
    lines.push(`# TYPE ${name} ${type}`, `# HELP ${name} ${help}`);
  };
  const series = (name: string, labels: string, samples: number, valueAt: ValueAt): void => {
    for (let sample = 0; sample < samples; sample += 1) {
      const value = valueAt(sample);
      const seconds = (end - (samples - 1 - sample) * SITE_STEP_MS) / 1000;
      if (value !== null) lines.push(`${name}{${labels}} ${value} ${seconds}`);
    }
  };
  family('wide_gauge', 'gauge', 'A wave in many series.');
  for (let index = 0; index < WIDE_SERIES; index += 1) {
    const wave: ValueAt = (i) =>
      Math.round((100 + index * 9 + 20 * Math.sin(i / 60 + index) + 3 * Math.sin(i * 1.7)) * 1000) / 1000;
    series('wide_gauge', `series="s${String(index).padStart(2, '0')}"`, WIDE_SAMPLES, wave);
  }
  family('many_gauge', 'gauge', 'More series than a chart shows.');
  for (let index = 0; index < MANY_SERIES; index += 1) {
    series('many_gauge', `id="${index}",zone="z${index % 3}"`, 20, (i) => index + (i % 4));
  }
  family('orders', 'counter', 'Orders taken.');
  for (const shop of ['east', 'west']) {
    series('orders_total', `shop="${shop}"`, 240, (i) => i * (shop === 'east' ? 30 : 12));
  }
  family('holey_gauge', 'gauge', 'A gauge with a hole of a quarter of an hour.');
  series('holey_gauge', 'kind="hole"', 240, (i) => (i > 100 && i < 160 ? null : 5 + (i % 7)));
  family('ended_gauge', 'gauge', 'A gauge that nobody reports any more.');
  series('ended_gauge', 'kind="end"', 240, (i) => (i > 120 ? null : 3));
  const file = join(folder, 'samples.om');
  writeFileSync(file, `${lines.join('\n')}\n# EOF\n`);
  const dataDir = join(folder, 'data');
  const run = await hmtt(dataDir, 'import', 'openmetrics', file);
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  if (run.code !== 0) {
    remove();
    throw new Error(`the samples could not be imported: ${run.stderr}`);
  }
  return { dataDir, end, remove };
}
