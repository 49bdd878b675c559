import { lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { chmod, lstat, opendir, rename, rmdir, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { writeFileDurably } from '../storage/durable.ts';

/**
 * The folder that a drill restores into. It is removed whole and without asking, so it proves that it is one: its name and a
 * marker inside both carry the drill's id, and nothing else is ever removed.
 */
export type Scratch = {
  readonly dir: string;
  /** Where the files of the point go. */
  readonly data: string;
};

const MARKER = '.hmtt-drill';

/** The scratch folder of a drill below a folder. */
export function scratchOf(parent: string, drillId: string): Scratch {
  const dir = join(parent, `hmtt-drill-${drillId}`);
  return { dir, data: join(dir, 'data') };
}

/** Makes the folder, readable by nobody else. */
export function makeScratch(parent: string, drillId: string): Result<Scratch> {
  const scratch = scratchOf(parent, drillId);
  try {
    mkdirSync(parent, { recursive: true, mode: 0o700 });
    mkdirSync(scratch.dir, { mode: 0o700 });
    writeFileDurably(join(scratch.dir, MARKER), drillId, 0o600);
    mkdirSync(scratch.data, { mode: 0o700 });
    return ok(scratch);
  } catch (thrown) {
    return err(appError('DRILL_SCRATCH_UNUSABLE', { dir: scratch.dir, why: describeThrown(thrown) }));
  }
}

/**
 * Removes a scratch folder with all that was restored into it: names that are no text, folders without permission, paths
 * deeper than the system takes. One that is gone is fine; one that is not ours is refused.
 */
export async function removeScratch(dir: string, drillId: string): Promise<Result<null>> {
  const failed = (why: string): Result<null> => err(appError('DRILL_LEFT_BEHIND', { dir, why }));
  try {
    if (basename(dir) !== `hmtt-drill-${drillId}`) return failed('not the folder of this drill');
    const stats = lstatSync(dir, { throwIfNoEntry: false });
    if (stats === undefined) return ok(null);
    if (!stats.isDirectory()) return failed('not a folder');
    if (!isMarked(dir, drillId)) return failed(`${MARKER} is not this drill's`);
    const root = Buffer.from(dir);
    await empty(root, root, { next: 0 }, Buffer.from(MARKER));
    // The marker goes last: a folder of which something is left must still be known as ours.
    await unlink(join(dir, MARKER)).catch(ignoreAbsent);
    await rmdir(dir);
    return ok(null);
  } catch (thrown) {
    return failed(describeThrown(thrown));
  }
}

/** True when the marker is this drill's, or the folder is empty: the power went between making it and marking it. */
function isMarked(dir: string, drillId: string): boolean {
  try {
    return readFileSync(join(dir, MARKER), 'utf8') === drillId;
  } catch (thrown) {
    return (thrown as { readonly code?: unknown }).code === 'ENOENT';
  }
}

/** Paths longer than this are moved up before they are gone into; the system takes 4,096 bytes, names have up to 255. */
const LONG_PATH = 3_000;

async function empty(
  folder: Buffer,
  root: Buffer,
  count: { next: number },
  keep: Buffer | null,
): Promise<void> {
  // Without these rights nothing in it can be removed; it is ours, and about to go.
  await chmod(folder, 0o700);
  for (;;) {
    let moved = false;
    const listing = await opendir(folder, { encoding: 'buffer' as BufferEncoding });
    for await (const entry of listing) {
      // With this encoding Node gives bytes, which its types do not say.
      const name = entry.name as unknown as Buffer;
      if (keep?.equals(name)) continue;
      const path = Buffer.concat([folder, Buffer.from('/'), name]);
      if (!(await lstat(path)).isDirectory()) {
        await unlink(path).catch(ignoreAbsent);
      } else if (path.length > LONG_PATH && !folder.equals(root)) {
        await chmod(path, 0o700);
        await rename(path, Buffer.concat([root, Buffer.from(`/~${count.next++}`)]));
        moved = true;
      } else {
        await empty(path, root, count, null);
        await rmdir(path);
      }
    }
    // Reading a folder while it changes may miss entries; a second look finds what is left.
    if (!moved && (await isEmpty(folder, keep))) return;
  }
}

async function isEmpty(folder: Buffer, keep: Buffer | null): Promise<boolean> {
  for await (const entry of await opendir(folder, { encoding: 'buffer' as BufferEncoding })) {
    if (!keep?.equals(entry.name as unknown as Buffer)) return false;
  }
  return true;
}

function ignoreAbsent(thrown: unknown): void {
  if ((thrown as { readonly code?: unknown }).code !== 'ENOENT') throw thrown;
}
