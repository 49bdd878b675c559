import type { AreaHandlers } from '#shared/contract/index.ts';
import { type AppError, err, ok, type Result } from '#shared/errors/index.ts';
import type { SiteSection } from '../../platform/site-section.ts';
import type { Timers } from '../../platform/timers.ts';
import { sqliteError, type WritableDb } from '../../storage/sqlite.ts';
import { openConfigStore } from './config-store.ts';
import { configHandlers } from './handlers-config.ts';
import { historyHandlers } from './handlers-history.ts';
import { silenceHandlers } from './handlers-silences.ts';
import { openHistory } from './history.ts';
import { createTracer } from './model.ts';
import { explainedAlerts } from './plan.ts';
import { createRunner, type RunnerDeps } from './runner.ts';
import { openSilences } from './silences.ts';
import { notifySections } from './site-sections.ts';
import type { KnownRule } from './statistics.ts';
import { openNotifyStore } from './store.ts';
import { traceText } from './trace-text.ts';

/** From open problems to notices. */
export type NotifyArea = {
  readonly handlers: AreaHandlers<'notify'>;
  /** Its part of the site document. */
  readonly sections: readonly SiteSection[];
  /** Begins to decide, every second and whenever something has changed. */
  readonly start: () => void;
  /** Decides at once. */
  readonly tick: () => void;
  /** Ids of open alerts that another open alert explains: it is their cause, or it inhibits them. */
  readonly explained: () => ReadonlySet<string>;
  /** Why notices cannot be decided or handed over; null: they can. */
  readonly trouble: () => AppError | null;
  readonly close: () => void;
};

/** What the area is made of. */
export type NotifyDeps = Omit<RunnerDeps, 'store' | 'config' | 'silences'> & {
  readonly db: WritableDb;
  readonly timers: Timers;
  /** Rules and built-in conditions that could fire, for those that never did. */
  readonly knownRules: () => readonly KnownRule[];
};

const TICK_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Makes the area; nothing is decided before `start`, but everything can be asked and written. */
export function createNotifyArea(deps: NotifyDeps): NotifyArea {
  const { db, clock, timers, logger } = deps;
  const store = openNotifyStore(db);
  const config = openConfigStore(db, (why) =>
    logger.log('error', 'the notification settings cannot be read; the default ones hold', { why }),
  );
  const silences = openSilences(db);
  const history = openHistory(db);
  const runner = createRunner({ ...deps, store, config, silences });
  let isRunning = false;
  const cancels: (() => void)[] = [];
  /** What somebody changed is to be seen at once, and is decided by an engine that watches only. */
  const changed = (): void => {
    if (isRunning) runner.tick();
    deps.broadcast('notify.changed', {});
  };
  const written = <T>(work: () => Result<T>): Result<T> => {
    try {
      return work();
    } catch (thrown) {
      return err(sqliteError(db.name, thrown));
    }
  };
  /** What nobody waits for: when the disk refuses it, the console's own log says so, and with it an alert. */
  const inPassing = (what: string, work: () => void): void => {
    const done = written(() => ok(work()));
    if (!done.ok) logger.log('error', what, { code: done.error.code, why: done.error.message.en });
  };
  deps.outbox.onDelivery((delivery) => {
    inPassing('what became of a notice could not be written down', () => store.addDelivery(delivery));
    deps.broadcast('notify.changed', {});
  });
  const forget = (): void => {
    const before = clock.now() - config.routing().config.settings.historyDays * DAY_MS;
    inPassing('old alerts could not be removed', () => {
      store.forget(before);
      silences.forget(before);
    });
  };
  const common = { runner, config, silences, clock, changed, written };
  return {
    handlers: {
      ...configHandlers({ ...common, outbox: deps.outbox, dependencies: deps.dependencies }),
      ...silenceHandlers(common),
      ...historyHandlers({ ...common, history, outbox: deps.outbox, knownRules: deps.knownRules }),
    },
    sections: notifySections({ db, config, silences, knownNow: deps.outbox.knownNow, changed }),
    start: () => {
      if (isRunning) return;
      isRunning = true;
      inPassing('the start could not be written down', () =>
        noteRestart(store.addTrace, runner.state, clock.now()),
      );
      cancels.push(timers.every(TICK_MS, runner.tick), timers.every(HOUR_MS, forget));
      runner.tick();
    },
    tick: runner.tick,
    explained: () => explainedAlerts(runner.state().alerts),
    trouble: runner.trouble,
    close: () => {
      isRunning = false;
      for (const cancel of cancels) cancel();
    },
  };
}

/** The story of every open alert says that nobody watched for a while. */
function noteRestart(
  addTrace: ReturnType<typeof openNotifyStore>['addTrace'],
  state: ReturnType<typeof createRunner>['state'],
  now: number,
): void {
  const { trace, entries } = createTracer(now);
  for (const alert of state().alerts.values())
    if (alert.until === null) trace(alert, { kind: 'restarted', text: traceText.restarted });
  addTrace(entries);
}
