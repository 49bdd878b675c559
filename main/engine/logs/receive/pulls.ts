import { join } from 'node:path';
import type { LogOrigin } from '#shared/contract/logs-reading.ts';
import { type AppError, appError, describeThrown, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { CancelTimer, Timers } from '../../platform/timers.ts';
import type { SourceRow, SourceStatus } from '../messages.ts';
import { type PullOutcome, pullFolder, SourcePull } from './pull.ts';
import type { RemoteFiles } from './remote-files.ts';
import { literalPath, trimSpool } from './spool.ts';

/** Hosts that are reached by a login; `ssh` implements it. */
export type RemoteHosts = {
  readonly withFiles: <T>(
    login: string,
    signal: AbortSignal,
    use: (files: RemoteFiles) => Promise<Result<T>>,
  ) => Promise<Result<T>>;
};

/** What fetching needs. */
export type PullsDeps = {
  /** Where copies wait to be read: `pulled` in the logs folder. */
  readonly folder: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  /** False: files are fetched only by `pullAll`. */
  readonly watching: boolean;
  readonly hosts?: RemoteHosts;
  readonly status: () => ReadonlyMap<string, SourceStatus>;
  readonly changed: (sourceId: string) => void;
};

/** Remote sources as the collection sees them. */
export type Pulls = {
  readonly setSources: (rows: readonly SourceRow[]) => void;
  /** A row as the reading thread is to read it: the copies of a remote source instead of its own paths. */
  readonly readingRow: (row: SourceRow) => SourceRow;
  readonly originOf: (row: SourceRow) => LogOrigin | null;
  /** A status with the remote files' own names and the trouble with the host. */
  readonly shownStatus: (row: SourceRow, status: SourceStatus | undefined) => SourceStatus | undefined;
  readonly pullAll: (signal: AbortSignal) => Promise<void>;
  readonly close: () => Promise<void>;
};

const FIRST_MS = 1000;
/** Bytes of copies that may wait to be stored; no more is fetched then. */
const MAX_WAITING = 64 * 1024 * 1024;
/** A host that answers nothing must not keep a round for ever. */
const ROUND_MS = 120_000;

type Pulled = {
  row: SourceRow;
  readonly abort: AbortController;
  /** The round of earlier settings of the same source, which has to end first. */
  readonly after: Promise<void> | null;
  pull: SourcePull | null;
  running: Promise<void> | null;
  cancelTimer: CancelTimer;
  error: AppError | null;
  lastPollAt: number | null;
  behind: number;
};

/** Makes the fetching of remote sources. */
export function createPulls(deps: PullsDeps): Pulls {
  const pulled = new Map<string, Pulled>();
  const abort = new AbortController();

  const schedule = (one: Pulled, ms: number): void => {
    one.cancelTimer();
    if (!deps.watching || abort.signal.aborted) return;
    one.cancelTimer = deps.timers.after(ms, () => {
      void poll(one, one.abort.signal).then(() => {
        if (pulled.get(one.row.id) === one) schedule(one, one.row.reading?.remote?.everyMs ?? 10_000);
      });
    });
  };

  const poll = (one: Pulled, signal: AbortSignal): Promise<void> => {
    one.running ??= round(one, signal).finally(() => {
      one.running = null;
    });
    return one.running;
  };

  const round = async (one: Pulled, signal: AbortSignal): Promise<void> => {
    const { row } = one;
    const remote = row.reading?.remote;
    if (!remote) return;
    const failed = (error: AppError | null): void => {
      const isNews = one.error?.code !== error?.code;
      one.error = error;
      if (isNews) deps.changed(row.id);
    };
    if (deps.hosts === undefined)
      return failed(appError('NOT_FOUND', { what: 'SSH login', id: remote.login }));
    try {
      await one.after;
      if (one.pull === null) {
        const made = SourcePull.create(pullFolder(deps.folder, row.id), row);
        if (!made.ok) return failed(made.error);
        one.pull = made.value;
      }
      const { pull } = one;
      if (trim(one) > MAX_WAITING) return;
      const late = AbortSignal.any([signal, AbortSignal.timeout(ROUND_MS)]);
      const outcome: Result<PullOutcome> = await deps.hosts.withFiles(remote.login, late, (files) =>
        pull.round(files, remote.maxBytesPerPoll),
      );
      if (!outcome.ok) return failed(outcome.error);
      one.lastPollAt = deps.clock.now();
      one.behind = outcome.value.behind;
      failed(outcome.value.problem);
    } catch (thrown) {
      // What the local disk refuses; the next round goes on where this one stopped, from what is on the disk.
      one.pull = null;
      const why = describeThrown(thrown);
      deps.logger.log('warn', 'remote logs could not be fetched', { source: row.name, why });
      failed(appError('LOG_RECEIVER_WRITE', { why }));
    }
  };

  /** Removes what is stored; answers how much waits. */
  const trim = (one: Pulled): number => {
    const files = new Map(
      deps
        .status()
        .get(one.row.id)
        ?.files.map((file) => [file.path, file.offset]),
    );
    let waiting = 0;
    // The last segment says how far the remote file is fetched, so it stays as long as that may go on.
    for (const mirror of one.pull?.mirrors ?? []) {
      mirror.compact();
      const until = mirror.isEnded ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
      waiting += trimSpool(mirror.folder, (path) => files.get(path), until);
    }
    return waiting;
  };

  return {
    setSources: (rows) => {
      const remote = new Map(rows.filter(({ reading }) => reading?.remote).map((row) => [row.id, row]));
      const ending = new Map<string, Promise<void> | null>();
      for (const [id, one] of pulled) {
        const next = remote.get(id);
        if (next !== undefined && JSON.stringify(next) === JSON.stringify(one.row)) continue;
        one.cancelTimer();
        one.abort.abort();
        ending.set(id, one.running);
        pulled.delete(id);
      }
      for (const [id, row] of remote) {
        if (pulled.has(id)) continue;
        const one: Pulled = {
          row,
          abort: new AbortController(),
          after: ending.get(id) ?? null,
          pull: null,
          running: null,
          cancelTimer: () => undefined,
          error: null,
          lastPollAt: null,
          behind: 0,
        };
        pulled.set(id, one);
        schedule(one, FIRST_MS);
      }
    },
    readingRow: (row) => {
      if (!row.reading?.remote) return row;
      const copies = pullFolder(deps.folder, row.id);
      return {
        ...row,
        path: join(literalPath(copies), '*', 'seg-*.log'),
        from: 'beginning',
        reading: { ...row.reading, more: [], exclude: [], remote: null },
      };
    },
    originOf: ({ id, reading }) => {
      if (!reading?.remote) return null;
      const one = pulled.get(id);
      const error = one?.error ?? null;
      return {
        kind: 'remote',
        login: reading.remote.login,
        state: error !== null ? 'error' : (one?.lastPollAt ?? null) === null ? 'waiting' : 'ok',
        error,
        lastPollAt: one?.lastPollAt ?? null,
        behindBytes: one?.behind ?? 0,
      };
    },
    shownStatus: (row, status) => {
      const one = pulled.get(row.id);
      if (one === undefined) return status;
      const paths = new Map((one.pull?.mirrors ?? []).map((mirror) => [mirror.folder, mirror.path]));
      const base: SourceStatus = status ?? {
        id: row.id,
        detectedFormat: null,
        state: 'waiting',
        error: null,
        files: [],
        lines: 0,
        lastEventAt: null,
        lagBytes: 0,
      };
      const files = base.files.map((file) => {
        const folder = [...paths.keys()].find((mirror) => file.path.startsWith(mirror));
        return folder === undefined ? file : { ...file, path: paths.get(folder) ?? file.path };
      });
      return {
        ...base,
        files,
        lagBytes: base.lagBytes + one.behind,
        ...(one.error === null ? {} : { state: 'error' as const, error: one.error }),
      };
    },
    pullAll: async (signal) => {
      const both = (one: Pulled): AbortSignal => AbortSignal.any([signal, one.abort.signal]);
      await Promise.all([...pulled.values()].map((one) => poll(one, both(one))));
    },
    close: async () => {
      abort.abort();
      for (const one of pulled.values()) {
        one.cancelTimer();
        one.abort.abort();
      }
      await Promise.all([...pulled.values()].map((one) => one.running));
    },
  };
}
