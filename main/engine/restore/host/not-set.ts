import { type RawPath, showPath } from '../../platform/raw-path.ts';

/** What of a file's description a host did not take. */
export type NotSetKind = 'owners' | 'modes' | 'times' | 'xattrs';

/** How often, and the first paths by name. */
export type NotSetReport = {
  readonly what: NotSetKind;
  readonly count: number;
  readonly paths: readonly string[];
};

const NAMED = 20;

/** Collects what could not be set on a host, so that the evidence names it. */
export class NotSet {
  readonly #found = new Map<NotSetKind, { count: number; paths: string[] }>();

  add(what: NotSetKind, path: RawPath): void {
    const found = this.#found.get(what) ?? { count: 0, paths: [] };
    found.count += 1;
    if (found.paths.length < NAMED) found.paths.push(showPath(path));
    this.#found.set(what, found);
  }

  report(): readonly NotSetReport[] {
    return [...this.#found].map(([what, { count, paths }]) => ({ what, count, paths }));
  }
}
