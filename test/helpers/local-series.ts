import { labelsFromRecord } from '#shared/domain/labels.ts';
import { NAN_HI, NAN_LO, STALE_HI, STALE_LO } from '#shared/domain/samples.ts';
import { Head } from '../../main/engine/metrics/head.ts';
import { PartitionFiles } from '../../main/engine/metrics/partition-files.ts';
import { planSeal, sealWindow } from '../../main/engine/metrics/seal.ts';
import { SeriesStore } from '../../main/engine/metrics/store.ts';
import { SampleBatch } from '../../main/engine/metrics/wal-row.ts';
import { halvesOf } from './float-halves.ts';
import type { RemoteSeries, SampleValue } from './remote-write.ts';
import { silentLogger } from './silent-logger.ts';

function bitsOf(value: SampleValue): readonly [number, number] {
  if (value === 'stale') return [STALE_HI, STALE_LO];
  if (Number.isNaN(value)) return [NAN_HI, NAN_LO];
  return halvesOf(value);
}

/**
 * Stores series with samples of given times, staleness markers too, and seals what is due, so that queries read from
 * partitions and from the head.
 */
export async function storeSeries(
  folder: string,
  series: readonly RemoteSeries[],
  windowMs: number,
): Promise<{ readonly store: SeriesStore; readonly partitions: number; readonly close: () => void }> {
  const opened = Head.open({ path: `${folder}/head.db`, windowMs, logger: silentLogger });
  if (!opened.ok) throw new Error(opened.error.message.en);
  const head = opened.value;
  const files = new PartitionFiles(folder, silentLogger);
  const samples = series.flatMap(({ labels, samples }) => {
    const sorted = labelsFromRecord(labels);
    return samples.map(({ time, value }) => ({ time, value, labels: sorted }));
  });
  samples.sort((a, b) => a.time - b.time);
  const batch = new SampleBatch();
  for (let i = 0; i < samples.length; ) {
    batch.clear();
    const until = (samples[i]?.time ?? 0) + 60_000;
    for (let sample = samples[i]; sample !== undefined && sample.time < until; sample = samples[++i]) {
      const slot = head.ensure(sample.labels);
      batch.pushBits(slot, head.series.ref[slot] ?? 0, sample.time, ...bitsOf(sample.value));
    }
    const committed = head.commit(batch);
    if (!committed.ok) throw new Error(committed.error.message.en);
  }
  for (;;) {
    const due = planSeal(head.oldestTime(), head.maxTime, windowMs);
    if (due === null) break;
    const sealed = await sealWindow(head, files, due, async () => true);
    if (!sealed.ok) throw new Error(sealed.error.message.en);
  }
  return {
    store: new SeriesStore(head, files),
    partitions: files.all.length,
    close: () => {
      files.close();
      head.close();
    },
  };
}
