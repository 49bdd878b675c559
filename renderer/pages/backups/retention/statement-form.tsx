import { useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';

/** What somebody says and answers for. */
export type Statement = { readonly who: string; readonly why: string };

export type StatementFormProps = {
  readonly whyLabel: string;
  readonly actionLabel: string;
  readonly busy?: boolean;
  readonly onSay: (statement: Statement) => void;
};

/** Who says so, and why: both are kept. */
export function StatementForm({ whyLabel, actionLabel, busy = false, onSay }: StatementFormProps) {
  const { t } = useTranslation();
  const [who, setWho] = useState('');
  const [why, setWhy] = useState('');
  const isComplete = who.trim() !== '' && why.trim() !== '';
  return (
    <form
      className="stack-small"
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete && !busy) onSay({ who: who.trim(), why: why.trim() });
      }}
    >
      <div className="field-row">
        <TextField
          label={t('retention:statement.who')}
          name="who"
          maxLength={200}
          value={who}
          onChange={setWho}
        />
        <TextField label={whyLabel} name="why" maxLength={2000} value={why} onChange={setWhy} />
      </div>
      <div className="row">
        <Button type="submit" disabled={!isComplete || busy}>
          {actionLabel}
        </Button>
      </div>
    </form>
  );
}
