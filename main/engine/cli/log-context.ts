import type { RequestOutput } from '#shared/contract/index.ts';
import type { LogContextScope, LogEvent } from '#shared/contract/logs.ts';
import { table } from './output.ts';
import type { Session } from './session.ts';

/** The lines around hits, and the days of the store of which something could not be read. */
export type ContextOfHits = {
  readonly hits: readonly { readonly id: string; readonly events: readonly LogEvent[] }[];
  readonly unread: RequestOutput<'logs.context'>['unread'];
};

/** Asks for the lines around each hit, the hit among them. */
export async function contextOfHits(
  { call }: Session,
  events: readonly LogEvent[],
  around: number,
  of: LogContextScope,
): Promise<ContextOfHits> {
  const hits: ContextOfHits['hits'][number][] = [];
  const unread = new Map<string, ContextOfHits['unread'][number]>();
  for (const { id } of events) {
    const found = await call('logs.context', { id, before: around, after: around, of });
    hits.push({ id, events: found.events });
    for (const one of found.unread) unread.set(one.day, one);
  }
  return { hits, unread: [...unread.values()] };
}

/** What `--json` prints: that of a search, with all lines one after the other; of several logs, with the identifiers of the hits. */
export function contextDocument(found: object, { hits, unread }: ContextOfHits, of: LogContextScope): object {
  const events = hits.flatMap((hit) => hit.events);
  return of === 'log' ? { ...found, events } : { ...found, events, hits: hits.map(({ id }) => id), unread };
}

/** The lines as they are; of several logs each with when it was, its host and source, the hits marked. */
export function contextText({ hits }: ContextOfHits, of: LogContextScope): string {
  if (of === 'log') return hits.flatMap(({ events }) => events.map(({ raw }) => raw)).join('\n');
  const groups = hits.map(({ id, events }) =>
    table(
      events.map((event) => [
        event.id === id ? '>' : ' ',
        new Date(event.correctedTime ?? event.time).toISOString(),
        event.host,
        event.source,
        event.raw,
      ]),
    ),
  );
  return groups.join('\n--\n');
}
