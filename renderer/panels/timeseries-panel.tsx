import { useMemo } from 'react';
import type { ChartMark } from '../charts/chart-look.ts';
import { TimeChart } from '../charts/time-chart.tsx';
import { panelField } from './panel-series.ts';
import type { PanelViewProps } from './panel-types.ts';
import { chartOf, shapeOf, thresholdLines } from './series-chart.ts';
import { SeriesLegend } from './views/series-legend.tsx';

/** Lines, areas, bars or points over time. */
export function TimeseriesPanel({ panel, data }: PanelViewProps<'timeseries'>) {
  const { series, answers, look, annotations, gaps } = data;
  const chart = useMemo(() => chartOf(series, answers, look), [series, answers, look]);
  const field = useMemo(() => panelField(panel), [panel]);
  const shape = useMemo(() => shapeOf(field, series), [field, series]);
  const thresholds = useMemo(() => thresholdLines(field, series, look), [field, series, look]);
  const marks = useMemo(
    () =>
      annotations.map(
        ({ at, until, open, state }): ChartMark => ({
          time: at,
          end: until ?? (open ? data.end : null),
          state,
        }),
      ),
    [annotations, data.end],
  );
  return (
    <div className="panel-chart" data-legend={panel.legend.shown ? panel.legend.place : 'none'}>
      <TimeChart
        label={data.title}
        data={chart}
        start={data.start}
        end={data.end}
        gaps={gaps}
        shape={shape}
        thresholds={thresholds}
        marks={marks}
        height="fill"
        compact
        actions={data.actions}
        legend={
          panel.legend.shown
            ? (parts) => (
                <SeriesLegend {...parts} data={chart} palette={look.palette} calcs={panel.legend.calcs} />
              )
            : null
        }
      />
    </div>
  );
}
