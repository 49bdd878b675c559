import type { LogEvent } from '#shared/contract/logs.ts';
import { LEVELS } from '../model.ts';
import { lineOf } from '../store/block.ts';
import { showEvent } from './events.ts';
import { Drain } from './patterns/drain.ts';
import type { Collector } from './scan.ts';

/** Clusters kept while a search runs. */
const MAX_CLUSTERS = 3000;
const SPARK_PARTS = 40;
const MAX_SOURCES = 20;

/** One cluster with what is known of its lines. */
export type FoundPattern = {
  readonly id: string;
  tokens: readonly string[];
  count: number;
  readonly levels: number[];
  readonly sources: Set<string>;
  firstTime: number;
  lastTime: number;
  sample: LogEvent;
  readonly spark: number[];
};

/** Clusters as they cross threads. */
export type PatternsPartial = { readonly events: number; readonly patterns: readonly FoundPattern[] };

/** Puts what a search finds into clusters. */
export function patternsCollector(range: {
  readonly start: number;
  readonly end: number;
}): Collector<PatternsPartial> & {
  readonly answer: () => { readonly events: number; readonly patterns: readonly FoundPattern[] };
} {
  const drain = new Drain(MAX_CLUSTERS);
  const known = new Map<string, FoundPattern>();
  let events = 0;
  const partOf = (time: number): number => {
    const share = (time - range.start) / Math.max(1, range.end - range.start);
    return Math.min(SPARK_PARTS - 1, Math.max(0, Math.floor(share * SPARK_PARTS)));
  };
  const settle = (): readonly FoundPattern[] => {
    const found: FoundPattern[] = [];
    for (const cluster of drain.clusters()) {
      const pattern = known.get(cluster.id);
      if (pattern) found.push({ ...pattern, tokens: cluster.tokens });
    }
    return found.sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1));
  };
  return {
    wants: () => true,
    counted: () => undefined,
    take: ({ columns, i, head: { origin }, parser, subject }) => {
      events += 1;
      const { cluster } = drain.add(subject.parsed().message);
      const { time, level } = subject;
      let pattern = known.get(cluster.id);
      if (pattern === undefined) {
        pattern = {
          id: cluster.id,
          tokens: cluster.tokens,
          count: 0,
          levels: LEVELS.map(() => 0),
          sources: new Set(),
          firstTime: time,
          lastTime: time,
          sample: showEvent(lineOf(columns, i), origin, parser),
          spark: new Array<number>(SPARK_PARTS).fill(0),
        };
        known.set(cluster.id, pattern);
        if (known.size > MAX_CLUSTERS * 2) forgetLost(known, drain);
      }
      pattern.count += 1;
      pattern.levels[level] = (pattern.levels[level] ?? 0) + 1;
      if (pattern.sources.size < MAX_SOURCES) pattern.sources.add(origin.sourceName);
      pattern.firstTime = Math.min(pattern.firstTime, time);
      pattern.lastTime = Math.max(pattern.lastTime, time);
      const part = partOf(time);
      pattern.spark[part] = (pattern.spark[part] ?? 0) + 1;
    },
    isDone: () => false,
    partial: (last) => (last ? { events, patterns: settle() } : null),
    merge: (partial) => {
      events += partial.events;
      for (const other of partial.patterns) {
        const { cluster } = drain.addTokens(other.tokens, other.count, other.id);
        const own = known.get(cluster.id);
        if (own) join(own, other);
        else known.set(cluster.id, { ...other, id: cluster.id });
      }
    },
    found: () => events,
    answer: () => ({ events, patterns: settle() }),
  };
}

function forgetLost(known: Map<string, FoundPattern>, drain: Drain): void {
  const alive = new Set([...drain.clusters()].map(({ id }) => id));
  for (const id of known.keys()) if (!alive.has(id)) known.delete(id);
}

function join(own: FoundPattern, other: FoundPattern): void {
  own.count += other.count;
  other.levels.forEach((n, level) => {
    own.levels[level] = (own.levels[level] ?? 0) + n;
  });
  for (const source of other.sources) if (own.sources.size < MAX_SOURCES) own.sources.add(source);
  if (other.lastTime > own.lastTime) own.sample = other.sample;
  own.firstTime = Math.min(own.firstTime, other.firstTime);
  own.lastTime = Math.max(own.lastTime, other.lastTime);
  other.spark.forEach((n, part) => {
    own.spark[part] = (own.spark[part] ?? 0) + n;
  });
}
