import type { DashboardColor } from '#shared/domain/dashboard/field.ts';
import type { Node } from './node.ts';

const FAMILIES: Readonly<Record<string, DashboardColor>> = {
  green: 'ok',
  yellow: 'warning',
  orange: 'warning',
  red: 'critical',
  blue: 'accent',
  purple: '#8f3bb8',
  gray: 'neutral',
  grey: 'neutral',
  black: 'neutral',
  white: 'neutral',
  text: 'neutral',
  transparent: 'neutral',
};

const hex = (part: number): string =>
  Math.min(255, Math.max(0, Math.round(part)))
    .toString(16)
    .padStart(2, '0');

/** A colour as Grafana writes it: a name, `#rgb`, `#rrggbb`, `rgb(…)`. Null when it is none of these. */
function readColor(text: string): DashboardColor | null {
  const trimmed = text.trim().toLowerCase();
  const family = FAMILIES[/^(?:super-light-|semi-dark-|light-|dark-)?([a-z]+)$/.exec(trimmed)?.[1] ?? ''];
  if (family !== undefined) return family;
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/.exec(trimmed);
  if (short !== null) return `#${short[1]}${short[1]}${short[2]}${short[2]}${short[3]}${short[3]}`;
  const long = /^#([0-9a-f]{6})(?:[0-9a-f]{2})?$/.exec(trimmed);
  if (long !== null) return `#${long[1]}`;
  const rgb = /^rgba?\(\s*([\d.]+)\s*,\s*([\d.]+)\s*,\s*([\d.]+)/.exec(trimmed);
  return rgb === null ? null : `#${hex(Number(rgb[1]))}${hex(Number(rgb[2]))}${hex(Number(rgb[3]))}`;
}

/** The colour of a member; one that cannot be read is grey, and that is said. */
export function colorAt(node: Node, key: string): DashboardColor | null {
  const text = node.text(key, 100);
  if (text === '') return null;
  const color = readColor(text);
  if (color === null)
    node.changed(key, {
      zh: `颜色“${text}”无法识别，改用中性色`,
      en: `the colour "${text}" is not known; grey is used`,
    });
  return color ?? 'neutral';
}
