import { chownSync, closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { DatabaseProbe, DatabaseSource, Dump } from '#shared/contract/backup-sources.ts';
import { appError, type Bilingual, err, ok, type Result } from '#shared/errors/index.ts';
import { commandEnvironment } from '../../platform/command/environment.ts';
import { complaint } from '../../platform/command/output-tail.ts';
import { type CommandEnd, describeEnd, runCommand } from '../../platform/command/run-command.ts';
import type { SourcesContext } from './context.ts';
import {
  bytesIn,
  type DumpJob,
  dumpFileNames,
  replaceFile,
  roomFor,
  type TakeResult,
  watchDump,
  withNewFile,
} from './dump-folder.ts';
import { dbname, isGood, type PostgresClient, postgresClient, type ToolRun } from './postgres-client.ts';
import { major } from './tools.ts';

type Source = Extract<DatabaseSource, { kind: 'postgresql' }>;

const serverFacts = z.object({
  version: z.string(),
  databases: z
    .array(
      z.object({
        name: z.string(),
        bytes: z.number().nullable(),
        charset: z.string(),
        collation: z.string().nullable(),
      }),
    )
    .nullable(),
});

const FACTS = `SELECT json_build_object(
  'version', current_setting('server_version'),
  'databases', (SELECT json_agg(json_build_object('name', datname,
      'charset', pg_encoding_to_char(encoding), 'collation', datcollate, 'bytes',
      CASE WHEN has_database_privilege(oid, 'CONNECT') THEN pg_database_size(oid) END) ORDER BY datname)
    FROM pg_database WHERE datallowconn AND NOT datistemplate))`;

type Facts = {
  readonly client: PostgresClient;
  readonly version: string;
  readonly databases: NonNullable<z.output<typeof serverFacts>['databases']>;
};

async function lookAt(source: Source, context: SourcesContext): Promise<Result<Facts>> {
  const client = await postgresClient(source, source.name, context.timers);
  if (!client.ok) return client;
  // A login may be allowed into its own database only.
  const facts = await client.value.query(serverFacts, FACTS, source.databases[0] ?? 'postgres');
  if (!facts.ok && source.databases.length > 0) {
    const other = await client.value.query(serverFacts, FACTS);
    if (other.ok) return absentOf(source, client.value, other.value);
  }
  return facts.ok ? absentOf(source, client.value, facts.value) : facts;
}

function absentOf(
  source: Source,
  client: PostgresClient,
  facts: z.output<typeof serverFacts>,
): Result<Facts> {
  const all = facts.databases ?? [];
  const absent = source.databases.filter((name) => !all.some((one) => one.name === name));
  if (absent.length > 0)
    return err(appError('BACKUP_DATABASE_ABSENT', { name: source.name, absent: absent.join(', ') }));
  const chosen =
    source.databases.length === 0 ? all : all.filter(({ name }) => source.databases.includes(name));
  return ok({ client, version: facts.version, databases: chosen });
}

/** What a run would find: login, versions, databases. */
export async function probePostgres(source: Source, context: SourcesContext): Promise<Result<DatabaseProbe>> {
  const facts = await lookAt(source, context);
  if (!facts.ok) return facts;
  const { client, version, databases } = facts.value;
  const tools: DatabaseProbe['tools'] = [];
  for (const name of source.method === 'dump' ? ['pg_dump', 'pg_restore'] : ['pg_basebackup']) {
    const tool = await client.tool(name);
    if (!tool.ok) return tool;
    if (name === 'pg_dump' && major(tool.value.version) < major(version))
      return err(
        appError('BACKUP_DATABASE_TOOL_TOO_OLD', { tool: name, have: tool.value.version, server: version }),
      );
    tools.push(tool.value);
  }
  return ok({
    kind: 'postgresql',
    server: version,
    tools,
    databases: databases.map(({ name, bytes }) => ({ name, bytes })),
    notes: [],
  });
}

/**
 * Takes a PostgreSQL server's databases: one `pg_dump` custom-format file each, uncompressed because the archive compresses,
 * and the roles; or a base backup of all of it.
 *
 * @returns the dump; BACKUP_DATABASE_…, CANCELLED
 */
export async function dumpPostgres(source: Source, job: DumpJob, context: SourcesContext): TakeResult {
  const facts = await lookAt(source, context);
  if (!facts.ok) return facts;
  const { databases } = facts.value;
  const expected = databases.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
  const room = roomFor(source.name, job.folder, expected);
  if (!room.ok) return room;
  const watch = watchDump(context, source.name, job, expected);
  const run: Running = { source, job, facts: facts.value, context, signal: watch.signal };
  const taken = await (source.method === 'base' ? baseBackup(run) : dumpAll(run));
  const full = watch.end();
  return full !== null ? err(full) : taken;
}

type Running = {
  readonly source: Source;
  readonly job: DumpJob;
  readonly facts: Facts;
  readonly context: SourcesContext;
  readonly signal: AbortSignal;
};

async function dumpAll({ source, job, facts, context, signal }: Running): TakeResult {
  const { client, version } = facts;
  const pgDump = await client.tool('pg_dump');
  if (!pgDump.ok) return pgDump;
  const pgRestore = await client.tool('pg_restore');
  if (!pgRestore.ok) return pgRestore;
  if (major(pgDump.value.version) < major(version))
    return err(
      appError('BACKUP_DATABASE_TOOL_TOO_OLD', {
        tool: 'pg_dump',
        have: pgDump.value.version,
        server: version,
      }),
    );
  const files = dumpFileNames(
    facts.databases.map(({ name }) => name),
    '.pgdump',
  );
  const databases: Dump['databases'] = [];
  for (const { name, charset, collation } of facts.databases) {
    const file = files.get(name) ?? '';
    const path = join(job.folder, file);
    const before = bytesIn(job.folder);
    const dumped = await toFile(client, path, {
      tool: pgDump.value,
      args: [
        '--format=custom',
        '--compress=0',
        '--no-password',
        '--lock-wait-timeout=600000',
        `--dbname=${dbname(name)}`,
      ],
      signal,
    });
    if (!isGood(dumped)) return err(failed(source.name, name, dumped));
    // The list of contents stands at the end of what was written; as the console's own user, who owns the file.
    const listed = await runCommand(
      {
        run: { file: pgRestore.value.path, args: ['--list', path] },
        env: commandEnvironment({ LC_ALL: 'C' }),
        timeoutMs: null,
        signal,
      },
      context.timers,
    );
    if (!isGood(listed))
      return err(
        appError('BACKUP_DATABASE_DUMP_UNSOUND', {
          name: `${source.name}/${name}`,
          why: complaint(listed.output),
        }),
      );
    databases.push({
      name,
      file,
      bytes: bytesIn(job.folder) - before,
      charset,
      ...(collation !== null && /^[\w.@-]+$/.test(collation) ? { collation } : {}),
    });
  }
  const globals = await dumpGlobals(client, join(job.folder, GLOBALS), source, signal);
  if (!globals.ok) return globals;
  return ok({
    dump: {
      format: 'hmtt-database-dump',
      version: 1,
      name: source.name,
      kind: 'postgresql',
      method: 'dump',
      server: version,
      tool: `pg_dump ${pgDump.value.version}`,
      takenAt: context.clock.now(),
      databases,
      globals: GLOBALS,
    },
    notes: globals.value,
  });
}

const GLOBALS = 'globals.sql';

/** Keeps the roles. Their password hashes need a superuser; without one they are left out, and the report says so. */
async function dumpGlobals(
  client: PostgresClient,
  path: string,
  source: Source,
  signal: AbortSignal,
): Promise<Result<readonly Bilingual[]>> {
  const tool = await client.tool('pg_dumpall');
  if (!tool.ok) return tool;
  const database = `--database=${source.databases[0] ?? 'postgres'}`;
  const common = ['--globals-only', '--no-password', database];
  const first = await toFile(client, path, { tool: tool.value, args: common, signal });
  if (isGood(first)) return ok([]);
  const second = await toFile(client, `${path}.part`, {
    tool: tool.value,
    args: [...common, '--no-role-passwords'],
    signal,
  });
  if (!isGood(second)) return err(failed(source.name, 'globals', second));
  replaceFile(`${path}.part`, path);
  return ok([
    {
      zh: '角色已保存，但不含密码：登录用户不是超级用户。',
      en: 'The roles are kept without their passwords: the login is no superuser.',
    },
  ]);
}

async function baseBackup({ source, job, facts, context, signal }: Running): TakeResult {
  const { client, version } = facts;
  const tool = await client.tool('pg_basebackup');
  if (!tool.ok) return tool;
  const end = await withFolder(client, job.folder, (pgdata, extraFd) =>
    client.run({
      tool: tool.value,
      args: [
        `--pgdata=${pgdata}`,
        '--format=tar',
        '--wal-method=stream',
        '--checkpoint=fast',
        '--no-password',
        '--label=hmtt-console',
      ],
      signal,
      ...extraFd,
    }),
  );
  if (!isGood(end)) return err(failed(source.name, 'pg_basebackup', end));
  return ok({
    dump: {
      format: 'hmtt-database-dump',
      version: 1,
      name: source.name,
      kind: 'postgresql',
      method: 'base',
      server: version,
      tool: `pg_basebackup ${tool.value.version}`,
      takenAt: context.clock.now(),
      databases: [{ name: '*', file: 'base.tar', bytes: bytesIn(job.folder) }],
      globals: null,
    },
    notes: [],
  });
}

/**
 * Lets the tool write into a folder, perhaps as another user. That one gets in through an open descriptor, so that nobody else
 * needs to be let into the folders above.
 */
async function withFolder(
  client: PostgresClient,
  folder: string,
  use: (path: string, extra: { readonly extraFd?: number }) => Promise<CommandEnd>,
): Promise<CommandEnd> {
  if (client.owner === null) return use(folder, {});
  chownSync(folder, client.owner.uid, client.owner.gid);
  const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return await use('/proc/self/fd/3', { extraFd: fd });
  } finally {
    closeSync(fd);
  }
}

function toFile(client: PostgresClient, path: string, run: ToolRun): Promise<CommandEnd> {
  return withNewFile(path, (fd) => client.run({ ...run, stdoutFd: fd }));
}

function failed(source: string, what: string, end: CommandEnd) {
  if (end.reason === 'cancelled') return appError('CANCELLED');
  return appError(
    'BACKUP_DATABASE_DUMP_FAILED',
    { name: `${source}/${what}`, how: describeEnd(end, null), tail: complaint(end.output) },
    { detail: end.output.slice(-4_000) },
  );
}
