import type { Problem } from '#shared/contract/site.ts';
import { alertLinks } from '#shared/domain/alert-links.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { RelativeTime } from './figures.tsx';
import { PageLink } from './page-link.tsx';
import { StateBadge } from './state-badge.tsx';
import { useText } from './use-text.ts';

/** One problem: how bad, what it is, what to do next, who is on it, since when, and where to look. */
export function ProblemLine({
  problem,
  who,
}: {
  readonly problem: Problem;
  /** Who is on it; null: nobody; undefined: not known. */
  readonly who?: string | null | undefined;
}) {
  const { t } = useTranslation();
  const text = useText();
  return (
    <li className={`problem problem-${problem.severity}`} data-problem={problem.id}>
      <StateBadge state={problem.severity} />
      <div className="problem-text">
        <PageLink className="problem-sentence" to={alertLinks.alert(problem.id)}>
          {text(problem.sentence)}
        </PageLink>
        <span>
          <span className="soft">{t('overview:next')}</span>
          {text(problem.next)}
        </span>
      </div>
      {who !== undefined && (
        <span className={who === null ? 'soft' : undefined}>
          {who === null ? t('alerts:firing.nobody') : t('alerts:firing.who', { name: who })}
        </span>
      )}
      <span className="soft">
        <RelativeTime time={problem.since} />
      </span>
      <PageLink
        className="btn"
        to={problem.link === alertLinks.firing ? alertLinks.alert(problem.id) : problem.link}
      >
        {t('overview:open')}
      </PageLink>
    </li>
  );
}
