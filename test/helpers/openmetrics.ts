import { join } from 'node:path';
import { labelsKey } from '#shared/domain/labels.ts';
import { SampleBuffer } from '#shared/domain/samples.ts';
import { IMPORT_FOLDER } from '../../main/engine/metrics/backfill/adopt.ts';
import { exportOpenMetrics } from '../../main/engine/metrics/backfill/export-open-metrics.ts';
import { runImport } from '../../main/engine/metrics/backfill/import-task.ts';
import type { StoredSeries } from '../../main/engine/metrics/store.ts';
import type { MetricsBench } from './metrics-area.ts';
import { noTasks } from './no-tasks.ts';

const EVERYTHING = [{ name: '__name__', op: '!=', value: '' }] as const;

/** Every series of a store. */
function allSeries(bench: MetricsBench): readonly StoredSeries[] {
  return bench.area.store.select(EVERYTHING, 0, 1e15);
}

/** Every sample of a store: labels → `time:high half:low half` in order of time. */
export function allSamples(bench: MetricsBench): Map<string, string[]> {
  const buffer = new SampleBuffer();
  const found = new Map<string, string[]>();
  for (const series of allSeries(bench)) {
    series.read(0, 1e15, buffer);
    found.set(labelsKey(series.labels), samplesOf(buffer));
  }
  return found;
}

function samplesOf({ times, bits, length }: SampleBuffer): string[] {
  return Array.from({ length }, (_, i) => `${times[i]}:${hex(bits[i * 2 + 1])}:${hex(bits[i * 2])}`);
}

const hex = (half: number | undefined): string => (half ?? 0).toString(16);

/** A sample as {@link allSamples} shows it. */
export function sampleText(time: number, value: number): string {
  const buffer = new SampleBuffer(1);
  buffer.times[0] = time;
  buffer.values[0] = value;
  buffer.length = 1;
  return samplesOf(buffer)[0] ?? '';
}

/** Imports a file as the engine does, without the thread. */
export async function importFile(bench: MetricsBench, folder: string, file: string) {
  const built = await runImport(
    { file, folder: join(folder, IMPORT_FOLDER), latest: bench.now + 600_000 },
    {
      signal: new AbortController().signal,
      post: () => undefined,
      onMessage: () => undefined,
      start: noTasks,
    },
  );
  if (!built.ok) return built;
  const adopted = await bench.area.adopt(built.value);
  return adopted.ok ? built : adopted;
}

/** Exports everything to a file. */
export async function exportFile(bench: MetricsBench, path: string, end = 1e13) {
  const start = Math.max(0, bench.area.oldestTime());
  return exportOpenMetrics(
    { path, start, end, series: allSeries(bench), describe: (name) => bench.area.store.metadata(name) },
    {
      breathe: () => Promise.resolve(),
      signal: new AbortController().signal,
      progress: () => undefined,
    },
  );
}
