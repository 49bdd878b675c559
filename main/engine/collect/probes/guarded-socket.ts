import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { connect, isIP, Socket } from 'node:net';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { requestError } from '../../platform/http/request-errors.ts';
import type { ProbeDeps } from './check-probe.ts';
import type { StepLog } from './steps.ts';

/** Looks after the sockets of a library: they are destroyed when time is over, or when too much comes. */
export type SocketGuard = {
  /** Watches a socket; returns it. */
  readonly watch: (socket: Socket) => Socket;
  /** Runs work whose sockets are made by a library that takes none. */
  readonly within: <T>(work: () => Promise<T>) => Promise<T>;
  /** Why a socket was destroyed, or null. */
  readonly why: () => AppError | null;
  readonly close: () => void;
};

/** What a database says to a login and one query is short. */
const MOST_BYTES = 2 << 20;
const LOOK_EVERY_MS = 20;

const watching = new AsyncLocalStorage<(socket: Socket) => void>();
let isSubscribed = false;

/** Node tells of every socket that `net.connect` makes; those made within `within` have a guard. */
function subscribeOnce(): void {
  if (isSubscribed) return;
  isSubscribed = true;
  subscribe('net.client.socket', (message) => {
    const { socket } = message as { readonly socket?: unknown };
    if (socket instanceof Socket) watching.getStore()?.(socket);
  });
}

/** Makes a guard. Close it when the check has ended; all its sockets are gone then. */
export function guardSockets(signal: AbortSignal, { timers }: Pick<ProbeDeps, 'timers'>): SocketGuard {
  const sockets = new Set<Socket>();
  let why: AppError | null = null;
  const end = (error: AppError | null): void => {
    why ??= error;
    for (const socket of sockets) socket.destroy();
  };
  const onAbort = (): void => end(null);
  signal.addEventListener('abort', onAbort, { once: true });
  const look = ({ bytesRead }: Socket): void => {
    if (bytesRead > MOST_BYTES) end(appError('CHECK_ANSWER_TOO_BIG', { limit: formatBytes(MOST_BYTES) }));
  };
  // What comes through TLS is not told of by the socket below it.
  const cancel = timers.every(LOOK_EVERY_MS, () => {
    for (const socket of sockets) look(socket);
  });
  const watch = (socket: Socket): Socket => {
    sockets.add(socket);
    // The library hears of it as well; without a listener a late error would end the engine.
    socket.on('error', () => undefined);
    // A library that meets what its protocol does not have may throw where nobody catches; that would end the engine.
    const emit: (...args: Parameters<Socket['emit']>) => boolean = socket.emit.bind(socket);
    Object.defineProperty(socket, 'emit', {
      value: (...args: Parameters<Socket['emit']>): boolean => {
        const [event]: readonly unknown[] = args;
        if (event === 'data') look(socket);
        try {
          return emit(...args);
        } catch (thrown) {
          end(appError('CHECK_ANSWER_INVALID', { why: describeThrown(thrown) }));
          return true;
        }
      },
    });
    if (signal.aborted) socket.destroy();
    return socket;
  };
  return {
    watch,
    within: (work) => {
      subscribeOnce();
      return watching.run(watch, work);
    },
    why: () => why,
    close: () => {
      cancel();
      signal.removeEventListener('abort', onAbort);
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** The address of a host, looked up by the console's own resolver; a step when there was something to look up. */
export function resolveHost(
  host: string,
  steps: StepLog,
  { lookup }: Pick<ProbeDeps, 'lookup'>,
): Promise<Result<string>> {
  if (isIP(host) !== 0) return Promise.resolve(ok(host));
  const end = steps.begin({ zh: '解析名称', en: 'resolve the name' });
  return new Promise((resolve) => {
    lookup(host, {}, (error, address) => {
      end(error === null, error === null ? String(address) : error.message);
      const place = { url: host, address: host, name: host, timeoutMs: 0 };
      resolve(error === null ? ok(String(address)) : err(requestError(error, false, place)));
    });
  });
}

/** A socket that is on its way to an address. */
export function dial(guard: SocketGuard, address: string, port: number): Socket {
  return guard.watch(connect({ host: address, port, noDelay: true }));
}
