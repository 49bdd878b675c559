import type { RawPath } from '../platform/raw-path.ts';
import type { Existing } from './decide.ts';
import { createFolderGuard } from './folder-guard.ts';
import { inspect } from './inspect.ts';
import { type Accounts, givesOwners, localAccounts } from './owners.ts';
import type { PlanBasis } from './plan-store.ts';
import { createSpaceTally, type SpaceTally } from './space-tally.ts';
import { type TargetMount, targetMounts } from './target-watch.ts';
import type { PointEntry } from './types.ts';

/** How a plan looks at where it is to write: at this machine, or at a host. */
export type TargetLook = {
  readonly accounts: Accounts;
  /** Whether owners can be given back there. */
  readonly givesOwners: boolean;
  /** An entry as it can be there. */
  readonly asThere: (entry: PointEntry) => PointEntry;
  /** What the folders on the way to a target are together. */
  readonly way: (
    folders: readonly RawPath[],
  ) => Promise<'real' | 'missing' | 'unsafe'> | 'real' | 'missing' | 'unsafe';
  /** Looks at what will be inspected next, where looking at one after another would take long. */
  readonly lookAhead?: (
    items: readonly {
      readonly target: RawPath;
      readonly folders: readonly RawPath[];
      readonly entry: PointEntry;
    }[],
  ) => Promise<void>;
  readonly inspect: (target: RawPath, entry: PointEntry) => Promise<Existing | null>;
  readonly tally: SpaceTally;
  /** The disks that must still be there when the plan is executed. */
  readonly mounts: () => readonly TargetMount[];
};

/** Looks at this machine. */
export function lookHere(basis: PlanBasis, signal: AbortSignal): TargetLook {
  const guard = createFolderGuard(true);
  const tally = createSpaceTally();
  return {
    accounts: localAccounts(),
    givesOwners: givesOwners(basis.owners),
    asThere: (entry) => entry,
    way: guard.look,
    inspect: (target, entry) => inspect(target, entry.size, signal),
    tally,
    mounts: () => targetMounts(tally.places()),
  };
}
