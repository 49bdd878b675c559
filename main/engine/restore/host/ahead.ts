import type { RawPath } from '../../platform/raw-path.ts';
import type { Standing } from '../saved.ts';
import { answered, HostRefusal, standingOnHost } from './files.ts';
import { inLanes } from './lanes.ts';
import type { HostFile, HostPort } from './port.ts';

/** A path of a host that will be asked about, and whether its content matters, given what stands there. */
export type Wanted = {
  readonly target: RawPath;
  readonly needsHash: (now: Standing) => boolean;
};

/**
 * What a host says of paths, asked for many at once. One path after another costs a round trip or four each, which a hundred
 * thousand files turn into hours; the answers are the same. What stands at a path is given out once, so that whoever asks later is
 * told what stands there then; a hash belongs to what stood there when it was looked at, and is given out until the next look.
 */
export class HostAhead {
  readonly #port: HostPort;
  readonly #standing = new Map<RawPath, Standing | null>();
  readonly #hashes = new Map<RawPath, string | null>();
  readonly #refused = new Map<RawPath, HostRefusal>();

  constructor(port: HostPort) {
    this.#port = port;
  }

  /** Looks at some paths, and forgets what was not asked for since the last time. */
  async look(wanted: readonly Wanted[]): Promise<void> {
    this.#standing.clear();
    this.#hashes.clear();
    this.#refused.clear();
    const toHash: HostFile[] = [];
    await inLanes(wanted, async ({ target, needsHash }) => {
      try {
        const now = await standingOnHost(this.#port, target);
        this.#standing.set(target, now);
        if (now?.type === 'file' && needsHash(now)) toHash.push({ path: target, size: now.size });
      } catch (thrown) {
        // Told to whoever asks for this path.
        if (!(thrown instanceof HostRefusal)) throw thrown;
        this.#refused.set(target, thrown);
      }
    });
    if (toHash.length === 0) return;
    const hashes = answered(await this.#port.hash(toHash));
    for (const [index, { path }] of toHash.entries()) this.#hashes.set(path, hashes[index] ?? null);
  }

  /** What stands at a path; null where nothing does. Throws as {@link standingOnHost}. */
  async standing(target: RawPath): Promise<Standing | null> {
    const refused = this.#refused.get(target);
    if (refused !== undefined) throw refused;
    const known = this.#standing.get(target);
    if (known === undefined) return standingOnHost(this.#port, target);
    this.#standing.delete(target);
    return known;
  }

  /** The hash of a file's content; null when it cannot be read. */
  async hash(target: RawPath, size: number): Promise<string | null> {
    const known = this.#hashes.get(target);
    if (known === undefined) return answered(await this.#port.hash([{ path: target, size }]))[0] ?? null;
    return known;
  }
}
