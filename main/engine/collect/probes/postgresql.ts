import { Socket } from 'node:net';
import type { CheckProbe, ProbeDeps } from './check-probe.ts';
import { askDatabase, ServerSays } from './database.ts';

/** Values stay as the server writes them, as `psql -tA` shows them. */
const AS_TEXT = { getTypeParser: () => (value: string) => value };

/** Logs in, runs one read-only statement, compares its first value. */
export function createPostgresqlProbe(deps: ProbeDeps): CheckProbe<'postgresql'> {
  return async ({ what, timeoutMs, signal, steps }) =>
    askDatabase({ ...what, timeoutMs, signal, steps }, what.expect, deps, async (peer) => {
      const { Client, DatabaseError } = await import('pg');
      const { guard } = peer;
      const client = new Client({
        host: peer.address,
        port: what.port,
        user: what.user,
        // An empty one keeps the library from looking for one in the user's home.
        password: peer.password ?? '',
        database: what.database === '' ? what.user : what.database,
        ssl: peer.tls ?? false,
        stream: () => guard.watch(new Socket()),
        connectionTimeoutMillis: timeoutMs,
        query_timeout: timeoutMs,
        // The server gives up as well; otherwise a slow query would go on after nobody waits for it.
        options: `-c default_transaction_read_only=on -c statement_timeout=${timeoutMs}`,
        application_name: 'HMTT-Console',
      });
      // Told by the promises below; without a listener the late ones would end the engine.
      client.on('error', () => undefined);
      const told = (thrown: unknown): never => {
        throw thrown instanceof DatabaseError ? new ServerSays(thrown.message) : thrown;
      };
      const endLogin = steps.begin({ zh: '连接并登录', en: 'connect and log in' });
      await ends(signal, client.connect()).catch(told);
      endLogin(true, '');
      const endQuery = steps.begin({ zh: '查询', en: 'query' });
      // The extended protocol takes one statement only: a second one cannot leave the read-only transaction.
      const query = { text: what.query, rowMode: 'array' as const, types: AS_TEXT, queryMode: 'extended' };
      const answer = await ends(signal, client.query<unknown[]>(query)).catch(told);
      const value = answer.rows[0]?.[0] ?? null;
      endQuery(true, value === null ? 'NULL' : String(value));
      return value === null ? null : String(value);
    });
}

/** Ends with the signal, whatever a library waits for. */
export function ends<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new Error('time is over'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
