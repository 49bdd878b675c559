import { stat } from 'node:fs/promises';
import { diskSpace } from '../platform/disk.ts';
import { fsPath, type RawPath } from '../platform/raw-path.ts';

/** What a plan writes to one file system. */
export type SpaceNeed = {
  readonly device: string;
  readonly at: string;
  readonly neededBytes: number;
  /** Of a file system that is not this machine's. */
  readonly freeBytes?: number;
};

/** Adds up what a plan writes to each file system: the original places may lie on several. */
export type SpaceTally = {
  readonly add: (target: RawPath, bytes: number) => Promise<void>;
  readonly places: () => readonly SpaceNeed[];
};

const REMEMBERED = 50_000;

/** Makes a tally; a folder that does not exist yet lies where the nearest one above it does. */
export function createSpaceTally(): SpaceTally {
  const devices = new Map<RawPath, string>();
  const needs = new Map<string, { at: string; neededBytes: number }>();

  const deviceOf = async (folder: RawPath): Promise<string> => {
    const known = devices.get(folder);
    if (known !== undefined) return known;
    if (devices.size >= REMEMBERED) devices.clear();
    let device: string;
    try {
      device = String((await stat(fsPath(folder))).dev);
      if (!needs.has(device)) needs.set(device, { at: folder, neededBytes: 0 });
    } catch {
      // Not there yet (or not to be looked at): the one above decides; the root always answers.
      const slash = folder.lastIndexOf('/');
      device =
        folder === '/' || folder === '' ? '?' : await deviceOf(slash <= 0 ? '/' : folder.slice(0, slash));
    }
    devices.set(folder, device);
    return device;
  };

  return {
    add: async (target, bytes) => {
      const slash = target.lastIndexOf('/');
      const device = await deviceOf(slash <= 0 ? '/' : target.slice(0, slash));
      const need = needs.get(device);
      if (need) need.neededBytes += bytes;
    },
    places: () =>
      [...needs].map(([device, { at, neededBytes }]) => ({ device, at: at.toWellFormed(), neededBytes })),
  };
}

/** The file system that is tightest for a plan; what it needs there and what is free. */
export async function tightest(
  needs: readonly SpaceNeed[],
): Promise<{ readonly neededBytes: number; readonly freeBytes: number; readonly at: string } | null> {
  let worst: { neededBytes: number; freeBytes: number; at: string } | null = null;
  for (const { at, neededBytes, freeBytes: told } of needs) {
    const freeBytes = told ?? (await diskSpace(at)).freeBytes;
    if (worst === null || freeBytes - neededBytes < worst.freeBytes - worst.neededBytes)
      worst = { neededBytes, freeBytes, at };
  }
  return worst;
}
