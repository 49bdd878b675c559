import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { TrainingNode } from './nodes.ts';

/** Where things of the training site lie in its folder. */
export const trainingPaths = (dir: string) => ({
  logs: join(dir, 'site', 'logs'),
  files: join(dir, 'site', 'files'),
  backups: join(dir, 'site', 'backups'),
  logOf: (name: string): string => join(dir, 'site', 'logs', `${name}.log`),
  filesOf: (name: string): string => join(dir, 'site', 'files', name),
  archiveOf: (name: string): string => join(dir, 'site', 'files', name, 'archive'),
});

/** Files in the archive of each machine. */
export const ARCHIVED = 12;
/** When the accounts of the year were written, in seconds since 1970. */
const WRITTEN_AT = Date.UTC(2026, 0, 15, 8) / 1000;

/** Makes the folders and, once, the files that never change: a year of monthly accounts for each machine. */
export function makeSiteFiles(dir: string, nodes: readonly TrainingNode[]): void {
  const paths = trainingPaths(dir);
  for (const folder of [paths.logs, paths.backups]) mkdirSync(folder, { recursive: true });
  for (const { name, seed } of nodes) {
    const archive = paths.archiveOf(name);
    if (existsSync(paths.filesOf(name))) continue;
    mkdirSync(archive, { recursive: true });
    for (let month = 1; month <= ARCHIVED; month += 1) {
      const rows = Array.from(
        { length: 200 },
        (_, row) => `SO-${100_000 + row * 13 + seed},${row * 37 + month}`,
      );
      const file = join(archive, `2026-${String(month).padStart(2, '0')}.csv`);
      writeFileSync(file, `order,amount\n${rows.join('\n')}\n`);
      // Whole seconds, so that the time can be put back exactly.
      utimesSync(file, WRITTEN_AT, WRITTEN_AT);
    }
  }
}

/** How many files lie in a machine's archive. */
export function archivedFiles(dir: string, { name }: TrainingNode): number {
  const archive = trainingPaths(dir).archiveOf(name);
  return existsSync(archive) ? readdirSync(archive).length : 0;
}

/** What changes all the time: an order is written to a machine's open file. */
export function changeFiles(dir: string, { name }: TrainingNode, tick: number): void {
  const folder = trainingPaths(dir).filesOf(name);
  // The operator may have taken it away; that is part of the exercise.
  if (existsSync(folder))
    appendFileSync(join(folder, 'open-orders.csv'), `SO-${200_000 + tick},${tick % 97}\n`);
}

/** Deletes a machine's archive. @returns what was there, to know it again; empty when it is gone already */
export function deleteArchive(dir: string, name: string): { path: string; sha256: string }[] {
  const archive = trainingPaths(dir).archiveOf(name);
  if (!existsSync(archive)) return [];
  const files = readdirSync(archive).map((file) => join(archive, file));
  const known = files.map((path) => ({ path, sha256: hashOf(path) ?? '' }));
  rmSync(archive, { recursive: true });
  return known;
}

/** Turns one byte of a file of a machine's archive, and leaves size and times as they were. */
export function flipByte(dir: string, name: string): void {
  const file = join(trainingPaths(dir).archiveOf(name), '2026-06.csv');
  if (!existsSync(file)) return;
  const { atime, mtime } = statSync(file);
  const bytes = readFileSync(file);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  utimesSync(file, atime, mtime);
}

/** SHA-256 of a file in hex, or null when it is not there. */
export function hashOf(path: string): string | null {
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : null;
}

/** Whether a log of the site was rotated by another program: something lies beside it that is no log in use. */
export function hasRotated(dir: string): boolean {
  const { logs } = trainingPaths(dir);
  return existsSync(logs) && readdirSync(logs).some((name) => !name.endsWith('.log'));
}
