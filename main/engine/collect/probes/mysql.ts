import { promisify } from 'node:util';
import { appError } from '#shared/errors/index.ts';
import { type CheckProbe, failed, type ProbeDeps } from './check-probe.ts';
import { askDatabase, ServerSays } from './database.ts';
import { dial } from './guarded-socket.ts';
import { ends } from './postgresql.ts';

/** MariaDB ends a read-only transaction by itself before it changes a table's definition, so only statements that read are sent. */
const READS = /^\s*(?:\(\s*)*(?:select|show|explain|describe|desc|with|values|table|checksum)\b/i;
const WRITES_FILE = /\binto\s+(?:outfile|dumpfile)\b/i;

/** Logs in, runs one statement in a read-only transaction, compares its first value. */
export function createMysqlProbe(deps: ProbeDeps): CheckProbe<'mysql'> {
  return async ({ what, timeoutMs, signal, steps }) => {
    if (!READS.test(what.query) || WRITES_FILE.test(what.query))
      return failed(
        appError('CHECK_QUERY', { why: 'SELECT, SHOW, EXPLAIN, WITH …' }, { field: 'what.query' }),
      );
    return askDatabase({ ...what, timeoutMs, signal, steps }, what.expect, deps, async (peer) => {
      const { createConnection } = await import('mysql2');
      const endLogin = steps.begin({ zh: '连接并登录', en: 'connect and log in' });
      const connection = createConnection({
        host: peer.address,
        port: what.port,
        user: what.user,
        ...(peer.password === undefined ? {} : { password: peer.password }),
        ...(what.database === '' ? {} : { database: what.database }),
        ...(peer.tls === undefined ? {} : { ssl: sslOf(peer.tls) }),
        stream: () => dial(peer.guard, peer.address, what.port),
        connectTimeout: timeoutMs,
        // A server may ask its client for files; this one has none to give.
        flags: ['-LOCAL_FILES'],
        multipleStatements: false,
        rowsAsArray: true,
        disableEval: true,
        // As the server writes it.
        typeCast: (field) => field.string(),
      });
      connection.on('error', () => undefined);
      const told = (thrown: unknown): never => {
        const { sqlState, message } = thrown as { readonly sqlState?: unknown; readonly message?: string };
        throw typeof sqlState === 'string' && sqlState !== '' ? new ServerSays(message) : thrown;
      };
      try {
        await ends(signal, promisify(connection.connect.bind(connection))()).catch(told);
        endLogin(true, '');
        const run = (sql: string): Promise<unknown> =>
          new Promise((resolve, reject) => {
            connection.query(sql, (error, rows) => (error === null ? resolve(rows) : reject(error)));
          });
        const endQuery = steps.begin({ zh: '查询', en: 'query' });
        // MariaDB's way to give up a slow statement; MySQL does not know it, and then the connection's end is what ends it.
        await ends(signal, run(`SET SESSION max_statement_time = ${timeoutMs / 1000}`)).catch((thrown) => {
          if (signal.aborted) throw thrown;
        });
        await ends(signal, run('START TRANSACTION READ ONLY')).catch(told);
        const rows = await ends(signal, run(what.query)).catch(told);
        const [first] = Array.isArray(rows) ? rows : [];
        const cell: unknown = Array.isArray(first) ? first[0] : null;
        const value = cell === null || cell === undefined ? null : String(cell);
        endQuery(true, value ?? 'NULL');
        return value;
      } finally {
        connection.destroy();
      }
    });
  };
}

/** The library knows the parts of TLS settings by names of its own. */
function sslOf(tls: import('node:tls').ConnectionOptions) {
  const { ca, cert, key, rejectUnauthorized, servername } = tls;
  const given = Object.entries({ ca, cert, key, servername }).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(given),
    rejectUnauthorized: rejectUnauthorized !== false,
    verifyIdentity: rejectUnauthorized !== false && servername !== undefined,
  };
}
