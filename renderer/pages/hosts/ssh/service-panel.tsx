import { useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { durationText } from '../../../components/time.ts';
import { useCall, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

const ACTIONS = ['state', 'start', 'reload', 'stop'] as const;

/** Tries what an offline backup does: asks for a service, stops, starts or reloads it. */
export function ServicePanel() {
  const { t } = useTranslation();
  const call = useCall();
  const logins = useRequest('ssh.logins.list', {});
  const [login, setLogin] = useState('');
  const [unit, setUnit] = useState('');
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<RequestOutput<'ssh.service'> | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const all = logins.data?.logins ?? [];
  const id = login === '' ? (all[0]?.id ?? '') : login;
  const act = async (action: (typeof ACTIONS)[number]): Promise<void> => {
    setBusy(true);
    const answer = await call('ssh.service', { id, unit: unit.trim(), action });
    setBusy(false);
    setSaid(answer.ok ? answer.value : null);
    setError(answer.ok ? null : answer.error);
  };
  return (
    <Panel title={t('ssh:commands.service')}>
      <div className="fields">
        <p className="soft">{t('ssh:commands.serviceBody')}</p>
        <div className="fields-row">
          <SelectField
            label={t('ssh:audit.login')}
            value={id}
            options={all.map((one) => [one.id, one.name])}
            onChange={setLogin}
          />
          <TextField
            label={t('ssh:commands.unit')}
            mono
            placeholder="erp.service"
            value={unit}
            onChange={setUnit}
          />
        </div>
        {error && <ErrorNotice error={error} />}
        {said && (
          <p role="status">
            {t('ssh:commands.said', { state: said.active, time: durationText(t, said.tookMs) })}
          </p>
        )}
        <div className="row">
          {ACTIONS.map((action) => (
            <Button
              key={action}
              kind={action === 'stop' ? 'danger' : 'default'}
              disabled={busy || id === '' || unit.trim() === ''}
              onClick={() => void act(action)}
            >
              {t(`ssh:commands.action.${action}`)}
            </Button>
          ))}
        </div>
      </div>
    </Panel>
  );
}
