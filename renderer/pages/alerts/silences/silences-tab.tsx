import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { Silence } from '#shared/contract/notify-silences.ts';
import { Button } from '../../../components/button.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { MaintenancePanel } from './maintenance-panel.tsx';
import { SilenceDialog } from './silence-dialog.tsx';
import { SilenceTable } from './silence-table.tsx';

/** What is kept quiet on purpose: silences, and planned maintenance. */
export function SilencesTab() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const found = params.get('id');
  // A silence that somebody followed a link to may have ended since.
  const ended = params.get('ended') === '1' || found !== null;
  const silences = useRequest('notify.silences.list', { ended }, { refreshMs: 30_000 });
  useEvent('notify.changed', silences.reload);
  const [editing, setEditing] = useState<Silence | 'new' | null>(null);
  const close = (): void => setEditing(null);
  return (
    <>
      <Panel
        title={t('alerts:silence.title')}
        extra={
          <span className="row">
            <label className="row">
              <input
                type="checkbox"
                checked={ended}
                onChange={(event) =>
                  setParams((old) => {
                    const next = new URLSearchParams(old);
                    if (event.target.checked) next.set('ended', '1');
                    else next.delete('ended');
                    return next;
                  })
                }
              />
              {t('alerts:silence.showEnded')}
            </label>
            <Button kind="primary" onClick={() => setEditing('new')}>
              {t('alerts:silence.new')}
            </Button>
          </span>
        }
      >
        <RequestView request={silences} rows={3}>
          {(data) => (
            <SilenceTable
              found={found}
              silences={data.silences}
              onEdit={setEditing}
              onChanged={silences.reload}
            />
          )}
        </RequestView>
      </Panel>
      <MaintenancePanel />
      {editing !== null && (
        <SilenceDialog
          {...(editing === 'new'
            ? { matchers: [{ name: 'host', op: '=' as const, value: '' }] }
            : { silence: editing })}
          onClose={close}
          onDone={() => {
            close();
            silences.reload();
          }}
        />
      )}
    </>
  );
}
