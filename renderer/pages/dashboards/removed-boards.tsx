import { useState } from 'react';
import { localize } from '#shared/domain/dashboard/text.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useCall, useEvent, useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';

/** Removed dashboards, which can be brought back; nothing when there are none. */
export function RemovedBoards({ onRestored }: { readonly onRestored: () => void }) {
  const { t, i18n } = useTranslation();
  const call = useCall();
  const request = useRequest('dashboards.removed', {});
  const { reload } = request;
  useEvent('dashboards.changed', reload);
  const [error, setError] = useState<AppError | null>(null);
  const removed = request.data?.dashboards ?? [];
  const restore = async (uid: string, version: number): Promise<void> => {
    // The removal is a version of its own; what was before it is what somebody wants back.
    const versions = await call('dashboards.versions', { uid });
    const last = versions.ok ? versions.value.versions.find(({ kind }) => kind !== 'removed') : undefined;
    const answer = await call('dashboards.restore', { uid, version: last?.version ?? version });
    setError(answer.ok ? null : answer.error);
    if (answer.ok) onRestored();
  };
  if (removed.length === 0) return null;
  return (
    <details>
      <summary>{t('dashboards:list.removed', { count: removed.length })}</summary>
      {error && <ErrorNotice error={error} />}
      <ul className="plain-list">
        {removed.map(({ uid, title, version }) => (
          <li key={uid} className="row">
            <span>{localize(title, i18n.language === 'en' ? 'en' : 'zh')}</span>
            <Button kind="quiet" onClick={() => void restore(uid, version)}>
              {t('dashboards:list.bringBack')}
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}
