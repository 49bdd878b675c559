import { spawnSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import type { DatabaseServer } from '#shared/contract/backup-sources.ts';
import type { SourcesContext } from '../../../../main/engine/backup/sources/context.ts';
import { startScratchServer } from '../../../../main/engine/backup/sources/scratch-server.ts';
import { never } from './setting.ts';

const PACKAGES = { postgresql: 'postgresql', mariadb: 'mariadb-server' } as const;

/** Starts a server of Debian on a Unix socket of its own; a missing one fails the test with a sentence. */
export async function startServer<K extends DatabaseServer['kind']>(
  kind: K,
  context: SourcesContext,
): Promise<Extract<DatabaseServer, { kind: K }> & { readonly host: string }> {
  const started = await startScratchServer(kind, null, context, never);
  if (!started.ok)
    throw new Error(
      `this test needs Debian's ${PACKAGES[kind]} (apt-get install ${PACKAGES[kind]}): ${started.error.message.en} ${started.error.detail ?? ''}`,
    );
  onTestFinished(started.value.stop);
  const { server } = started.value;
  if (server.host === null) throw new Error('a scratch server without a socket');
  return { ...(server as Extract<DatabaseServer, { kind: K }>), host: server.host };
}

/** Runs SQL as a person would, with the server's own client; its answer without decoration. */
export function sql(server: DatabaseServer, database: string, text: string): string {
  const [file, args] =
    server.kind === 'postgresql'
      ? (['psql', ['-h', server.host ?? '', '-U', 'hmtt', '-XqAt', '-v', 'ON_ERROR_STOP=1']] as const)
      : ([
          'mariadb',
          [
            '--no-defaults',
            `--socket=${server.host}`,
            '-u',
            'root',
            '-N',
            '-B',
            '--default-character-set=utf8mb4',
            database,
          ],
        ] as const);
  const ran = spawnSync(file, args, {
    input: text,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    // A name with an equals sign in an argument would be a connection string.
    env: { ...process.env, PGDATABASE: database },
  });
  if (ran.status !== 0) throw new Error(`${file}: ${ran.error?.message ?? ran.stderr}`);
  return ran.stdout;
}
