import { isUtf8 } from 'node:buffer';
import { ok, type Result } from '#shared/errors/index.ts';
import { freeNow } from '../../platform/large-buffers.ts';
import type { LineParser } from '../parse/parser.ts';
import { type BlockColumns, freeBlock } from '../store/block.ts';
import type { DayReader } from '../store/day-reader.ts';
import type { BlockHead, LineOrigin } from '../store/heads.ts';
import type { CompiledNode } from './compile.ts';
import type { SearchTools } from './events.ts';
import { asksFields, blockTerms, knownVerdict, matches } from './match.ts';
import type { ByteRegex } from './regex/regex.ts';
import { isBareBlock, isBareFormat, isLiteralFormat, Subject } from './subject.ts';

/** Times in UTC milliseconds, both included. */
export type TimeRange = { readonly start: number; readonly end: number };

/** Gives the thread a chance to hear a cancellation; rejects when there was one. */
export type Breath = () => Promise<void> | undefined;

/** One line of a block that matches, or all there is to know of it. */
export type Match = {
  readonly columns: BlockColumns;
  readonly i: number;
  readonly head: BlockHead;
  readonly parser: LineParser;
  readonly subject: Subject;
};

/** Takes in what a search finds. What two threads took in apart can be put together. */
export type Collector<P = unknown> = {
  /**
   * Whether the lines of a block have to be looked at.
   *
   * @param counts matches of each level, where the columns alone say them
   */
  readonly wants: (head: BlockHead, counts: readonly number[] | null) => boolean;
  /** Takes the matches of a block that was not wanted. */
  readonly counted: (head: BlockHead, counts: readonly number[]) => void;
  /** The bytes of the match are valid during the call only. */
  readonly take: (match: Match) => void;
  /** Whether nothing up to this time can change what is collected. */
  readonly isDone: (maxTime: number) => boolean;
  /** What was collected since the last call, as plain data; null when it is only known at the end. */
  readonly partial: (last: boolean) => P | null;
  readonly merge: (partial: P) => void;
  /** Matches so far. */
  readonly found: () => number;
};

/** Which blocks of a day a thread looks at, so that two can share the work. */
export type Part = {
  readonly index: number;
  readonly of: number;
  /** Blocks that were written after the shared look at the day are nobody's. */
  readonly lastBlock: number;
};

/** What of a day is worth a look. */
export type DayPlan = {
  readonly day: DayReader;
  readonly heads: readonly BlockHead[];
  readonly lastBlock: number;
};

/** The blocks of a day that may hold matches, newest first; pending lines come before them. */
export function planDay(day: DayReader, node: CompiledNode, range: TimeRange): Result<DayPlan> {
  const withFields = blockTerms(node, true);
  let terms = withFields;
  if (withFields !== null && asksFields(node)) {
    const formats = day.formats();
    if (!formats.ok) return formats;
    if (!formats.value.every(isLiteralFormat)) terms = blockTerms(node, false);
  }
  const heads = day.heads(range.start, range.end, terms);
  if (!heads.ok) return heads;
  const lastBlock = heads.value.reduce((last, head) => Math.max(last, head.block ?? 0), 0);
  return ok({ day, heads: heads.value, lastBlock });
}

/** Gives a collector all matches in one's part of a day. `at` is told how far the scan is. */
export async function scanDay(
  tools: SearchTools,
  plan: DayPlan,
  request: { readonly node: CompiledNode; readonly range: TimeRange; readonly part: Part },
  collector: Collector,
  breath: Breath,
  at: (done: number, of: number, frontier: number) => void,
): Promise<Result<object>> {
  const { node, range, part } = request;
  const { day, heads } = plan;
  for (const [index, head] of heads.entries()) {
    const block = head.block ?? 0;
    if (block % part.of !== part.index || block > part.lastBlock) continue;
    // Pending lines come first, in no order; only blocks end a scan.
    if (collector.isDone(head.maxTime)) {
      if (head.block === null) continue;
      break;
    }
    const done = scanBlock(tools, node, range, head, collector);
    if (!done.ok) return done;
    const pause = breath();
    if (pause !== undefined) {
      at(index + 1, heads.length, heads[index + 1]?.maxTime ?? Number.NEGATIVE_INFINITY);
      await pause;
      // Retention deleted the day during the pause: there is nothing more to find in it.
      if (!day.isOpen) break;
    }
  }
  return ok({});
}

function scanBlock(
  tools: SearchTools,
  node: CompiledNode,
  range: TimeRange,
  head: BlockHead,
  collector: Collector,
): Result<object> {
  const { origin, minTime, maxTime } = head;
  const verdicts = head.levels.map((count, level) =>
    count === 0 ? false : knownVerdict(node, { origin, level, minTime, maxTime }),
  );
  if (verdicts.every((one) => one === false)) return ok({});
  const whole = minTime >= range.start && maxTime <= range.end;
  const counts =
    whole && !verdicts.includes(null)
      ? head.levels.map((count, level) => (verdicts[level] === true ? count : 0))
      : null;
  if (!collector.wants(head, counts)) {
    if (counts !== null) collector.counted(head, counts);
    return ok({});
  }
  const opened = openWith(node, head);
  if (!opened.ok) return opened;
  if (opened.value === null) return ok({});
  const { columns, places } = opened.value;
  const parser = tools.parserOf(origin.format);
  const subject = new Subject(origin, parser);
  const take = (i: number): void => collector.take({ columns, i, head, parser, subject });
  const compare = (i: number): void => {
    subject.at(columns, i);
    if (verdicts[columns.levels[i] ?? 0] === true || matches(node, subject)) take(i);
  };
  const wanted = wantedLines(columns, range, whole, verdicts);
  const lines = places === null ? wanted : linesAt(columns, places, wanted);
  const gate = places === null ? gateOf(node, origin, columns) : null;
  if (gate === null) for (const i of lines) compare(i);
  else {
    // Nothing but the expression decides: what passes it need not be compared again.
    const decides = node.kind === 'regex';
    const passed = (i: number): void => {
      if (!decides) compare(i);
      else {
        subject.at(columns, i);
        take(i);
      }
    };
    const { data, starts, stops } = columns;
    const some = gate.needle === null ? lines : linesWith(columns, gate.needle, lines);
    gate.matchMany(data, starts, stops, some, passed);
  }
  // Collectors keep copies of what they keep.
  freeBlock(columns);
  return ok({});
}

/** With more places than this in a block, its lines are looked at one by one. */
const MOST_PLACES = 24;

/**
 * Opens a block. Where an expression has to stand in every match, it is looked for in the text of all lines at once: most blocks need
 * not be taken apart then.
 *
 * @returns null when no line of the block matches; places where lines that may match are, or null when any may
 */
function openWith(
  node: CompiledNode,
  head: BlockHead,
): Result<{ readonly columns: BlockColumns; readonly places: readonly number[] | null } | null> {
  if (head.bytes === null) {
    const opened = head.columns();
    return opened.ok ? ok({ columns: opened.value, places: null }) : opened;
  }
  const opened = head.bytes();
  if (!opened.ok) return opened;
  const { data, text, columns } = opened.value;
  const gate = gateOf(node, head.origin, null);
  const from = gate === null ? null : text();
  // What is broken in a line may be shown as other letters than its bytes.
  const places =
    gate === null || from === null || (node.kind !== 'regex' && !isUtf8(data.subarray(from)))
      ? null
      : gate.places(data, from, data.length, MOST_PLACES);
  if (places?.length === 0) {
    freeNow(data);
    return ok(null);
  }
  return ok({ columns: columns(), places });
}

/** Those of the wanted lines in which there are places. */
function linesAt({ stops }: BlockColumns, places: readonly number[], wanted: Uint32Array): Uint32Array {
  const found: number[] = [];
  let next = 0;
  for (const place of places) {
    // The line end belongs to the line.
    while (next < wanted.length && (stops[wanted[next] ?? 0] ?? 0) < place) next += 1;
    const line = wanted[next];
    if (line === undefined) break;
    if (found.at(-1) !== line) found.push(line);
  }
  return Uint32Array.from(found);
}

/** The lines that the window and the columns leave in question. */
function wantedLines(
  { events, times, levels }: BlockColumns,
  range: TimeRange,
  whole: boolean,
  verdicts: readonly (boolean | null)[],
): Uint32Array {
  const lines = new Uint32Array(events);
  let count = 0;
  for (let i = 0; i < events; i += 1) {
    const time = times[i] ?? 0;
    if (!whole && (time < range.start || time > range.end)) continue;
    if (verdicts[levels[i] ?? 0] !== false) lines[count++] = i;
  }
  return lines.subarray(0, count);
}

/**
 * An expression that every match in a block passes, to be asked first because it looks at bytes; null when there is none,
 * as when a word may stand in what a line says only once it is decoded.
 *
 * @param columns null while the block was not taken apart: it must have no changes, and nothing in it may be broken
 */
function gateOf(node: CompiledNode, origin: LineOrigin, columns: BlockColumns | null): ByteRegex | null {
  const isBare = (): boolean => (columns === null ? isBareFormat(origin) : isBareBlock(origin, columns));
  switch (node.kind) {
    case 'regex':
      return node.regex;
    case 'text':
      return isBare() ? node.sieve : null;
    case 'field':
      return isBare() && isLiteralFormat(origin.format) ? node.sieve : null;
    case 'and': {
      let best: ByteRegex | null = null;
      for (const item of node.items) {
        const gate = gateOf(item, origin, columns);
        if (gate !== null && (best === null || (gate.needle?.length ?? 0) > (best.needle?.length ?? 0)))
          best = gate;
      }
      return best;
    }
    default:
      return null;
  }
}

/** Those of some lines in which bytes stand. */
function linesWith({ data, starts, stops }: BlockColumns, needle: Buffer, lines: Uint32Array): Uint32Array {
  const found = new Uint32Array(lines.length);
  let count = 0;
  let next = 0;
  let at = lines.length === 0 ? -1 : data.indexOf(needle, starts[lines[0] ?? 0] ?? 0);
  while (at >= 0 && next < lines.length) {
    const line = lines[next] ?? 0;
    const [start, stop] = [starts[line] ?? 0, stops[line] ?? 0];
    if (at >= stop) next += 1;
    else if (at < start) at = data.indexOf(needle, start);
    else {
      if (at + needle.length <= stop) found[count++] = line;
      next += 1;
    }
  }
  return found.subarray(0, count);
}
