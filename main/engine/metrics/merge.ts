import { open as openFile, rm } from 'node:fs/promises';
import { compareLabels, type Labels } from '#shared/domain/labels.ts';
import { SampleBuffer } from '#shared/domain/samples.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import { publishFile } from '../storage/durable.ts';
import { writeError } from '../storage/io-error.ts';
import { cutChunks } from './chunk/cut.ts';
import { decodeChunk } from './chunk/decode.ts';
import { damaged, type Partition } from './partition.ts';
import type { PartitionFiles } from './partition-files.ts';
import { PartitionWriter } from './partition-writer.ts';
import { sortSamples } from './sample-order.ts';
import type { Breathe } from './seal.ts';

/** Samples moved before other work gets its turn: a few milliseconds. */
const SAMPLES_A_TURN = 30_000;

/** A partition as the plan sees it. */
type Mergeable = {
  readonly start: number;
  readonly end: number;
  readonly retentionClass: string;
};

/** Partitions that become one. */
export type MergeGroup<P> = {
  readonly start: number;
  readonly end: number;
  readonly retentionClass: string;
  readonly members: readonly P[];
};

/**
 * The newest span of `spanMs` (a day) that is complete and lies in several files of one retention class, or null. A span is
 * complete when the head has sealed past its end; what an import adds later is merged again.
 */
export function planMerge<P extends Mergeable>(
  partitions: readonly P[],
  sealedUntil: number,
  spanMs: number,
): MergeGroup<P> | null {
  const groups = new Map<string, MergeGroup<P> & { members: P[] }>();
  for (const partition of partitions) {
    const start = Math.floor(partition.start / spanMs) * spanMs;
    const end = start + spanMs;
    if (partition.end > end || end > sealedUntil) continue;
    const { retentionClass } = partition;
    const key = `${start} ${retentionClass}`;
    const group = groups.get(key) ?? { start, end, retentionClass, members: [] };
    group.members.push(partition);
    groups.set(key, group);
  }
  let newest: MergeGroup<P> | null = null;
  for (const group of groups.values())
    if (group.members.length > 1 && (newest === null || group.start > newest.start)) newest = group;
  return newest;
}

/** A member and the series that it stands at. */
type Cursor = { readonly partition: Partition; id: number; labels: Labels; ended: boolean };

/**
 * Writes the samples of several partitions into one and puts it in their place.
 *
 * 1. The file is built under a temporary name, in turns. Every chunk is read back before it counts as written.
 * 2. It is synced and gets its name; from here on it counts, because it names the files that it replaces.
 * 3. Those are removed. After a crash the start does that.
 *
 * Where two members have a sample of the same series and time, that of the first counts, as it did in queries. A member with
 * damage stays as it is, because removing it would take away the chance to mend it.
 *
 * @param group members in the order of `files.all`
 */
export async function mergePartitions(
  files: PartitionFiles,
  group: MergeGroup<Partition>,
  breathe: Breathe,
): Promise<Result<void>> {
  const { start, end, retentionClass, members } = group;
  const { temporary, path } = files.paths({ start, end, retentionClass });
  const created = PartitionWriter.create(temporary, {
    start,
    end,
    epoch: Math.min(...members.map(({ epoch }) => epoch)),
    retentionClass,
    sources: members.map(({ name }) => name),
  });
  if (!created.ok) return created;
  const writer = created.value;
  let published = false;
  try {
    const copied = await copyAll(files, members, writer, breathe);
    if (!copied.ok) return copied;
    const complete = writer.complete();
    if (!complete.ok) return complete;
    // In the system's own threads: syncing a large file may take long, and scrapes go on meanwhile.
    const handle = await openFile(temporary, 'r+');
    await handle.sync().finally(() => handle.close());
    if (!(await breathe()) || members.some(({ isClosed }) => isClosed)) return err(appError('CANCELLED'));
    publishFile(temporary, path);
    published = true;
  } catch (thrown) {
    return err(thrown instanceof MergeStopped ? thrown.error : writeError(temporary, thrown));
  } finally {
    if (!published) {
      writer.abandon();
      await rm(temporary, { force: true });
    }
  }
  const failed = files.replace(path, members);
  return failed === null ? ok(undefined) : err(failed);
}

async function copyAll(
  files: PartitionFiles,
  members: readonly Partition[],
  writer: PartitionWriter,
  breathe: Breathe,
): Promise<Result<void>> {
  const cursors = members.map((partition): Cursor => ({ partition, id: 0, labels: [], ended: false }));
  for (const cursor of cursors) advance(files, cursor);
  const samples = new SampleBuffer();
  let doubled = 0;
  let untilTurn = SAMPLES_A_TURN;
  for (;;) {
    const labels = leastLabels(cursors);
    if (labels === null) break;
    samples.length = 0;
    for (const cursor of cursors) {
      if (cursor.ended || compareLabels(cursor.labels, labels) !== 0) continue;
      const { partition } = cursor;
      const damaged = reading(files, partition, () =>
        partition.read(cursor.id, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, samples),
      );
      if (damaged > 0) {
        files.reportDamagedChunk(partition);
        return err(appError('METRICS_CHUNK_DAMAGED', { file: partition.path }));
      }
      advance(files, cursor);
    }
    const found = samples.length;
    sortSamples(samples);
    doubled += found - samples.length;
    const chunks = cutChunks(samples);
    if (!readsBack(chunks, samples))
      return err(mismatch(members, 'a chunk does not read back as it was written'));
    const added = writer.add(labels, chunks);
    if (!added.ok) return added;
    untilTurn -= found;
    if (untilTurn > 0) continue;
    untilTurn = SAMPLES_A_TURN;
    if (!(await breathe()) || members.some(({ isClosed }) => isClosed)) return err(appError('CANCELLED'));
  }
  const expected = members.reduce((total, { samples: count }) => total + count, 0);
  if (writer.samples + doubled !== expected)
    return err(mismatch(members, `${writer.samples + doubled} samples instead of ${expected}`));
  return ok(undefined);
}

/** Ends a merge from inside of reading. */
class MergeStopped extends Error {
  readonly error: AppError;

  constructor(error: AppError) {
    super(error.message.en);
    this.error = error;
  }
}

function mismatch(members: readonly Partition[], why: string): AppError {
  return appError('METRICS_MERGE_MISMATCH', { file: members[0]?.path ?? '', why });
}

/** Moves a cursor to the next series. */
function advance(files: PartitionFiles, cursor: Cursor): void {
  const { partition } = cursor;
  cursor.id++;
  cursor.ended = cursor.id > partition.seriesCount;
  if (!cursor.ended) cursor.labels = reading(files, partition, () => partition.labels(cursor.id));
}

/** Reads from a member; one that turns out to be damaged is set aside, and the merge ends. */
function reading<T>(files: PartitionFiles, partition: Partition, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    files.setAside(partition, thrown);
    throw new MergeStopped(damaged(partition.path, thrown));
  }
}

/** The labels that come first of all series that the cursors stand at. */
function leastLabels(cursors: readonly Cursor[]): Labels | null {
  let least: Labels | null = null;
  for (const { ended, labels } of cursors)
    if (!ended && (least === null || compareLabels(labels, least) < 0)) least = labels;
  return least;
}

const back = new SampleBuffer();

/** Whether chunks hold exactly these samples: the files that they come from are about to be removed. */
function readsBack(chunks: readonly { readonly data: Uint8Array }[], samples: SampleBuffer): boolean {
  back.length = 0;
  for (const { data } of chunks) decodeChunk(data, back);
  if (back.length !== samples.length) return false;
  for (let i = 0; i < samples.length; i++)
    if (
      back.times[i] !== samples.times[i] ||
      back.bits[i * 2] !== samples.bits[i * 2] ||
      back.bits[i * 2 + 1] !== samples.bits[i * 2 + 1]
    )
      return false;
  return true;
}
