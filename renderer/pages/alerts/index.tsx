import type { PageModule } from '../../app/page-module.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { useTranslation } from '../../locales/use-translation.ts';

function Page() {
  const { t } = useTranslation();
  return (
    <div className="page">
      <PageHeader title={t('common:nav.alerts')} />
    </div>
  );
}

/** alerts */
export const alertsPage: PageModule = { id: 'alerts', Component: Page, keys: [] };
