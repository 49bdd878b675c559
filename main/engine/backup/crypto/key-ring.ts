import { randomUUID } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import type { CancelTimer, Timers } from '../../platform/timers.ts';
import type { ArchiveKeys } from './age-head.ts';
import type { KeyPair } from './key-file.ts';

/** How long an unlocked key stays in memory when nobody locks it. */
const HOLD_MS = 15 * 60_000;

type Lease = { readonly pairs: readonly KeyPair[]; readonly until: number; readonly cancel: CancelTimer };

/**
 * Identities that are unlocked, in the memory of the engine only. Each unlocking is a lease of its own: a command of the
 * command line that ends does not lock what the window has unlocked.
 */
export class KeyRing {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #changed: () => void;
  readonly #leases = new Map<string, Lease>();

  /** @param changed called when a key was unlocked or locked */
  constructor(clock: Clock, timers: Timers, changed: () => void) {
    this.#clock = clock;
    this.#timers = timers;
    this.#changed = changed;
  }

  unlock(pairs: readonly KeyPair[]): { readonly lease: string; readonly until: number } {
    const lease = randomUUID();
    const until = this.#clock.now() + HOLD_MS;
    this.#leases.set(lease, { pairs, until, cancel: this.#timers.after(HOLD_MS, () => this.lock(lease)) });
    this.#changed();
    return { lease, until };
  }

  /** Gives one lease back, or all. */
  lock(lease?: string): void {
    for (const [id, { cancel }] of this.#leases) {
      if (lease !== undefined && lease !== id) continue;
      cancel();
      this.#leases.delete(id);
    }
    this.#changed();
  }

  /** Until when a recipient's identity is held; null when it is locked. */
  unlockedUntil(recipient: string): number | null {
    const untils = [...this.#leases.values()]
      .filter(({ pairs }) => pairs.some((pair) => pair.recipient === recipient))
      .map(({ until }) => until);
    return untils.length === 0 ? null : Math.max(...untils);
  }

  /** The identity of a recipient; null when it is locked. */
  identityOf(recipient: string): string | null {
    for (const { pairs } of this.#leases.values()) {
      const found = pairs.find((pair) => pair.recipient === recipient);
      if (found !== undefined) return found.identity;
    }
    return null;
  }

  /** What opens archives now; a thread that is started with it keeps it for its own time. */
  keys(): ArchiveKeys {
    const identities = [...this.#leases.values()].flatMap(({ pairs }) =>
      pairs.map(({ identity }) => identity),
    );
    return { identities: [...new Set(identities)] };
  }
}
