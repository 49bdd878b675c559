import { useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { ConfirmByTyping } from '../../../components/confirm-by-typing.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useCall, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { grouped } from './login-draft.ts';

type Key = RequestOutput<'ssh.hostKeys.list'>['keys'][number];

/** The host keys that somebody compared and confirmed. */
export function HostKeysTab() {
  const { t } = useTranslation();
  const keys = useRequest('ssh.hostKeys.list', {});
  const [forgotten, setForgotten] = useState<Key | null>(null);
  return (
    <Panel title={t('ssh:tab.keys')}>
      <RequestView request={keys} rows={4}>
        {(data) =>
          data.keys.length === 0 ? (
            <EmptyState title={t('ssh:keys.none')} body={t('ssh:keys.noneBody')} />
          ) : (
            <table className="plain-table wide" data-testid="ssh-keys">
              <thead>
                <tr>
                  <th scope="col">{t('ssh:login.host')}</th>
                  <th scope="col">{t('ssh:keys.type')}</th>
                  <th scope="col">{t('ssh:test.fingerprint')}</th>
                  <th scope="col">{t('ssh:keys.since')}</th>
                  <td />
                </tr>
              </thead>
              <tbody>
                {data.keys.map((key) => (
                  <tr key={`${key.host} ${key.port} ${key.type}`}>
                    <th scope="row" className="mono">
                      {key.host}:{key.port}
                    </th>
                    <td>{key.type}</td>
                    <td className="mono small">{grouped(key.fingerprint)}</td>
                    <td>{absoluteText(key.trustedAt)}</td>
                    <td>
                      <Button kind="quiet" onClick={() => setForgotten(key)}>
                        {t('ssh:keys.forget')}
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </RequestView>
      {forgotten !== null && (
        <Forget
          hostKey={forgotten}
          onClose={() => {
            setForgotten(null);
            keys.reload();
          }}
        />
      )}
    </Panel>
  );
}

function Forget({ hostKey, onClose }: { readonly hostKey: Key; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const call = useCall();
  const [error, setError] = useState<AppError | null>(null);
  const { host, port } = hostKey;
  const forget = async (): Promise<void> => {
    const answer = await call('ssh.hostKeys.forget', { host, port });
    if (answer.ok) onClose();
    else setError(answer.error);
  };
  return (
    <Overlay kind="dialog" title={t('ssh:keys.forgetTitle', { host, port })} onClose={onClose}>
      <p>{t('ssh:keys.forgetBody')}</p>
      {error && <ErrorNotice error={error} />}
      <ConfirmByTyping
        word={host}
        actionLabel={t('ssh:keys.forget')}
        busy={false}
        onConfirm={() => void forget()}
      />
    </Overlay>
  );
}
