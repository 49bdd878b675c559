import { readdir, readFile } from 'node:fs/promises';
import { type DiskSpace, diskSpace } from '../../platform/disk.ts';
import type { Timers } from '../../platform/timers.ts';

/** What can be said about a folder on a medium: its names, that it is not there, or that it does not answer. */
export type Listing = ReadonlySet<string> | 'absent' | 'silent';

const PATIENCE_MS = 3_000;

/**
 * Asks about folders and files that may lie on media and network disks. A disk that hangs must not hang the console: after
 * a few seconds the answer is "silent", and while a question hangs it is not asked again (each asking would hold one of the
 * few threads of the pool).
 */
export class Media {
  readonly #timers: Timers;
  readonly #asking = new Map<string, Promise<unknown>>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** The names in a folder. */
  list(dir: string): Promise<Listing> {
    return this.#patiently<ReadonlySet<string>>(`list ${dir}`, async () => new Set(await readdir(dir)));
  }

  /** A small text file. */
  async text(path: string): Promise<{ readonly text: string } | 'absent' | 'silent'> {
    return this.#patiently(`text ${path}`, async () => ({ text: await readFile(path, 'utf8') }));
  }

  /** Space of the file system that holds a path. */
  space(path: string): Promise<DiskSpace | 'absent' | 'silent'> {
    return this.#patiently(`space ${path}`, () => diskSpace(path));
  }

  /** Anything else that may hang; `key` names the question. */
  ask<T>(key: string, question: () => Promise<T>): Promise<T | 'absent' | 'silent'> {
    return this.#patiently(`ask ${key}`, question);
  }

  #patiently<T>(key: string, question: () => Promise<T>): Promise<T | 'absent' | 'silent'> {
    // The same key is always asked by the same kind of question, so the answer has its type.
    const asking = (this.#asking.get(key) ?? this.#ask(key, question)) as Promise<T | 'absent'>;
    this.#asking.set(key, asking);
    return new Promise((resolve) => {
      const cancel = this.#timers.after(PATIENCE_MS, () => resolve('silent'));
      void asking.then((answer) => {
        cancel();
        resolve(answer);
      });
    });
  }

  async #ask<T>(key: string, question: () => Promise<T>): Promise<T | 'absent'> {
    try {
      return await question();
    } catch {
      // Not mounted, not readable, gone: for the catalogue all of these mean that the archives are not at hand.
      return 'absent';
    } finally {
      this.#asking.delete(key);
    }
  }
}
