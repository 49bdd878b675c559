import { useLayoutEffect, useMemo, useRef } from 'react';
import type { Calc } from '#shared/domain/dashboard/calc-names.ts';
import { calculate } from '#shared/domain/dashboard/calcs.ts';
import type { PaletteName } from '../../app/theme.ts';
import { valueText } from '../../charts/chart-legend.tsx';
import { type ChartData, lineText } from '../../charts/chart-lines.ts';
import { lineStroke } from '../../charts/chart-strokes.ts';
import type { LegendParts } from '../../charts/time-chart.tsx';
import { useTranslation } from '../../locales/use-translation.ts';

export type SeriesLegendProps = LegendParts & {
  readonly data: ChartData;
  readonly palette: PaletteName;
  /** Figures beside the names; without any, the newest value. */
  readonly calcs: readonly Calc[];
};

/** Longer legends would be longer than the panel is high; the table twin has them all. */
const SHOWN = 60;

/** A pointer that has not moved for so long rests, milliseconds. */
const RESTS_MS = 120;

/** The lines of a panel by name, with their figures; under the crosshair, the value there. A click hides or shows one. */
export function SeriesLegend({ data, palette, calcs, hidden, onToggle, readout }: SeriesLegendProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => data.lines.slice(0, SHOWN), [data]);
  useLayoutEffect(() => {
    const values = [...(list.current?.querySelectorAll('.panel-legend-now') ?? [])];
    let last: number | null | undefined;
    let marked: Element | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const write = (index: number | null): void => {
      clearTimeout(timer);
      if (index === last) return;
      last = index;
      values.forEach((element, position) => {
        const line = data.lines[position];
        if (line) element.textContent = valueText(line, index);
      });
    };
    readout.current = {
      show: (index, nearest) => {
        // Under the pointer at once; beside it when the pointer rests, or every legend of the page would be laid out
        // anew for every move.
        clearTimeout(timer);
        if (nearest !== null) write(index);
        else timer = setTimeout(() => write(index), RESTS_MS);
        const entry = nearest === null ? undefined : list.current?.children[nearest];
        if (entry === marked) return;
        marked?.classList.remove('legend-near');
        entry?.classList.add('legend-near');
        marked = entry;
      },
    };
    write(null);
    return () => clearTimeout(timer);
  }, [data, readout]);
  const omitted = data.omitted + data.lines.length - shown.length;
  return (
    <>
      <div className="panel-legend" ref={list}>
        {shown.map((line, position) => {
          const stroke = lineStroke(line, position, palette);
          return (
            <button
              type="button"
              key={line.key}
              className="panel-legend-entry"
              aria-pressed={!hidden.has(line.key)}
              title={`${line.full}\n${t('metrics:chart.legendHint')}`}
              onClick={(event) => onToggle(line.key, event.ctrlKey || event.shiftKey || event.metaKey)}
            >
              <svg className="legend-mark" viewBox="0 0 18 10" aria-hidden="true">
                <path
                  d="M0 5h18"
                  stroke={stroke.colour}
                  strokeWidth="3"
                  strokeDasharray={stroke.dash.join(' ') || undefined}
                />
              </svg>
              <span className="panel-legend-name">{line.name}</span>
              {line.side === 'right' && <span className="soft">{t('metrics:chart.onRight')}</span>}
              <span className="figure panel-legend-now" />
              {calcs.map((calc) => (
                <span key={calc} className="figure soft panel-legend-calc">
                  {t(`dashboards:calc.${calc}`)} {lineText(line, calculate(asNulls(line.values), calc))}
                </span>
              ))}
            </button>
          );
        })}
      </div>
      {omitted > 0 && (
        <strong className="small chart-omitted" role="status">
          {t('dashboards:panel.omitted', { count: omitted })}
        </strong>
      )}
    </>
  );
}

function asNulls(values: readonly (number | null | undefined)[]): readonly (number | null)[] {
  return values.map((value) => value ?? null);
}
