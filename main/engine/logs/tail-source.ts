import { closeSync, fstatSync, openSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type AppError, appError, describeThrown } from '#shared/errors/index.ts';
import type { FilePosition, StoredSource } from './model.ts';
import { TailedFile } from './tail-file.ts';
import { type FoundFile, findFiles, type PathPattern, placeOf } from './tail-glob.ts';
import { type Candidate, candidateOf, identify, isSameFile, newFileKey, readAt } from './tail-identity.ts';
import { isRotatedName } from './tail-names.ts';

/** A source as the reading thread knows it. */
export type TailSource = StoredSource & {
  readonly path: string;
  readonly pattern: PathPattern;
  readonly format: string;
  readonly zone: string;
  readonly from: 'beginning' | 'end';
};

/** How long files are kept open that nobody writes under their name any more. */
export type TailLimits = {
  readonly maxFiles: number;
  readonly rotatedQuietMs: number;
  readonly goneQuietMs: number;
};

export const defaultLimits: TailLimits = {
  maxFiles: 1000,
  rotatedQuietMs: 10 * 60_000,
  goneQuietMs: 30_000,
};

/** Files beside a lost one that are looked at. */
const MAX_SIBLINGS = 2000;
const RETIRED = 16;

/** A file whose reading is over; what is left in it becomes its last line. */
export type EndedFile = { readonly file: TailedFile; readonly keepPartial: boolean };

type Opened = { readonly handle: number; readonly candidate: Candidate; readonly mtimeMs: number };

/**
 * The files of one source: finds them, knows them again, and keeps those open that are being read. It moves no lines;
 * the ingest asks each file for them.
 */
export class SourceTail {
  readonly source: TailSource;
  readonly files: TailedFile[] = [];
  /** Paths that could not be read, with the reason. */
  readonly errors = new Map<string, AppError>();
  /** What this source's files are known to be, by key; kept up to date by the ingest. */
  readonly known: Map<string, FilePosition>;
  #firstScan: boolean;
  #recovered = false;
  /** Files that need no reading as long as they stay as they are: copies, and files read to their end. */
  readonly #settled = new Map<
    string,
    { readonly size: number; readonly mtimeMs: number; readonly of: string }
  >();
  readonly #occupants = new Map<string, string>();
  #retired: TailedFile[] = [];
  readonly #limits: TailLimits;

  constructor(source: TailSource, known: Map<string, FilePosition>, scanned: boolean, limits: TailLimits) {
    this.source = source;
    this.known = known;
    this.#firstScan = !scanned;
    this.#limits = limits;
  }

  /** Whether the source's files have never been listed. */
  get isNew(): boolean {
    return this.#firstScan;
  }

  /** Looks for files that came, moved or went. Returns files whose reading is over. */
  scan(monotonic: number): readonly EndedFile[] {
    const found = findFiles(this.source.pattern);
    this.errors.clear();
    for (const { path, why } of found.problems) this.#fail(path, why);
    const byPlace = new Map(found.files.map((entry) => [entry.place, entry]));
    for (const file of this.files) this.#locate(file, byPlace.get(file.place));
    const tailed = new Set(this.files.map((file) => file.place));
    let open = this.files.length;
    for (const entry of found.files) {
      if (tailed.has(entry.place) || this.#isSettled(entry)) continue;
      if (open >= this.#limits.maxFiles) {
        this.errors.set(
          this.source.path,
          appError('LOG_TOO_MANY_FILES', {
            path: this.source.path,
            count: found.files.length,
            bound: this.#limits.maxFiles,
          }),
        );
        break;
      }
      if (this.#meet(entry, monotonic)) open += 1;
    }
    this.#recoverMoved(monotonic);
    this.#firstScan = false;
    return this.#endQuiet(monotonic);
  }

  /**
   * A file's content was replaced in place. Its handle goes on as a new file; what was not read yet is looked for in a
   * copy beside it. Returns the old file, to end it.
   */
  replace(file: TailedFile, nowMs: number, monotonic: number): EndedFile {
    const position = file.position(nowMs);
    if (position.headLength > 0) this.known.set(position.key, position);
    const index = this.files.indexOf(file);
    const stats = fstatSync(file.handle, { bigint: true });
    const candidate = candidateOf(file.handle, Number(stats.size), placeOf(stats));
    this.files[index] = this.#tail({
      key: newFileKey(),
      path: file.path,
      opened: { handle: file.handle, candidate, mtimeMs: Number(stats.mtimeMs) },
      offset: 0,
      lines: 0,
      prev: file.key,
      monotonic,
    });
    this.#retired = [file, ...this.#retired].slice(0, RETIRED);
    this.#unsettle(file.key);
    const copied = position.headLength > 0 && this.#recover(position, monotonic);
    this.#occupants.set(file.path, this.files[index]?.key ?? '');
    this.#findMissed(position, monotonic);
    return { file, keepPartial: !copied };
  }

  /** Closes a file that is not read any more. */
  drop(file: TailedFile): void {
    const index = this.files.indexOf(file);
    if (index < 0) return;
    this.files.splice(index, 1);
    file.close();
  }

  close(): void {
    for (const file of this.files) file.close();
    this.files.length = 0;
  }

  #fail(path: string, why: string): void {
    this.errors.set(
      path,
      why === 'LOG_NOT_A_FILE'
        ? appError('LOG_NOT_A_FILE', { file: path })
        : appError('LOG_FILE_UNREADABLE', { file: path, why }),
    );
  }

  #locate(file: TailedFile, entry: FoundFile | undefined): void {
    if (entry !== undefined) {
      const moved = entry.path !== file.path;
      file.path = entry.path;
      if (moved) file.standing = 'rotated';
      else if (file.standing === 'gone') file.standing = 'following';
      return;
    }
    try {
      file.standing = fstatSync(file.handle).nlink === 0 ? 'gone' : 'rotated';
    } catch (thrown) {
      file.standing = 'error';
      this.#fail(file.path, describeThrown(thrown));
    }
  }

  #isSettled(entry: FoundFile): boolean {
    const settled = this.#settled.get(entry.place);
    return settled !== undefined && settled.size === entry.size && settled.mtimeMs === entry.mtimeMs;
  }

  #unsettle(key: string): void {
    for (const [place, settled] of this.#settled) if (settled.of === key) this.#settled.delete(place);
  }

  #unclaimed(): FilePosition[] {
    const claimed = new Set(this.files.map((file) => file.key));
    return [...this.known.values()].filter((position) => !claimed.has(position.key));
  }

  /** Opens a file that has just been found and decides what it is. True when it is read from now on. */
  #meet(entry: FoundFile, monotonic: number): boolean {
    const opened = this.#open(entry.path);
    if (opened === null) return false;
    const { candidate } = opened;
    const position = identify(this.#unclaimed(), candidate);
    if (position !== null) {
      if (position.finished && position.offset === candidate.size) {
        this.#settle(entry, position.key, opened.handle);
        return false;
      }
      this.files.push(this.#resume(position, entry.path, opened, monotonic));
      return true;
    }
    const original = this.#originalOf(candidate, entry.path);
    if (original !== null) {
      this.#settle(entry, original, opened.handle);
      return false;
    }
    const fromEnd = this.#firstScan && this.source.from === 'end';
    this.files.push(
      this.#tail({
        key: newFileKey(),
        path: entry.path,
        opened,
        offset: fromEnd ? lastLineStart(opened.handle, candidate.size) : 0,
        lines: 0,
        prev: this.#occupants.get(entry.path) ?? null,
        monotonic,
      }),
    );
    return true;
  }

  #originalOf(candidate: Candidate, path: string): string | null {
    for (const file of this.files) {
      const related = isRotatedName(file.path, path) || isRotatedName(path, file.path);
      if (!related || (this.#firstScan && candidate.size < 256)) continue;
      if (file.isCopiedBy(candidate) || file.isBeginning(candidate)) return file.key;
    }
    return this.#retired.find((file) => file.isBeginning(candidate))?.key ?? null;
  }

  #settle(entry: FoundFile, of: string, handle: number): void {
    closeSync(handle);
    this.#settled.set(entry.place, { size: entry.size, mtimeMs: entry.mtimeMs, of });
  }

  #open(path: string): Opened | null {
    let handle: number;
    try {
      handle = openSync(path, 'r');
    } catch (thrown) {
      // A file that went between listing and opening is no failure.
      if ((thrown as { readonly code?: unknown }).code !== 'ENOENT') this.#fail(path, describeThrown(thrown));
      return null;
    }
    try {
      const stats = fstatSync(handle, { bigint: true });
      return {
        handle,
        candidate: candidateOf(handle, Number(stats.size), placeOf(stats)),
        mtimeMs: Number(stats.mtimeMs),
      };
    } catch (thrown) {
      closeSync(handle);
      this.#fail(path, describeThrown(thrown));
      return null;
    }
  }

  #tail(options: {
    readonly key: string;
    readonly path: string;
    readonly opened: Opened;
    readonly offset: number;
    readonly lines: number;
    readonly prev: string | null;
    readonly monotonic: number;
  }): TailedFile {
    return new TailedFile({
      ...options,
      sourceId: this.source.id,
      handle: options.opened.handle,
      candidate: options.opened.candidate,
      zone: this.source.zone,
    });
  }

  #resume(position: FilePosition, path: string, opened: Opened, monotonic: number): TailedFile {
    return this.#tail({
      key: position.key,
      path,
      opened,
      offset: position.offset,
      lines: position.lines,
      prev: position.prev,
      monotonic,
    });
  }

  /** After names were matched to files: looks for files that left their name while nobody watched. */
  #recoverMoved(monotonic: number): void {
    const lost: FilePosition[] = [];
    if (!this.#recovered) {
      this.#recovered = true;
      lost.push(...this.#unclaimed().filter((position) => !position.finished));
      for (const position of lost) this.#recover(position, monotonic);
    }
    const now = new Map(
      this.files.filter((file) => file.standing === 'following').map((f) => [f.path, f.key]),
    );
    for (const [path, key] of this.#occupants) {
      const position = this.known.get(key);
      if (position !== undefined && now.get(path) !== key) lost.push({ ...position, path });
    }
    for (const position of lost) this.#findMissed(position, monotonic);
    for (const path of this.#occupants.keys()) if (!now.has(path)) this.#occupants.delete(path);
    for (const [path, key] of now) this.#occupants.set(path, key);
  }

  /** Looks for a known file beside its last name and reads on there. */
  #recover(position: FilePosition, monotonic: number): boolean {
    for (const { path, opened } of this.#siblings(position.path)) {
      const trusted = isRotatedName(position.path, path)
        ? { ...position, place: opened.candidate.place }
        : position;
      if (isSameFile(trusted, opened.candidate)) {
        const file = this.#resume(position, path, opened, monotonic);
        file.standing = 'rotated';
        this.files.push(file);
        return true;
      }
      closeSync(opened.handle);
    }
    return false;
  }

  /** Reads rotated files that are newer than a lost one and that nobody has seen: rotated twice in one gap. */
  #findMissed(position: FilePosition, monotonic: number): void {
    for (const { path, opened } of this.#siblings(position.path)) {
      const missed =
        isRotatedName(position.path, path) &&
        opened.candidate.size > 0 &&
        opened.mtimeMs >= position.arrivalMs &&
        identify(this.known.values(), opened.candidate) === null &&
        this.#originalOf(opened.candidate, path) === null;
      if (missed) {
        const file = this.#tail({
          key: newFileKey(),
          path,
          opened,
          offset: 0,
          lines: 0,
          prev: position.key,
          monotonic,
        });
        file.standing = 'rotated';
        this.files.push(file);
      } else closeSync(opened.handle);
    }
  }

  /** Opens the files in a path's folder that are not being read, the latest written first. The caller closes them. */
  *#siblings(path: string): Generator<{ readonly path: string; readonly opened: Opened }> {
    const folder = dirname(path);
    let names: readonly string[];
    try {
      names = readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name)
        .slice(0, MAX_SIBLINGS);
    } catch (thrown) {
      if ((thrown as { readonly code?: unknown }).code !== 'ENOENT')
        this.#fail(folder, describeThrown(thrown));
      return;
    }
    const errors = new Map(this.errors);
    const found = names.map((name) => join(folder, name)).filter((name) => name !== path);
    const opened: { path: string; opened: Opened }[] = [];
    for (const name of found) {
      const file = this.#open(name);
      if (file === null) continue;
      if (this.files.some((tailed) => tailed.place === file.candidate.place)) closeSync(file.handle);
      else opened.push({ path: name, opened: file });
    }
    // Neighbours that cannot be read are nobody's concern.
    this.errors.clear();
    for (const [name, error] of errors) this.errors.set(name, error);
    opened.sort((a, b) => b.opened.mtimeMs - a.opened.mtimeMs);
    let next = 0;
    try {
      for (const entry of opened) {
        next += 1;
        yield entry;
      }
    } finally {
      for (const entry of opened.slice(next)) closeSync(entry.opened.handle);
    }
  }

  #endQuiet(monotonic: number): readonly EndedFile[] {
    const ended: EndedFile[] = [];
    for (const file of [...this.files]) {
      const bound =
        file.standing === 'gone'
          ? this.#limits.goneQuietMs
          : file.standing === 'rotated'
            ? this.#limits.rotatedQuietMs
            : Number.POSITIVE_INFINITY;
      if (file.lag > 0 || monotonic - file.quietSince < bound) continue;
      ended.push({ file, keepPartial: true });
    }
    return ended;
  }
}

/** Where the last line begins, so that a line being written is read whole later. Looks back at most a MiB. */
function lastLineStart(handle: number, size: number): number {
  const start = Math.max(0, size - 1024 * 1024);
  const bytes = readAt(handle, start, size - start);
  const newline = bytes.lastIndexOf(10);
  return newline < 0 ? (start === 0 ? 0 : size) : start + newline + 1;
}
