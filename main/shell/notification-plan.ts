import type { DesktopNotice } from '#shared/contract/channels.ts';
import type { Language } from '#shared/contract/shell.ts';
import { inLanguage } from './texts.ts';

/** One notification of the operating system. */
export type NotificationPlan = {
  readonly title: string;
  readonly body: string;
  readonly critical: boolean;
  /** The system makes no noise of its own. */
  readonly silent: boolean;
  /** Address inside the app that a click opens. */
  readonly link: string;
};

/** Lines of a notice that a notification has room for. */
const MOST_LINES = 4;

/**
 * How a notice looks as a notification. Whether it is told at all was decided by routes and by the settings of the desktop
 * channel. The system is silent when the console's own sound plays, and at quiet hours.
 */
export function planNotification(
  { notice, sound, quiet }: Pick<DesktopNotice, 'notice' | 'sound' | 'quiet'>,
  language: Language,
): NotificationPlan {
  const lines = inLanguage(notice.text, language)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return {
    title: inLanguage(notice.title, language),
    body: lines.slice(0, MOST_LINES).join('\n'),
    critical: notice.alerts.some(({ severity, until }) => severity === 'critical' && until === null),
    silent: quiet || sound !== 'none',
    link: notice.link,
  };
}
