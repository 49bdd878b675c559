import { hostname } from 'node:os';
import type { AreaHandlers } from '#shared/contract/index.ts';
import { ok } from '#shared/errors/index.ts';
import type { AlertsArea } from './alerts/area.ts';
import type { SiteSnapshot } from './alerts/conditions.ts';
import { openLogRhythms, type SilenceSetting } from './alerts/log-rhythm.ts';
import { createWatchdog, type Watchdog } from './alerts/watchdog.ts';
import { logSilencesSection } from './logs/site-sections.ts';
import type { Logger } from './platform/logger.ts';
import type { SiteSection } from './platform/site-section.ts';
import type { Timers } from './platform/timers.ts';
import { selfExposition } from './self-series.ts';
import { settingStore } from './site/settings.ts';
import { createSiteReader, type SnapshotSources } from './site-snapshot.ts';
import type { WritableDb } from './storage/sqlite.ts';

/** What the console tells of itself: to its conditions, to its own series, and to whoever watches it. */
export type Signals = {
  readonly handlers: AreaHandlers<'signals'>;
  readonly read: () => Promise<SiteSnapshot>;
  /** The console's series about alerts, rules, channels, backups and logs, in the text format. */
  readonly exposition: () => string;
  readonly watchdog: Watchdog;
  /** How long a log source may be quiet, milliseconds, as of the last look; 0: its silence is nothing to tell of; null: before a look. */
  readonly logSilenceMs: (sourceId: string) => number | null;
  /** Its part of the site document. */
  readonly sections: readonly SiteSection[];
};

const SEND_TIMEOUT_MS = 10_000;

/** Puts the reading of the site, the heartbeat and the console's own series together. */
export function createSignals(
  deps: Omit<SnapshotSources, 'rhythms' | 'watchdog'> & {
    readonly db: WritableDb;
    readonly folder: string;
    readonly version: string;
    readonly timers: Timers;
    readonly logger: Logger;
    readonly alerts: Pick<AlertsArea, 'problems' | 'lookedAt'>;
  },
): Signals {
  const { db, alerts } = deps;
  const rhythms = openLogRhythms(db);
  const watchdog = createWatchdog({
    ...deps,
    store: settingStore(db),
    host: hostname(),
    lookedAt: alerts.lookedAt,
    problems: () => alerts.problems().length,
    send: sendBeat,
  });
  const read = createSiteReader({ ...deps, rhythms, watchdog });
  let last: SiteSnapshot | null = null;
  return {
    handlers: {
      'signals.logSilence.list': () => {
        const known = new Map((last?.logRhythms ?? []).map((rhythm) => [rhythm.sourceId, rhythm]));
        return ok({
          sources: deps.logs.sources().map(({ id }) => ({
            sourceId: id,
            setting: settingOf(rhythms.setting(id)),
            afterMs: known.get(id)?.silentAfterMs ?? null,
            lastLineAt: known.get(id)?.lastLineAt ?? null,
          })),
        });
      },
      'signals.logSilence.set': ({ sourceId, setting }) => {
        rhythms.set(
          sourceId,
          setting.kind === 'auto' ? 'auto' : setting.kind === 'never' ? null : setting.ms,
        );
        return ok({});
      },
      'signals.watchdog.get': () => ok(watchdog.state()),
      'signals.watchdog.set': (settings) => {
        watchdog.set(settings);
        return ok({});
      },
    },
    sections: [logSilencesSection(db, rhythms.reread), watchdog.section],
    read: async () => {
      last = await read();
      return last;
    },
    exposition: () =>
      selfExposition({
        // Counters of rules are read as they are now: a rate over figures of the last look would be a rate of looks.
        site: last === null ? null : { ...last, ruleGroups: deps.rules.groups() },
        lookedAt: alerts.lookedAt(),
        beat: watchdog.lastBeat(),
        firing: alerts.problems(),
      }),
    watchdog,
    logSilenceMs: (sourceId) =>
      last === null
        ? null
        : (last.logRhythms.find((rhythm) => rhythm.sourceId === sourceId)?.silentAfterMs ?? 0),
  };
}

function settingOf(setting: SilenceSetting) {
  if (setting === 'auto') return { kind: 'auto' } as const;
  return setting === null ? ({ kind: 'never' } as const) : ({ kind: 'after', ms: setting } as const);
}

async function sendBeat(url: string, method: 'GET' | 'POST', body: string): Promise<void> {
  const answer = await fetch(url, {
    method,
    redirect: 'error',
    signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
    ...(method === 'GET' ? {} : { body, headers: { 'content-type': 'application/json' } }),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
}
