import type { ResolvedField } from '#shared/domain/dashboard/display.ts';
import type { Draw } from '#shared/domain/dashboard/field.ts';
import type { PaletteName } from '../app/theme.ts';
import { type ChartData, type ChartLine, mergeLines } from '../charts/chart-lines.ts';
import type { LineLook, ThresholdLine } from '../charts/chart-look.ts';
import { type ChartShape, plainShape } from '../charts/chart-values.ts';
import type { PanelSeries, TargetAnswer } from './panel-series.ts';
import { colourIn } from './tint.ts';
import { type Look, scaleOf, stepPlaces, tintedText } from './value-look.ts';

/** What texts of an axis are reckoned in: they have no colour, so that it does not matter. */
const WHOLE = { min: 0, max: 1 } as const;

/** Units that count in powers of two. */
const BINARY: ReadonlySet<string> = new Set([
  'bytes',
  'bits',
  'binBps',
  'binbps',
  'kbytes',
  'mbytes',
  'gbytes',
  'tbytes',
  'KiBs',
  'MiBs',
  'GiBs',
]);

/** How a field's lines are drawn. */
function lineLook(field: ResolvedField, palette: PaletteName): LineLook {
  const { draw, color } = field;
  return {
    draw: draw.style,
    curve: draw.line,
    width: draw.width,
    dash: draw.dash ? true : null,
    fill: draw.fill / 100,
    points: draw.points,
    overGaps: draw.overGaps === true,
    colour: color.mode === 'fixed' ? colourIn(color.color, palette) : null,
  };
}

/** Missing values in runs up to so long become "not asked for", over which a line is drawn. */
export function bridged(
  values: readonly (number | null | undefined)[],
  stepMs: number,
  overGaps: Draw['overGaps'],
): readonly (number | null | undefined)[] {
  if (typeof overGaps !== 'number') return values;
  const most = Math.floor(overGaps / Math.max(1, stepMs));
  const next = [...values];
  let from: number | null = null;
  values.forEach((value, index) => {
    if (value === null || value === undefined) return;
    if (from !== null && index - from - 1 <= most) next.fill(undefined, from + 1, index);
    from = index;
  });
  return next;
}

/** Turns values into shares of the sum at their time, percent. */
function shares(lines: readonly ChartLine[], length: number): readonly ChartLine[] {
  const sums = new Float64Array(length);
  for (const { values } of lines)
    values.forEach((value, index) => {
      if (typeof value === 'number') sums[index] = (sums[index] ?? 0) + Math.abs(value);
    });
  return lines.map((line) => ({
    ...line,
    unit: 'percent',
    format: { key: 'percent', text: (value) => (value === null ? '—' : `${value.toFixed(1)} %`) },
    values: line.values.map((value, index) =>
      typeof value === 'number' && (sums[index] ?? 0) > 0 ? (value / (sums[index] ?? 1)) * 100 : value,
    ),
  }));
}

/** The lines of a panel on one time axis. */
export function chartOf(
  series: readonly PanelSeries[],
  answers: readonly TargetAnswer[],
  look: Look,
): ChartData {
  const shown = series.filter(({ field }) => !field.hidden);
  const merged = mergeLines(
    shown.map((one) => ({
      key: one.ref,
      prefix: '',
      template: '',
      alone: one.name,
      unit: 'number',
      side: one.field.draw.axis === 'right' ? 'right' : 'left',
      columns: {
        times: [...one.times],
        series: [{ labels: one.labels, values: [...one.values] }],
        seriesOmitted: 0,
        tookMs: 0,
      },
    })),
  );
  const lines = merged.lines.map((line, index): ChartLine => {
    const one = shown[index];
    if (one === undefined) return line;
    const { field } = one;
    const values = bridged(line.values, one.stepMs, field.draw.overGaps);
    return {
      ...line,
      key: one.key,
      name: one.name,
      look: lineLook(field, look.palette),
      format: {
        key: JSON.stringify([field.unit, field.decimals, field.mappings, look.language]),
        text: (value) => tintedText(field, value, look, WHOLE).text,
        binary: BINARY.has(field.unit),
      },
      values: field.draw.mirrored
        ? values.map((value) => (typeof value === 'number' ? -value : value))
        : values,
    };
  });
  const percent = shown.some(({ field }) => field.draw.stack === 'percent');
  return {
    times: merged.times,
    lines: percent ? shares(lines, merged.times.length) : lines,
    omitted: answers.reduce((sum, { columns }) => sum + (columns?.seriesOmitted ?? 0), 0),
  };
}

/** How the axes of a panel's chart are. */
export function shapeOf(field: ResolvedField, series: readonly PanelSeries[]): ChartShape {
  const fields = series.map((one) => one.field);
  const percent = fields.some(({ draw }) => draw.stack === 'percent');
  // A bar that does not stand on zero lies about how long it is.
  const bars =
    fields.some(({ draw }) => draw.style === 'bars') &&
    series.every(
      ({ values, field: own }) => !own.draw.mirrored && values.every((value) => (value ?? 0) >= 0),
    );
  return {
    ...plainShape,
    log: fields.some(({ draw }) => draw.scale !== 'linear'),
    stacked: fields.some(({ draw }) => draw.stack !== 'none'),
    min: percent ? 0 : (field.min ?? (bars ? 0 : null)),
    max: percent ? 100 : field.max,
  };
}

/** The thresholds that are drawn across a panel's chart. */
export function thresholdLines(
  field: ResolvedField,
  series: readonly PanelSeries[],
  look: Look,
): readonly ThresholdLine[] {
  if (field.draw.thresholds === 'off') return [];
  const scale = scaleOf(
    field,
    series.flatMap(({ values }) => values),
  );
  return stepPlaces(field, scale).flatMap(({ from, color }) => {
    const colour = colourIn(color, look.palette);
    return Number.isFinite(from) && colour !== null
      ? [{ value: from, colour, area: field.draw.thresholds === 'area' }]
      : [];
  });
}
