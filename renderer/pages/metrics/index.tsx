import type { PageModule } from '../../app/page-module.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { useTranslation } from '../../locales/use-translation.ts';

function Page() {
  const { t } = useTranslation();
  return (
    <div className="page">
      <PageHeader title={t('common:nav.metrics')} />
    </div>
  );
}

/** metrics */
export const metricsPage: PageModule = { id: 'metrics', Component: Page, keys: [] };
