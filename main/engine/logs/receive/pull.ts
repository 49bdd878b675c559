import { createHash, randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { type AppError, appError, ok, type Result } from '#shared/errors/index.ts';
import type { SourceRow } from '../messages.ts';
import { isRotatedName } from '../tail/names.ts';
import { parseSourcePaths, type SourcePaths } from '../tail/paths.ts';
import { inflated } from './inflate.ts';
import { HEAD_BYTES, headAgain, isSame, type Looked } from './looked.ts';
import { Mirror } from './mirror.ts';
import { findRemoteFiles, type RemoteFiles, RemoteFolders, type RemoteFound } from './remote-files.ts';

const TAIL_BYTES = 256;
const CHUNK_BYTES = 1024 * 1024;
/** Rotated files beside a lost one that are looked at, newest first. */
const MAX_SIBLINGS = 20;
/** A file that was rotated away and stayed as it was for so many rounds is over. */
const QUIET_ROUNDS = 6;
/** Copies that are over are remembered up to this many; files that are still there are never forgotten. */
const MAX_REMEMBERED = 500;

/** What one round found. */
export type PullOutcome = {
  readonly fetched: number;
  /** Bytes that are still on the host. */
  readonly behind: number;
  /** A file that could not be read; the others were. */
  readonly problem: AppError | null;
};

/**
 * Fetches the files of one source from one host, round by round. A file is known by its content, like a local one: its
 * head, and the bytes before the place up to which it was fetched. Names only say where to look.
 */
export class SourcePull {
  readonly #folder: string;
  readonly #row: SourceRow;
  readonly #paths: SourcePaths;
  readonly #mirrors: Mirror[];
  /** Size and time of a file when it was last looked at; unchanged files are not opened. */
  readonly #seen = new Map<string, string>();
  readonly #quiet = new Map<Mirror, number>();
  #isFirst: boolean;

  private constructor(folder: string, row: SourceRow, paths: SourcePaths) {
    this.#folder = folder;
    this.#row = row;
    this.#paths = paths;
    this.#mirrors = [...Mirror.open(folder)];
    this.#isFirst = this.#mirrors.length === 0;
  }

  static create(folder: string, row: SourceRow): Result<SourcePull> {
    const paths = parseSourcePaths({ path: row.path, ...row.reading });
    return paths.ok ? ok(new SourcePull(folder, row, paths.value)) : paths;
  }

  /** The copies; their segments are what is read. */
  get mirrors(): readonly Mirror[] {
    return this.#mirrors;
  }

  /** One round, `budget` bytes at most. What fails with the connection is answered; the next round goes on. */
  async round(files: RemoteFiles, budget: number): Promise<Result<PullOutcome>> {
    const folders = new RemoteFolders(files);
    const listed = await findRemoteFiles(folders, this.#paths);
    if (!listed.ok) return listed;
    const round = { files, folders, budget, fetched: 0, behind: 0, problem: null as AppError | null };
    const claimed = new Set<Mirror>();
    // Those that stand where they stood first: they tell which of the others are copies.
    const known = new Set(this.#mirrors.map(({ path }) => path));
    const inOrder = [...listed.value].sort((a, b) => Number(known.has(b.path)) - Number(known.has(a.path)));
    const before = new Map(this.#mirrors.map((mirror) => [mirror, mirror.offset]));
    for (const found of inOrder) {
      const done = await this.#visit(found, round, claimed, true);
      if (!done.ok) return done;
    }
    // Whoever had a file open when it was rotated away goes on writing there for a while.
    const names = new Set(inOrder.map(({ path }) => path));
    for (const mirror of [...this.#mirrors]) {
      if (claimed.has(mirror) || mirror.isEnded || names.has(mirror.path)) continue;
      const dir = dirname(mirror.path);
      const beside = await folders.list(dir);
      if (!beside.ok) return beside;
      const entry = beside.value.find(({ name, type }) => type === 'file' && join(dir, name) === mirror.path);
      if (entry === undefined) continue;
      const done = await this.#visit({ ...entry, path: mirror.path }, round, claimed, false);
      if (!done.ok) return done;
    }
    for (const mirror of this.#mirrors) {
      const isInPlace = names.has(mirror.path) && mirror.path === mirror.base;
      this.#rest(mirror, isInPlace || mirror.offset !== before.get(mirror));
    }
    this.#forget(names);
    this.#isFirst = false;
    const { fetched, behind, problem } = round;
    return ok({ fetched, behind, problem });
  }

  async #visit(
    found: RemoteFound,
    round: Round,
    claimed: Set<Mirror>,
    mayBegin: boolean,
  ): Promise<Result<object>> {
    const here = this.#mirrors.find((mirror) => mirror.path === found.path);
    const stamp = `${found.size} ${found.mtimeMs}`;
    const isUnchanged = this.#seen.get(found.path) === stamp;
    if (isUnchanged && (here === undefined || here.isEnded || here.offset >= found.size)) {
      if (here !== undefined) claimed.add(here);
      return ok({});
    }
    const opened = await this.#look(found, round);
    if (!opened.ok) return opened;
    if (opened.value === null) return ok({});
    const looked = opened.value;
    try {
      const mirror = await this.#identify(looked, here, round, claimed, mayBegin);
      if (!mirror.ok) return mirror;
      if (mirror.value !== null) {
        claimed.add(mirror.value);
        const read = await this.#fetch(looked, mirror.value, round);
        if (!read.ok) return read;
        if (!read.value) return ok({});
      }
      this.#seen.set(found.path, stamp);
      return ok({});
    } finally {
      await looked.file.close();
    }
  }

  /** Opens a file; null when it cannot be, which is noted and concerns this file alone. */
  async #look(found: RemoteFound, round: Round, isPacked = false): Promise<Result<Looked | null>> {
    const opened = await round.files.open(found.path);
    if (!opened.ok) return this.#refused(opened.error, found.path, round);
    const file = opened.value;
    const stat = await file.stat();
    const head = stat.ok ? await file.read(0, HEAD_BYTES) : stat;
    if (!stat.ok || !head.ok) {
      await file.close();
      const error = stat.ok ? (head.ok ? null : head.error) : stat.error;
      return error === null ? ok(null) : this.#refused(error, found.path, round);
    }
    if (stat.value.type !== 'file') {
      await file.close();
      return ok(null);
    }
    const { size, mtimeMs } = stat.value;
    const looked = { file, found: { path: found.path, size, mtimeMs }, head: head.value, isInflated: false };
    if (!isPacked) return ok(looked);
    const content = await inflated(file, size, mtimeMs);
    if (content.ok && content.value !== null) {
      const { size: whole } = content.value;
      const begin = await content.value.read(0, HEAD_BYTES);
      if (begin.ok)
        return ok({
          file: content.value,
          found: { ...looked.found, size: whole },
          head: begin.value,
          isInflated: true,
        });
    }
    await file.close();
    if (!content.ok) return content;
    round.problem = appError('LOG_REMOTE_COMPRESSED', { file: found.path });
    return ok(null);
  }

  #refused(error: AppError, path: string, round: Round): Result<null> {
    if (error.code !== 'SSH_REMOTE_FAILED') return { ok: false, error };
    round.problem = appError('LOG_FILE_UNREADABLE', { file: path, why: error.message.en });
    return ok(null);
  }

  /** The copy that a file goes on, or a new one; null when it is a copy of a file that is fetched already. */
  async #identify(
    looked: Looked,
    here: Mirror | undefined,
    round: Round,
    claimed: Set<Mirror>,
    mayBegin: boolean,
  ): Promise<Result<Mirror | null>> {
    const others = this.#mirrors.filter((mirror) => mirror !== here && !claimed.has(mirror));
    const candidates = here === undefined || claimed.has(here) ? others : [here, ...others];
    for (const mirror of candidates) {
      const same = await isSame(looked, mirror, mirror === here);
      if (!same.ok) return same;
      if (!same.value) continue;
      if (mirror.path !== looked.found.path) mirror.note(looked.found.path, looked.found.mtimeMs);
      return ok(mirror);
    }
    if (this.#isCopy(looked)) return ok(null);
    // Another file stands under this name: what was left of the old one is looked for beside it.
    if (here !== undefined && !claimed.has(here)) {
      const recovered = await this.#recover(here, round, claimed);
      if (!recovered.ok) return recovered;
    }
    if (!mayBegin) return ok(null);
    const mirror = await this.#begin(looked);
    if (mirror.ok) this.#mirrors.push(mirror.value);
    return mirror;
  }

  /** Whether a rotated name holds a beginning of a file that is fetched farther: copytruncate's copy, late or in the making. */
  #isCopy({ found, head }: Looked): boolean {
    if (found.size === 0) return false;
    return this.#mirrors.some((mirror) => {
      const plain = found.path.replace(/\.gz$/, '');
      if (!isRotatedName(mirror.base, plain) || found.size > mirror.offset) return false;
      const shared = Math.min(head.length, mirror.head.length);
      return head.subarray(0, shared).equals(mirror.head.subarray(0, shared));
    });
  }

  async #begin({ file, found, head }: Looked): Promise<Result<Mirror>> {
    const isAtEnd = this.#isFirst && this.#row.from === 'end';
    let from = 0;
    let before: Buffer = Buffer.alloc(0);
    if (isAtEnd) {
      const start = Math.max(0, found.size - 64 * 1024);
      const bytes = await file.read(start, found.size - start);
      if (!bytes.ok) return bytes;
      from = start + bytes.value.lastIndexOf(10) + 1;
      before = bytes.value.subarray(Math.max(0, from - start - TAIL_BYTES), from - start);
    }
    return ok(
      Mirror.create(join(this.#folder, randomBytes(8).toString('hex')), {
        path: found.path,
        head: head.subarray(0, Math.min(head.length, from)),
        from,
        before,
        mtimeMs: found.mtimeMs,
      }),
    );
  }

  /**
   * Finds the rest of a file that has left its name, and files that were rotated twice since the last round and so were
   * never seen: newer than what was last fetched, and unknown.
   */
  async #recover(lost: Mirror, round: Round, claimed: Set<Mirror>): Promise<Result<object>> {
    const dir = dirname(lost.base);
    const listed = await round.folders.list(dir);
    if (!listed.ok) return listed;
    const since = lost.mtimeMs;
    const siblings = listed.value
      .map((entry) => ({ ...entry, path: join(dir, entry.name) }))
      .filter(
        ({ path, type, mtimeMs }) =>
          type === 'file' && isRotatedName(lost.base, path.replace(/\.gz$/, '')) && mtimeMs >= since,
      )
      .sort((a, b) => b.mtimeMs - a.mtimeMs)
      .slice(0, MAX_SIBLINGS);
    let isFound = false;
    const missed: RemoteFound[] = [];
    for (const sibling of siblings) {
      const opened = await this.#look(sibling, round, sibling.path.endsWith('.gz'));
      if (!opened.ok) return opened;
      if (opened.value === null) continue;
      const looked = opened.value;
      try {
        const same = isFound ? ok(false) : await isSame(looked, lost, false);
        if (!same.ok) return same;
        if (same.value) {
          isFound = true;
          claimed.add(lost);
          lost.note(sibling.path, looked.found.mtimeMs);
          const read = await this.#fetch(looked, lost, round);
          if (!read.ok) return read;
        } else if (
          sibling.mtimeMs > since &&
          !this.#isCopy(looked) &&
          !this.#mirrors.some((one) => one.path === sibling.path)
        )
          missed.push(looked.found);
      } finally {
        await looked.file.close();
      }
    }
    for (const found of missed) {
      const done = await this.#visitMissed(found, round, claimed);
      if (!done.ok) return done;
    }
    return ok({});
  }

  async #visitMissed(found: RemoteFound, round: Round, claimed: Set<Mirror>): Promise<Result<object>> {
    const opened = await this.#look(found, round, found.path.endsWith('.gz'));
    if (!opened.ok || opened.value === null) return opened.ok ? ok({}) : opened;
    try {
      const begun = await this.#begin(opened.value);
      if (!begun.ok) return begun;
      this.#mirrors.push(begun.value);
      claimed.add(begun.value);
      const read = await this.#fetch(opened.value, begun.value, round);
      return read.ok ? ok({}) : read;
    } finally {
      await opened.value.file.close();
    }
  }

  /**
   * Fetches what is new. What comes before it is compared after the reading: a truncation in between would go unseen.
   *
   * @returns whether all was fetched
   */
  async #fetch(
    { file, found, head, isInflated }: Looked,
    mirror: Mirror,
    round: Round,
  ): Promise<Result<boolean>> {
    if (mirror.isEnded) return ok(true);
    while (mirror.offset < found.size) {
      const { offset } = mirror;
      const wanted = Math.min(CHUNK_BYTES, found.size - offset, isInflated ? CHUNK_BYTES : round.budget);
      if (wanted <= 0) {
        round.behind += found.size - offset;
        mirror.note(mirror.path, found.mtimeMs);
        return ok(false);
      }
      const bytes = await file.read(offset, wanted);
      if (!bytes.ok) return bytes;
      const again = { file, found, head: await headAgain(file, head), isInflated };
      const same = await isSame(again, mirror, true);
      if (!same.ok) return same;
      // Truncated meanwhile: the next round sees it as it is then.
      if (!same.value || bytes.value.length === 0) return ok(false);
      mirror.append(bytes.value, found.mtimeMs);
      mirror.learnHead(head);
      round.budget -= bytes.value.length;
      round.fetched += bytes.value.length;
    }
    mirror.note(mirror.path, found.mtimeMs);
    if (isInflated) mirror.finish();
    return ok(true);
  }

  /** A file that was rotated away, or is gone, is over after some rounds in which nothing came. */
  #rest(mirror: Mirror, isAlive: boolean): void {
    if (mirror.isEnded) return;
    const rounds = isAlive ? 0 : (this.#quiet.get(mirror) ?? 0) + 1;
    this.#quiet.set(mirror, rounds);
    if (rounds >= QUIET_ROUNDS) mirror.finish();
  }

  #forget(names: ReadonlySet<string>): void {
    const over = this.#mirrors
      .filter((mirror) => mirror.isEnded && !names.has(mirror.path))
      .sort((a, b) => b.mtimeMs - a.mtimeMs);
    for (const mirror of over.slice(MAX_REMEMBERED)) {
      mirror.remove();
      this.#mirrors.splice(this.#mirrors.indexOf(mirror), 1);
    }
  }
}

/** What a round has to spend and has found. */
type Round = {
  readonly files: RemoteFiles;
  readonly folders: RemoteFolders;
  budget: number;
  fetched: number;
  behind: number;
  problem: AppError | null;
};

/** The folder of a source's copies. */
export function pullFolder(folder: string, sourceId: string): string {
  return join(folder, createHash('sha256').update(sourceId).digest('hex').slice(0, 16));
}
