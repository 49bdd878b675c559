import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The path of a day's file. */
export function dayPath(folder: string, day: string): string {
  return join(folder, `${day}.db`);
}

/** The days that have a file, oldest first. */
export function listDays(folder: string): readonly string[] {
  return readdirSync(folder)
    .map((name) => /^(\d{4}-\d{2}-\d{2})\.db$/.exec(name)?.[1])
    .filter((day) => day !== undefined)
    .sort();
}
