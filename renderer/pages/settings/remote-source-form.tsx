import { useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { DataSource } from '#shared/contract/remote.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { durationText } from '../../components/time.ts';
import { useCall } from '../../components/use-request.ts';
import { type Translate, useTranslation } from '../../locales/use-translation.ts';
import { ConnectionFields } from './connection-fields.tsx';
import { connectionOf, draftOf, isUrl, NO_CONNECTION } from './remote-connection.ts';

/** What the last button came to. */
type Said = 'saved' | RequestOutput<'remote.testSource'> | null;

export type RemoteSourceFormProps = { readonly source: DataSource; readonly onChanged: () => void };

/** Where the pages read metrics from: the local store, or a server. */
export function RemoteSourceForm({ source, onChanged }: RemoteSourceFormProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [kind, setKind] = useState(source.kind);
  const [draft, setDraft] = useState(source.kind === 'server' ? draftOf(source.server) : NO_CONNECTION);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const [said, setSaid] = useState<Said>(null);
  const ready = kind === 'local' || isUrl(draft.url);
  const test = async (): Promise<void> => {
    setBusy(true);
    const result = await call('remote.testSource', connectionOf(draft));
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) {
      setSaid(null);
      return;
    }
    setSaid(result.value);
  };
  const save = async (): Promise<void> => {
    if (!ready || busy) return;
    setBusy(true);
    const result = await call(
      'remote.setSource',
      kind === 'local' ? { kind } : { kind, server: connectionOf(draft) },
    );
    setBusy(false);
    setError(result.ok ? null : result.error);
    setSaid(result.ok ? 'saved' : null);
    if (result.ok) onChanged();
  };
  return (
    <form
      className="stack"
      data-testid="remote-source"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h3>{t('remote:source.title')}</h3>
      <p className="soft">{t('remote:source.body')}</p>
      <fieldset className="settings-choices">
        <legend className="visually-hidden">{t('remote:source.title')}</legend>
        {(['local', 'server'] as const).map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="remote-source-kind"
              checked={kind === one}
              onChange={() => {
                setKind(one);
                setError(null);
                setSaid(null);
              }}
            />
            {t(`remote:source.${one}`)}
          </label>
        ))}
      </fieldset>
      {kind === 'server' && (
        <div className="fields">
          <ConnectionFields
            draft={draft}
            urlLabel={t('remote:source.url')}
            urlHint={t('remote:source.urlHint')}
            onChange={(next) => {
              setDraft(next);
              setSaid(null);
            }}
          />
        </div>
      )}
      {error && <ErrorNotice error={error} />}
      <p role="status">{said !== null && <StateBadge state="ok" word={saidText(t, said)} />}</p>
      <div className="row">
        <Button kind="primary" type="submit" disabled={!ready || busy}>
          {t('remote:source.save')}
        </Button>
        {kind === 'server' && (
          <Button disabled={!ready || busy} onClick={() => void test()}>
            {t('remote:source.test')}
          </Button>
        )}
      </div>
    </form>
  );
}

function saidText(t: Translate, said: NonNullable<Said>): string {
  if (said === 'saved') return t('remote:source.saved');
  const { version, metrics, tookMs } = said;
  const params = { version, count: metrics.toLocaleString('en-US'), time: durationText(t, tookMs) };
  return version === '' ? t('remote:source.testedUnnamed', params) : t('remote:source.tested', params);
}
