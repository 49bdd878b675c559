import type { HostState } from '#shared/contract/hosts.ts';

/** What is known of a thing from its last checks. */
export type Life = 'dead' | 'alive' | 'unknown';

/** A dead thing that cuts a host off. */
export type PathCause = { readonly kind: 'host' | 'component'; readonly id: string; readonly name: string };

/** What stands behind what; implemented by the inventory, declared here because the states of hosts need it. */
export type HostPaths = {
  /** The root causes for which a host cannot be reached; empty when, as far as is known, it can. */
  readonly causesOf: (
    hostId: string,
    life: { readonly host: (id: string) => Life; readonly target: (id: string) => Life },
  ) => readonly PathCause[];
  /** Hosts on the way to a host, over any number of steps. */
  readonly waysOf: (hostId: string) => readonly string[];
  /** Hosts that may be cut off when this one dies. */
  readonly dependentsOf: (hostId: string) => readonly string[];
};

/** Nothing stands behind anything. */
export const NO_PATHS: HostPaths = { causesOf: () => [], waysOf: () => [], dependentsOf: () => [] };

/** All that the state of a host that does not answer is judged by. Times are UTC milliseconds. */
export type Silence = {
  /** What its own targets say: `down`, or `unreachable` when the network says so itself. */
  readonly own: 'down' | 'unreachable';
  readonly before: { readonly state: HostState; readonly since: number };
  /** When the first of the failures began that have lasted since, and when the last of them did. */
  readonly failingSince: number;
  readonly failedAt: number;
  /** When the first of them was noticed: a check that times out ends long after it began. */
  readonly noticedAt: number;
  /** Whether it is cut off now, and since when the first of its causes is dead. */
  readonly cutSince: number | null;
  /** When it was found to be cut off no more, if it was; null when it never was. */
  readonly clearedAt: number | null;
  /** When the things on its way were last asked, the one that was asked the longest ago; null when nothing is on it. */
  readonly wayAskedAt: number | null;
};

/** What is to be held of a silent host. `wait`: nothing new, before its way was asked. */
export type Verdict =
  | { readonly kind: 'state'; readonly state: HostState; readonly behind: boolean }
  | { readonly kind: 'wait' };

/** A host that failed at most this long before its switch did may have failed because of it. */
const SAME_FAILURE_MS = 60_000;
/** Longer than this no judgement waits for an answer about the way. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Judges a host that does not answer: down by itself, or only behind something dead.
 *
 * - Cut off: unreachable, unless it was found down well before its way died; then it stays down, because an end of that
 *   problem would tell of a recovery that nobody saw.
 * - Not cut off: down, but only once its way was asked after its failure was noticed. Otherwise thirty hosts would be called
 *   down in the seconds before the next check of their switch.
 * - Cut off no more: its old failures say nothing; it stays unreachable until it is asked again.
 */
export function judgeSilence(silence: Silence): Verdict {
  const { own, before, failingSince, failedAt, noticedAt, cutSince, clearedAt, wayAskedAt } = silence;
  if (cutSince !== null) {
    const ownFailure = before.state === 'down' && before.since < cutSince - SAME_FAILURE_MS;
    return ownFailure
      ? { kind: 'state', state: 'down', behind: false }
      : { kind: 'state', state: 'unreachable', behind: true };
  }
  if (clearedAt !== null && failedAt < clearedAt) return { kind: 'wait' };
  const asked = wayAskedAt === null || wayAskedAt >= noticedAt;
  if (!asked && before.state !== own && failedAt - failingSince < LONGEST_WAIT_MS) return { kind: 'wait' };
  return { kind: 'state', state: own, behind: false };
}
