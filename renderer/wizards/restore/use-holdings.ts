import { useEffect, useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import { useCall } from '../../components/use-request.ts';

/** Paths that are looked up one by one; with more of them the list of points says nothing about holdings. */
const MOST_PATHS = 50;

/**
 * Counts for every point how many of the chosen paths it holds; a folder counts when anything below it is there.
 *
 * @param found for each chosen path what the search over all points returned for it
 * @returns point id → number of paths
 */
export function countHoldings(
  found: readonly { readonly path: string; readonly files: RequestOutput<'backup.find'>['files'] }[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { path, files } of found) {
    const points = new Set(
      files
        .filter((file) => file.path === path || file.path.startsWith(`${path}/`))
        .flatMap((file) => file.versions.map((version) => version.pointId)),
    );
    for (const point of points) counts.set(point, (counts.get(point) ?? 0) + 1);
  }
  return counts;
}

/** How many of the chosen paths each point holds; null while that is not known. */
export function useHoldings(paths: readonly string[]): ReadonlyMap<string, number> | null {
  const call = useCall();
  const [holdings, setHoldings] = useState<ReadonlyMap<string, number> | null>(null);
  const key = JSON.stringify(paths);
  useEffect(() => {
    const wanted: unknown = JSON.parse(key);
    if (!Array.isArray(wanted) || wanted.length === 0 || wanted.length > MOST_PATHS) {
      setHoldings(null);
      return;
    }
    const abort = new AbortController();
    const look = async (): Promise<void> => {
      const found: { path: string; files: RequestOutput<'backup.find'>['files'] }[] = [];
      for (const path of wanted.map(String)) {
        const answer = await call('backup.find', { text: path, limit: 2_000 }, abort.signal);
        if (abort.signal.aborted || !answer.ok) return;
        found.push({ path, files: answer.value.files });
      }
      setHoldings(countHoldings(found));
    };
    void look();
    return () => abort.abort();
  }, [call, key]);
  return holdings;
}
