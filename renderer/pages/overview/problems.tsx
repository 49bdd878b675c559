import { useMemo } from 'react';
import type { Overview } from '#shared/contract/site.ts';
import { AbsoluteTime } from '../../components/figures.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { ProblemLine } from '../../components/problem-line.tsx';
import { StateShape } from '../../components/state-badge.tsx';
import { useEvent, useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { firstProblems } from './first-problems.ts';

/** So many, that whether everything can be had back is in sight below them on a small screen. */
const SHOWN = 5;
/** Kinds of what is not shown that are counted by name. */
const KINDS = 4;

/** One sentence for each problem, worst first; or, when there is none, what was checked and when. */
export function Problems({ overview }: { readonly overview: Overview }) {
  const { t } = useTranslation();
  const onIt = useWhoIsOnIt();
  const explained = new Set(overview.explained);
  const causes = overview.problems.filter(({ id }) => !explained.has(id));
  const urgent = causes.filter((problem) => problem.severity !== 'info');
  const rest = causes.filter((problem) => problem.severity === 'info');
  const { shown, notShown } = firstProblems([...urgent, ...rest], SHOWN);
  const hidden = overview.problems.length - shown.length;
  const behind = overview.problems.length - causes.length;
  return (
    <section className="problems" data-testid="problems" aria-live="polite">
      <Verdict urgent={urgent.length} behind={behind} overview={overview} />
      {shown.length > 0 && (
        <ul className="problem-list">
          {shown.map((problem) => (
            <ProblemLine key={problem.id} problem={problem} who={onIt.get(problem.id)} />
          ))}
        </ul>
      )}
      {hidden > 0 && (
        <p className="row">
          <PageLink to="/alerts">{t('overview:allProblems', { count: overview.problems.length })}</PageLink>
          {notShown.length > 0 && (
            <span className="soft" data-testid="problems-more">
              {t('overview:notShown')}
              {notShown
                .slice(0, KINDS)
                .map(({ alertname, count }) => t('overview:ofKind', { alertname, count }))
                .join(' · ')}
              {notShown.length > KINDS && ' · …'}
            </span>
          )}
        </p>
      )}
    </section>
  );
}

/** How many problems there are, or that there is none, and what was checked; nothing is called normal before it was looked at. */
function Verdict({
  urgent,
  behind,
  overview,
}: {
  readonly urgent: number;
  /** Alerts that one of the problems explains. */
  readonly behind: number;
  readonly overview: Overview;
}) {
  const { t } = useTranslation();
  const { checked, checkedAt } = overview;
  if (checkedAt === null && urgent === 0)
    return (
      <p className="soft" data-testid="first-look">
        {t('overview:firstLook')}
      </p>
    );
  const what = (
    <span className="soft">
      {checkedAt === null ? (
        t('overview:firstLook')
      ) : (
        <>
          {t('overview:checked', {
            hosts: checked.hosts,
            targets: checked.targets,
            sources: checked.logSources,
            plans: checked.plans,
          })}
          {' · '}
          {t('overview:checkedAt')} <AbsoluteTime time={checkedAt} />
        </>
      )}
    </span>
  );
  return urgent === 0 ? (
    <p className="calm" data-testid="all-normal">
      <StateShape state="ok" size={16} />
      <strong>{t('overview:allNormal')}</strong>
      {what}
    </p>
  ) : (
    <p className="problems-head">
      <strong>{t('overview:problems', { count: urgent })}</strong>
      {behind > 0 && <span className="soft">{t('overview:explained', { count: behind })}</span>}
      {what}
    </p>
  );
}

/** Who has acknowledged each open problem; null: nobody. */
function useWhoIsOnIt(): ReadonlyMap<string, string | null> {
  const alerts = useRequest('notify.alerts', {}, { refreshMs: 15_000 });
  useEvent('notify.changed', alerts.reload);
  const views = alerts.data?.alerts;
  return useMemo(
    () => new Map(views?.map(({ problem, acknowledgement }) => [problem.id, acknowledgement?.by ?? null])),
    [views],
  );
}
