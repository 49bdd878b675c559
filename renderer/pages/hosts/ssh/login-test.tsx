import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { HostKey } from '#shared/contract/ssh.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { durationText } from '../../../components/time.ts';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { compareCommand, grouped, type ShownLogin } from './login-draft.ts';

type Tested = RequestOutput<'ssh.logins.test'>;

/** Tries a login step by step. A key that is new is compared and confirmed here; one that has changed stops everything. */
export function LoginTest({ login, onClose }: { readonly login: ShownLogin; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const call = useCall();
  const [tested, setTested] = useState<Tested | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round tests again.
  useEffect(() => {
    const abort = new AbortController();
    setTested(null);
    setError(null);
    void call('ssh.logins.test', { id: login.id }, abort.signal).then((answer) => {
      if (abort.signal.aborted) return;
      if (answer.ok) setTested(answer.value);
      else setError(answer.error);
    });
    return () => abort.abort();
  }, [call, login.id, round]);
  const failed = tested?.steps.find(({ ok }) => !ok)?.error ?? null;
  const trust = async (key: HostKey): Promise<void> => {
    const answer = await call('ssh.hostKeys.trust', key);
    if (answer.ok) setRound((value) => value + 1);
    else setError(answer.error);
  };
  return (
    <Overlay kind="dialog" title={t('ssh:test.title', { name: login.name })} onClose={onClose}>
      <div className="stack" data-testid="ssh-test">
        {tested === null && error === null && <p role="status">{t('ssh:test.running')}</p>}
        {error && <ErrorNotice error={error} />}
        {tested && (
          <ol className="stack">
            {tested.steps.map(({ step, ok, ms, detail }) => (
              <li key={step} className="row">
                <StateBadge state={ok ? 'ok' : 'critical'} word={t(`ssh:test.step.${step}`)} />
                {ms > 0 && <span className="soft figure">{durationText(t, ms)}</span>}
                <span className="mono small">{detail}</span>
              </li>
            ))}
          </ol>
        )}
        {tested !== null && failed === null && (
          <p role="status">
            <StateBadge state="ok" word={t('ssh:test.ok')} />
          </p>
        )}
        {tested?.unknownKey ? (
          <UnknownKey hostKey={tested.unknownKey} onTrust={(key) => void trust(key)} />
        ) : failed?.code === 'SSH_HOST_KEY_CHANGED' ? (
          <ChangedKey error={failed} />
        ) : (
          failed && <ErrorNotice error={failed} />
        )}
        <div className="row">
          <span className="spacer" />
          <Button disabled={tested === null && error === null} onClick={() => setRound((value) => value + 1)}>
            {t('ssh:test.again')}
          </Button>
          <Button kind="primary" onClick={onClose}>
            {t('common:action.close')}
          </Button>
        </div>
      </div>
    </Overlay>
  );
}

function UnknownKey({
  hostKey,
  onTrust,
}: {
  readonly hostKey: HostKey;
  readonly onTrust: (key: HostKey) => void;
}) {
  const { t } = useTranslation();
  const { host, port, type, fingerprint } = hostKey;
  return (
    <section className="notice" aria-label={t('ssh:test.unknownTitle')}>
      <div className="notice-body stack">
        <strong>{t('ssh:test.unknownTitle')}</strong>
        <p>{t('ssh:test.unknownBody', { host, port })}</p>
        <dl className="ssh-key">
          <dt>{t('ssh:test.fingerprint')}</dt>
          <dd>
            {type}
            <br />
            <code>{grouped(fingerprint)}</code>
          </dd>
          <dt>{t('ssh:test.compare')}</dt>
          <dd>
            <code>{compareCommand(type)}</code>
          </dd>
        </dl>
        <div>
          <Button onClick={() => onTrust(hostKey)}>{t('ssh:test.confirm')}</Button>
        </div>
      </div>
    </section>
  );
}

function ChangedKey({ error }: { readonly error: AppError }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <section className="notice notice-critical" role="alert">
      <div className="notice-body stack">
        <strong>{t('ssh:test.changedTitle')}</strong>
        <p>{t('ssh:test.changedBody')}</p>
        <ErrorNotice error={error} />
        <div>
          <Button onClick={() => void navigate('/hosts/ssh?tab=keys')}>{t('ssh:test.toKeys')}</Button>
        </div>
      </div>
    </section>
  );
}
