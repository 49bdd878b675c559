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

/** Work in turns: between two of them other work may be done. Ends with its outcome. */
type Turns = Generator<void, Result<void>>;

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
function* seal(head: Head, files: PartitionFiles, window: Window): Turns {
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
  if (slots.length > 0) {
    slots.sort((a, b) => compareLabels(series.labels(a), series.labels(b)));
    const written = yield* write(head, files, window, slots);
    if (!written.ok) return written;
  }
  return yield* dropSealed(head, window.end);
}

/** Builds and publishes the partition of a window from the chunks of these series. */
function* write(head: Head, files: PartitionFiles, window: Window, slots: readonly number[]): Turns {
  const { temporary, path } = files.paths(window.start, window.end);
  const created = PartitionWriter.create(temporary, { ...window, epoch: head.epoch });
  if (!created.ok) return created;
  const writer = created.value;
  let published = false;
  try {
    for (const [index, slot] of slots.entries()) {
      if (index % SERIES_A_TURN === SERIES_A_TURN - 1) yield;
      const ref = head.series.ref[slot] ?? 0;
      const chunks = head.statements.chunksBetween.all(ref, window.start, window.end);
      const added = writer.add(head.series.labels(slot), chunks);
      if (!added.ok) return added;
    }
    const result = writer.publish(path);
    published = result.ok;
    if (!published) return result;
  } finally {
    // Reached also when the store is closed between two turns.
    if (!published) writer.abandon();
  }
  const failed = files.add(path);
  return failed === null ? ok(undefined) : err(failed);
}

function* dropSealed(head: Head, until: number): Turns {
  const marked = head.markSealed(until);
  if (!marked.ok) return marked;
  for (let dropped = ROWS_A_TURN; dropped === ROWS_A_TURN; ) {
    const done = head.transaction(() => {
      dropped = head.statements.dropChunks.run(until, ROWS_A_TURN).changes;
    });
    if (!done.ok) return done;
    yield;
  }
  return head.forgetIdle(until);
}

async function inTurns(head: Head, turns: Turns, breathe: Breathe): Promise<Result<void>> {
  const { epoch } = head;
  for (;;) {
    const turn = turns.next();
    if (turn.done) return turn.value;
    // A clock set back meanwhile has sealed everything already.
    const goOn = (await breathe()) && head.epoch === epoch;
    if (!goOn) return turns.return(ok(undefined)).value ?? ok(undefined);
  }
}

function atOnce(turns: Turns): Result<void> {
  for (;;) {
    const turn = turns.next();
    if (turn.done) return turn.value;
  }
}

/** Seals a window while scrapes go on. */
export function sealWindow(
  head: Head,
  files: PartitionFiles,
  window: Window,
  breathe: Breathe,
): Promise<Result<void>> {
  return inTurns(head, seal(head, files, window), breathe);
}

/** Finishes seals whose partition was published but whose chunks are still in the head file. */
export function finishSeals(head: Head, files: PartitionFiles, breathe: Breathe): Promise<Result<void>> {
  const ends = files.all.filter(({ epoch }) => epoch === head.epoch).map(({ end }) => end);
  const sealed = Math.max(head.sealedUntil, ...ends);
  return Number.isFinite(sealed)
    ? inTurns(head, dropSealed(head, sealed), breathe)
    : Promise.resolve(ok(undefined));
}

/**
 * Makes room for times that lie before what the head holds, after the clock was set back: seals everything at once and
 * begins a new epoch. What was written under the wrong time stays readable where it is.
 */
export function rewind(head: Head, files: PartitionFiles): Result<void> {
  const { windowMs } = head.options;
  for (let oldest = head.oldestTime(); Number.isFinite(oldest); oldest = head.oldestTime()) {
    const start = Math.floor(oldest / windowMs) * windowMs;
    const sealed = atOnce(seal(head, files, { start, end: start + windowMs }));
    if (!sealed.ok) return sealed;
  }
  return head.beginEpoch();
}
