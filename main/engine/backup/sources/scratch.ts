import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DATABASES_FOLDER,
  type DatabaseServer,
  type Dump,
  dumpSchema,
} from '#shared/contract/backup-sources.ts';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { commandEnvironment } from '../../platform/command/environment.ts';
import { complaint } from '../../platform/command/output-tail.ts';
import { runCommand } from '../../platform/command/run-command.ts';
import type { SourcesContext } from './context.ts';
import { DUMP_FILE } from './dump-folder.ts';
import { type Loaded, loadDump } from './load.ts';
import { isGood, postgresClient } from './postgres-client.ts';
import { startScratchServer } from './scratch-server.ts';
import { findTool } from './tools.ts';

/** What a rehearsal of one database found. */
export type Rehearsed = {
  readonly source: string;
  readonly database: string;
  readonly kind: Dump['kind'];
  readonly server: string;
  readonly tables: number;
  readonly bytes: number;
  readonly durationMs: number;
  readonly error: AppError | null;
};

/**
 * Loads every dump of a restored point into scratch servers of its kind, and takes them away again. An SQLite copy is opened and
 * checked; a base backup is read to its end.
 *
 * @param dir folder that the point was restored into; its dumps are in `.hmtt-databases` there
 */
export async function rehearseDatabases(
  dir: string,
  signal: AbortSignal,
  context: SourcesContext,
): Promise<readonly Rehearsed[]> {
  const rehearsed: Rehearsed[] = [];
  for (const folder of foldersIn(join(dir, DATABASES_FOLDER))) {
    const dump = readDump(folder);
    if (dump.ok) rehearsed.push(...(await restoreIntoScratch(dump.value, folder, signal, context)));
    else rehearsed.push(broken(folder.split(/[\\/]/).at(-1) ?? folder, dump.error));
  }
  return rehearsed;
}

function foldersIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(dir, entry.name));
  } catch {
    // A point without databases has no such folder.
    return [];
  }
}

/** Reads the description of a dump. */
function readDump(folder: string): Result<Dump> {
  const file = join(folder, DUMP_FILE);
  try {
    return ok(dumpSchema.parse(JSON.parse(readFileSync(file, 'utf8'))));
  } catch (thrown) {
    return err(appError('FILE_UNREADABLE', { file, why: describeThrown(thrown) }));
  }
}

function broken(source: string, error: AppError): Rehearsed {
  return { source, database: '*', kind: 'sqlite', server: '', tables: 0, bytes: 0, durationMs: 0, error };
}

/**
 * Loads the databases of one dump into a scratch server.
 *
 * @param folder where the dump's files lie
 */
export async function restoreIntoScratch(
  dump: Dump,
  folder: string,
  signal: AbortSignal,
  context: SourcesContext,
): Promise<readonly Rehearsed[]> {
  if (dump.method === 'base')
    return [await rehearse(dump, '*', context, () => readBase(dump, folder, signal, context))];
  if (dump.kind === 'sqlite') return [await rehearseSqlite(dump, folder, context)];
  const started = await startScratchServer(dump.kind, null, context, signal);
  const { databases } = dump;
  if (!started.ok)
    return databases.map(({ name }) => ({
      ...broken(dump.name, started.error),
      database: name,
      kind: dump.kind,
    }));
  const { server, stop } = started.value;
  try {
    await loadRoles(dump, folder, server, context);
    const all: Rehearsed[] = [];
    for (const entry of databases)
      all.push(
        await rehearse(dump, entry.name, context, () =>
          loadDump(
            { dump, entry, folder, replace: false, signal },
            // A fresh server of PostgreSQL has a database called `postgres` already.
            { ...server, database: entry.name === 'postgres' ? 'rehearsed_postgres' : entry.name },
            context,
          ),
        ),
      );
    return all;
  } finally {
    await stop();
  }
}

async function rehearse(
  dump: Dump,
  database: string,
  context: SourcesContext,
  load: () => Promise<Result<Loaded>>,
): Promise<Rehearsed> {
  const since = context.clock.monotonic();
  const loaded = await load();
  return {
    source: dump.name,
    database,
    kind: dump.kind,
    server: loaded.ok ? loaded.value.server : dump.server,
    tables: loaded.ok ? loaded.value.tables : 0,
    bytes: loaded.ok ? loaded.value.bytes : 0,
    durationMs: Math.round(context.clock.monotonic() - since),
    error: loaded.ok ? null : loaded.error,
  };
}

/** Makes the roles that the dump's objects belong to. Those that exist, and passwords it lacks, are no fault of the dump. */
async function loadRoles(
  dump: Dump,
  folder: string,
  server: DatabaseServer,
  context: SourcesContext,
): Promise<void> {
  if (dump.globals === null || server.kind !== 'postgresql') return;
  const client = await postgresClient(server, dump.name, context.timers);
  if (!client.ok) return;
  await client.value.execute(
    readFileSync(join(folder, 'globals.sql'), 'utf8').replace(/^\\.*$/gm, ''),
    'postgres',
  );
}

async function rehearseSqlite(dump: Dump, folder: string, context: SourcesContext): Promise<Rehearsed> {
  const entry = dump.databases[0];
  const scratch = mkdtempSync(join(tmpdir(), 'hmtt-scratch-'));
  try {
    return await rehearse(dump, entry?.name ?? '*', context, async () => {
      if (entry === undefined) throw new Error('a dump without a database');
      copyFileSync(join(folder, entry.file), join(scratch, 'copy'));
      const copied = await context.tasks<Result<{ version: string; bytes: number; tables: number }>>(
        'backup.sqlite',
        {
          name: dump.name,
          file: join(scratch, 'copy'),
          to: join(scratch, 'checked'),
        },
      ).result;
      if (!copied.ok) return copied;
      const { version, bytes, tables } = copied.value;
      return ok({ into: scratch, server: version, tables, bytes, kept: null, notes: [] });
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A base backup is unpacked and checked with the server's own tool, where that is there. */
async function readBase(
  dump: Dump,
  folder: string,
  signal: AbortSignal,
  context: SourcesContext,
): Promise<Result<Loaded>> {
  const scratch = mkdtempSync(join(tmpdir(), 'hmtt-scratch-'));
  try {
    const verify = await findTool('postgresql', ['pg_verifybackup'], null, context.timers);
    if (!verify.ok) return verify;
    const run = (file: string, args: readonly string[]) =>
      runCommand({ run: { file, args }, env: commandEnvironment(), timeoutMs: null, signal }, context.timers);
    const steps = [
      ['tar', ['-xf', join(folder, 'base.tar'), '-C', scratch]],
      ['mkdir', ['-p', join(scratch, 'pg_wal')]],
      ['tar', ['-xf', join(folder, 'pg_wal.tar'), '-C', join(scratch, 'pg_wal')]],
      ['cp', [join(folder, 'backup_manifest'), scratch]],
      [verify.value.path, [scratch]],
    ] as const;
    for (const [file, args] of steps) {
      const end = await run(file, args);
      if (end.reason === 'cancelled') return err(appError('CANCELLED'));
      if (!isGood(end))
        return err(
          appError('BACKUP_DATABASE_DUMP_UNSOUND', {
            name: dump.name,
            why: complaint(end.output) || end.why,
          }),
        );
    }
    const bytes = dump.databases.reduce((sum, entry) => sum + entry.bytes, 0);
    return ok({ into: scratch, server: dump.server, tables: 0, bytes, kept: null, notes: [] });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
