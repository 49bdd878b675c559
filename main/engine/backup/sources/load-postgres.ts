import { randomBytes } from 'node:crypto';
import { closeSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { PostgresServer } from '#shared/contract/backup-sources.ts';
import { type Bilingual, err, ok, type Result } from '#shared/errors/index.ts';
import type { CommandEnd } from '../../platform/command/run-command.ts';
import type { SourcesContext } from './context.ts';
import { exists, type Loaded, type LoadJob, loadError, stamp } from './load.ts';
import { dbname, isGood, type PostgresClient, postgresClient, quoted } from './postgres-client.ts';
import type { Tool } from './tools.ts';

/** A text in SQL, whatever the server's settings about backslashes say. */
function sqlText(text: string): string {
  return `convert_from(decode('${Buffer.from(text, 'utf8').toString('hex')}', 'hex'), 'UTF8')`;
}

const factsSchema = z.object({ version: z.string(), exists: z.boolean() });

/** Loads a custom-format dump into a new database. */
export async function loadPostgres(
  job: LoadJob,
  into: PostgresServer & { readonly database: string },
  context: SourcesContext,
): Promise<Result<Loaded>> {
  const client = await postgresClient(into, into.database, context.timers);
  if (!client.ok) return client;
  const pgRestore = await client.value.tool('pg_restore');
  if (!pgRestore.ok) return pgRestore;
  const facts = await client.value.query(
    factsSchema,
    `SELECT json_build_object('version', current_setting('server_version'), 'exists',
       EXISTS (SELECT 1 FROM pg_database WHERE datname = ${sqlText(into.database)}))`,
  );
  if (!facts.ok) return facts;
  if (facts.value.exists && !job.replace) return exists(into.database);
  // Loaded beside what is there, and swapped when it is complete.
  const name = facts.value.exists ? `hmtt_new_${randomBytes(6).toString('hex')}` : into.database;
  const loaded = await loadNew(client.value, pgRestore.value, job, name);
  if (!loaded.ok) return loaded;
  const kept = facts.value.exists ? nameAside(into.database, context.clock.now()) : null;
  if (kept !== null) {
    const swapped = await swap(client.value, into.database, kept, name);
    if (!swapped.ok) {
      await drop(client.value, name);
      return swapped;
    }
  }
  return ok({
    into: into.database,
    server: facts.value.version,
    tables: loaded.value.tables,
    bytes: statSync(join(job.folder, job.entry.file)).size,
    kept,
    notes: loaded.value.notes,
  });
}

/** Bytes that a name may have in PostgreSQL; it cuts longer ones without a word. */
const NAME_BYTES = 63;

function nameAside(database: string, now: number): string {
  const suffix = `_before_${stamp(now)}`;
  let kept = '';
  for (const character of database)
    if (Buffer.byteLength(kept + character + suffix) <= NAME_BYTES) kept += character;
    else break;
  return kept + suffix;
}

async function loadNew(
  client: PostgresClient,
  tool: Tool,
  job: LoadJob,
  name: string,
): Promise<Result<{ readonly tables: number; readonly notes: readonly Bilingual[] }>> {
  const notes: Bilingual[] = [];
  const created = await create(client, name, job, notes);
  if (!created.ok) return created;
  let end = await restore(client, tool, job, name, []);
  if (!isGood(end) && /role .* does not exist/.test(end.output)) {
    await drop(client, name);
    const again = await create(client, name, job, []);
    if (!again.ok) return again;
    end = await restore(client, tool, job, name, ['--no-owner', '--no-acl']);
    notes.push({
      zh: '服务器上缺少原来的角色，所有对象归登录用户所有；可先执行同一恢复点中的 globals.sql。',
      en: 'Roles of the original are not on this server, so everything belongs to the login; globals.sql of the same point makes them.',
    });
  }
  const tables = isGood(end) ? await client.query(z.number(), COUNT_TABLES, name) : null;
  if (tables?.ok) return ok({ tables: tables.value, notes });
  await drop(client, name);
  return tables ?? err(loadError(name, end));
}

const COUNT_TABLES = `SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND n.nspname NOT LIKE 'pg\\_toast%'`;

/** Makes an empty database as the dumped one was: its encoding, and its collation where this server has it. */
async function create(
  client: PostgresClient,
  name: string,
  { entry }: LoadJob,
  notes: Bilingual[],
): Promise<Result<object>> {
  const base = `CREATE DATABASE ${quoted(name)} TEMPLATE template0`;
  const encoding = entry.charset === undefined ? '' : ` ENCODING '${entry.charset}'`;
  if (entry.collation !== undefined) {
    const exact = await client.execute(
      `${base}${encoding} LC_COLLATE '${entry.collation}' LC_CTYPE '${entry.collation}'`,
      'postgres',
    );
    if (exact.ok) return exact;
    notes.push({
      zh: `服务器没有原来的排序规则 ${entry.collation}，已使用默认规则。`,
      en: `This server lacks the original collation ${entry.collation}; its default is used.`,
    });
  }
  const usual = await client.execute(`${base}${encoding}`, 'postgres');
  return usual.ok || encoding === '' ? usual : client.execute(base, 'postgres');
}

/** The archive comes through an open file, so that a tool of another user need not be let into its folder. */
async function restore(
  client: PostgresClient,
  tool: Tool,
  job: LoadJob,
  name: string,
  more: readonly string[],
): Promise<CommandEnd> {
  const fd = openSync(join(job.folder, job.entry.file), 'r');
  try {
    return await client.run({
      tool,
      args: ['--exit-on-error', '--no-password', ...more, `--dbname=${dbname(name)}`],
      stdinFd: fd,
      signal: job.signal,
    });
  } finally {
    closeSync(fd);
  }
}

async function drop(client: PostgresClient, name: string): Promise<void> {
  await client.execute(`DROP DATABASE IF EXISTS ${quoted(name)}`, 'postgres');
}

/** Puts the old one aside and the new one in its place; an old one that is in use makes the server refuse. */
async function swap(
  client: PostgresClient,
  current: string,
  kept: string,
  fresh: string,
): Promise<Result<object>> {
  const aside = await client.execute(
    `ALTER DATABASE ${quoted(current)} RENAME TO ${quoted(kept)}`,
    'postgres',
  );
  if (!aside.ok) return aside;
  const placed = await client.execute(
    `ALTER DATABASE ${quoted(fresh)} RENAME TO ${quoted(current)}`,
    'postgres',
  );
  if (placed.ok) return placed;
  await client.execute(`ALTER DATABASE ${quoted(kept)} RENAME TO ${quoted(current)}`, 'postgres');
  return placed;
}
