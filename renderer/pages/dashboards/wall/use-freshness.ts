import { useCallback, useEffect, useRef, useState } from 'react';

/** The age of what a wall shows. */
export type Freshness = {
  /** When the oldest of the panels' newest answers came; null before the first. */
  readonly at: number | null;
  /** A panel says when its oldest answer came; null when it is out of view or has none. */
  readonly tell: (panel: string, at: number | null) => void;
};

/** The oldest of the times that panels told. */
export function oldestOf(told: ReadonlyMap<string, number>): number | null {
  let oldest: number | null = null;
  for (const at of told.values()) oldest = Math.min(oldest ?? at, at);
  return oldest;
}

/** Gathers the age of a board's panels; another board begins anew. */
export function useFreshness(board: string): Freshness {
  const told = useRef(new Map<string, number>());
  const [at, setAt] = useState<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another board has other panels.
  useEffect(() => {
    told.current.clear();
    setAt(null);
  }, [board]);
  const tell = useCallback((panel: string, time: number | null): void => {
    if (time === null) told.current.delete(panel);
    else told.current.set(panel, time);
    setAt(oldestOf(told.current));
  }, []);
  return { at, tell };
}
