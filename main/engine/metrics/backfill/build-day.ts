import type { Labels } from '#shared/domain/labels.ts';
import { SampleBuffer } from '#shared/domain/samples.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import { encodeChunk } from '../chunk/encode.ts';
import { CHUNK_SAMPLES } from '../chunk/format.ts';
import { IMPORTED_EPOCH } from '../partition-schema.ts';
import { PartitionWriter, type TimedChunk } from '../partition-writer.ts';
import { sortSamples } from '../sample-order.ts';
import { eachRecord } from './staging.ts';

/** Samples of one pass over a staged day; a denser day is gone through several times. */
const MOST_IN_MEMORY = 4_000_000;

/** The series of an import: `labels[id]`, and `order[id]`, their place in the order of the labels. */
export type ImportedSeries = { readonly labels: readonly Labels[]; readonly order: Uint32Array };

/** A day's staged samples, and where its partition goes. */
export type DayToBuild = {
  readonly start: number;
  readonly end: number;
  readonly staged: string;
  readonly path: string;
};

/** What building a day came to; `doubled` samples had a series and time that occurred before, and were left out. */
export type BuiltDay = { readonly samples: number; readonly doubled: number };

/**
 * Writes the partition of one day from its staged samples: in order of the series, each series in order of time, each
 * time once (the one that stood first in the file).
 */
export function buildDay(day: DayToBuild, series: ImportedSeries): Result<BuiltDay> {
  const counts = new Map<number, number>();
  eachRecord(day.staged, (_time, _hi, _lo, id) => counts.set(id, (counts.get(id) ?? 0) + 1));
  const ids = [...counts.keys()].sort((a, b) => (series.order[a] ?? 0) - (series.order[b] ?? 0));
  const created = PartitionWriter.create(`${day.path}.part`, {
    start: day.start,
    end: day.end,
    epoch: IMPORTED_EPOCH,
  });
  if (!created.ok) return created;
  const writer = created.value;
  let published = false;
  let samples = 0;
  let doubled = 0;
  try {
    for (const pass of planPasses(ids, counts, MOST_IN_MEMORY)) {
      for (const [id, buffer] of gather(day.staged, pass, counts)) {
        const found = buffer.length;
        sortSamples(buffer);
        samples += buffer.length;
        doubled += found - buffer.length;
        const added = writer.add(series.labels[id] ?? [], chunksOf(buffer));
        if (!added.ok) return added;
      }
    }
    const done = writer.publish(day.path);
    published = done.ok;
    return done.ok ? ok({ samples, doubled }) : done;
  } finally {
    if (!published) writer.abandon();
  }
}

/** Cuts the series into groups that have no more samples than `most`; a series is never cut. */
export function planPasses(
  ids: readonly number[],
  counts: ReadonlyMap<number, number>,
  most: number,
): readonly (readonly number[])[] {
  const passes: number[][] = [];
  let room = 0;
  for (const id of ids) {
    const count = counts.get(id) ?? 0;
    const last = passes.at(-1);
    if (last === undefined || count > room) {
      passes.push([id]);
      room = most - count;
    } else {
      last.push(id);
      room -= count;
    }
  }
  return passes;
}

/** The samples of some series, series by series in the order given; a buffer is valid until the next one. */
function* gather(
  staged: string,
  ids: readonly number[],
  counts: ReadonlyMap<number, number>,
): Iterable<readonly [number, SampleBuffer]> {
  const next = new Map<number, number>();
  let total = 0;
  for (const id of ids) {
    next.set(id, total);
    total += counts.get(id) ?? 0;
  }
  const times = new Float64Array(total);
  const bits = new Uint32Array(total * 2);
  eachRecord(staged, (time, hi, lo, id) => {
    const at = next.get(id);
    if (at === undefined) return;
    times[at] = time;
    bits[at * 2] = lo;
    bits[at * 2 + 1] = hi;
    next.set(id, at + 1);
  });
  const buffer = new SampleBuffer();
  for (const id of ids) {
    const end = next.get(id) ?? 0;
    buffer.length = 0;
    for (let at = end - (counts.get(id) ?? 0); at < end; at++)
      buffer.push(times[at] ?? 0, bits[at * 2 + 1] ?? 0, bits[at * 2] ?? 0);
    yield [id, buffer];
  }
}

function chunksOf({ times, bits, length }: SampleBuffer): readonly TimedChunk[] {
  const chunks: TimedChunk[] = [];
  for (let from = 0; from < length; from += CHUNK_SAMPLES) {
    const to = Math.min(from + CHUNK_SAMPLES, length);
    chunks.push({
      start: times[from] ?? 0,
      end: times[to - 1] ?? 0,
      data: encodeChunk(times.subarray(from, to), bits.subarray(from * 2, to * 2), to - from),
    });
  }
  return chunks;
}
