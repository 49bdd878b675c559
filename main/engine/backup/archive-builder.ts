import type { BigIntStats } from 'node:fs';
import { encodePath, type RawPath } from '../platform/raw-path.ts';
import type { Codec } from './codec.ts';
import { type FileSecret, newFileSecret } from './crypto/age-head.ts';
import { type EntryExtra, EntryRecorder, type Skip } from './entry-recorder.ts';
import { REBUILD_SCRIPT, type Rebuild, rebuildScript } from './extents/rebuild-script.ts';
import type { FactsList } from './facts-list.ts';
import { FrameTable } from './frame-table.ts';
import type { EndLine, EntryType, HeaderLine } from './manifest.ts';
import { OutputFile } from './output-file.ts';
import type { OwnerNames } from './owners.ts';
import { readmeText } from './readme-text.ts';
import { RESERVED_NAME } from './scan.ts';
import { Spool } from './spool.ts';
import { copyFrames, writeTail } from './tail-writer.ts';
import { padding, type TarMember, tarHeaders } from './tar-header.ts';
import { TarPacker } from './tar-packer.ts';

/** Files that a run writes; all are new, and none has a final name. */
export type PartPaths = { readonly archive: string; readonly manifest: string; readonly sums: string };

/** What was written. */
export type Written = {
  readonly header: HeaderLine;
  readonly end: EndLine;
  /** What opens archive and manifest file again; null when they are not encrypted. */
  readonly secrets: { readonly archive: FileSecret; readonly manifest: FileSecret } | null;
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

/** What an archive is made with. */
export type BuilderParts = {
  readonly parts: PartPaths;
  readonly header: HeaderLine;
  readonly codec: Codec;
  readonly owners: OwnerNames;
  readonly now: () => number;
  /** age recipients; when there are any, all three files are encrypted to them. */
  readonly recipients: readonly string[];
  /** Hears now and then how much of the archive is on the disk. */
  readonly onDisk?: (archive: OnDisk) => void;
};

/** What of an archive that is being written can be read back. */
export type OnDisk = {
  /** Its frames so far. */
  readonly table: FrameTable;
  /** Plain bytes, from the first, that are on the disk. */
  readonly bytes: number;
  /** What opens it; null when it is not encrypted. */
  readonly secret: FileSecret | null;
};

const SKIPS_REPORTED = 1_000;
const DOT_SLASH = Buffer.from('./');
const NUL = Buffer.alloc(1);

/**
 * Opens the files of an archive, has its entries written, and completes it: under the `.part` names, fsynced but neither
 * verified nor published. A failure closes all of them.
 *
 * @param write writes the entries; what it returns goes into the manifest's last line
 */
export async function buildArchive(
  parts: BuilderParts,
  write: (builder: ArchiveBuilder) => Promise<Pick<EndLine, 'unchanged'>>,
): Promise<Written> {
  const files: OutputFile[] = [];
  try {
    const create = async (path: string, onDisk?: (bytes: number) => void): Promise<OutputFile> => {
      const { recipients } = parts;
      const file = new OutputFile(
        path,
        recipients.length > 0 ? await newFileSecret(recipients) : null,
        onDisk,
      );
      files.push(file);
      return file;
    };
    const table = new FrameTable();
    const archive = await create(parts.parts.archive, (bytes) =>
      parts.onDisk?.({ table, bytes, secret: archive.secret }),
    );
    const manifest = new Spool(await create(parts.parts.manifest), parts.codec, 'lines');
    // The list of hashes names every file, so it is not left lying on the medium in clear either.
    const sums = new Spool(await create(parts.parts.sums), parts.codec, 'blocks');
    const builder = new ArchiveBuilder(
      parts,
      archive,
      table,
      new EntryRecorder(manifest, sums, parts.owners),
    );
    await builder.begin();
    return await builder.finish(await write(builder));
  } catch (thrown) {
    for (const file of files) await file.abandon();
    throw thrown;
  }
}

/** What stands in every archive, whatever its entries come from: what belongs to the format, manifest, tail. */
export class ArchiveBuilder {
  readonly recorder: EntryRecorder;
  readonly packer: TarPacker;
  /** Files of which the archive has pieces. */
  readonly rebuilds: Rebuild[] = [];
  readonly #parts: BuilderParts;
  readonly #archive: OutputFile;
  readonly #table: FrameTable;

  constructor(parts: BuilderParts, archive: OutputFile, table: FrameTable, recorder: EntryRecorder) {
    this.#parts = parts;
    this.#archive = archive;
    this.#table = table;
    this.recorder = recorder;
    this.packer = new TarPacker(parts.codec, archive, this.#table);
  }

  /** Writes what stands before the entries. */
  async begin(): Promise<void> {
    const { header } = this.#parts;
    await this.recorder.line(header);
    const text = Buffer.from(readmeText(header), 'utf8');
    await this.packer.append(tarHeaders(this.#ownMember('', '5', 0)));
    await this.#ownFile('/README.txt', [text]);
    // `sha256sum -c` calls an empty list an error, and where nothing changed there is nothing else to list.
    if (header.type !== 'full') this.recorder.sum(`${RESERVED_NAME}/README.txt`, text);
  }

  /** Writes a member without content of its own, and its entry. */
  async plain(
    path: RawPath,
    stats: BigIntStats,
    type: EntryType,
    flag: TarMember['type'],
    extra: EntryExtra,
    facts: string | null = null,
  ): Promise<void> {
    const headers = tarHeaders(this.recorder.member(path, stats, flag, 0, extra));
    await this.packer.reserve(headers.length);
    await this.packer.append(headers);
    return this.recorder.entry(path, stats, type, extra, facts);
  }

  /** Writes what stands behind the entries, and puts everything on the disk. */
  async finish(extra: Pick<EndLine, 'unchanged'>): Promise<Written> {
    const { header, codec, now } = this.#parts;
    const { manifest, skips, facts, gone } = this.recorder;
    if (header.type !== 'full') {
      // For `xargs -0 rm`, and for the shell.
      await this.#ownFile(
        '/DELETED',
        gone.map((path) => Buffer.concat([DOT_SLASH, encodePath(path), NUL])),
      );
      await this.#ownFile(REBUILD_SCRIPT.slice(RESERVED_NAME.length), [rebuildScript(this.rebuilds)]);
    }
    await this.packer.drain();
    await this.#writeSums();
    const end = await this.recorder.end(this.#table, now(), extra);
    const spooled = await manifest.end();
    await writeTail(this.#archive, {
      codec,
      id: header.id,
      manifest: manifest.file,
      spooled,
      headers: tarHeaders(this.#ownMember('/manifest.ndjson', '0', spooled.length)),
    });
    const manifestFileSha256 = await manifest.file.finish();
    const archiveSha256 = await this.#archive.finish();
    const secrets =
      this.#archive.secret === null || manifest.file.secret === null
        ? null
        : { archive: this.#archive.secret, manifest: manifest.file.secret };
    return {
      header,
      end,
      secrets,
      archiveBytes: this.#archive.stored,
      manifestFileSha256,
      archiveSha256,
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
      mtimeNs: BigInt(Math.floor(this.#parts.header.startedAt / 1000)) * 1_000_000_000n,
    };
  }

  async #ownFile(path: string, pieces: readonly Buffer[]): Promise<void> {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    await this.packer.append(tarHeaders(this.#ownMember(path, '0', length)));
    for (const piece of pieces) await this.packer.append(piece);
    await this.packer.zeros(padding(length));
  }

  /** Puts the spooled list of hashes into the archive: one frame with its tar header, then its frames as they are. */
  async #writeSums(): Promise<void> {
    const { sums } = this.recorder;
    const spooled = await sums.end();
    await this.packer.append(tarHeaders(this.#ownMember('/SHA256SUMS', '0', spooled.length)));
    await this.packer.drain();
    await copyFrames(sums.file, spooled, this.#archive, (frame) =>
      this.#table.push(frame.size, frame.length, frame.sha256),
    );
    this.packer.resync();
    await sums.file.abandon();
  }
}
