import { useNavigate } from 'react-router';
import { Button } from '../../components/button.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { useSite } from '../../stores/site.ts';
import { settleFirstRun, useFirstRun } from './first-run-store.ts';

/** What the engine calls a site that nobody has named. */
const UNNAMED = 'HMTT';

/** On the overview, until it is done or put off: offers the first set-up. */
export function FirstRunOffer() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const settled = useFirstRun((state) => state.settled);
  const siteName = useSite((state) => state.status?.siteName);
  // A site that has a name was set up, perhaps from another account of this workstation.
  if (settled || siteName !== UNNAMED) return null;
  return (
    <section className="notice" data-testid="first-run-offer">
      <div className="notice-body">
        <strong>{t('settings:firstRun.offer')}</strong> <span>{t('settings:firstRun.offerBody')}</span>{' '}
        <PageLink to="/settings/training">{t('training:practise')}</PageLink>
      </div>
      <Button kind="primary" onClick={() => void navigate('/settings/first-run')}>
        {t('settings:firstRun.start')}
      </Button>
      <Button onClick={() => settleFirstRun('later')}>{t('settings:firstRun.later')}</Button>
    </section>
  );
}
