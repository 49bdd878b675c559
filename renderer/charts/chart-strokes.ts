import uPlot from 'uplot';
import type { PaletteName } from '../app/theme.ts';
import { scaleOf } from './chart-axes.ts';
import type { ChartLine, LineValue, Side } from './chart-lines.ts';
import { type LineLook, plainLook } from './chart-look.ts';
import { type ChartShape, lonelyPoints } from './chart-values.ts';
import { type Stroke, strokeOf } from './strokes.ts';

/** Bars fill this share of their step, and are never wider than so many pixels. */
const BAR_SHARE = 0.8;
const BAR_MOST = 60;

/** How strong the area under a stacked line or a bar is when nobody chose. */
const FILL = 0.25;

/** The stroke of a line: its own colour and pattern where it has them, else those of its place. */
export function lineStroke(line: Pick<ChartLine, 'look'>, index: number, palette: PaletteName): Stroke {
  const stroke = strokeOf(index, palette);
  const { look } = line;
  if (look === undefined) return stroke;
  return {
    ...stroke,
    colour: look.colour ?? stroke.colour,
    dash: look.dash === null ? stroke.dash : look.dash ? [6, 3] : [],
  };
}

/** A colour with a share of its strength. */
function faint(colour: string, share: number): string {
  const strength = Math.round(Math.min(1, Math.max(0, share)) * 255);
  return `${colour.slice(0, 7)}${strength.toString(16).padStart(2, '0')}`;
}

/** One uPlot series for each line: stroke, fill, bars or dots by its look. */
export function lineSeries(
  lines: readonly ChartLine[],
  shape: ChartShape,
  palette: PaletteName,
): uPlot.Series[] {
  return lines.map((line, index) => {
    const look = line.look ?? plainLook;
    const stroke = lineStroke(line, index, palette);
    const lowest = lines.findIndex(({ side }) => side === line.side) === index;
    const fill = shape.stacked ? (lowest ? look.fill || FILL : 0) : look.fill;
    const paths = pathsOf(look);
    return {
      scale: scaleOf[line.side],
      stroke: stroke.colour,
      dash: look.draw === 'bars' ? [] : stroke.dash,
      width: look.draw === 'points' ? 0 : look.width,
      spanGaps: look.overGaps,
      ...(fill > 0 || look.draw === 'bars' ? { fill: faint(stroke.colour, fill || FILL) } : {}),
      ...(paths === undefined ? {} : { paths }),
      points: dotsOf(look, stroke.colour),
    };
  });
}

function pathsOf(look: LineLook): uPlot.Series.PathBuilder | undefined {
  const { paths } = uPlot;
  if (look.draw === 'points') return () => null;
  if (look.draw === 'bars') return paths.bars?.({ size: [BAR_SHARE, BAR_MOST] });
  switch (look.curve) {
    case 'linear':
      return undefined;
    case 'smooth':
      return paths.spline?.();
    case 'step-before':
      return paths.stepped?.({ align: -1 });
    case 'step-after':
      return paths.stepped?.({ align: 1 });
  }
}

function dotsOf(look: LineLook, colour: string): uPlot.Series.Points {
  if (look.draw === 'bars' || (look.draw === 'line' && look.points === 'never')) return { show: false };
  if (look.draw === 'points' || look.points === 'always') return { show: true, size: 4, fill: colour };
  return { size: 4, filter: lonelyOnly };
}

/** Dots only for values that stand alone between gaps, unless there is room for all. */
function lonelyOnly(chart: uPlot, index: number, show: boolean): number[] | null {
  if (show) return null;
  const lonely = lonelyPoints((chart.data[index] ?? []) as readonly LineValue[]);
  return lonely.length === 0 ? null : lonely;
}

/** Fills between each line and the one it stands on; the lowest of each side fills down to the axis by itself. */
export function stackedBands(lines: readonly ChartLine[], palette: PaletteName): uPlot.Band[] {
  const below: Partial<Record<Side, number>> = {};
  return lines.flatMap((line, index) => {
    const lower = below[line.side];
    below[line.side] = index + 1;
    const fill = faint(lineStroke(line, index, palette).colour, line.look?.fill || FILL);
    return lower === undefined ? [] : [{ series: [index + 1, lower] as [number, number], fill }];
  });
}
