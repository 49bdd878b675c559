import { type RefObject, useLayoutEffect, useRef } from 'react';
import type { WatchGap } from '#shared/contract/site.ts';
import type { PaletteName } from '../app/theme.ts';
import { absoluteText } from '../components/time.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { type ChartData, type ChartLine, lineText } from './chart-lines.ts';
import { lineStroke } from './chart-strokes.ts';
import { endOf, lastKnown } from './chart-values.ts';

/** Shows what is under the crosshair, many times a second, without drawing the legend anew. */
export type Readout = {
  /**
   * @param index the step under the crosshair; null shows the newest values
   * @param nearest the line nearest to the pointer, if it is over this chart
   */
  readonly show: (index: number | null, nearest: number | null) => void;
};

export type ChartLegendProps = {
  readonly data: ChartData;
  readonly palette: PaletteName;
  readonly hidden: ReadonlySet<string>;
  /** `only` hides all others, or shows all again when it is the only one. */
  readonly onToggle: (key: string, only: boolean) => void;
  /** The hatched spans of the chart, to be explained. */
  readonly unwatched: readonly WatchGap[];
  /** Receives the readout. */
  readonly readout: RefObject<Readout | null>;
};

/** Legends longer than this would be longer than the chart. */
const SHOWN = 100;

/** The series of a chart with their values under the crosshair; a click hides or shows one. */
export function ChartLegend(props: ChartLegendProps) {
  const { t } = useTranslation();
  const { data, palette, hidden } = props;
  const list = useRef<HTMLDivElement>(null);
  const time = useRef<HTMLSpanElement>(null);
  const near = useRef<HTMLSpanElement>(null);
  const shown = data.lines.slice(0, SHOWN);

  const newest = t('metrics:chart.newest');
  useLayoutEffect(() => {
    const values = [...(list.current?.querySelectorAll('.legend-value') ?? [])];
    const entries = [...(list.current?.children ?? [])];
    let marked: Element | undefined;
    const show = (index: number | null, nearest: number | null): void => {
      const at = index === null ? undefined : data.times[index];
      if (time.current) time.current.textContent = at === undefined ? newest : absoluteText(at);
      values.forEach((element, position) => {
        const line = data.lines[position];
        if (line) element.textContent = valueText(line, index);
      });
      const line = nearest === null ? undefined : data.lines[nearest];
      if (near.current) {
        near.current.textContent =
          line === undefined || index === null ? '' : `${line.name}: ${valueText(line, index)}`;
      }
      const entry = nearest === null ? undefined : entries[nearest];
      if (entry !== marked) {
        marked?.classList.remove('legend-near');
        entry?.classList.add('legend-near');
        marked = entry;
      }
    };
    props.readout.current = { show };
    show(null, null);
  }, [data, newest, props.readout]);

  return (
    <>
      <div className="chart-note soft">
        <span className="figure" ref={time} />
        <span className="figure legend-nearest" ref={near} />
        {data.omitted > 0 && (
          <strong className="chart-omitted" role="status">
            {t('metrics:chart.omitted', {
              shown: data.lines.length,
              total: data.lines.length + data.omitted,
              omitted: data.omitted,
            })}
          </strong>
        )}
        {data.lines.length > SHOWN && (
          <span>{t('metrics:chart.legendShort', { shown: SHOWN, total: data.lines.length })}</span>
        )}
        {props.unwatched.length > 0 && (
          <span className="row">
            <span className="unwatched-key" /> {t('common:state.not_watched')} (
            {[...new Set(props.unwatched.map(({ reason }) => t(`common:gap.${reason}`)))].join(', ')})
          </span>
        )}
      </div>
      <div className="legend" ref={list}>
        {shown.map((line, position) => (
          <LegendEntry
            key={line.key}
            line={line}
            position={position}
            palette={palette}
            hidden={hidden.has(line.key)}
            endedAt={endTime(data, line)}
            onToggle={props.onToggle}
          />
        ))}
      </div>
    </>
  );
}

type LegendEntryProps = {
  readonly line: ChartLine;
  readonly position: number;
  readonly palette: PaletteName;
  readonly hidden: boolean;
  readonly endedAt: number | null;
  readonly onToggle: (key: string, only: boolean) => void;
};

function LegendEntry({ line, position, palette, hidden, endedAt, onToggle }: LegendEntryProps) {
  const { t } = useTranslation();
  const stroke = lineStroke(line, position, palette);
  // A colour of the operator's own has no word.
  const look =
    line.look?.colour == null ? `${t(stroke.colourWord)}, ${t(stroke.dashWord)}` : t(stroke.dashWord);
  return (
    <button
      type="button"
      className="legend-entry"
      aria-pressed={!hidden}
      title={`${line.full}\n${look}\n${t('metrics:chart.legendHint')}`}
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
      <span className="legend-name">
        {line.name}
        <span className="visually-hidden"> ({look}) </span>
      </span>
      {line.side === 'right' && <span className="soft">{t('metrics:chart.onRight')}</span>}
      {endedAt !== null && (
        <span className="legend-ended" title={absoluteText(endedAt)}>
          ✕ {t('metrics:chart.ended', { time: absoluteText(endedAt).slice(11) })}
        </span>
      )}
      <span className="figure legend-value" />
    </button>
  );
}

/** A line's value at a step, or its newest one, in its unit. */
export function valueText(line: ChartLine, index: number | null): string {
  return lineText(line, index === null ? lastKnown(line.values) : (line.values[index] ?? null));
}

function endTime(data: ChartData, line: ChartLine): number | null {
  const at = endOf(line.values);
  return at === null ? null : (data.times[at] ?? null);
}
