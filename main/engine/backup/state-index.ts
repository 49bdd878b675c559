import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { openArchive } from './archive-reader.ts';
import { Baseline } from './baseline.ts';
import { type ArchiveKeys, NO_KEYS } from './crypto/age-head.ts';
import { archiveSystemError } from './faults.ts';
import { isIndexUsable } from './index-file.ts';
import { buildPointIndex, pointIndexPath, stateIndexPath } from './point-index.ts';

/** A point of a chain, as far as reading it needs. */
export const chainLinkSchema = z.object({
  id: z.string(),
  archivePath: z.string(),
  /** SHA-256 of the manifest text as catalogued. */
  manifestSha256: z.string(),
});
export type ChainLink = z.infer<typeof chainLinkSchema>;

/** What the thread that composes a state is started with: the chain, the full first. */
export const stateTaskSchema = z.object({ indexDir: z.string(), chain: z.array(chainLinkSchema).min(1) });
export type StateTask = z.infer<typeof stateTaskSchema>;

/** Makes sure that a point's own index is there; one that is lost is made again from the archive. */
async function ensurePointIndex(
  link: ChainLink,
  indexDir: string,
  keys: ArchiveKeys = NO_KEYS,
): Promise<Result<object>> {
  const path = pointIndexPath(indexDir, link.id);
  if (isIndexUsable(path)) return ok({});
  rmSync(path, { force: true });
  const opened = await openArchive(link.archivePath, keys);
  if (!opened.ok) return opened;
  try {
    if (opened.value.manifestSha256 !== link.manifestSha256)
      return err(appError('BACKUP_MANIFEST_DIFFERS', { file: link.archivePath }));
    return await buildPointIndex(path, opened.value);
  } finally {
    await opened.value.close();
  }
}

/** The nearest point at or before the end of the chain whose whole state is kept. */
function nearestState(chain: readonly ChainLink[], indexDir: string): number {
  for (let at = chain.length - 1; at > 0; at -= 1)
    if (isIndexUsable(stateIndexPath(indexDir, chain[at]?.id ?? ''))) return at;
  return 0;
}

/**
 * Makes sure that the whole state at the last point of a chain is in a file, and tells where: that of the nearest
 * earlier point that is kept, with what each later archive changed. Memory does not grow with the number of entries.
 *
 * @throws ArchiveFault when an archive's manifest is damaged
 */
export async function ensureState(
  { indexDir, chain }: StateTask,
  keys: ArchiveKeys = NO_KEYS,
): Promise<Result<{ readonly path: string }>> {
  const start = nearestState(chain, indexDir);
  for (const link of start === 0 ? chain : chain.slice(start + 1)) {
    const made = await ensurePointIndex(link, indexDir, keys);
    if (!made.ok) return made;
  }
  const from = chain[start]?.id ?? '';
  const path = start === 0 ? pointIndexPath(indexDir, from) : stateIndexPath(indexDir, from);
  if (start === chain.length - 1) return ok({ path });
  const final = stateIndexPath(indexDir, chain.at(-1)?.id ?? '');
  const opened = Baseline.open(path, `${final}.${randomUUID()}.part`);
  if (!opened.ok) return opened;
  const state = opened.value;
  try {
    for (const link of chain.slice(start + 1)) {
      const applied = state.apply(pointIndexPath(indexDir, link.id));
      if (!applied.ok) return applied;
    }
    state.publish(final);
    return ok({ path: final });
  } finally {
    state.abandon();
  }
}

/** {@link ensureState} as a task: damage is a value. */
export async function composeState(task: StateTask): Promise<Result<{ readonly path: string }>> {
  try {
    return await ensureState(task);
  } catch (thrown) {
    return err(archiveSystemError(task.chain.at(-1)?.archivePath ?? '', thrown));
  }
}

/** Whole states that are kept besides those of the newest points: what was browsed last is browsed again. */
const STATES_KEPT = 4;

/**
 * Removes whole states that can be composed again, but for the newest of each plan and the few made last.
 *
 * @param newest ids of the newest point of each plan
 */
export function pruneStates(indexDir: string, newest: ReadonlySet<string>): void {
  const states = readdirSync(indexDir)
    .filter((name) => name.endsWith('.state.db') && !newest.has(name.split('.')[0] ?? ''))
    .map((name) => ({ path: join(indexDir, name), at: statSync(join(indexDir, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { path } of states.slice(STATES_KEPT)) rmSync(path, { force: true });
}
