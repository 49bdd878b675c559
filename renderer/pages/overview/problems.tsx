import { Link } from 'react-router';
import type { Overview, Problem } from '#shared/contract/site.ts';
import { AbsoluteTime, RelativeTime } from '../../components/figures.tsx';
import { StateBadge, StateShape } from '../../components/state-badge.tsx';
import { useText } from '../../components/use-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';

const SHOWN = 8;

/** One sentence for each problem, worst first; or, when there is none, what was checked and when. */
export function Problems({ overview }: { readonly overview: Overview }) {
  const { t } = useTranslation();
  const { checked } = overview;
  const urgent = overview.problems.filter((problem) => problem.severity !== 'info');
  const rest = overview.problems.filter((problem) => problem.severity === 'info');
  const shown = [...urgent, ...rest].slice(0, SHOWN);
  const hidden = overview.problems.length - shown.length;
  const what = (
    <span className="soft">
      {t('overview:checked', {
        hosts: checked.hosts,
        targets: checked.targets,
        sources: checked.logSources,
        plans: checked.plans,
      })}
      {' · '}
      {t('overview:checkedAt')} <AbsoluteTime time={overview.checkedAt} />
    </span>
  );
  return (
    <section className="problems" data-testid="problems" aria-live="polite">
      {urgent.length === 0 ? (
        <p className="calm" data-testid="all-normal">
          <StateShape state="ok" size={16} />
          <strong>{t('overview:allNormal')}</strong>
          {what}
        </p>
      ) : (
        <p className="problems-head">
          <strong>{t('overview:problems', { count: urgent.length })}</strong>
          {what}
        </p>
      )}
      {shown.length > 0 && (
        <ul className="problem-list">
          {shown.map((problem) => (
            <ProblemLine key={problem.id} problem={problem} />
          ))}
        </ul>
      )}
      {hidden > 0 && (
        <Link to="/alerts">
          {t('common:table.shown', { shown: shown.length, total: overview.problems.length })}
        </Link>
      )}
    </section>
  );
}

function ProblemLine({ problem }: { readonly problem: Problem }) {
  const { t } = useTranslation();
  const text = useText();
  return (
    <li className={`problem problem-${problem.severity}`}>
      <StateBadge state={problem.severity} />
      <div className="problem-text">
        <strong>{text(problem.sentence)}</strong>
        <span>
          <span className="soft">{t('overview:next')}</span>
          {text(problem.next)}
        </span>
      </div>
      <span className="soft">
        <RelativeTime time={problem.since} />
      </span>
      <Link className="btn" to={problem.link}>
        {t('overview:open')}
      </Link>
    </li>
  );
}
