import { closeSync, openSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { MariadbServer } from '#shared/contract/backup-sources.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { CommandEnd } from '../../platform/command/run-command.ts';
import type { SourcesContext } from './context.ts';
import { dumpFileNames, privateFolder } from './dump-folder.ts';
import { createDatabase, dumpOne, endsWell } from './dump-mariadb.ts';
import { exists, type Loaded, type LoadJob, loadError, stamp } from './load.ts';
import { backQuoted, type MariadbClient, mariadbClient, sqlText } from './mariadb-client.ts';
import { isGood } from './postgres-client.ts';

const factsRow = z.object({ version: z.string(), exists: z.number() });
const tablesRow = z.object({ tables: z.number() });

/**
 * Loads an SQL dump into a new database. MariaDB cannot rename one, so one that is to be replaced is dumped first; that file is
 * kept, and loaded again when the new one fails.
 */
export async function loadMariadb(
  job: LoadJob,
  into: MariadbServer & { readonly database: string },
  context: SourcesContext,
): Promise<Result<Loaded>> {
  const { database } = into;
  const found = await mariadbClient(into, database, context.timers);
  if (!found.ok) return found;
  const client = found.value;
  const facts = await client.query(
    factsRow,
    `SELECT JSON_OBJECT('version', VERSION(), 'exists', (SELECT COUNT(*) FROM information_schema.SCHEMATA
       WHERE SCHEMA_NAME = ${sqlText(database)}))`,
  );
  if (!facts.ok) return facts;
  const { version = '?', exists: isThere = 0 } = facts.value[0] ?? {};
  if (isThere > 0 && !job.replace) return exists(database);
  let kept: string | null = null;
  if (isThere > 0) {
    const aside = await putAside(client, database, context, job.signal);
    if (!aside.ok) return aside;
    kept = aside.value;
    const dropped = await statement(client, `DROP DATABASE ${backQuoted(database)}`);
    if (!isGood(dropped)) return err(loadError(database, dropped));
  }
  const path = join(job.folder, job.entry.file);
  const created = await statement(client, createDatabase(database, job.entry.charset, job.entry.collation));
  const end = isGood(created) ? await load(client, database, path, job.signal) : created;
  if (!isGood(end)) {
    await statement(client, `DROP DATABASE IF EXISTS ${backQuoted(database)}`);
    if (kept !== null) {
      await statement(client, createDatabase(database));
      await load(client, database, kept, new AbortController().signal);
    }
    return err(loadError(database, end));
  }
  const tables = await client.query(
    tablesRow,
    `SELECT JSON_OBJECT('tables', COUNT(*)) FROM information_schema.TABLES
     WHERE TABLE_TYPE = 'BASE TABLE' AND TABLE_SCHEMA = ${sqlText(database)}`,
  );
  if (!tables.ok) return tables;
  return ok({
    into: database,
    server: version,
    tables: tables.value[0]?.tables ?? 0,
    bytes: statSync(path).size,
    kept,
    notes: [],
  });
}

function statement(client: MariadbClient, sql: string): Promise<CommandEnd> {
  return client.run({
    tool: client.sql,
    args: ['--batch', '--default-character-set=utf8mb4', '--connect-timeout=15', `--execute=${sql}`],
    timeoutMs: 600_000,
  });
}

/** Feeds a file of SQL. In binary mode the client obeys no commands of its own that stand in it, such as `\!`. */
async function load(
  client: MariadbClient,
  database: string,
  path: string,
  signal: AbortSignal,
): Promise<CommandEnd> {
  const fd = openSync(path, 'r');
  try {
    return await client.run({
      tool: client.sql,
      args: ['--batch', '--binary-mode', '--default-character-set=utf8mb4', `--database=${database}`],
      stdinFd: fd,
      signal,
    });
  } finally {
    closeSync(fd);
  }
}

async function putAside(
  client: MariadbClient,
  database: string,
  context: SourcesContext,
  signal: AbortSignal,
): Promise<Result<string>> {
  const tool = await client.dumper();
  if (!tool.ok) return tool;
  const folder = join(dirname(context.spoolDir), 'replaced-databases');
  privateFolder(folder);
  const file = dumpFileNames([database], `.${stamp(context.clock.now())}.sql`).get(database) ?? '';
  const path = join(folder, file);
  const end = await dumpOne(client, tool.value, database, path, signal);
  if (!isGood(end)) return err(loadError(database, end));
  if (endsWell(path)) return ok(path);
  return err(
    appError('BACKUP_DATABASE_DUMP_UNSOUND', {
      name: database,
      why: { zh: '缺少结尾标记', en: 'its closing line is missing' },
    }),
  );
}
