import { type PanelValue, type ResolvedField, showValue as shown } from '#shared/domain/dashboard/display.ts';
import type { DashboardColor, FieldOptions } from '#shared/domain/dashboard/field.ts';
import { displayValue } from '#shared/units/display.ts';
import type { PaletteName } from '../app/theme.ts';
import { NO_TINT, type Tint, tintOf } from './tint.ts';

/** In which language and colours values are shown. */
export type Look = { readonly language: 'zh' | 'en'; readonly palette: PaletteName };

/** The bounds of a value scale. */
export type Scale = { readonly min: number; readonly max: number };

/** A value as it is shown. */
export type TintedText = { readonly text: string; readonly tint: Tint };

/** The bounds of a scale: the chosen ones, else a whole of its unit, else those of the values and zero. */
export function scaleOf(
  options: Pick<FieldOptions, 'min' | 'max' | 'unit'>,
  values: readonly (number | null)[],
): Scale {
  let least = 0;
  let most = 0;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const whole = options.unit === 'percent' ? 100 : options.unit === 'percentunit' ? 1 : null;
  const min = options.min ?? least;
  const max = options.max ?? whole ?? most;
  return { min, max: max > min ? max : min + 1 };
}

/** Where each step of the thresholds begins on a scale, ascending. */
export function stepPlaces(
  { thresholds }: Pick<FieldOptions, 'thresholds'>,
  scale: Scale,
): readonly { readonly from: number; readonly color: DashboardColor }[] {
  const at = (from: number): number =>
    thresholds.mode === 'absolute' ? from : scale.min + ((scale.max - scale.min) * from) / 100;
  return thresholds.steps.map(({ from, color }) => ({
    from: from === null ? Number.NEGATIVE_INFINITY : at(from),
    color,
  }));
}

/** A number with its unit in one text. */
export function unitText(
  value: number,
  { unit, decimals }: Pick<FieldOptions, 'unit' | 'decimals'>,
  language: Look['language'],
): string {
  const said = displayValue(value, unit, decimals, language);
  return said.unit === '' ? said.number : `${said.number} ${said.unit}`;
}

/** A value in its field's unit, mapping and colour. */
export function tintedText(field: ResolvedField, value: PanelValue, look: Look, scale: Scale): TintedText {
  const said = shown(value, field, look.language, scale);
  const text = said.unit === '' ? said.text : `${said.text} ${said.unit}`;
  const color = colourOf(field, value, said.isMapped ? said.color : null, said.color, scale);
  return { text, tint: color === null ? NO_TINT : tintOf(color, look.palette) };
}

/** A mapping's colour first, then what the field's mode says. */
function colourOf(
  { color }: ResolvedField,
  value: PanelValue,
  mapped: DashboardColor | null,
  threshold: DashboardColor | null,
  scale: Scale,
): DashboardColor | null {
  if (mapped !== null) return mapped;
  switch (color.mode) {
    case 'palette':
      return null;
    case 'fixed':
      return color.color;
    case 'thresholds':
      return threshold;
    case 'scale':
      if (typeof value !== 'number' || Number.isNaN(value)) return null;
      return value - scale.min < (scale.max - scale.min) / 2 ? color.from : color.to;
  }
}
