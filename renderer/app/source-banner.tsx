import { useState } from 'react';
import type { DataSource } from '#shared/contract/remote.ts';
import { PageLink } from '../components/page-link.tsx';
import { StateShape } from '../components/state-badge.tsx';
import { useEvent, useRequest } from '../components/use-request.ts';
import { useTranslation } from '../locales/use-translation.ts';

/** Says on every page that metrics are read from a server; nothing while they are the console's own. */
export function SourceBanner() {
  const { t } = useTranslation();
  const asked = useRequest('remote.status', {});
  const [told, setTold] = useState<DataSource | null>(null);
  useEvent('remote.changed', ({ source }) => setTold(source));
  const source = told ?? asked.data?.source;
  if (source === undefined || source.kind === 'local') return null;
  return (
    <div className="source-note notice" role="status" data-testid="source-banner">
      <StateShape state="info" />
      <div className="notice-body">{t('remote:source.note', { url: source.server.url })}</div>
      <PageLink to="/settings">{t('remote:source.change')}</PageLink>
    </div>
  );
}
