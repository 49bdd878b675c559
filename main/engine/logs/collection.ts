import { join } from 'node:path';
import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import type { LogSource } from '#shared/contract/logs.ts';
import type { LogOrigin } from '#shared/contract/logs-reading.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { SiteSection } from '../platform/site-section.ts';
import type { Timers } from '../platform/timers.ts';
import type { TaskStarter } from '../platform/worker-tasks.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import type { SourceRow, SourceStatus } from './messages.ts';
import { FORMATS } from './parse/formats.ts';
import { GROK_PATTERNS } from './parse/grok-patterns.ts';
import type { SampleInput, SampleResult } from './parse/sample.ts';
import { createPulls, type RemoteHosts } from './receive/pulls.ts';
import { createReceivers, type Receivers } from './receive/receivers.ts';
import type { Renames } from './renames.ts';
import { logSourcesSection } from './site-sections.ts';
import { checkSource, DEFAULT_READING, type SourceInput, SourceTable } from './source-table.ts';

/** What collecting needs of its area. */
export type CollectionDeps = {
  readonly db: WritableDb;
  /** The `logs` folder of the data folder. */
  readonly folder: string;
  readonly tasks: TaskStarter;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly broadcast: Broadcast;
  readonly watching: boolean;
  /** Files of other hosts; left out where there are none, as in a test without SSH. */
  readonly remoteHosts?: RemoteHosts;
  readonly renames: Renames;
  /** Pipelines changed in console.db. */
  readonly stageChanged: () => void;
  readonly status: () => ReadonlyMap<string, SourceStatus>;
  /** The reading thread is to read these from now on. */
  readonly setSources: (rows: readonly SourceRow[]) => void;
};

type Names =
  | 'logs.sources.list'
  | 'logs.sources.add'
  | 'logs.sources.update'
  | 'logs.sources.remove'
  | 'logs.sources.test'
  | 'logs.formats'
  | 'logs.receivers.list'
  | 'logs.receivers.put'
  | 'logs.receivers.remove';

/** Where logs come from: files, receivers, other hosts. */
export type Collection = {
  readonly handlers: Pick<AreaHandlers<'logs'>, Names>;
  /** Adds a source, as its request does. */
  readonly add: (input: SourceInput) => Result<{ id: string }>;
  readonly receivers: Pick<Receivers, 'add' | 'names'>;
  /** Its part of the site document. */
  readonly sections: readonly SiteSection[];
  /** Everything that is read, as the reading thread sees it. */
  readonly rows: () => readonly SourceRow[];
  /** Everything that is read, as people and the alert conditions see it. */
  readonly sources: () => readonly LogSource[];
  /** Fetches what other hosts have written, once. */
  readonly pull: (signal: AbortSignal) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Makes the collection and starts what is switched on. */
export function createCollection(deps: CollectionDeps): Collection {
  const table = new SourceTable(deps.db);
  const changed = (ids: readonly string[]): void => {
    deps.setSources(rows());
    deps.broadcast('logs.sources.changed', { ids: [...ids] });
  };
  const receivers = createReceivers({
    db: deps.db,
    folder: join(deps.folder, 'received'),
    tasks: deps.tasks,
    timers: deps.timers,
    logger: deps.logger.child('receive'),
    now: deps.clock.now,
    broadcast: deps.broadcast,
    watching: deps.watching,
    sourcesChanged: () => changed(receivers.rows().map(({ id }) => id)),
    status: deps.status,
  });
  const pulls = createPulls({
    folder: join(deps.folder, 'pulled'),
    clock: deps.clock,
    timers: deps.timers,
    logger: deps.logger.child('pull'),
    watching: deps.watching,
    ...(deps.remoteHosts === undefined ? {} : { hosts: deps.remoteHosts }),
    status: deps.status,
    changed: (id) => deps.broadcast('logs.sources.changed', { ids: [id] }),
  });
  const rows = (): readonly SourceRow[] => [...table.list().map(pulls.readingRow), ...receivers.rows()];
  const originOf = (row: SourceRow): LogOrigin => {
    const receiver = receivers.originOf(row.id);
    if (receiver !== null) return { kind: 'receiver', receiver };
    return pulls.originOf(row) ?? { kind: 'files' };
  };
  const listed = (): readonly LogSource[] =>
    [...table.list(), ...receivers.rows()].map((row) => {
      const status = deps.status().get(row.id);
      return shownSource(row, pulls.shownStatus(row, status), originOf(row));
    });
  const add = (input: SourceInput): Result<{ id: string }> => {
    const row = checkSource(input);
    if (!row.ok) return row;
    const added = table.add(row.value, deps.clock.now());
    if (!added.ok) return added;
    pulls.setSources(table.list());
    changed([added.value.id]);
    return added;
  };
  /** Changes a source; where it gets another name, what goes by its name comes along, or the change is refused. */
  const rename = (id: string, row: SourceRow): Result<object> => {
    const all = table.list();
    const from = all.find((one) => one.id === id)?.name ?? row.name;
    const isLast = from !== row.name && !all.some((one) => one.id !== id && one.name === from);
    const checked = isLast ? deps.renames.checkSource(from) : ok({});
    if (!checked.ok) return checked;
    let carried = false;
    const updated = deps.db.transaction(() => {
      const done = table.update(id, row);
      carried = done.ok && isLast && deps.renames.carrySource(from, row.name);
      return done;
    })();
    if (carried) deps.stageChanged();
    return updated;
  };
  pulls.setSources(table.list());
  return {
    add,
    receivers,
    sections: [
      logSourcesSection(deps.db, () => {
        const sources = table.list();
        pulls.setSources(sources);
        changed(sources.map(({ id }) => id));
      }),
      receivers.section,
    ],
    rows,
    sources: () => [...listed(), ...receivers.troubled()],
    pull: pulls.pullAll,
    handlers: {
      ...receivers.handlers,
      'logs.sources.list': () => ok({ sources: [...listed()] }),
      'logs.sources.add': (params) => add(params),
      'logs.sources.update': ({ id, ...params }) => {
        const row = checkSource(params);
        if (!row.ok) return row;
        const updated = rename(id, { ...row.value, id });
        if (!updated.ok) return updated;
        pulls.setSources(table.list());
        changed([id]);
        return ok({});
      },
      'logs.sources.remove': ({ id }) => {
        const removed = table.remove(id);
        if (!removed.ok) return removed;
        pulls.setSources(table.list());
        changed([id]);
        return ok({});
      },
      // A thread of its own, so that no expression can hold up anything else.
      'logs.sources.test': (input) =>
        deps.tasks<Result<SampleResult>>('logs.sample', {
          input,
          nowMs: deps.clock.now(),
        } satisfies { readonly input: SampleInput; readonly nowMs: number }).result,
      'logs.formats': () =>
        ok({
          formats: [...FORMATS],
          grok: [...GROK_PATTERNS].map(([name, pattern]) => ({ name, pattern })),
        }),
    },
    close: async () => {
      await pulls.close();
      await receivers.close();
    },
  };
}

function shownSource(row: SourceRow, status: SourceStatus | undefined, origin: LogOrigin): LogSource {
  const reading = row.reading ?? DEFAULT_READING;
  return {
    id: row.id,
    name: row.name,
    path: row.path,
    format: row.format,
    host: row.host,
    zone: row.zone,
    more: [...reading.more],
    exclude: [...reading.exclude],
    encoding: reading.encoding,
    multiline: reading.multiline,
    origin,
    detectedFormat: status?.detectedFormat ?? null,
    state: status?.state ?? 'waiting',
    error: status?.error ?? null,
    files: status?.files ?? [],
    lines: status?.lines ?? 0,
    lastEventAt: status?.lastEventAt ?? null,
    lagBytes: status?.lagBytes ?? 0,
  };
}
