import { Notification } from 'electron';
import type { DesktopNotice } from '#shared/contract/channels.ts';
import type { Language } from '#shared/contract/shell.ts';
import type { Logger } from '../engine/platform/logger.ts';
import type { Timers } from '../engine/platform/timers.ts';
import { type NotificationPlan, planNotification } from './notification-plan.ts';

/** What the notifications need. */
export type NotifierOptions = {
  readonly language: () => Language;
  /** Shows the window at an address inside the app. */
  readonly open: (link: string) => void;
  /** Draws the operator's eye to the window, out of the tray as well, where the system shows no notifications. */
  readonly flash: () => void;
  readonly log: Logger;
  readonly timers: Timers;
};

/** How a notice was shown, or why it was not; what the engine is told. */
export type Shown = { readonly how: 'notification' | 'window'; readonly error: string | null };

/** A notification is kept alive this long, because one that is collected does not hear its click. */
const KEPT = 20;
/** A system that has neither shown a notification nor refused it by then will not say. */
const SILENCE_MS = 3_000;

/** Shows the engine's notices outside the window. Returns what shows one, and resolves when that is known to be done. */
export function createNotifier(options: NotifierOptions): (notice: DesktopNotice) => Promise<Shown> {
  const kept: Notification[] = [];
  const show = (plan: NotificationPlan): Promise<Shown> =>
    new Promise((resolve) => {
      const notification = new Notification({
        title: plan.title,
        body: plan.body,
        silent: plan.silent,
        urgency: plan.critical ? 'critical' : 'normal',
      });
      notification.on('click', () => options.open(plan.link));
      notification.on('show', () => resolve({ how: 'notification', error: null }));
      notification.on('failed', (_event, why) => {
        // A desktop without a notification service: trying again would only sound again. The window tells instead.
        options.log.log('warn', 'the system shows no notifications', { why });
        options.flash();
        resolve({ how: 'window', error: null });
      });
      options.timers.after(SILENCE_MS, () => {
        // Some systems show it and never say so: the window's own mark is there beside it.
        options.flash();
        resolve({ how: 'window', error: null });
      });
      notification.show();
      kept.push(notification);
      if (kept.length > KEPT) kept.shift();
    });
  return async (desktopNotice) => {
    const plan = planNotification(desktopNotice, options.language());
    options.log.log('info', 'notice', { id: desktopNotice.notice.id, title: plan.title });
    if (Notification.isSupported()) return show(plan);
    options.flash();
    return { how: 'window', error: null };
  };
}
