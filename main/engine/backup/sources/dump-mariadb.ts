import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { DatabaseProbe, DatabaseSource, Dump } from '#shared/contract/backup-sources.ts';
import { type AppError, appError, type Bilingual, err, ok, type Result } from '#shared/errors/index.ts';
import { complaint } from '../../platform/command/output-tail.ts';
import { type CommandEnd, describeEnd } from '../../platform/command/run-command.ts';
import type { SourcesContext } from './context.ts';
import {
  bytesIn,
  type DumpJob,
  dumpFileNames,
  roomFor,
  type TakeResult,
  watchDump,
  withNewFile,
} from './dump-folder.ts';
import { backQuoted, type MariadbClient, mariadbClient } from './mariadb-client.ts';
import { isGood } from './postgres-client.ts';

type Source = Extract<DatabaseSource, { kind: 'mariadb' }>;

const schemaFacts = z.object({
  name: z.string(),
  version: z.string(),
  bytes: z.number().nullable(),
  charset: z.string(),
  collation: z.string(),
  /** Tables that a transaction does not hold still. */
  loose: z.number(),
});

const FACTS = `SELECT JSON_OBJECT('name', s.SCHEMA_NAME, 'version', VERSION(),
    'charset', s.DEFAULT_CHARACTER_SET_NAME, 'collation', s.DEFAULT_COLLATION_NAME,
    'bytes', (SELECT CAST(COALESCE(SUM(t.DATA_LENGTH), 0) AS UNSIGNED) FROM information_schema.TABLES t
      WHERE t.TABLE_SCHEMA = s.SCHEMA_NAME),
    'loose', (SELECT COUNT(*) FROM information_schema.TABLES t WHERE t.TABLE_SCHEMA = s.SCHEMA_NAME
      AND t.TABLE_TYPE = 'BASE TABLE' AND t.ENGINE NOT IN ('InnoDB', 'RocksDB', 'ROCKSDB', 'TokuDB')))
  FROM information_schema.SCHEMATA s
  WHERE LOWER(s.SCHEMA_NAME) NOT IN ('information_schema', 'performance_schema', 'sys', 'mysql')
  ORDER BY s.SCHEMA_NAME`;

const versionRow = z.object({ version: z.string() });

type Facts = {
  readonly client: MariadbClient;
  readonly version: string;
  readonly databases: readonly z.output<typeof schemaFacts>[];
};

async function lookAt(source: Source, context: SourcesContext): Promise<Result<Facts>> {
  const client = await mariadbClient(source, source.name, context.timers);
  if (!client.ok) return client;
  const version = await client.value.query(versionRow, `SELECT JSON_OBJECT('version', VERSION())`);
  if (!version.ok) return version;
  const all = await client.value.query(schemaFacts, FACTS);
  if (!all.ok) return all;
  const absent = source.databases.filter((name) => !all.value.some((one) => one.name === name));
  if (absent.length > 0)
    return err(appError('BACKUP_DATABASE_ABSENT', { name: source.name, absent: absent.join(', ') }));
  const databases =
    source.databases.length === 0
      ? all.value
      : all.value.filter(({ name }) => source.databases.includes(name));
  return ok({ client: client.value, version: version.value[0]?.version ?? '?', databases });
}

/** Says which databases have tables that a transaction does not hold still. */
function notesOf(databases: Facts['databases']): readonly Bilingual[] {
  return databases
    .filter(({ loose }) => loose > 0)
    .map(({ name, loose }) => ({
      zh: `数据库 ${name} 有 ${loose} 张非事务表（如 MyISAM），写入期间导出可能前后不一致。`,
      en: `${loose} tables of ${name} are not transactional (such as MyISAM); dumped while written to, they may be a mixture.`,
    }));
}

/** What a run would find: login, versions, databases. */
export async function probeMariadb(source: Source, context: SourcesContext): Promise<Result<DatabaseProbe>> {
  const facts = await lookAt(source, context);
  if (!facts.ok) return facts;
  const { client, version, databases } = facts.value;
  const dumper = await client.dumper();
  if (!dumper.ok) return dumper;
  return ok({
    kind: 'mariadb',
    server: version,
    tools: [dumper.value, client.sql],
    databases: databases.map(({ name, bytes }) => ({ name, bytes })),
    notes: [...notesOf(databases)],
  });
}

/**
 * Takes databases of a MariaDB or MySQL server: one SQL file each, of one moment for each database (`--single-transaction`).
 *
 * @returns the dump; BACKUP_DATABASE_…, CANCELLED
 */
export async function dumpMariadb(source: Source, job: DumpJob, context: SourcesContext): TakeResult {
  const facts = await lookAt(source, context);
  if (!facts.ok) return facts;
  const expected = facts.value.databases.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
  const room = roomFor(source.name, job.folder, expected);
  if (!room.ok) return room;
  const watch = watchDump(context, source.name, job, expected);
  const taken = await dumpAll(source, job, facts.value, context, watch.signal);
  const full = watch.end();
  return full !== null ? err(full) : taken;
}

async function dumpAll(
  source: Source,
  job: DumpJob,
  { client, version, databases: chosen }: Facts,
  context: SourcesContext,
  signal: AbortSignal,
): TakeResult {
  const tool = await client.dumper();
  if (!tool.ok) return tool;
  const files = dumpFileNames(
    chosen.map(({ name }) => name),
    '.sql',
  );
  const databases: Dump['databases'] = [];
  for (const { name, charset, collation } of chosen) {
    const file = files.get(name) ?? '';
    const path = join(job.folder, file);
    const before = bytesIn(job.folder);
    const end = await dumpOne(client, tool.value, name, path, signal);
    if (!isGood(end)) return err(failed(source.name, name, end));
    // The tool writes this last; a cut connection has been seen to leave an exit code of 0.
    if (!endsWell(path))
      return err(
        appError('BACKUP_DATABASE_DUMP_UNSOUND', {
          name: `${source.name}/${name}`,
          why: { zh: '缺少结尾标记', en: 'its closing line is missing' },
        }),
      );
    databases.push({ name, file, bytes: bytesIn(job.folder) - before, charset, collation });
  }
  return ok({
    dump: {
      format: 'hmtt-database-dump',
      version: 1,
      name: source.name,
      kind: 'mariadb',
      method: 'dump',
      server: version,
      tool: `${tool.value.name} ${tool.value.version}`,
      takenAt: context.clock.now(),
      databases,
      globals: null,
    },
    notes: notesOf(chosen),
  });
}

/** Writes one database into a new file. */
export function dumpOne(
  client: MariadbClient,
  tool: Parameters<MariadbClient['run']>[0]['tool'],
  database: string,
  path: string,
  signal: AbortSignal,
): Promise<CommandEnd> {
  return withNewFile(path, (stdoutFd) =>
    client.run({
      tool,
      args: [
        '--single-transaction',
        '--quick',
        '--routines',
        '--events',
        '--triggers',
        '--hex-blob',
        '--no-tablespaces',
        '--default-character-set=utf8mb4',
        '--',
        database,
      ],
      signal,
      stdoutFd,
    }),
  );
}

/** True when the file ends with the tool's own closing line. */
export function endsWell(path: string): boolean {
  const fd = openSync(path, 'r');
  try {
    const end = Buffer.alloc(200);
    const size = fstatSync(fd).size;
    const read = readSync(fd, end, 0, end.length, Math.max(0, size - end.length));
    return end.subarray(0, read).toString('latin1').includes('-- Dump completed');
  } finally {
    closeSync(fd);
  }
}

/** A database to create, with its character set. */
export function createDatabase(name: string, charset?: string, collation?: string): string {
  return `CREATE DATABASE ${backQuoted(name)}${charset === undefined ? '' : ` CHARACTER SET ${charset}`}${
    collation === undefined ? '' : ` COLLATE ${collation}`
  }`;
}

function failed(source: string, what: string, end: CommandEnd): AppError {
  if (end.reason === 'cancelled') return appError('CANCELLED');
  return appError(
    'BACKUP_DATABASE_DUMP_FAILED',
    { name: `${source}/${what}`, how: describeEnd(end, null), tail: complaint(end.output) },
    { detail: end.output.slice(-4_000) },
  );
}
