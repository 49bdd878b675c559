import type { WritableDb } from '../../storage/sqlite.ts';
import { type ArrivalConfig, type ArrivalNews, ArrivalSums, type ArrivalTotals } from './arrivals.ts';
import { PatternMemory } from './pattern-memory.ts';
import { SavedSearches } from './saved.ts';

/** The engine's side of what is counted as lines arrive. */
export type Arriving = {
  readonly memory: PatternMemory;
  /** What the log thread is to count. */
  readonly config: () => ArrivalConfig;
  /** Called when saved searches changed. */
  readonly changed: () => void;
  readonly arrived: (news: ArrivalNews) => void;
  readonly totals: (sources?: readonly string[]) => ArrivalTotals;
};

/** Keeps the counters, and remembers new templates in console.db. @param tell gives the log thread another set to count */
export function createArriving(db: WritableDb, tell: (config: ArrivalConfig) => void): Arriving {
  const saved = new SavedSearches(db);
  const memory = new PatternMemory(db);
  const sums = new ArrivalSums();
  const counted = (): ArrivalConfig['queries'] =>
    saved
      .list()
      .filter((search) => search.counted)
      .map(({ name, query }) => ({ name, query }));
  const config = (): ArrivalConfig => {
    const queries = counted();
    sums.setQueries(queries.map(({ name }) => name));
    return { queries, patterns: memory.list() };
  };
  return {
    memory,
    config,
    changed: () => tell({ ...config(), patterns: [] }),
    arrived: (news) => {
      sums.add(news);
      memory.add(news.patterns);
    },
    totals: (sources = []) => sums.totals(sources),
  };
}
