import type { RotationPolicy } from '#shared/contract/logs-rotation-policy.ts';
import type { Clock } from '../../platform/clock.ts';
import type { RotationJournal } from './journal.ts';

/** Files of hosts are looked at this often; their schedule, size and age need no more. */
const HOST_LOOK_MS = 60_000;
/** A host that did not answer is asked less often. */
const FAILED_LOOK_MS = 300_000;

/** The policies of one host, or of this workstation. */
export type Lane = {
  /** The SSH login; null: this workstation. */
  readonly lane: string | null;
  readonly policies: readonly RotationPolicy[];
};

/** Rotations of one machine come one after another, whoever asks; those of several do not wait for one another. */
export type Lanes = {
  /** These policies by machine; and every machine with a rotation that is not done. */
  readonly all: (policies: readonly RotationPolicy[]) => readonly Lane[];
  /** The same, without machines that are at work, and without hosts that were looked at a moment ago. */
  readonly due: (policies: readonly RotationPolicy[]) => readonly Lane[];
  readonly looked: (policies: readonly RotationPolicy[], hasFailed: boolean) => void;
  readonly run: <T>(lane: string | null, work: () => Promise<T>) => Promise<T>;
  /** Settles when nothing is at work. */
  readonly idle: () => Promise<void>;
};

/** Makes the lanes. */
export function createLanes(clock: Clock, journal: Pick<RotationJournal, 'open'>): Lanes {
  const turns = new Map<string | null, Promise<unknown>>();
  const working = new Map<string | null, number>();
  /** When a host's policy may be looked at again, by the monotonic clock. */
  const nextLook = new Map<string, number>();
  const laneOf = ({ host }: RotationPolicy): string | null => host?.login ?? null;
  const all: Lanes['all'] = (policies) => {
    const open = journal.open().map(({ spec }) => laneOf(spec));
    const lanes = new Set([null, ...policies.map(laneOf), ...open]);
    return [...lanes].map((lane) => ({ lane, policies: policies.filter((one) => laneOf(one) === lane) }));
  };
  return {
    all,
    due: (policies) => {
      const now = clock.monotonic();
      return all(policies)
        .filter(({ lane }) => (working.get(lane) ?? 0) === 0)
        .map(({ lane, policies: own }) => ({
          lane,
          policies: own.filter(({ name }) => lane === null || (nextLook.get(name) ?? 0) <= now),
        }));
    },
    looked: (policies, hasFailed) => {
      const next = clock.monotonic() + (hasFailed ? FAILED_LOOK_MS : HOST_LOOK_MS);
      for (const policy of policies) if (policy.host !== null) nextLook.set(policy.name, next);
    },
    run: (lane, work) => {
      working.set(lane, (working.get(lane) ?? 0) + 1);
      const before = turns.get(lane) ?? Promise.resolve();
      const next = before.then(work, work).finally(() => working.set(lane, (working.get(lane) ?? 1) - 1));
      turns.set(
        lane,
        next.catch(() => undefined),
      );
      return next;
    },
    idle: async () => {
      await Promise.all(turns.values());
    },
  };
}
