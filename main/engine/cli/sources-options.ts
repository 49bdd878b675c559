import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { BackupPlanInput } from '#shared/contract/backup.ts';
import {
  type DatabaseSource,
  type DatabaseTarget,
  databaseSourceSchema,
  databaseTargetSchema,
  type RemoteSource,
  remoteSourceSchema,
} from '#shared/contract/backup-sources.ts';
import { appError } from '#shared/errors/index.ts';
import { parseDuration } from '#shared/units/duration.ts';
import { CommandFailure, EXIT, type Session } from './session.ts';

/** Options of `backup add` and `backup edit` about what a plan has besides files. */
export type SourcesOptions = {
  readonly before?: string;
  readonly after?: string;
  readonly hookTimeout?: string;
  readonly offlineUnit?: string;
  readonly stop?: string;
  readonly start?: string;
  readonly check?: string;
  readonly offlineTimeout?: string;
  readonly database?: readonly string[];
  readonly remote?: readonly string[];
};

/** Adds those options. */
export function sourcesOptions(command: Command): Command {
  const collected = (value: string, before: readonly string[] | undefined): readonly string[] => [
    ...(before ?? []),
    value,
  ];
  return command
    .option('--before <command>', 'runs before each backup, which ends when it fails; or none')
    .option('--after <command>', 'runs after each backup, however it ended; or none')
    .option('--hook-timeout <duration>', 'most time of each command (10m)')
    .option(
      '--offline-unit <unit>',
      'systemd unit that is stopped while files are read, of a host: LOGIN:UNIT; or none',
    )
    .option('--stop <command>', 'stops a service while files are read; needs --start')
    .option('--start <command>', 'starts it again, however the backup ends')
    .option('--check <command>', 'ends with 0 while the service runs')
    .option('--offline-timeout <duration>', 'most time to stop, and to start (5m)')
    .option(
      '--database <database>',
      'a database, such as sqlite:erp,file=/srv/erp.db or postgresql:main,user=backup,databases=a+b; several times; or none',
      collected,
    )
    .option(
      '--remote <host>',
      'folders of a host over SSH, such as app-1=LOGIN:/srv/app,/etc/app; several times; or none',
      collected,
    );
}

function wrong(option: string, why: string): CommandFailure {
  return new CommandFailure(appError('BAD_INPUT', { method: 'backup', field: option, why }), EXIT.usage);
}

/** A login that `--remote` and `--offline-unit` can name. */
export type KnownLogin = { readonly id: string; readonly name: string };

/** The logins of the console, when an option names one. */
export async function knownLogins(
  { call }: Pick<Session, 'call'>,
  { offlineUnit = '', remote }: SourcesOptions,
): Promise<readonly KnownLogin[]> {
  return remote === undefined && !offlineUnit.includes(':') ? [] : (await call('ssh.logins.list', {})).logins;
}

/** The options as settings of a plan; only what was given. */
export function sourcesSettings(
  options: SourcesOptions,
  logins: readonly KnownLogin[] = [],
): Partial<Pick<BackupPlanInput, 'hooks' | 'offline' | 'databases' | 'remotes'>> {
  const { before, after, hookTimeout, database, remote } = options;
  const isHooked = before !== undefined || after !== undefined || hookTimeout !== undefined;
  return {
    ...(isHooked ? { hooks: hooksOf(options) } : {}),
    ...offlineOf(options, logins),
    ...(database === undefined
      ? {}
      : { databases: database.filter((text) => text !== 'none').map(parseDatabase) }),
    ...(remote === undefined
      ? {}
      : { remotes: remote.filter((text) => text !== 'none').map((text) => parseRemote(text, logins)) }),
  };
}

function hooksOf({ before, after, hookTimeout }: SourcesOptions): BackupPlanInput['hooks'] {
  const command = (text: string | undefined): string | null =>
    text === undefined || text === 'none' ? null : text;
  const hooks = { before: command(before), after: command(after) };
  if (hooks.before === null && hooks.after === null) return null;
  return {
    ...hooks,
    ...(hookTimeout === undefined ? {} : { timeoutMs: durationOf('--hook-timeout', hookTimeout) }),
  };
}

function offlineOf(
  options: SourcesOptions,
  logins: readonly KnownLogin[],
): { offline?: BackupPlanInput['offline'] } {
  const { offlineUnit, stop, start, check, offlineTimeout } = options;
  const timeout =
    offlineTimeout === undefined ? {} : { timeoutMs: durationOf('--offline-timeout', offlineTimeout) };
  if (offlineUnit === 'none') return { offline: null };
  const [, asked, unit = ''] = /^([^:]+):(.+)$/.exec(offlineUnit ?? '') ?? [];
  const login = logins.find(({ id, name }) => id === asked || name === asked);
  // A unit's own name may have a colon; what stands before it has to be a login, then.
  if (login !== undefined)
    return { offline: { ...unitCommands(unit, `${asked}: `), ...timeout, host: { login: login.id, unit } } };
  if (offlineUnit !== undefined) {
    if (!/^[\w@.:\\-]+$/.test(offlineUnit)) throw wrong('--offline-unit', `not a unit: ${offlineUnit}`);
    return {
      offline: { ...unitCommands(offlineUnit), ...timeout },
    };
  }
  if (stop === undefined && start === undefined) return {};
  if (stop === undefined || start === undefined) throw wrong('--stop', '--stop and --start belong together');
  return { offline: { stop, start, ...(check === undefined ? {} : { check }), ...timeout } };
}

function unitCommands(unit: string, host = ''): { stop: string; start: string; check: string } {
  return {
    stop: `${host}systemctl stop ${unit}`,
    start: `${host}systemctl start ${unit}`,
    check: `${host}systemctl is-active --quiet ${unit}`,
  };
}

function durationOf(option: string, text: string): number {
  const ms = parseDuration(text);
  if (ms === null || ms === 0) throw wrong(option, `not a duration: ${text}`);
  return ms;
}

/** `kind:name,key=value,…`, or a JSON object: what a comma in a value needs. */
function parts(
  option: string,
  text: string,
): { kind: string; name: string; fields: Record<string, unknown> } {
  if (text.startsWith('{')) {
    try {
      const { kind = '', name = '', ...fields } = JSON.parse(text) as Record<string, unknown>;
      return { kind: String(kind), name: String(name), fields };
    } catch {
      throw wrong(option, 'not JSON');
    }
  }
  const match = /^(\w+):([^,]*)(?:,(.*))?$/s.exec(text);
  if (match === null) throw wrong(option, `not KIND:NAME,KEY=VALUE…: ${text}`);
  const [, kind = '', name = '', rest = ''] = match;
  const fields = rest
    .split(',')
    .filter((part) => part !== '')
    .map((part): [string, unknown] => {
      const [key = '', ...value] = part.split('=');
      const joined = value.join('=');
      if (key === 'port') return [key, Number(joined)];
      return [key, key === 'databases' ? joined.split('+') : joined];
    });
  return { kind, name, fields: Object.fromEntries(fields) };
}

/** A database source as it is written on a command line. */
export function parseDatabase(text: string): DatabaseSource {
  const { kind, name, fields } = parts('--database', text);
  const file = typeof fields.file === 'string' ? { file: resolve(fields.file) } : {};
  const parsed = databaseSourceSchema.safeParse({ kind, name, ...fields, ...file });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw wrong('--database', `${issue?.path.join('.')}: ${issue?.message}`);
}

/** Folders of a host as they are written on a command line: `NAME=LOGIN:PATH,PATH`, the login by its name or id. */
function parseRemote(text: string, logins: readonly KnownLogin[]): RemoteSource {
  const match = /^([^=]+)=([^:]+):(.+)$/s.exec(text);
  if (match === null) throw wrong('--remote', `not NAME=LOGIN:PATH,PATH: ${text}`);
  const [, name = '', asked = '', paths = ''] = match;
  const login = logins.find(({ id, name: called }) => id === asked || called === asked);
  if (login === undefined) throw wrong('--remote', `there is no login ${asked}`);
  const parsed = remoteSourceSchema.safeParse({ name, login: login.id, paths: paths.split(',') });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw wrong('--remote', `${issue?.path.join('.')}: ${issue?.message}`);
}

/** Where a dump is loaded: `sqlite:FILE`, or `postgresql:DATABASE,host=…`. */
export function parseTarget(text: string): DatabaseTarget {
  const { kind, name, fields } = parts('--into', text);
  const parsed = databaseTargetSchema.safeParse(
    kind === 'sqlite' ? { kind, file: resolve(name) } : { kind, database: name, ...fields },
  );
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw wrong('--into', `${issue?.path.join('.')}: ${issue?.message}`);
}
