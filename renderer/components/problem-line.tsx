import type { Problem } from '#shared/contract/site.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { RelativeTime } from './figures.tsx';
import { PageLink } from './page-link.tsx';
import { StateBadge } from './state-badge.tsx';
import { useText } from './use-text.ts';

/** One problem: how bad, what it is, what to do next, since when, and where to look. */
export function ProblemLine({ problem }: { readonly problem: Problem }) {
  const { t } = useTranslation();
  const text = useText();
  return (
    <li className={`problem problem-${problem.severity}`} data-problem={problem.id}>
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
      <PageLink className="btn" to={problem.link}>
        {t('overview:open')}
      </PageLink>
    </li>
  );
}
