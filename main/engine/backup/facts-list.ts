import type { BigIntStats } from 'node:fs';
import { type KnownContent, packContent } from './extents/known-content.ts';

/** A file changed so shortly before it was looked at may change again without its times telling: clocks of file systems tick. */
const TICK_NS = 2_000_000_000n;

/**
 * What tells a file from a later one of the same size and time on this machine: inode and ctime. Null when the ctime is too
 * young to tell (git calls such an entry "racily clean"): the next run then compares the content.
 *
 * @param nowMs when the file was looked at, UTC milliseconds
 */
export function factsOf(stats: BigIntStats, nowMs: number): string | null {
  return stats.ctimeNs > BigInt(nowMs) * 1_000_000n - TICK_NS ? null : `${stats.ino}:${stats.ctimeNs}`;
}

/** The facts of a run's entries in the order of the manifest, 16 bytes each: they go into the index, not into the archive. */
export class FactsList {
  #numbers = new BigUint64Array(1 << 11);
  #count = 0;
  readonly #contents = new Map<number, Buffer>();

  add(facts: string | null): void {
    if ((this.#count + 1) * 2 > this.#numbers.length) {
      const larger = new BigUint64Array(this.#numbers.length * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    const [ino, ctime] = facts === null ? [0n, 0n] : facts.split(':').map(BigInt);
    this.#numbers[this.#count * 2] = ino ?? 0n;
    this.#numbers[this.#count * 2 + 1] = BigInt.asUintN(64, ctime ?? 0n);
    this.#count += 1;
  }

  /** Says of the entry that was added last what a later run needs to store only what changed of its content. */
  addContent(content: KnownContent): void {
    this.#contents.set(this.#count - 1, packContent(content));
  }

  /** As packed for the index; null for small files and what is no file. */
  contentAt(index: number): Buffer | null {
    return this.#contents.get(index) ?? null;
  }

  /** Null where nothing is known. */
  at(index: number): string | null {
    if (index >= this.#count) return null;
    const ino = this.#numbers[index * 2] ?? 0n;
    const ctime = BigInt.asIntN(64, this.#numbers[index * 2 + 1] ?? 0n);
    return ino === 0n && ctime === 0n ? null : `${ino}:${ctime}`;
  }
}
