/** Waiting times before the first, second, … start in a row, milliseconds. The last one repeats. */
const delays = [500, 1_000, 2_000, 5_000, 10_000, 30_000] as const;

/** An engine that ran this long counts as healthy: the next failure starts over with the shortest wait. */
const STEADY_MS = 60_000;

/** What happens after the engine ended unasked. */
export type RestartPlan = { readonly attempt: number; readonly inMs: number };

/**
 * Decides when the engine is started again. It always is: watching must not end because it failed often, but a
 * failing engine must not eat the machine either.
 *
 * @param lastAttempt attempts in a row before this end, 0 when the previous start was the first
 * @param ranForMs how long the engine had been ready, 0 when it never was
 */
export function planRestart(lastAttempt: number, ranForMs: number): RestartPlan {
  const attempt = ranForMs >= STEADY_MS ? 1 : lastAttempt + 1;
  const index = Math.min(attempt, delays.length) - 1;
  return { attempt, inMs: delays[index] ?? delays[delays.length - 1] ?? 0 };
}

/** What the watchdog sees, monotonic milliseconds. */
export type Pulse = {
  readonly now: number;
  /** When the watchdog looked the last time. */
  readonly lastLook: number;
  /** When the engine was heard the last time (its start, when it was not heard yet). */
  readonly lastHeard: number;
  /** Whether the engine was heard at all since it was started. */
  readonly heard: boolean;
};

/** How often the watchdog looks. */
export const LOOK_EVERY_MS = 1_000;
/** The engine says that it is alive every two seconds. */
const SILENT_MS = 15_000;
/** Opening a large data folder and migrating it takes longer than any later silence may. */
const OPENING_MS = 120_000;
/** A look that comes this late means that the watchdog itself did not run: the machine slept or stood still. */
const LATE_LOOK_MS = 5_000;

/**
 * Whether the engine hangs. `slept` means that the silence says nothing, because this process did not run either.
 */
export function judgePulse(pulse: Pulse): 'alive' | 'hung' | 'slept' {
  if (pulse.now - pulse.lastLook > LATE_LOOK_MS) return 'slept';
  const patience = pulse.heard ? SILENT_MS : OPENING_MS;
  return pulse.now - pulse.lastHeard > patience ? 'hung' : 'alive';
}

/** A page that crashed this often within the span is not reloaded by itself any more. */
const MOST_CRASHES = 3;
const SPAN_MS = 60_000;

/**
 * Whether the page is loaded again by itself after a crash.
 *
 * @param crashes monotonic times of the crashes, this one included
 */
export function planReload(crashes: readonly number[], now: number): 'reload' | 'ask' {
  return crashes.filter((at) => now - at < SPAN_MS).length > MOST_CRASHES ? 'ask' : 'reload';
}
