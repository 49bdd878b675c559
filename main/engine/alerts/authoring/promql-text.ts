import type { FormMatcher } from '#shared/contract/rule-forms.ts';
import { formatDuration } from '#shared/units/duration.ts';

/** A text as a string of PromQL; Go's and JSON's escapes are the same for all that a form may hold. */
export function promqlString(text: string): string {
  return JSON.stringify(text);
}

/** `metric{a="b",c=~"d"}`; the braces only where something stands in them. */
export function selectorText(metric: string, matchers: readonly FormMatcher[]): string {
  const inside = matchers.map(({ label, op, value }) => `${label}${op}${promqlString(value)}`).join(',');
  return inside === '' ? metric : `${metric}{${inside}}`;
}

/** `[5m]` for a range. */
export function rangeText(ms: number): string {
  return `[${formatDuration(ms)}]`;
}

/** A number as PromQL reads it. */
export function numberText(value: number): string {
  return String(value);
}

const SPECIAL = /[.+?()|[\]{}^$\\]/g;

/** A text with `*` for any characters as a regular expression. */
export function globRegex(text: string): string {
  return text.replace(SPECIAL, '\\$&').replaceAll('*', '.*');
}

/** A text in which a template finds nothing to fill in. */
export function literalText(text: string): string {
  return text.replaceAll('{{', '{{ "{{" }}');
}
