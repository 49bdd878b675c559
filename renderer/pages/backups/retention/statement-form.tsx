import { useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { Field } from '../../../wizards/field.tsx';

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
        <Field label={t('retention:statement.who')}>
          {(field) => (
            <input
              {...field}
              className="input"
              name="who"
              maxLength={200}
              value={who}
              onChange={(event) => setWho(event.target.value)}
            />
          )}
        </Field>
        <Field label={whyLabel}>
          {(field) => (
            <input
              {...field}
              className="input"
              name="why"
              maxLength={2000}
              value={why}
              onChange={(event) => setWhy(event.target.value)}
            />
          )}
        </Field>
      </div>
      <div className="row">
        <Button type="submit" disabled={!isComplete || busy}>
          {actionLabel}
        </Button>
      </div>
    </form>
  );
}
