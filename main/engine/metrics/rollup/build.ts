import { ALL_COLUMNS, BucketBuffer } from '#shared/domain/buckets.ts';
import { compareLabels, type Labels } from '#shared/domain/labels.ts';
import { SampleBuffer } from '#shared/domain/samples.ts';
import { describeThrown, ok, type Result } from '#shared/errors/index.ts';
import { Partition } from '../partition.ts';
import { sortSamples, trimSamples } from '../sample-order.ts';
import { coarsen, inOrder } from './coarsen.ts';
import { condense } from './condense.ts';
import { RollupFile } from './file.ts';
import { FIVE_MINUTES, type RollupPart, type RollupSpan } from './schema.ts';
import { RollupWriter } from './writer.ts';

/** Series built before other work gets its turn. */
const SERIES_A_TURN = 50;

/** Lets other work have its turn; false when the work is to be given up. */
export type Breathe = () => Promise<boolean>;

/** A file that is to be built; plain data, so that it can be sent to a thread. */
export type RollupOrder = RollupSpan & {
  /** Paths of what it is made from, in the order in which they count where two have the same time. */
  readonly from: readonly string[];
  /** The last generation of a file of hours, whose other days go on. */
  readonly previous: string | null;
  /** Rows of the table `source`. */
  readonly sources: readonly RollupPart[];
  /** The days that are not taken over from `previous`: (start, end] each. */
  readonly replaced: readonly { readonly start: number; readonly end: number }[];
};

/** A sealed file whose series are gone through in the order of their labels. */
type Walked = {
  readonly path: string;
  readonly labelsOf: (id: number) => Labels;
  readonly count: number;
  /** Appends what the series has. */
  readonly read: (id: number) => void;
  id: number;
  labels: Labels;
};

/** How building went: it was given up, or a file that it is made from turned out to be damaged. */
export type RollupOutcome =
  | { readonly kind: 'built' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'damaged'; readonly path: string; readonly why: string };

/** An order with the path that the file gets when it is complete. */
export type PlacedOrder = RollupOrder & { readonly path: string };

/**
 * Builds a file of five-minute buckets from partitions, or of hours from files of five minutes and the hours before.
 * Unless it was built, nothing is left behind.
 */
export async function buildRollup(order: PlacedOrder, breathe: Breathe): Promise<Result<RollupOutcome>> {
  const opened: (Partition | RollupFile)[] = [];
  try {
    const gathered = order.resolution === FIVE_MINUTES ? samplesOf(order, opened) : bucketsOf(order, opened);
    if (!gathered.ok) return gathered;
    return await write(order, gathered.value, breathe);
  } finally {
    for (const file of opened) file.close();
  }
}

type Gathered = { readonly walked: readonly Walked[]; readonly finish: () => BucketBuffer };

function samplesOf(order: RollupOrder, opened: (Partition | RollupFile)[]): Result<Gathered> {
  const samples = new SampleBuffer();
  const buckets = new BucketBuffer();
  const walked: Walked[] = [];
  for (const path of order.from) {
    const partition = Partition.open(path);
    if (!partition.ok) return partition;
    const file = partition.value;
    opened.push(file);
    walked.push({
      path,
      labelsOf: (id) => file.labels(id),
      count: file.seriesCount,
      read: (id) => void file.read(id, order.start + 1, order.end, samples),
      id: 0,
      labels: [],
    });
  }
  return ok({
    walked,
    finish: () => {
      sortSamples(samples);
      trimSamples(samples, order.start + 1, order.end);
      buckets.length = 0;
      condense(samples, order.resolution, buckets);
      samples.length = 0;
      return buckets;
    },
  });
}

function bucketsOf(order: RollupOrder, opened: (Partition | RollupFile)[]): Result<Gathered> {
  const read = new BucketBuffer();
  const fine = new BucketBuffer();
  const buckets = new BucketBuffer();
  const scratch = new BucketBuffer();
  const walked: Walked[] = [];
  const isReplaced = (end: number): boolean =>
    order.replaced.some((day) => end > day.start && end <= day.end);
  for (const path of order.previous === null ? order.from : [order.previous, ...order.from]) {
    const rollup = RollupFile.open(path);
    if (!rollup.ok) return rollup;
    const file = rollup.value;
    opened.push(file);
    walked.push({
      path,
      labelsOf: (id) => file.labels(id),
      count: file.seriesCount,
      read: (id) => {
        read.length = 0;
        file.read(id, order.start, order.end, ALL_COLUMNS, read);
        if (path !== order.previous) fine.append(read, 0, read.length);
        else
          for (let i = 0; i < read.length; i++)
            if (!isReplaced(read.ends[i] ?? 0)) buckets.append(read, i, i + 1);
      },
      id: 0,
      labels: [],
    });
  }
  return ok({
    walked,
    finish: () => {
      coarsen(fine, order.resolution, buckets);
      const sorted = inOrder(buckets, scratch);
      // The caller is done with what it got before it asks for more, so the buffers can begin anew at the next read.
      const result = sorted === buckets ? copied(buckets, scratch) : sorted;
      buckets.length = 0;
      fine.length = 0;
      return result;
    },
  });
}

function copied(from: BucketBuffer, into: BucketBuffer): BucketBuffer {
  into.length = 0;
  into.append(from, 0, from.length);
  return into;
}

/** Goes through all series of all files in the order of the labels, and writes those that have buckets. */
async function write(
  order: PlacedOrder,
  gathered: Gathered,
  breathe: Breathe,
): Promise<Result<RollupOutcome>> {
  const created = RollupWriter.create(`${order.path}.part`, order);
  if (!created.ok) return created;
  const writer = created.value;
  let published = false;
  let reading = '';
  const next = (one: Walked): boolean => {
    reading = one.path;
    return advance(one);
  };
  try {
    const left = gathered.walked.filter(next);
    for (let n = 1; left.length > 0; n++) {
      let labels = left[0]?.labels ?? [];
      for (const one of left) if (compareLabels(one.labels, labels) < 0) labels = one.labels;
      for (const one of [...left]) {
        if (compareLabels(one.labels, labels) !== 0) continue;
        reading = one.path;
        one.read(one.id);
        if (!next(one)) left.splice(left.indexOf(one), 1);
      }
      const buckets = gathered.finish();
      if (buckets.length > 0) {
        const added = writer.add(labels, buckets);
        if (!added.ok) return added;
      }
      if (n % SERIES_A_TURN === 0 && !(await breathe())) return ok({ kind: 'stopped' });
    }
    const done = writer.publish(order.path, order.sources);
    published = done.ok;
    return done.ok ? ok({ kind: 'built' }) : done;
  } catch (thrown) {
    // Only what is read throws; what the writer meets comes as a value.
    return ok({ kind: 'damaged', path: reading, why: describeThrown(thrown) });
  } finally {
    if (!published) writer.abandon();
  }
}

function advance(one: Walked): boolean {
  if (one.id >= one.count) return false;
  one.id++;
  one.labels = one.labelsOf(one.id);
  return true;
}
