import { useId, useState } from 'react';
import { Trans } from 'react-i18next';
import { useTranslation } from '../locales/use-translation.ts';
import { Button } from './button.tsx';

export type ConfirmByTypingProps = {
  /** The word to type, exactly. */
  readonly word: string;
  /** What the button does. */
  readonly actionLabel: string;
  readonly busy?: boolean;
  readonly onConfirm: (typed: string) => void;
};

/** A dangerous step: the button works only when the word was typed. */
export function ConfirmByTyping({ word, actionLabel, busy = false, onConfirm }: ConfirmByTypingProps) {
  const { t } = useTranslation();
  const field = useId();
  const [typed, setTyped] = useState('');
  return (
    <form
      className="confirm"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed === word && !busy) onConfirm(typed);
      }}
    >
      <label htmlFor={field}>
        <Trans t={t} i18nKey="common:confirm.typeTagged" values={{ word }} components={{ code: <code /> }} />
      </label>
      <div className="row">
        <input
          id={field}
          className="input"
          data-autofocus
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button kind="danger" type="submit" disabled={typed !== word || busy}>
          {actionLabel}
        </Button>
      </div>
    </form>
  );
}
