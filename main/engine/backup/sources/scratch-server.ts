import { accessSync, chownSync, constants, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import {
  type DatabaseServer,
  mariadbServerSchema,
  postgresServerSchema,
} from '#shared/contract/backup-sources.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { commandEnvironment } from '../../platform/command/environment.ts';
import { complaint } from '../../platform/command/output-tail.ts';
import { type CommandEnd, runCommand } from '../../platform/command/run-command.ts';
import { sleep } from '../../platform/timers.ts';
import type { SourcesContext } from './context.ts';
import { mariadbClient } from './mariadb-client.ts';
import { type OsUser, osUser } from './os-user.ts';
import { isGood, postgresClient } from './postgres-client.ts';
import { findTool, toolFolders } from './tools.ts';

/** A database server of its own, in a temporary folder, that listens on a Unix socket there and nowhere else. */
export type ScratchServer = {
  /** How it is reached; it asks for no password, and nobody else can get to its socket. */
  readonly server: DatabaseServer;
  /** Stops it and removes all that it wrote. */
  readonly stop: () => Promise<void>;
};

const START_MS = 60_000;
const LOOK_EVERY_MS = 200;

type Place = { readonly folder: string; readonly data: string; readonly owner: OsUser | null };

/**
 * Starts a scratch server. Servers refuse to run as root; a console that does runs it as the server's own user.
 *
 * @param toolsDir where its programs are; null: the usual places
 * @returns BACKUP_SCRATCH_SERVER_FAILED, BACKUP_DATABASE_TOOL_MISSING
 */
export async function startScratchServer(
  kind: DatabaseServer['kind'],
  toolsDir: string | null,
  context: SourcesContext,
  signal: AbortSignal,
): Promise<Result<ScratchServer>> {
  const owner = await serverUser(kind);
  if (!owner.ok) return owner;
  // Short, because a socket's path may have a hundred characters.
  const folder = mkdtempSync(join(tmpdir(), 'hmtt-scratch-'));
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (owner.value !== null)
    for (const path of [folder, data]) chownSync(path, owner.value.uid, owner.value.gid);
  const place: Place = { folder, data, owner: owner.value };
  const running = await (kind === 'postgresql'
    ? startPostgres(place, toolsDir, context, signal)
    : startMariadb(place, toolsDir, context, signal));
  if (!running.ok) rmSync(folder, { recursive: true, force: true });
  return running;
}

async function serverUser(kind: DatabaseServer['kind']): Promise<Result<OsUser | null>> {
  if (process.geteuid?.() !== 0) return ok(null);
  const own = await osUser(kind === 'postgresql' ? 'postgres' : 'mysql');
  return own.ok ? own : osUser('nobody');
}

async function startPostgres(
  place: Place,
  toolsDir: string | null,
  context: SourcesContext,
  signal: AbortSignal,
): Promise<Result<ScratchServer>> {
  const initdb = await findTool('postgresql', ['initdb'], toolsDir, context.timers);
  if (!initdb.ok) return initdb;
  const postgres = await findTool('postgresql', ['postgres'], toolsDir, context.timers);
  if (!postgres.ok) return postgres;
  const made = await asOwner(place, context, signal, initdb.value.path, [
    `--pgdata=${place.data}`,
    '--username=hmtt',
    '--auth=trust',
    '--encoding=UTF8',
    '--no-sync',
  ]);
  if (!isGood(made)) return failed(made);
  const server = postgresServerSchema.parse({
    kind: 'postgresql',
    host: place.folder,
    user: 'hmtt',
    toolsDir,
  });
  const args = ['-D', place.data, '-k', place.folder, '-c', 'listen_addresses=', '-c', 'fsync=off'];
  return serve(place, context, signal, postgres.value.path, args, server, async () => {
    const client = await postgresClient(server, 'scratch', context.timers);
    return client.ok && (await client.value.query(z.number(), 'SELECT 1')).ok;
  });
}

async function startMariadb(
  place: Place,
  toolsDir: string | null,
  context: SourcesContext,
  signal: AbortSignal,
): Promise<Result<ScratchServer>> {
  const daemon = await findTool('mariadb', ['mariadbd', 'mysqld'], toolsDir, context.timers);
  if (!daemon.ok) return daemon;
  const install = script('mariadb-install-db', toolsDir) ?? script('mysql_install_db', toolsDir);
  if (install === null)
    return err(
      appError('BACKUP_DATABASE_TOOL_MISSING', { tool: 'mariadb-install-db', dirs: toolsDir ?? 'PATH' }),
    );
  const made = await asOwner(place, context, signal, install, [
    '--no-defaults',
    `--datadir=${place.data}`,
    `--tmpdir=${place.folder}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    '--skip-name-resolve',
  ]);
  if (!isGood(made)) return failed(made);
  const socket = join(place.folder, 's');
  const server = mariadbServerSchema.parse({ kind: 'mariadb', host: socket, user: 'root', toolsDir });
  const args = [
    '--no-defaults',
    `--datadir=${place.data}`,
    `--tmpdir=${place.folder}`,
    `--socket=${socket}`,
    `--pid-file=${join(place.folder, 'pid')}`,
    '--skip-networking',
    '--skip-log-bin',
    '--innodb-flush-log-at-trx-commit=0',
  ];
  return serve(place, context, signal, daemon.value.path, args, server, async () => {
    const client = await mariadbClient(server, 'scratch', context.timers);
    return client.ok && (await client.value.query(z.number(), 'SELECT 1')).ok;
  });
}

/** Runs the server as a child, and waits until it answers. */
async function serve(
  place: Place,
  context: SourcesContext,
  signal: AbortSignal,
  file: string,
  args: readonly string[],
  server: DatabaseServer,
  answers: () => Promise<boolean>,
): Promise<Result<ScratchServer>> {
  const ending = new AbortController();
  let ended: CommandEnd | null = null;
  const running = asOwner(place, context, ending.signal, file, args).then((end) => {
    ended = end;
    return end;
  });
  const stop = async (): Promise<void> => {
    ending.abort();
    await running;
    rmSync(place.folder, { recursive: true, force: true });
  };
  const since = context.clock.monotonic();
  while (!(await answers())) {
    const isOver = ended !== null || signal.aborted || context.clock.monotonic() - since > START_MS;
    if (!isOver) {
      await sleep(context.timers, LOOK_EVERY_MS);
      continue;
    }
    await stop();
    return signal.aborted ? err(appError('CANCELLED')) : failed(await running);
  }
  return ok({ server, stop });
}

function asOwner(
  { folder, owner }: Place,
  context: SourcesContext,
  signal: AbortSignal,
  file: string,
  args: readonly string[],
): Promise<CommandEnd> {
  return runCommand(
    {
      run: { file, args },
      env: commandEnvironment({ HOME: folder, TMPDIR: folder, LC_ALL: 'C.UTF-8' }),
      cwd: folder,
      timeoutMs: null,
      signal,
      ...(owner === null ? {} : { uid: owner.uid, gid: owner.gid }),
    },
    context.timers,
  );
}

function failed(end: CommandEnd): Result<never> {
  return err(
    appError(
      'BACKUP_SCRATCH_SERVER_FAILED',
      { why: end.reason === 'not-started' ? end.why : complaint(end.output) },
      { detail: end.output.slice(-4_000) },
    ),
  );
}

/** A program that does not tell its version. */
function script(name: string, toolsDir: string | null): string | null {
  for (const folder of toolFolders('mariadb', toolsDir)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here; the next folder may have it.
    }
  }
  return null;
}
