import { useState } from 'react';
import type { StarterRule } from '#shared/contract/rules-authoring.ts';
import { Button } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

/** One threshold of a starter rule: holds when the field is left or Enter is pressed. */
export function StarterValue({
  rule,
  value,
  onChange,
}: {
  readonly rule: string;
  readonly value: StarterRule['values'][number];
  readonly onChange: (value: number | null) => void;
}) {
  const { t } = useTranslation();
  const text = useText();
  const [typed, setTyped] = useState<string | null>(null);
  const name = text(value.title);
  const keep = (): void => {
    const number = Number(typed);
    if (typed !== null && typed.trim() !== '' && number !== value.value) onChange(number);
    setTyped(null);
  };
  return (
    <div className="starter-value">
      <span>{name}</span>
      <input
        className="input figure"
        type="number"
        step="any"
        min={value.least}
        max={value.most}
        aria-label={t('rules:starter.valueOf', { rule, value: name })}
        value={typed ?? value.value}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === 'Enter') keep();
        }}
      />
      <span>{t(`rules:starter.unit.${value.unit}`)}</span>
      {value.value !== value.initial && (
        <Button
          kind="quiet"
          className="icon-btn"
          title={`${t('rules:starter.reset')} (${value.initial})`}
          aria-label={t('rules:starter.reset')}
          onClick={() => onChange(null)}
        >
          <Icon name="refresh" size={12} />
        </Button>
      )}
    </div>
  );
}
