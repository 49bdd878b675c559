import type * as z from 'zod';
import type { backupPlanInputSchema } from '#shared/contract/backup.ts';
import {
  type DatabaseSource,
  databaseSourceName,
  databaseSourceSchema,
  type Offline,
  type RemoteSource,
  remoteSourceSchema,
} from '#shared/contract/backup-sources.ts';
import { isAbsolutePath } from '../../paths.ts';

/** What a plan has besides files, while it is chosen; as it will be saved. */
export type SourcesDraft = Pick<
  z.output<typeof backupPlanInputSchema>,
  'hooks' | 'offline' | 'databases' | 'remotes'
>;

/** What stands in the way; a key of `sources:issue`. */
export type SourcesIssue =
  | 'databaseName'
  | 'databaseNameTaken'
  | 'databaseFile'
  | 'remoteName'
  | 'remotePaths'
  | 'offlineCommands';

/** Names of the products; they are the same in every language. */
export const databaseKinds: Readonly<Record<DatabaseSource['kind'], string>> = {
  sqlite: 'SQLite',
  postgresql: 'PostgreSQL',
  mariadb: 'MariaDB / MySQL',
};

const remotePathsSchema = remoteSourceSchema.shape.paths;

/** Says what stands in the way of saving. */
export function sourcesIssues({ databases, remotes, offline }: SourcesDraft): readonly SourcesIssue[] {
  const names = databases.map(({ name }) => name.toLowerCase());
  const issues: SourcesIssue[] = [];
  if (databases.some(({ name }) => !databaseSourceName.safeParse(name).success)) issues.push('databaseName');
  if (new Set(names).size !== names.length) issues.push('databaseNameTaken');
  if (databases.some((one) => one.kind === 'sqlite' && !isAbsolutePath(one.file)))
    issues.push('databaseFile');
  const hosts = remotes.map(({ name }) => name.toLowerCase());
  const isNamed = remotes.every(({ name }) => databaseSourceName.safeParse(name).success);
  if (!isNamed || new Set(hosts).size !== hosts.length) issues.push('remoteName');
  if (remotes.some(({ paths }) => !remotePathsSchema.safeParse(paths).success)) issues.push('remotePaths');
  if (offline !== null && (offline.stop.trim() === '' || offline.start.trim() === ''))
    issues.push('offlineCommands');
  return issues;
}

/** A database of a kind with the usual settings, and a name that is free. */
export function newDatabase(kind: DatabaseSource['kind'], taken: readonly DatabaseSource[]): DatabaseSource {
  const free = (n: number): string => (n === 1 ? kind : `${kind}-${n}`);
  let n = 1;
  while (taken.some(({ name }) => name.toLowerCase() === free(n))) n += 1;
  if (kind === 'sqlite') return { kind, name: free(n), file: '' };
  return databaseSourceSchema.parse({ kind, name: free(n) });
}

/** A host behind a login, named after it. */
export function newRemote(
  login: { readonly id: string; readonly name: string },
  taken: readonly RemoteSource[],
): RemoteSource {
  const base = login.name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[._-]+/, '') || 'host';
  const free = (n: number): string => (n === 1 ? base : `${base}-${n}`).slice(0, 64);
  let n = 1;
  while (taken.some(({ name }) => name.toLowerCase() === free(n).toLowerCase())) n += 1;
  return { name: free(n), login: login.id, paths: [] };
}

/** The commands that stop, start and ask for a unit of systemd. */
export function systemdCommands(unit: string): Pick<Offline, 'stop' | 'start' | 'check'> {
  const name = unit.trim().replace(/[^\w@.:\\-]/g, '');
  if (name === '') return { stop: '', start: '', check: null };
  return {
    stop: `systemctl stop ${name}`,
    start: `systemctl start ${name}`,
    check: `systemctl is-active --quiet ${name}`,
  };
}

/** The unit that commands are for, when they are those of a unit. */
export function systemdUnit({ stop }: Pick<Offline, 'stop'>): string {
  return /^systemctl stop (\S+)$/.exec(stop)?.[1] ?? '';
}
