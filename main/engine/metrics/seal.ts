import { existsSync, renameSync, rmSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Labels } from '#shared/domain/labels.ts';
import { SampleBuffer } from '#shared/domain/samples.ts';
import { err, ok, type Result } from '#shared/errors/index.ts';
import { syncFile, syncFolder } from '../storage/durable.ts';
import { writeError } from '../storage/io-error.ts';
import { cutChunks } from './chunk/cut.ts';
import type { Head } from './head.ts';
import { inLabelOrder } from './label-order.ts';
import type { PartitionFiles } from './partition-files.ts';
import { type PartitionSpan, PartitionWriter } from './partition-writer.ts';

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

/** Open chunks that are closed and written out before other work gets its turn. */
const CHUNKS_A_TURN = 1_000;

/** What a turn waits for besides other work; not waited for when all is done at once. */
type Waiting = (() => Promise<void>) | undefined;

/** Work in turns: between two of them other work may be done. Ends with its outcome. */
type Turns = Generator<Waiting, Result<void>>;

/** The retention class of a series; '' is the ordinary one. */
export type ClassOf = (labels: Labels) => string;

const ordinary: ClassOf = () => '';

/**
 * Moves a window's chunks from the head file into partitions of their own, one for each retention class that occurs.
 *
 * 1. Open chunks that begin in the window are closed, and all closed ones written to the head file.
 * 2. The partitions are built under temporary names, in turns, so that scrapes go on meanwhile.
 * 3. The head file notes their names; from here on they count.
 * 4. They get their names.
 * 5. `sealed_until` moves to the window's end, and the chunks are dropped, again in turns.
 *
 * After a crash before 3 the temporary files are thrown away and nothing has changed. After a crash between 3 and 5 the
 * start does the rest ({@link nameSealed}, {@link finishSeals}).
 */
function* seal(head: Head, files: PartitionFiles, window: Window, classOf: ClassOf): Turns {
  const { series, statements } = head;
  if (statements.sealing.get() !== undefined) {
    // The last attempt failed between 3 and 5.
    const adopted = nameSealed(head, files.folder);
    if (!adopted.ok) return adopted;
    return yield* takeUp(head, files, adopted.value, window);
  }
  head.refuseBefore(window.end);
  let toClose = CHUNKS_A_TURN;
  for (const slot of series.slots()) {
    if ((series.count[slot] ?? 0) === 0 || (series.base[slot] ?? 0) >= window.end) continue;
    series.close(slot);
    if (--toClose > 0) continue;
    toClose = CHUNKS_A_TURN;
    const part = head.spill();
    if (!part.ok) return part;
    yield;
  }
  const spilled = head.spill();
  if (!spilled.ok) return spilled;
  const classes = new Map<string, number[]>();
  for (const ref of statements.seriesBetween.all(window.start, window.end)) {
    const slot = series.findRef(ref);
    if (slot === undefined) continue;
    const name = classOf(series.labels(slot));
    const slots = classes.get(name);
    if (slots === undefined) classes.set(name, [slot]);
    else slots.push(slot);
  }
  const built: { readonly temporary: string; readonly path: string }[] = [];
  let noted = false;
  try {
    for (const [retentionClass, slots] of classes) {
      const ordered = yield* inLabelOrder(slots, (slot) => series.labels(slot));
      const paths = files.paths({ ...window, retentionClass });
      const written = yield* build(
        head,
        paths.temporary,
        { ...window, epoch: head.epoch, retentionClass },
        ordered,
      );
      if (!written.ok) return written;
      built.push(paths);
    }
    const note = head.transaction(() => {
      for (const { path } of built) statements.addSealing.run(basename(path));
    });
    if (!note.ok) return note;
    noted = true;
  } finally {
    // Reached also when the store is closed between two turns.
    if (!noted) for (const { temporary } of built) rmSync(temporary, { force: true });
  }
  const named = nameSealed(head, files.folder);
  if (!named.ok) return named;
  return yield* takeUp(head, files, named.value, window);
}

/** Builds a partition of the samples that these series have in a window, whole and on the disk, without its name. */
function* build(head: Head, temporary: string, span: PartitionSpan, slots: readonly number[]): Turns {
  const created = PartitionWriter.create(temporary, span);
  if (!created.ok) return created;
  const writer = created.value;
  let complete = false;
  const samples = new SampleBuffer();
  try {
    for (const [index, slot] of slots.entries()) {
      if (index % SERIES_A_TURN === SERIES_A_TURN - 1) yield;
      samples.length = 0;
      head.readSpilled(slot, span.start, span.end, samples);
      if (samples.length === 0) continue;
      const added = writer.add(head.series.labels(slot), cutChunks(samples));
      if (!added.ok) return added;
    }
    const result = writer.complete();
    if (!result.ok) return result;
    // First in the system's own threads, because a slow disk may take long; then there is nothing left to wait for.
    yield () => flushInBackground(temporary);
    syncFile(temporary);
    complete = true;
    return result;
  } catch (thrown) {
    return err(writeError(temporary, thrown));
  } finally {
    if (!complete) writer.abandon();
  }
}

/** Asks the system to write a file's content out. A failure is left to the sync that follows. */
async function flushInBackground(path: string): Promise<void> {
  try {
    const handle = await openFile(path, 'r+');
    await handle.sync().finally(() => handle.close());
  } catch {
    // The file may be gone: a clock that was set back has sealed the window meanwhile.
  }
}

/**
 * Gives the partitions that count already, but were not named yet, their names.
 *
 * @returns their file names; none when nothing was left undone
 */
export function nameSealed(head: Head, folder: string): Result<readonly string[]> {
  const names = head.statements.sealing.all();
  if (names.length === 0) return ok(names);
  try {
    for (const name of names) {
      const path = join(folder, name);
      if (existsSync(`${path}.part`)) renameSync(`${path}.part`, path);
    }
    syncFolder(folder);
    return ok(names);
  } catch (thrown) {
    return err(writeError(folder, thrown));
  }
}

/** Reads from the partitions of a window instead of from the head. */
function* takeUp(head: Head, files: PartitionFiles, names: readonly string[], window: Window): Turns {
  for (const name of names) {
    if (files.all.some((partition) => partition.name === name)) continue;
    const failed = files.add(join(files.folder, name));
    if (failed !== null) return err(failed);
  }
  return yield* dropSealed(head, window.end);
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
    await turn.value?.();
    // A clock set back meanwhile has sealed everything already.
    const goOn = (await breathe()) && head.epoch === epoch;
    if (!goOn) {
      turns.return(ok(undefined));
      return ok(undefined);
    }
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
  classOf: ClassOf = ordinary,
): Promise<Result<void>> {
  return inTurns(head, seal(head, files, window, classOf), breathe);
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
export function rewind(head: Head, files: PartitionFiles, classOf: ClassOf): Result<void> {
  const { windowMs } = head.options;
  for (let oldest = head.oldestTime(); Number.isFinite(oldest); oldest = head.oldestTime()) {
    const start = Math.floor(oldest / windowMs) * windowMs;
    const sealed = atOnce(seal(head, files, { start, end: start + windowMs }, classOf));
    if (!sealed.ok) return sealed;
  }
  return head.beginEpoch();
}
