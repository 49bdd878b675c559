import { formatDuration } from '#shared/units/duration.ts';
import type { Sighting } from './built-in.ts';

/** What the recovery area has to say; the shape is its own, declared here by who reads it. */
export type RecoverySnapshot =
  | { readonly kind: 'drill_overdue'; readonly plan: string; readonly since: number }
  | {
      readonly kind: 'drill_failed';
      readonly plan: string;
      readonly drillId: string;
      readonly at: number | null;
    }
  | { readonly kind: 'drill_void'; readonly plan: string; readonly changed: number }
  | { readonly kind: 'risk_review'; readonly count: number; readonly first: string; readonly since: number }
  | {
      readonly kind: 'rto_breached';
      readonly plan: string;
      readonly measuredMs: number;
      readonly promisedMs: number;
    };

/** The sentence and the next step for one fact of the recovery area. */
export function recoveryProblem(fact: RecoverySnapshot): Sighting {
  switch (fact.kind) {
    case 'drill_overdue':
      return {
        id: `drill_overdue:${fact.plan}`,
        condition: 'drill_overdue',
        about: { plan: fact.plan },
        severity: 'warning',
        since: fact.since,
        sentence: {
          zh: `备份计划“${fact.plan}”的恢复演练已到期。`,
          en: `A recovery drill of backup plan "${fact.plan}" is overdue.`,
        },
        next: {
          zh: '打开“恢复 › 演练”，点击“立即演练”。',
          en: 'Open Recovery › Drills and press "Drill now".',
        },
        link: '/recovery?tab=drills',
      };
    case 'drill_failed':
      return {
        id: `drill_failed:${fact.plan}`,
        condition: 'drill_failed',
        about: { plan: fact.plan },
        severity: 'critical',
        since: fact.at,
        sentence: {
          zh: `备份计划“${fact.plan}”最近一次恢复演练没有通过。`,
          en: `The newest recovery drill of backup plan "${fact.plan}" did not pass.`,
        },
        next: {
          zh: '打开演练记录查看原因；在它通过之前，不要指望这个计划。',
          en: 'Open the drill to see why; do not count on this plan until one passes.',
        },
        link: `/recovery/drills/${fact.drillId}`,
      };
    case 'drill_void':
      return {
        id: `drill_void:${fact.plan}`,
        condition: 'drill_void',
        about: { plan: fact.plan },
        severity: 'info',
        since: null,
        sentence: {
          zh: `备份计划“${fact.plan}”的演练结论已失效：之后有 ${fact.changed} 处改动。`,
          en: `The drill of backup plan "${fact.plan}" no longer counts: ${fact.changed} things changed since.`,
        },
        next: { zh: '再做一次演练。', en: 'Make another drill.' },
        link: '/recovery?tab=drills',
      };
    case 'risk_review':
      return {
        id: 'risk_review',
        condition: 'risk_review',
        about: {},
        severity: 'info',
        since: fact.since,
        sentence: {
          zh: `${fact.count} 项风险已过复核日期，例如“${fact.first}”。`,
          en: `${fact.count} risks are past their review date, such as "${fact.first}".`,
        },
        next: { zh: '打开“恢复 › 风险”复核。', en: 'Open Recovery › Risks and review them.' },
        link: '/recovery?tab=risks',
      };
    case 'rto_breached':
      return {
        id: `rto_breached:${fact.plan}`,
        condition: 'rto_breached',
        about: { plan: fact.plan },
        severity: 'warning',
        since: null,
        sentence: {
          zh: `“${fact.plan}”最近一次恢复用了 ${formatDuration(fact.measuredMs)}，超过承诺的 RTO ${formatDuration(fact.promisedMs)}。`,
          en: `The last recovery of "${fact.plan}" took ${formatDuration(fact.measuredMs)}, past its RTO of ${formatDuration(fact.promisedMs)}.`,
        },
        next: {
          zh: '用更近的全备份或更快的介质，或重新约定目标。',
          en: 'Use a newer full backup or faster media, or agree on another objective.',
        },
        link: '/recovery?tab=objectives',
      };
  }
}
