import { randomUUID } from 'node:crypto';
import { BlockList } from 'node:net';
import { join } from 'node:path';
import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import type { LogSource } from '#shared/contract/logs.ts';
import { type LogReceiver, type LogReceiverState, logReceiverSchema } from '#shared/contract/logs-sources.ts';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { Logger } from '../../platform/logger.ts';
import { absentPaths, documentId, type SiteSection, siteSection } from '../../platform/site-section.ts';
import type { CancelTimer, Timers } from '../../platform/timers.ts';
import type { TaskRun, TaskStarter } from '../../platform/worker-tasks.ts';
import { sqliteError, type WritableDb } from '../../storage/sqlite.ts';
import type { SourceRow, SourceStatus } from '../messages.ts';
import { checkZone } from '../parse/zone.ts';
import { DEFAULT_READING, sourceId } from '../source-table.ts';
import { blockListOf } from './allowed.ts';
import { NOTHING_COUNTED } from './counters.ts';
import type { ReceiverStatus } from './receiver.ts';
import { hostsIn, senderFolder } from './senders.ts';
import { segmentsGlob, trimSpool } from './spool.ts';
import type { FromReceive, ReceiveStart, StoredReceiver } from './task.ts';

/** What the receivers need of the engine. */
export type ReceiversDeps = {
  readonly db: WritableDb;
  /** Where received messages wait to be read: `received` in the logs folder. */
  readonly folder: string;
  readonly tasks: TaskStarter;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly now: () => number;
  readonly broadcast: Broadcast;
  /** False: nothing listens, for a command that ends soon. */
  readonly watching: boolean;
  /** The list of sources is another one now. */
  readonly sourcesChanged: () => void;
  readonly status: () => ReadonlyMap<string, SourceStatus>;
};

type Names = 'logs.receivers.list' | 'logs.receivers.put' | 'logs.receivers.remove';

/** The receivers as the area sees them. */
export type Receivers = {
  readonly handlers: Pick<AreaHandlers<'logs'>, Names>;
  /** Adds a receiver, as its request does. */
  readonly add: (receiver: LogReceiver) => Result<{ id: string }>;
  readonly names: () => ReadonlySet<string>;
  /** Its part of the site document. */
  readonly section: SiteSection;
  /** One source per sender, read like any other. */
  readonly rows: () => readonly SourceRow[];
  /** The receiver that made a source, or null. */
  readonly originOf: (sourceId: string) => string | null;
  /** Receivers that are in trouble or lose messages, as sources, for the alert conditions. */
  readonly troubled: () => readonly LogSource[];
  readonly close: () => Promise<void>;
};

const TRIM_MS = 30_000;
const RESTART_MS = 5_000;
/** Lost messages are told for so long. */
const LOSS_MS = 10 * 60_000;

/** Makes the receivers and starts those that are switched on. */
export function createReceivers(deps: ReceiversDeps): Receivers {
  const { db, folder, logger } = deps;
  let run: TaskRun<unknown> | null = null;
  let closing = false;
  let restart: CancelTimer | null = null;
  let states = new Map<string, ReceiverStatus>();
  let threadError: AppError | null = null;
  /** How much each had lost when that last grew, and when that was. */
  const losses = new Map<string, { readonly lost: number; readonly at: number }>();
  let rows: readonly (SourceRow & { readonly receiver: string })[] = [];

  const stored = (): readonly StoredReceiver[] => {
    const found = db.prepare('SELECT id, data FROM log_receiver ORDER BY added, id').all() as {
      readonly id: string;
      readonly data: string;
    }[];
    return found.map(({ id, data }) => ({ ...logReceiverSchema.parse(JSON.parse(data)), id }));
  };
  const wanted = (): readonly StoredReceiver[] => stored().filter(({ enabled }) => enabled);

  const listRows = (): void => {
    rows = stored().flatMap((receiver) =>
      hostsIn(join(folder, receiver.id)).map((host) => {
        const own = senderFolder(join(folder, receiver.id), host);
        return {
          // The identity must not follow the data folder's own place.
          id: sourceId(`received/${receiver.id}`, host),
          name: receiver.name,
          path: segmentsGlob(own),
          format: 'syslog',
          host,
          zone: receiver.zone,
          from: 'beginning' as const,
          reading: DEFAULT_READING,
          receiver: receiver.id,
        };
      }),
    );
  };

  const heard = (message: unknown): void => {
    // The thread runs this area's own task, which posts exactly this.
    const news = message as FromReceive;
    if (news.kind === 'sender') {
      listRows();
      deps.sourcesChanged();
      return;
    }
    threadError = null;
    states = new Map(news.receivers.map((one) => [one.id, one]));
    for (const { id, counters } of news.receivers) {
      const lost = counters.droppedRate + counters.droppedDisk + (counters.droppedKernel ?? 0);
      if (lost > (losses.get(id)?.lost ?? 0)) losses.set(id, { lost, at: deps.now() });
    }
    deps.broadcast('logs.receivers.changed', { ids: [...states.keys()] });
  };

  const ensure = (): void => {
    const receivers = wanted();
    if (closing || !deps.watching) return;
    if (run !== null) {
      run.post({ receivers });
      return;
    }
    if (receivers.length === 0) return;
    const start: ReceiveStart = { folder, receivers };
    const started = deps.tasks<unknown>('logs.receive', start, heard);
    run = started;
    const ended = (why: string): void => {
      if (run !== started || closing) return;
      run = null;
      states = new Map();
      threadError = appError('LOG_RECEIVER_STOPPED', { why });
      logger.log('error', threadError.message.en, {});
      restart = deps.timers.after(RESTART_MS, ensure);
    };
    started.result.then(
      () => ended('it ended by itself'),
      (thrown: unknown) => ended(describeThrown(thrown)),
    );
  };

  const trim = (): void => {
    const status = deps.status();
    for (const row of rows) {
      const files = new Map(status.get(row.id)?.files.map((file) => [file.path, file.offset]));
      try {
        trimSpool(senderFolder(join(folder, row.receiver), row.host), (path) => files.get(path), deps.now());
      } catch (thrown) {
        logger.log('warn', 'received messages that are stored could not be removed', {
          host: row.host,
          why: describeThrown(thrown),
        });
      }
    }
  };

  const shown = (receiver: StoredReceiver): LogReceiverState => {
    const state = states.get(receiver.id);
    const bare = {
      boundPort: null,
      since: null,
      connections: 0,
      counters: NOTHING_COUNTED,
      senders: [],
      senderCount: 0,
    };
    if (!receiver.enabled) return { ...receiver, ...bare, state: 'off', error: null };
    // Without an engine that watches nothing listens, and nothing is wrong.
    if (state === undefined)
      return { ...receiver, ...bare, state: threadError === null ? 'off' : 'error', error: threadError };
    return {
      ...receiver,
      state: state.state,
      error: state.error,
      boundPort: state.boundPort,
      since: state.since,
      connections: state.connections,
      counters: state.counters,
      senders: state.senders.map((one) => ({
        ...one,
        sourceId: sourceId(`received/${receiver.id}`, one.host),
      })),
      senderCount: state.senderCount,
    };
  };

  const save = (write: () => void): Result<object> => {
    try {
      write();
      return ok({});
    } catch (thrown) {
      return err(sqliteError(db.name, thrown));
    }
  };

  /** Writes a receiver as it is to be. */
  const keep = (id: string, settings: LogReceiver): void => {
    db.prepare(
      `INSERT INTO log_receiver (id, name, data, added) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, data = excluded.data`,
    ).run(id, settings.name, JSON.stringify(settings), deps.now());
  };
  const changed = (...ids: string[]): void => {
    listRows();
    ensure();
    deps.sourcesChanged();
    deps.broadcast('logs.receivers.changed', { ids });
  };

  const put = ({
    id: given,
    ...settings
  }: LogReceiver & { readonly id: string | null }): Result<{ id: string }> => {
    const checked = checkReceiver(settings, stored(), given);
    if (!checked.ok) return checked;
    const id = given ?? randomUUID();
    if (given !== null && !stored().some((one) => one.id === given))
      return err(appError('NOT_FOUND', { what: 'log receiver', id: given }));
    const saved = save(() => keep(id, settings));
    if (!saved.ok) return saved;
    changed(id);
    return ok({ id });
  };

  listRows();
  ensure();
  const stopTrim = deps.watching ? deps.timers.every(TRIM_MS, trim) : () => undefined;
  return {
    add: (receiver) => put({ ...receiver, id: null }),
    names: () => new Set(stored().map(({ name }) => name)),
    section: siteSection({
      name: 'logReceivers',
      most: 1_000,
      schema: logReceiverSchema.extend({ id: documentId }),
      key: ({ id }) => id,
      label: ({ name }) => name,
      read: () => stored().toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      put: ({ id, ...settings }) => {
        const checked = checkReceiver(settings, stored(), id);
        if (checked.ok) keep(id, settings);
        return checked;
      },
      warn: ({ tls }) => absentPaths([tls?.certFile, tls?.keyFile, tls?.clientCaFile]),
      took: () => changed(...stored().map(({ id }) => id)),
    }),
    handlers: {
      'logs.receivers.list': () => ok({ receivers: stored().map(shown) }),
      'logs.receivers.put': put,
      'logs.receivers.remove': ({ id }) => {
        if (!stored().some((one) => one.id === id))
          return err(appError('NOT_FOUND', { what: 'log receiver', id }));
        const saved = save(() => {
          db.prepare('DELETE FROM log_receiver WHERE id = ?').run(id);
        });
        if (!saved.ok) return saved;
        changed(id);
        return ok({});
      },
    },
    rows: () => rows,
    originOf: (id) => rows.find((row) => row.id === id)?.receiver ?? null,
    troubled: () =>
      stored().flatMap((receiver) => {
        const state = shown(receiver);
        const loss = losses.get(receiver.id);
        const isLosing = loss !== undefined && deps.now() - loss.at < LOSS_MS;
        const error =
          state.error ??
          (isLosing ? appError('LOG_RECEIVER_LOSES', { name: receiver.name, count: loss.lost }) : null);
        return receiver.enabled && error !== null ? [asSource(receiver, error)] : [];
      }),
    close: async () => {
      closing = true;
      restart?.();
      stopTrim();
      run?.cancel();
      await run?.result.catch((thrown: unknown) =>
        logger.log('warn', 'receiving thread died while closing', { why: describeThrown(thrown) }),
      );
    },
  };
}

/** Checks what the shape of the settings does not say; the field is named. */
function checkReceiver(
  settings: Omit<StoredReceiver, 'id'>,
  others: readonly StoredReceiver[],
  id: string | null,
): Result<object> {
  const zone = checkZone(settings.zone);
  if (!zone.ok) return zone;
  if (settings.protocol === 'tls' && settings.tls === null)
    return err(appError('LOG_RECEIVER_TLS', { why: 'no certificate is given' }, { field: 'tls' }));
  try {
    blockListOf(settings.allow);
    new BlockList().addAddress(settings.address, settings.address.includes(':') ? 'ipv6' : 'ipv4');
  } catch (thrown) {
    return err(appError('LOG_RECEIVER_ADDRESS', { why: describeThrown(thrown) }, { field: 'allow' }));
  }
  const isUdp = settings.protocol === 'udp';
  const taken = others.find(
    (one) =>
      one.id !== id &&
      settings.port !== 0 &&
      one.port === settings.port &&
      (one.protocol === 'udp') === isUdp &&
      one.address === settings.address,
  );
  return taken === undefined
    ? ok({})
    : err(
        appError(
          'LOG_RECEIVER_LISTEN',
          { address: settings.address, port: settings.port, why: taken.name },
          { field: 'port' },
        ),
      );
}

function asSource(receiver: StoredReceiver, error: AppError): LogSource {
  return {
    id: `receiver-${receiver.id}`,
    name: receiver.name,
    path: `${receiver.protocol}://${receiver.address}:${receiver.port}`,
    format: 'syslog',
    detectedFormat: null,
    host: 'localhost',
    zone: receiver.zone,
    more: [],
    exclude: [],
    encoding: 'auto',
    multiline: { kind: 'none' },
    origin: { kind: 'receiver', receiver: receiver.id },
    state: 'error',
    error,
    files: [],
    lines: 0,
    lastEventAt: null,
    lagBytes: 0,
  };
}
