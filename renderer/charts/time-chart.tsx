import 'uplot/dist/uPlot.min.css';
import './time-chart.css';
import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import type { Columns } from '#shared/contract/metrics.ts';
import type { WatchGap } from '#shared/contract/site.ts';
import { usePreferences } from '../stores/preferences.ts';
import { ChartLegend } from './chart-legend.tsx';
import { chartOptions } from './chart-options.ts';
import { shortNames } from './series-names.ts';
import type { Unit } from './units.ts';

export type TimeChartProps = {
  /** What the chart shows, for screen readers. */
  readonly label: string;
  readonly columns: Columns;
  /** Bounds of the time axis, UTC milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly gaps?: readonly WatchGap[];
  readonly unit?: Unit;
  readonly height?: number;
  /** Name of a single series; several are named by the labels in which they differ. */
  readonly alone?: string;
  /** A span was dragged out, UTC milliseconds. */
  readonly onZoom?: (start: number, end: number) => void;
};

const NO_GAPS: readonly WatchGap[] = [];

/** The columns as uPlot takes them: seconds, and hidden series as nothing but gaps. */
export function alignedData(columns: Columns, hidden: ReadonlySet<number>): uPlot.AlignedData {
  return [
    columns.times.map((time) => time / 1000),
    ...columns.series.map((series, index) =>
      hidden.has(index) ? series.values.map(() => null) : series.values,
    ),
  ];
}

/** Lines over time with a crosshair, zoom by dragging, gaps as gaps and "not watched" hatched. */
export function TimeChart(props: TimeChartProps) {
  const { columns, unit = 'number', height = 240, gaps = NO_GAPS } = props;
  const palette = usePreferences((state) => state.palette);
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const [index, setIndex] = useState<number | null>(null);
  const [hidden, setHidden] = useState<ReadonlySet<number>>(() => new Set());
  const names = useMemo(
    () =>
      shortNames(
        columns.series.map((series) => series.labels),
        props.alone ?? '',
      ),
    [columns, props.alone],
  );
  const data = useMemo(() => alignedData(columns, hidden), [columns, hidden]);
  // What the chart reads while it draws; kept beside it, so that new data does not mean a new chart.
  const now = useRef({ data, gaps, start: props.start, end: props.end, onZoom: props.onZoom });
  now.current = { data, gaps, start: props.start, end: props.end, onZoom: props.onZoom };

  const count = columns.series.length;
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = new uPlot(
      chartOptions({
        width: Math.max(200, element.clientWidth),
        height,
        series: count,
        unit,
        palette,
        gaps: () => now.current.gaps,
        bounds: () => ({ start: now.current.start / 1000, end: now.current.end / 1000 }),
        onCursor: setIndex,
        onZoom: (start, end) => now.current.onZoom?.(start, end),
      }),
      now.current.data,
      element,
    );
    chart.current = made;
    const watcher = new ResizeObserver(() => {
      const width = element.clientWidth;
      if (width > 0 && width !== made.width) made.setSize({ width, height });
    });
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [count, unit, palette, height]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: bounds and gaps are read by the chart while it draws.
  useEffect(() => {
    const made = chart.current;
    if (made && made.series.length === data.length) made.setData(data);
  }, [data, props.start, props.end, gaps]);

  return (
    <figure className="chart">
      <div ref={place} role="img" aria-label={props.label} />
      <ChartLegend
        columns={columns}
        names={names}
        unit={unit}
        palette={palette}
        index={index}
        hidden={hidden}
        onToggle={(series) =>
          setHidden((old) => {
            const next = new Set(old);
            if (!next.delete(series)) next.add(series);
            return next;
          })
        }
        unwatched={gaps.filter((gap) => gap.to > props.start && gap.from < props.end)}
      />
    </figure>
  );
}
