import { NavLink } from 'react-router';
import { useRangeSearch } from '../../components/use-time-range.ts';
import { useTranslation } from '../../locales/use-translation.ts';

/** The two ways to look at metrics: expressions of the moment, and dashboards. */
export function MetricsTabs() {
  const { t } = useTranslation();
  const search = useRangeSearch();
  return (
    <nav className="tabs" aria-label={t('dashboards:tabs.label')}>
      <NavLink className="tab" end to={{ pathname: '/metrics', search }}>
        {t('dashboards:tabs.explorer')}
      </NavLink>
      <NavLink className="tab" to={{ pathname: '/metrics/dashboards', search }}>
        {t('dashboards:tabs.dashboards')}
      </NavLink>
    </nav>
  );
}
