import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { commandEnvironment } from '../../platform/command/environment.ts';
import { runCommand } from '../../platform/command/run-command.ts';
import type { Timers } from '../../platform/timers.ts';

/** A client program of a database. */
export type Tool = {
  /** What it is called here, e.g. `mysqldump` where `mariadb-dump` was asked for. */
  readonly name: string;
  readonly path: string;
  /** As it prints it, e.g. `15.18`. */
  readonly version: string;
};

/** Folders where distributions put programs of PostgreSQL, each with a version in it. */
const POSTGRES_ROOTS = [
  '/usr/lib/postgresql',
  '/usr/local/pgsql',
  '/opt/homebrew/opt',
  'C:\\Program Files\\PostgreSQL',
];
const MARIADB_ROOTS = [
  'C:\\Program Files',
  'C:\\Program Files\\MySQL',
  '/usr/local/mysql',
  '/opt/homebrew/opt',
];
const SERVER_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/libexec'];

/** Folders that are searched for a kind of database: those with a version first, the newest first, then PATH. */
export function toolFolders(kind: 'postgresql' | 'mariadb', chosen: string | null): readonly string[] {
  if (chosen !== null) return [chosen];
  const roots = kind === 'postgresql' ? POSTGRES_ROOTS : MARIADB_ROOTS;
  const wanted = kind === 'postgresql' ? /^(postgresql@?)?\d|^pgsql-\d|^bin$/ : /^(mariadb|mysql)|^bin$/i;
  const versioned = roots.flatMap((root) =>
    namesIn(root)
      .filter((name) => wanted.test(name))
      .sort((a, b) => versionIn(b) - versionIn(a))
      .map((name) => (name === 'bin' ? join(root, name) : join(root, name, 'bin'))),
  );
  const redHat = kind === 'postgresql' ? namesIn('/usr').filter((name) => /^pgsql-\d+$/.test(name)) : [];
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return [
    ...new Set([
      ...versioned,
      ...redHat.map((name) => join('/usr', name, 'bin')),
      ...path,
      ...SERVER_FOLDERS,
    ]),
  ];
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Most of these folders exist on other systems only.
    return [];
  }
}

function versionIn(name: string): number {
  return Number(/\d+(\.\d+)?/.exec(name)?.[0] ?? 0);
}

/**
 * Finds a program and asks it for its version.
 *
 * @param names what it may be called, the preferred name first
 * @returns BACKUP_DATABASE_TOOL_MISSING
 */
export async function findTool(
  kind: 'postgresql' | 'mariadb',
  names: readonly string[],
  chosen: string | null,
  timers: Timers,
): Promise<Result<Tool>> {
  const folders = toolFolders(kind, chosen);
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, process.platform === 'win32' ? `${name}.exe` : name);
      if (!isProgram(path)) continue;
      const end = await runCommand(
        {
          run: { file: path, args: ['--version'] },
          env: commandEnvironment({ LC_ALL: 'C' }),
          timeoutMs: 20_000,
        },
        timers,
      );
      const version = versionOf(end.stdout);
      if (end.reason === 'exit' && end.exitCode === 0 && version !== undefined)
        return ok({ name, path, version });
    }
  }
  return err(
    appError(
      'BACKUP_DATABASE_TOOL_MISSING',
      { tool: names.join(' / '), dirs: chosen ?? 'PATH' },
      { field: 'toolsDir' },
    ),
  );
}

/**
 * The version in what a program prints: `pg_dump (PostgreSQL) 15.18`, `mysqldump  Ver 10.19 Distrib 10.11.6-MariaDB`,
 * `mariadb-dump from 11.4.2-MariaDB, client 10.19`, `mysql  Ver 8.0.36 for Linux`.
 */
export function versionOf(printed: string): string | undefined {
  for (const before of ['Distrib ', 'from ', '\\(PostgreSQL\\) ', 'Ver ']) {
    const found = new RegExp(`${before}(\\d+(?:\\.\\d+)*)`).exec(printed)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The part of a version that decides what works together: `15` of `15.18`. */
export function major(version: string): number {
  return Number.parseInt(version, 10);
}
