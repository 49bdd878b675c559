import { NavLink } from 'react-router';
import { Icon } from '../components/icon.tsx';
import { StateShape } from '../components/state-badge.tsx';
import { useRangeSearch } from '../components/use-time-range.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { useSite } from '../stores/site.ts';
import { pageIds, pagePath } from './page-module.ts';

/** The eight pages, by icon and word; a mark says where something is wrong. */
export function Navigation() {
  const { t } = useTranslation();
  const search = useRangeSearch();
  const critical = useSite((state) => state.status?.problems.critical ?? 0);
  const warning = useSite((state) => state.status?.problems.warning ?? 0);
  return (
    <nav className="nav" aria-label={t('common:nav.label')}>
      {pageIds.map((id) => (
        <NavLink
          key={id}
          to={{ pathname: pagePath(id), search }}
          end={id === 'overview'}
          className="nav-link"
        >
          <Icon name={id} size={18} />
          <span>{t(`common:nav.${id}`)}</span>
          {id === 'alerts' && critical + warning > 0 && (
            <span className={`nav-count state-${critical > 0 ? 'critical' : 'warning'}`}>
              <StateShape state={critical > 0 ? 'critical' : 'warning'} size={9} />
              <span className="figure">{critical + warning}</span>
            </span>
          )}
        </NavLink>
      ))}
    </nav>
  );
}
