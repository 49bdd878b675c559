import type { Calc } from '#shared/domain/dashboard/calc-names.ts';
import { calculate } from '#shared/domain/dashboard/calcs.ts';
import type { PanelSeries } from './panel-series.ts';
import { tintOf } from './tint.ts';
import { type Look, type Scale, scaleOf, stepPlaces, type TintedText, tintedText } from './value-look.ts';
import type { ScaleStep } from './views/gauge-arc.tsx';

/** One value that a panel shows large. */
export type LargeValue = TintedText & {
  readonly series: PanelSeries;
  readonly value: number | null;
  readonly scale: Scale;
  readonly steps: readonly ScaleStep[];
};

/** What each series of a panel amounts to; all of them on one scale. */
export function largeValues(series: readonly PanelSeries[], calc: Calc, look: Look): readonly LargeValue[] {
  const shown = series.filter(({ field }) => !field.hidden);
  const values = shown.map((one) => calculate(one.values, calc));
  return shown.map((one, index): LargeValue => {
    const value = values[index] ?? null;
    const scale = scaleOf(one.field, values);
    const steps = one.field.color.mode === 'thresholds' ? stepPlaces(one.field, scale) : [];
    return {
      ...tintedText(one.field, value, look, scale),
      series: one,
      value,
      scale,
      steps: steps.map(({ from, color }) => ({ from, tint: tintOf(color, look.palette) })),
    };
  });
}
