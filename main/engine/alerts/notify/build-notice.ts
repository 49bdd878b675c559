import { MOST_ALERTS_IN_NOTICE, type NoticeKind } from '#shared/contract/notice.ts';
import type { Problem } from '#shared/contract/site.ts';
import { alertLinks } from '#shared/domain/alert-links.ts';
import { labelsBy } from './matchers.ts';
import type { AlertState, GroupState, PlannedNotice } from './model.ts';
import { noticeText } from './notice-text.ts';

/** What a notice is made of. */
export type NoticeParts = {
  readonly id: string;
  readonly at: number;
  readonly kind: NoticeKind;
  readonly group: GroupState;
  readonly receiver: string;
  readonly firing: readonly AlertState[];
  readonly ended: readonly AlertState[];
  /** How many alerts are suppressed because one alert is their cause, by its id. */
  readonly behind: ReadonlyMap<string, number>;
  readonly step?: number;
};

const RANK = { critical: 0, warning: 1, info: 2 } as const;

/** Orders alerts worst first, of equal ones those with more behind them, then the oldest. */
function worstFirst(behind: ReadonlyMap<string, number>): (a: AlertState, b: AlertState) => number {
  return (a, b) =>
    RANK[a.problem.severity] - RANK[b.problem.severity] ||
    (behind.get(b.id) ?? 0) - (behind.get(a.id) ?? 0) ||
    a.since - b.since ||
    (a.id < b.id ? -1 : 1);
}

/** Makes a notice of a group's alerts. */
export function buildNotice(parts: NoticeParts): PlannedNotice {
  const { group, kind, behind } = parts;
  const firing = parts.firing.toSorted(worstFirst(behind));
  const ended = parts.ended.toSorted(worstFirst(behind));
  const all = [...firing, ...ended];
  const suppressed = firing.reduce((sum, { id }) => sum + (behind.get(id) ?? 0), 0);
  const hidden = firing.find(({ unhidden }) => unhidden !== null)?.unhidden ?? null;
  const text = noticeText({
    kind,
    firing: firing.map(({ problem, flappingSince, openings }) => ({
      ...problem,
      flaps: flappingSince === null ? 0 : openings,
    })),
    ended: ended.map(endedProblem),
    behind: suppressed,
    step: parts.step ?? 0,
    hiddenBy: kind === 'silence_ended' ? (hidden?.text ?? null) : null,
  });
  const [only] = all;
  return {
    notice: {
      id: parts.id,
      at: parts.at,
      kind,
      groupKey: group.key,
      groupLabels: { ...group.labels },
      commonLabels: commonLabels(all),
      receiver: parts.receiver,
      alerts: [...firing.map(({ problem }) => problem), ...ended.map(endedProblem)].slice(
        0,
        MOST_ALERTS_IN_NOTICE,
      ),
      counts: { firing: firing.length, resolved: ended.length, suppressed },
      ...text,
      link: all.length === 1 && only !== undefined ? alertLinks.alert(only.id) : alertLinks.firing,
    },
    alerts: all.map(({ id }) => id),
  };
}

const endedProblem = ({ problem, until }: AlertState): Problem => ({ ...problem, until });

function commonLabels(alerts: readonly AlertState[]): Record<string, string> {
  const [first, ...others] = alerts;
  if (first === undefined) return {};
  const { labels } = first.problem;
  return Object.fromEntries(
    Object.entries(labels).filter(([name]) =>
      others.every(({ problem }) => labelsBy(problem.labels, [name]) === labelsBy(labels, [name])),
    ),
  );
}
