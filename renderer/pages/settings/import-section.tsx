import { Link } from 'react-router';
import { useTranslation } from '../../locales/use-translation.ts';

/** What a site already has and wants to keep. */
export function ImportSection() {
  const { t } = useTranslation();
  return (
    <div className="stack">
      <div className="row">
        <Link className="btn" to="/hosts/import">
          {t('settings:import.prometheus')}
        </Link>
        <span className="soft">{t('settings:import.prometheusBody')}</span>
      </div>
      <div className="row">
        <Link className="btn" to="/logs/sources/add">
          {t('settings:import.logs')}
        </Link>
        <span className="soft">{t('settings:import.logsBody')}</span>
      </div>
    </div>
  );
}
