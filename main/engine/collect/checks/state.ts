import type { CheckResult, CheckState } from '#shared/contract/checks.ts';

/** How a check stands. */
export type Standing = {
  readonly state: CheckState;
  /** Since when; null while it is pending. */
  readonly since: number | null;
  /** Attempts in a row that failed without having changed the state yet. */
  readonly failedAttempts: number;
};

/** A check that was never made. */
export const PENDING: Standing = { state: 'pending', since: null, failedAttempts: 0 };

/** What one more attempt makes of a check, and what is to be done about it. */
export type NextStanding = {
  readonly standing: Standing;
  readonly hasChanged: boolean;
  /** Asks again soon, off the schedule. */
  readonly retry: boolean;
};

/**
 * Decides over one attempt. A check that was well fails only after `retries` further attempts have failed as well; it is well
 * again with the first attempt that passes. One failure that follows another changes its kind at once.
 */
export function nextStanding(
  before: Standing,
  { state, at }: Pick<CheckResult, 'state' | 'at'>,
  retries: number,
): NextStanding {
  const isNew = before.state !== state;
  if (state === 'ok')
    return {
      standing: { state, since: isNew ? at : before.since, failedAttempts: 0 },
      hasChanged: isNew,
      retry: false,
    };
  const wasFailing = before.state !== 'ok' && before.state !== 'pending';
  const attempts = before.failedAttempts + 1;
  if (!wasFailing && attempts <= retries)
    return { standing: { ...before, failedAttempts: attempts }, hasChanged: false, retry: true };
  return {
    standing: { state, since: isNew ? at : before.since, failedAttempts: 0 },
    hasChanged: isNew,
    retry: false,
  };
}

const RANK: Readonly<Record<CheckState, number>> = { critical: 0, warning: 1, unknown: 2, pending: 3, ok: 4 };

/** Worst first, then by name. */
export function worstFirst<T extends { readonly state: CheckState; readonly name: string }>(
  checks: readonly T[],
): T[] {
  return [...checks].sort((a, b) => RANK[a.state] - RANK[b.state] || a.name.localeCompare(b.name));
}
