import { stop } from './failure.ts';
import type { Turns } from './turns.ts';

/** How much one query may take. */
export type Limits = {
  /** Samples read and values computed that one query may hold at a time, roughly. */
  readonly maxSamples: number;
  readonly timeoutMs: number;
};

/** How long a query may compute before other work of the engine gets its turn. */
const TURN_MS = 15;
/** A turn that is younger than this has done nothing yet. */
const FRESH_MS = 1;

/** What is left of a query's limits; asked often, so that no query runs away. */
export class Budget {
  readonly #limits: Limits;
  readonly #monotonic: () => number;
  readonly #signal: AbortSignal | null;
  readonly #turns: Turns;
  readonly #started: number;
  #turnBegan: number;
  #samples = 0;

  constructor(limits: Limits, monotonic: () => number, signal: AbortSignal | null, turns: Turns) {
    this.#limits = limits;
    this.#monotonic = monotonic;
    this.#signal = signal;
    this.#turns = turns;
    this.#started = monotonic();
    this.#turnBegan = this.#started;
  }

  /** Counts samples or values that are kept. */
  spend(samples: number): void {
    this.#samples += samples;
    if (this.#samples > this.#limits.maxSamples)
      stop('PROMQL_TOO_MANY_SAMPLES', { limit: this.#limits.maxSamples.toLocaleString('en') });
  }

  /** Gives back what is no longer kept. */
  release(samples: number): void {
    this.#samples -= samples;
  }

  /** Whether this query had its turn. */
  get isDue(): boolean {
    return this.#monotonic() - this.#turnBegan >= TURN_MS;
  }

  /** Lets other work have its turn when this query had one, and stops the query when it is over its time. */
  async breathe(): Promise<void> {
    const now = this.#monotonic();
    if (now - this.#turnBegan >= TURN_MS) await this.beginTurn();
  }

  /** Lets other work have its turn in any case, before something that is done at a stretch. */
  async beginTurn(): Promise<void> {
    if (this.#monotonic() - this.#started > this.#limits.timeoutMs)
      stop('PROMQL_TIMEOUT', { seconds: this.#limits.timeoutMs / 1000 });
    // Only a turn that has just begun may go on at once; one that lasted gives way in any case.
    const isFresh = this.#monotonic() - this.#turnBegan < FRESH_MS;
    if (!isFresh || !this.#turns.takeNow()) await this.#turns.next();
    if (this.#signal?.aborted) stop('PROMQL_CANCELLED');
    this.#turnBegan = this.#monotonic();
  }
}
