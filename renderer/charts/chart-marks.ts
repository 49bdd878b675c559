import type uPlot from 'uplot';
import type { WatchGap } from '#shared/contract/site.ts';
import type { LineValue } from './chart-lines.ts';
import { endOf } from './chart-values.ts';

/** Hatches the spans in which the console itself was not watching, so that they are not read as calm. */
export function shadeGaps(chart: uPlot, gaps: readonly WatchGap[], colour: string): void {
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
    ctx.beginPath();
    for (let x = left - bbox.height; x < right; x += 8) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.restore();
  }
}

/** Ends of more lines than these would be a row of crosses that says nothing. */
const MOST_ENDS = 40;

/** Marks with a small cross where a series ended before the chart does. */
export function markEnds(chart: uPlot, colourOf: (index: number) => string): void {
  const columns = chart.data.slice(1) as readonly (readonly LineValue[])[];
  if (columns.length > MOST_ENDS) return;
  const { ctx } = chart;
  const arm = 3 * devicePixelRatio;
  columns.forEach((values, index) => {
    const at = endOf(values);
    const value = at === null ? null : values[at];
    const time = at === null ? undefined : chart.data[0][at];
    const scale = chart.series[index + 1]?.scale;
    if (typeof value !== 'number' || time === undefined || scale === undefined) return;
    const x = chart.valToPos(time, 'x', true);
    const y = chart.valToPos(value, scale, true);
    if (x < chart.bbox.left || x > chart.bbox.left + chart.bbox.width) return;
    ctx.save();
    ctx.strokeStyle = colourOf(index);
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(x - arm, y - arm);
    ctx.lineTo(x + arm, y + arm);
    ctx.moveTo(x - arm, y + arm);
    ctx.lineTo(x + arm, y - arm);
    ctx.stroke();
    ctx.restore();
  });
}
