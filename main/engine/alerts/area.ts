import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import type { Problem } from '#shared/contract/site.ts';
import { describeThrown, ok } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Timers } from '../platform/timers.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import { type FoundProblem, labelled } from './built-in.ts';
import { findProblems, type SiteSnapshot } from './conditions.ts';
import { notStoredProblem, unreadProblem } from './console-conditions.ts';
import { isHeld } from './held.ts';
import { openLedger } from './ledger.ts';

/** Built-in conditions over the whole site, from finding to history. */
export type AlertsArea = {
  readonly handlers: AreaHandlers<'alerts'>;
  /** What is wrong now, worst first. */
  readonly problems: () => readonly Problem[];
  /** Looks at the site now, and then every few seconds. */
  readonly start: (
    snapshot: () => Promise<SiteSnapshot>,
    /** Whether it is known which alerts of a group fire; until then those of before stay. */
    isSettled: (file: string, group: string) => boolean,
  ) => void;
  /** When the last look that found its way through ended; null before it. */
  readonly lookedAt: () => number | null;
  /** Looks at the site once, at once. */
  readonly look: () => Promise<void>;
  readonly close: () => void;
};

/** What the area is made of. */
export type AlertsDeps = {
  readonly db: WritableDb;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly broadcast: Broadcast;
};

const LOOK_EVERY_MS = 5_000;
const LONGEST_LOOK_MS = 60_000;

/** Makes the area. */
export function createAlertsArea(deps: AlertsDeps): AlertsArea {
  const ledger = openLedger(deps.db);
  let snapshot: (() => Promise<SiteSnapshot>) | null = null;
  let isSettled = (_file: string, _group: string): boolean => true;
  let looking = false;
  let lookedAt: number | null = null;
  let cancel = (): void => undefined;

  const reconcile = (found: readonly FoundProblem[], now: number): void => {
    const byId = new Map(found.map((problem) => [problem.id, problem]));
    const { open, raised, ended } = ledger.reconcile([...byId.values()], now);
    // The first look is told even when it found nothing new: until then nobody knows that all is well.
    if (raised.length + ended.length > 0 || lookedAt === null)
      deps.broadcast('alerts.changed', { problems: [...open], raised: [...raised], ended: [...ended] });
  };

  /** A snapshot that never comes must not end the looking for ever. */
  const inTime = (site: Promise<SiteSnapshot>): Promise<SiteSnapshot> =>
    new Promise((resolve, reject) => {
      const giveUp = deps.timers.after(LONGEST_LOOK_MS, () =>
        reject(new Error(`no answer within ${LONGEST_LOOK_MS / 1000} s`)),
      );
      void site.then(resolve, reject).finally(giveUp);
    });

  const look = async (): Promise<void> => {
    // A slow look is not overtaken by the next one.
    if (snapshot === null || looking) return;
    looking = true;
    try {
      const site = await inTime(snapshot());
      const found = [...findProblems(site)];
      const notStored = ledger.trouble();
      if (notStored !== null) found.push(labelled(notStoredProblem(notStored)));
      const ids = new Set(found.map(({ id }) => id));
      const blind = new Set(site.unread.map(({ part }) => part));
      const waiting = ledger
        .open()
        .filter((problem) => !ids.has(problem.id) && isHeld(problem, site, { blind, isSettled }));
      reconcile([...found, ...waiting], site.now);
      lookedAt = deps.clock.now();
    } catch (thrown) {
      const why = describeThrown(thrown);
      deps.logger.log('error', 'looking for problems failed', { what: why });
      // What was known stands; that nobody looks any more is a problem of its own.
      reconcile([...ledger.open(), labelled(unreadProblem({ part: 'console', why }))], deps.clock.now());
    } finally {
      looking = false;
    }
  };

  return {
    handlers: { 'alerts.list': ({ state, limit }) => ok(ledger.list(state, limit)) },
    problems: () => ledger.open(),
    lookedAt: () => lookedAt,
    start: (source, settled) => {
      snapshot = source;
      isSettled = settled;
      void look();
      cancel = deps.timers.every(LOOK_EVERY_MS, () => void look());
    },
    look,
    close: () => {
      cancel();
      snapshot = null;
    },
  };
}
