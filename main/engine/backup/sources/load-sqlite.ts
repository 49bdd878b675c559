import { constants, copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { publishFile, syncFile } from '../../storage/durable.ts';
import { openReadable, sqliteError } from '../../storage/sqlite.ts';
import type { SourcesContext } from './context.ts';
import { exists, type Loaded, type LoadJob, stamp } from './load.ts';

/** Parts of a database beside its file; an old one of another file would be applied to the new one. */
const BESIDE = ['-wal', '-shm', '-journal'];

/** Places an SQLite file. */
export function loadSqlite(job: LoadJob, file: string, context: SourcesContext): Result<Loaded> {
  const from = join(job.folder, job.entry.file);
  const old = ['', ...BESIDE].filter((suffix) => existsSync(file + suffix));
  if (old.length > 0 && !job.replace) return exists(file);
  const part = `${file}.hmtt-part`;
  const kept = `${file}.before-${stamp(context.clock.now())}`;
  const moved: string[] = [];
  try {
    if (!statSync(dirname(file)).isDirectory()) throw new Error(`${dirname(file)} is not a folder`);
    rmSync(part, { force: true });
    copyFileSync(from, part, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    syncFile(part);
    const facts = look(part);
    if (!facts.ok) return facts;
    for (const suffix of old) {
      renameSync(file + suffix, kept + suffix);
      moved.push(suffix);
    }
    publishFile(part, file);
    return ok({
      into: file,
      server: facts.value.version,
      tables: facts.value.tables,
      bytes: statSync(file).size,
      kept: old.length > 0 ? kept : null,
      notes: [],
    });
  } catch (thrown) {
    for (const suffix of moved) if (!existsSync(file + suffix)) renameSync(kept + suffix, file + suffix);
    return err(
      appError('BACKUP_DATABASE_LOAD_FAILED', { name: file, how: 'SQLite', tail: describeThrown(thrown) }),
    );
  } finally {
    for (const suffix of ['', ...BESIDE]) rmSync(part + suffix, { force: true });
  }
}

function look(path: string): Result<{ readonly version: string; readonly tables: number }> {
  const opened = openReadable(path);
  if (!opened.ok) return opened;
  try {
    return ok({
      version: String(opened.value.prepare('SELECT sqlite_version()').pluck().get()),
      tables: Number(
        opened.value.prepare(`SELECT count(*) FROM sqlite_schema WHERE type = 'table'`).pluck().get(),
      ),
    });
  } catch (thrown) {
    return err(sqliteError(path, thrown));
  } finally {
    opened.value.close();
  }
}
