import type { SettingsOf, Sound } from '#shared/contract/channel-settings.ts';
import type { DesktopNotice } from '#shared/contract/channels.ts';
import type { Notice } from '#shared/contract/notice.ts';
import type { Severity } from '#shared/contract/site.ts';
import { appError } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Timers } from '../../platform/timers.ts';
import { later, never, oneLine, type Sender, type SendOutcome } from '../sender.ts';

/** The desktop's side, for the requests that it makes. */
export type DesktopLink = Sender<'desktop'> & {
  /** There is a desktop that shows notices. */
  readonly attach: () => void;
  /** False: there is none, and none will come (`hmtt serve`). */
  readonly isThere: () => boolean;
  /** The desktop has shown a notice, or says why it could not. */
  readonly shown: (notice: string, how: 'notification' | 'window', error: string | null) => void;
};

/** A desktop has said that it is there by then, or there is none: it connects within a second of the engine's start. */
const ATTACH_MS = 20_000;
/** How long a desktop has to show a notice. */
const SHOW_MS = 10_000;

const ORDER: readonly Severity[] = ['critical', 'warning', 'info'];

/** The worst of what a notice tells as firing; null when all of it has ended. */
function worstOf(notice: Notice): Severity | null {
  const firing = notice.alerts.filter(({ until }) => until === null);
  return ORDER.find((severity) => firing.some((problem) => problem.severity === severity)) ?? null;
}

/**
 * Which sound a notice makes. An end makes none; at quiet hours nothing does, save what is critical, unless the settings say
 * that it is to be silent as well.
 *
 * @param minute of the day, on the machine's clock
 */
export function planSound(
  notice: Notice,
  settings: SettingsOf<'desktop'>,
  minute: number,
): { readonly sound: Sound; readonly quiet: boolean } {
  const worst = worstOf(notice);
  const quiet = isQuiet(settings.quietHours, worst === 'critical', minute);
  if (notice.kind === 'test') return { sound: quiet ? 'none' : settings.sounds.warning, quiet };
  return { sound: quiet || worst === null ? 'none' : settings.sounds[worst], quiet };
}

function isQuiet(hours: SettingsOf<'desktop'>['quietHours'], critical: boolean, minute: number): boolean {
  if (hours === null || (critical && !hours.silenceCritical)) return false;
  const [from, to] = [minuteOf(hours.from), minuteOf(hours.to)];
  return from < to ? from <= minute && minute < to : minute >= from || minute < to;
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** Hands notices to the desktop, and takes its word that they were shown. */
export function desktopSender(deps: {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly tell: (notice: DesktopNotice) => void;
}): DesktopLink {
  const { clock, timers } = deps;
  const madeAt = clock.monotonic();
  let attached = false;
  const onAttach = new Set<() => void>();
  const waiting = new Map<string, (outcome: SendOutcome) => void>();
  const silent = (why: string): SendOutcome =>
    later(appError('CHANNEL_DESKTOP_SILENT', { why: oneLine(why) }), why);
  const mayCome = (): boolean => attached || clock.monotonic() - madeAt < ATTACH_MS;

  /** Resolves when there is a desktop, or none can be expected any more. */
  const untilAttached = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (!mayCome() || attached || signal.aborted) {
        resolve();
        return;
      }
      const end = (): void => {
        cancel();
        signal.removeEventListener('abort', end);
        onAttach.delete(end);
        resolve();
      };
      const cancel = timers.after(ATTACH_MS - (clock.monotonic() - madeAt), end);
      signal.addEventListener('abort', end, { once: true });
      onAttach.add(end);
    });

  return {
    attach: () => {
      attached = true;
      for (const end of [...onAttach]) end();
    },
    isThere: mayCome,
    shown: (notice, how, error) => {
      const answer =
        how === 'notification'
          ? 'shown as a notification'
          : 'the system shows no notifications; shown by the window';
      waiting.get(notice)?.(error === null ? { ok: true, answer } : silent(error));
    },
    send: async (settings, { notice }, signal) => {
      await untilAttached(signal);
      if (signal.aborted) return later(appError('CANCELLED'));
      // Nobody can put this right, and it is no failure: this engine simply has no desktop.
      if (!attached) return never(appError('CHANNEL_NO_DESKTOP'));
      return new Promise((resolve) => {
        const settle = (outcome: SendOutcome): void => {
          cancel();
          signal.removeEventListener('abort', onAbort);
          waiting.delete(notice.id);
          resolve(outcome);
        };
        const onAbort = (): void => settle(later(appError('CANCELLED')));
        const cancel = timers.after(SHOW_MS, () => settle(silent(`> ${SHOW_MS / 1000} s`)));
        signal.addEventListener('abort', onAbort, { once: true });
        waiting.set(notice.id, settle);
        const now = new Date(clock.now());
        const { sound, quiet } = planSound(notice, settings, now.getHours() * 60 + now.getMinutes());
        deps.tell({ notice, sound, quiet, volume: settings.volume });
      });
    },
  };
}
