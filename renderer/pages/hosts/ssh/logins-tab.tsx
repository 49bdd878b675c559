import { useState } from 'react';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { useCall, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { LoginDialog } from './login-dialog.tsx';
import { draftOf, type LoginDraft, NEW_LOGIN, type ShownLogin } from './login-draft.ts';
import { LoginTest } from './login-test.tsx';

/** The console's accounts on hosts. */
export function LoginsTab() {
  const { t } = useTranslation();
  const call = useCall();
  const logins = useRequest('ssh.logins.list', {});
  const [draft, setDraft] = useState<LoginDraft | null>(null);
  const [tested, setTested] = useState<ShownLogin | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const remove = async (id: string): Promise<void> => {
    const answer = await call('ssh.logins.remove', { id });
    setError(answer.ok ? null : answer.error);
    logins.reload();
  };
  const add = (
    <Button kind="primary" onClick={() => setDraft(NEW_LOGIN)}>
      {t('ssh:login.add')}
    </Button>
  );
  return (
    <Panel title={t('ssh:tab.logins')} extra={add}>
      {error && <ErrorNotice error={error} />}
      <RequestView request={logins} rows={4}>
        {(data) =>
          data.logins.length === 0 ? (
            <EmptyState title={t('ssh:login.none')} body={t('ssh:login.noneBody')} />
          ) : (
            <table className="plain-table wide" data-testid="ssh-logins">
              <thead>
                <tr>
                  <th scope="col">{t('ssh:login.name')}</th>
                  <th scope="col">{t('ssh:login.host')}</th>
                  <th scope="col">{t('ssh:login.auth')}</th>
                  <th scope="col">{t('ssh:login.via')}</th>
                  <td />
                </tr>
              </thead>
              <tbody>
                {data.logins.map((login) => (
                  <tr key={login.id}>
                    <th scope="row">{login.name}</th>
                    <td className="mono">
                      {login.user}@{login.host}:{login.port}
                    </td>
                    <td>{t(`ssh:login.kind.${login.auth.kind}`)}</td>
                    <td>{data.logins.find(({ id }) => id === login.via)?.name ?? '–'}</td>
                    <td className="row">
                      <Button onClick={() => setTested(login)}>{t('ssh:login.test')}</Button>
                      <Button kind="quiet" onClick={() => setDraft(draftOf(login))}>
                        {t('ssh:login.edit')}
                      </Button>
                      <Button kind="quiet" onClick={() => void remove(login.id)}>
                        {t('ssh:login.remove')}
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </RequestView>
      {draft !== null && (
        <LoginDialog
          first={draft}
          others={(logins.data?.logins ?? []).filter(({ id }) => id !== draft.id)}
          onClose={() => {
            setDraft(null);
            logins.reload();
          }}
        />
      )}
      {tested !== null && <LoginTest login={tested} onClose={() => setTested(null)} />}
    </Panel>
  );
}
