import * as z from 'zod';
import { findInIndex, type IndexedEntry } from './point-index.ts';

/** What a search's thread is started with: the indexes of the points, newest first. */
export const findTaskSchema = z.object({
  text: z.string(),
  points: z.array(z.object({ id: z.string(), indexPath: z.string() })),
  /** Most hits taken of one point. */
  limitPerPoint: z.number().int(),
});
export type FindTask = z.infer<typeof findTaskSchema>;

/** Hits by point; null where the index is of no use and must be made again. */
export type Found = readonly { readonly pointId: string; readonly entries: readonly IndexedEntry[] | null }[];

/** Searches the indexes. */
export function findEverywhere(task: FindTask): Found {
  return task.points.map(({ id, indexPath }) => {
    const found = findInIndex(indexPath, task.text, task.limitPerPoint);
    return { pointId: id, entries: found.ok ? found.value : null };
  });
}
