import { randomBytes } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { ChangeDetection } from '#shared/contract/backup.ts';
import { anyGlob } from '#shared/domain/glob.ts';
import { type AppError, appError } from '#shared/errors/index.ts';
import type { RawPath } from '../platform/raw-path.ts';
import {
  type ArchiveBuilder,
  buildArchive,
  type OnDisk,
  type PartPaths,
  type Written,
} from './archive-builder.ts';
import type { Baseline } from './baseline.ts';
import type { Present } from './change-detection.ts';
import type { Codec } from './codec.ts';
import { DeltaTracker } from './delta-tracker.ts';
import type { EntryExtra, EntryRecorder } from './entry-recorder.ts';
import { EXTENTS_FROM } from './extents/block-prints.ts';
import { PiecePacker } from './extents/piece-packer.ts';
import { factsOf } from './facts-list.ts';
import { FilePacker } from './file-packer.ts';
import { keptMetadata } from './kept.ts';
import { FORMAT_VERSION, type HeaderLine } from './manifest.ts';
import type { OwnerNames } from './owners.ts';
import { archivePath, resolveSources, scan } from './scan.ts';
import { deviceNumbers, readLink } from './source-facts.ts';
import { tarHeaders } from './tar-header.ts';
import { type ItemWithXattrs, withXattrs } from './xattrs/look-ahead.ts';
import type { XattrReader } from './xattrs/xattr-reader.ts';
import { MAX_XATTRS_BYTES, type Xattrs, xattrsBytes } from './xattrs/xattrs.ts';

/** What a run is to write. */
export type WriteSpec = {
  readonly header: Omit<
    HeaderLine,
    'k' | 'format' | 'version' | 'needs' | 'sources' | 'compression' | 'kept' | 'notKept'
  >;
  /** Sources as the operator named them; the header has them with links resolved. */
  readonly sources: readonly string[];
  readonly targetDir: string;
  readonly parts: PartPaths;
  /** Folders that stand in the archive under another path: dumps of databases. */
  readonly placed?: readonly { readonly real: RawPath; readonly path: RawPath }[];
  /** What should be there and could not be taken: reported as skipped, and kept as the parent has it. */
  readonly lacking?: readonly { readonly path: RawPath; readonly error: AppError }[];
  /** age recipients; when there are any, all three files are encrypted to them. */
  readonly recipients?: readonly string[];
  /** What an incremental or differential is compared with; null for a full. */
  readonly since: { readonly baseline: Baseline; readonly how: ChangeDetection } | null;
};

/** What writing needs from its surroundings. */
export type WriteDeps = {
  readonly codec: Codec;
  readonly owners: OwnerNames;
  readonly now: () => number;
  /** Reads extended attributes; without it none are kept. */
  readonly xattrs?: XattrReader | null;
  /** Hears now and then how much of the archive is on the disk. */
  readonly onDisk?: (archive: OnDisk) => void;
  /** Called often, with what was done since; may wait (pause) and may throw (cancel). */
  readonly breath: (done: {
    readonly files: number;
    readonly bytes: number;
    readonly current: RawPath;
  }) => Promise<void>;
};

/** What a sparse file takes on the source's disk, for its entry. */
function sparseness({ size, blocks }: BigIntStats): { readonly allocated?: number } {
  const allocated = Number(blocks) * 512;
  // A page of slack: file systems that inline small ends also allocate less than the size.
  return process.platform !== 'win32' && allocated + 4096 < Number(size) ? { allocated } : {};
}

/** Attributes as a part of an entry. */
function xattrsOf({ xattrs }: { readonly xattrs?: Xattrs | undefined }): Pick<EntryExtra, 'xattrs'> {
  return xattrs === undefined || Object.keys(xattrs).length === 0 ? {} : { xattrs };
}

type Linked = {
  readonly path: RawPath;
  readonly size: number;
  readonly sha256: string;
  readonly frame?: number;
  readonly at?: number;
  readonly facts: string | null;
  readonly xattrs?: Xattrs | undefined;
};

/** Writes the two files of a point under their `.part` names, fsynced but neither verified nor published. */
export async function writeArchive(spec: WriteSpec, deps: WriteDeps): Promise<Written> {
  const { roots, missing } = resolveSources(spec.sources);
  const header: HeaderLine = {
    k: 'header',
    format: 'hmtt-archive',
    version: FORMAT_VERSION,
    // Told before it is known whether there will be any: the header is the manifest's first line.
    needs: spec.since?.baseline.hasContents ? ['extents'] : [],
    ...spec.header,
    sources: [...roots],
    compression: deps.codec.name,
    ...keptMetadata(deps.xattrs !== undefined && deps.xattrs !== null),
  };
  const { parts, recipients = [] } = spec;
  return buildArchive({ parts, header, recipients, ...deps }, (builder) =>
    new ArchiveWriter(spec, deps, builder).write([...roots, ...missing.map(({ path }) => path)]),
  );
}

class ArchiveWriter {
  readonly #spec: WriteSpec;
  readonly #deps: WriteDeps;
  readonly #builder: ArchiveBuilder;
  readonly #recorder: EntryRecorder;
  readonly #filePacker: FilePacker;
  readonly #piecePacker: PiecePacker;
  /** Key of the fingerprints of blocks that this run stores whole. */
  readonly #printKey = randomBytes(32);
  /** First names of files with several, by device and inode. */
  readonly #links = new Map<string, Linked>();
  /** Compares with the parent; null in a full. */
  readonly #delta: DeltaTracker | null;
  #current: RawPath = '';

  constructor(spec: WriteSpec, deps: WriteDeps, builder: ArchiveBuilder) {
    this.#spec = spec;
    this.#deps = deps;
    this.#builder = builder;
    this.#recorder = builder.recorder;
    const breath = (bytes: number): Promise<void> => deps.breath({ files: 0, bytes, current: this.#current });
    this.#filePacker = new FilePacker(builder.packer, breath, this.#printKey);
    this.#piecePacker = new PiecePacker(builder.packer, spec.header.id, breath);
    this.#delta =
      spec.since &&
      new DeltaTracker({ ...spec.since, gone: (path) => builder.recorder.goneNow(path), breath });
  }

  /** Walks the sources. @returns files that the chain holds already, of an incremental or differential */
  async write(roots: readonly RawPath[]): Promise<{ readonly unchanged?: number }> {
    const { sources, targetDir, header, placed = [], lacking = [] } = this.#spec;
    this.#delta?.goneOutside([
      ...roots.map((root) => archivePath(root)),
      ...[...placed, ...lacking].map(({ path }) => path),
    ]);
    // Named first, so that the bounded list of a report has them whatever comes after.
    for (const { path, error } of lacking) await this.#skip(path, error);
    const walk = scan({ sources, targetDir, placed, excluded: anyGlob(header.exclude) });
    const items = withXattrs(
      walk,
      this.#deps.xattrs ?? null,
      // A folder comes along with what changes in it, so its attributes are always at hand.
      ({ path, stats }) =>
        stats.isDirectory() ||
        this.#spec.since?.how === 'content' ||
        (this.#delta?.mayDifferInXattrs(path, factsOf(stats, this.#deps.now())) ?? true),
      (why) => this.#recorder.skip('', appError('BACKUP_XATTRS_UNREADABLE', { why })),
    );
    for await (const item of items) await this.#item(item);
    return this.#delta === null ? {} : { unchanged: this.#delta.unchanged };
  }

  async #item(item: ItemWithXattrs): Promise<void> {
    this.#current = item.path;
    if (item.kind === 'listed') {
      if (this.#delta?.listed(item.path, item.names)) await this.#storeFolders(item.path, true);
      return;
    }
    if (item.kind === 'excluded') {
      this.#recorder.exclude();
      await this.#absent(item.path);
    } else if (item.kind === 'skipped') await this.#skip(item.path, item.error);
    else await this.#found(item.real, item.path, item.stats, this.#storable(item.path, item.xattrs));
    await this.#deps.breath({ files: 1, bytes: 0, current: item.path });
  }

  /** Attributes that are too many for a line of the manifest are left out, and reported. */
  #storable(path: RawPath, xattrs: Xattrs | undefined): Xattrs | undefined {
    if (xattrs === undefined || xattrsBytes(xattrs) <= MAX_XATTRS_BYTES) return xattrs;
    this.#recorder.skip(path, appError('BACKUP_XATTRS_TOO_LARGE'));
    return {};
  }

  /** Reports what could not be kept. What vanished is gone; what cannot be read stays as the parent has it. */
  async #skip(path: RawPath, error: AppError): Promise<void> {
    this.#recorder.skip(path, error);
    if (error.code === 'BACKUP_FILE_VANISHED') await this.#absent(path);
  }

  async #absent(path: RawPath): Promise<void> {
    if (this.#delta?.absent(path)) await this.#storeFolders(path, false);
  }

  /** Stores the unchanged folders above something that is stored or gone (delta-tracker.ts). */
  async #storeFolders(path: RawPath, itself: boolean): Promise<void> {
    for (const folder of this.#delta?.above(path, itself) ?? []) {
      folder.stored = true;
      await this.#builder.plain(folder.path, folder.stats, 'directory', '5', xattrsOf(folder));
    }
  }

  async #found(real: RawPath, path: RawPath, stats: BigIntStats, xattrs?: Xattrs): Promise<void> {
    // A file whose first name is stored is stored under all its names: a hard link never leads out of its archive.
    const first =
      stats.isFile() && stats.nlink > 1n ? this.#links.get(`${stats.dev}:${stats.ino}`) : undefined;
    const now: Present = {
      stats,
      facts: first?.facts ?? factsOf(stats, this.#deps.now()),
      ...(xattrs === undefined ? {} : { xattrs }),
    };
    if (stats.isSymbolicLink()) {
      const link = readLink(real);
      if (!link.ok) return this.#skip(path, link.error);
      return this.#changed(real, path, { ...now, link: link.target });
    }
    if (stats.isCharacterDevice() || stats.isBlockDevice()) {
      const kind = stats.isCharacterDevice() ? 'char' : 'block';
      return this.#changed(real, path, { ...now, device: { kind, ...deviceNumbers(stats.rdev) } });
    }
    return this.#changed(real, path, now, first);
  }

  /** Stores what the chain does not hold as it is. */
  async #changed(real: RawPath, path: RawPath, now: Present, first?: Linked): Promise<void> {
    const { stats } = now;
    const isUnchanged = (await this.#delta?.isUnchanged(real, path, now)) === true && first === undefined;
    if (stats.isDirectory()) this.#delta?.enter(path, now, !isUnchanged);
    if (isUnchanged) return;
    await this.#storeFolders(path, false);
    if (stats.isFile()) {
      if (first === undefined) return this.#file(real, path, now);
      const { path: link, facts, ...content } = first;
      return this.#builder.plain(path, stats, 'hardlink', '1', { link, ...content }, facts);
    }
    const extra = xattrsOf(now);
    if (stats.isDirectory()) return this.#builder.plain(path, stats, 'directory', '5', extra);
    if (stats.isFIFO()) return this.#builder.plain(path, stats, 'fifo', '6', extra);
    if (stats.isSocket()) return this.#recorder.entry(path, stats, 'socket', extra);
    const { device, link } = now;
    if (link !== undefined) return this.#builder.plain(path, stats, 'symlink', '2', { link, ...extra });
    if (device !== undefined)
      return this.#builder.plain(path, stats, 'device', device.kind === 'char' ? '3' : '4', {
        device,
        ...extra,
      });
  }

  async #file(real: RawPath, path: RawPath, now: Present): Promise<void> {
    const { stats } = now;
    const xattrs = xattrsOf(now);
    if (await this.#pieces(real, path, stats, xattrs)) return;
    const packed = await this.#filePacker.pack(real, stats, (opened) =>
      tarHeaders(this.#recorder.member(path, opened, '0', Number(opened.size), xattrs)),
    );
    if (!packed.ok) return this.#skip(path, packed.error);
    const size = Number(packed.stats.size);
    const content = { size, sha256: packed.sha256, ...(packed.place ?? {}), ...xattrs };
    const facts = packed.changed ? null : factsOf(packed.stats, this.#deps.now());
    if (stats.nlink > 1n) this.#links.set(`${stats.dev}:${stats.ino}`, { path, facts, ...content });
    if (packed.changed) this.#recorder.skip(path, appError('BACKUP_FILE_CHANGED'));
    const extra = {
      ...content,
      ...sparseness(packed.stats),
      ...(packed.changed ? { changed: true } : {}),
    };
    await this.#recorder.entry(path, packed.stats, 'file', extra, facts);
    const { prints, place } = packed;
    if (prints === null || place === null || stats.nlink > 1n) return;
    const archive = this.#spec.header.id;
    const sha256 = Buffer.from(packed.sha256, 'hex');
    const layout = [{ archive, ...place, size }];
    this.#recorder.facts.addContent({ sha256, size, key: this.#printKey, prints, layout });
  }

  /** Stores of a large file what the chain does not hold. @returns false when it is to be stored whole */
  async #pieces(real: RawPath, path: RawPath, stats: BigIntStats, extras: EntryExtra): Promise<boolean> {
    // A hard link of tar needs its first name, with all its content, in the same archive.
    if (stats.size < BigInt(EXTENTS_FROM) || stats.nlink > 1n) return false;
    // The kernel takes capabilities and the like away when a file is written, which rebuilding does last.
    if (Object.keys(extras.xattrs ?? {}).some((name) => name.startsWith('security.'))) return false;
    const known = this.#delta?.content(path) ?? null;
    if (known === null) return false;
    const packed = await this.#piecePacker.pack(real, path, stats, known, (opened) =>
      this.#recorder.member(path, opened, '0', 0, extras),
    );
    if (packed === null) return false;
    const { content, changed } = packed;
    if (changed) this.#recorder.skip(path, appError('BACKUP_FILE_CHANGED'));
    const facts = changed ? null : factsOf(packed.stats, this.#deps.now());
    const own = this.#spec.header.id;
    const extra = {
      size: content.size,
      sha256: content.sha256.toString('hex'),
      extents: content.layout.map(({ archive, ...place }) =>
        archive === own ? place : { archive, ...place },
      ),
      ...sparseness(packed.stats),
      ...extras,
      ...(changed ? { changed: true } : {}),
    };
    this.#builder.rebuilds.push(packed.rebuild);
    await this.#recorder.entry(path, packed.stats, 'file', extra, facts);
    this.#recorder.facts.addContent(content);
    return true;
  }
}
