import { join } from 'node:path';
import { DEFAULT_METRICS_SETTINGS } from '#shared/contract/metrics-settings.ts';
import { type Labels, labelsFromRecord } from '#shared/domain/labels.ts';
import { NAN_HI, NAN_LO, SampleBuffer, STALE_HI, STALE_LO } from '#shared/domain/samples.ts';
import { cutChunks } from '../../main/engine/metrics/chunk/cut.ts';
import { Head } from '../../main/engine/metrics/head.ts';
import { PartitionFiles, partitionName } from '../../main/engine/metrics/partition-files.ts';
import { PartitionWriter } from '../../main/engine/metrics/partition-writer.ts';
import { rollupRetention } from '../../main/engine/metrics/retention.ts';
import type { PlacedOrder } from '../../main/engine/metrics/rollup/build.ts';
import { RollupFiles } from '../../main/engine/metrics/rollup/files.ts';
import type { RollupRetention } from '../../main/engine/metrics/rollup/plan.ts';
import { RollupReader } from '../../main/engine/metrics/rollup/reader.ts';
import { RollupUpkeep } from '../../main/engine/metrics/rollup/rollups.ts';
import type { BuildRollup } from '../../main/engine/metrics/rollup/tasks.ts';
import { SeriesStore } from '../../main/engine/metrics/store.ts';
import { createPromqlEngine, type PromqlEngine } from '../../main/engine/promql/engine.ts';
import { halvesOf } from './float-halves.ts';
import type { RemoteSeries, SampleValue } from './remote-write.ts';
import { inTurns } from './rollup-in-turns.ts';
import { silentLogger } from './silent-logger.ts';

/** Partitions and roll-ups in a folder, with the query language on top of both and on top of the samples alone. */
export type RollupBench = {
  readonly partitions: PartitionFiles;
  readonly rollups: RollupFiles;
  readonly reader: RollupReader;
  readonly upkeep: RollupUpkeep;
  /** Does all there is to do; the files that were built, by name. */
  readonly rollUp: () => Promise<readonly string[]>;
  /** Writes partitions of these series, one for each window. */
  readonly add: (series: readonly RemoteSeries[], windowMs: number, retentionClass?: string) => void;
  readonly withRollups: PromqlEngine;
  readonly samplesOnly: PromqlEngine;
  readonly close: () => void;
};

/** Opens or makes a store without any scraping. */
export function openRollups(
  folder: string,
  options: { readonly build?: BuildRollup; readonly retention?: RollupRetention } = {},
): RollupBench {
  const opened = Head.open({ path: join(folder, 'head.db'), windowMs: 7_200_000, logger: silentLogger });
  if (!opened.ok) throw new Error(opened.error.message.en);
  const head = opened.value;
  const partitions = new PartitionFiles(folder, silentLogger);
  const rollups = new RollupFiles(join(folder, 'rollup'), silentLogger);
  const store = new SeriesStore(head, partitions);
  const reader = new RollupReader(rollups, partitions, store);
  const built: string[] = [];
  const upkeep = new RollupUpkeep({
    rollups,
    partitions,
    open: () => ({ from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY }),
    retention: () => options.retention ?? rollupRetention(DEFAULT_METRICS_SETTINGS),
    build: (order: PlacedOrder) => {
      built.push(order.path.slice(order.path.lastIndexOf('/') + 1));
      return (options.build ?? inTurns)(order);
    },
    logger: silentLogger,
  });
  const monotonic = (): number => performance.now();
  return {
    partitions,
    rollups,
    reader,
    upkeep,
    rollUp: async () => {
      built.length = 0;
      while (await upkeep.step());
      return [...built];
    },
    add: (series, windowMs, retentionClass = '') =>
      addPartitions(folder, partitions, series, windowMs, retentionClass),
    withRollups: createPromqlEngine({ source: store, rollups: reader, monotonic }),
    samplesOnly: createPromqlEngine({ source: store, monotonic }),
    close: () => {
      upkeep.close();
      rollups.close();
      partitions.close();
      head.close();
    },
  };
}

function bitsOf(value: SampleValue): readonly [number, number] {
  if (value === 'stale') return [STALE_HI, STALE_LO];
  if (Number.isNaN(value)) return [NAN_HI, NAN_LO];
  return halvesOf(value);
}

function addPartitions(
  folder: string,
  files: PartitionFiles,
  series: readonly RemoteSeries[],
  windowMs: number,
  retentionClass: string,
): void {
  const windows = new Map<number, [Labels, SampleBuffer][]>();
  const byLabels = series.map(({ labels, samples }) => ({ labels: labelsFromRecord(labels), samples }));
  byLabels.sort((a, b) => (a.labels.join('\xff') < b.labels.join('\xff') ? -1 : 1));
  for (const { labels, samples } of byLabels) {
    let current = Number.NaN;
    let buffer = new SampleBuffer();
    for (const { time, value } of samples) {
      const window = Math.floor(time / windowMs) * windowMs;
      if (window !== current) {
        buffer = new SampleBuffer();
        windows.set(window, [...(windows.get(window) ?? []), [labels, buffer]]);
        current = window;
      }
      buffer.push(time, ...bitsOf(value));
    }
  }
  for (const [start, held] of [...windows].sort(([a], [b]) => a - b)) {
    const place = { start, end: start + windowMs, retentionClass };
    let copy = 1;
    const names = new Set(files.all.map(({ name }) => name));
    while (names.has(partitionName(place, copy))) copy++;
    const path = join(folder, partitionName(place, copy));
    const writer = PartitionWriter.create(`${path}.part`, { ...place, epoch: 0 });
    if (!writer.ok) throw new Error(writer.error.message.en);
    for (const [labels, buffer] of held) writer.value.add(labels, cutChunks(buffer));
    const done = writer.value.publish(path);
    if (!done.ok) throw new Error(done.error.message.en);
    const failed = files.add(path);
    if (failed !== null) throw new Error(failed.message.en);
  }
}
