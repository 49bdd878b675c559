import { useState } from 'react';
import type { RequestInput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { TextField } from '../../components/text-field.tsx';
import { durationText } from '../../components/time.ts';
import { useCall } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { ConnectionFields } from './connection-fields.tsx';
import { connectionOf, isUrl, labelsOf, NO_CONNECTION } from './remote-connection.ts';

/** A new remote write: filled in, tried, added. */
export function RemoteAddForm(props: { readonly onAdded: () => void; readonly onCancel: () => void }) {
  const { t } = useTranslation();
  const call = useCall();
  const [name, setName] = useState('');
  const [draft, setDraft] = useState(NO_CONNECTION);
  const [labels, setLabels] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const [tested, setTested] = useState<string | null>(null);
  const externalLabels = labelsOf(labels);
  const ready = isUrl(draft.url) && externalLabels !== null;
  const endpoint = (): RequestInput<'remote.add'> => ({
    name: name.trim() || new URL(draft.url.trim()).host,
    ...connectionOf(draft),
    externalLabels: externalLabels ?? {},
  });
  const test = async (): Promise<void> => {
    setBusy(true);
    const result = await call('remote.testSend', endpoint());
    setBusy(false);
    setError(result.ok ? null : result.error);
    const time = result.ok ? durationText(t, result.value.tookMs) : '';
    setTested(result.ok ? t('remote:write.tested', { status: result.value.status, time }) : null);
  };
  const add = async (): Promise<void> => {
    if (!ready || busy) return;
    setBusy(true);
    const result = await call('remote.add', endpoint());
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (result.ok) props.onAdded();
  };
  return (
    <form
      className="fields"
      data-testid="remote-add"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <ConnectionFields
        draft={draft}
        urlLabel={t('remote:write.url')}
        urlHint={t('remote:write.urlHint')}
        onChange={(next) => {
          setDraft(next);
          setTested(null);
        }}
      />
      <TextField
        label={t('remote:write.name')}
        hint={t('remote:write.nameHint')}
        name="name"
        maxLength={80}
        placeholder={isUrl(draft.url) ? new URL(draft.url.trim()).host : ''}
        value={name}
        onChange={setName}
      />
      <TextField
        label={t('remote:write.labels')}
        hint={t('remote:write.labelsHint')}
        error={externalLabels === null ? t('remote:write.labelsBad') : null}
        mono
        name="labels"
        value={labels}
        onChange={setLabels}
      />
      {error && <ErrorNotice error={error} />}
      <p role="status">{tested !== null && <StateBadge state="ok" word={tested} />}</p>
      <div className="row">
        <Button kind="primary" type="submit" disabled={!ready || busy}>
          {t('remote:write.save')}
        </Button>
        <Button disabled={!ready || busy} onClick={() => void test()}>
          {t('remote:write.test')}
        </Button>
        <Button kind="quiet" onClick={props.onCancel}>
          {t('common:action.cancel')}
        </Button>
      </div>
    </form>
  );
}
