import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, executableIn, inProject } from './paths.ts';

/** The Electron that the registry runtime holds. It is end-of-life and never leaves development. */
export const registryElectronVersion = '33.2.1';

/** Raised when the recipe of the registry runtime changes, so that an older unpacked one is made again. */
export const registryRecipe = 1;

/** The name of the record inside a finished runtime folder. A folder without it is not finished. */
export const runtimeRecordName = 'hmtt-runtime.json';

/** Where a runtime came from: the Electron project's own release, or the npm registry (development only). */
export type RuntimeSource = 'official' | 'registry';

/** The record that the preflight leaves inside a runtime folder as its very last step. */
export type RuntimeRecord = {
  readonly source: RuntimeSource;
  readonly electron: string;
  /** Version of the recipe that made the folder; only meaningful for the registry runtime. */
  readonly recipe: number;
  /** Version of better-sqlite3 whose binary was compiled into `resources/`; null where the prebuilt one works. */
  readonly betterSqlite3: string | null;
};

/** A runtime folder that is complete and whose executable is really there. */
export type Runtime = RuntimeRecord & { readonly folder: string; readonly executable: string };

/** The version of an installed package, or undefined when it is not installed. */
export function installedVersion(name: string): string | undefined {
  const file = inProject('node_modules', name, 'package.json');
  if (!existsSync(file)) return undefined;
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed
    ? String(parsed.version)
    : undefined;
}

/** The folder of one runtime in the cache. */
export function runtimeFolder(electronVersion: string): string {
  return join(cacheFolder(), `electron-${electronVersion}-${process.platform}-${process.arch}`);
}

/** Reads a finished runtime; undefined when the folder is missing, unfinished or its executable is gone. */
export function readRuntime(electronVersion: string): Runtime | undefined {
  const folder = runtimeFolder(electronVersion);
  const executable = executableIn(folder);
  const file = join(folder, runtimeRecordName);
  if (!existsSync(file) || !existsSync(executable)) return undefined;
  try {
    const record = parseRecord(JSON.parse(readFileSync(file, 'utf8')));
    return record && { ...record, folder, executable };
  } catch {
    // A torn record means a torn folder: the preflight makes it again.
    return undefined;
  }
}

/**
 * The runtime to start: the official one when it is there, else the registry one.
 *
 * @returns undefined when the preflight has not made any yet.
 */
export function findRuntime(): Runtime | undefined {
  const official = installedVersion('electron');
  return (official === undefined ? undefined : readRuntime(official)) ?? readRuntime(registryElectronVersion);
}

function parseRecord(value: unknown): RuntimeRecord | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { source, electron, recipe, betterSqlite3 } = value as Partial<Record<keyof RuntimeRecord, unknown>>;
  if (source !== 'official' && source !== 'registry') return undefined;
  if (typeof electron !== 'string' || typeof recipe !== 'number') return undefined;
  if (betterSqlite3 !== null && typeof betterSqlite3 !== 'string') return undefined;
  return { source, electron, recipe, betterSqlite3 };
}
