import { Notification } from 'electron';
import type { Language } from '#shared/contract/shell.ts';
import type { Problem } from '#shared/contract/site.ts';
import type { Logger } from '../engine/platform/logger.ts';
import type { Timers } from '../engine/platform/timers.ts';
import { type NotificationPlan, planNotifications } from './notification-plan.ts';

/** What the notifications need. */
export type NotifierOptions = {
  readonly language: () => Language;
  /** Shows the window at an address inside the app. */
  readonly open: (link: string) => void;
  readonly log: Logger;
  readonly timers: Timers;
};

/** How long new problems gather, so that one cause with many effects makes one notification. */
const GATHER_MS = 1_500;
/** A notification is kept alive this long, because one that is collected does not hear its click. */
const KEPT = 20;

/** Tells the operator about new problems outside the window. Returns what hears of them. */
export function createNotifier(options: NotifierOptions): (raised: readonly Problem[]) => void {
  const gathered: Problem[] = [];
  const shown: Notification[] = [];
  const show = (plan: NotificationPlan): void => {
    const notification = new Notification({
      title: plan.title,
      body: plan.body,
      urgency: plan.critical ? 'critical' : 'normal',
    });
    notification.on('click', () => options.open(plan.link));
    notification.on('failed', (_event, why) => options.log.log('warn', 'notification failed', { why }));
    notification.show();
    shown.push(notification);
    if (shown.length > KEPT) shown.shift();
  };
  return (raised) => {
    if (raised.length === 0) return;
    if (gathered.length === 0) {
      options.timers.after(GATHER_MS, () => {
        const plans = planNotifications(gathered.splice(0), options.language());
        options.log.log('info', 'notifications', {
          count: plans.length,
          titles: plans.map((plan) => plan.title),
        });
        if (Notification.isSupported()) for (const plan of plans) show(plan);
      });
    }
    gathered.push(...raised);
  };
}
