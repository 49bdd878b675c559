import * as z from 'zod';
import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import { type LogEvent, type LogLevel, logLevelSchema } from '#shared/contract/logs.ts';
import {
  type LogSearchSource,
  logSearchSourceSchema,
  type RemoteLogServer,
} from '#shared/contract/logs-pipelines.ts';
import { levelFromName } from '#shared/domain/log-query/level-names.ts';
import { appError, type Bilingual, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { lazyHttpClient } from '../../platform/http/lazy-client.ts';
import { type SiteSection, siteSection } from '../../platform/site-section.ts';
import type { Timers } from '../../platform/timers.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import { type ConnectionSecrets, connectionSecrets, serversReach } from './secrets.ts';
import { identify, SearchServer } from './server.ts';
import { translateQuery } from './translate.ts';

type Governed =
  | 'logs.search'
  | 'logs.count'
  | 'logs.histogram'
  | 'logs.context'
  | 'logs.fields'
  | 'logs.patterns'
  | 'logs.export';
/** The handlers that the source of searches governs. */
export type GovernedHandlers = Pick<AreaHandlers<'logs'>, Governed>;

/** Searching another server's events from the same page. */
export type RemoteSearch = {
  readonly handlers: Pick<AreaHandlers<'logs'>, 'logs.remote.get' | 'logs.remote.set' | 'logs.remote.test'>;
  /** Asks the server where one is set, or the local handlers. */
  readonly governed: (local: GovernedHandlers) => GovernedHandlers;
  /** Its part of the site document. */
  readonly section: SiteSection;
  readonly close: () => Promise<void>;
};

const SETTING = 'logs.search_source';
const SHOWN = 300;

const totalSchema = z.union([z.int(), z.object({ value: z.int(), relation: z.string() })]);
const hitSchema = z.object({
  _index: z.string(),
  _id: z.string(),
  _source: z.record(z.string(), z.unknown()).default({}),
  sort: z.array(z.union([z.string(), z.number(), z.null()])).optional(),
});
const searchSchema = z.object({
  hits: z.object({ total: totalSchema.optional(), hits: z.array(hitSchema) }),
});
const countSchema = z.object({ count: z.int() });
const histogramSchema = z.object({
  aggregations: z
    .object({
      times: z.object({
        buckets: z.array(
          z.object({
            key: z.number(),
            doc_count: z.int(),
            levels: z.object({
              buckets: z.array(z.object({ key: z.string(), doc_count: z.int() })),
            }),
          }),
        ),
      }),
    })
    .optional(),
});
const cursorSchema = z.array(z.union([z.string(), z.number(), z.null()])).max(5);

/** Opens the setting; nothing is asked before somebody searches. */
export function createRemoteSearch(deps: {
  readonly db: WritableDb;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly broadcast: Broadcast;
  readonly secrets: ConnectionSecrets;
}): RemoteSearch {
  const { db, clock } = deps;
  const http = lazyHttpClient({ clock, timers: deps.timers });
  const read = (): LogSearchSource => {
    const row = db.prepare('SELECT value FROM setting WHERE name = ?').get(SETTING) as
      | { value: string }
      | undefined;
    const parsed = logSearchSourceSchema.safeParse(row === undefined ? null : JSON.parse(row.value));
    return parsed.success ? parsed.data : { kind: 'local' };
  };
  let source = read();

  /** Keeps the setting, its secrets sealed. @returns it as it is kept */
  const keep = (next: LogSearchSource, secrets: ConnectionSecrets): Result<LogSearchSource> => {
    const server = next.kind === 'local' ? null : secrets.seal(SETTING, next.server);
    if (server?.ok === false) return server;
    const kept: LogSearchSource =
      server === null ? { kind: 'local' } : { kind: 'server', server: server.value };
    db.prepare(
      'INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    ).run(SETTING, JSON.stringify(kept));
    secrets.settle(SETTING, kept.kind === 'local' ? null : kept.server);
    return ok(kept);
  };
  const post = async <T>(
    settings: RemoteLogServer,
    path: string,
    body: object,
    schema: z.ZodType<T>,
    signal: AbortSignal,
  ): Promise<Result<T>> => {
    const opened = deps.secrets.open(settings);
    if (!opened.ok) return opened;
    const server = new SearchServer(opened.value, http);
    const at = `/${encodeURIComponent(settings.indices)}/${path}${path.includes('?') ? '&' : '?'}ignore_unavailable=true&allow_no_indices=true`;
    const answer = await server.ask(
      'POST',
      at,
      { text: JSON.stringify(body), type: 'application/json' },
      signal,
    );
    const failed = (why: string): Result<T> => err(appError('LOG_SERVER_FAILED', { url: server.url, why }));
    if (!answer.ok) return answer.error.code === 'CANCELLED' ? answer : failed(answer.error.message.en);
    const { status, text } = answer.value;
    if (status !== 200) return failed(`HTTP ${status}: ${text.trim().slice(0, SHOWN)}`);
    try {
      const parsed = schema.safeParse(JSON.parse(text));
      return parsed.success ? ok(parsed.data) : failed('neither Elasticsearch nor OpenSearch');
    } catch {
      // JSON.parse has no other way to say that the text is none.
      return failed('neither Elasticsearch nor OpenSearch');
    }
  };

  const answers = (server: RemoteLogServer): GovernedHandlers => {
    const url = server.servers[0] ?? '';
    const unavailable = (what: Bilingual) =>
      err(
        appError('LOG_SERVER_FAILED', {
          url,
          why: { zh: `${what.zh}只对本机日志可用`, en: `${what.en} can be had of local logs only` },
        }),
      );
    return {
      'logs.search': async ({ query, start, end, limit, cursor }, { signal }) => {
        const began = clock.monotonic();
        const translated = translateQuery(query, start, end, url);
        if (!translated.ok) return translated;
        const after = cursor === undefined ? null : readCursor(cursor);
        if (cursor !== undefined && after === null) return err(appError('LOG_CURSOR_INVALID'));
        const found = await post(
          server,
          '_search',
          {
            query: translated.value,
            size: limit,
            track_total_hits: true,
            sort: [
              { '@timestamp': { order: 'desc', unmapped_type: 'date' } },
              { 'event.id.keyword': { order: 'desc', unmapped_type: 'keyword' } },
            ],
            ...(after === null ? {} : { search_after: after }),
          },
          searchSchema,
          signal,
        );
        if (!found.ok) return found;
        const { total, hits } = found.value.hits;
        const last = hits.at(-1)?.sort;
        const count = typeof total === 'object' ? total.value : (total ?? 0);
        return ok({
          events: hits.map(eventOfHit),
          total: count,
          exact: typeof total !== 'object' || total.relation === 'eq',
          cursor: hits.length < limit || last === undefined ? null : JSON.stringify(last),
          tookMs: clock.monotonic() - began,
        });
      },
      'logs.count': async ({ query, start, end }, { signal }) => {
        const translated = translateQuery(query, start, end, url);
        if (!translated.ok) return translated;
        const found = await post(server, '_count', { query: translated.value }, countSchema, signal);
        return found.ok ? ok({ total: found.value.count }) : found;
      },
      'logs.histogram': async ({ query, start, end, buckets }, { signal }) => {
        const translated = translateQuery(query, start, end, url);
        if (!translated.ok) return translated;
        const bucketMs = Math.max(1, Math.ceil((end - start + 1) / buckets));
        const found = await post(
          server,
          '_search',
          {
            query: translated.value,
            size: 0,
            aggs: {
              times: {
                date_histogram: { field: '@timestamp', fixed_interval: `${bucketMs}ms`, min_doc_count: 1 },
                aggs: { levels: { terms: { field: 'log.level.keyword', size: 20 } } },
              },
            },
          },
          histogramSchema,
          signal,
        );
        if (!found.ok) return found;
        const counted = new Map(
          (found.value.aggregations?.times.buckets ?? []).map((bucket) => [bucket.key, bucket]),
        );
        const first = Math.floor(start / bucketMs) * bucketMs;
        const times: { time: number; counts: Partial<Record<LogLevel, number>> }[] = [];
        for (let time = first; time <= end; time += bucketMs)
          times.push({ time, counts: levelsOf(counted.get(time)) });
        return ok({ bucketMs, buckets: times });
      },
      'logs.context': () => unavailable({ zh: '上下文行', en: 'lines around an event' }),
      'logs.fields': () => unavailable({ zh: '字段统计', en: 'statistics of fields' }),
      'logs.patterns': () => unavailable({ zh: '模式聚类', en: 'patterns' }),
      'logs.export': () => unavailable({ zh: '导出', en: 'an export' }),
    };
  };

  return {
    section: siteSection({
      name: 'logSearchServer',
      most: 1,
      schema: logSearchSourceSchema,
      key: () => 'server',
      read: () => [read()],
      put: (next, { secrets }) => keep(next, connectionSecrets(secrets)),
      reaches: (next) =>
        next.kind === 'server' ? serversReach(next.server) : { sendsTo: [], loginFiles: [] },
      took: () => {
        source = read();
        deps.broadcast('logs.pipelines.changed', { what: 'remote' });
      },
    }),
    handlers: {
      'logs.remote.get': () => ok({ source }),
      'logs.remote.set': (next) => {
        const kept = keep(next, deps.secrets);
        if (!kept.ok) return kept;
        source = kept.value;
        deps.broadcast('logs.pipelines.changed', { what: 'remote' });
        return ok({});
      },
      'logs.remote.test': async (settings, { signal }) => {
        const began = clock.monotonic();
        const opened = deps.secrets.open(settings);
        if (!opened.ok) return opened;
        const server = new SearchServer(opened.value, http);
        const product = await identify(server, signal);
        const failed = (why: string | Bilingual) =>
          err(appError('LOG_SERVER_FAILED', { url: server.url, why }, { field: 'servers' }));
        if ('why' in product) return failed(product.why);
        if (!product.ok) return failed(product.error.message);
        const counted = await post(settings, '_count', { query: { match_all: {} } }, countSchema, signal);
        if (!counted.ok) return counted;
        return ok({ ...product.value, events: counted.value.count, tookMs: clock.monotonic() - began });
      },
    },
    governed: (local) => {
      const pick = <N extends Governed>(name: N): GovernedHandlers[N] =>
        // One handler of a name goes in and one of the same name is asked, which the checker cannot see.
        ((params: never, call: never) =>
          (source.kind === 'local' ? local : answers(source.server))[name](
            params,
            call,
          )) as GovernedHandlers[N];
      return {
        'logs.search': pick('logs.search'),
        'logs.count': pick('logs.count'),
        'logs.histogram': pick('logs.histogram'),
        'logs.context': pick('logs.context'),
        'logs.fields': pick('logs.fields'),
        'logs.patterns': pick('logs.patterns'),
        'logs.export': pick('logs.export'),
      };
    },
    close: () => http.close(),
  };
}

function readCursor(text: string): readonly (string | number | null)[] | null {
  try {
    const parsed = cursorSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    // JSON.parse has no other way to say that the text is none.
    return null;
  }
}

function levelsOf(
  bucket: { doc_count: number; levels: { buckets: { key: string; doc_count: number }[] } } | undefined,
): Partial<Record<LogLevel, number>> {
  const counts: Partial<Record<LogLevel, number>> = {};
  let rest = bucket?.doc_count ?? 0;
  for (const { key, doc_count: count } of bucket?.levels.buckets ?? []) {
    const level = levelOf(key);
    counts[level] = (counts[level] ?? 0) + count;
    rest -= count;
  }
  if (rest > 0) counts.unknown = (counts.unknown ?? 0) + rest;
  return counts;
}

function levelOf(value: unknown): LogLevel {
  if (typeof value !== 'string') return 'unknown';
  const known = logLevelSchema.safeParse(value);
  return known.success ? known.data : (levelFromName(value) ?? 'unknown');
}

const FLAGS: readonly LogEvent['flags'][number][] = ['no_time', 'future', 'late', 'truncated', 'not_utf8'];

/** A document as an event; those that somebody else wrote (Logstash, Filebeat) are read as far as they say the same. */
function eventOfHit({ _index, _id, _source }: z.infer<typeof hitSchema>): LogEvent {
  const inner = (name: string): Readonly<Record<string, unknown>> => {
    const value = _source[name];
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  };
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const time = Date.parse(text(_source['@timestamp']));
  const message = text(_source.message);
  const hmtt = inner('hmtt');
  const flags: unknown[] = Array.isArray(hmtt.flags) ? hmtt.flags : [];
  const tags: unknown[] = Array.isArray(_source.tags) ? _source.tags : [];
  return {
    id: `${_index}/${_id}`.slice(0, 200),
    time: Number.isNaN(time) ? 0 : time,
    level: levelOf(inner('log').level ?? _source.level ?? _source.loglevel),
    source: text(hmtt.source),
    host: text(_source.host) || text(inner('host').name),
    message,
    fields: flat(inner('fields')),
    raw: text(inner('event').original) || message,
    flags: FLAGS.filter((flag) => flags.includes(flag)),
    stream: text(hmtt.stream) || _index,
    tags: tags.filter((tag) => typeof tag === 'string'),
  };
}

function flat(object: Readonly<Record<string, unknown>>, prefix = '', depth = 0): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [key, value] of Object.entries(object)) {
    const name = `${prefix}${key}`;
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < 8)
      Object.assign(out, flat(value as Readonly<Record<string, unknown>>, `${name}.`, depth + 1));
    else
      Object.defineProperty(out, name, {
        value: typeof value === 'string' ? value : JSON.stringify(value),
        enumerable: true,
        configurable: true,
        writable: true,
      });
  }
  return out;
}
