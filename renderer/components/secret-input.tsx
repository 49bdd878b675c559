import { useState } from 'react';
import { isSealed } from '#shared/contract/secrets.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { Button } from './button.tsx';

export type SecretInputProps = {
  readonly id: string;
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': boolean;
  readonly name: string;
  /** What was typed, or the reference to what is sealed; empty for nothing. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Several lines, for private keys. */
  readonly isLong?: boolean;
};

/** Takes a secret; one that is sealed is only said to be there, and can be replaced but not seen. */
export function SecretInput({ value, onChange, isLong = false, ...field }: SecretInputProps) {
  const { t } = useTranslation();
  const [kept, setKept] = useState(value);
  if (isSealed(value))
    return (
      <span className="row" {...field}>
        <span>{t('secrets:input.kept')}</span>
        <Button
          kind="quiet"
          onClick={() => {
            setKept(value);
            onChange('');
          }}
        >
          {t('secrets:input.change')}
        </Button>
      </span>
    );
  const shared = {
    ...field,
    value,
    autoComplete: 'off',
    spellCheck: false,
    placeholder: t('secrets:input.placeholder'),
    maxLength: 65_536,
  };
  return (
    <span className="row">
      {isLong ? (
        <textarea
          {...shared}
          className="input mono grow"
          rows={4}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <input
          {...shared}
          className="input grow"
          type="password"
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      {isSealed(kept) && (
        <Button kind="quiet" onClick={() => onChange(kept)}>
          {t('common:action.cancel')}
        </Button>
      )}
    </span>
  );
}
