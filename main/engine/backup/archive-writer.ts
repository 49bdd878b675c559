import type { BigIntStats } from 'node:fs';
import type { ChangeDetection } from '#shared/contract/backup.ts';
import { anyGlob } from '#shared/domain/glob.ts';
import { type AppError, appError } from '#shared/errors/index.ts';
import { encodePath, type RawPath } from '../platform/raw-path.ts';
import type { Baseline } from './baseline.ts';
import type { Present } from './change-detection.ts';
import type { Codec } from './codec.ts';
import { DeltaTracker } from './delta-tracker.ts';
import { type EntryExtra, EntryRecorder, type Skip } from './entry-recorder.ts';
import { type FactsList, factsOf } from './facts-list.ts';
import { FilePacker } from './file-packer.ts';
import { FrameTable } from './frame-table.ts';
import { type EndLine, type EntryType, FORMAT_VERSION, type HeaderLine } from './manifest.ts';
import { OutputFile } from './output-file.ts';
import type { OwnerNames } from './owners.ts';
import { readmeText } from './readme-text.ts';
import { archivePath, RESERVED_NAME, resolveSources, type ScanItem, scan } from './scan.ts';
import { deviceNumbers, readLink } from './source-facts.ts';
import { Spool } from './spool.ts';
import { copyFrames, writeTail } from './tail-writer.ts';
import { padding, type TarMember, tarHeaders } from './tar-header.ts';
import { TarPacker } from './tar-packer.ts';

/** Files that a run writes; all are new, and none has a final name. */
export type PartPaths = { readonly archive: string; readonly manifest: string; readonly sums: string };

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
  /** What an incremental or differential is compared with; null for a full. */
  readonly since: { readonly baseline: Baseline; readonly how: ChangeDetection } | null;
};

/** What writing needs from its surroundings. */
export type WriteDeps = {
  readonly codec: Codec;
  readonly owners: OwnerNames;
  readonly now: () => number;
  /** Called often, with what was done since; may wait (pause) and may throw (cancel). */
  readonly breath: (done: {
    readonly files: number;
    readonly bytes: number;
    readonly current: RawPath;
  }) => Promise<void>;
};

/** What was written. */
export type Written = {
  readonly header: HeaderLine;
  readonly end: EndLine;
  /** SHA-256, hexadecimal, of the two files and of the manifest's text. */
  readonly archiveSha256: string;
  readonly manifestFileSha256: string;
  readonly manifestSha256: string;
  readonly archiveBytes: number;
  /** The first 1,000 of what could not be kept. */
  readonly skipped: readonly Skip[];
  /** What the index keeps of each entry besides what the archive does. */
  readonly facts: FactsList;
};

/** Metadata that this version keeps, and what it knows it does not (docs/archive-format.md §5). */
export const KEPT = [
  'mode',
  'owner',
  'owner-names',
  'mtime-ns',
  'symlinks',
  'hard-links',
  'devices',
  'fifos',
  'sockets',
  'empty-directories',
  'raw-names',
  'sparse-size',
] as const;
export const NOT_KEPT = ['xattrs', 'acls', 'file-flags', 'birth-time', 'atime', 'holes'] as const;

const SKIPS_REPORTED = 1_000;
const DOT_SLASH = Buffer.from('./');
const NUL = Buffer.alloc(1);

type Linked = {
  readonly path: RawPath;
  readonly size: number;
  readonly sha256: string;
  readonly frame?: number;
  readonly at?: number;
  readonly facts: string | null;
};

/** Writes the two files of a point under their `.part` names, fsynced but neither verified nor published. */
export async function writeArchive(spec: WriteSpec, deps: WriteDeps): Promise<Written> {
  const files: OutputFile[] = [];
  try {
    const archive = new OutputFile(spec.parts.archive);
    files.push(archive);
    const manifest = new Spool(spec.parts.manifest, deps.codec, 'lines');
    files.push(manifest.file);
    const sums = new Spool(spec.parts.sums, deps.codec, 'blocks');
    files.push(sums.file);
    const recorder = new EntryRecorder(manifest, sums, deps.owners);
    return await new ArchiveWriter(spec, deps, archive, recorder).write();
  } catch (thrown) {
    for (const file of files) await file.abandon();
    throw thrown;
  }
}

class ArchiveWriter {
  readonly #spec: WriteSpec;
  readonly #deps: WriteDeps;
  readonly #archive: OutputFile;
  readonly #recorder: EntryRecorder;
  readonly #table = new FrameTable();
  readonly #packer: TarPacker;
  readonly #filePacker: FilePacker;
  /** First names of files with several, by device and inode. */
  readonly #links = new Map<string, Linked>();
  /** Compares with the parent; null in a full. */
  readonly #delta: DeltaTracker | null;
  #current: RawPath = '';

  constructor(spec: WriteSpec, deps: WriteDeps, archive: OutputFile, recorder: EntryRecorder) {
    this.#spec = spec;
    this.#deps = deps;
    this.#archive = archive;
    this.#recorder = recorder;
    this.#packer = new TarPacker(deps.codec, archive, this.#table);
    this.#filePacker = new FilePacker(this.#packer, (bytes) =>
      deps.breath({ files: 0, bytes, current: this.#current }),
    );
    this.#delta =
      spec.since &&
      new DeltaTracker({
        ...spec.since,
        gone: (path) => recorder.goneNow(path),
        breath: (bytes) => deps.breath({ files: 0, bytes, current: this.#current }),
      });
  }

  async write(): Promise<Written> {
    const { manifest, skips, facts } = this.#recorder;
    const resolved = resolveSources(this.#spec.sources);
    const header: HeaderLine = {
      k: 'header',
      format: 'hmtt-archive',
      version: FORMAT_VERSION,
      needs: [],
      ...this.#spec.header,
      sources: [...resolved.roots],
      compression: this.#deps.codec.name,
      kept: [...KEPT],
      notKept: [...NOT_KEPT],
    };
    await this.#recorder.line(header);
    await this.#writeReadme(header);
    const { sources, targetDir } = this.#spec;
    this.#delta?.goneOutside(
      [...resolved.roots, ...resolved.missing.map(({ path }) => path)].map((root) => archivePath(root)),
    );
    for (const item of scan({ sources, targetDir, excluded: anyGlob(header.exclude) }))
      await this.#item(item);
    if (this.#delta !== null) await this.#writeDeleted();
    await this.#packer.drain();
    await this.#writeSums();
    const end = await this.#recorder.end(
      this.#table,
      this.#deps.now(),
      this.#delta === null ? {} : { unchanged: this.#delta.unchanged },
    );
    const spooled = await manifest.end();
    await writeTail(this.#archive, {
      codec: this.#deps.codec,
      id: header.id,
      manifest: manifest.file,
      spooled,
      headers: tarHeaders(this.#ownMember('/manifest.ndjson', '0', spooled.length)),
    });
    return {
      header,
      end,
      archiveBytes: this.#archive.length,
      manifestFileSha256: await manifest.file.finish(),
      archiveSha256: await this.#archive.finish(),
      manifestSha256: spooled.sha256,
      skipped: skips.slice(0, SKIPS_REPORTED),
      facts,
    };
  }

  #ownMember(path: string, type: '0' | '5', size: number): TarMember {
    return {
      path: `${RESERVED_NAME}${path}`,
      type,
      size,
      mode: type === '5' ? 0o755 : 0o644,
      uid: 0,
      gid: 0,
      user: null,
      group: null,
      mtimeNs: BigInt(Math.floor(this.#spec.header.startedAt / 1000)) * 1_000_000_000n,
    };
  }

  async #writeReadme(header: HeaderLine): Promise<void> {
    const text = Buffer.from(readmeText(header), 'utf8');
    await this.#packer.append(tarHeaders(this.#ownMember('', '5', 0)));
    await this.#packer.append(tarHeaders(this.#ownMember('/README.txt', '0', text.length)));
    await this.#packer.append(text);
    await this.#packer.zeros(padding(text.length));
    // `sha256sum -c` calls an empty list an error, and where nothing changed there is nothing else to list.
    if (this.#delta !== null) this.#recorder.sum(`${RESERVED_NAME}/README.txt`, text);
  }

  async #item(item: ScanItem): Promise<void> {
    this.#current = item.path;
    if (item.kind === 'listed') {
      if (this.#delta?.listed(item.path, item.names)) await this.#storeFolders(item.path, true);
      return;
    }
    if (item.kind === 'excluded') {
      this.#recorder.exclude();
      await this.#absent(item.path);
    } else if (item.kind === 'skipped') await this.#skip(item.path, item.error);
    else await this.#found(item.real, item.path, item.stats);
    await this.#deps.breath({ files: 1, bytes: 0, current: item.path });
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
      await this.#plain(folder.path, folder.stats, 'directory', '5', {});
    }
  }

  async #found(real: RawPath, path: RawPath, stats: BigIntStats): Promise<void> {
    // A file whose first name is stored is stored under all its names: a hard link never leads out of its archive.
    const first =
      stats.isFile() && stats.nlink > 1n ? this.#links.get(`${stats.dev}:${stats.ino}`) : undefined;
    const now: Present = { stats, facts: first?.facts ?? factsOf(stats, this.#deps.now()) };
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
    if (stats.isDirectory()) this.#delta?.enter(path, stats, !isUnchanged);
    if (isUnchanged) return;
    await this.#storeFolders(path, false);
    if (stats.isFile()) {
      if (first === undefined) return this.#file(real, path, now);
      const { path: link, facts, ...content } = first;
      return this.#plain(path, stats, 'hardlink', '1', { link, ...content }, facts);
    }
    if (stats.isDirectory()) return this.#plain(path, stats, 'directory', '5', {});
    if (stats.isFIFO()) return this.#plain(path, stats, 'fifo', '6', {});
    if (stats.isSocket()) return this.#recorder.entry(path, stats, 'socket', {});
    const { device, link } = now;
    if (link !== undefined) return this.#plain(path, stats, 'symlink', '2', { link });
    if (device !== undefined)
      return this.#plain(path, stats, 'device', device.kind === 'char' ? '3' : '4', { device });
  }

  async #file(real: RawPath, path: RawPath, { stats }: Present): Promise<void> {
    const packed = await this.#filePacker.pack(real, stats, (opened) =>
      tarHeaders(this.#recorder.member(path, opened, '0', Number(opened.size))),
    );
    if (!packed.ok) return this.#skip(path, packed.error);
    const size = Number(packed.stats.size);
    const content = { size, sha256: packed.sha256, ...(packed.place ?? {}) };
    const facts = packed.changed ? null : factsOf(packed.stats, this.#deps.now());
    if (stats.nlink > 1n) this.#links.set(`${stats.dev}:${stats.ino}`, { path, facts, ...content });
    if (packed.changed) this.#recorder.skip(path, appError('BACKUP_FILE_CHANGED'));
    const allocated = Number(packed.stats.blocks) * 512;
    // A page of slack: file systems that inline small ends also allocate less than the size.
    const isSparse = process.platform !== 'win32' && allocated + 4096 < size;
    const extra = {
      ...content,
      ...(isSparse ? { allocated } : {}),
      ...(packed.changed ? { changed: true } : {}),
    };
    return this.#recorder.entry(path, packed.stats, 'file', extra, facts);
  }

  /** A member without content of its own. */
  async #plain(
    path: RawPath,
    stats: BigIntStats,
    type: EntryType,
    flag: TarMember['type'],
    extra: EntryExtra,
    facts: string | null = null,
  ): Promise<void> {
    const headers = tarHeaders(this.#recorder.member(path, stats, flag, 0, extra));
    await this.#packer.reserve(headers.length);
    await this.#packer.append(headers);
    return this.#recorder.entry(path, stats, type, extra, facts);
  }

  /** Puts the list of gone paths into the archive, for `xargs -0 rm`. */
  async #writeDeleted(): Promise<void> {
    const lines = this.#recorder.gone.map((path) => Buffer.concat([DOT_SLASH, encodePath(path), NUL]));
    const length = lines.reduce((sum, line) => sum + line.length, 0);
    await this.#packer.append(tarHeaders(this.#ownMember('/DELETED', '0', length)));
    for (const line of lines) await this.#packer.append(line);
    await this.#packer.zeros(padding(length));
  }

  /** Puts the spooled list of hashes into the archive: one frame with its tar header, then its frames as they are. */
  async #writeSums(): Promise<void> {
    const { sums } = this.#recorder;
    const spooled = await sums.end();
    await this.#packer.append(tarHeaders(this.#ownMember('/SHA256SUMS', '0', spooled.length)));
    await this.#packer.drain();
    copyFrames(sums.file.path, spooled, this.#archive, (frame) =>
      this.#table.push(frame.size, frame.length, frame.sha256),
    );
    this.#packer.resync();
    await sums.file.abandon();
  }
}
