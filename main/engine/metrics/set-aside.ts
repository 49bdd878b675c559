import { existsSync, renameSync } from 'node:fs';

/** Renames a damaged file to `….damaged`, or with a number behind it where one was set aside before. Nothing is overwritten. */
export function setAsideDamaged(path: string): void {
  let aside = `${path}.damaged`;
  for (let n = 2; existsSync(aside); n++) aside = `${path}.damaged-${n}`;
  renameSync(path, aside);
}
