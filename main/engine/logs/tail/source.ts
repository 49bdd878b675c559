import { closeSync, fstatSync } from 'node:fs';
import type { LogEncoding } from '#shared/contract/logs-reading.ts';
import { type AppError, appError, describeThrown, ok, type Result } from '#shared/errors/index.ts';
import type { SourceReading, SourceRow } from '../messages.ts';
import type { FilePosition, StoredSource } from '../model.ts';
import { type Sought, searchCompressed } from './compressed.ts';
import type { TailedFile } from './file.ts';
import type { FoundFile } from './glob.ts';
import { isSameFile, trusting } from './identity.ts';
import type { TailLimits } from './limits.ts';
import { TailMemory } from './memory.ts';
import { isKinName, isRotatedName } from './names.ts';
import {
  ATTEMPTS,
  lastLineStart,
  lookAt,
  type Neighbour,
  type Opened,
  openCandidate,
  stillHolds,
  visitSiblings,
} from './open.ts';
import { findSourceFiles, parseSourcePaths, type SourcePaths } from './paths.ts';
import { isStoredBeginning, type LineLookup } from './prefix.ts';
import { type TailChanges, TailSet } from './set.ts';

/** A source as the reading thread knows it. */
export type TailSource = StoredSource & {
  readonly path: string;
  readonly paths: SourcePaths;
  readonly format: string;
  readonly zone: string;
  readonly from: 'beginning' | 'end';
  readonly reading?: SourceReading;
};

/** The reading thread's view of a row; LOG_PATH_… when its paths are wrong, which was refused when they were given. */
export function tailSourceOf(row: SourceRow): Result<TailSource> {
  const paths = parseSourcePaths({ path: row.path, ...row.reading });
  return paths.ok ? ok({ ...row, paths: paths.value }) : paths;
}

/**
 * The files of one source: finds them, knows them again, and keeps those open that are being read
 * (docs/logs-format.md, "Identity of a log file"). It moves no lines; the ingest asks each file for them.
 */
export class SourceTail {
  readonly source: TailSource;
  /** Paths that could not be read, with the reason. */
  readonly errors = new Map<string, AppError>();
  readonly #set: TailSet;
  readonly #limits: TailLimits;
  readonly #lineAt: LineLookup;
  #firstScan: boolean;
  #recovered = false;
  /** Which file stood under a path when it was last looked at. */
  readonly #occupants = new Map<string, string>();
  readonly #memory = new TailMemory();
  /** The files of the last listing, by device and inode. */
  #listed: ReadonlyMap<string, FoundFile> = new Map();
  /** Files whose rest was found nowhere as it is; it may have been compressed already. */
  #sought: Sought[] = [];

  /**
   * @param known the positions of this source's files
   * @param scanned whether the source's files have been listed before
   * @param lineAt looks into the store
   */
  constructor(
    source: TailSource,
    known: Map<string, FilePosition>,
    scanned: boolean,
    limits: TailLimits,
    lineAt: LineLookup,
  ) {
    this.#lineAt = lineAt;
    this.source = source;
    this.#set = new TailSet(source, known);
    this.#firstScan = !scanned;
    this.#limits = limits;
  }

  get #encoding(): LogEncoding {
    return this.source.reading?.encoding ?? 'auto';
  }

  /** The files that are being read. */
  get files(): readonly TailedFile[] {
    return this.#set.files;
  }

  /** What this source's files are known to be, by key; kept up to date by the ingest. */
  get known(): ReadonlyMap<string, FilePosition> {
    return this.#set.known;
  }

  /** Whether the source's files have never been listed. */
  get isNew(): boolean {
    return this.#firstScan;
  }

  /** Looks for files that came, moved or went. */
  scan(monotonic: number): TailChanges {
    // Names move while a rotation goes on; then all is listed anew.
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) if (this.#list(monotonic)) break;
    this.#recoverMoved(monotonic);
    this.#firstScan = false;
    this.#endQuiet(monotonic);
    return this.#set.takeChanges();
  }

  /** Lists the files, and meets those that are not open. False when a name meant another file when it was opened. */
  #list(monotonic: number): boolean {
    const found = findSourceFiles(this.source.paths);
    this.errors.clear();
    for (const { path, why } of found.problems) this.#fail(path, why);
    this.#listed = new Map(found.files.map((entry) => [entry.place, entry]));
    for (const file of this.files) this.#locate(file, this.#listed.get(file.place));
    for (const entry of found.files) {
      if (this.#set.isOpen(entry.place) || this.#memory.isSettled(entry)) continue;
      if (this.files.length >= this.#limits.maxFiles) {
        const bounds = { path: this.source.path, count: found.files.length, bound: this.#limits.maxFiles };
        this.errors.set(bounds.path, appError('LOG_TOO_MANY_FILES', bounds));
        break;
      }
      if (!this.#meet(entry, monotonic)) return false;
    }
    return true;
  }

  /**
   * A file's content was replaced in place. Its handle goes on as a new file; what was not read of the old content is
   * looked for in a copy beside it.
   */
  replace(file: TailedFile, monotonic: number): TailChanges {
    this.#replace(file, monotonic);
    return this.#set.takeChanges();
  }

  /**
   * A file of which hardly anything was read has changed: it may have been filled, copied, truncated and begun alike
   * meanwhile, which its own content cannot tell.
   */
  begun(file: TailedFile, monotonic: number): TailChanges {
    const isCopy = file.cutter.readOffset === 0 && this.#turnedOutCopy(file, monotonic);
    if (!isCopy) this.#findMissed(file.position(), monotonic);
    return this.#set.takeChanges();
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
      const { position, file } = sought;
      const rest = sought.rest && !this.#set.isTailed(position.key);
      const view = {
        known: this.known,
        files: this.files,
        memory: this.#memory,
        lineAt: this.#lineAt,
        pending: this.#sought.filter((one) => one !== sought),
        folder,
      };
      const found = await searchCompressed({ position, rest, file }, view);
      if (!found.ok) return found;
      for (const { opened, own } of found.value.taken)
        this.#set.addRotated(opened, own ? position : null, position, monotonic);
      for (const [path, error] of found.value.problems) this.errors.set(path, error);
      this.#sought = this.#sought.filter((one) => one !== sought);
      const continued = found.value.taken.some((one) => one.own);
      if (file !== null) this.#set.end(file, !continued && (rest || !sought.rest));
      else if (rest && !continued) this.#set.lose(position);
    }
    return ok(this.#set.takeChanges());
  }

  /** Closes a file that is not read any more. */
  drop(file: TailedFile): void {
    if (this.#set.remove(file)) file.close();
  }

  close(): void {
    for (const file of [...this.files]) this.drop(file);
  }

  #fail(path: string, why: string): void {
    const isNone = why === 'LOG_NOT_A_FILE';
    const error = isNone
      ? appError(why, { file: path })
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

  /** A file that was empty when it was met may be a copy in the making; then it is not read. */
  #turnedOutCopy(file: TailedFile, monotonic: number): boolean {
    const opened = lookAt(file.path, file.handle);
    const others = this.files.filter((one) => one !== file);
    const original = this.#memory.originalOf(opened, others, false);
    if (original === null) return false;
    this.#set.remove(file);
    this.#set.lose(file.position());
    this.#settle(opened, original.key);
    if (others.includes(original) && !original.stillSame()) this.#replace(original, monotonic);
    return true;
  }

  #settle(opened: Opened, of: string): void {
    this.#memory.settle(opened, of);
    closeSync(opened.handle);
  }

  /** Opens a file that has just been found and decides what it is. False when its name means another file by now. */
  #meet(entry: FoundFile, monotonic: number): boolean {
    const opened = openCandidate(entry.path, (why) => this.#fail(entry.path, why));
    if (opened === null) return this.errors.has(entry.path);
    if (opened.candidate.place !== entry.place) {
      closeSync(opened.handle);
      return false;
    }
    if (this.#takeUp(opened, true, monotonic)) return true;
    const original = this.#memory.originalOf(opened, this.files, this.#firstScan);
    if (original !== null) {
      // A copy is made before its original is truncated. If that has happened by now, the copy is what goes on.
      if (this.files.includes(original) && !original.stillSame()) this.#replace(original, monotonic);
      if (this.#set.isOpen(entry.place)) closeSync(opened.handle);
      else if (!this.#takeUp(opened, true, monotonic)) this.#settle(opened, original.key);
      return true;
    }
    if (this.#takeUp(opened, false, monotonic)) return true;
    if (isStoredBeginning(opened, this.known.values(), this.#lineAt, this.#encoding)) {
      this.#settle(opened, '');
      return true;
    }
    const fromEnd = this.#firstScan && this.source.from === 'end';
    const offset = fromEnd ? lastLineStart(opened, this.#encoding) : 0;
    if (this.#firstScan) this.#memory.noteOlder(entry.path);
    const prev = this.#occupants.get(entry.path) ?? null;
    this.#set.addNew(opened, { base: entry.path, offset, prev }, monotonic);
    return true;
  }

  /**
   * Reads on in a file that is known; false when it is not.
   *
   * @param byContent false: also a file of which nothing is stored, which only its inode can tell
   */
  #takeUp(opened: Opened, byContent: boolean, monotonic: number): boolean {
    const position = this.#knownAs(opened);
    if (position === null || (byContent && position.offset === 0)) return false;
    if (position.finished && position.offset === opened.candidate.size) this.#settle(opened, position.key);
    else {
      this.#set.addKnown(opened, position, monotonic);
      // Of a file without any stored line the content tells nothing: it may have been filled and emptied meanwhile.
      if (position.offset === 0) this.#findMissed(position, monotonic);
    }
    return true;
  }

  #knownAs({ candidate, path }: Opened): FilePosition | null {
    return this.#set.knownAs(candidate, path, (position) => this.#stands(position));
  }

  #stands(position: FilePosition): boolean {
    const entry = this.#listed.get(position.place);
    return entry !== undefined && !this.#set.isOpen(entry.place) && stillHolds(entry, position);
  }

  #replace(file: TailedFile, monotonic: number): void {
    if (!this.files.includes(file)) return;
    const successor = this.#set.succeed(file, lookAt(file.path, file.handle), monotonic);
    this.#memory.retire(file);
    if (this.#occupants.get(file.path) === file.key) this.#occupants.set(file.path, successor.key);
    const position = file.position();
    const copied = this.#recover(position, (opened) => file.isContinuedBy(opened.candidate), monotonic);
    this.#findMissed(position, monotonic);
    if (copied) this.#set.end(file, false);
    else this.#sought.push({ position, rest: true, file });
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

  /**
   * Looks for a known file beside its last name and reads on there: the very file under whatever name first, then one with the
   * same content under a name that is akin. Under any other name the same content may well be another program's log.
   */
  #recover(position: FilePosition, same: (opened: Opened) => boolean, monotonic: number): boolean {
    let found = this.#set.isTailed(position.key);
    const isIt = ({ place }: Neighbour): boolean => place === position.place;
    const isAkin = ({ path }: Neighbour): boolean => isKinName(position.path, path);
    for (const isWanted of found ? [] : [isIt, isAkin])
      visitSiblings(
        position.path,
        (one) => !found && one.size >= position.offset && isWanted(one) && !this.#set.isOpen(one.place),
        (opened) => {
          if (!same(opened)) return { keep: false, stop: false };
          this.#set.addRotated(opened, position, position, monotonic);
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
        !this.#set.isOpen(neighbour.place),
      (opened) => {
        const seen =
          this.#knownAs(opened) !== null ||
          this.#memory.originalOf(opened, this.files, this.#firstScan) !== null ||
          isStoredBeginning(opened, this.known.values(), this.#lineAt, this.#encoding);
        if (seen) return { keep: false, stop: false };
        this.#set.addRotated(opened, null, position, monotonic);
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
      if (file.lag === 0 && monotonic - file.quietSince >= quiet) this.#set.end(file, true);
    }
  }
}
