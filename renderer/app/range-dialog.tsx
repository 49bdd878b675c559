import { useState } from 'react';
import { parseTime } from '#shared/units/time.ts';
import { Button } from '../components/button.tsx';
import { Overlay } from '../components/drawer.tsx';
import { Field } from '../components/field.tsx';
import { absoluteText, zoneText } from '../components/time.ts';
import { useTimeRange } from '../components/use-time-range.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { closeFloating } from './floating-store.ts';

/**
 * Any time range, typed to the second or relative to now; the pages show it paused.
 *
 * Typed, because the browser's own date field speaks the language of the operating system instead of the console's.
 */
export function RangeDialog() {
  const { t } = useTranslation();
  const range = useTimeRange();
  const [now] = useState(() => Date.now());
  const [from, setFrom] = useState(() => absoluteText(range.start));
  const [to, setTo] = useState(() => absoluteText(range.end));
  const start = parseTime(from, now);
  const end = parseTime(to, now);
  const backwards = start !== null && end !== null && end <= start;
  const usable = start !== null && end !== null && !backwards;
  return (
    <Overlay kind="dialog" title={t('common:customRange.title')} onClose={closeFloating}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!usable) return;
          range.setSpan(start, end);
          closeFloating();
        }}
      >
        <div className="fields-row">
          <Field
            label={t('common:customRange.from')}
            hint={t('common:customRange.hint')}
            error={start === null ? t('common:customRange.bad') : null}
          >
            {(props) => (
              <input
                {...props}
                className="input figure"
                name="from"
                data-autofocus
                value={from}
                onChange={(event) => setFrom(event.target.value)}
              />
            )}
          </Field>
          <Field
            label={t('common:customRange.to')}
            hint={zoneText(now)}
            error={
              end === null
                ? t('common:customRange.bad')
                : backwards
                  ? t('common:customRange.backwards')
                  : null
            }
          >
            {(props) => (
              <input
                {...props}
                className="input figure"
                name="to"
                value={to}
                onChange={(event) => setTo(event.target.value)}
              />
            )}
          </Field>
        </div>
        <div className="row">
          <Button kind="primary" type="submit" disabled={!usable}>
            {t('common:customRange.apply')}
          </Button>
          <Button onClick={closeFloating}>{t('common:action.cancel')}</Button>
        </div>
      </form>
    </Overlay>
  );
}
