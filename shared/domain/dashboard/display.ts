import { displayValue } from '../../units/display.ts';
import type { DashboardColor, FieldOptions, FieldOverride, Mapping, Thresholds } from './field.ts';
import { patternOf } from './pattern.ts';
import { localize } from './text.ts';

/** Which series or column is meant, for overrides. */
export type FieldId = {
  readonly name: string;
  /** The target that it comes from; '' when from none. */
  readonly ref: string;
  readonly type: 'number' | 'text' | 'time';
};

/** How one series or column is shown: the panel's settings with its overrides. */
export type ResolvedField = FieldOptions & {
  readonly hidden: boolean;
  readonly width: number | null;
  readonly cell: 'text' | 'color-text' | 'color-cell' | 'bar';
  readonly align: 'auto' | 'left' | 'center' | 'right';
};

function fits({ match }: FieldOverride, field: FieldId): boolean {
  switch (match.by) {
    case 'name':
      return match.name === field.name;
    case 'regex':
      return patternOf(match.pattern)?.test(field.name) ?? false;
    case 'target':
      return match.ref === field.ref;
    case 'type':
      return match.type === field.type;
  }
}

/** The settings of one series or column: later overrides win. */
export function resolveField(
  field: FieldOptions,
  overrides: readonly FieldOverride[],
  id: FieldId,
): ResolvedField {
  let resolved: ResolvedField = { ...field, hidden: false, width: null, cell: 'text', align: 'auto' };
  for (const override of overrides) {
    if (!fits(override, id)) continue;
    const { draw = {}, ...set } = override.set;
    resolved = { ...resolved, ...present(set), draw: { ...resolved.draw, ...present(draw) } };
  }
  return resolved;
}

/** The members that say something: `undefined` says nothing. */
function present<T extends object>(set: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** A value of a panel: a sample, a label, or nothing. */
export type PanelValue = number | string | null;

function mapped(value: PanelValue, mapping: Mapping): boolean {
  switch (mapping.of) {
    case 'value':
      return value !== null && String(value) === mapping.value;
    case 'range': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number !== 'number' || Number.isNaN(number)) return false;
      return (
        number >= (mapping.from ?? Number.NEGATIVE_INFINITY) &&
        number <= (mapping.to ?? Number.POSITIVE_INFINITY)
      );
    }
    case 'regex':
      return value !== null && (patternOf(mapping.pattern)?.test(String(value)) ?? false);
    case 'special':
      return isSpecial(value, mapping.match);
  }
}

function isSpecial(value: PanelValue, match: Extract<Mapping, { readonly of: 'special' }>['match']): boolean {
  const isNaNValue = typeof value === 'number' && Number.isNaN(value);
  switch (match) {
    case 'null':
      return value === null;
    case 'nan':
      return isNaNValue;
    case 'null+nan':
      return value === null || isNaNValue;
    case 'true':
      return value === 'true' || value === 1;
    case 'false':
      return value === 'false' || value === 0;
    case 'empty':
      return value === '';
  }
}

/** The colour that holds from a value on; null without steps. `range` is what percent thresholds count in. */
function thresholdColor(
  value: number,
  { mode, steps }: Thresholds,
  range: { readonly min: number; readonly max: number },
): DashboardColor | null {
  const width = range.max - range.min;
  const at = mode === 'absolute' ? value : width === 0 ? 0 : ((value - range.min) / width) * 100;
  let color: DashboardColor | null = null;
  for (const step of steps) {
    if (step.from !== null && !(at >= step.from)) break;
    color = step.color;
  }
  return color;
}

/** A value as it is shown. */
export type ShownValue = {
  readonly text: string;
  readonly unit: string;
  /** A mapping's or a threshold's colour; null when none says anything. */
  readonly color: DashboardColor | null;
  readonly isMapped: boolean;
};

/** What a panel shows for a value: a mapping's text, or the number in its unit; and the colour that holds. */
export function showValue(
  value: PanelValue,
  field: FieldOptions,
  language: 'zh' | 'en',
  range: { readonly min: number; readonly max: number } = { min: field.min ?? 0, max: field.max ?? 100 },
): ShownValue {
  const mapping = field.mappings.find((each) => mapped(value, each));
  const threshold = typeof value === 'number' ? thresholdColor(value, field.thresholds, range) : null;
  const color = mapping?.color ?? threshold;
  if (mapping?.text !== undefined)
    return { text: localize(mapping.text, language), unit: '', color, isMapped: true };
  if (value === null || value === '') {
    const nothing = localize(field.noValue, language);
    return { text: nothing === '' ? '—' : nothing, unit: '', color: mapping?.color ?? null, isMapped: false };
  }
  if (typeof value === 'string') return { text: value, unit: '', color, isMapped: false };
  const { number, unit } = displayValue(value, field.unit, field.decimals, language);
  return { text: number, unit, color, isMapped: false };
}

/** A series' name by its legend: `{{label}}` is the label's value, nothing where it has none. */
export function legendText(legend: string, labels: Readonly<Record<string, string>>): string {
  return legend.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, name: string) =>
    Object.hasOwn(labels, name) ? (labels[name] ?? '') : '',
  );
}
