import type uPlot from 'uplot';
import type { Palette } from '../app/theme.ts';
import type { StateName } from '../components/state-badge.tsx';
import type { ChartMark, ThresholdLine } from './chart-look.ts';

/** The colour of a state in a palette. */
function stateColour(state: StateName, colours: Palette): string {
  switch (state) {
    case 'up':
    case 'ok':
      return colours.ok;
    case 'down':
    case 'critical':
      return colours.critical;
    case 'warning':
    case 'unreachable':
      return colours.warning;
    case 'not_watched':
      return colours.unwatched;
    case 'info':
      return colours.accent;
    case 'unknown':
      return colours.unknown;
  }
}

/** Draws a dashed line across the chart at each threshold, on the left value axis, and the areas that are asked for. */
export function drawThresholds(chart: uPlot, lines: readonly ThresholdLine[]): void {
  const { ctx, bbox } = chart;
  const { min, max } = chart.scales.y ?? {};
  if (lines.length === 0 || min == null || max == null) return;
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([8 * devicePixelRatio, 4 * devicePixelRatio]);
  lines.forEach(({ value, colour, area }, index) => {
    const next = Math.min(max, lines[index + 1]?.value ?? max);
    if (area && next > min && value < max) {
      const top = chart.valToPos(next, 'y', true);
      const bottom = chart.valToPos(Math.max(min, value), 'y', true);
      ctx.globalAlpha = 0.08;
      ctx.fillStyle = colour;
      ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
      ctx.globalAlpha = 1;
    }
    if (value < min || value > max) return;
    const y = Math.round(chart.valToPos(value, 'y', true)) + 0.5;
    ctx.strokeStyle = colour;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  });
  ctx.restore();
}

/** Marks named at once where they lie on each other. */
const MOST_NAMED = 3;

/**
 * What happened at a time, in words.
 *
 * @param within how far from the time a moment may lie, milliseconds
 */
export function wordsAt(marks: readonly ChartMark[], time: number, within: number): readonly string[] {
  const near = marks.filter((mark) => time >= mark.time - within && time <= (mark.end ?? mark.time) + within);
  const words = [...new Set(near.map((mark) => mark.words).filter((text) => text !== ''))];
  const more = words.length - MOST_NAMED;
  return more > 0 ? [...words.slice(0, MOST_NAMED), `+${more}`] : words;
}

/** Marks what happened: a thin line and a wedge on the time axis; what took time has a strip along the axis. */
export function drawMarks(chart: uPlot, marks: readonly ChartMark[], colours: Palette): void {
  const { ctx, bbox } = chart;
  if (marks.length === 0) return;
  const right = bbox.left + bbox.width;
  const bottom = bbox.top + bbox.height;
  const wedge = 5 * devicePixelRatio;
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  for (const mark of marks) {
    const x = chart.valToPos(mark.time / 1000, 'x', true);
    const end = mark.end === null ? x : chart.valToPos(mark.end / 1000, 'x', true);
    if (end < bbox.left || x > right) continue;
    const colour = stateColour(mark.state, colours);
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    if (end > x) {
      const from = Math.max(bbox.left, x);
      ctx.globalAlpha = 0.12;
      ctx.fillRect(from, bbox.top, Math.min(right, end) - from, bbox.height);
      ctx.globalAlpha = 1;
      ctx.fillRect(from, bottom - wedge / 2, Math.min(right, end) - from, wedge / 2);
    }
    if (x < bbox.left) continue;
    ctx.globalAlpha = 0.7;
    ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bottom);
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.moveTo(x, bottom - wedge * 1.6);
    ctx.lineTo(x + wedge, bottom);
    ctx.lineTo(x - wedge, bottom);
    ctx.fill();
  }
  ctx.restore();
}
