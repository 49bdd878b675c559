import type { AreaHandlers, Broadcast, CallContext } from '#shared/contract/index.ts';
import type { LogEvent } from '#shared/contract/logs.ts';
import { err, ok } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { JobRegistry } from '../../platform/jobs.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import type { SearchProgress } from '../messages.ts';
import { LEVELS } from '../model.ts';
import { type CompletionCache, completions } from './completions.ts';
import { checkTarget, runExport } from './export.ts';
import type { FoundPattern } from './pattern-collector.ts';
import type { PatternMemory } from './pattern-memory.ts';
import { queryOfTemplate } from './patterns/drain.ts';
import type { SearchProxy } from './proxy.ts';
import { SavedSearches } from './saved.ts';

/** What the handlers are made with. */
export type SearchHandlerDeps = {
  readonly searcher: SearchProxy;
  readonly db: WritableDb;
  readonly jobs: JobRegistry;
  readonly clock: Clock;
  readonly broadcast: Broadcast;
  readonly memory: PatternMemory;
  /** Called when another set of searches is to be counted. */
  readonly countedChanged: () => void;
  /** What of an event may be seen outside; as it is when left out. */
  readonly maskEvent?: (event: LogEvent) => LogEvent;
};

/** Tells the caller how far its search is, if it wants to hear. */
export function progressOf(
  searchId: string | undefined,
  call: CallContext,
): ((progress: SearchProgress) => void) | undefined {
  if (searchId === undefined) return undefined;
  return ({ found, share, events }) =>
    call.emit('logs.progress', { searchId, found, share, events: [...events] });
}

/** Answers what can be asked of many events at once. */
export function searchHandlers(
  deps: SearchHandlerDeps,
): Pick<
  AreaHandlers<'logs'>,
  | 'logs.fields'
  | 'logs.patterns'
  | 'logs.completion'
  | 'logs.saved.list'
  | 'logs.saved.save'
  | 'logs.saved.remove'
  | 'logs.export'
> {
  const { searcher, db, jobs, clock, broadcast, memory } = deps;
  const saved = new SavedSearches(db);
  const cache: CompletionCache = new Map();
  return {
    'logs.fields': ({ searchId, query, start, end, fields, top }, call) =>
      searcher.call(
        { method: 'fields', query, start, end, fields: fields ?? null, top },
        call.signal,
        progressOf(searchId, call),
      ),
    'logs.patterns': async ({ searchId, query, start, end, limit, newSince }, call) => {
      const request = { method: 'patterns', query, start, end } as const;
      const found = await searcher.call(request, call.signal, progressOf(searchId, call));
      if (!found.ok) return found;
      const all = found.value.patterns
        .map((pattern) => ({ pattern, known: memory.find(pattern.tokens) }))
        .filter(({ known }) => newSince === undefined || (known !== null && known.firstMs >= newSince));
      const rest = all.slice(limit);
      return ok({
        events: found.value.events,
        patterns: all.slice(0, limit).map(({ pattern, known }) => ({
          ...shownPattern(pattern),
          id: known?.id ?? pattern.id,
          knownSince: known?.firstMs ?? null,
        })),
        more: {
          patterns: rest.length,
          events: rest.reduce((sum, { pattern }) => sum + pattern.count, 0),
        },
        rememberedSince: memory.since(),
      });
    },
    'logs.completion': (request, call) =>
      completions({ searcher, saved, clock, cache }, request, call.signal),
    'logs.saved.list': () => ok({ searches: saved.list() }),
    'logs.saved.save': (input) => {
      const kept = saved.save(input, clock.now());
      if (!kept.ok) return kept;
      broadcast('logs.saved.changed', { ids: [kept.value.id] });
      deps.countedChanged();
      return kept;
    },
    'logs.saved.remove': ({ id }) => {
      const removed = saved.remove(id);
      if (!removed.ok) return removed;
      broadcast('logs.saved.changed', { ids: [id] });
      deps.countedChanged();
      return ok({});
    },
    'logs.export': async ({ masked, ...request }, call) => {
      const wanted = { ...request, start: request.start, end: request.end };
      const target = checkTarget(wanted);
      if (!target.ok) return target;
      // A query that cannot be parsed is refused at once, not by a job that fails.
      const checked = await searcher.call(
        { method: 'count', query: request.query, start: 0, end: 0 },
        call.signal,
      );
      if (!checked.ok) return err(checked.error);
      const mask = masked && deps.maskEvent !== undefined ? deps.maskEvent : (event: LogEvent) => event;
      const job = jobs.start({
        kind: 'export',
        title: { zh: '导出日志', en: 'Export logs' },
        link: '/logs',
        canPause: false,
        work: async (control) => {
          const done = await runExport(wanted, { searcher, control, monotonic: clock.monotonic, mask });
          return done.ok ? ok({ kind: 'file', id: request.file.slice(0, 200) }) : done;
        },
      });
      return ok({ jobId: job.id });
    },
  };
}

function shownPattern(pattern: FoundPattern) {
  const { id, tokens, count, levels, sources, firstTime, lastTime, sample, spark } = pattern;
  return {
    ...{ id, count, firstTime, lastTime, sample, spark: [...spark] },
    template: tokens.join(' '),
    counts: Object.fromEntries(
      LEVELS.map((level, code) => [level, levels[code] ?? 0] as const).filter(([, n]) => n > 0),
    ),
    sources: [...sources].sort(),
    query: queryOfTemplate(tokens),
  };
}
