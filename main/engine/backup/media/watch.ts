import { lstat } from 'node:fs/promises';
import { type AppError, appError } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Media } from './media.ts';
import { MEDIUM_FOLDER, type MediumIdentity, mediumFile, parseMedium } from './medium-file.ts';
import type { MediumStore } from './medium-store.ts';
import { candidateRoots, isMountPoint, type MountPlaces } from './mounts.ts';

/** What one look at the mount points found. */
export type Looked = {
  readonly came: readonly string[];
  readonly went: readonly string[];
  /** Mounted file systems that bear no label. */
  readonly unlabelled: readonly string[];
};

const WRITE_SEEN_EVERY_MS = 600_000;

type Found = { readonly identity: MediumIdentity; readonly root: string; readonly device: number };

/** Knows which media are at hand, and where. */
export class MediaWatch {
  readonly #media: Media;
  readonly #store: MediumStore;
  readonly #clock: Clock;
  readonly #places: MountPlaces;
  #here: ReadonlyMap<string, string> = new Map();
  #problems: ReadonlyMap<string, AppError> = new Map();
  #looking: Promise<Looked> | null = null;

  constructor(media: Media, store: MediumStore, clock: Clock, places: MountPlaces) {
    this.#media = media;
    this.#store = store;
    this.#clock = clock;
    this.#places = places;
  }

  /** Where the medium is mounted; null when it is not at hand. As of the last look. */
  rootOf(id: string): string | null {
    return this.#here.get(id) ?? null;
  }

  /** What is wrong with the medium in sight: another of the same label, a clone of it. */
  problemOf(id: string): AppError | null {
    return this.#problems.get(id) ?? null;
  }

  /** Looks at the mount points. Looks that overlap are one. */
  look(): Promise<Looked> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  /** The medium mounted at a folder, or null when it bears no label. */
  async read(root: string): Promise<MediumIdentity | 'unsigned' | null> {
    const answer = await this.#media.text(mediumFile(root));
    return typeof answer === 'string' ? null : (parseMedium(answer.text) ?? 'unsigned');
  }

  async #look(): Promise<Looked> {
    const remembered = this.#store.all().flatMap(({ lastRoot }) => (lastRoot === null ? [] : [lastRoot]));
    const roots = await candidateRoots(this.#media, this.#places, remembered);
    const found: Found[] = [];
    const unlabelled: string[] = [];
    await Promise.all(
      roots.map(async (root) => {
        const names = await this.#media.list(root);
        if (typeof names === 'string') return;
        const identity = names.has(MEDIUM_FOLDER) ? await this.read(root) : null;
        if (identity === null || identity === 'unsigned') {
          if (await isMountPoint(this.#media, root)) unlabelled.push(root);
          return;
        }
        const device = await this.#media.ask(`dev ${root}`, async () => (await lstat(root)).dev);
        if (typeof device === 'number') found.push({ identity, root, device });
      }),
    );
    return this.#take(found, unlabelled.sort());
  }

  async #take(found: readonly Found[], unlabelled: readonly string[]): Promise<Looked> {
    const before = this.#here;
    const at = this.#clock.now();
    const here = new Map<string, string>();
    const problems = new Map<string, AppError>();
    const known = new Map(this.#store.all().map((medium) => [medium.id, medium]));
    for (const { identity, root, device } of [...found].sort((a, b) => (a.root < b.root ? -1 : 1))) {
      const other = found.find(({ identity: { id }, device: dev }) => id === identity.id && dev !== device);
      if (other !== undefined) {
        problems.set(
          identity.id,
          appError('BACKUP_MEDIUM_CLONED', { label: identity.label, one: root, other: other.root }),
        );
        // Which of the two is the medium nobody can say, so neither is used.
        continue;
      }
      if (here.has(identity.id)) continue;
      here.set(identity.id, root);
      if (!known.has(identity.id))
        this.#store.add(identity, '', { at, what: 'found', who: '', place: root, note: identity.by });
    }
    const media = this.#store.all();
    for (const medium of media)
      if (
        media.some(({ id, label, mark }) => id !== medium.id && label === medium.label && mark !== 'retired')
      )
        if (medium.mark !== 'retired' && !problems.has(medium.id))
          problems.set(medium.id, appError('BACKUP_MEDIUM_LABEL_TWICE', { label: medium.label }));
    const came = [...here.keys()].filter((id) => before.get(id) !== here.get(id));
    const went = [...before.keys()].filter((id) => !here.has(id));
    for (const [id, root] of here) {
      const answer = await this.#media.space(root);
      const space = typeof answer === 'string' ? null : answer;
      const before = known.get(id);
      // An engine that is idle writes nothing: what has not changed is written down now and then.
      const isNews =
        before?.lastRoot !== root ||
        (space !== null && space.freeBytes !== before.freeBytes) ||
        at - (before.lastSeenAt ?? 0) >= WRITE_SEEN_EVERY_MS;
      if (isNews) this.#store.seen(id, at, root, space);
    }
    // A command that looks and ends would otherwise write a line each time.
    for (const id of came)
      if (!this.#store.wasSeenAt(id, here.get(id) ?? ''))
        this.#store.log(id, { at, what: 'seen', who: '', place: here.get(id) ?? '' });
    for (const id of went) this.#store.log(id, { at, what: 'gone', who: '', place: before.get(id) ?? '' });
    this.#here = here;
    this.#problems = problems;
    return { came, went, unlabelled };
  }
}
