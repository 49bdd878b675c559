import { useState } from 'react';
import { RequestView } from '../../components/request-view.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { SiteForm } from './site-form.tsx';

/** Name and label of the site. */
export function SiteSection() {
  const { t } = useTranslation();
  const settings = useRequest('site.settings.get', {});
  const [saved, setSaved] = useState(false);
  return (
    <RequestView request={settings}>
      {(data) => (
        <>
          <SiteForm initial={data} saveLabel={t('common:action.save')} onSaved={() => setSaved(true)} />
          <p role="status">{saved && <StateBadge state="ok" word={t('settings:site.saved')} />}</p>
        </>
      )}
    </RequestView>
  );
}
