import type { Language } from '#shared/contract/shell.ts';
import type { Problem, Severity } from '#shared/contract/site.ts';
import { inLanguage, say } from './texts.ts';

/** One notification of the operating system. */
export type NotificationPlan = {
  readonly title: string;
  readonly body: string;
  readonly critical: boolean;
  /** Address inside the app that a click opens. */
  readonly link: string;
};

const rank: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 };

/** More new problems than this at once become one notification. */
const MOST = 3;

/**
 * What to tell about problems that were just raised: the sentence and the next step of each, worst first; of many
 * only their number and the worst. `info` never notifies, because it never asks anybody to act.
 */
export function planNotifications(
  raised: readonly Problem[],
  language: Language,
): readonly NotificationPlan[] {
  const telling = raised
    .filter((problem) => problem.severity !== 'info')
    .sort((a, b) => rank[a.severity] - rank[b.severity] || a.since - b.since);
  const [worst] = telling;
  if (worst === undefined) return [];
  if (telling.length > MOST) {
    return [
      {
        title: say('notifyMany', language, { count: telling.length }),
        body: say('notifyManyBody', language, { worst: inLanguage(worst.sentence, language) }),
        critical: worst.severity === 'critical',
        link: '/alerts',
      },
    ];
  }
  return telling.map((problem) => ({
    title: inLanguage(problem.sentence, language),
    body: inLanguage(problem.next, language),
    critical: problem.severity === 'critical',
    link: problem.link,
  }));
}
