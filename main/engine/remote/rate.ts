const WINDOW_MS = 60_000;

/** How many of something a second, over the last minute. */
export class Rate {
  readonly #monotonic: () => number;
  readonly #began: number;
  #entries: { readonly at: number; readonly count: number }[] = [];

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
    this.#began = monotonic();
  }

  add(count: number): void {
    const now = this.#monotonic();
    const last = this.#entries.at(-1);
    // One entry a second at most, so that a fast sender keeps sixty of them.
    if (last !== undefined && now - last.at < 1000)
      this.#entries[this.#entries.length - 1] = { at: last.at, count: last.count + count };
    else this.#entries.push({ at: now, count });
    this.#forget(now);
  }

  perSecond(): number {
    const now = this.#monotonic();
    this.#forget(now);
    const span = Math.max(1000, Math.min(WINDOW_MS, now - this.#began));
    return (this.#entries.reduce((sum, { count }) => sum + count, 0) / span) * 1000;
  }

  #forget(now: number): void {
    while ((this.#entries[0]?.at ?? now) < now - WINDOW_MS) this.#entries.shift();
  }
}
