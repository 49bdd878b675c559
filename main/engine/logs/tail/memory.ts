import type { TailedFile } from './file.ts';
import type { FoundFile } from './glob.ts';
import { type Candidate, STRONG_HEAD_BYTES } from './identity.ts';
import { isRotatedName } from './names.ts';
import { type Opened, visitSiblings } from './open.ts';

/** Replaced files that are remembered, to know late copies of them. */
const RETIRED = 16;

/** What a source remembers of files that it does not read. */
export class TailMemory {
  /** Files that need no reading as long as they stay as they are: copies, and files read to their end. */
  readonly #settled = new Map<
    string,
    { readonly size: number; readonly mtimeMs: number; readonly of: string }
  >();
  /** Rotated files that were there before the source; they are not part of it. */
  readonly #older = new Set<string>();
  /** Compressed files that were taken up. */
  readonly #inflated = new Set<string>();
  #retired: readonly TailedFile[] = [];

  isSettled(entry: FoundFile): boolean {
    const settled = this.#settled.get(entry.place);
    return settled !== undefined && settled.size === entry.size && settled.mtimeMs === entry.mtimeMs;
  }

  /** Notes that a file, as it is, belongs to the file with key `of` and holds nothing new. */
  settle(opened: Opened, of: string): void {
    const { candidate, mtimeMs } = opened;
    this.#settled.set(candidate.place, { size: candidate.size, mtimeMs, of });
  }

  /** Notes that a file's content was replaced: copies of it may hold what was not read, so they count again. */
  retire(file: TailedFile): void {
    this.#retired = [file, ...this.#retired].slice(0, RETIRED);
    for (const [place, settled] of this.#settled) if (settled.of === file.key) this.#settled.delete(place);
  }

  /** Notes the rotated files beside a path as older than the source. */
  noteOlder(path: string): void {
    visitSiblings(
      path,
      (neighbour) => {
        if (isRotatedName(path, neighbour.path)) this.#older.add(neighbour.place);
        return false;
      },
      () => ({ keep: false, stop: true }),
    );
  }

  /** Notes that a compressed file is being read, so that it is not read twice. */
  noteInflated(place: string): void {
    this.#inflated.add(place);
  }

  forgetInflated(place: string): void {
    this.#inflated.delete(place);
  }

  isInflated(place: string): boolean {
    return this.#inflated.has(place);
  }

  isOlder(place: string): boolean {
    return this.#older.has(place);
  }

  /**
   * The file that is being read, or was until lately, of which another file is a copy or a beginning.
   *
   * @param files the files being read
   * @param firstScan whether the source's files are listed for the first time
   */
  originalOf(opened: Opened, files: readonly TailedFile[], firstScan: boolean): TailedFile | null {
    const { candidate, path } = opened;
    if (candidate.size === 0) return null;
    // Logs of different programs may begin alike, so only rotated names count; and short ones only when they appear
    // while we watch.
    if (firstScan && candidate.size < STRONG_HEAD_BYTES) return null;
    for (const file of files) {
      const related = isRotatedName(file.base, path) || isRotatedName(path, file.base);
      if (related && isCopy(file, candidate)) return file;
    }
    return (
      this.#retired.find((file) => isRotatedName(file.base, path) && file.isBeginning(candidate)) ?? null
    );
  }
}

function isCopy(file: TailedFile, candidate: Candidate): boolean {
  if (file.isCopiedBy(candidate) || file.isBeginning(candidate)) return true;
  // The original may have been truncated between the comparisons; what was read of it is still known.
  return !file.stillSame() && file.isContinuedBy(candidate);
}
