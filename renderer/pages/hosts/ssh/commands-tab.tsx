import { useState } from 'react';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { copyText } from '../../../components/save-text.ts';
import { TextAreaField } from '../../../components/text-area-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useCall, useRequest } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { ServicePanel } from './service-panel.tsx';

/** Every command that may run on a host, and the sudoers file for those that need it. */
export function CommandsTab() {
  const { t } = useTranslation();
  const text = useText();
  const commands = useRequest('ssh.commands', {});
  return (
    <>
      <Panel title={t('ssh:tab.commands')}>
        <p className="soft">{t('ssh:commands.body')}</p>
        <RequestView request={commands} rows={6}>
          {(data) => (
            <table className="plain-table wide" data-testid="ssh-commands">
              <thead>
                <tr>
                  <th scope="col">{t('ssh:commands.command')}</th>
                  <th scope="col">{t('ssh:commands.why')}</th>
                </tr>
              </thead>
              <tbody>
                {data.commands.map(({ id, title, why, line, script }) => (
                  <tr key={id}>
                    <th scope="row">
                      {text(title)}
                      <br />
                      <code>{line}</code>
                      {script !== null && (
                        <details>
                          <summary>{t('ssh:commands.script')}</summary>
                          <pre className="small">{script}</pre>
                        </details>
                      )}
                    </th>
                    <td>{text(why)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </RequestView>
      </Panel>
      <Sudoers />
      <ServicePanel />
    </>
  );
}

function Sudoers() {
  const { t } = useTranslation();
  const call = useCall();
  const [user, setUser] = useState('hmtt');
  const [units, setUnits] = useState('');
  const [made, setMade] = useState<string | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const names = units
    .split(/\s+/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const make = async (): Promise<void> => {
    const answer = await call('ssh.sudoers', { user: user.trim(), units: names });
    setMade(answer.ok ? answer.value.text : null);
    setError(answer.ok ? null : answer.error);
  };
  return (
    <Panel title={t('ssh:commands.sudoers')}>
      <form
        className="fields"
        onSubmit={(event) => {
          event.preventDefault();
          if (names.length > 0) void make();
        }}
      >
        <p className="soft">{t('ssh:commands.sudoersBody')}</p>
        <TextField label={t('ssh:login.user')} mono value={user} onChange={setUser} />
        <TextAreaField
          label={t('ssh:commands.units')}
          hint={t('ssh:commands.unitsHint')}
          rows={3}
          value={units}
          onChange={setUnits}
        />
        {error && <ErrorNotice error={error} />}
        <div className="row">
          <Button kind="primary" type="submit" disabled={names.length === 0}>
            {t('ssh:commands.make')}
          </Button>
          {made !== null && <Button onClick={() => void copyText(made)}>{t('ssh:commands.copy')}</Button>}
        </div>
        {made !== null && <pre data-testid="sudoers">{made}</pre>}
      </form>
    </Panel>
  );
}
