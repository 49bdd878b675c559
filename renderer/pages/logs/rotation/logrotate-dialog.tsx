import { useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import { shell } from '../../../app/shell.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { TextField } from '../form-parts.tsx';
import { policySentence } from './policy-sentence.ts';

type Read = RequestOutput<'rotation.logrotate.preview'>;

/** Takes over a logrotate configuration: first what it would become and what cannot be taken, by line. */
export function LogrotateDialog({
  onClose,
  onDone,
}: {
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const [path, setPath] = useState('/etc/logrotate.conf');
  const [read, setRead] = useState<{ readonly path: string; readonly found: Read } | null>(null);
  const reading = useSaving(() => undefined);
  const saving = useSaving(onDone);
  const look = async (): Promise<void> => {
    const answer = call('rotation.logrotate.preview', { path: path.trim() });
    await reading.run(answer);
    const result = await answer;
    setRead(result.ok ? { path: path.trim(), found: result.value } : null);
  };
  const choose = async (): Promise<void> => {
    const answer = await shell()?.choosePath({ title: t('rotation:logrotate.open') });
    if (answer?.ok && answer.value !== null) setPath(answer.value);
  };
  const found = read?.path === path.trim() ? read.found : null;
  const canTake = found !== null && found.refused.length === 0 && found.policies.length > 0;
  return (
    <Overlay title={t('rotation:logrotate.open')} onClose={onClose}>
      <form
        className="stack-small"
        data-testid="logrotate-import"
        onSubmit={(event) => {
          event.preventDefault();
          void look();
        }}
      >
        <TextField
          mono
          autoFocus
          label={t('rotation:logrotate.path')}
          hint={t('rotation:logrotate.hint')}
          value={path}
          onChange={setPath}
        />
        <div className="row">
          <Button type="submit" kind={found === null ? 'primary' : 'default'} disabled={reading.busy}>
            {t('rotation:logrotate.look')}
          </Button>
          {shell() && <Button onClick={() => void choose()}>{t('rotation:logrotate.choose')}</Button>}
        </div>
        {reading.error && <ErrorNotice error={reading.error} />}
      </form>
      {found && <Found found={found} />}
      {saving.error && <ErrorNotice error={saving.error} />}
      {found && (
        <div className="row">
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button
            kind="primary"
            disabled={!canTake || saving.busy}
            onClick={() => void saving.run(call('rotation.logrotate.import', { path: path.trim() }))}
          >
            {t('rotation:logrotate.take', { count: found.policies.length })}
          </Button>
        </div>
      )}
    </Overlay>
  );
}

function Found({ found }: { readonly found: Read }) {
  const { t } = useTranslation();
  const text = useText();
  return (
    <div className="stack-small" data-testid="logrotate-found">
      {found.refused.length > 0 && (
        <>
          <StateBadge
            state="critical"
            word={t('rotation:logrotate.refused', { count: found.refused.length })}
          />
          <ul className="plain-list outlook-files">
            {found.refused.map((item) => (
              <li key={`${item.file}:${item.line}:${item.directive}`}>
                <span className="mono">
                  {item.file}:{item.line} {item.directive}
                </span>
                <span>{text(item.why)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {found.warnings.map((warning) => (
        <StateBadge
          key={`${warning.file}:${warning.line}:${warning.text.en}`}
          state="warning"
          word={`${warning.file}:${warning.line} ${text(warning.text)}`}
        />
      ))}
      <h3>{t('rotation:logrotate.becomes', { count: found.policies.length })}</h3>
      <ul className="plain-list outlook-files">
        {found.policies.map((policy) => (
          <li key={policy.name}>
            <strong>{policy.name}</strong>
            <span>{policySentence(t, policy)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
