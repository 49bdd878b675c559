import { useState } from 'react';
import type { AppError } from '#shared/errors/index.ts';
import { shell } from '../../../app/shell.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { saveWhereAsked } from '../../../wizards/save-where-asked.ts';

/** Risks, environment, objectives and runbooks out to a file, and in from one. */
export function FileButtons() {
  const { t } = useTranslation();
  const text = useText();
  const call = useCall();
  const [error, setError] = useState<AppError | null>(null);
  const [told, setTold] = useState('');
  const save = async (): Promise<void> => {
    const answer = await call('recovery.export', {});
    const saved = answer.ok
      ? await saveWhereAsked('hmtt-recovery.json', `${JSON.stringify(answer.value, null, 2)}\n`)
      : answer;
    setError(saved.ok ? null : saved.error);
    setTold(saved.ok ? (saved.value ?? '') : '');
  };
  const take = async (): Promise<void> => {
    const chosen = await shell()?.chooseFile({ extensions: ['json'] });
    if (chosen === undefined) return;
    if (chosen.ok && chosen.value === null) return;
    const answer =
      chosen.ok && chosen.value !== null
        ? await call('recovery.import', { text: chosen.value.text })
        : chosen.ok
          ? null
          : chosen;
    if (answer === null) return;
    setError(answer.ok ? null : answer.error);
    if (answer.ok) {
      const notes = answer.value.notes.map(text).join(' ');
      setTold(`${t('recovery:disaster.runbooks.imported', answer.value)} ${notes}`);
    }
  };
  return (
    <span className="row">
      {told !== '' && (
        <span className="soft" role="status">
          {told}
        </span>
      )}
      <Button onClick={() => void save()}>{t('recovery:disaster.runbooks.exportFile')}</Button>
      <Button onClick={() => void take()}>{t('recovery:disaster.runbooks.importFile')}</Button>
      {error && <ErrorNotice error={error} />}
    </span>
  );
}
