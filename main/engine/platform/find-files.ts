import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { anyGlob } from '#shared/domain/glob.ts';

/** The paths of a pattern, of which only the last part may have wildcards, as in Prometheus. */
export function filesOfPattern(path: string): readonly string[] {
  if (!/[*?[]/.test(basename(path))) return statSync(path, { throwIfNoEntry: false })?.isFile() ? [path] : [];
  const matches = anyGlob([basename(path)]);
  try {
    return readdirSync(dirname(path))
      .filter((name) => matches(name))
      .sort()
      .map((name) => join(dirname(path), name));
  } catch {
    // A folder that is not there has no files, as with Prometheus.
    return [];
  }
}
