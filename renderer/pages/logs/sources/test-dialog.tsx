import { useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { TextAreaField } from '../../../components/text-area-field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { ReadingFields } from '../../../wizards/add-log-source/reading-fields.tsx';
import { type ReadingDraft, usualReading } from '../../../wizards/add-log-source/steps.ts';
import { TestedLines } from './tested-lines.tsx';

/** Tries a format on lines that are pasted: each line's fields, or why it did not match. Stores nothing. */
export function TestDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const call = useCall();
  const [reading, setReading] = useState<ReadingDraft>(usualReading);
  const [text, setText] = useState('');
  const [tested, setTested] = useState<RequestOutput<'logs.sources.test'> | null>(null);
  const testing = useSaving(() => undefined);
  const test = async (): Promise<void> => {
    const answer = call('logs.sources.test', { ...reading, text });
    await testing.run(answer);
    const result = await answer;
    setTested(result.ok ? result.value : null);
  };
  return (
    <Overlay title={t('logs:test.title')} onClose={onClose}>
      <form
        className="stack-small"
        data-testid="log-test"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== '') void test();
        }}
      >
        <TextAreaField
          label={t('logs:test.sample')}
          rows={6}
          autoFocus
          maxLength={262_144}
          value={text}
          onChange={setText}
        />
        <ReadingFields reading={reading} onChange={(change) => setReading({ ...reading, ...change })} />
        <div>
          <Button kind="primary" type="submit" disabled={text.trim() === '' || testing.busy}>
            {t('logs:test.run')}
          </Button>
        </div>
        {testing.error && <ErrorNotice error={testing.error} />}
        {tested && <TestedLines tested={tested} />}
      </form>
    </Overlay>
  );
}
