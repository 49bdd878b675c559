import { basename, dirname } from 'node:path';
import { anyGlob } from '#shared/domain/glob.ts';

/** Whether a pattern may find more than the one file that it names. Only its last part may have wildcards, as in Prometheus. */
export const hasWildcards = (pattern: string): boolean => /[*?[]/.test(basename(pattern));

/** Whether a path is one of a pattern. */
export function isOfPattern(pattern: string, path: string): boolean {
  if (!hasWildcards(pattern)) return pattern === path;
  return dirname(pattern) === dirname(path) && anyGlob([basename(pattern)])(basename(path));
}
