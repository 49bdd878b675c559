import { useEffect, useState } from 'react';
import { units } from '../../charts/units.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import type { Query } from './view-state.ts';

export type ExpressionOptionsProps = {
  readonly query: Query;
  readonly letter: string;
  readonly onChange: (change: Partial<Query>) => void;
};

/** How the lines of an expression are drawn: their names, their unit, their axis. */
export function ExpressionOptions({ query, letter, onChange }: ExpressionOptionsProps) {
  const { t } = useTranslation();
  const [legend, setLegend] = useState(query.legend);
  useEffect(() => setLegend(query.legend), [query.legend]);
  const apply = (): void => {
    if (legend !== query.legend) onChange({ legend });
  };
  return (
    <div className="expression-options">
      <label>
        {t('metrics:legend')}
        <input
          className="input mono"
          aria-label={`${t('metrics:legend')} (${letter})`}
          placeholder="{{instance}}"
          value={legend}
          onChange={(event) => setLegend(event.target.value)}
          onBlur={apply}
          onKeyDown={(event) => {
            if (event.key === 'Enter') apply();
          }}
        />
      </label>
      <label>
        {t('metrics:unit')}
        <select
          className="input"
          aria-label={`${t('metrics:unit')} (${letter})`}
          value={query.unit ?? ''}
          onChange={(event) => onChange({ unit: units.find((unit) => unit === event.target.value) ?? null })}
        >
          <option value="">{t('metrics:unitAuto')}</option>
          {units.map((unit) => (
            <option key={unit} value={unit}>
              {t(`metrics:units.${unit}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('metrics:axis')}
        <select
          className="input"
          aria-label={`${t('metrics:axis')} (${letter})`}
          value={query.side}
          onChange={(event) => onChange({ side: event.target.value === 'right' ? 'right' : 'left' })}
        >
          <option value="left">{t('metrics:axisLeft')}</option>
          <option value="right">{t('metrics:axisRight')}</option>
        </select>
      </label>
    </div>
  );
}
