import * as z from 'zod';
import type { RawPath } from '../platform/raw-path.ts';
import { findInIndex, goneInIndex, type IndexedEntry } from './point-index.ts';

/** What a search's thread is started with: the indexes of the points, in any order. */
export const findTaskSchema = z.object({
  text: z.string(),
  points: z.array(z.object({ id: z.string(), parentId: z.string().nullable(), indexPath: z.string() })),
  /** Most hits taken of one archive. */
  limitPerPoint: z.int(),
});
export type FindTask = z.infer<typeof findTaskSchema>;

/** Hits by point; null where the index is of no use and must be made again. */
export type Found = readonly { readonly pointId: string; readonly entries: readonly IndexedEntry[] | null }[];

type Hits = ReadonlyMap<RawPath, IndexedEntry>;
type Looked = { readonly hits: Hits; readonly usable: boolean };

/** True when the path or a folder above it is gone. */
function isGone(path: RawPath, gone: ReadonlySet<RawPath>): boolean {
  if (gone.has(path)) return true;
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1))
    if (gone.has(path.slice(0, slash))) return true;
  return false;
}

/**
 * Searches the indexes. Each holds what its archive does; what stood at a point of a chain is what stood at its parent,
 * without what was gone, and with what its archive has. Only hits are carried along, so no state is composed for it.
 */
export function findEverywhere(task: FindTask): Found {
  const byId = new Map(task.points.map((point) => [point.id, point]));
  const looked = new Map<string, Looked>();
  for (const asked of task.points) {
    // From the point back to the nearest one that was looked at, and forwards again.
    const chain: (typeof asked)[] = [];
    const seen = new Set<string>();
    for (
      let at: typeof asked | undefined = asked;
      at !== undefined && !seen.has(at.id) && !looked.has(at.id);
    ) {
      seen.add(at.id);
      chain.push(at);
      at = at.parentId === null ? undefined : byId.get(at.parentId);
    }
    for (const { id, parentId, indexPath } of chain.reverse()) {
      const parent = parentId === null ? undefined : looked.get(parentId);
      looked.set(id, look(indexPath, task, parent?.hits ?? new Map()));
    }
  }
  return task.points.map(({ id }) => {
    const found = looked.get(id);
    return { pointId: id, entries: found?.usable ? [...found.hits.values()] : null };
  });
}

function look(indexPath: string, { text, limitPerPoint }: FindTask, before: Hits): Looked {
  const found = findInIndex(indexPath, text, limitPerPoint);
  const gone = before.size === 0 ? null : goneInIndex(indexPath);
  if (!found.ok || gone?.ok === false) return { hits: before, usable: false };
  const hits = new Map(before);
  const paths = new Set(gone?.value ?? []);
  if (paths.size > 0) for (const path of before.keys()) if (isGone(path, paths)) hits.delete(path);
  for (const entry of found.value) hits.set(entry.path, entry);
  return { hits, usable: true };
}
