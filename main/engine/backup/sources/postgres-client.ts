import type * as z from 'zod';
import type { PostgresServer } from '#shared/contract/backup-sources.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import { commandEnvironment } from '../../platform/command/environment.ts';
import { complaint } from '../../platform/command/output-tail.ts';
import { type CommandEnd, type CommandSpec, runCommand } from '../../platform/command/run-command.ts';
import type { Timers } from '../../platform/timers.ts';
import { osUser } from './os-user.ts';
import { findTool, type Tool } from './tools.ts';

/** What is left open of a command once the server and the login are known. */
export type ToolRun = Pick<CommandSpec, 'signal' | 'stdoutFd' | 'stdinFd' | 'extraFd' | 'started'> & {
  readonly tool: Tool;
  readonly args: readonly string[];
  readonly timeoutMs?: number | null;
};

/** A way to a PostgreSQL server through its own client tools; no password passes through here. */
export type PostgresClient = {
  readonly tool: (name: string) => Promise<Result<Tool>>;
  readonly run: (run: ToolRun) => Promise<CommandEnd>;
  /** Runs one statement that answers one JSON value. BACKUP_DATABASE_UNREACHABLE */
  readonly query: <T extends z.ZodType>(
    schema: T,
    sql: string,
    database?: string,
  ) => Promise<Result<z.output<T>>>;
  /** Runs statements that answer nothing; what psql complains of otherwise. */
  readonly execute: (sql: string, database: string) => Promise<Result<object>>;
  /** User of this machine as whom the tools run; null: that of the console. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
};

const QUERY_MS = 120_000;
const ANSWER_BYTES = 4 << 20;

/** A connection string with a name of any characters in it. */
export function dbname(database: string): string {
  return `dbname='${database.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** An identifier in SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * Finds the tools for a server.
 *
 * @param label what the server is called in errors
 * @returns BACKUP_DATABASE_TOOL_MISSING, BACKUP_OS_USER_UNUSABLE
 */
export async function postgresClient(
  server: PostgresServer,
  label: string,
  timers: Timers,
): Promise<Result<PostgresClient>> {
  const user = await osUser(server.osUser);
  if (!user.ok) return user;
  const tool = (name: string): Promise<Result<Tool>> =>
    findTool('postgresql', [name], server.toolsDir, timers);
  const psql = await tool('psql');
  if (!psql.ok) return psql;
  const env = commandEnvironment({
    PGHOST: server.host ?? undefined,
    PGPORT: server.port?.toString(),
    PGUSER: server.user ?? user.value?.name,
    PGPASSFILE: server.passwordFile ?? undefined,
    PGCONNECT_TIMEOUT: '15',
    PGAPPNAME: 'hmtt-console',
    PGCLIENTENCODING: 'UTF8',
    ...(user.value === null
      ? {}
      : {
          HOME: user.value.home,
          USER: user.value.name,
          LOGNAME: user.value.name,
          XDG_RUNTIME_DIR: undefined,
        }),
  });
  const owner = user.value === null ? null : { uid: user.value.uid, gid: user.value.gid };
  const run = ({ tool: program, args, timeoutMs = null, ...rest }: ToolRun): Promise<CommandEnd> =>
    runCommand(
      {
        run: { file: program.path, args },
        env,
        timeoutMs,
        // The user of the tools may not be allowed into the folder in which the console happens to be.
        cwd: process.platform === 'win32' ? '.' : '/',
        keepBytes: ANSWER_BYTES,
        ...rest,
        ...(owner ?? {}),
      },
      timers,
    );
  const sql = (text: string, database: string): Promise<CommandEnd> =>
    run({
      tool: psql.value,
      args: [
        '--no-psqlrc',
        '--no-password',
        '--quiet',
        '--tuples-only',
        '--no-align',
        '--set=ON_ERROR_STOP=1',
        `--dbname=${dbname(database)}`,
        `--command=${text}`,
      ],
      timeoutMs: QUERY_MS,
    });
  return ok({
    tool,
    run,
    owner,
    query: async (schema, text, database = 'postgres') => {
      const end = await sql(text, database);
      if (!isGood(end)) return err(unreachable(label, end));
      const parsed = schema.safeParse(JSON.parse(end.stdout));
      return parsed.success ? ok(parsed.data) : err(unreachable(label, end));
    },
    execute: async (text, database) => {
      const end = await sql(text, database);
      return isGood(end) ? ok({}) : err(unreachable(label, end));
    },
  });
}

/** True when a command ended by itself and well. */
export function isGood(end: CommandEnd): boolean {
  return end.reason === 'exit' && end.exitCode === 0;
}

function unreachable(name: string, end: CommandEnd): AppError {
  if (end.reason === 'cancelled') return appError('CANCELLED');
  return appError('BACKUP_DATABASE_UNREACHABLE', { name, why: complaint(end.output) || end.why });
}
