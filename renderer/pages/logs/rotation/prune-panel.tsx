import { useState } from 'react';
import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

const MOST = 50;

/** What retention would remove now, with reasons; nothing goes before it was seen and agreed to. */
export function PrunePanel({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation();
  const call = useCall();
  const request = useRequest('rotation.prune.preview', {});
  useEvent('rotation.changed', request.reload);
  const [asking, setAsking] = useState(false);
  const saving = useSaving(() => {
    setAsking(false);
    request.reload();
    onDone();
  });
  return (
    <Panel title={t('rotation:prune.title')}>
      <RequestView request={request} rows={2}>
        {({ decisions, removeBytes, hash }) => {
          const removed = decisions.filter(({ remove }) => remove);
          if (removed.length === 0) return <p className="soft">{t('rotation:prune.nothing')}</p>;
          const figures = { count: removed.length, size: formatBytes(removeBytes) };
          return (
            <>
              <p>{t('rotation:prune.would', figures)}</p>
              <ul className="plain-list outlook-files">
                {removed.slice(0, MOST).map(({ segment, reason }) => (
                  <li key={segment.id} className="row">
                    <span className="mono ellipsis grow">{segment.file}</span>
                    <StateBadge state="warning" word={t(`rotation:prune.reason.${reason}`)} />
                  </li>
                ))}
              </ul>
              {removed.length > MOST && (
                <p className="soft">{t('common:table.shown', { shown: MOST, total: removed.length })}</p>
              )}
              {asking ? (
                <div
                  className="notice notice-warning"
                  role="alertdialog"
                  aria-label={t('rotation:prune.title')}
                >
                  <div className="notice-body">{t('rotation:prune.ask', figures)}</div>
                  <div className="row">
                    <Button autoFocus onClick={() => setAsking(false)}>
                      {t('rotation:prune.no')}
                    </Button>
                    <Button
                      kind="danger"
                      disabled={saving.busy}
                      onClick={() => void saving.run(call('rotation.prune', { hash }))}
                    >
                      {t('rotation:prune.yes')}
                    </Button>
                  </div>
                </div>
              ) : (
                <div>
                  <Button onClick={() => setAsking(true)}>{t('rotation:prune.yes')}</Button>
                </div>
              )}
              {saving.error && <ErrorNotice error={saving.error} onRetry={request.reload} />}
            </>
          );
        }}
      </RequestView>
    </Panel>
  );
}
