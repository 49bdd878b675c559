/** What an answer of a remote write server means. */
export type Verdict =
  /** Taken. */
  | { readonly kind: 'taken' }
  /** Not now; `waitMs` is what the server asked for, or null. */
  | { readonly kind: 'later'; readonly waitMs: number | null }
  /** Never, as it is. `divisible`: the server judged what was sent, so that a part of it may be taken. */
  | { readonly kind: 'refused'; readonly divisible: boolean; readonly alreadyThere: boolean };

/** A server that asks for a longer pause than this is asked again after it all the same. */
const LONGEST_PAUSE_MS = 10 * 60_000;

/** What servers say of samples that they have, or have newer ones of. */
const ALREADY_THERE = /out of order|out-of-order|duplicate sample|out of bounds/i;
/** Prometheus 2.39 and later answer 500 to samples that are older than its window for late ones. */
const TOO_OLD = /too old sample|out of order sample|out of bounds|duplicate sample for timestamp/i;

/**
 * Judges an answer as the specification of remote write 1.0 does: 2xx is taken, 5xx and 429 are repeated, all else
 * must not be repeated.
 *
 * @param retryAfter the Retry-After header, or null
 * @param text the beginning of the answer's body
 * @param now wall clock, for a Retry-After that is a date
 */
export function judge(status: number, retryAfter: string | null, text: string, now: number): Verdict {
  if (status >= 200 && status < 300) return { kind: 'taken' };
  if (status >= 500 && TOO_OLD.test(text)) return { kind: 'refused', divisible: true, alreadyThere: true };
  if (status >= 500 || status === 429) return { kind: 'later', waitMs: pause(retryAfter, now) };
  const divisible = status === 400 || status === 413 || status === 422;
  return { kind: 'refused', divisible, alreadyThere: divisible && ALREADY_THERE.test(text) };
}

function pause(retryAfter: string | null, now: number): number | null {
  if (retryAfter === null) return null;
  const text = retryAfter.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_PAUSE_MS) : null;
}

const FIRST_PAUSE_MS = 100;
const LARGEST_PAUSE_MS = 30_000;

/**
 * How long to wait before the next attempt: doubling from 0.1 s to 30 s, then somewhere between half of it and all of
 * it, so that many consoles do not come back to a server at the same moment.
 *
 * @param failures attempts that failed in a row, from 1
 * @param random in [0, 1)
 */
export function backoff(failures: number, random: number): number {
  const full = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 20), LARGEST_PAUSE_MS);
  return full / 2 + (full / 2) * random;
}
