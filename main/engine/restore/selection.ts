import { globMatcher } from '#shared/domain/glob.ts';
import type { RawPath } from '../platform/raw-path.ts';

/** Tells whether an entry's path was selected. */
export type Selection = (path: RawPath) => boolean;

/**
 * Compiles a selection: each item is a path (it and all below it) or a glob over whole paths, such as `etc/*.conf`. A
 * leading slash is dropped, so that a source path may be pasted as it is. No items select everything.
 */
export function compileSelection(items: readonly string[]): Selection {
  if (items.length === 0) return () => true;
  const exact = new Set<string>();
  const globs: Selection[] = [];
  for (const item of items) {
    const path = item.replace(/^\/+/, '').replace(/\/+$/, '');
    exact.add(path);
    if (/[*?[]/.test(path)) globs.push(globMatcher(path));
  }
  return (path) => {
    if (exact.has(path) || exact.has('')) return true;
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      if (exact.has(path.slice(0, slash))) return true;
    }
    return globs.some((matches) => matches(path));
  };
}
