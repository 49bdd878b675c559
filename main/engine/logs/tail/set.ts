import type { SourceReading } from '../messages.ts';
import type { FilePosition } from '../model.ts';
import { TailedFile } from './file.ts';
import { type Candidate, identify, newFileKey, trusting } from './identity.ts';
import { joinerOf } from './joining.ts';
import { isKinName } from './names.ts';
import type { Opened } from './open.ts';

/** What a scan or a replacement changed. */
export type TailChanges = {
  /** Files that are read from now on and are not known yet: their position is to be stored, so that they are. */
  readonly fresh: readonly TailedFile[];
  /** Files whose reading is over. `partial`: what is left in them without a line end is their last line. */
  readonly ended: readonly { readonly file: TailedFile; readonly partial: boolean }[];
  /** Positions whose files were found nowhere; they are not to be sought again. */
  readonly lost: readonly FilePosition[];
};

/** The open files of one source, what is known of all its files, and what changed since it was last asked. */
export class TailSet {
  readonly files: TailedFile[] = [];
  readonly known: Map<string, FilePosition>;
  readonly #sourceId: string;
  readonly #zone: string;
  readonly #reading: SourceReading | undefined;
  #fresh: TailedFile[] = [];
  #ended: { readonly file: TailedFile; readonly partial: boolean }[] = [];
  #lost: FilePosition[] = [];

  constructor(
    source: { readonly id: string; readonly zone: string; readonly reading?: SourceReading },
    known: Map<string, FilePosition>,
  ) {
    this.known = known;
    this.#sourceId = source.id;
    this.#zone = source.zone;
    this.#reading = source.reading;
  }

  isTailed(key: string): boolean {
    return this.files.some((file) => file.key === key);
  }

  isOpen(place: string): boolean {
    return this.files.some((file) => file.place === place);
  }

  /**
   * The position that a file on the disk continues, if it is a known file that is not open.
   *
   * Several logs may hold the very same lines. So the position that was taken of this very file (device and inode) comes
   * first, if its content agrees; and one is not taken from another log that still stands where it stood.
   *
   * @param stands whether a position's own file is still there
   */
  knownAs(
    candidate: Candidate,
    path: string,
    stands: (position: FilePosition) => boolean,
  ): FilePosition | null {
    const claimed = new Set(this.files.map((file) => file.key));
    const own: FilePosition[] = [];
    const others: FilePosition[] = [];
    for (const position of this.known.values()) {
      if (claimed.has(position.key) || (position.finished && position.offset === 0)) continue;
      (position.place === candidate.place ? own : others).push(position);
    }
    const mine = identify(own, candidate);
    if (mine !== null) return mine;
    let trusted = others.map((position) => trusting(position, candidate, path));
    for (;;) {
      const best = identify(trusted, candidate);
      const known = best === null ? undefined : this.known.get(best.key);
      if (known === undefined || isKinName(known.path, path) || !stands(known)) return best;
      trusted = trusted.filter(({ key }) => key !== known.key);
    }
  }

  /** Reads a file that is not known, from `offset`. */
  addNew(
    opened: Opened,
    from: { readonly base: string; readonly offset: number; readonly prev: string | null },
    monotonic: number,
  ): void {
    const file = this.#make(opened, null, from, monotonic);
    this.files.push(file);
    this.#fresh.push(file);
  }

  /** Reads on in a known file that stands where it stood. */
  addKnown(opened: Opened, position: FilePosition, monotonic: number): void {
    this.files.push(this.#make(opened, position, fromPosition(position), monotonic));
  }

  /** Reads a rotated file: on from `position`, or from its beginning as one that came after `lost`. */
  addRotated(opened: Opened, position: FilePosition | null, lost: FilePosition, monotonic: number): void {
    const from = position === null ? { base: lost.path, offset: 0, prev: lost.key } : fromPosition(position);
    const file = this.#make(opened, position, from, monotonic);
    file.standing = 'rotated';
    this.files.push(file);
    // Stored at once also when it is known, because it has another place now.
    this.#fresh.push(file);
  }

  /** Puts a new file with the same handle in a file's place; its content was replaced. */
  succeed(file: TailedFile, opened: Opened, monotonic: number): TailedFile {
    const from = { base: file.base, offset: 0, prev: file.key };
    const successor = this.#make(opened, null, from, monotonic);
    successor.standing = file.standing;
    this.files[this.files.indexOf(file)] = successor;
    this.#fresh.push(successor);
    return successor;
  }

  /** Takes a file out without closing it. */
  remove(file: TailedFile): boolean {
    const index = this.files.indexOf(file);
    if (index >= 0) this.files.splice(index, 1);
    return index >= 0;
  }

  end(file: TailedFile, partial: boolean): void {
    this.#ended.push({ file, partial });
  }

  lose(position: FilePosition): void {
    this.#lost.push(position);
  }

  takeChanges(): TailChanges {
    const changes = { fresh: this.#fresh, ended: this.#ended, lost: this.#lost };
    this.#lost = [];
    this.#fresh = [];
    this.#ended = [];
    return changes;
  }

  #make(
    opened: Opened,
    position: FilePosition | null,
    from: { readonly base: string; readonly offset: number; readonly prev: string | null },
    monotonic: number,
  ): TailedFile {
    return new TailedFile({
      ...from,
      key: position?.key ?? newFileKey(),
      sourceId: this.#sourceId,
      opened,
      lines: position?.lines ?? 0,
      zone: this.#zone,
      encoding: this.#reading?.encoding ?? 'auto',
      joiner: joinerOf(this.#reading?.multiline),
      monotonic,
      readMtimeMs: position?.mtimeMs ?? opened.mtimeMs,
    });
  }
}

function fromPosition(position: FilePosition): {
  readonly base: string;
  readonly offset: number;
  readonly prev: string | null;
} {
  return { base: position.path, offset: position.offset, prev: position.prev };
}
