import { useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { durationText } from '../../../components/time.ts';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { type ChannelDraft, settingsOf } from './channel-draft.ts';

/** Sends a test with the settings as they stand in the form, and shows what the other side answered, word by word. */
export function ChannelTest({ draft, ready }: { readonly draft: ChannelDraft; readonly ready: boolean }) {
  const { t } = useTranslation();
  const call = useCall();
  const [to, setTo] = useState('');
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<RequestOutput<'channels.test'> | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const hasReader = draft.type === 'smtp' || draft.type === 'command';
  const first = draft.type === 'smtp' ? (draft.to.split('\n')[0]?.trim() ?? '') : '';
  const test = async (): Promise<void> => {
    setBusy(true);
    setAnswer(null);
    const wanted = to.trim() === '' ? first : to.trim();
    const result = await call('channels.test', {
      settings: settingsOf(draft),
      to: wanted === '' ? null : wanted,
    });
    setBusy(false);
    setError(result.ok ? null : result.error);
    setAnswer(result.ok ? result.value : null);
  };
  return (
    <fieldset className="stack-small" data-testid="channel-test">
      <legend>{t('channels:test.title')}</legend>
      {hasReader && (
        <TextField
          label={t('channels:test.to')}
          hint={t('channels:test.toHint')}
          mono
          name="test-to"
          placeholder={first}
          maxLength={1_000}
          value={to}
          onChange={setTo}
        />
      )}
      <div className="row">
        <Button disabled={!ready || busy} onClick={() => void test()}>
          {t(busy ? 'channels:test.busy' : 'channels:test.send')}
        </Button>
      </div>
      <div role="status" className="stack-small">
        {answer && (
          <>
            <StateBadge
              state={answer.ok ? 'ok' : 'critical'}
              word={t(answer.ok ? 'channels:test.taken' : 'channels:test.refused', {
                time: durationText(t, answer.tookMs),
              })}
            />
            {answer.answer !== '' && <code className="wrap">{answer.answer}</code>}
            {answer.error && <ErrorNotice error={answer.error} />}
          </>
        )}
        {error && <ErrorNotice error={error} />}
      </div>
    </fieldset>
  );
}
