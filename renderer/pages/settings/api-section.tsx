import { useState } from 'react';
import type { ApiState } from '#shared/contract/api.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { copyText } from '../../components/save-text.ts';
import { StateBadge } from '../../components/state-badge.tsx';
import { absoluteText } from '../../components/time.ts';
import { useCall, useEvent, useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';

/** The read-only HTTP API for Grafana and scripts: on or off, where, and with which token. */
export function ApiSection() {
  const { t } = useTranslation();
  const state = useRequest('api.state', {});
  useEvent('api.changed', state.reload);
  return (
    <div className="stack">
      <p className="soft">{t('settings:api.body')}</p>
      <RequestView request={state} rows={3}>
        {(data) => (
          <>
            <NowServed state={data} />
            {data.error && <ErrorNotice error={data.error} still={t('settings:api.retrying')} />}
            {data.isFixed ? (
              <p className="soft">{t('settings:api.fixed')}</p>
            ) : (
              <>
                <AddressForm key={JSON.stringify(data.settings)} state={data} onChanged={state.reload} />
                <TokenRow state={data} onChanged={state.reload} />
              </>
            )}
          </>
        )}
      </RequestView>
    </div>
  );
}

/** Whether it listens, and where. */
function NowServed({ state }: { readonly state: ApiState }) {
  const { t } = useTranslation();
  const { url } = state;
  if (url === null)
    return state.error === null ? <StateBadge state="unknown" word={t('settings:api.off')} /> : null;
  return (
    <div className="row">
      <StateBadge state="ok" word={t('settings:api.on')} />
      <code>{url}</code>
      <Button kind="quiet" onClick={() => void copyText(url)}>
        {t('settings:api.copyUrl')}
      </Button>
    </div>
  );
}

type ChangeProps = { readonly state: ApiState; readonly onChanged: () => void };

function AddressForm({ state, onChanged }: ChangeProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [enabled, setEnabled] = useState(state.settings.enabled);
  const [address, setAddress] = useState(state.settings.address);
  const [port, setPort] = useState(String(state.settings.port));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const isPortBad = !/^\d{1,5}$/.test(port.trim()) || Number(port) > 65_535;
  const isAddressBad = address.trim() === '';
  const save = async (): Promise<void> => {
    if (isPortBad || isAddressBad) return;
    setBusy(true);
    const result = await call('api.set', { enabled, address: address.trim(), port: Number(port) });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (result.ok) onChanged();
  };
  return (
    <form
      className="fields"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <label className="row">
        <input type="checkbox" checked={enabled} onChange={(event) => setEnabled(event.target.checked)} />
        {t('settings:api.enabled')}
      </label>
      <Field
        label={t('settings:api.address')}
        hint={
          state.tokenSince === null ? t('settings:api.addressHintOpen') : t('settings:api.addressHintToken')
        }
        error={isAddressBad ? t('settings:api.addressBad') : null}
      >
        {(props) => (
          <input
            {...props}
            className="input"
            spellCheck={false}
            value={address}
            onChange={(event) => setAddress(event.target.value)}
          />
        )}
      </Field>
      <Field
        label={t('settings:api.port')}
        hint={t('settings:api.portHint')}
        error={isPortBad ? t('settings:api.portBad') : null}
      >
        {(props) => (
          <input
            {...props}
            className="input"
            inputMode="numeric"
            value={port}
            onChange={(event) => setPort(event.target.value)}
          />
        )}
      </Field>
      {error && <ErrorNotice error={error} />}
      <div className="row">
        <Button kind="primary" type="submit" disabled={busy}>
          {t('settings:api.apply')}
        </Button>
      </div>
    </form>
  );
}

function TokenRow({ state, onChanged }: ChangeProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [token, setToken] = useState<string | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const make = async (): Promise<void> => {
    const result = await call('api.newToken', {});
    setError(result.ok ? null : result.error);
    if (!result.ok) return;
    setToken(result.value.token);
    onChanged();
  };
  const remove = async (): Promise<void> => {
    const result = await call('api.removeToken', {});
    setError(result.ok ? null : result.error);
    if (!result.ok) return;
    setToken(null);
    onChanged();
  };
  return (
    <div className="stack">
      <div className="row">
        <span>
          {state.tokenSince === null
            ? t('settings:api.noToken')
            : t('settings:api.tokenSince', { since: absoluteText(state.tokenSince) })}
        </span>
        <Button onClick={() => void make()}>
          {state.tokenSince === null ? t('settings:api.newToken') : t('settings:api.replaceToken')}
        </Button>
        {state.tokenSince !== null && (
          <Button onClick={() => void remove()}>{t('settings:api.removeToken')}</Button>
        )}
      </div>
      {token !== null && (
        <div className="notice" role="status">
          <div className="notice-body">
            <strong>{t('settings:api.tokenOnce')}</strong>
            <code>{token}</code>
          </div>
          <Button onClick={() => void copyText(token)}>{t('settings:api.copyToken')}</Button>
          <Button kind="quiet" onClick={() => setToken(null)}>
            {t('settings:api.hideToken')}
          </Button>
        </div>
      )}
      {error && <ErrorNotice error={error} />}
    </div>
  );
}
