import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import {
  type WatchdogSettings,
  type WatchdogState,
  watchdogSettingsSchema,
} from '#shared/contract/signals.ts';
import { type AppError, appError, describeThrown } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { type SiteSection, siteSection, written } from '../platform/site-section.ts';
import type { CancelTimer, Timers } from '../platform/timers.ts';
import type { Sighting } from './built-in.ts';
import { roughly } from './roughly.ts';

/** Named values that are kept; the site's settings. */
export type WatchdogStore = {
  readonly get: (name: string) => string | null;
  readonly set: (name: string, value: string) => void;
};

/** What a heartbeat says. */
export type Beat = {
  /** UTC milliseconds. */
  readonly at: number;
  readonly time: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  /** How often it comes. */
  readonly everyMs: number;
  /** Problems that are open. */
  readonly problems: number;
};

/** What a watchdog is made of. */
export type WatchdogDeps = {
  readonly folder: string;
  readonly store: WatchdogStore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly host: string;
  readonly version: string;
  /** When the console last looked for problems and found its way through; null before the first look. */
  readonly lookedAt: () => number | null;
  readonly problems: () => number;
  /** Asks a server; rejects when it does not answer with success in time. */
  readonly send: (url: string, method: 'GET' | 'POST', body: string) => Promise<void>;
};

/** The console's heartbeat, and those of other consoles that it listens to. */
export type Watchdog = {
  readonly state: () => WatchdogState;
  readonly set: (settings: WatchdogSettings) => void;
  /** Its part of the site document. */
  readonly section: SiteSection;
  /** The last beat that went everywhere it should; null before it. */
  readonly lastBeat: () => Beat | null;
  /** Other consoles that are silent, a heartbeat that cannot be left, and the alert that always fires. */
  readonly problems: (now: number) => readonly Sighting[];
  readonly start: () => void;
  readonly close: () => void;
};

/** Name of the file in the data folder. */
const HEARTBEAT_FILE = 'heartbeat.json';
const NAME = 'watchdog';
/** A console that has not looked for so long does not live, even if this timer does. */
const LOOK_AGE_MS = 120_000;
/** Larger is no heartbeat. */
const MOST_BYTES = 64 << 10;

const beatSchema = z.object({ at: z.number() });

type Peer = { aliveAt: number | null; error: AppError | null; readonly since: number };

/** Makes the watchdog; nothing beats before `start`. */
export function createWatchdog(deps: WatchdogDeps): Watchdog {
  const { clock, timers, store } = deps;
  const file = join(deps.folder, HEARTBEAT_FILE);
  let settings = readSettings(store);
  let cancel: CancelTimer = () => undefined;
  let started = false;
  let last: Beat | null = null;
  let fileError: AppError | null = null;
  let urlError: AppError | null = null;
  let sending = false;
  const peers = new Map<string, Peer>();

  const send = async (body: string): Promise<void> => {
    const { url, method } = settings;
    if (url === '') urlError = null;
    if (url === '' || sending) return;
    sending = true;
    try {
      await deps.send(url, method, body);
      urlError = null;
    } catch (thrown) {
      urlError = appError('WATCHDOG_NOT_SENT', { url, why: describeThrown(thrown) });
    } finally {
      sending = false;
    }
  };

  const beat = (): void => {
    const now = clock.now();
    for (const { name, file: path } of settings.peers) peers.set(name, readPeer(path, peers.get(name), now));
    const looked = deps.lookedAt();
    // The heart beats only while the console does its work: a timer that runs on its own proves nothing.
    if (looked === null || now - looked > LOOK_AGE_MS) return;
    const next: Beat = {
      at: now,
      time: new Date(now).toISOString(),
      host: deps.host,
      pid: process.pid,
      version: deps.version,
      everyMs: settings.everyMs,
      problems: deps.problems(),
    };
    const body = `${JSON.stringify(next)}\n`;
    const failed = [file, settings.file].flatMap((path) =>
      path === '' ? [] : (writeBeat(path, body) ?? []),
    );
    fileError = failed[0] ?? null;
    if (fileError === null) last = next;
    void send(body);
  };

  const begin = (): void => {
    cancel();
    for (const name of peers.keys())
      if (!settings.peers.some((peer) => peer.name === name)) peers.delete(name);
    beat();
    cancel = timers.every(settings.everyMs, beat);
  };

  return {
    state: () => ({
      settings,
      file,
      beatAt: last?.at ?? null,
      fileError,
      urlError,
      peers: settings.peers.map(({ name }) => ({
        name,
        aliveAt: peers.get(name)?.aliveAt ?? null,
        error: peers.get(name)?.error ?? null,
      })),
    }),
    set: (next) => {
      store.set(NAME, JSON.stringify(next));
      settings = next;
      if (started) begin();
    },
    section: siteSection({
      name: 'watchdog',
      most: 1,
      schema: watchdogSettingsSchema,
      key: () => 'watchdog',
      read: () => [readSettings(store)],
      put: (next) => {
        store.set(NAME, JSON.stringify(next));
        return written;
      },
      reaches: ({ url }) => ({ sendsTo: [url], loginFiles: [] }),
      took: () => {
        settings = readSettings(store);
        if (started) begin();
      },
    }),
    lastBeat: () => last,
    problems: (now) => [
      ...settings.peers.flatMap(({ name, maxAgeMs }) => peerProblems(name, peers.get(name), maxAgeMs, now)),
      ...[fileError, urlError].flatMap((error) => (error === null ? [] : [heartbeatProblem(error)])),
      ...(settings.alert ? [alwaysFiring()] : []),
    ],
    start: () => {
      started = true;
      begin();
    },
    // The last beat is left: whoever ended the console, nobody watches from now on.
    close: () => cancel(),
  };
}

function readSettings(store: WatchdogStore): WatchdogSettings {
  const stored = store.get(NAME);
  const parsed = watchdogSettingsSchema.safeParse(stored === null ? {} : JSON.parse(stored));
  return parsed.success ? parsed.data : watchdogSettingsSchema.parse({});
}

/** Who looks at the file finds the old beat or the new one, never a part. It need not outlive a power cut. */
function writeBeat(path: string, body: string): AppError | null {
  const temporary = `${path}.new`;
  try {
    writeFileSync(temporary, body, { mode: 0o644 });
    renameSync(temporary, path);
    return null;
  } catch (thrown) {
    return appError('WATCHDOG_NOT_WRITTEN', { file: path, why: describeThrown(thrown) });
  }
}

function readPeer(path: string, before: Peer | undefined, now: number): Peer {
  const since = before?.since ?? now;
  try {
    if (statSync(path).size > MOST_BYTES) throw new Error(`> ${MOST_BYTES} B`);
    const { at } = beatSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    return { aliveAt: at, error: null, since };
  } catch (thrown) {
    const error = appError('WATCHDOG_UNREADABLE', { file: path, why: describeThrown(thrown) });
    return { aliveAt: before?.aliveAt ?? null, error, since };
  }
}

function peerProblems(
  name: string,
  peer: Peer | undefined,
  maxAgeMs: number,
  now: number,
): readonly Sighting[] {
  if (peer === undefined) return [];
  const heard = peer.aliveAt ?? peer.since;
  if (now - heard <= maxAgeMs) return [];
  const age = roughly(now - heard);
  return [
    {
      id: `console_dead:${name}`,
      condition: 'console_dead',
      about: { console: name },
      severity: 'critical',
      since: heard,
      sentence:
        peer.aliveAt === null
          ? {
              zh: `从未收到控制台“${name}”的心跳：${peer.error?.message.zh ?? ''}`,
              en: `Console "${name}" has never given a heartbeat: ${peer.error?.message.en ?? ''}`,
            }
          : {
              zh: `控制台“${name}”已${age.zh}没有心跳：它监控的一切现在无人监视。`,
              en: `Console "${name}" has given no heartbeat for ${age.en}: nobody watches what it watched.`,
            },
      next: {
        zh: '到那台工作站查看控制台是否在运行，必要时重新启动。',
        en: 'Go to that workstation, see whether its console runs, and start it again.',
      },
      link: '/settings',
    },
  ];
}

function heartbeatProblem(error: AppError): Sighting {
  return {
    id: `heartbeat_failed:${error.code}`,
    condition: 'heartbeat_failed',
    about: { code: error.code },
    severity: 'warning',
    since: null,
    sentence: error.message,
    next: error.hint,
    link: '/settings',
  };
}

function alwaysFiring(): Sighting {
  return {
    id: 'watchdog',
    condition: 'watchdog',
    about: {},
    severity: 'info',
    since: null,
    sentence: {
      zh: '看门狗：此告警一直触发，表明控制台和通知链路正常。',
      en: 'Watchdog: this alert always fires, and so shows that the console and its notices work.',
    },
    next: {
      zh: '不需要处理；收不到它时才有问题。',
      en: 'Nothing to do; something is wrong when it does not arrive.',
    },
    link: '/settings',
  };
}
