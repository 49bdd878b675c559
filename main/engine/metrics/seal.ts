import { compareLabels } from '#shared/domain/labels.ts';
import { err, ok, type Result } from '#shared/errors/index.ts';
import type { Head } from './head.ts';
import type { PartitionFiles } from './partition-files.ts';
import { PartitionWriter } from './partition-writer.ts';

/** Series written before other work gets its turn. */
const SERIES_A_TURN = 200;
/** Rows dropped in one write. */
const ROWS_A_TURN = 2_000;

/** Lets other work have its turn; false when the store was closed meanwhile and nothing more may be done. */
export type Breathe = () => Promise<boolean>;

/** A window [start, end) that is due to be sealed. */
export type Window = { readonly start: number; readonly end: number };

/**
 * The oldest window that is due, or null. As in Prometheus a window is sealed when the head reaches half a window
 * beyond it: until then late samples may still arrive.
 */
export function planSeal(oldest: number, newest: number, windowMs: number): Window | null {
  if (!Number.isFinite(oldest) || !Number.isFinite(newest)) return null;
  const start = Math.floor(oldest / windowMs) * windowMs;
  const end = start + windowMs;
  return newest - start > 1.5 * windowMs ? { start, end } : null;
}

/**
 * Moves a window's chunks from the head file into a partition of their own.
 *
 * 1. Open chunks that begin in the window are closed, and all closed ones written to the head file.
 * 2. The partition is built under a temporary name, in turns, so that scrapes go on meanwhile.
 * 3. It gets its name; from here on it counts.
 * 4. `sealed_until` moves to the window's end, and the chunks are dropped, again in turns.
 *
 * After a crash before 3 the temporary file is thrown away and nothing has changed. After a crash between 3 and 4 the
 * start finds a partition that reaches beyond `sealed_until` and does 4 ({@link finishSeals}).
 */
export async function sealWindow(
  head: Head,
  files: PartitionFiles,
  window: Window,
  breathe: Breathe,
): Promise<Result<void>> {
  const { series, statements } = head;
  head.refuseBefore(window.end);
  for (const slot of series.slots())
    if ((series.count[slot] ?? 0) > 0 && (series.base[slot] ?? 0) < window.end) series.close(slot);
  const spilled = head.spill();
  if (!spilled.ok) return spilled;
  const slots: number[] = [];
  for (const ref of statements.seriesBetween.all(window.start, window.end)) {
    const slot = series.findRef(ref);
    if (slot !== undefined) slots.push(slot);
  }
  slots.sort((a, b) => compareLabels(series.labels(a), series.labels(b)));
  if (slots.length > 0) {
    const { temporary, path } = files.paths(window.start, window.end);
    const created = PartitionWriter.create(temporary, window.start, window.end);
    if (!created.ok) return created;
    const writer = created.value;
    for (const [index, slot] of slots.entries()) {
      if (index % SERIES_A_TURN === SERIES_A_TURN - 1 && !(await breathe())) {
        writer.abandon();
        return ok(undefined);
      }
      const chunks = statements.chunksBetween.all(series.ref[slot] ?? 0, window.start, window.end);
      const added = writer.add(series.labels(slot), chunks);
      if (!added.ok) {
        writer.abandon();
        return added;
      }
    }
    const published = writer.publish(path);
    if (!published.ok) return published;
    const failed = files.add(path);
    if (failed !== null) return err(failed);
  }
  return dropSealed(head, window.end, breathe);
}

/** Finishes seals whose partition was published but whose chunks are still in the head file. */
export async function finishSeals(
  head: Head,
  files: PartitionFiles,
  breathe: Breathe,
): Promise<Result<void>> {
  const sealed = Math.max(head.sealedUntil, ...files.all.map((partition) => partition.end));
  if (!Number.isFinite(sealed)) return ok(undefined);
  return dropSealed(head, sealed, breathe);
}

async function dropSealed(head: Head, until: number, breathe: Breathe): Promise<Result<void>> {
  const marked = head.markSealed(until);
  if (!marked.ok) return marked;
  for (let dropped = ROWS_A_TURN; dropped === ROWS_A_TURN; ) {
    const done = head.transaction(() => {
      dropped = head.statements.dropChunks.run(until, ROWS_A_TURN).changes;
    });
    if (!done.ok) return done;
    if (!(await breathe())) return ok(undefined);
  }
  return head.forgetIdle(until);
}
