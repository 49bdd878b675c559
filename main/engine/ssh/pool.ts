import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import type { HostKey, SshLogin } from '#shared/contract/ssh.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { SecretSource } from '../platform/secrets.ts';
import type { CancelTimer, Timers } from '../platform/timers.ts';
import { type ConnectParts, connect } from './connect.ts';

/** A login with the one through which it is reached, and so on, the host itself last. */
export type Route = readonly [StoredLogin, ...StoredLogin[]];

/** A login as it is kept. */
export type StoredLogin = SshLogin & { readonly id: string };

/** Connections to hosts, made when they are needed and shared by all who need them. */
export type SshPool = {
  /**
   * Does something with a connection; it stays open for a while after. At most {@link CHANNELS} of these run at once on one
   * connection, others wait. What `use` throws is passed on.
   */
  readonly use: <T>(
    route: Route,
    signal: AbortSignal,
    use: (client: Client) => Promise<Result<T>>,
  ) => Promise<Result<T>>;
  /** Ends the connections of a login that was changed or removed; what runs on them fails. */
  readonly drop: (loginId: string) => void;
  readonly close: () => void;
};

/** What the pool is made of. */
export type PoolDeps = {
  readonly timers: Timers;
  readonly secrets: SecretSource;
  readonly knownKeys: (host: string, port: number) => readonly HostKey[];
  readonly onHostKey?: (key: HostKey) => void;
  readonly readyMs?: number;
};

/** sshd's `MaxSessions` is 10 by default; two are left for people. */
const CHANNELS = 8;
/** A connection that nobody uses is ended after so long. */
const IDLE_MS = 60_000;

type Connection = {
  readonly client: Promise<Result<Client>>;
  readonly waiting: (() => void)[];
  readonly abort: AbortController;
  used: number;
  isGone: boolean;
  cancelIdle: CancelTimer;
};

/** Makes a pool. */
export function createSshPool(deps: PoolDeps): SshPool {
  const { timers, knownKeys } = deps;
  const open = new Map<string, Connection>();

  const forget = (key: string, connection: Connection): void => {
    connection.isGone = true;
    connection.cancelIdle();
    if (open.get(key) === connection) open.delete(key);
    for (const wake of connection.waiting.splice(0)) wake();
  };

  const end = (key: string, connection: Connection): void => {
    forget(key, connection);
    connection.abort.abort();
    void connection.client.then((result) => {
      if (result.ok) result.value.end();
    });
  };

  const connectionOf = (route: Route): Connection => {
    const key = keyOf(route);
    const known = open.get(key);
    if (known !== undefined) return known;
    const abort = new AbortController();
    const connection: Connection = {
      client: dial(route, abort.signal),
      waiting: [],
      abort,
      used: 0,
      isGone: false,
      cancelIdle: () => undefined,
    };
    open.set(key, connection);
    void connection.client.then((result) => {
      // A failed attempt is not kept: the next one dials again.
      if (!result.ok) forget(key, connection);
      else result.value.once('close', () => forget(key, connection));
    });
    return connection;
  };

  /** Dials directly, or through the connection to the jump host, which is held as long as this one lives. */
  const dial = async (route: Route, signal: AbortSignal): Promise<Result<Client>> => {
    const login = route.at(-1) ?? route[0];
    const parts: ConnectParts = {
      known: knownKeys(login.host, login.port),
      signal,
      secrets: deps.secrets,
      ...(deps.onHostKey === undefined ? {} : { onHostKey: deps.onHostKey }),
      ...(deps.readyMs === undefined ? {} : { readyMs: deps.readyMs }),
    };
    const [first, ...others] = route.slice(0, -1);
    if (first === undefined) return connect(login, parts);
    return new Promise((resolve) => {
      const through = pool.use([first, ...others], signal, async (jump) => {
        const stream = await forward(jump, login);
        if (!stream.ok) return stream;
        const client = await connect(login, { ...parts, through: stream.value });
        resolve(client);
        if (!client.ok) return ok(null);
        await new Promise<void>((gone) => client.value.once('close', () => gone()));
        return ok(null);
      });
      // What ended before there was a client is its failure.
      void through.then((result) => {
        if (!result.ok) resolve(result);
      });
    });
  };

  const pool: SshPool = {
    use: async (route, signal, use) => {
      const key = keyOf(route);
      const connection = connectionOf(route);
      connection.cancelIdle();
      const client = await orAborted(connection.client, signal);
      if (!client.ok) return client;
      while (connection.used >= CHANNELS && !connection.isGone && !signal.aborted)
        await turn(connection.waiting, signal);
      if (signal.aborted) return err(appError('CANCELLED'));
      if (connection.isGone) return err(lost(route, 'it was closed'));
      connection.used += 1;
      try {
        return await use(client.value);
      } finally {
        connection.used -= 1;
        connection.waiting.shift()?.();
        if (connection.used === 0 && !connection.isGone) {
          connection.cancelIdle();
          connection.cancelIdle = timers.after(IDLE_MS, () => end(key, connection));
        }
      }
    },
    drop: (loginId) => {
      for (const [key, connection] of open) if (key.split('\n').includes(loginId)) end(key, connection);
    },
    close: () => {
      for (const [key, connection] of open) end(key, connection);
    },
  };
  return pool;
}

const keyOf = (route: Route): string => route.map(({ id }) => id).join('\n');

/** The error of a connection that was lost while it was used. */
function lost(route: Route, why: string) {
  return appError('SSH_CONNECTION_LOST', { host: (route.at(-1) ?? route[0]).host, why });
}

function forward(jump: Client, { host, port }: SshLogin): Promise<Result<Duplex>> {
  return new Promise((resolve) => {
    jump.once('close', () =>
      resolve(err(appError('SSH_CONNECTION_LOST', { host, why: 'the jump host left' }))),
    );
    jump.forwardOut('127.0.0.1', 0, host, port, (thrown, stream) =>
      resolve(
        thrown ? err(appError('SSH_UNREACHABLE', { host, port, why: describeThrown(thrown) })) : ok(stream),
      ),
    );
  });
}

function orAborted(client: Promise<Result<Client>>, signal: AbortSignal): Promise<Result<Client>> {
  return new Promise((resolve) => {
    const onAbort = (): void => resolve(err(appError('CANCELLED')));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    void client.then((result) => {
      signal.removeEventListener('abort', onAbort);
      resolve(result);
    });
  });
}

/** Waits for a place, or until the signal is aborted. */
function turn(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    };
    const onAbort = (): void => {
      const at = waiting.indexOf(wake);
      if (at >= 0) waiting.splice(at, 1);
      resolve();
    };
    waiting.push(wake);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
