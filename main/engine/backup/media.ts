import { readdir } from 'node:fs/promises';
import type { Timers } from '../platform/timers.ts';

/** What can be said about a folder on a medium: its names, that it is not there, or that it does not answer. */
export type Listing = ReadonlySet<string> | 'absent' | 'silent';

const PATIENCE_MS = 3_000;

/**
 * Lists folders that may lie on media and network disks. A disk that hangs must not hang the console: after a few seconds
 * the answer is "silent", and while a folder hangs it is not asked again (each asking would hold one of the few threads of
 * the pool).
 */
export class Media {
  readonly #timers: Timers;
  readonly #asking = new Map<string, Promise<Listing>>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  list(dir: string): Promise<Listing> {
    const asking = this.#asking.get(dir) ?? this.#ask(dir);
    this.#asking.set(dir, asking);
    return new Promise((resolve) => {
      const cancel = this.#timers.after(PATIENCE_MS, () => resolve('silent'));
      void asking.then((listing) => {
        cancel();
        resolve(listing);
      });
    });
  }

  async #ask(dir: string): Promise<Listing> {
    try {
      return new Set(await readdir(dir));
    } catch {
      // Not mounted, not readable, gone: for the catalogue all of these mean that the archives are not at hand.
      return 'absent';
    } finally {
      this.#asking.delete(dir);
    }
  }
}
