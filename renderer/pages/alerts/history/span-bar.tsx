import { useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { TimeField } from '../silences/time-field.tsx';
import { type Span, spanNames } from './use-span.ts';

/** Chooses the span of time: a usual one, or two typed bounds. */
export function SpanBar({ span }: { readonly span: Span }) {
  const { t } = useTranslation();
  const [typing, setTyping] = useState(false);
  const [bounds, setBounds] = useState({ from: span.from, to: span.to });
  const minute = (time: number): string => absoluteText(time).slice(0, 16);
  return (
    <>
      <select
        className="input"
        aria-label={t('alerts:history.span')}
        value={span.name ?? 'custom'}
        onChange={(event) => {
          const name = spanNames.find((known) => known === event.target.value);
          if (name) return span.setName(name);
          setBounds({ from: span.from, to: span.to });
          setTyping(true);
        }}
      >
        {span.name === null && (
          <option value="custom">
            {minute(span.from)} – {minute(span.to)}
          </option>
        )}
        {spanNames.map((name) => (
          <option key={name} value={name}>
            {t(`alerts:history.spans.${name}`)}
          </option>
        ))}
        <option value="pick">{t('common:top.range_custom')}</option>
      </select>
      {typing && (
        <Overlay kind="dialog" title={t('common:customRange.title')} onClose={() => setTyping(false)}>
          <form
            className="stack-small"
            onSubmit={(event) => {
              event.preventDefault();
              if (bounds.to <= bounds.from) return;
              span.setBounds(bounds.from, bounds.to);
              setTyping(false);
            }}
          >
            <div className="fields-row">
              <TimeField
                label={t('common:customRange.from')}
                time={bounds.from}
                onChange={(from) => setBounds({ ...bounds, from })}
              />
              <TimeField
                label={t('common:customRange.to')}
                time={bounds.to}
                onChange={(to) => setBounds({ ...bounds, to })}
              />
            </div>
            {bounds.to <= bounds.from && <p className="field-error">{t('common:customRange.backwards')}</p>}
            <div className="row">
              <Button kind="primary" type="submit" disabled={bounds.to <= bounds.from}>
                {t('common:customRange.apply')}
              </Button>
            </div>
          </form>
        </Overlay>
      )}
    </>
  );
}
