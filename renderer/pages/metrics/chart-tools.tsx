import { useEffect, useState } from 'react';
import { MOST_STEPS } from '../../charts/steps.ts';
import { Button } from '../../components/button.tsx';
import { durationText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { layoutOf } from './plan-charts.ts';
import type { ViewControl } from './use-view.ts';
import { tables } from './view-state.ts';

const STEPS_MS = [1_000, 5_000, 15_000, 30_000, 60_000, 300_000, 900_000, 3_600_000, 86_400_000];

export type ChartToolsProps = {
  readonly view: ViewControl;
  /** The step in force, milliseconds. */
  readonly stepMs: number;
  readonly spanMs: number;
};

/** How the results are shown: layout, scale, bounds and step of the charts, or which table. */
export function ChartTools({ view, stepMs, spanMs }: ChartToolsProps) {
  const { t } = useTranslation();
  return (
    <div className="chart-tools" role="toolbar" aria-label={t('metrics:tools')}>
      {view.show === 'table' ? (
        <fieldset className="segmented" aria-label={t('metrics:tables.label')}>
          {tables.map((table) => (
            <Button key={table} aria-pressed={view.table === table} onClick={() => view.change({ table })}>
              {t(`metrics:tables.${table}`)}
            </Button>
          ))}
        </fieldset>
      ) : (
        <ShapeTools view={view} />
      )}
      <label>
        {t('metrics:step')}
        <select
          className="input"
          value={view.stepMs ?? ''}
          onChange={(event) =>
            view.change({ stepMs: event.target.value === '' ? null : Number(event.target.value) })
          }
        >
          <option value="">{t('metrics:stepAuto', { step: durationText(t, stepMs) })}</option>
          {[...new Set([...STEPS_MS, ...(view.stepMs === null ? [] : [view.stepMs])])]
            .sort((a, b) => a - b)
            .map((step) => (
              <option key={step} value={step} disabled={spanMs / step > MOST_STEPS}>
                {durationText(t, step)}
              </option>
            ))}
        </select>
      </label>
    </div>
  );
}

function ShapeTools({ view }: { readonly view: ViewControl }) {
  const { t } = useTranslation();
  const layout = layoutOf(view);
  const { shape } = view;
  return (
    <>
      <fieldset className="segmented" aria-label={t('metrics:layout')}>
        <Button aria-pressed={layout === 'one'} onClick={() => view.change({ layout: 'one' })}>
          {t('metrics:layoutOne')}
        </Button>
        <Button aria-pressed={layout === 'each'} onClick={() => view.change({ layout: 'each' })}>
          {t('metrics:layoutEach')}
        </Button>
      </fieldset>
      <Button
        aria-pressed={shape.log}
        className="toggle"
        onClick={() => view.change({ shape: { ...shape, log: !shape.log } })}
      >
        {t('metrics:log')}
      </Button>
      <Button
        aria-pressed={shape.stacked}
        className="toggle"
        onClick={() => view.change({ shape: { ...shape, stacked: !shape.stacked } })}
      >
        {t('metrics:stacked')}
      </Button>
      <Bound
        label={t('metrics:boundMin')}
        value={shape.min}
        onChange={(min) => view.change({ shape: { ...shape, min } })}
      />
      <Bound
        label={t('metrics:boundMax')}
        value={shape.max}
        onChange={(max) => view.change({ shape: { ...shape, max } })}
      />
    </>
  );
}

type BoundProps = {
  readonly label: string;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
};

/** A bound of the value axis: a number such as `0`, `1e6` or `-3.5`; empty leaves it to the data. */
function Bound({ label, value, onChange }: BoundProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(value === null ? '' : String(value));
  useEffect(() => setText(value === null ? '' : String(value)), [value]);
  const wrong = text.trim() !== '' && !Number.isFinite(Number(text));
  const apply = (): void => {
    const next = text.trim() === '' ? null : Number(text);
    if (!wrong && next !== value) onChange(next);
  };
  return (
    <label>
      {label}
      <input
        className="input figure bound"
        value={text}
        placeholder={t('metrics:boundAuto')}
        aria-invalid={wrong}
        onChange={(event) => setText(event.target.value)}
        onBlur={apply}
        onKeyDown={(event) => {
          if (event.key === 'Enter') apply();
        }}
      />
    </label>
  );
}
