import { basename, join } from 'node:path';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { ioError } from '../../storage/io-error.ts';
import type { RemoteFiles } from '../receive/remote-files.ts';
import { pack } from './archive-steps.ts';
import type { LogHost } from './host.ts';
import type { RotationRecord } from './journal.ts';
import { segmentFolder } from './names.ts';
import type { LogFacts } from './pack.ts';
import type { RotateDeps, Stepped } from './rotate-file.ts';
import { isStagedSealed, openStaged, removeStaged, StagedFile, type StagingKey } from './staging.ts';

/** Asked for at once; the reading itself splits it into what a server gives. */
const PIECE_BYTES = 1 << 20;
const LF = 0x0a;

/**
 * Fetches a renamed log over SFTP, on from what an earlier attempt left, and compares it with what is on the host: bytes, lines and
 * SHA-256, each taken by the host's own programs. For a policy that encrypts, what was fetched lies here encrypted, too.
 *
 * @returns back to `release` when the file was written to meanwhile; LOG_ROTATION_CARRIED, after which it is fetched anew
 */
export async function fetchOld(
  deps: RotateDeps,
  host: LogHost,
  record: RotationRecord,
  signal: AbortSignal,
): Promise<Stepped> {
  const { working, place, spec, path } = record;
  const before = await host.look(working);
  if (!before.ok) return before;
  if (before.value?.place !== place) return err(appError('LOG_ROTATION_VANISHED', { file: working }));
  const folder = segmentFolder({ policy: spec, path, archive: deps.archive });
  const staged = join(folder, `${basename(working)}.fetched.part`);
  const stat = { bytes: before.value.bytes, mtimeNs: before.value.mtimeNs };
  const planned: RotationRecord = { ...record, staged, stat, fetched: null };
  deps.journal.save(planned);
  const ready = keyFor(deps, planned, staged);
  if (!ready.ok) return ready;
  const key = ready.value;
  const carried = await host.files((files) => carry(files, working, { staged, key }, stat.bytes, signal));
  if (!carried.ok) {
    // A full disk must not be kept full by what waits to be gone on with.
    if (carried.error.code === 'DISK_FULL') removeStaged(deps.stagingKeys, planned);
    return carried;
  }
  const order = { from: staged, stagingKey: key, to: null, codec: 'none', recipients: [] } as const;
  const here = await pack(deps, order, signal);
  if (!here.ok) return here;
  const fetched = here.value.before;
  const there = await factsThere(host, working, { staged, key });
  if (!there.ok) return there;
  const after = await host.look(working);
  if (!after.ok) return after;
  const isStill = after.value?.bytes === stat.bytes && after.value.mtimeNs === stat.mtimeNs;
  if (!isStill) return ok({ record: { ...planned, step: 'release' } });
  for (const what of ['lines', 'bytes', 'sha256'] as const) {
    const wanted = what === 'bytes' ? stat.bytes : there.value[what];
    if (fetched[what] === wanted) continue;
    removeStaged(deps.stagingKeys, planned);
    return err(
      appError('LOG_ROTATION_CARRIED', { file: working, what: `${what}: ${wanted} → ${fetched[what]}` }),
    );
  }
  return ok({
    record: { ...planned, fetched },
    note: {
      zh: `取回 ${formatBytes(fetched.bytes)}；主机与本机均为 ${fetched.lines} 行，SHA-256 相同。`,
      en: `Fetched ${formatBytes(fetched.bytes)}; ${fetched.lines} lines on the host and here, with the same SHA-256.`,
    },
  });
}

type Staged = { readonly staged: string; readonly key: StagingKey | null };

/** The key that a file is fetched with; null when it may lie here in clear. What nobody can open is removed. */
function keyFor(deps: RotateDeps, record: RotationRecord, staged: string): Result<StagingKey | null> {
  if (!isStagedSealed(record)) return ok(null);
  const known = deps.stagingKeys.of(staged);
  if (known !== null) return ok(known);
  try {
    removeStaged(deps.stagingKeys, { staged });
    return ok(deps.stagingKeys.make(staged));
  } catch (thrown) {
    return err(ioError(staged, thrown));
  }
}

/** Copies what is not here yet; durable when it returns. */
async function carry(
  files: RemoteFiles,
  from: string,
  { staged, key }: Staged,
  bytes: number,
  signal: AbortSignal,
): Promise<Result<object>> {
  const opened = await files.open(from);
  if (!opened.ok) return opened;
  try {
    const here = new StagedFile(staged, key);
    try {
      while (here.bytes < bytes) {
        if (signal.aborted) return err(appError('CANCELLED'));
        const piece = await opened.value.read(here.bytes, Math.min(PIECE_BYTES, bytes - here.bytes));
        if (!piece.ok) return piece;
        if (piece.value.length === 0) break;
        here.append(piece.value);
      }
      here.sync();
      return ok({});
    } finally {
      here.close();
    }
  } catch (thrown) {
    return err(ioError(staged, thrown));
  } finally {
    await opened.value.close();
  }
}

/** What the host's own programs say of the file. A last line without line end counts, as it does here. */
async function factsThere(
  host: LogHost,
  old: string,
  fetched: Staged,
): Promise<Result<Pick<LogFacts, 'lines' | 'sha256'>>> {
  const counted = await host.do({ id: 'log-count', values: { old } });
  if (!counted.ok) return counted;
  const hashed = await host.do({ id: 'hash', stdin: Buffer.from(`${old}\0`) });
  if (!hashed.ok) return hashed;
  const [, newlines] = /^\s*(\d+)\s/.exec(counted.value.stdout) ?? [];
  const [, sha256] = /^\\?([0-9a-f]{64}) /.exec(hashed.value.stdout) ?? [];
  if (newlines === undefined || sha256 === undefined)
    return err(
      appError('LOG_ROTATION_HOST', {
        host: host.name,
        what: newlines === undefined ? 'wc' : 'sha256sum',
        why: (newlines === undefined ? counted : hashed).value.stdout.slice(0, 200),
      }),
    );
  return ok({ lines: Number(newlines) + ((await endsOpen(fetched)) ? 1 : 0), sha256 });
}

async function endsOpen({ staged, key }: Staged): Promise<boolean> {
  const file = openStaged(staged, key);
  try {
    const last = await file.read(Math.max(0, file.size - 1), 1);
    return last.length === 1 && last[0] !== LF;
  } finally {
    file.close();
  }
}
