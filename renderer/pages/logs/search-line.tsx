import { type ReactNode, useEffect, useState } from 'react';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Icon } from '../../components/icon.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { QueryEditor } from './query/query-editor.tsx';

const hints = [
  ['timeout', 'hintWord'],
  ['"connection refused"', 'hintPhrase'],
  ['timeou*', 'hintPrefix'],
  ['/order-\\d{4}/', 'hintRegex'],
  ['level:error', 'hintLevel'],
  ['level>=warn', 'hintLevels'],
  ['source:hmtt', 'hintSource'],
  ['host:app-1', 'hintHost'],
  ['stream:hmtt-error', 'hintStream'],
  ['tag:error', 'hintTag'],
  ['status>=500', 'hintField'],
  ['timeout AND level:error', 'hintBoth'],
  ['timeout OR refused', 'hintEither'],
  ['timeout NOT level:debug', 'hintNot'],
  ['(timeout OR refused) AND level:error', 'hintGroup'],
] as const;

export type SearchLineProps = {
  readonly label: string;
  readonly placeholder: string;
  /** The text in force; the line is edited apart from it until it is submitted. */
  readonly text: string;
  readonly submitLabel: string;
  readonly error: AppError | null;
  readonly onSubmit: (text: string) => void;
  readonly children?: ReactNode;
};

/** A query line with its hints; a mistake is marked in it, and told right below it when it was run. */
export function SearchLine(props: SearchLineProps) {
  const { t } = useTranslation();
  const { text, onSubmit, error } = props;
  const [typed, setTyped] = useState(text);
  const [hinting, setHinting] = useState(false);
  useEffect(() => setTyped(text), [text]);
  return (
    <search className="stack-small">
      <div className="search-line">
        <QueryEditor
          label={props.label}
          placeholder={props.placeholder}
          value={typed}
          onChange={setTyped}
          onRun={(next) => onSubmit(next.slice(0, 4000))}
        />
        <Button kind="primary" onClick={() => onSubmit(typed.slice(0, 4000))}>
          <Icon name="search" size={14} /> {props.submitLabel}
        </Button>
        <Button kind="quiet" aria-expanded={hinting} onClick={() => setHinting(!hinting)}>
          <Icon name="help" size={14} /> {t('logs:search.hints')}
        </Button>
        {props.children}
      </div>
      {hinting && (
        <ul className="hints">
          {hints.map(([example, meaning]) => (
            <li key={example}>
              <button
                type="button"
                className="linklike mono"
                aria-label={t('logs:search.useHint', { example })}
                onClick={() => setTyped(example)}
              >
                {example}
              </button>
              <span className="soft small">{t(`logs:search.${meaning}`)}</span>
            </li>
          ))}
        </ul>
      )}
      {error && <ErrorNotice error={error} />}
    </search>
  );
}
