import type { DatabaseProbe, DatabaseSource } from '#shared/contract/backup-sources.ts';
import { appError, describeThrown, err, type Result } from '#shared/errors/index.ts';
import { TaskFailure } from '../../platform/worker-tasks.ts';
import type { SourcesContext } from './context.ts';
import { type DumpJob, describeDump, privateFolder, type TakeResult } from './dump-folder.ts';
import { dumpMariadb, probeMariadb } from './dump-mariadb.ts';
import { dumpPostgres, probePostgres } from './dump-postgres.ts';
import { dumpSqlite, probeSqlite } from './dump-sqlite.ts';

/** Looks at a database source as a run would; changes nothing. */
export async function probeDatabase(
  source: DatabaseSource,
  context: SourcesContext,
): Promise<Result<DatabaseProbe>> {
  switch (source.kind) {
    case 'sqlite':
      return probeSqlite(source);
    case 'postgresql':
      return probePostgres(source, context);
    case 'mariadb':
      return probeMariadb(source, context);
  }
}

function dump(source: DatabaseSource, job: DumpJob, context: SourcesContext): TakeResult {
  switch (source.kind) {
    case 'sqlite':
      return dumpSqlite(source, job, context);
    case 'postgresql':
      return dumpPostgres(source, job, context);
    case 'mariadb':
      return dumpMariadb(source, job, context);
  }
}

/** Takes one database source into its folder, with a description of it. What the system refuses becomes a value. */
export async function takeDatabase(
  source: DatabaseSource,
  job: DumpJob,
  context: SourcesContext,
): TakeResult {
  try {
    privateFolder(job.folder);
    const taken = await dump(source, job, context);
    if (taken.ok) describeDump(job.folder, taken.value.dump);
    return taken;
  } catch (thrown) {
    if (thrown instanceof TaskFailure) return err(thrown.error);
    const { code } = thrown as { readonly code?: unknown };
    if (typeof code !== 'string') throw thrown;
    return err(
      appError('BACKUP_DATABASE_DUMP_FAILED', {
        name: source.name,
        how: code,
        tail: describeThrown(thrown),
      }),
    );
  }
}
