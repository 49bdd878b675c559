import { closeSync, fstatSync } from 'node:fs';
import { type AppError, appError, describeThrown, ok, type Result } from '#shared/errors/index.ts';
import type { FilePosition, StoredSource } from './model.ts';
import { type Sought, searchCompressed } from './tail-compressed.ts';
import { TailedFile } from './tail-file.ts';
import { type FoundFile, findFiles, type PathPattern } from './tail-glob.ts';
import { type Candidate, identify, isSameFile, newFileKey, trusting } from './tail-identity.ts';
import { TailMemory } from './tail-memory.ts';
import { isRotatedName } from './tail-names.ts';
import { lastLineStart, lookAt, type Opened, openCandidate, visitSiblings } from './tail-open.ts';

/** A source as the reading thread knows it. */
export type TailSource = StoredSource & {
  readonly path: string;
  readonly pattern: PathPattern;
  readonly format: string;
  readonly zone: string;
  readonly from: 'beginning' | 'end';
};

/** How many files are open at a time, and how long those are kept open that nobody writes under their name any more. */
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

/** What a scan or a replacement changed. */
export type TailChanges = {
  /** Files that are read from now on and are not known yet: their position is to be stored, so that they are. */
  readonly fresh: readonly TailedFile[];
  /** Files whose reading is over. `partial`: what is left in them without a line end is their last line. */
  readonly ended: readonly { readonly file: TailedFile; readonly partial: boolean }[];
  /** Positions whose files were found nowhere; they are not to be sought again. */
  readonly lost: readonly FilePosition[];
};

/**
 * The files of one source: finds them, knows them again, and keeps those open that are being read
 * (docs/logs-format.md, "Identity of a log file"). It moves no lines; the ingest asks each file for them.
 */
export class SourceTail {
  readonly source: TailSource;
  readonly files: TailedFile[] = [];
  /** Paths that could not be read, with the reason. */
  readonly errors = new Map<string, AppError>();
  /** What this source's files are known to be, by key; kept up to date by the ingest. */
  readonly known: Map<string, FilePosition>;
  readonly #limits: TailLimits;
  #firstScan: boolean;
  #recovered = false;
  /** Which file stood under a path when it was last looked at. */
  readonly #occupants = new Map<string, string>();
  readonly #memory = new TailMemory();
  /** Files whose rest was found nowhere as it is; it may have been compressed already. */
  #sought: Sought[] = [];
  #lost: FilePosition[] = [];
  #fresh: TailedFile[] = [];
  #ended: { readonly file: TailedFile; readonly partial: boolean }[] = [];

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

  /** Looks for files that came, moved or went. */
  scan(monotonic: number): TailChanges {
    const found = findFiles(this.source.pattern);
    this.errors.clear();
    for (const { path, why } of found.problems) this.#fail(path, why);
    const byPlace = new Map(found.files.map((entry) => [entry.place, entry]));
    for (const file of this.files) this.#locate(file, byPlace.get(file.place));
    const tailed = new Set(this.files.map((file) => file.place));
    for (const entry of found.files) {
      if (tailed.has(entry.place) || this.#memory.isSettled(entry)) continue;
      if (this.files.length >= this.#limits.maxFiles) {
        const bounds = { path: this.source.path, count: found.files.length, bound: this.#limits.maxFiles };
        this.errors.set(bounds.path, appError('LOG_TOO_MANY_FILES', bounds));
        break;
      }
      this.#meet(entry, monotonic);
    }
    this.#recoverMoved(monotonic);
    this.#firstScan = false;
    this.#endQuiet(monotonic);
    return this.#takeChanges();
  }

  /**
   * A file's content was replaced in place. Its handle goes on as a new file; what was not read of the old content is
   * looked for in a copy beside it.
   */
  replace(file: TailedFile, monotonic: number): TailChanges {
    this.#replace(file, monotonic);
    return this.#takeChanges();
  }

  /**
   * A file of which hardly anything was read has changed: it may have been filled, copied, truncated and begun alike
   * meanwhile, which its own content cannot tell.
   */
  begun(file: TailedFile, monotonic: number): TailChanges {
    this.#findMissed(file.position(), monotonic);
    return this.#takeChanges();
  }

  /** Whether {@link recoverCompressed} has something to look for. */
  get seeks(): boolean {
    return this.#sought.length > 0;
  }

  /**
   * Looks for what was not found as it is in rotated files that have been compressed meanwhile, and takes up those that
   * were missed altogether. They are decompressed into `folder`.
   *
   * @returns an error when the disk is full; what was sought is sought again then
   */
  async recoverCompressed(folder: string, monotonic: number): Promise<Result<TailChanges>> {
    // The rests of known files first: what is left over then was missed.
    const inOrder = [...this.#sought].sort((a, b) => Number(b.rest) - Number(a.rest));
    for (const sought of inOrder) {
      const { position, rest, file } = sought;
      const view = { known: this.known, files: this.files, memory: this.#memory, folder };
      const found = await searchCompressed(sought, view);
      if (!found.ok) return found;
      for (const { opened, own } of found.value.taken)
        this.#addRotated(own ? position : null, position, opened, monotonic);
      for (const [path, error] of found.value.problems) this.errors.set(path, error);
      this.#sought = this.#sought.filter((one) => one !== sought);
      const continued = found.value.taken.some((one) => one.own);
      if (file !== null) this.#ended.push({ file, partial: !continued });
      else if (rest && !continued) this.#lost.push(position);
    }
    return ok(this.#takeChanges());
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

  #takeChanges(): TailChanges {
    const changes = { fresh: this.#fresh, ended: this.#ended, lost: this.#lost };
    this.#lost = [];
    this.#fresh = [];
    this.#ended = [];
    return changes;
  }

  #fail(path: string, why: string): void {
    const error =
      why === 'LOG_NOT_A_FILE'
        ? appError('LOG_NOT_A_FILE', { file: path })
        : appError('LOG_FILE_UNREADABLE', { file: path, why });
    this.errors.set(path, error);
  }

  #locate(file: TailedFile, entry: FoundFile | undefined): void {
    if (entry !== undefined) {
      if (entry.path !== file.path) file.standing = 'rotated';
      else if (file.standing === 'gone') file.standing = 'following';
      file.path = entry.path;
      return;
    }
    try {
      file.standing = fstatSync(file.handle).nlink === 0 ? 'gone' : 'rotated';
    } catch (thrown) {
      file.standing = 'error';
      this.#fail(file.path, describeThrown(thrown));
    }
  }

  #settle(opened: Opened, of: string): void {
    this.#memory.settle(opened, of);
    closeSync(opened.handle);
  }

  /** The position that a file on the disk continues, if it is a known file that is not open. */
  #knownAs(candidate: Candidate, path: string): FilePosition | null {
    const claimed = new Set(this.files.map((file) => file.key));
    const unclaimed = [...this.known.values()].filter(
      (position) => !claimed.has(position.key) && !(position.finished && position.offset === 0),
    );
    const trusted = unclaimed.map((position) => trusting(position, candidate, path));
    return identify(trusted, candidate);
  }

  /** Opens a file that has just been found and decides what it is. */
  #meet(entry: FoundFile, monotonic: number): void {
    const opened = openCandidate(entry.path, (why) => this.#fail(entry.path, why));
    if (opened === null || this.#takeUp(opened, true, monotonic)) return;
    const original = this.#memory.originalOf(opened, this.files, this.#firstScan);
    if (original !== null) {
      // A copy is made before its original is truncated. If that has happened by now, the copy is what goes on.
      if (this.files.includes(original) && !original.stillSame()) this.#replace(original, monotonic);
      const taken = this.files.some((file) => file.place === opened.candidate.place);
      if (taken) closeSync(opened.handle);
      else if (!this.#takeUp(opened, true, monotonic)) this.#settle(opened, original.key);
      return;
    }
    if (this.#takeUp(opened, false, monotonic)) return;
    const fromEnd = this.#firstScan && this.source.from === 'end';
    const offset = fromEnd ? lastLineStart(opened.handle, opened.candidate.size) : 0;
    if (this.#firstScan) this.#memory.noteOlder(entry.path);
    this.#add(this.#startNew(opened, entry.path, offset, this.#occupants.get(entry.path) ?? null, monotonic));
  }

  /**
   * Reads on in a file that is known; false when it is not.
   *
   * @param byContent false: also a file of which nothing is stored, which only its inode can tell
   */
  #takeUp(opened: Opened, byContent: boolean, monotonic: number): boolean {
    const position = this.#knownAs(opened.candidate, opened.path);
    if (position === null || (byContent && position.offset === 0)) return false;
    if (position.finished && position.offset === opened.candidate.size) this.#settle(opened, position.key);
    else {
      this.#add(this.#resume(position, opened, monotonic), false);
      // Of a file without any stored line the content tells nothing: it may have been filled and emptied meanwhile.
      if (position.offset === 0) this.#findMissed(position, monotonic);
    }
    return true;
  }

  #replace(file: TailedFile, monotonic: number): void {
    const index = this.files.indexOf(file);
    if (index < 0) return;
    const successor = this.#startNew(lookAt(file.path, file.handle), file.base, 0, file.key, monotonic);
    successor.standing = file.standing;
    this.files[index] = successor;
    this.#fresh.push(successor);
    this.#memory.retire(file);
    if (this.#occupants.get(file.path) === file.key) this.#occupants.set(file.path, successor.key);
    const position = file.position();
    const copied = this.#recover(position, (opened) => file.isContinuedBy(opened.candidate), monotonic);
    this.#findMissed(position, monotonic);
    if (copied) this.#ended.push({ file, partial: false });
    else this.#sought.push({ position, rest: true, file });
  }

  #startNew(
    opened: Opened,
    base: string,
    offset: number,
    prev: string | null,
    monotonic: number,
  ): TailedFile {
    return new TailedFile({
      key: newFileKey(),
      sourceId: this.source.id,
      opened,
      base,
      offset,
      lines: 0,
      prev,
      zone: this.source.zone,
      monotonic,
      readMtimeMs: opened.mtimeMs,
    });
  }

  #resume(position: FilePosition, opened: Opened, monotonic: number): TailedFile {
    return new TailedFile({
      key: position.key,
      sourceId: this.source.id,
      opened,
      base: position.path,
      offset: position.offset,
      lines: position.lines,
      prev: position.prev,
      zone: this.source.zone,
      monotonic,
      readMtimeMs: position.mtimeMs,
    });
  }

  /** Reads a rotated file: on from `position`, or from its beginning as one that came after `lost`. */
  #addRotated(position: FilePosition | null, lost: FilePosition, opened: Opened, monotonic: number): void {
    const file =
      position === null
        ? this.#startNew(opened, lost.path, 0, lost.key, monotonic)
        : this.#resume(position, opened, monotonic);
    file.standing = 'rotated';
    // Stored at once, because the file has another place now.
    this.#add(file);
  }

  #add(file: TailedFile, fresh = true): void {
    this.files.push(file);
    if (fresh) this.#fresh.push(file);
  }

  /** After names were matched to files: looks for files that left their name while nobody looked. */
  #recoverMoved(monotonic: number): void {
    if (!this.#recovered) {
      this.#recovered = true;
      this.#recoverKnown(monotonic);
    }
    const now = new Map(
      this.files.filter((file) => file.standing === 'following').map((f) => [f.path, f.key]),
    );
    for (const [path, key] of this.#occupants) {
      const position = this.known.get(key);
      if (position !== undefined && now.get(path) !== key) this.#findMissed({ ...position, path }, monotonic);
    }
    // A path that nobody stands under keeps its last occupant: what comes next may already have moved on, too.
    for (const [path, key] of now) this.#occupants.set(path, key);
  }

  /** Once, after a start: finds the files that were being read, wherever they are now. */
  #recoverKnown(monotonic: number): void {
    const open = new Set(this.files.map((file) => file.key));
    for (const position of this.known.values()) {
      if (position.finished) continue;
      const occupant = this.known.get(this.#occupants.get(position.path) ?? '');
      if (occupant === undefined || occupant.mtimeMs < position.mtimeMs)
        this.#occupants.set(position.path, position.key);
      if (open.has(position.key)) continue;
      const found = this.#recover(
        position,
        ({ candidate, path }) => isSameFile(trusting(position, candidate, path), candidate),
        monotonic,
      );
      if (!found) this.#sought.push({ position, rest: true, file: null });
    }
  }

  #isOpen(place: string): boolean {
    return this.files.some((file) => file.place === place);
  }

  /** Looks for a known file beside its last name and reads on there. */
  #recover(position: FilePosition, same: (opened: Opened) => boolean, monotonic: number): boolean {
    let found = false;
    visitSiblings(
      position.path,
      (neighbour) => neighbour.size >= position.offset && !this.#isOpen(neighbour.place),
      (opened) => {
        if (!same(opened)) return { keep: false, stop: false };
        this.#addRotated(position, position, opened, monotonic);
        found = true;
        return { keep: true, stop: true };
      },
    );
    return found;
  }

  /** Reads rotated files that are newer than a lost one and that nobody has seen: rotated twice in one gap. */
  #findMissed(position: FilePosition, monotonic: number): void {
    visitSiblings(
      position.path,
      (neighbour) =>
        neighbour.mtimeMs >= position.mtimeMs &&
        !this.#memory.isOlder(neighbour.place) &&
        isRotatedName(position.path, neighbour.path) &&
        !this.#isOpen(neighbour.place),
      (opened) => {
        const seen =
          this.#knownAs(opened.candidate, opened.path) !== null ||
          this.#memory.originalOf(opened, this.files, this.#firstScan) !== null;
        if (seen) return { keep: false, stop: false };
        this.#addRotated(null, position, opened, monotonic);
        return { keep: true, stop: false };
      },
    );
    this.#sought.push({ position, rest: false, file: null });
  }

  #endQuiet(monotonic: number): void {
    for (const file of this.files) {
      const { goneQuietMs, rotatedQuietMs } = this.#limits;
      if (file.standing !== 'gone' && file.standing !== 'rotated') continue;
      const quiet = file.standing === 'gone' ? goneQuietMs : rotatedQuietMs;
      if (file.lag === 0 && monotonic - file.quietSince >= quiet) this.#ended.push({ file, partial: true });
    }
  }
}
