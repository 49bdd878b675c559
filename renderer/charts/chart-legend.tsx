import type { Columns } from '#shared/contract/metrics.ts';
import type { WatchGap } from '#shared/contract/site.ts';
import type { PaletteName } from '../app/theme.ts';
import { absoluteText } from '../components/time.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { strokeOf } from './chart-options.ts';
import { fullName } from './series-names.ts';
import { formatValue, type Unit } from './units.ts';

export type ChartLegendProps = {
  readonly columns: Columns;
  readonly names: readonly string[];
  readonly unit: Unit;
  readonly palette: PaletteName;
  /** The step under the crosshair; null shows the newest values. */
  readonly index: number | null;
  readonly hidden: ReadonlySet<number>;
  readonly onToggle: (series: number) => void;
  /** The hatched spans of the chart, to be explained. */
  readonly unwatched: readonly WatchGap[];
};

/** Legends longer than this would be longer than the chart. */
const SHOWN = 100;

function lastKnown(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null;
}

/** The series of a chart with their values under the crosshair; a click hides or shows one. */
export function ChartLegend(props: ChartLegendProps) {
  const { t } = useTranslation();
  const { columns, index } = props;
  const time = index === null ? undefined : columns.times[index];
  return (
    <>
      <div className="chart-note soft">
        <span className="figure">{time === undefined ? t('metrics:chart.newest') : absoluteText(time)}</span>
        {columns.seriesOmitted > 0 && (
          <span>
            {t('metrics:chart.omitted', {
              shown: columns.series.length,
              total: columns.series.length + columns.seriesOmitted,
            })}
          </span>
        )}
        {props.unwatched.length > 0 && (
          <span className="row">
            <span className="unwatched-key" /> {t('common:state.not_watched')} (
            {[...new Set(props.unwatched.map(({ reason }) => t(`common:gap.${reason}`)))].join(', ')})
          </span>
        )}
      </div>
      <div className="legend">
        {columns.series.slice(0, SHOWN).map((series, position) => {
          const stroke = strokeOf(position, props.palette);
          const value = index === null ? lastKnown(series.values) : (series.values[index] ?? null);
          return (
            <button
              type="button"
              // biome-ignore lint/suspicious/noArrayIndexKey: a series of a chart is known by its position alone.
              key={position}
              className="legend-entry"
              aria-pressed={!props.hidden.has(position)}
              title={fullName(series.labels)}
              onClick={() => props.onToggle(position)}
            >
              <svg className="legend-mark" viewBox="0 0 18 10" aria-hidden="true">
                <path
                  d="M0 5h18"
                  stroke={stroke.colour}
                  strokeWidth="3"
                  strokeDasharray={stroke.dash.join(' ') || undefined}
                />
              </svg>
              <span className="legend-name">{props.names[position]}</span>
              <span className="figure">{formatValue(value, props.unit)}</span>
            </button>
          );
        })}
      </div>
    </>
  );
}
