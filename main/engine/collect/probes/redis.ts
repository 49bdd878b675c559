import { appError } from '#shared/errors/index.ts';
import { type CheckProbe, failed, type ProbeDeps } from './check-probe.ts';
import { askDatabase, ServerSays } from './database.ts';
import { dial } from './guarded-socket.ts';
import { ends } from './postgresql.ts';

/** Commands that change nothing; the others are refused before anything is sent. */
const READ_ONLY: ReadonlySet<string> = new Set(
  (
    'PING ECHO INFO TIME DBSIZE LASTSAVE ROLE GET MGET STRLEN GETRANGE EXISTS TTL PTTL TYPE LLEN LRANGE LINDEX HGET HMGET HLEN ' +
    'HEXISTS HGETALL SCARD SISMEMBER SMEMBERS ZCARD ZSCORE ZCOUNT ZRANGE XLEN XRANGE PFCOUNT BITCOUNT MEMORY'
  ).split(' '),
);

/** Logs in, runs one read-only command, compares what it answers. */
export function createRedisProbe(deps: ProbeDeps): CheckProbe<'redis'> {
  return async ({ what, timeoutMs, signal, steps }) => {
    const [command = ''] = what.command;
    if (!READ_ONLY.has(command.toUpperCase()))
      return failed(appError('CHECK_REDIS_COMMAND', { command }, { field: 'what.command' }));
    return askDatabase({ ...what, timeoutMs, signal, steps }, what.expect, deps, async (peer) => {
      const { createClient, ErrorReply } = await import('@redis/client');
      const endLogin = steps.begin({ zh: '连接并登录', en: 'connect and log in' });
      const common = {
        host: peer.address,
        port: what.port,
        connectTimeout: timeoutMs,
        reconnectStrategy: false as const,
      };
      const client = createClient({
        ...(what.user === null ? {} : { username: what.user }),
        ...(peer.password === undefined ? {} : { password: peer.password }),
        database: what.database,
        RESP: 2,
        disableClientInfo: true,
        disableOfflineQueue: true,
        socket:
          peer.tls === undefined
            ? common
            : { ...common, ...peer.tls, tls: true, socket: dial(peer.guard, peer.address, what.port) },
      });
      client.on('error', () => undefined);
      const told = (thrown: unknown): never => {
        throw thrown instanceof ErrorReply ? new ServerSays(thrown.message) : thrown;
      };
      try {
        await ends(
          signal,
          peer.guard.within(() => client.connect()),
        ).catch(told);
        endLogin(true, '');
        const endCommand = steps.begin({ zh: command, en: command });
        const reply: unknown = await ends(signal, client.sendCommand([...what.command])).catch(told);
        const value = reply === null ? null : typeof reply === 'string' ? reply : JSON.stringify(reply);
        endCommand(true, value ?? '(nil)');
        return value;
      } finally {
        client.destroy();
      }
    });
  };
}
