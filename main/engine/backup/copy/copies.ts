import { dirname, join } from 'node:path';
import type { PointCopy, Restorable } from '#shared/contract/backup-media.ts';
import type { Catalogue, StoredPoint } from '../catalogue.ts';
import { knownChain } from '../chain.ts';
import type { Media } from '../media/media.ts';
import type { MediumStore } from '../media/medium-store.ts';
import type { MediaWatch } from '../media/watch.ts';
import type { CopyPlace, CopyStore, StoredCopy } from './copy-store.ts';

/** What the copies are looked up in. */
export type CopiesDeps = {
  readonly catalogue: Catalogue;
  readonly store: CopyStore;
  readonly media: MediumStore;
  readonly watch: MediaWatch;
};

/**
 * All copies of all points: the archive that the run wrote (the *first*), and those in folders and on media. Which of them
 * are at hand is known as of the last look ({@link Copies.refresh}, {@link MediaWatch.look}).
 */
export class Copies {
  readonly #deps: CopiesDeps;
  /** Folders that were there at the last look. */
  #folders: ReadonlySet<string> = new Set();
  #memo: {
    readonly points: readonly StoredPoint[];
    readonly copies: ReadonlyMap<string, readonly StoredCopy[]>;
    readonly at: string;
    readonly atHand: readonly StoredPoint[];
  } | null = null;

  constructor(deps: CopiesDeps) {
    this.#deps = deps;
  }

  /** Where a place is at hand; null when it is not. */
  rootOf(place: CopyPlace): string | null {
    if (place.kind === 'medium') return this.#deps.watch.rootOf(place.id);
    return this.#folders.has(place.dir) ? place.dir : null;
  }

  /** Path of a copy when its place is at hand. */
  #pathOf(copy: StoredCopy): string | null {
    const root = this.rootOf(copy.place);
    return root === null ? null : join(root, copy.rel);
  }

  /**
   * Every point of the catalogue as it can be restored now: `archivePath` and `state` are those of the best copy at hand. The
   * first archive comes first; when it is absent or damaged, an intact copy stands in for it; a damaged one is better than
   * none. (`catalogue.points()` tells of the first archive alone: for who removes or verifies it.)
   */
  atHand(): readonly StoredPoint[] {
    const points = this.#deps.catalogue.points();
    const copies = this.#deps.store.byPoint();
    const at = JSON.stringify([
      [...this.#folders],
      this.#deps.media.all().map(({ id }) => this.#deps.watch.rootOf(id)),
    ]);
    if (
      this.#memo === null ||
      this.#memo.points !== points ||
      this.#memo.copies !== copies ||
      this.#memo.at !== at
    )
      this.#memo = {
        points,
        copies,
        at,
        atHand: points.map((point) => this.#best(point, copies.get(point.id))),
      };
    return this.#memo.atHand;
  }

  #best(point: StoredPoint, copies: readonly StoredCopy[] = []): StoredPoint {
    if (point.state === 'complete') return point;
    for (const wanted of ['intact', 'broken'] as const) {
      if (wanted === 'broken' && point.state === 'broken') return point;
      const copy = copies.find((each) => each.state === wanted && this.rootOf(each.place) !== null);
      const path = copy === undefined ? null : this.#pathOf(copy);
      if (copy === undefined || path === null) continue;
      return {
        ...point,
        archivePath: path,
        state: wanted === 'intact' ? 'complete' : 'broken',
        verifiedAt: copy.verifiedAt,
        verifyError: copy.error,
      };
    }
    return point;
  }

  /** Every copy of a point: the first archive, then the others. Empty when the catalogue does not know the point. */
  of(pointId: string): readonly PointCopy[] {
    const point = this.#deps.catalogue.point(pointId);
    const others = (this.#deps.store.byPoint().get(pointId) ?? []).map((copy) => this.#describe(copy));
    if (point === null) return others;
    const first: PointCopy = {
      kind: 'first',
      name: dirname(point.archivePath),
      mediumId: null,
      path: point.archivePath,
      state: point.state === 'complete' ? 'intact' : point.state === 'broken' ? 'broken' : 'missing',
      location: '',
      bytes: point.archiveBytes,
      copiedAt: point.finishedAt,
      verifiedAt: point.verifiedAt,
      error: point.verifyError,
    };
    // After a rebuild the first archive that was found may itself lie on a medium: it is shown as that.
    return others.some((copy) => copy.path === first.path) ? others : [first, ...others];
  }

  #describe(copy: StoredCopy): PointCopy {
    const medium = copy.place.kind === 'medium' ? this.#medium(copy.place.id) : null;
    const path = this.#pathOf(copy);
    const lastRoot = copy.place.kind === 'folder' ? copy.place.dir : (medium?.lastRoot ?? '');
    return {
      kind: copy.place.kind,
      name: copy.place.kind === 'folder' ? copy.place.dir : (medium?.label ?? copy.place.id),
      mediumId: copy.place.kind === 'medium' ? copy.place.id : null,
      path: path ?? join(lastRoot, copy.rel),
      state: path === null ? 'absent' : copy.state,
      location: medium?.location ?? '',
      bytes: copy.bytes,
      copiedAt: copy.copiedAt,
      verifiedAt: copy.verifiedAt,
      error: copy.error,
    };
  }

  #medium(id: string) {
    return this.#deps.media.all().find((medium) => medium.id === id) ?? null;
  }

  /** Copies that are damaged, or gone although their place is at hand. First archives are told as points. */
  bad(): readonly { pointId: string; plan: string; place: string; state: 'broken' | 'missing' }[] {
    const plans = new Map(this.#deps.catalogue.points().map(({ id, plan }) => [id, plan]));
    return [...this.#deps.store.byPoint().values()].flat().flatMap(({ pointId, place, state }) => {
      const plan = plans.get(pointId);
      if (plan === undefined || state === 'intact' || this.rootOf(place) === null) return [];
      const name = place.kind === 'folder' ? place.dir : (this.#medium(place.id)?.label ?? place.id);
      return [{ pointId, plan, place: name, state }];
    });
  }

  /** What a restore of the point needs: nothing more, media to insert, or archives of which no copy is known. */
  restorable(pointId: string): Restorable {
    const points = this.atHand();
    const point = points.find(({ id }) => id === pointId);
    if (point === undefined) return { now: false, insert: [], lost: [pointId] };
    const chain = knownChain(point, points);
    if (!chain.ok) return { now: false, insert: [], lost: this.#unknownOf(point, points) };
    const insert = new Map<string, Restorable['insert'][number]>();
    const lost: string[] = [];
    for (const link of chain.value) {
      if (link.state === 'complete') continue;
      const media = this.of(link.id).filter((copy) => copy.kind === 'medium' && copy.state === 'absent');
      // A medium that is asked for already may hold this link as well.
      const chosen = media.find(({ mediumId }) => insert.has(mediumId ?? '')) ?? media[0];
      if (chosen === undefined) lost.push(link.id);
      else if (chosen.mediumId !== null)
        insert.set(chosen.mediumId, {
          mediumId: chosen.mediumId,
          label: chosen.name,
          location: chosen.location,
        });
    }
    return { now: insert.size === 0 && lost.length === 0, insert: [...insert.values()], lost };
  }

  #unknownOf(point: StoredPoint, points: readonly StoredPoint[]): string[] {
    const ids = new Set(points.map(({ id }) => id));
    let at: StoredPoint | undefined = point;
    for (let steps = 0; at !== undefined && steps < points.length; steps += 1) {
      const parent: string | null = at.parentId;
      if (parent === null || !ids.has(parent)) return [parent ?? at.id];
      at = points.find(({ id }) => id === parent);
    }
    return [point.id];
  }

  /**
   * Looks which copies are there: a place that is at hand without the archive lost it; one that does not answer says nothing.
   *
   * @returns ids of points of which a copy came, went or was lost
   */
  async refresh(asker: Media): Promise<ReadonlySet<string>> {
    const { store } = this.#deps;
    const all = [...store.byPoint().values()].flat();
    const dirs = new Map<string, StoredCopy[]>();
    const folders = new Set<string>();
    for (const copy of all) {
      const root = copy.place.kind === 'folder' ? copy.place.dir : this.rootOf(copy.place);
      if (root === null) continue;
      const dir = dirname(join(root, copy.rel));
      dirs.set(dir, [...(dirs.get(dir) ?? []), copy]);
    }
    const changed = new Set<string>();
    await Promise.all(
      [...dirs].map(async ([dir, copies]) => {
        let names = await asker.list(dir);
        // The medium is at hand, its folder of archives is not: they were removed. A folder target that is absent says less.
        if (names === 'absent' && copies.every(({ place }) => place.kind === 'medium')) names = new Set();
        if (typeof names === 'string') {
          for (const { place, pointId } of copies)
            if (place.kind === 'folder' && this.#folders.has(place.dir)) changed.add(pointId);
          return;
        }
        for (const { pointId, place, rel, state, error } of copies) {
          if (place.kind === 'folder') {
            folders.add(place.dir);
            if (!this.#folders.has(place.dir)) changed.add(pointId);
          }
          const isThere = names.has(rel.split('/').at(-1) ?? rel);
          const now = !isThere
            ? 'missing'
            : state === 'missing'
              ? error === null
                ? 'intact'
                : 'broken'
              : state;
          if (now === state) continue;
          store.setState(pointId, place, now, error);
          changed.add(pointId);
        }
      }),
    );
    this.#folders = folders;
    return changed;
  }
}
