/**
 * A token bucket: it fills with `ratePerSecond` tokens a second up to `burst`, and who takes more than there is waits until the
 * debt is paid. So the mean rate is kept whatever the size of the pieces, and a short pause earns no more than `burst`.
 */
export class TokenBucket {
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  /**
   * @param ratePerSecond tokens a second, more than 0
   * @param now monotonic milliseconds at which the bucket is full
   * @param burst what may be taken at once; half a second's worth when left out
   */
  constructor(ratePerSecond: number, now: number, burst = ratePerSecond / 2) {
    this.#perMs = ratePerSecond / 1000;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = now;
  }

  /**
   * Takes tokens.
   *
   * @returns how long the taker has to wait, milliseconds; 0 for not at all
   */
  take(amount: number, now: number): number {
    this.#tokens = Math.min(this.#burst, this.#tokens + Math.max(0, now - this.#at) * this.#perMs) - amount;
    this.#at = Math.max(this.#at, now);
    return this.#tokens >= 0 ? 0 : -this.#tokens / this.#perMs;
  }
}
