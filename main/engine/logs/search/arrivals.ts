import type { FormatSpec, StoredLine } from '../model.ts';
import type { LineParser } from '../parse/parser.ts';
import { type LineColumns, lineOfStream, streamAt } from '../store/columns.ts';
import type { LineOrigin } from '../store/heads.ts';
import { changedLine, unparsed } from '../store/text-extra.ts';
import { type CompiledNode, compileQuery } from './compile.ts';
import { lineMatches } from './events.ts';
import type { RememberedPattern } from './pattern-memory.ts';
import { Drain } from './patterns/drain.ts';

/** Streams, and sources of new patterns, that are counted apart; what comes beyond is counted as `other`. */
const MAX_LABELS = 200;
/** Templates kept in memory. */
const MAX_TEMPLATES = 10_000;
/** Of each second, so many milliseconds at most are spent on templates: the rest of a flood is not looked at. */
const BUDGET_MS = 20;
/** The clock is looked at once for so many lines. */
const LINES_PER_LOOK = 16;

/** What is counted as lines arrive. */
export type ArrivalConfig = {
  readonly queries: readonly { readonly name: string; readonly query: string }[];
  /** Templates that are known already. */
  readonly patterns: readonly RememberedPattern[];
};

/** Lines of one name since the last news, and the newest time among them. */
export type ArrivalCount = { readonly name: string; readonly lines: number; readonly lastMs: number };

/** What arrived since the last news. */
export type ArrivalNews = {
  readonly queries: readonly ArrivalCount[];
  readonly streams: readonly ArrivalCount[];
  readonly patterns: readonly RememberedPattern[];
  /** Lines that were not compared with the known templates, because they came too fast. */
  readonly unseen: number;
};

type Tally = { lines: number; lastMs: number };

/** Counts lines as they are stored: per saved search and stream, and those that say something new. */
export class Arrivals {
  readonly #parserOf: (format: FormatSpec) => LineParser;
  readonly #monotonic: () => number;
  #queries: readonly { readonly name: string; readonly node: CompiledNode }[] = [];
  #drain: Drain | null = null;
  #counts = new Map<string, Tally>();
  #streams = new Map<string, Tally>();
  readonly #streamNames = new Set<string>();
  #fresh: RememberedPattern[] = [];
  #unseen = 0;
  #budgetFrom = 0;
  #spentMs = 0;
  #isSpent = false;
  #sinceLook = 0;
  #lastStream: { readonly stream: string; readonly tally: Tally } | null = null;

  constructor(parserOf: (format: FormatSpec) => LineParser, monotonic: () => number) {
    this.#parserOf = parserOf;
    this.#monotonic = monotonic;
  }

  /** Takes another set of queries; templates are taken the first time only, they grow here afterwards. */
  configure({ queries, patterns }: ArrivalConfig): void {
    this.#queries = queries.flatMap(({ name, query }) => {
      const node = compileQuery(query);
      // It was checked when it was saved; one that a later version refuses counts nothing.
      return node.ok ? [{ name, node: node.value }] : [];
    });
    if (this.#drain !== null) return;
    this.#drain = new Drain(MAX_TEMPLATES);
    for (const { id, tokens } of patterns) this.#drain.addTokens(tokens, 1, id);
  }

  /**
   * Takes in lines that were stored.
   *
   * @param originOf where those of a log stream come from
   */
  stored(lines: LineColumns, originOf: (stream: string) => LineOrigin, nowMs: number): void {
    if (this.#drain === null) return;
    this.#sinceLook = LINES_PER_LOOK;
    let origin: LineOrigin | null = null;
    for (let i = 0; i < lines.events; i += 1) {
      const stream = streamAt(lines, i);
      this.#countStream(stream, lines.times[i] ?? 0);
      const mayLearn = this.#mayLearn();
      if (!mayLearn) this.#unseen += 1;
      // Nobody wants to know more of a line of a flood than that it came.
      if (!mayLearn && this.#queries.length === 0) continue;
      if (origin?.stream !== stream) origin = originOf(stream);
      this.#look(lineOfStream(lines, i, stream), origin, mayLearn, nowMs);
    }
  }

  #look(line: StoredLine, origin: LineOrigin, mayLearn: boolean, nowMs: number): void {
    const parser = this.#parserOf(origin.format);
    for (const { name, node } of this.#queries)
      if (lineMatches(node, line, origin, parser)) tally(this.#counts, name, line.time);
    if (mayLearn) this.#learn(line, origin, parser, nowMs);
  }

  #countStream(stream: string, time: number): void {
    const last = this.#lastStream;
    if (last?.stream === stream) {
      last.tally.lines += 1;
      if (time > last.tally.lastMs) last.tally.lastMs = time;
      return;
    }
    this.#lastStream = { stream, tally: tally(this.#streams, this.#streamName(stream), time) };
  }

  #mayLearn(): boolean {
    this.#sinceLook += 1;
    if (this.#sinceLook < LINES_PER_LOOK) return !this.#isSpent;
    this.#sinceLook = 0;
    const now = this.#monotonic();
    if (now - this.#budgetFrom >= 1000) {
      this.#budgetFrom = now;
      this.#spentMs = 0;
    }
    this.#isSpent = this.#spentMs >= BUDGET_MS;
    return !this.#isSpent;
  }

  #streamName(stream: string): string {
    if (this.#streamNames.has(stream)) return stream;
    if (this.#streamNames.size >= MAX_LABELS) return 'other';
    this.#streamNames.add(stream);
    return stream;
  }

  #learn(line: StoredLine, origin: LineOrigin, parser: LineParser, nowMs: number): void {
    const began = this.#monotonic();
    const raw = line.raw.toString('utf8');
    const { message } = changedLine(parser.parse(raw, line.time) ?? unparsed(raw), line.changes);
    const added = this.#drain?.add(message);
    if (added?.isNew === true) {
      const { id, tokens } = added.cluster;
      this.#fresh.push({ id, tokens: [...tokens], source: origin.sourceName, firstMs: nowMs });
    }
    this.#spentMs += this.#monotonic() - began;
  }

  /** Takes what is new; null when nothing is. */
  take(): ArrivalNews | null {
    if (this.#streams.size === 0) return null;
    const news = {
      queries: counted(this.#counts),
      streams: counted(this.#streams),
      patterns: this.#fresh,
      unseen: this.#unseen,
    };
    this.#counts = new Map();
    this.#streams = new Map();
    this.#lastStream = null;
    this.#fresh = [];
    this.#unseen = 0;
    return news;
  }
}

function tally(counts: Map<string, Tally>, name: string, time: number): Tally {
  const known = counts.get(name) ?? { lines: 0, lastMs: time };
  counts.set(name, known);
  known.lines += 1;
  if (time > known.lastMs) known.lastMs = time;
  return known;
}

function counted(counts: Map<string, Tally>): readonly ArrivalCount[] {
  return [...counts].map(([name, { lines, lastMs }]) => ({ name, lines, lastMs }));
}

/** Counters since the engine started, for the metrics store. */
export type ArrivalTotals = {
  /** Also of searches that found nothing yet. */
  readonly queries: readonly ArrivalCount[];
  readonly streams: readonly ArrivalCount[];
  /** New templates, by the source in which they were seen first. */
  readonly newPatterns: readonly { readonly source: string; readonly count: number }[];
};

/** Adds up the news of the log thread, whoever restarts meanwhile. */
export class ArrivalSums {
  #queries = new Map<string, Tally>();
  readonly #streams = new Map<string, Tally>();
  readonly #patterns = new Map<string, number>();

  /** Keeps counters of exactly these searches. */
  setQueries(names: readonly string[]): void {
    this.#queries = new Map(names.map((name) => [name, this.#queries.get(name) ?? { lines: 0, lastMs: 0 }]));
  }

  add(news: ArrivalNews): void {
    for (const { name, lines, lastMs } of news.queries) {
      const known = this.#queries.get(name);
      if (known === undefined) continue;
      known.lines += lines;
      known.lastMs = Math.max(known.lastMs, lastMs);
    }
    for (const { name, lines, lastMs } of news.streams) {
      const known = this.#streams.get(name) ?? { lines: 0, lastMs: 0 };
      if (this.#streams.size >= MAX_LABELS * 2 && !this.#streams.has(name)) continue;
      this.#streams.set(name, { lines: known.lines + lines, lastMs: Math.max(known.lastMs, lastMs) });
    }
    for (const { source } of news.patterns) {
      const label = this.#patterns.has(source) || this.#patterns.size < MAX_LABELS ? source : 'other';
      this.#patterns.set(label, (this.#patterns.get(label) ?? 0) + 1);
    }
  }

  /** @param sources names of all sources, so that each has a counter before it says something new */
  totals(sources: readonly string[]): ArrivalTotals {
    const names = new Set([...sources.slice(0, MAX_LABELS), ...this.#patterns.keys()]);
    return {
      queries: counted(this.#queries),
      streams: counted(this.#streams),
      newPatterns: [...names].map((source) => ({ source, count: this.#patterns.get(source) ?? 0 })),
    };
  }
}
