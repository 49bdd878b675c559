import type * as z from 'zod';
import type { fieldSchema } from '#shared/domain/dashboard/field.ts';
import type { DashboardInput } from '#shared/domain/dashboard/model.ts';
import type { panelSchema } from '#shared/domain/dashboard/panels.ts';

type Text = { readonly zh: string; readonly en: string };
type PanelInput = z.input<typeof panelSchema>;
type FieldInput = z.input<typeof fieldSchema>;
type VariableInput = NonNullable<DashboardInput['variables']>[number];
type AnnotationInput = NonNullable<DashboardInput['annotations']>[number];

/** A text in both languages. */
export const text = (zh: string, en: string): Text => ({ zh, en });

/** One expression with its legend. */
export type Ask = readonly [expr: string, legend?: string];

type Place = readonly [x: number, y: number, w: number, h: number];

const place = ([x, y, w, h]: Place): PanelInput['place'] => ({ x, y, w, h });
const targets = (asks: readonly Ask[], mode: 'range' | 'instant' = 'range') =>
  asks.map(([expr, legend = ''], i) => ({ ref: String.fromCharCode(65 + i), expr, legend, mode }));

/** Lines over time. */
export function lines(
  id: number,
  title: Text,
  at: Place,
  asks: readonly Ask[],
  field: FieldInput = {},
): PanelInput {
  return { kind: 'timeseries', id, title, place: place(at), targets: targets(asks), field };
}

/** One large value. */
export function stat(
  id: number,
  title: Text,
  at: Place,
  expr: string,
  field: FieldInput = {},
  legend = '',
): PanelInput {
  return {
    kind: 'stat',
    id,
    title,
    place: place(at),
    targets: targets([[expr, legend]]),
    field: { color: { mode: 'thresholds' }, ...field },
    spark: true,
  };
}

/** Values side by side. */
export function bars(
  id: number,
  title: Text,
  at: Place,
  asks: readonly Ask[],
  field: FieldInput = {},
): PanelInput {
  return {
    kind: 'bar',
    id,
    title,
    place: place(at),
    targets: targets(asks),
    field: { color: { mode: 'thresholds' }, ...field },
    orientation: 'horizontal',
  };
}

/** A state over time. */
export function states(
  id: number,
  title: Text,
  at: Place,
  asks: readonly Ask[],
  field: FieldInput = {},
): PanelInput {
  return { kind: 'states', id, title, place: place(at), targets: targets(asks), field };
}

/** 0 and 1 as words. */
export const UP_DOWN: NonNullable<FieldInput['mappings']> = [
  { of: 'value', value: '1', text: text('正常', 'up'), color: 'ok' },
  { of: 'value', value: '0', text: text('故障', 'down'), color: 'critical' },
];

/** From calm to bad, by two bounds. */
export function rising(warning: number, critical: number): NonNullable<FieldInput['thresholds']> {
  return {
    steps: [
      { from: null, color: 'ok' },
      { from: warning, color: 'warning' },
      { from: critical, color: 'critical' },
    ],
  };
}

/** Anything above nothing is bad. */
export const NONE_IS_GOOD: NonNullable<FieldInput['thresholds']> = {
  steps: [
    { from: null, color: 'ok' },
    { from: 1, color: 'critical' },
  ],
};

/** Between nothing and all. */
export const SHARE: FieldInput = { unit: 'percentunit', min: 0, max: 1 };

/** Values that a label had in the whole range: a host that is dead by now is among them. */
export function labelVariable(
  name: string,
  label: Text,
  selector: string,
  options: { readonly by?: string; readonly multi?: boolean } = {},
): VariableInput {
  const multi = options.multi ?? false;
  return {
    kind: 'query',
    name,
    label,
    source: { of: 'labelValues', label: options.by ?? name, selector },
    sort: 'natural',
    multi,
    includeAll: multi,
  };
}

/** What the console knows by itself, on every built-in dashboard. */
const OWN_ANNOTATIONS: readonly AnnotationInput[] = [
  { name: text('部署与标记', 'Deployments and marks'), color: 'accent', source: { of: 'deployments' } },
  { name: text('告警', 'Alerts'), color: 'critical', source: { of: 'alerts' }, shown: false },
  { name: text('备份', 'Backups'), color: 'ok', source: { of: 'backups' }, shown: false },
  { name: text('恢复', 'Restores'), color: 'accent', source: { of: 'restores' } },
  { name: text('恢复演练', 'Recovery drills'), color: 'accent', source: { of: 'drills' } },
  { name: text('未监视', 'Not watched'), color: 'unknown', source: { of: 'gaps' } },
];

/** A built-in dashboard. */
export function board(
  uid: string,
  title: Text,
  description: Text,
  tags: readonly string[],
  variables: readonly VariableInput[],
  rows: NonNullable<DashboardInput['rows']>,
): DashboardInput {
  return {
    format: 'hmtt-dashboard',
    version: 1,
    uid,
    title,
    description,
    tags: [...tags],
    variables: [...variables],
    annotations: [...OWN_ANNOTATIONS],
    rows,
  };
}
