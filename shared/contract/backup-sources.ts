import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { bilingual, id, request, timestamp } from './define.ts';

/** Folder at the top of an archive that holds the dumps of databases (docs/archive-format.md). */
export const DATABASES_FOLDER = '.hmtt-databases';

/** Folder at the top of an archive that holds folders of hosts (docs/archive-format.md). */
export const REMOTE_FOLDER = '.hmtt-remote';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const command = z.string().min(1).max(4096);
const path = z.string().min(1).max(4096);
const timeoutMs = (usual: number) =>
  z
    .int()
    .min(1_000)
    .max(24 * HOUR)
    .default(usual);

/** Commands around a run, each given to the system's shell. */
export const hooksSchema = z.object({
  /** Runs before anything is read. When it fails or takes too long, no point is made. */
  before: command.nullable().default(null),
  /** Runs after the run, however it ended; also when the engine was killed meanwhile (then at its next start). */
  after: command.nullable().default(null),
  timeoutMs: timeoutMs(10 * MINUTE),
});
export type Hooks = z.output<typeof hooksSchema>;

/** A service that stands still while the sources are read. */
export const offlineSchema = z.object({
  stop: command,
  start: command,
  /** Ends with 0 while the service runs, with anything else while it does not (as `systemctl is-active --quiet` does). */
  check: command.nullable().default(null),
  /** For stopping, and again for starting. */
  timeoutMs: timeoutMs(5 * MINUTE),
  /** The unit of a host that is meant: its commands are those of the fixed list then, and the texts above are what people see. */
  host: z
    .object({ login: id, unit: z.string().regex(/^[A-Za-z0-9:_.@][A-Za-z0-9:_.@\\-]{0,254}$/, 'not a unit') })
    .nullable()
    .default(null),
});
export type Offline = z.output<typeof offlineSchema>;

/** Name of a database source in its plan; it becomes a folder's name in the point. */
export const databaseSourceName = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u);

/**
 * How a database server is reached. There is no password here: a peer login, the user's own `.pgpass` or `.my.cnf`, or a file
 * that the console may read.
 */
const serverFields = {
  /** Host name, address, or the folder of a Unix socket; null: as the client tools do by themselves. */
  host: z.string().min(1).max(1024).nullable().default(null),
  port: z.int().min(1).max(65_535).nullable().default(null),
  /** Login at the server. */
  user: z.string().min(1).max(128).nullable().default(null),
  /** The user of this machine as whom the tools run, for peer logins; needs a console that runs as root. */
  osUser: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9._-]{0,63}$/)
    .nullable()
    .default(null),
  /** `.pgpass` for PostgreSQL, an option file (`[client] password=…`) for MariaDB. */
  passwordFile: path.nullable().default(null),
  /** Folder of the client tools; null: the newest in the usual places. */
  toolsDir: path.nullable().default(null),
};

/** What belongs to PostgreSQL. */
export const postgresServerSchema = z.object({ kind: z.literal('postgresql'), ...serverFields });
/** What belongs to MariaDB and MySQL; `host` is the socket's path when it begins with a slash. */
export const mariadbServerSchema = z.object({ kind: z.literal('mariadb'), ...serverFields });

const names = z.array(z.string().min(1).max(128)).max(500).default([]);

/** A database whose dump goes into the point. */
export const databaseSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sqlite'), name: databaseSourceName, file: path }),
  postgresServerSchema.extend({
    name: databaseSourceName,
    /** Empty: every database that accepts connections, templates left out. */
    databases: names,
    /** `dump`: `pg_dump`, one file a database, and the roles. `base`: `pg_basebackup` of the whole server. */
    method: z.enum(['dump', 'base']).default('dump'),
  }),
  mariadbServerSchema.extend({
    name: databaseSourceName,
    /** Empty: every database but those of the server itself. */
    databases: names,
  }),
]);
export type DatabaseSource = z.output<typeof databaseSourceSchema>;
export type PostgresServer = z.output<typeof postgresServerSchema>;
export type MariadbServer = z.output<typeof mariadbServerSchema>;
export type DatabaseServer = PostgresServer | MariadbServer;

/** The databases of a plan; names differ, without regard to case. */
export const databasesSchema = z
  .array(databaseSourceSchema)
  .max(50)
  .refine((all) => new Set(all.map(({ name }) => name.toLowerCase())).size === all.length, {
    message: 'two databases of one plan have the same name',
  });

/** Folders of a host, read over SFTP with a login of the console. */
export const remoteSourceSchema = z.object({
  /** Becomes a folder's name in the point: `.hmtt-remote/NAME/srv/…`. */
  name: databaseSourceName,
  /** Id of a login (`ssh.logins.list`). */
  login: id,
  /** Absolute paths on the host, with `/` between names. What the plan excludes is left out of them, too. */
  paths: z
    .array(path.regex(/^\/(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^\0]*$/, 'is no absolute path'))
    .min(1)
    .max(100),
});
export type RemoteSource = z.output<typeof remoteSourceSchema>;

/** The hosts of a plan; names differ, without regard to case. */
export const remotesSchema = z
  .array(remoteSourceSchema)
  .max(50)
  .refine((all) => new Set(all.map(({ name }) => name.toLowerCase())).size === all.length, {
    message: 'two hosts of one plan have the same name',
  });

/** What a run did besides reading files; every one is recorded before it begins. */
export const runStepSchema = z.object({
  kind: z.enum(['before', 'stop', 'database', 'remote', 'start', 'after']),
  /** The command, or the name of the database source or host. */
  what: z.string(),
  /** `due`: must still be done. `interrupted`: the engine ended meanwhile. */
  state: z.enum(['due', 'running', 'done', 'failed', 'interrupted']),
  startedAt: timestamp.nullable(),
  finishedAt: timestamp.nullable(),
  /** Null when there is none: it was killed, could not be started, or is no command. */
  exitCode: z.int().nullable(),
  /** The last lines that it wrote, bounded. */
  output: z.string(),
  error: appErrorSchema.nullable(),
  /** Done at a start of the console, because the run that owed it was cut off. */
  caughtUp: z.boolean(),
  /** Of a database: how many, bytes of the dump, version of server and tool, remarks. */
  database: z
    .object({
      kind: z.enum(['sqlite', 'postgresql', 'mariadb']),
      count: z.int(),
      bytes: z.number(),
      server: z.string(),
      tool: z.string(),
      notes: z.array(bilingual),
    })
    .nullable(),
  /** Of a host: what its folders hold, and what of it had to be fetched. */
  remote: z
    .object({
      files: z.int(),
      bytes: z.number(),
      fetchedFiles: z.int(),
      fetchedBytes: z.number(),
      notes: z.array(bilingual),
    })
    .nullable(),
});
export type RunStep = z.infer<typeof runStepSchema>;

/** What a run did besides files, for its report. */
export const runStepsSchema = z.object({
  steps: z.array(runStepSchema),
  /** How long the service stood still, from the stop command to the moment it ran again; null when none was stopped. */
  downtimeMs: z.number().nullable(),
});
export type RunSteps = z.infer<typeof runStepsSchema>;

/** What looking at a database source found. */
const databaseProbeSchema = z.object({
  kind: z.enum(['sqlite', 'postgresql', 'mariadb']),
  /** Version of the server, or of SQLite. */
  server: z.string(),
  tools: z.array(z.object({ name: z.string(), path: z.string(), version: z.string() })),
  databases: z.array(z.object({ name: z.string(), bytes: z.number().nullable() })),
  /** What an operator should know before relying on it. */
  notes: z.array(bilingual),
});
export type DatabaseProbe = z.infer<typeof databaseProbeSchema>;

/** A dump as its point holds it; also the text of `.hmtt-databases/NAME/source.json`. */
export const dumpSchema = z.object({
  format: z.literal('hmtt-database-dump'),
  version: z.literal(1),
  name: databaseSourceName,
  kind: z.enum(['sqlite', 'postgresql', 'mariadb']),
  method: z.enum(['copy', 'dump', 'base']),
  server: z.string(),
  tool: z.string(),
  takenAt: timestamp,
  /** `name` is the database's own name; `file` lies beside this file. */
  databases: z.array(
    z.object({
      name: z.string(),
      file: z.string().regex(/^[^/\\]+$/),
      bytes: z.number(),
      /** Options of `CREATE DATABASE`: character set or encoding, and collation. */
      charset: z.string().regex(/^\w+$/).optional(),
      collation: z
        .string()
        .regex(/^[\w.@-]+$/)
        .optional(),
    }),
  ),
  /** Roles of a PostgreSQL server, as SQL; null when they were not kept. */
  globals: z.string().nullable().default(null),
});
export type Dump = z.output<typeof dumpSchema>;

/** Where a dump is loaded. */
export const databaseTargetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sqlite'), file: path }),
  postgresServerSchema.extend({ database: z.string().min(1).max(63) }),
  mariadbServerSchema.extend({ database: z.string().min(1).max(64) }),
]);
export type DatabaseTarget = z.output<typeof databaseTargetSchema>;

/** What loading a dump did. */
export const databaseRestoreReportSchema = z.object({
  pointId: id,
  source: z.string(),
  database: z.string(),
  kind: z.enum(['sqlite', 'postgresql', 'mariadb']),
  /** Where it is now. */
  into: z.string(),
  server: z.string(),
  tables: z.int(),
  bytes: z.number(),
  startedAt: timestamp,
  durationMs: z.number(),
  /** Where what was there before is kept; null when nothing was. */
  kept: z.string().nullable(),
  notes: z.array(bilingual),
});
export type DatabaseRestoreReport = z.infer<typeof databaseRestoreReportSchema>;

export const backupSourcesRequests = {
  /** Looks at a database source as a run would: login, versions, databases, sizes. Changes nothing. */
  'backup.databases.test': request(z.object({ source: databaseSourceSchema }), databaseProbeSchema),
  /** The dumps that a point holds. */
  'backup.databases.list': request(z.object({ pointId: id }), z.object({ dumps: z.array(dumpSchema) })),
  /** Loads one dump of a point into a server, or places an SQLite file. `replace` allows an existing one to be put aside. */
  'backup.databases.restore': request(
    z.object({
      pointId: id,
      source: databaseSourceName,
      database: z.string().min(1).max(128),
      into: databaseTargetSchema,
      replace: z.boolean().default(false),
    }),
    z.object({ jobId: id }),
  ),
  /** What a finished load did; the job's result names it. */
  'backup.databases.restoreReport': request(z.object({ id }), databaseRestoreReportSchema),
  /** Steps of a plan's latest runs, those that made no point included, the newest first. */
  'backup.steps': request(
    z.object({ plan: z.string().max(200), limit: z.int().min(1).max(200).default(20) }),
    z.object({
      runs: z.array(runStepsSchema.extend({ pointId: id, startedAt: timestamp, state: z.string() })),
    }),
  ),
};

export const backupSourcesEvents = {
  /** A step began or ended; also those that a start of the console catches up with. */
  'backup.step': z.object({ plan: z.string(), pointId: id, step: runStepSchema }),
};
