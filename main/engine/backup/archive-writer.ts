import type { BigIntStats } from 'node:fs';
import { anyGlob } from '#shared/domain/glob.ts';
import { type AppError, appError } from '#shared/errors/index.ts';
import type { Codec } from './codec.ts';
import { FilePacker } from './file-packer.ts';
import { FrameTable } from './frame-table.ts';
import {
  type EndLine,
  type EntryLine,
  type EntryType,
  FORMAT_VERSION,
  formatLine,
  formatMtime,
  type HeaderLine,
  type ManifestLine,
} from './manifest.ts';
import { OutputFile } from './output-file.ts';
import type { OwnerNames } from './owners.ts';
import type { RawPath } from './raw-path.ts';
import { readmeText } from './readme-text.ts';
import { RESERVED_NAME, resolveSources, type ScanItem, scan } from './scan.ts';
import { deviceNumbers, readLink, sumLine } from './source-facts.ts';
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
  readonly skipped: readonly { readonly path: RawPath; readonly error: AppError }[];
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

const SKIPS_LISTED = 100_000;
const SKIPS_REPORTED = 1_000;

type Linked = {
  readonly path: RawPath;
  readonly size: number;
  readonly sha256: string;
  readonly frame?: number;
  readonly at?: number;
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
    return await new ArchiveWriter(spec, deps, archive, manifest, sums).write();
  } catch (thrown) {
    for (const file of files) await file.abandon();
    throw thrown;
  }
}

class ArchiveWriter {
  readonly #spec: WriteSpec;
  readonly #deps: WriteDeps;
  readonly #archive: OutputFile;
  readonly #manifest: Spool;
  readonly #sums: Spool;
  readonly #table = new FrameTable();
  readonly #packer: TarPacker;
  readonly #filePacker: FilePacker;
  readonly #links = new Map<string, Linked>();
  readonly #skipped: { path: RawPath; error: AppError }[] = [];
  readonly #count = {
    entries: 0,
    files: 0,
    directories: 0,
    symlinks: 0,
    hardLinks: 0,
    special: 0,
    bytes: 0,
    excluded: 0,
    skips: 0,
  };
  #current: RawPath = '';

  constructor(spec: WriteSpec, deps: WriteDeps, archive: OutputFile, manifest: Spool, sums: Spool) {
    this.#spec = spec;
    this.#deps = deps;
    this.#archive = archive;
    this.#manifest = manifest;
    this.#sums = sums;
    this.#packer = new TarPacker(deps.codec, archive, this.#table);
    this.#filePacker = new FilePacker(this.#packer, (bytes) =>
      deps.breath({ files: 0, bytes, current: this.#current }),
    );
  }

  async write(): Promise<Written> {
    const header: HeaderLine = {
      k: 'header',
      format: 'hmtt-archive',
      version: FORMAT_VERSION,
      needs: [],
      ...this.#spec.header,
      sources: [...resolveSources(this.#spec.sources).roots],
      compression: this.#deps.codec.name,
      kept: [...KEPT],
      notKept: [...NOT_KEPT],
    };
    await this.#line(header);
    await this.#writeReadme(header);
    const walk = scan({
      sources: this.#spec.sources,
      excluded: anyGlob(header.exclude),
      targetDir: this.#spec.targetDir,
    });
    for (const item of walk) await this.#item(item);
    await this.#packer.drain();
    await this.#writeSums();
    for (const skip of this.#skipped) await this.#line({ k: 'skip', ...skip });
    for (let n = 0; n < this.#table.count; n += 1) await this.#line(this.#table.line(n));
    const { skips, ...counts } = this.#count;
    const end: EndLine = {
      k: 'end',
      ...counts,
      gone: 0,
      skips: this.#skipped.length,
      skipsTotal: skips,
      frames: this.#table.count,
      finishedAt: this.#deps.now(),
    };
    await this.#line(end);
    const spooled = await this.#manifest.end();
    await writeTail(this.#archive, {
      codec: this.#deps.codec,
      id: header.id,
      manifest: this.#manifest.file,
      spooled,
      headers: tarHeaders(this.#ownMember('/manifest.ndjson', '0', spooled.length)),
    });
    const archiveBytes = this.#archive.length;
    const manifestFileSha256 = await this.#manifest.file.finish();
    const archiveSha256 = await this.#archive.finish();
    return {
      header,
      end,
      archiveSha256,
      manifestFileSha256,
      manifestSha256: spooled.sha256,
      archiveBytes,
      skipped: this.#skipped.slice(0, SKIPS_REPORTED),
    };
  }

  async #line(line: ManifestLine): Promise<void> {
    this.#manifest.add(Buffer.from(formatLine(line), 'utf8'));
    if (this.#manifest.isDue) await this.#manifest.flush();
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
  }

  async #item(item: ScanItem): Promise<void> {
    this.#current = item.path;
    if (item.kind === 'excluded') this.#count.excluded += 1;
    else if (item.kind === 'skipped') this.#skip(item.path, item.error);
    else await this.#found(item.real, item.path, item.stats);
    await this.#deps.breath({ files: 1, bytes: 0, current: item.path });
  }

  #skip(path: RawPath, error: AppError): void {
    this.#count.skips += 1;
    if (this.#skipped.length < SKIPS_LISTED) this.#skipped.push({ path, error });
  }

  async #found(real: RawPath, path: RawPath, stats: BigIntStats): Promise<void> {
    if (stats.isFile()) {
      const first = stats.nlink > 1n ? this.#links.get(`${stats.dev}:${stats.ino}`) : undefined;
      return first === undefined ? this.#file(real, path, stats) : this.#hardLink(path, stats, first);
    }
    if (stats.isDirectory()) {
      this.#count.directories += 1;
      return this.#plain(path, stats, 'directory', '5', {});
    }
    if (stats.isSymbolicLink()) return this.#symlink(real, path, stats);
    this.#count.special += 1;
    if (stats.isFIFO()) return this.#plain(path, stats, 'fifo', '6', {});
    if (stats.isSocket()) return this.#entry(path, stats, 'socket', {});
    const { major, minor } = deviceNumbers(stats.rdev);
    const kind = stats.isCharacterDevice() ? 'char' : 'block';
    return this.#plain(path, stats, 'device', kind === 'char' ? '3' : '4', {
      device: { kind, major, minor },
    });
  }

  async #symlink(real: RawPath, path: RawPath, stats: BigIntStats): Promise<void> {
    const link = readLink(real);
    if (!link.ok) return this.#skip(path, link.error);
    this.#count.symlinks += 1;
    return this.#plain(path, stats, 'symlink', '2', { link: link.target });
  }

  async #hardLink(path: RawPath, stats: BigIntStats, first: Linked): Promise<void> {
    this.#count.hardLinks += 1;
    const { path: link, ...content } = first;
    this.#addSum(first.sha256, path);
    return this.#plain(path, stats, 'hardlink', '1', { link, ...content });
  }

  async #file(real: RawPath, path: RawPath, stats: BigIntStats): Promise<void> {
    const packed = await this.#filePacker.pack(real, stats, (opened) =>
      tarHeaders(this.#member(path, opened, '0', Number(opened.size), {})),
    );
    if (!packed.ok) return this.#skip(path, packed.error);
    const size = Number(packed.stats.size);
    const content = { size, sha256: packed.sha256, ...(packed.place ?? {}) };
    const allocated = Number(packed.stats.blocks) * 512;
    const extra = {
      ...content,
      // Half a block of slack: file systems that compress or inline small files also allocate less than the size.
      ...(allocated + 4096 < size && process.platform !== 'win32' ? { allocated } : {}),
      ...(packed.changed ? { changed: true } : {}),
    };
    if (packed.changed) this.#skip(path, appError('BACKUP_FILE_CHANGED'));
    if (stats.nlink > 1n) this.#links.set(`${stats.dev}:${stats.ino}`, { path, ...content });
    this.#count.files += 1;
    this.#count.bytes += size;
    this.#addSum(packed.sha256, path);
    if (this.#sums.isDue) await this.#sums.flush();
    return this.#entry(path, packed.stats, 'file', extra);
  }

  #member(
    path: RawPath,
    stats: BigIntStats,
    type: TarMember['type'],
    size: number,
    extra: Partial<EntryLine>,
  ): TarMember {
    const uid = Number(stats.uid);
    const gid = Number(stats.gid);
    return {
      path,
      type,
      size,
      mode: Number(stats.mode) & 0o7777,
      uid,
      gid,
      user: this.#deps.owners.user(uid),
      group: this.#deps.owners.group(gid),
      mtimeNs: stats.mtimeNs,
      ...(extra.link === undefined ? {} : { link: extra.link }),
      ...(extra.device === undefined ? {} : { device: extra.device }),
    };
  }

  /** A member without content of its own. */
  async #plain(
    path: RawPath,
    stats: BigIntStats,
    type: EntryType,
    flag: TarMember['type'],
    extra: Partial<EntryLine>,
  ): Promise<void> {
    const headers = tarHeaders(this.#member(path, stats, flag, 0, extra));
    await this.#packer.reserve(headers.length);
    await this.#packer.append(headers);
    return this.#entry(path, stats, type, extra);
  }

  async #entry(path: RawPath, stats: BigIntStats, type: EntryType, extra: Partial<EntryLine>): Promise<void> {
    this.#count.entries += 1;
    const { mode, uid, gid, user, group, mtimeNs } = this.#member(path, stats, '0', 0, {});
    await this.#line({
      k: 'entry',
      type,
      path,
      size: 0,
      mode,
      uid,
      gid,
      user,
      group,
      mtime: formatMtime(mtimeNs),
      ...extra,
    });
  }

  #addSum(sha256: string, path: RawPath): void {
    this.#sums.add(sumLine(sha256, path));
  }

  /** Puts the spooled list of hashes into the archive: one frame with its tar header, then its frames as they are. */
  async #writeSums(): Promise<void> {
    const sums = await this.#sums.end();
    await this.#packer.append(tarHeaders(this.#ownMember('/SHA256SUMS', '0', sums.length)));
    await this.#packer.drain();
    copyFrames(this.#sums.file.path, sums, this.#archive, (frame) =>
      this.#table.push(frame.size, frame.length, frame.sha256),
    );
    this.#packer.resync();
    await this.#sums.file.abandon();
  }
}
