import type { RawPath } from '../platform/raw-path.ts';
import { HostAhead } from './host/ahead.ts';
import { hostTally } from './host/look.ts';
import type { HostPort } from './host/port.ts';
import { hashFile } from './inspect.ts';
import { isAsItWas, type SavedPath, type Standing, standingAt } from './saved.ts';
import { createSpaceTally, type SpaceTally } from './space-tally.ts';
import { type TargetMount, targetMounts } from './target-watch.ts';

/** How undoing looks at where a restore wrote: at this machine, or at a host. */
export type UndoLook = {
  /** Looks at paths that are asked for next, where one after another would take long; `sizes` are those that the content matters with. */
  readonly lookAhead?: (
    paths: readonly { readonly target: RawPath; readonly sizes: readonly (number | undefined)[] }[],
  ) => Promise<void>;
  readonly standing: (path: RawPath) => Promise<Standing | null>;
  readonly hash: (path: RawPath) => Promise<string | null>;
  /** True when a path is, in all that a restore could have changed, what it was. */
  readonly isAsItWas: (saved: SavedPath, now: Standing | null) => Promise<boolean>;
  readonly tally: SpaceTally;
  readonly mounts: () => readonly TargetMount[];
};

/** Looks at this machine. */
export function undoHere(signal: AbortSignal): UndoLook {
  const tally = createSpaceTally();
  return {
    standing: standingAt,
    hash: (path) => hashFile(path, signal),
    isAsItWas: async ({ was }, now) => isAsItWas(now, was),
    tally,
    mounts: () => targetMounts(tally.places()),
  };
}

/** Looks at a host, which tells no inodes: there the content says whether a file is the one that it was. */
export function undoOnHost(port: HostPort): UndoLook {
  const ahead = new HostAhead(port);
  const hash = (path: RawPath): Promise<string | null> => ahead.hash(path, 0);
  return {
    lookAhead: (paths) =>
      ahead.look(
        paths.map(({ target, sizes }) => ({ target, needsHash: ({ size }) => sizes.includes(size) })),
      ),
    standing: (path) => ahead.standing(path),
    hash,
    isAsItWas: async ({ target, was, sha256 }, now) =>
      isAsItWas(now, was) && (now?.type !== 'file' || sha256 === null || (await hash(target)) === sha256),
    tally: hostTally(port),
    mounts: () => [],
  };
}
