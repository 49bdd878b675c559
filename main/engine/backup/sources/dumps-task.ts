import { closeSync, openSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { DATABASES_FOLDER, type Dump, dumpSchema } from '#shared/contract/backup-sources.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import type { TaskContext } from '../../platform/worker-tasks.ts';
import { type ChainEntry, type ChainReader, openChain } from '../chain-reader.ts';
import { archiveSystemError } from '../faults.ts';
import { PHASES, ProgressMeter } from '../progress.ts';
import { chainLinkSchema } from '../state-index.ts';
import { breathOf, Cancelled } from '../task-breath.ts';
import { walkOrder } from '../walk-order.ts';
import { DUMP_FILE, privateFolder } from './dump-folder.ts';

/** What the thread that reads dumps from a point is started with. */
export const dumpsTaskSchema = z.object({
  chain: z.array(chainLinkSchema),
  identities: z.array(z.string()),
  /** One source's files, written into a folder; null: only the descriptions of all are read. */
  extract: z.object({ source: z.string(), files: z.array(z.string()), to: z.string() }).nullable(),
});
export type DumpsTask = z.infer<typeof dumpsTaskSchema>;

/** A description is a few lines; more is no description. */
const DESCRIPTION_BYTES = 1 << 20;

/**
 * Reads the dumps of a point: their descriptions, and the files of one of them when they are to be loaded. Every byte is checked
 * against the manifest on the way.
 */
export async function readDumps(task: DumpsTask, context: TaskContext): Promise<Result<readonly Dump[]>> {
  const opened = await openChain(task.chain, { identities: task.identities });
  if (!opened.ok) return opened;
  const reader = opened.value;
  const archive = task.chain.at(-1)?.archivePath ?? '';
  try {
    const dumps: Dump[] = [];
    for await (const entry of reader.entries()) {
      // What comes behind the folder in the order of a walk is of no interest, and may be a million entries.
      if (!entry.path.startsWith(`${DATABASES_FOLDER}/`)) {
        if (walkOrder(entry.path, DATABASES_FOLDER) > 0) break;
        continue;
      }
      const [, source = '', file = '', ...deeper] = entry.path.split('/');
      if (deeper.length > 0 || entry.type !== 'file') continue;
      if (file === DUMP_FILE) {
        const dump = await describe(reader, entry);
        if (!dump.ok) return dump;
        dumps.push(dump.value);
      }
      if (task.extract?.source === source && task.extract.files.includes(file)) {
        const written = await extract(reader, entry, join(task.extract.to, file), context);
        if (!written.ok) return written;
      }
    }
    return ok(dumps);
  } catch (thrown) {
    if (thrown instanceof Cancelled) return err(appError('CANCELLED'));
    return err(archiveSystemError(archive, thrown));
  } finally {
    await reader.close();
  }
}

async function describe(reader: ChainReader, entry: ChainEntry): Promise<Result<Dump>> {
  if (entry.size > DESCRIPTION_BYTES)
    return err(appError('FILE_UNREADABLE', { file: entry.path, why: formatBytes(entry.size) }));
  const pieces: Uint8Array[] = [];
  for await (const piece of reader.readFile(entry)) pieces.push(piece);
  try {
    return ok(dumpSchema.parse(JSON.parse(Buffer.concat(pieces).toString('utf8'))));
  } catch (thrown) {
    return err(appError('FILE_UNREADABLE', { file: entry.path, why: describeThrown(thrown) }));
  }
}

async function extract(
  reader: ChainReader,
  entry: ChainEntry,
  to: string,
  context: TaskContext,
): Promise<Result<object>> {
  privateFolder(join(to, '..'));
  const stats = statfsSync(join(to, '..'));
  const free = stats.bavail * stats.bsize;
  if (free < entry.size)
    return err(
      appError('BACKUP_DATABASE_NO_SPACE', {
        name: entry.path,
        dir: join(to, '..'),
        need: formatBytes(entry.size),
        free: formatBytes(free),
      }),
    );
  const meter = new ProgressMeter(
    () => performance.now(),
    (progress) => context.post({ kind: 'progress', progress }),
  );
  meter.begin(PHASES.writing, 'bytes', entry.size);
  const breath = breathOf(context);
  const fd = openSync(to, 'wx', 0o600);
  try {
    for await (const piece of reader.readFile(entry)) {
      for (let at = 0; at < piece.length; at += writeSync(fd, piece, at));
      meter.add(0, piece.length, entry.path);
      await breath();
    }
  } finally {
    closeSync(fd);
  }
  return ok({});
}
