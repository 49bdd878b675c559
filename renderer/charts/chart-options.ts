import type uPlot from 'uplot';
import type { WatchGap } from '#shared/contract/site.ts';
import { type PaletteName, palettes, seriesColours } from '../app/theme.ts';
import { timeLabels } from './time-axis.ts';
import { formatValue, gridSteps, type Unit } from './units.ts';

/** The stroke of a series: colours repeat after eight, then with dashes, so that colour is never the only mark. */
export function strokeOf(
  index: number,
  palette: PaletteName,
): { readonly colour: string; readonly dash: number[] } {
  const colours = seriesColours[palette];
  const dashes = [[], [6, 3], [2, 3], [8, 3, 2, 3]];
  return {
    colour: colours[index % colours.length] ?? '#888888',
    dash: dashes[Math.floor(index / colours.length) % dashes.length] ?? [],
  };
}

export type ChartOptionsInput = {
  readonly width: number;
  readonly height: number;
  readonly series: number;
  readonly unit: Unit;
  readonly palette: PaletteName;
  /** Read at every drawing, so that new gaps need no new chart. */
  readonly gaps: () => readonly WatchGap[];
  /** Read at every drawing: the time axis' bounds in seconds. */
  readonly bounds: () => { readonly start: number; readonly end: number };
  readonly onCursor: (index: number | null) => void;
  readonly onZoom: (start: number, end: number) => void;
};

/** Charts on one page share the crosshair under this name. */
const SYNC_KEY = 'hmtt';

/** The settings of a time chart: crosshair shared over the page, drag to zoom, gaps left open, "not watched" hatched. */
export function chartOptions(input: ChartOptionsInput): uPlot.Options {
  const colours = palettes[input.palette];
  const font = '12px "Noto Sans", "Noto Sans CJK SC", system-ui, sans-serif';
  const axis: Partial<uPlot.Axis> = {
    stroke: colours.textSoft,
    font,
    grid: { stroke: colours.line, width: 1 },
    ticks: { stroke: colours.line, width: 1, size: 4 },
  };
  const steps = gridSteps(input.unit);
  return {
    width: input.width,
    height: input.height,
    padding: [8, 12, 0, 0],
    legend: { show: false },
    cursor: {
      drag: { x: true, y: false, setScale: false },
      sync: { key: SYNC_KEY },
      points: { size: 6 },
    },
    scales: {
      x: {
        time: true,
        range: () => {
          const { start, end } = input.bounds();
          return [start, end];
        },
      },
      y: { range: (_chart, min, max) => valueRange(min, max) },
    },
    axes: [
      {
        ...axis,
        values: (_chart, ticks, _axis, _space, increment) => [...timeLabels(ticks, increment)],
        size: 40,
        // Wide enough for `10:15:30` and its neighbours.
        space: 80,
      },
      {
        ...axis,
        size: (chart, values) => {
          const longest = (values ?? []).reduce((most, text) => Math.max(most, (text ?? '').length), 4);
          return chart.ctx ? longest * 7 + 16 : 60;
        },
        values: (_chart, ticks) => ticks.map((tick) => formatValue(tick, input.unit)),
        ...(steps ? { incrs: steps } : {}),
      },
    ],
    series: [
      {},
      ...Array.from({ length: input.series }, (_, index): uPlot.Series => {
        const stroke = strokeOf(index, input.palette);
        return { stroke: stroke.colour, dash: stroke.dash, width: 1.5, spanGaps: false, points: { size: 3 } };
      }),
    ],
    hooks: {
      drawClear: [(chart) => shadeGaps(chart, input.gaps(), colours.unwatched)],
      setCursor: [(chart) => input.onCursor(chart.cursor.idx ?? null)],
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

/** The bounds of the value axis: from zero when that does not hide the shape, never of zero height. */
export function valueRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || !Number.isFinite(min) || !Number.isFinite(max)) return [0, 1];
  const spread = max - min;
  if (spread === 0) return max === 0 ? [0, 1] : max > 0 ? [0, max * 1.25] : [min * 1.25, 0];
  const low = min >= 0 && min < spread * 3 ? 0 : min - spread * 0.08;
  const high = max <= 0 && -max < spread * 3 ? 0 : max + spread * 0.08;
  return [low, high];
}

/** Hatches the spans in which the console itself was not watching, so that they are not read as calm. */
function shadeGaps(chart: uPlot, gaps: readonly WatchGap[], colour: string): void {
  const { ctx, bbox } = chart;
  for (const gap of gaps) {
    const left = Math.max(bbox.left, chart.valToPos(gap.from / 1000, 'x', true));
    const right = Math.min(bbox.left + bbox.width, chart.valToPos(gap.to / 1000, 'x', true));
    if (right <= left) continue;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, bbox.top, right - left, bbox.height);
    ctx.clip();
    ctx.globalAlpha = 0.12;
    ctx.fillStyle = colour;
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
    ctx.globalAlpha = 0.45;
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1;
    for (let x = left - bbox.height; x < right; x += 8) {
      ctx.beginPath();
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
      ctx.stroke();
    }
    ctx.restore();
  }
}
