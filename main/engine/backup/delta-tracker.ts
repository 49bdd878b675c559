import type { BigIntStats } from 'node:fs';
import type { ChangeDetection } from '#shared/contract/backup.ts';
import type { RawPath } from '../platform/raw-path.ts';
import type { Baseline } from './baseline.ts';
import { judgeChange, type Present } from './change-detection.ts';
import type { KnownContent } from './extents/known-content.ts';
import { hashSource } from './file-hash.ts';
import type { IndexRow } from './index-file.ts';
import { isWithin } from './walk-order.ts';
import type { Xattrs } from './xattrs/xattrs.ts';

/** A folder on the way to where the walk is. */
export type OpenFolder = {
  readonly path: RawPath;
  readonly stats: BigIntStats;
  readonly xattrs: Xattrs | undefined;
  stored: boolean;
};

/** What a tracker tells its writer. */
export type TrackerParts = {
  readonly baseline: Baseline;
  readonly how: ChangeDetection;
  /** A path of the parent is no more. */
  readonly gone: (path: RawPath) => void;
  readonly breath: (bytes: number) => Promise<void>;
};

/**
 * Compares a walk with the parent point: what is unchanged and need not be stored, what is gone, and which folders must come
 * along although they are unchanged.
 *
 * Folders come along because `tar -x` changes the time of a folder in which it makes something: the folders above all that is
 * stored or gone are stored again, so that unpacking the chain by hand gives them their times too.
 */
export class DeltaTracker {
  readonly #parts: TrackerParts;
  #folders: OpenFolder[] = [];
  /** What was looked up ahead of the walk. */
  readonly #ahead = new Map<RawPath, IndexRow | null>();
  unchanged = 0;

  constructor(parts: TrackerParts) {
    this.#parts = parts;
  }

  /**
   * True when the chain holds this as it is.
   *
   * @param real where it is on this machine
   */
  async isUnchanged(real: RawPath, path: RawPath, now: Present): Promise<boolean> {
    const { baseline, how, gone, breath } = this.#parts;
    const ahead = this.#ahead.get(path);
    this.#ahead.delete(path);
    const known = ahead === undefined ? baseline.get(path) : ahead;
    if (known === null) return false;
    let change = judgeChange(known, now, how);
    if (change === 'doubt') {
      const hash = await hashSource(real, now.stats, breath);
      change = hash !== null && hash === known.sha256?.toString('hex') ? 'same' : 'differs';
      if (change === 'same' && now.facts !== null) baseline.refresh(path, now.facts);
    }
    if (change === 'replaced') gone(path);
    if (change === 'same' && now.stats.isFile()) this.unchanged += 1;
    return change === 'same';
  }

  /** True when extended attributes may have changed since the parent: a change of them changes the ctime. */
  mayDifferInXattrs(path: RawPath, facts: string | null): boolean {
    const known = this.#parts.baseline.get(path);
    this.#ahead.set(path, known);
    return known === null || known.facts === null || known.facts !== facts;
  }

  /** What the chain holds of a large file's content at a path; null when nothing is known of it. */
  content(path: RawPath): KnownContent | null {
    return this.#parts.baseline.content(path);
  }

  /** True when some file may be stored in pieces. */
  get hasContents(): boolean {
    return this.#parts.baseline.hasContents;
  }

  /** The walk goes into a folder. */
  enter(path: RawPath, { stats, xattrs }: Present, stored: boolean): void {
    this.#leave(path);
    this.#folders.push({ path, stats, xattrs, stored });
  }

  /** Forgets the folders that the walk has left. */
  #leave(path: RawPath): void {
    while (this.#folders.length > 0 && !isWithin(path, this.#folders.at(-1)?.path ?? '')) this.#folders.pop();
  }

  /**
   * Folders above a path (or above and at it) that are not stored yet, the highest first. The caller stores them.
   */
  above(path: RawPath, itself: boolean): readonly OpenFolder[] {
    this.#leave(path);
    return this.#folders.filter((folder) => !folder.stored && (itself || folder.path !== path));
  }

  /** The names in a folder are known now. @returns true when something is gone from it */
  listed(folder: RawPath, names: readonly RawPath[]): boolean {
    const present = new Set(names);
    const missing: RawPath[] = [];
    for (const name of this.#parts.baseline.namesIn(folder))
      if (!present.has(name)) missing.push(folder === '' ? name : `${folder}/${name}`);
    for (const path of missing) this.#parts.gone(path);
    return missing.length > 0;
  }

  /** Something is left out now, or vanished. @returns true when the parent has it, so that it is gone */
  absent(path: RawPath): boolean {
    if (this.#parts.baseline.get(path) === null) return false;
    this.#parts.gone(path);
    return true;
  }

  /**
   * Tells what the parent has outside of the sources of now: the plan was made anew with others.
   *
   * @param roots sources as paths in the archive, those that cannot be reached now included: what they held is kept
   */
  goneOutside(roots: readonly RawPath[]): void {
    const visit = (folder: RawPath): void => {
      for (const name of [...this.#parts.baseline.namesIn(folder)]) {
        const path = folder === '' ? name : `${folder}/${name}`;
        if (roots.some((root) => isWithin(path, root))) continue;
        if (roots.some((root) => isWithin(root, path))) visit(path);
        else this.#parts.gone(path);
      }
    };
    visit('');
  }
}
