import type { DatabaseTarget, Dump } from '#shared/contract/backup-sources.ts';
import { type AppError, appError, type Bilingual, err, type Result } from '#shared/errors/index.ts';
import { complaint } from '../../platform/command/output-tail.ts';
import { type CommandEnd, describeEnd } from '../../platform/command/run-command.ts';
import type { SourcesContext } from './context.ts';
import { loadMariadb } from './load-mariadb.ts';
import { loadPostgres } from './load-postgres.ts';
import { loadSqlite } from './load-sqlite.ts';

/** A dump that is to be loaded. */
export type LoadJob = {
  readonly dump: Dump;
  readonly entry: Dump['databases'][number];
  /** Where the dump's files lie. */
  readonly folder: string;
  /** Allows what is there already to be put aside. */
  readonly replace: boolean;
  readonly signal: AbortSignal;
};

/** What loading did. */
export type Loaded = {
  readonly into: string;
  readonly server: string;
  readonly tables: number;
  readonly bytes: number;
  /** Where what was there before is kept. */
  readonly kept: string | null;
  readonly notes: readonly Bilingual[];
};

/**
 * Loads a dump into a database that is not there yet; one that is there is put aside when that was asked for, never changed.
 * When it fails, what was there before is there again.
 *
 * @returns BACKUP_DATABASE_EXISTS, BACKUP_DATABASE_KIND_DIFFERS, BACKUP_DATABASE_LOAD_FAILED, …
 */
export async function loadDump(
  job: LoadJob,
  into: DatabaseTarget,
  context: SourcesContext,
): Promise<Result<Loaded>> {
  const { dump } = job;
  if (dump.kind !== into.kind || dump.method === 'base')
    return err(
      appError('BACKUP_DATABASE_KIND_DIFFERS', {
        source: dump.name,
        have: `${dump.kind}, ${dump.method}`,
        want: into.kind,
      }),
    );
  switch (into.kind) {
    case 'sqlite':
      return loadSqlite(job, into.file, context);
    case 'postgresql':
      return loadPostgres(job, into, context);
    case 'mariadb':
      return loadMariadb(job, into, context);
  }
}

/** The error of a load whose command did not end well. */
export function loadError(name: string, end: CommandEnd): AppError {
  if (end.reason === 'cancelled') return appError('CANCELLED');
  return appError(
    'BACKUP_DATABASE_LOAD_FAILED',
    { name, how: describeEnd(end, null), tail: complaint(end.output) },
    { detail: end.output.slice(-4_000) },
  );
}

/** A time for a name: `20261122T101530123Z`. */
export function stamp(now: number): string {
  return new Date(now).toISOString().replace(/[-:.]/g, '');
}

/** Says that something is there already. */
export function exists(name: string): Result<never> {
  return err(appError('BACKUP_DATABASE_EXISTS', { name }));
}
