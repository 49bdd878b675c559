import type * as z from 'zod';
import type { drawSchema } from '#shared/domain/dashboard/field.ts';
import { type Node, oneOf } from './node.ts';

type DrawInput = z.input<typeof drawSchema>;

const INTERPOLATION: Readonly<Record<string, DrawInput['line']>> = {
  linear: 'linear',
  smooth: 'smooth',
  stepBefore: 'step-before',
  stepAfter: 'step-after',
};

const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value));

function readAxis(custom: Node, draw: DrawInput): void {
  const place = custom.text('axisPlacement', 20);
  if (place === 'right' || place === 'hidden' || place === 'left') draw.axis = place;
  const label = custom.text('axisLabel', 200);
  if (label !== '') draw.axisLabel = label;
  const scale = custom.child('scaleDistribution');
  const kind = scale.text('type', 20, 'linear');
  const base = scale.number('log');
  if (kind === 'log') draw.scale = base === 2 ? 'log2' : 'log10';
  else if (kind !== 'linear')
    custom.changed('scaleDistribution', {
      zh: `刻度“${kind}”改为线性`,
      en: `the scale "${kind}" became linear`,
    });
  scale.skip('linearThreshold');
  custom.skip(
    'axisColorMode',
    'axisGridShow',
    'axisBorderShow',
    'axisWidth',
    'axisCenteredZero',
    'axisSoftMin',
    'axisSoftMax',
  );
  for (const key of ['axisSoftMin', 'axisSoftMax']) {
    if (custom.number(key) !== null)
      custom.note(key, {
        zh: '坐标轴软界限由图表自行决定',
        en: 'soft bounds of the axis are left to the chart',
      });
  }
}

/** How series are drawn, of `fieldConfig.defaults.custom` of time series, state timelines and bar charts. */
export function readDraw(custom: Node): DrawInput {
  const draw: DrawInput = {};
  const style = oneOf(custom.raw('drawStyle'), ['line', 'bars', 'points']);
  if (style !== null) draw.style = style;
  const line = INTERPOLATION[custom.text('lineInterpolation', 20)];
  if (line !== undefined) draw.line = line;
  const width = custom.number('lineWidth');
  if (width !== null) draw.width = clamp(width, 20);
  const fill = custom.number('fillOpacity');
  if (fill !== null) draw.fill = clamp(fill, 100);
  const points = oneOf(custom.raw('showPoints'), ['auto', 'always', 'never']);
  if (points !== null) draw.points = points;
  const dash = custom.child('lineStyle').text('fill', 20);
  if (dash === 'dash' || dash === 'dot') draw.dash = true;
  const stacking = custom.child('stacking');
  const stack = oneOf(stacking.raw('mode'), ['none', 'normal', 'percent']);
  if (stack !== null) draw.stack = stack;
  const gaps = custom.raw('spanNulls');
  if (typeof gaps === 'boolean') draw.overGaps = gaps;
  else if (typeof gaps === 'number' && gaps >= 1) draw.overGaps = Math.round(gaps);
  const thresholds = custom.child('thresholdsStyle').text('mode', 20);
  if (thresholds !== '' && thresholds !== 'off')
    draw.thresholds = thresholds.includes('area') ? 'area' : 'line';
  const transform = custom.text('transform', 20);
  if (transform === 'negative-Y') draw.mirrored = true;
  else if (transform !== '')
    custom.changed('transform', { zh: `“${transform}”已略去`, en: `"${transform}" was left out` });
  readAxis(custom, draw);
  // How it looks in detail is the console's own.
  custom.skip(
    'gradientMode',
    'pointSize',
    'barAlignment',
    'barWidthFactor',
    'insertNulls',
    'lineColor',
    'pointColor',
    'hideFrom',
    'showValues',
  );
  return draw;
}
