import type uPlot from 'uplot';
import type { PaletteName, palettes } from '../app/theme.ts';
import { type ChartLine, lineText, type Side } from './chart-lines.ts';
import { boundedRange, type ChartShape, logRange, valueRange } from './chart-values.ts';
import { textFont } from './text-font.ts';
import { formatValue, gridSteps, type Unit } from './units.ts';

/** Width of a character of the axes' texts, in pixels. */
const CHARACTER_WIDTH = 7;

export const scaleOf: Readonly<Record<Side, string>> = { left: 'y', right: 'right' };

type Colours = (typeof palettes)[PaletteName];

/** A colour with a quarter of its strength. */
function softened(colour: string): string {
  return `${colour}40`;
}

/** What the axes of a chart have in common. */
export function axisLook(colours: Colours): Partial<uPlot.Axis> {
  return {
    stroke: colours.textSoft,
    font: textFont('12px'),
    // White lines would compete with the data where every line of the interface is white.
    grid: { stroke: colours.line === colours.text ? softened(colours.line) : colours.line, width: 1 },
    ticks: { stroke: colours.line, width: 1, size: 4 },
  };
}

/** The unit of an axis: that of its lines, or a bare number when they do not agree. */
function unitOf(lines: readonly ChartLine[], side: Side): Unit {
  const units = new Set(lines.filter((line) => line.side === side).map(({ unit }) => unit));
  const [only] = units;
  return units.size === 1 && only !== undefined ? only : 'number';
}

/** How an axis writes its values: as its lines do when they agree, else as bare numbers. */
function axisText(lines: readonly ChartLine[], side: Side): (value: number) => string {
  const own = lines.filter((line) => line.side === side);
  const [first] = own;
  const unit = unitOf(lines, side);
  if (first?.format === undefined || own.some(({ format }) => format?.key !== first.format?.key)) {
    return (value) => formatValue(value, unit);
  }
  return (value) => lineText(first, value);
}

/** The value scale of a side; chosen bounds are those of the left one. */
export function valueScale(shape: ChartShape, side: Side): uPlot.Scale {
  const own = side === 'left' ? shape : { ...shape, min: null, max: null };
  return {
    ...(shape.log ? { distr: 3, log: 10 } : {}),
    range: (_chart, min, max) => boundedRange((shape.log ? logRange : valueRange)(min, max), own),
  };
}

/** The value axis of a side; only one of two has a grid, because two that do not fit each other cannot be read. */
export function valueAxis(
  side: Side,
  lines: readonly ChartLine[],
  colours: Colours,
  { grid, compact }: { readonly grid: boolean; readonly compact: boolean },
): uPlot.Axis {
  const steps = lines.some((line) => line.side === side && line.format?.binary === true)
    ? gridSteps('bytes')
    : gridSteps(unitOf(lines, side));
  const text = axisText(lines, side);
  return {
    ...axisLook(colours),
    scale: scaleOf[side],
    side: side === 'left' ? 3 : 1,
    ...(compact ? { space: 22 } : {}),
    ...(grid ? {} : { grid: { show: false } }),
    size: (chart, values) => {
      const longest = (values ?? []).reduce((most, word) => Math.max(most, (word ?? '').length), 4);
      return chart.ctx ? longest * CHARACTER_WIDTH + 16 : 60;
    },
    // A logarithmic axis leaves out most of its ticks' texts: they are null here.
    values: (_chart, ticks) => ticks.map((tick: number | null) => (tick === null ? '' : text(tick))),
    ...(steps ? { incrs: steps } : {}),
  };
}
