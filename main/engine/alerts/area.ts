import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import type { Problem } from '#shared/contract/site.ts';
import { describeThrown, ok } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Timers } from '../platform/timers.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import { findProblems, type SiteSnapshot } from './conditions.ts';
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

/** Makes the area. */
export function createAlertsArea(deps: AlertsDeps): AlertsArea {
  const ledger = openLedger(deps.db);
  let snapshot: (() => Promise<SiteSnapshot>) | null = null;
  let isSettled = (_file: string, _group: string): boolean => true;
  let looking = false;
  let cancel = (): void => undefined;

  const look = async (): Promise<void> => {
    // A slow look is not overtaken by the next one.
    if (snapshot === null || looking) return;
    looking = true;
    try {
      const site = await snapshot();
      const found = findProblems(site);
      const ids = new Set(found.map(({ id }) => id));
      const waiting = ledger
        .open()
        .filter(
          ({ id, alert }) => alert !== undefined && !ids.has(id) && !isSettled(alert.file, alert.group),
        );
      const { open, raised, ended } = ledger.reconcile([...found, ...waiting], site.now);
      if (raised.length + ended.length > 0) {
        deps.broadcast('alerts.changed', { problems: [...open], raised: [...raised], ended: [...ended] });
      }
    } catch (thrown) {
      deps.logger.log('error', 'looking for problems failed', { what: describeThrown(thrown) });
    } finally {
      looking = false;
    }
  };

  return {
    handlers: { 'alerts.list': ({ state, limit }) => ok(ledger.list(state, limit)) },
    problems: () => ledger.open(),
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
