import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { AppError } from '#shared/errors/index.ts';
import type { RawPath } from '../platform/raw-path.ts';
import { FactsList } from './facts-list.ts';
import type { FrameTable } from './frame-table.ts';
import {
  type EndLine,
  type EntryLine,
  type EntryType,
  formatLine,
  formatMtime,
  type ManifestLine,
} from './manifest.ts';
import type { OwnerNames } from './owners.ts';
import { sumLine } from './source-facts.ts';
import type { Spool } from './spool.ts';
import type { TarMember } from './tar-header.ts';

/** Something that could not be kept, or not unchanged. */
export type Skip = { readonly path: RawPath; readonly error: AppError };

/** What an entry has besides what `lstat` says. */
export type EntryExtra = Partial<Omit<EntryLine, 'k' | 'type' | 'path'>>;

const SKIPS_LISTED = 100_000;

const COUNTER: Readonly<Record<EntryType, 'files' | 'directories' | 'symlinks' | 'hardLinks' | 'special'>> = {
  file: 'files',
  directory: 'directories',
  symlink: 'symlinks',
  hardlink: 'hardLinks',
  fifo: 'special',
  socket: 'special',
  device: 'special',
};

/** Writes the manifest and the list of hashes while the archive is made, and counts. */
export class EntryRecorder {
  readonly manifest: Spool;
  readonly sums: Spool;
  readonly #owners: OwnerNames;
  /** What only this machine can say of each entry, for the index. */
  readonly facts = new FactsList();
  readonly #skips: Skip[] = [];
  readonly #gone: RawPath[] = [];
  readonly #count = {
    files: 0,
    directories: 0,
    symlinks: 0,
    hardLinks: 0,
    special: 0,
    bytes: 0,
    excluded: 0,
  };
  #entries = 0;
  #skipsTotal = 0;

  constructor(manifest: Spool, sums: Spool, owners: OwnerNames) {
    this.manifest = manifest;
    this.sums = sums;
    this.#owners = owners;
  }

  /** What could not be kept, at most the first 100,000. */
  get skips(): readonly Skip[] {
    return this.#skips;
  }

  async line(line: ManifestLine): Promise<void> {
    this.manifest.add(formatLine(line));
    if (this.manifest.isDue) await this.manifest.flush();
  }

  skip(path: RawPath, error: AppError): void {
    this.#skipsTotal += 1;
    if (this.#skips.length < SKIPS_LISTED) this.#skips.push({ path, error });
  }

  /** Lists the hash of a file that is no entry. */
  sum(path: RawPath, content: Buffer): void {
    this.sums.add(sumLine(createHash('sha256').update(content).digest('hex'), path));
  }

  /** Paths that are gone, in no order. */
  get gone(): readonly RawPath[] {
    return this.#gone;
  }

  /** Records that a path of the parent is no more, with all below it. */
  goneNow(path: RawPath): void {
    this.#gone.push(path);
  }

  exclude(): void {
    this.#count.excluded += 1;
  }

  /** The tar member of something that the walk found. */
  member(
    path: RawPath,
    stats: BigIntStats,
    type: TarMember['type'],
    size: number,
    extra: EntryExtra = {},
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
      user: this.#owners.user(uid),
      group: this.#owners.group(gid),
      mtimeNs: stats.mtimeNs,
      ...(extra.link === undefined ? {} : { link: extra.link }),
      ...(extra.device === undefined ? {} : { device: extra.device }),
      ...(extra.xattrs === undefined ? {} : { xattrs: extra.xattrs }),
    };
  }

  /** Records an entry that is in the archive now. */
  async entry(
    path: RawPath,
    stats: BigIntStats,
    type: EntryType,
    extra: EntryExtra,
    facts: string | null = null,
  ): Promise<void> {
    const { mode, uid, gid, user, group, mtimeNs } = this.member(path, stats, '0', 0);
    const mtime = formatMtime(mtimeNs);
    const line = { k: 'entry' as const, type, path, size: 0, mode, uid, gid, user, group, mtime, ...extra };
    await this.entryLine(line, facts);
  }

  /** Records an entry as its line says it. */
  async entryLine(line: EntryLine, facts: string | null): Promise<void> {
    this.#entries += 1;
    this.facts.add(facts);
    this.#count[COUNTER[line.type]] += 1;
    if (line.type === 'file') this.#count.bytes += line.size;
    if (line.sha256 !== undefined) {
      this.sums.add(sumLine(line.sha256, line.path));
      if (this.sums.isDue) await this.sums.flush();
    }
    await this.line(line);
  }

  /** Writes what stands behind the entries: gone paths, skips, frames, end. */
  async end(table: FrameTable, finishedAt: number, extra: Pick<EndLine, 'unchanged'>): Promise<EndLine> {
    for (const path of this.#gone) await this.line({ k: 'gone', path });
    for (const skip of this.#skips) await this.line({ k: 'skip', ...skip });
    for (let n = 0; n < table.count; n += 1) await this.line(table.line(n));
    const end: EndLine = {
      k: 'end',
      entries: this.#entries,
      gone: this.#gone.length,
      skips: this.#skips.length,
      skipsTotal: this.#skipsTotal,
      frames: table.count,
      ...this.#count,
      ...extra,
      finishedAt,
    };
    await this.line(end);
    return end;
  }
}
