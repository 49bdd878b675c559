import { describeThrown } from '#shared/errors/index.ts';
import type { Head } from './head.ts';
import { decodeLabels } from './label-codec.ts';
import { decodeRow, SampleBatch } from './wal-row.ts';

/** Where numbering goes on after a load. */
export type LoadedHead = { readonly nextRef: number; readonly nextRow: number };

/**
 * Brings the head to where it was when the last commit was acknowledged: series, then what is already in chunks, then
 * the rows in their order.
 *
 * A sample that is already in a chunk is not appended again: within a series time only grows, so everything up to the
 * end of its newest chunk, and everything before `sealedUntil`, is skipped.
 */
export function loadHead(head: Head): LoadedHead {
  const { series, statements } = head;
  let nextRef = 1;
  for (const { ref, labels } of statements.allSeries.iterate()) {
    series.add(decodeLabels(labels), ref);
    nextRef = ref + 1;
  }
  head.sealedUntil = statements.getMeta.get('sealed_until') ?? Number.NEGATIVE_INFINITY;
  head.refusedBefore = head.sealedUntil;
  head.epoch = statements.getMeta.get('epoch') ?? 0;
  head.samples = statements.countSamples.get(head.sealedUntil) ?? 0;
  for (const { series: ref, last } of statements.lastOfSeries.iterate()) {
    const slot = series.findRef(ref);
    if (slot !== undefined) series.last[slot] = last;
    if (last > head.maxTime) head.maxTime = last;
  }
  for (const { name, type, help, unit } of statements.allMetadata.iterate())
    head.metadata.set(name, { type, help, unit });
  const nextRow = Math.max(replayRows(head), statements.getMeta.get('next_row') ?? 1);
  return { nextRef: Math.max(nextRef, statements.getMeta.get('next_ref') ?? 1), nextRow };
}

function replayRows(head: Head): number {
  const { statements, options } = head;
  const row = new SampleBatch();
  let nextRow = 1;
  for (const { id, data } of statements.allRows.iterate()) {
    nextRow = id + 1;
    try {
      decodeRow(data, row);
    } catch (thrown) {
      // SQLite has committed this row whole, so it was damaged on the disk afterwards. The others are still good.
      options.logger.log('error', 'a write-ahead row is damaged and left out', {
        file: options.path,
        row: id,
        why: describeThrown(thrown),
      });
      continue;
    }
    keepFresh(head, row);
    head.apply(row, id);
  }
  return nextRow;
}

/** Leaves in a row only the samples that are in no chunk yet, and finds the series that they belong to. */
function keepFresh(head: Head, row: SampleBatch): void {
  const { series } = head;
  let kept = 0;
  let slot = -1;
  for (let i = 0; i < row.length; i++) {
    const ref = row.refs[i] ?? 0;
    // Series were loaded in the order of their numbers, so those of a row mostly lie beside each other.
    slot = series.ref[slot + 1] === ref ? slot + 1 : (series.findRef(ref) ?? -1);
    const time = row.times[i] ?? 0;
    if (slot < 0 || time < head.sealedUntil || time <= (series.last[slot] ?? 0)) continue;
    row.slots[kept] = slot;
    row.times[kept] = time;
    row.bits[kept * 2] = row.bits[i * 2] ?? 0;
    row.bits[kept * 2 + 1] = row.bits[i * 2 + 1] ?? 0;
    kept++;
  }
  row.length = kept;
}
