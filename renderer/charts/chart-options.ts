import type uPlot from 'uplot';
import type { WatchGap } from '#shared/contract/site.ts';
import { type PaletteName, palettes } from '../app/theme.ts';
import type { ChartLine, LineValue, Side } from './chart-lines.ts';
import { markEnds, shadeGaps } from './chart-marks.ts';
import { boundedRange, type ChartShape, logRange, lonelyPoints, valueRange } from './chart-values.ts';
import { strokeOf } from './strokes.ts';
import { timeLabels } from './time-axis.ts';
import { formatValue, gridSteps, type Unit } from './units.ts';

export type ChartOptionsInput = {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly ChartLine[];
  readonly shape: ChartShape;
  readonly palette: PaletteName;
  /** Read at every drawing, so that new gaps need no new chart. */
  readonly gaps: () => readonly WatchGap[];
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

/** Width of a character of the axes' texts, and room for half a time where the axis ends, in pixels. */
const CHARACTER_WIDTH = 7;
const EDGE = 24;

export const scaleOf: Readonly<Record<Side, string>> = { left: 'y', right: 'right' };

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
    padding: [8, sides.includes('right') ? 0 : EDGE, 0, sides.includes('left') ? 0 : EDGE],
    legend: { show: false },
    cursor: {
      drag: { x: true, y: false, setScale: false },
      // Only where the crosshair is goes to the other charts: a shared drag would zoom once for every chart.
      sync: { key: SYNC_KEY, filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave' } },
      points: { show: lines.length <= MOST_DOTS, size: 6 },
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
        values: (_chart, ticks, _axis, _space, increment) => [...timeLabels(ticks, increment)],
        size: 40,
        // Wide enough for `10:15:30` and its neighbours.
        space: 80,
      },
      ...sides.map((side, index) => valueAxis(side, unitOf(lines, side), colours, index === 0)),
    ],
    series: [
      {},
      ...lines.map((line, index): uPlot.Series => {
        const stroke = strokeOf(index, input.palette);
        const lowest = lines.findIndex(({ side }) => side === line.side) === index;
        return {
          scale: scaleOf[line.side],
          stroke: stroke.colour,
          dash: stroke.dash,
          width: 1.5,
          spanGaps: false,
          ...(shape.stacked && lowest ? { fill: softened(stroke.colour) } : {}),
          points: { size: 4, filter: lonelyOnly },
        };
      }),
    ],
    ...(shape.stacked ? { bands: stackedBands(lines, input.palette) } : {}),
    hooks: {
      drawClear: [(chart) => shadeGaps(chart, input.gaps(), colours.unwatched)],
      draw: [(chart) => markEnds(chart, (index) => strokeOf(index, input.palette).colour)],
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

type Colours = (typeof palettes)[PaletteName];

function axisLook(colours: Colours): Partial<uPlot.Axis> {
  return {
    stroke: colours.textSoft,
    font: '12px "Noto Sans", "Noto Sans CJK SC", system-ui, sans-serif',
    // White lines would compete with the data where every line of the interface is white.
    grid: { stroke: colours.line === colours.text ? softened(colours.line) : colours.line, width: 1 },
    ticks: { stroke: colours.line, width: 1, size: 4 },
  };
}

/** The unit of an axis: that of its lines, or a bare number when they do not agree. */
export function unitOf(lines: readonly ChartLine[], side: Side): Unit {
  const units = new Set(lines.filter((line) => line.side === side).map(({ unit }) => unit));
  const [only] = units;
  return units.size === 1 && only !== undefined ? only : 'number';
}

function valueScale(shape: ChartShape, side: Side): uPlot.Scale {
  const own = side === 'left' ? shape : { ...shape, min: null, max: null };
  return {
    ...(shape.log ? { distr: 3, log: 10 } : {}),
    range: (_chart, min, max) => boundedRange((shape.log ? logRange : valueRange)(min, max), own),
  };
}

function valueAxis(side: Side, unit: Unit, colours: Colours, grid: boolean): uPlot.Axis {
  const steps = gridSteps(unit);
  return {
    ...axisLook(colours),
    scale: scaleOf[side],
    side: side === 'left' ? 3 : 1,
    // One grid: two that do not fit each other cannot be read.
    ...(grid ? {} : { grid: { show: false } }),
    size: (chart, values) => {
      const longest = (values ?? []).reduce((most, text) => Math.max(most, (text ?? '').length), 4);
      return chart.ctx ? longest * CHARACTER_WIDTH + 16 : 60;
    },
    // A logarithmic axis leaves out most of its ticks' texts: they are null here.
    values: (_chart, ticks) =>
      ticks.map((tick: number | null) => (tick === null ? '' : formatValue(tick, unit))),
    ...(steps ? { incrs: steps } : {}),
  };
}

/** Dots only for values that stand alone between gaps, unless there is room for all. */
function lonelyOnly(chart: uPlot, index: number, show: boolean): number[] | null {
  if (show) return null;
  const lonely = lonelyPoints((chart.data[index] ?? []) as readonly LineValue[]);
  return lonely.length === 0 ? null : lonely;
}

/** A colour with a quarter of its strength. */
function softened(colour: string): string {
  return `${colour}40`;
}

/** Fills between each line and the one it stands on; the lowest of each side fills down to the axis by itself. */
function stackedBands(lines: readonly ChartLine[], palette: PaletteName): uPlot.Band[] {
  const below: Partial<Record<Side, number>> = {};
  return lines.flatMap((line, index) => {
    const lower = below[line.side];
    below[line.side] = index + 1;
    const fill = softened(strokeOf(index, palette).colour);
    return lower === undefined ? [] : [{ series: [index + 1, lower] as [number, number], fill }];
  });
}
