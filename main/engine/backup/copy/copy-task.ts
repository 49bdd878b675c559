import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import type { TaskContext } from '../../platform/worker-tasks.ts';
import { publishFile } from '../../storage/durable.ts';
import { systemCode } from '../../storage/io-error.ts';
import { keyFilesIn, writeKeyFiles } from '../crypto/key-on-media.ts';
import { archiveSystemError, onTarget } from '../faults.ts';
import { type Throttle, throttleOf } from '../limits/throttle.ts';
import { mediumFile, parseMedium } from '../media/medium-file.ts';
import { manifestNameOf, sumsNameOf } from '../names.ts';
import { ProgressMeter } from '../progress.ts';
import { ArchiveFault } from '../reader-types.ts';
import { breathOf, Cancelled } from '../task-breath.ts';
import { continueFile, hashFile } from './copy-file.ts';

/** What a copy's thread is started with. */
export const copyTaskSchema = z.object({
  /** Top of the target: a medium's mount point, or the folder. */
  root: z.string(),
  /** Folder of the archives below it; '' for the top itself. */
  folder: z.string(),
  /** How people call the target. */
  name: z.string(),
  /** The medium that must be there; null for a folder. */
  medium: z.object({ id: z.string(), label: z.string() }).nullable(),
  items: z.array(
    z.object({
      pointId: z.string(),
      /** An intact archive of the point. */
      archivePath: z.string(),
      /** SHA-256 of the archive as the catalogue knows it; null when it does not. */
      sha256: z.string().nullable(),
    }),
  ),
  bytesPerSecond: z.number().nullable(),
});
export type CopyTask = z.infer<typeof copyTaskSchema>;

/** Posted when an archive has its final name on the target: what is copied before a cut stays copied. */
export const copiedMessage = z.object({
  kind: z.literal('copied'),
  pointId: z.string(),
  /** Path below the root, with `/`. */
  rel: z.string(),
  bytes: z.number(),
  sha256: z.string(),
});
type Copied = z.infer<typeof copiedMessage>;

/** What a copy did. */
export type CopyDone = { readonly copied: number; readonly bytes: number };

const PHASES = {
  copying: { zh: '复制', en: 'Copying' },
  comparing: { zh: '读回核对', en: 'Reading back' },
} as const;

const PART = '.copy.part';

/** Room that is left on a target, so that its catalogue and checklist can still be written. */
const RESERVE = 1 << 20;

/** Copies archives to one target, each with its manifest and sums, each verified before it gets its name. */
export async function copyArchives(task: CopyTask, context: TaskContext): Promise<Result<CopyDone>> {
  const copier = new Copier(task, context);
  try {
    return ok(await copier.run());
  } catch (thrown) {
    if (thrown instanceof Cancelled) return err(appError('CANCELLED'));
    if (thrown instanceof ArchiveFault) return err(copier.explain(thrown.error));
    return err(copier.explain(archiveSystemError(task.name, thrown)));
  }
}

type Item = CopyTask['items'][number];
type Sums = { readonly archive: string; readonly manifest: string };

class Copier {
  readonly #task: CopyTask;
  readonly #context: TaskContext;
  readonly #meter: ProgressMeter;
  readonly #breath: () => Promise<void>;
  readonly #throttle: Throttle;
  readonly #dir: string;
  #device: number | null = null;

  constructor(task: CopyTask, context: TaskContext) {
    this.#task = task;
    this.#context = context;
    this.#dir = join(task.root, task.folder);
    this.#meter = new ProgressMeter(
      () => performance.now(),
      (progress) => context.post({ kind: 'progress', progress }),
    );
    this.#breath = breathOf(context);
    this.#throttle = throttleOf(task.bytesPerSecond, {
      monotonic: () => performance.now(),
      sleep: (ms) => wait(ms),
      between: this.#breath,
    });
  }

  async run(): Promise<CopyDone> {
    const { items } = this.#task;
    this.#checkMedium();
    onTarget(this.#task.root, () => {
      if (!statSync(this.#task.root).isDirectory())
        throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
      if (this.#task.medium !== null) mkdirSync(this.#dir, { recursive: true });
    });
    this.#removeForeignParts(new Set(items.map(({ archivePath }) => basename(archivePath))));
    const sizes = items.map(({ archivePath }) => statSync(archivePath).size);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    // Each byte is read from the source once and from the target once.
    this.#meter.begin(PHASES.copying, 'bytes', total * 2);
    for (const [index, item] of items.entries()) await this.#copy(item, sizes[index] ?? 0);
    return { copied: items.length, bytes: total };
  }

  /** Says what a failure means for who looks at a target: a medium that is gone is not a folder that is absent. */
  explain(error: AppError): AppError {
    const { medium, name } = this.#task;
    const isTargetGone =
      error.code === 'BACKUP_TARGET_LOST' || error.code === 'BACKUP_TARGET_MISSING' || !this.#isMediumThere();
    const place = error.detail === undefined ? {} : { detail: error.detail };
    return medium !== null && isTargetGone && error.code !== 'BACKUP_MEDIUM_WRONG'
      ? appError('BACKUP_MEDIUM_LOST', { label: name }, place)
      : error;
  }

  #isMediumThere(): boolean {
    try {
      this.#checkMedium();
      return true;
    } catch (thrown) {
      if (thrown instanceof ArchiveFault) return false;
      throw thrown;
    }
  }

  /** A folder into which nothing is mounted any more must not be filled in the medium's place. */
  #checkMedium(): void {
    const { medium, root } = this.#task;
    if (medium === null) return;
    let found: ReturnType<typeof parseMedium> = null;
    let device = -1;
    try {
      found = parseMedium(readFileSync(mediumFile(root), 'utf8'));
      device = lstatSync(root).dev;
    } catch (thrown) {
      if (systemCode(thrown) === '') throw thrown;
      throw new ArchiveFault(
        appError('BACKUP_MEDIUM_LOST', { label: medium.label }, { detail: systemCode(thrown) }),
      );
    }
    if (found?.id !== medium.id)
      throw new ArchiveFault(
        appError('BACKUP_MEDIUM_WRONG', { root, wanted: medium.label, found: found?.label ?? '?' }),
      );
    this.#device ??= device;
    if (this.#device !== device)
      throw new ArchiveFault(appError('BACKUP_MEDIUM_LOST', { label: medium.label }, { detail: 'device' }));
  }

  /** What earlier copies left of archives that are not wanted any more. Names of runs under way end differently. */
  #removeForeignParts(wanted: ReadonlySet<string>): void {
    onTarget(this.#dir, () => {
      for (const name of readdirSync(this.#dir))
        if (name.endsWith(PART) && !wanted.has(name.slice(0, -PART.length)))
          rmSync(join(this.#dir, name), { force: true });
    });
  }

  async #copy(item: Item, size: number): Promise<void> {
    this.#checkMedium();
    const sums = sumsBeside(item);
    const name = basename(item.archivePath);
    const final = join(this.#dir, name);
    const isThere = sizeOf(final) === size;
    if (isThere && (await this.#hash(final, name)) === sums.archive) {
      // It was copied before a cut; nobody wrote it down.
      this.#meter.add(0, size, name);
      await this.#copySmall(item, sums);
    } else {
      this.#checkRoom(size, sizeOf(`${final}${PART}`) ?? 0);
      await this.#copySmall(item, sums);
      await this.#copyArchive(item, sums, size);
      this.#checkMedium();
      onTarget(this.#dir, () => publishFile(`${final}${PART}`, final));
    }
    const rel = this.#task.folder === '' ? name : `${this.#task.folder}/${name}`;
    this.#context.post({
      kind: 'copied',
      pointId: item.pointId,
      rel,
      bytes: size,
      sha256: sums.archive,
    } satisfies Copied);
  }

  #checkRoom(size: number, present: number): void {
    const space = onTarget(this.#dir, () => statfsSync(this.#dir));
    const free = space.bavail * space.bsize;
    const need = size - present + RESERVE;
    if (free < need)
      throw new ArchiveFault(
        appError('BACKUP_COPY_NO_ROOM', {
          target: this.#task.name,
          need: formatBytes(need),
          free: formatBytes(free),
        }),
      );
  }

  /** Manifest and sums come first: an archive under its final name has both beside it. */
  async #copySmall(item: Item, sums: Sums): Promise<void> {
    // The sealed keys go along: an encrypted archive without them needs the key sheet.
    onTarget(this.#dir, () => writeKeyFiles(this.#dir, keyFilesIn(dirname(item.archivePath))));
    for (const source of [manifestNameOf(item.archivePath), sumsNameOf(item.archivePath)]) {
      const final = join(this.#dir, basename(source));
      const bytes = readFileSync(source);
      if (sizeOf(final) === bytes.length && readFileSync(final).equals(bytes)) continue;
      const part = `${final}${PART}`;
      onTarget(this.#dir, () => rmSync(part, { force: true }));
      await continueFile(source, part, bytes.length, () => this.#breath());
      if (
        source.endsWith('.sha256')
          ? !readFileSync(part).equals(bytes)
          : (await hashFile(part, this.#breath)) !== sums.manifest
      )
        throw await this.#differs(source, part, sums.manifest);
      onTarget(this.#dir, () => publishFile(part, final));
    }
  }

  async #copyArchive(item: Item, sums: Sums, size: number): Promise<void> {
    const name = basename(item.archivePath);
    const part = join(this.#dir, `${name}${PART}`);
    try {
      const kept = await continueFile(item.archivePath, part, size, async (bytes) => {
        this.#meter.add(0, bytes, name);
        await this.#breath();
        await this.#throttle(bytes);
      });
      if ((await this.#hash(part, name)) === sums.archive) return;
      if (kept > 0) {
        // What an earlier copy left was not what it should have been: once more from the start.
        onTarget(this.#dir, () => rmSync(part, { force: true }));
        await continueFile(item.archivePath, part, size, async (bytes) => {
          await this.#breath();
          await this.#throttle(bytes);
        });
        if ((await this.#hash(part, name)) === sums.archive) return;
      }
    } catch (thrown) {
      const isFull = thrown instanceof ArchiveFault && thrown.error.code === 'BACKUP_TARGET_FULL';
      if (!isFull) throw thrown;
      // A full disk is no place for half an archive.
      onTarget(this.#dir, () => rmSync(part, { force: true }));
      throw thrown.error.detail?.includes('EFBIG') === true
        ? new ArchiveFault(appError('BACKUP_COPY_FILE_TOO_LARGE', { target: this.#task.name, file: name }))
        : thrown;
    }
    throw await this.#differs(item.archivePath, part, sums.archive);
  }

  async #hash(path: string, name: string): Promise<string> {
    return onTargetAsync(this.#dir, () =>
      hashFile(path, async (bytes) => {
        this.#meter.add(0, bytes, name);
        await this.#breath();
      }),
    );
  }

  /** Tells whether the source or the target is at fault, and removes what was written. */
  async #differs(source: string, part: string, sha256: string): Promise<ArchiveFault> {
    onTarget(this.#dir, () => rmSync(part, { force: true }));
    const isSourceSound = (await hashFile(source, this.#breath)) === sha256;
    return new ArchiveFault(
      isSourceSound
        ? appError('BACKUP_COPY_DIFFERS', { target: this.#task.name, file: basename(source) })
        : appError('BACKUP_COPY_SOURCE_DAMAGED', { file: source }),
    );
  }
}

async function onTargetAsync<T>(dir: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    if (thrown instanceof ArchiveFault || thrown instanceof Cancelled) throw thrown;
    return onTarget(dir, () => {
      throw thrown;
    });
  }
}

function sizeOf(path: string): number | null {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isFile() ? stats.size : null;
}

/** The hashes of an archive and its manifest from the file beside it, which must agree with the catalogue. */
function sumsBeside({ archivePath, sha256 }: Item): Sums {
  const missing = (): ArchiveFault =>
    new ArchiveFault(appError('BACKUP_COPY_SUMS_MISSING', { file: archivePath }));
  let text: string;
  try {
    text = readFileSync(sumsNameOf(archivePath), 'utf8').slice(0, 10_000);
  } catch (thrown) {
    if (systemCode(thrown) === '') throw thrown;
    throw existsArchive(archivePath) ? missing() : thrown;
  }
  const sums = new Map(
    [...text.matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm)].map(([, hash = '', name = '']) => [name, hash]),
  );
  const archive = sums.get(basename(archivePath));
  const manifest = sums.get(basename(manifestNameOf(archivePath)));
  if (archive === undefined || manifest === undefined) throw missing();
  if (sha256 !== null && sha256 !== archive)
    throw new ArchiveFault(appError('BACKUP_COPY_SOURCE_DAMAGED', { file: archivePath }));
  return { archive, manifest };
}

function existsArchive(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined && statSync(dirname(path)).isDirectory();
}
