import type { StarterRule } from '#shared/contract/rules-authoring.ts';
import type { Bilingual } from '#shared/errors/index.ts';

/** A threshold as the console brings it. */
export type StarterValue = Omit<StarterRule['values'][number], 'value'>;

/** A rule that the console brings along, before its thresholds are filled in. */
export type StarterDefinition = {
  /** Name of the alert; stable, because the operator's changes are kept under it. */
  readonly name: string;
  readonly severity: StarterRule['severity'];
  /** What it looks for, in the list of rules. */
  readonly title: Bilingual;
  /** The sentence of its alerts; a template. */
  readonly summary: Bilingual;
  /** What to do next; a template. */
  readonly advice: Bilingual;
  readonly values: readonly StarterValue[];
  readonly forMs: number;
  /** The expression with the thresholds in force, by name. */
  readonly expr: (values: Readonly<Record<string, number>>) => string;
};

/** Rules about one subject; a file with one group. */
export type StarterGroup = {
  readonly name: string;
  readonly intervalMs: number;
  readonly rules: readonly StarterDefinition[];
};

/** Most thresholds are percentages. */
export function percent(name: string, zh: string, en: string, initial: number): StarterValue {
  return { name, title: { zh, en }, unit: 'percent', least: 1, most: 100, initial };
}

/** A threshold with bounds of its own. */
export function value(
  name: string,
  unit: StarterValue['unit'],
  title: Bilingual,
  bounds: readonly [least: number, initial: number, most: number],
): StarterValue {
  return { name, title, unit, least: bounds[0], initial: bounds[1], most: bounds[2] };
}

/** The value of an alert with one decimal. */
export const ONE = '{{ printf "%.1f" $value }}';
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
