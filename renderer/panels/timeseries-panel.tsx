import { useMemo } from 'react';
import type { ChartMark } from '../charts/chart-look.ts';
import { TimeChart } from '../charts/time-chart.tsx';
import { markWords } from './board-marks.ts';
import { panelField } from './panel-series.ts';
import type { PanelViewProps } from './panel-types.ts';
import { chartOf, shapeOf, thresholdLines } from './series-chart.ts';
import { SeriesLegend } from './views/series-legend.tsx';

/** Lines, areas, bars or points over time. */
export function TimeseriesPanel({ panel, data }: PanelViewProps<'timeseries'>) {
  const { series, answers, look, gaps } = data;
  const chart = useMemo(() => chartOf(series, answers, look), [series, answers, look]);
  const field = useMemo(() => panelField(panel), [panel]);
  const shape = useMemo(() => shapeOf(field, series), [field, series]);
  const thresholds = useMemo(() => thresholdLines(field, series, look), [field, series, look]);
  const marks = useMemo(
    () =>
      data.marks.map(
        (mark): ChartMark => ({
          time: mark.at,
          end: mark.until ?? (mark.open ? data.end : null),
          state: mark.state,
          words: markWords(mark, look.language),
        }),
      ),
    [data.marks, data.end, look.language],
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
