import { Link, useLocation } from 'react-router';
import { EmptyState } from '../components/empty-state.tsx';
import { useTranslation } from '../locales/use-translation.ts';

/** An address that belongs to no page. */
export function NotFound() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  return (
    <div className="page">
      <h1>{t('common:error.notFound')}</h1>
      <EmptyState
        title={t('common:error.notFoundBody', { path: pathname })}
        action={<Link to="/">{t('common:error.toOverview')}</Link>}
      />
    </div>
  );
}
