import { createHash } from 'node:crypto';
import type { PlanBasis, PlannedItem } from './plan-store.ts';

/** Builds the hash of a plan: what it was computed from, and all that it does. The hash shown is the hash executed. */
export type PlanDigest = {
  readonly add: (item: PlannedItem) => void;
  readonly hex: () => string;
};

/** Begins a plan's hash. */
export function planDigest(basis: PlanBasis): PlanDigest {
  const digest = createHash('sha256').update(JSON.stringify(basis));
  return {
    add: ({ entry, target, action, contentSha256 }) => {
      digest.update(
        JSON.stringify([
          entry.path,
          target,
          entry.type,
          action,
          entry.size,
          contentSha256 ?? null,
          entry.mtime,
          entry.uid,
          entry.gid,
        ]),
      );
    },
    hex: () => digest.digest('hex'),
  };
}
