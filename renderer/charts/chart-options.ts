import type uPlot from 'uplot';
import type { WatchGap } from '#shared/contract/site.ts';
import { type PaletteName, palettes } from '../app/theme.ts';
import { axisLook, scaleOf, valueAxis, valueScale } from './chart-axes.ts';
import { drawMarks, drawThresholds } from './chart-events.ts';
import type { ChartLine } from './chart-lines.ts';
import type { ChartMark, ThresholdLine } from './chart-look.ts';
import { markEnds, shadeGaps } from './chart-marks.ts';
import { lineSeries, lineStroke, stackedBands } from './chart-strokes.ts';
import type { ChartShape } from './chart-values.ts';
import { timeLabels } from './time-axis.ts';

export type ChartOptionsInput = {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly ChartLine[];
  readonly shape: ChartShape;
  /** One of many charts on a page: fewer dots under the shared crosshair. */
  readonly compact: boolean;
  readonly palette: PaletteName;
  /** Read at every drawing, so that new gaps need no new chart. */
  readonly gaps: () => readonly WatchGap[];
  readonly thresholds: () => readonly ThresholdLine[];
  readonly marks: () => readonly ChartMark[];
  /** Read at every drawing: the time axis' bounds in seconds. */
  readonly bounds: () => { readonly start: number; readonly end: number };
  /** The crosshair moved, here or on another chart. */
  readonly onCursor: (chart: uPlot) => void;
  readonly onZoom: (start: number, end: number) => void;
  readonly onBack: () => void;
};

/** Charts on one page share the crosshair under this name. */
const SYNC_KEY = 'hmtt';

/** More lines than these have no dots under the crosshair: moving hundreds of elements is what makes it lag. */
const MOST_DOTS = 40;
/** On a page of many charts the crosshair moves on all of them at once. */
const MOST_COMPACT_DOTS = 8;

/** Room for half a time where the axis ends, in pixels. */
const EDGE = 24;

/** The settings of a time chart: crosshair shared over the page, drag to zoom, gaps left open, "not watched" hatched. */
export function chartOptions(input: ChartOptionsInput): uPlot.Options {
  const { lines, shape } = input;
  const colours = palettes[input.palette];
  const sides = (['left', 'right'] as const).filter(
    (side) => lines.some((line) => line.side === side) || (side === 'left' && lines.length === 0),
  );
  return {
    width: input.width,
    height: input.height,
    padding: [
      input.compact ? 4 : 8,
      sides.includes('right') ? 0 : EDGE,
      0,
      sides.includes('left') ? 0 : EDGE,
    ],
    legend: { show: false },
    cursor: {
      drag: { x: true, y: false, setScale: false },
      // Only where the crosshair is goes to the other charts: a shared drag would zoom once for every chart.
      sync: { key: SYNC_KEY, filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave' } },
      points: { show: lines.length <= (input.compact ? MOST_COMPACT_DOTS : MOST_DOTS), size: 6 },
      bind: {
        dblclick: () => () => {
          input.onBack();
          return null;
        },
      },
    },
    scales: {
      x: {
        time: true,
        range: () => {
          const { start, end } = input.bounds();
          return [start, end];
        },
      },
      ...Object.fromEntries(sides.map((side) => [scaleOf[side], valueScale(shape, side)])),
    },
    axes: [
      {
        ...axisLook(colours),
        values: (_chart, ticks, _axis, _space, increment) => [...timeLabels(ticks, increment, input.compact)],
        size: input.compact ? 24 : 40,
        // Wide enough for `10:15:30` and its neighbours.
        space: 80,
      },
      ...sides.map((side, index) =>
        valueAxis(side, lines, colours, { grid: index === 0, compact: input.compact }),
      ),
    ],
    series: [{}, ...lineSeries(lines, shape, input.palette)],
    ...(shape.stacked ? { bands: stackedBands(lines, input.palette) } : {}),
    hooks: {
      drawClear: [(chart) => shadeGaps(chart, input.gaps(), colours.unwatched)],
      draw: [
        (chart) => markEnds(chart, (index) => lineStroke(lines[index] ?? {}, index, input.palette).colour),
        (chart) => drawThresholds(chart, input.thresholds()),
        (chart) => drawMarks(chart, input.marks(), colours),
      ],
      setCursor: [input.onCursor],
      setSelect: [
        (chart) => {
          const { left, width } = chart.select;
          if (width < 4) return;
          const start = chart.posToVal(left, 'x') * 1000;
          const end = chart.posToVal(left + width, 'x') * 1000;
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          input.onZoom(start, end);
        },
      ],
    },
  };
}
