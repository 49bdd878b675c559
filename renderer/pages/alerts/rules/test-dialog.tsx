import { useEffect, useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Field } from '../../../components/field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { ProblemList } from './problem-list.tsx';
import { useChosenFile } from './use-chosen-file.ts';

/** Runs a test file of promtool over the console's rule files. */
export function TestDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const call = useCall();
  const { file, error: unread, choose } = useChosenFile(t('rules:test.title'));
  const [text, setText] = useState('');
  const [answer, setAnswer] = useState<RequestOutput<'rules.test'> | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (file !== null) setText(file.text);
  }, [file]);
  const run = async (): Promise<void> => {
    setBusy(true);
    const result = await call('rules.test', { text });
    setBusy(false);
    setAnswer(result.ok ? result.value : null);
    setError(result.ok ? null : result.error);
  };
  const shown = unread ?? error;
  return (
    <Overlay title={t('rules:test.title')} onClose={onClose}>
      <form
        className="stack-small"
        data-testid="rule-tests"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && text.trim() !== '') void run();
        }}
      >
        <p className="soft">{t('rules:test.means')}</p>
        <div className="row">
          <Button onClick={() => void choose()}>{t('rules:importDialog.choose')}</Button>
          <span className="soft">{file?.name ?? ''}</span>
        </div>
        <Field label={t('rules:test.text')}>
          {(field) => (
            <textarea
              {...field}
              data-autofocus
              className="input mono rule-text"
              rows={14}
              spellCheck={false}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        {shown && <ErrorNotice error={shown} />}
        {answer && <ProblemList problems={answer.problems} />}
        {answer && answer.problems.length === 0 && (
          <div role="status">
            {answer.failures.length === 0 ? (
              <p className="notice notice-ok">{t('rules:test.passed', { rules: answer.rules })}</p>
            ) : (
              <>
                <p className="notice notice-critical">
                  {t('rules:test.failed', { count: answer.failures.length })}
                </p>
                <pre className="rule-code">{answer.failures.join('\n')}</pre>
              </>
            )}
          </div>
        )}
        <div className="row">
          <Button kind="primary" type="submit" disabled={busy || text.trim() === ''}>
            {t('rules:test.run')}
          </Button>
          <Button onClick={onClose}>{t('common:action.close')}</Button>
        </div>
      </form>
    </Overlay>
  );
}
