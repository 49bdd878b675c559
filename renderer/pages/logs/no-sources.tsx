import { useNavigate } from 'react-router';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { useTranslation } from '../../locales/use-translation.ts';

/** What would be here, and the button that makes it so. */
export function NoSources() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <EmptyState
      title={t('logs:noSources.title')}
      body={t('logs:noSources.body')}
      action={
        <Button kind="primary" onClick={() => void navigate('/logs/sources/add')}>
          {t('logs:noSources.action')}
        </Button>
      }
    />
  );
}
