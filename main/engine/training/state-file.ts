import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { writeFileDurably } from '../storage/durable.ts';

/** Marks a data folder as one of training, and keeps what must survive a restart. */
const NAME = 'training.json';

const stateSchema = z.object({
  version: z.literal(1),
  /** Ports of the machines by name; empty before the first start. */
  ports: z.record(z.string(), z.int().min(1).max(65_535)).default({}),
  /** The order that fails in the burst of errors: the answer of the log lesson. */
  failingOrder: z.string().default(''),
  answered: z.boolean().default(false),
  /** Files that were deleted, with the SHA-256 that they have to have again. */
  deleted: z.array(z.object({ path: z.string(), sha256: z.string() })).default([]),
  /** Incidents that were started at least once. */
  seen: z.array(z.string()).default([]),
  /** Steps that were done once, as `lesson.index`. */
  done: z.array(z.string()).default([]),
  /** Everything is given up at the next start. */
  anew: z.boolean().default(false),
});
export type TrainingState = z.output<typeof stateSchema>;

/** True for a data folder that belongs to the training site. */
export function isTrainingFolder(dir: string): boolean {
  return existsSync(join(dir, NAME));
}

/**
 * Marks a folder for training. One that holds a real site is refused.
 *
 * @param anew whether what is there of an earlier training is given up
 * @returns TRAINING_FOLDER_REAL
 */
export function prepareTrainingFolder(dir: string, anew = false): Result<void> {
  if (isTrainingFolder(dir)) {
    // A damaged state is written anew as well: that is how one begins again.
    if (anew) writeState(dir, stateSchema.parse({ version: 1, anew }));
    return ok(undefined);
  }
  if (existsSync(join(dir, 'console.db'))) return err(appError('TRAINING_FOLDER_REAL', { dir }));
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  writeState(dir, stateSchema.parse({ version: 1 }));
  return ok(undefined);
}

/** What an engine keeps of a site in its folder; the lock, the window's own files and the logs of the console stay. */
const FOLDERS = [
  ...['site', 'metrics', 'logs', 'archive', 'backups', 'restores'],
  ...['catalogue', 'remote', 'spool', 'drills'],
];
const FILES = ['console.db', 'console.db-wal', 'console.db-shm', 'console.reserve', 'secrets.key'];

/**
 * Empties a folder of training whose operator asked to begin anew; any other is left alone. Call it with the lock of
 * the folder held, before anything in it is opened.
 *
 * @returns the folder, as it was given
 */
export function beginAnewIfAsked<T extends { readonly dir: string }>(folder: T): T {
  const { dir } = folder;
  if (!isTrainingFolder(dir)) return folder;
  const state = readState(dir);
  if (!state.ok || !state.value.anew) return folder;
  for (const name of FILES) rmSync(join(dir, name), { force: true });
  for (const name of FOLDERS) {
    if (!existsSync(join(dir, name))) continue;
    rmSync(join(dir, name), { recursive: true });
    // Some were made when the lock was taken, and are expected to be there.
    mkdirSync(join(dir, name), { mode: 0o700 });
  }
  writeState(dir, stateSchema.parse({ version: 1 }));
  return folder;
}

/** Reads the state. TRAINING_FILE_DAMAGED */
export function readState(dir: string): Result<TrainingState> {
  try {
    return ok(stateSchema.parse(JSON.parse(readFileSync(join(dir, NAME), 'utf8'))));
  } catch (thrown) {
    return err(appError('TRAINING_FILE_DAMAGED', { file: NAME, why: describeThrown(thrown) }));
  }
}

/** Keeps the state. */
export function writeState(dir: string, state: TrainingState): void {
  writeFileDurably(join(dir, NAME), `${JSON.stringify(state, null, 2)}\n`);
}
