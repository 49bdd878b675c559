import { access } from 'node:fs/promises';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import {
  type ArchiveRef,
  carriedError,
  type OpenPoint,
  type PointEntry,
  type PointKey,
  type PointReader,
} from './types.ts';

/** Most ways to combine copies that are tried; more copies than this are not kept by anybody. */
const MOST_WAYS = 64;

/**
 * The ways in which a chain can be read from the copies of its archives: the best copy of each first, then all second
 * copies, and so on (one medium holds a whole chain more often than not), then each other copy by itself. Pure.
 */
export function waysToRead(archives: readonly ArchiveRef[]): readonly (readonly ArchiveRef[])[] {
  const places = archives.map(({ archivePath, copies = [] }) => [archivePath, ...copies]);
  const most = Math.max(1, ...places.map((one) => one.length));
  const ways: (readonly ArchiveRef[])[] = [];
  const add = (choose: (index: number) => number): void => {
    ways.push(
      archives.map((archive, index) => ({
        manifestSha256: archive.manifestSha256,
        archivePath: places[index]?.[choose(index)] ?? archive.archivePath,
      })),
    );
  };
  for (let copy = 0; copy < most; copy += 1) add(() => copy);
  if (archives.length > 1)
    for (const [index, own] of places.entries())
      for (let copy = 1; copy < own.length; copy += 1) add((at) => (at === index ? copy : 0));
  return ways.slice(0, MOST_WAYS);
}

/**
 * Opens a point from whichever copies of its archives are intact. What cannot be read from one copy (a damaged frame, a
 * medium that was pulled) is read from the next, file by file, so that a damaged copy costs nothing that another one has.
 *
 * @returns the reader; when no way of reading it opens, what the first one said
 */
export async function openAnyCopy(
  openPoint: OpenPoint,
  archives: readonly ArchiveRef[],
  key?: PointKey | null,
): Promise<Result<PointReader>> {
  const ways = waysToRead(archives);
  const opened = new Map<number, PointReader | null>();
  const openWay = async (way: number): Promise<Result<PointReader>> => {
    const known = opened.get(way);
    if (known) return ok(known);
    const chosen = ways[way];
    if (known === null || chosen === undefined)
      return err(appError('NOT_FOUND', { what: 'copy', id: String(way) }));
    const result = await openPoint(chosen, key);
    opened.set(way, result.ok ? result.value : null);
    return result;
  };

  const first = await openWay(0);
  let best = 0;
  let main = first;
  while (!main.ok && best + 1 < ways.length) {
    best += 1;
    main = await openWay(best);
  }
  if (!main.ok) return first;
  const reader = main.value;
  /** Entries that are read by another way than the best. */
  const wayOf = new Map<string, number>();

  return ok({
    sources: reader.sources,
    entries: () => entriesOfAny(ways.length, best, openWay),
    readFile: (entry) => (opened.get(wayOf.get(entry.path) ?? best) ?? reader).readFile(entry),
    otherCopy: async (entry: PointEntry) => {
      for (let way = (wayOf.get(entry.path) ?? best) + 1; way < ways.length; way += 1) {
        const next = await openWay(way);
        wayOf.set(entry.path, way);
        if (next.ok) return true;
      }
      wayOf.delete(entry.path);
      return false;
    },
    isGone: async () => {
      for (const { archivePath, copies = [] } of archives) {
        const there = await Promise.all([archivePath, ...copies].map(isThere));
        if (!there.includes(true)) return true;
      }
      return false;
    },
    close: async () => {
      for (const one of opened.values()) await one?.close();
    },
  });
}

/** The entries in archive order; where one copy's manifest cannot be read further, the next one goes on at that place. */
async function* entriesOfAny(
  ways: number,
  best: number,
  openWay: (way: number) => Promise<Result<PointReader>>,
): AsyncGenerator<PointEntry> {
  let given = 0;
  let fault: unknown = null;
  for (let way = best; way < ways; way += 1) {
    const opened = await openWay(way);
    if (!opened.ok) continue;
    try {
      let number = 0;
      for await (const entry of opened.value.entries()) {
        number += 1;
        if (number <= given) continue;
        given = number;
        yield entry;
      }
      return;
    } catch (thrown) {
      if (carriedError(thrown) === null) throw thrown;
      fault ??= thrown;
    }
  }
  throw fault;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    // Whatever the reason: nothing can be read from it.
    return false;
  }
}
