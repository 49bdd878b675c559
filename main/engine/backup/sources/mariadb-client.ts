import * as z from 'zod';
import type { MariadbServer } from '#shared/contract/backup-sources.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { commandEnvironment } from '../../platform/command/environment.ts';
import { complaint } from '../../platform/command/output-tail.ts';
import { type CommandEnd, runCommand } from '../../platform/command/run-command.ts';
import type { Timers } from '../../platform/timers.ts';
import { osUser } from './os-user.ts';
import { isGood, type ToolRun } from './postgres-client.ts';
import { findTool, type Tool } from './tools.ts';

/** A way to a MariaDB or MySQL server through its own client tools; no password passes through here. */
export type MariadbClient = {
  /** `mariadb-dump`, or `mysqldump` where that is what there is. */
  readonly dumper: () => Promise<Result<Tool>>;
  readonly sql: Tool;
  /** Runs a tool; the login is put in front of its arguments. */
  readonly run: (run: ToolRun) => Promise<CommandEnd>;
  /** Runs a statement whose rows have one column of JSON. BACKUP_DATABASE_UNREACHABLE */
  readonly query: <T extends z.ZodType>(schema: T, sql: string) => Promise<Result<readonly z.output<T>[]>>;
};

const QUERY_MS = 120_000;
const ANSWER_BYTES = 4 << 20;

/** An identifier in SQL. */
export function backQuoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** A text in SQL, whatever `NO_BACKSLASH_ESCAPES` says. */
export function sqlText(text: string): string {
  return `CONVERT(X'${Buffer.from(text, 'utf8').toString('hex')}' USING utf8mb4)`;
}

/**
 * Finds the tools for a server.
 *
 * @param label what the server is called in errors
 * @returns BACKUP_DATABASE_TOOL_MISSING, BACKUP_OS_USER_UNUSABLE
 */
export async function mariadbClient(
  server: MariadbServer,
  label: string,
  timers: Timers,
): Promise<Result<MariadbClient>> {
  const user = await osUser(server.osUser);
  if (!user.ok) return user;
  const sql = await findTool('mariadb', ['mariadb', 'mysql'], server.toolsDir, timers);
  if (!sql.ok) return sql;
  const owner = user.value;
  const env = commandEnvironment(
    owner === null
      ? {}
      : { HOME: owner.home, USER: owner.name, LOGNAME: owner.name, XDG_RUNTIME_DIR: undefined },
  );
  const login = loginOf(server, owner?.name ?? null);
  const run = ({ tool, args, timeoutMs = null, ...rest }: ToolRun): Promise<CommandEnd> =>
    runCommand(
      {
        run: { file: tool.path, args: [...login, ...args] },
        env,
        timeoutMs,
        cwd: process.platform === 'win32' ? '.' : '/',
        keepBytes: ANSWER_BYTES,
        ...rest,
        ...(owner === null ? {} : { uid: owner.uid, gid: owner.gid }),
      },
      timers,
    );
  return ok({
    sql: sql.value,
    run,
    dumper: () => findTool('mariadb', ['mariadb-dump', 'mysqldump'], server.toolsDir, timers),
    query: async (schema, text) => {
      const end = await run({
        tool: sql.value,
        args: [
          '--batch',
          '--raw',
          '--skip-column-names',
          '--default-character-set=utf8mb4',
          '--connect-timeout=15',
          `--execute=${text}`,
        ],
        timeoutMs: QUERY_MS,
      });
      const rows = z
        .array(schema)
        .safeParse(isGood(end) ? end.stdout.split('\n').filter(Boolean).map(readJson) : null);
      if (rows.success) return ok(rows.data);
      const why = complaint(end.output) || end.why;
      return err(appError('BACKUP_DATABASE_UNREACHABLE', { name: label, why }));
    },
  });
}

function readJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** Options that say where and as whom; option files come first, because the tools demand it. */
function loginOf({ host, port, user, passwordFile }: MariadbServer, os: string | null): readonly string[] {
  const where =
    host === null
      ? []
      : host.startsWith('/')
        ? [`--socket=${host}`, '--protocol=socket']
        : [`--host=${host}`, '--protocol=tcp'];
  const login = user ?? os;
  return [
    ...(passwordFile === null ? [] : [`--defaults-extra-file=${passwordFile}`]),
    ...where,
    ...(port === null ? [] : [`--port=${port}`]),
    ...(login === null ? [] : [`--user=${login}`]),
  ];
}
