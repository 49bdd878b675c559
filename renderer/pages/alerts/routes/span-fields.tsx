import { useState } from 'react';
import type { TimeSpan } from '#shared/contract/notify-config.ts';
import { Button } from '../../../components/button.tsx';
import { Field } from '../../../components/field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import {
  dayRanges,
  daysIn,
  formatNumbers,
  formatTimes,
  parseNumbers,
  parseTimes,
  type Range,
} from './time-spans.ts';

/** Weeks begin on Monday here; 0 is Sunday. */
const WEEK = [
  [1, 'mon'],
  [2, 'tue'],
  [3, 'wed'],
  [4, 'thu'],
  [5, 'fri'],
  [6, 'sat'],
  [0, 'sun'],
] as const;

const YEARS = { least: 1970, most: 9999 } as const;

export type SpanFieldsProps = {
  readonly label: string;
  readonly span: TimeSpan;
  /** Null: what is typed means nothing; the dialog cannot be saved then. */
  readonly onChange: (span: TimeSpan | null) => void;
  readonly onRemove: (() => void) | null;
};

/** One span of a time interval: times of day, days of the week, and, seldom, days of the month, months, years. */
export function SpanFields({ label, span, onChange, onRemove }: SpanFieldsProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState({
    times: formatTimes(span.times),
    daysOfMonth: formatNumbers(span.daysOfMonth),
    months: formatNumbers(span.months),
    years: formatNumbers(span.years),
  });
  const [days, setDays] = useState(daysIn(span.weekdays));
  const read: Readonly<Record<keyof typeof typed, (text: string) => Range[] | null>> = {
    times: parseTimes,
    daysOfMonth: (text) => parseNumbers(text, -31, 31),
    months: (text) => parseNumbers(text, 1, 12),
    years: (text) => parseNumbers(text, YEARS.least, YEARS.most),
  };
  const tell = (texts: typeof typed, chosen: ReadonlySet<number>): void => {
    const times = read.times(texts.times);
    const daysOfMonth = read.daysOfMonth(texts.daysOfMonth);
    const months = read.months(texts.months);
    const years = read.years(texts.years);
    const complete = times !== null && daysOfMonth !== null && months !== null && years !== null;
    onChange(complete ? { times, weekdays: dayRanges(chosen), daysOfMonth, months, years } : null);
  };
  const type = (key: keyof typeof typed, text: string): void => {
    const next = { ...typed, [key]: text };
    setTyped(next);
    tell(next, days);
  };
  const tick = (day: number, on: boolean): void => {
    const next = new Set(days);
    if (on) next.add(day);
    else next.delete(day);
    setDays(next);
    tell(typed, next);
  };
  const seldom = typed.daysOfMonth !== '' || typed.months !== '' || typed.years !== '';
  const text = (key: keyof typeof typed) => (
    <Field
      label={t(`alerts:times.${key}`)}
      hint={t(`alerts:times.${key}Hint`)}
      error={read[key](typed[key]) === null ? t('alerts:times.bad') : null}
    >
      {(field) => (
        <input
          {...field}
          className="input figure"
          maxLength={500}
          value={typed[key]}
          onChange={(event) => type(key, event.target.value)}
        />
      )}
    </Field>
  );
  return (
    <fieldset className="panel stack-small">
      <legend>{label}</legend>
      {text('times')}
      <fieldset className="row">
        <legend>{t('alerts:times.weekdays')}</legend>
        {WEEK.map(([day, name]) => (
          <label key={day} className="row nowrap">
            <input
              type="checkbox"
              checked={days.has(day)}
              onChange={(event) => tick(day, event.target.checked)}
            />
            {t(`alerts:calendar.weekday.${name}`)}
          </label>
        ))}
        {days.size === 0 && <span className="soft">{t('alerts:times.everyDay')}</span>}
      </fieldset>
      <details open={seldom}>
        <summary>{t('alerts:times.seldom')}</summary>
        <div className="fields-row">
          {text('daysOfMonth')}
          {text('months')}
          {text('years')}
        </div>
      </details>
      {onRemove !== null && (
        <div>
          <Button kind="quiet" onClick={onRemove}>
            {t('alerts:times.removeSpan', { label })}
          </Button>
        </div>
      )}
    </fieldset>
  );
}
