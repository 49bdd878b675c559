import { createHash } from 'node:crypto';
import { maskVariables, patternTokens } from './mask.ts';

/** Stands where lines of a cluster differ. */
const ANY = '<*>';
/** Lines belong together when so many of their words are the same, in the same places. */
const SIMILARITY = 0.6;
/** Clusters of one length and first word; more would make each line slow. */
const MAX_IN_GROUP = 200;
/** Masked lines whose cluster is remembered. */
const MAX_CACHE = 4000;

/** A cluster: a template that may become more general, never less. */
export type Cluster = {
  /** Made of the first line; stays when the template becomes more general. */
  readonly id: string;
  tokens: string[];
  count: number;
};

/**
 * Puts lines that say the same into clusters, one look at each line (He et al., "Drain: An Online Log Parsing Approach with
 * Fixed Depth Tree", 2017): by the number of words, by the first word, then by how many words are the same. Bounded:
 * when there are too many clusters, those seen least are given up.
 */
export class Drain {
  readonly #groups = new Map<string, Cluster[]>();
  readonly #cache = new Map<string, Cluster>();
  readonly #max: number;
  size = 0;
  /** Lines in clusters that were given up. */
  lost = 0;

  constructor(maxClusters: number) {
    this.#max = maxClusters;
  }

  /** The cluster of a message; `isNew` when it is the first of its kind. */
  add(message: string, n = 1): { readonly cluster: Cluster; readonly isNew: boolean } {
    const masked = maskVariables(message);
    const known = this.#cache.get(masked);
    if (known) {
      known.count += n;
      return { cluster: known, isNew: false };
    }
    const result = this.addTokens(patternTokens(masked), n);
    if (this.#cache.size >= MAX_CACHE) this.#cache.clear();
    this.#cache.set(masked, result.cluster);
    return result;
  }

  /** The same for words that are masked already, or a template. */
  addTokens(
    tokens: readonly string[],
    n: number,
    id?: string,
  ): { readonly cluster: Cluster; readonly isNew: boolean } {
    const key = groupOf(tokens);
    const group = this.#groups.get(key);
    const near = group === undefined ? null : nearest(group, tokens);
    if (near !== null) {
      near.count += n;
      near.tokens = near.tokens.map((token, i) => (token === tokens[i] ? token : ANY));
      return { cluster: near, isNew: false };
    }
    const made: Cluster = { id: id ?? idOf(tokens), tokens: [...tokens], count: n };
    if (group === undefined) this.#groups.set(key, [made]);
    else group.push(made);
    this.size += 1;
    if (group !== undefined && group.length > MAX_IN_GROUP) this.#prune(group, MAX_IN_GROUP >> 1);
    if (this.size > this.#max) this.#pruneAll();
    return { cluster: made, isNew: true };
  }

  /** The cluster that a template belongs to, without changing anything. */
  find(tokens: readonly string[]): Cluster | null {
    const group = this.#groups.get(groupOf(tokens));
    return group === undefined ? null : nearest(group, tokens);
  }

  /** All clusters, in no order. */
  *clusters(): Generator<Cluster> {
    for (const group of this.#groups.values()) yield* group;
  }

  #pruneAll(): void {
    const counts = [...this.clusters()].map(({ count }) => count).sort((a, b) => a - b);
    const bound = counts[counts.length >> 2] ?? 1;
    for (const [key, group] of this.#groups) {
      const kept = group.filter(({ count }) => count > bound);
      for (const given of group) if (given.count <= bound) this.lost += given.count;
      this.size -= group.length - kept.length;
      if (kept.length === 0) this.#groups.delete(key);
      else this.#groups.set(key, kept);
    }
    this.#cache.clear();
  }

  #prune(group: Cluster[], keep: number): void {
    group.sort((a, b) => b.count - a.count);
    for (const given of group.splice(keep)) {
      this.lost += given.count;
      this.size -= 1;
    }
    this.#cache.clear();
  }
}

function groupOf(tokens: readonly string[]): string {
  const first = tokens.find((token) => !token.startsWith('<')) ?? ANY;
  // A first word with digits in it is a name of something; lines that begin so are told apart by the words behind it.
  return `${tokens.length} ${/\d/.test(first) ? ANY : first}`;
}

function nearest(group: readonly Cluster[], tokens: readonly string[]): Cluster | null {
  let best: Cluster | null = null;
  let bestSame = Math.max(1, Math.ceil(tokens.length * SIMILARITY)) - 1;
  for (const cluster of group) {
    let same = 0;
    for (let i = 0; i < tokens.length; i += 1) {
      const token = cluster.tokens[i];
      if (token === tokens[i] || token === ANY) same += token === ANY ? 0.5 : 1;
    }
    if (same > bestSame) {
      best = cluster;
      bestSame = same;
    }
  }
  if (best !== null || tokens.length > 0) return best;
  return group[0] ?? null;
}

function idOf(tokens: readonly string[]): string {
  return createHash('sha256').update(tokens.join(' ')).digest('hex').slice(0, 16);
}

/** A query that finds lines of a template: its longest unvarying words. */
export function queryOfTemplate(tokens: readonly string[]): string {
  const phrases: string[] = [];
  let run: string[] = [];
  const end = (): void => {
    if (run.length > 0) phrases.push(run.join(' '));
    run = [];
  };
  for (const token of tokens) {
    if (token.includes('<') || token.includes('"') || token.includes('\\')) end();
    else run.push(token);
  }
  end();
  return phrases
    .filter((phrase) => /[\p{L}\p{N}]/u.test(phrase))
    .sort((a, b) => b.length - a.length)
    .slice(0, 4)
    .map((phrase) => `"${phrase}"`)
    .join(' ');
}
