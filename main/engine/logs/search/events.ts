import type { LogEvent } from '#shared/contract/logs.ts';
import { eventId, LEVELS, type StoredLine, shownFlags } from '../model.ts';
import { type LineParser, parserCache } from '../parse/parser.ts';
import type { LineOrigin } from '../store/heads.ts';
import type { StoreReader } from '../store/reader.ts';
import { changedLine, unparsed } from '../store/text-extra.ts';
import type { CompiledNode } from './compile.ts';
import { matches } from './match.ts';
import { Subject } from './subject.ts';

/** The parts that all searches of a thread share. */
export type SearchTools = { readonly store: StoreReader; readonly parserOf: ReturnType<typeof parserCache> };

/** Makes the tools for a folder's store. */
export function searchTools(store: StoreReader): SearchTools {
  return { store, parserOf: parserCache() };
}

/** Where an event stands in the order of a search. */
export type Place = { readonly time: number; readonly key: string; readonly offset: number };

/** Newest first; of one millisecond, the later line of a file first. */
export function comparePlaces(a: Place, b: Place): number {
  if (a.time !== b.time) return b.time - a.time;
  if (a.key !== b.key) return a.key < b.key ? 1 : -1;
  return b.offset - a.offset;
}

/** Makes an event that a client can read. */
export function showEvent(line: StoredLine, origin: LineOrigin, parser: LineParser): LogEvent {
  const raw = line.raw.toString('utf8');
  const parsed = changedLine(parser.parse(raw, line.time) ?? unparsed(raw), line.changes);
  return {
    id: eventId(origin.day, origin.fileKey, line.offset),
    time: line.time,
    level: LEVELS[line.level] ?? 'unknown',
    source: origin.sourceName,
    host: origin.host,
    message: parsed.message,
    fields: { ...parsed.fields },
    raw,
    flags: shownFlags(line.flags),
    stream: line.stream,
    tags: [...(line.changes?.tags ?? [])],
  };
}

/** Compares one line that is not in a block with a query: for lines that just arrived. */
export function lineMatches(
  node: CompiledNode,
  line: StoredLine,
  origin: LineOrigin,
  parser: LineParser,
): boolean {
  return node.kind === 'all' || matches(node, new Subject(origin, parser).of(line));
}
