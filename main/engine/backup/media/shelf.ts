import { userInfo } from 'node:os';
import type { Clock } from '../../platform/clock.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import type { Catalogue } from '../catalogue.ts';
import { Copies } from '../copy/copies.ts';
import { CopyStore } from '../copy/copy-store.ts';
import type { Media } from './media.ts';
import { MediumStore } from './medium-store.ts';
import { type MountPlaces, usualPlaces } from './mounts.ts';
import { MediaWatch } from './watch.ts';

/** Everything about media and copies that parts of the area share. */
export type Shelf = {
  readonly media: MediumStore;
  readonly store: CopyStore;
  readonly watch: MediaWatch;
  readonly copies: Copies;
  /** Targets that a copy writes to now: place key → job id. */
  readonly writing: Map<string, string>;
  /** Checklists that are being written, by the top of their target: one at a time. */
  readonly kits: Map<string, Promise<void>>;
  /** Whether a medium that comes gets what waits for it; a command that ends soon does not begin it. */
  readonly serves: boolean;
  /** Who uses the console, for the ledger when nobody is named. */
  readonly operator: string;
};

/** Who runs the console, as the system knows them; empty where it does not (a user id without a name). */
export function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}

/** Builds the shelf over console.db. */
export function createShelf(deps: {
  readonly db: WritableDb;
  readonly catalogue: Catalogue;
  readonly asker: Media;
  readonly clock: Clock;
  readonly operator: string;
  readonly serves: boolean;
  /** Where media are mounted; the platform's usual places when left out. */
  readonly places?: MountPlaces | undefined;
}): Shelf {
  const { db, catalogue, asker, clock, operator, serves } = deps;
  const media = new MediumStore(db);
  const store = new CopyStore(db);
  const watch = new MediaWatch(asker, media, clock, deps.places ?? usualPlaces(process.platform));
  return {
    media,
    store,
    watch,
    copies: new Copies({ catalogue, store, media, watch }),
    writing: new Map(),
    kits: new Map(),
    operator,
    serves,
  };
}
