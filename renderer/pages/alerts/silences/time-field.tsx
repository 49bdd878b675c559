import { useState } from 'react';
import { parseTime } from '#shared/units/time.ts';
import { Field } from '../../../components/field.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

/** A time, typed as `2026-11-22 10:15` or `now+2h`: the browser's own date field speaks the operating system's language. */
export function TimeField({
  label,
  time,
  onChange,
}: {
  readonly label: string;
  readonly time: number;
  /** Told of every text that is a time. */
  readonly onChange: (time: number) => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => absoluteText(time).slice(0, 16));
  const isBad = parseTime(text, Date.now()) === null;
  return (
    <Field label={label} hint={t('alerts:timeHint')} error={isBad ? t('common:customRange.bad') : null}>
      {(field) => (
        <input
          {...field}
          className="input figure"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            const next = parseTime(event.target.value, Date.now());
            if (next !== null) onChange(next);
          }}
        />
      )}
    </Field>
  );
}
