/**
 * The labels of a series: `[name, value, name, value, …]`, sorted by name, each name once, no empty value.
 *
 * A flat array costs one allocation a series, where a Map or an object costs several.
 */
export type Labels = readonly string[];

/** The label that holds the metric's name. */
export const METRIC_NAME = '__name__';

/** No labels at all. */
export const NO_LABELS: Labels = [];

/** Sorts pairs by name and drops empty values. Names must be distinct. */
export function labelsFromPairs(pairs: readonly (readonly [string, string])[]): Labels {
  const kept = pairs.filter(([, value]) => value !== '');
  kept.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const flat: string[] = [];
  for (const [name, value] of kept) flat.push(name, value);
  return flat;
}

/** The labels of a plain record. */
export function labelsFromRecord(record: Readonly<Record<string, string>>): Labels {
  return labelsFromPairs(Object.entries(record));
}

/** A plain record of the labels, for the contract. */
export function labelsToRecord(labels: Labels): Record<string, string> {
  const pairs: [string, string][] = [];
  for (let i = 0; i < labels.length; i += 2) pairs.push([labels[i] ?? '', labels[i + 1] ?? '']);
  // fromEntries defines own properties, so that a label called __proto__ is only a label.
  return Object.fromEntries(pairs);
}

/** The value of one label, or '' when it is absent; to PromQL the two are the same. */
export function labelValue(labels: Labels, name: string): string {
  for (let i = 0; i < labels.length; i += 2) if (labels[i] === name) return labels[i + 1] ?? '';
  return '';
}

/** The labels without those for which `drop` says true. */
export function labelsWithout(labels: Labels, drop: (name: string) => boolean): Labels {
  const kept: string[] = [];
  for (let i = 0; i < labels.length; i += 2) {
    const name = labels[i] ?? '';
    if (!drop(name)) kept.push(name, labels[i + 1] ?? '');
  }
  return kept.length === labels.length ? labels : kept;
}

/** The labels without the metric's name. */
export function labelsWithoutName(labels: Labels): Labels {
  return labelsWithout(labels, (name) => name === METRIC_NAME);
}

/** The labels with one set to a value; an empty value takes the label away. */
export function labelsWith(labels: Labels, name: string, value: string): Labels {
  const changed: string[] = [];
  let placed = value === '';
  for (let i = 0; i < labels.length; i += 2) {
    const here = labels[i] ?? '';
    if (!placed && here >= name) {
      changed.push(name, value);
      placed = true;
    }
    if (here !== name) changed.push(here, labels[i + 1] ?? '');
  }
  if (!placed) changed.push(name, value);
  return changed;
}

const PLAIN_SEPARATOR = '\u00ff';
/** A lone surrogate cannot come out of decoded UTF-8, so no value contains it. */
const RARE_SEPARATOR = '\ud800';

/**
 * A string that two label sets share exactly when they are equal; for maps.
 *
 * The separator is a one-byte character, which keeps the string compact, unless a value contains that character.
 */
export function labelsKey(labels: Labels): string {
  for (let i = 1; i < labels.length; i += 2)
    if (labels[i]?.includes(PLAIN_SEPARATOR)) return labels.join(RARE_SEPARATOR);
  return labels.join(PLAIN_SEPARATOR);
}

/** Orders label sets as Prometheus does: name by name, value by value, the shorter first. */
export function compareLabels(a: Labels, b: Labels): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a[i] ?? '';
    const y = b[i] ?? '';
    if (x !== y) return compareTexts(x, y);
  }
  return a.length - b.length;
}

/**
 * Orders two different texts as their UTF-8 does. JavaScript's own order is that of UTF-16, in which the characters
 * from U+10000 on come before U+E000 to U+FFFF.
 */
function compareTexts(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const xIsHalf = x >= 0xd800 && x < 0xe000;
    const yIsHalf = y >= 0xd800 && y < 0xe000;
    if (xIsHalf === yIsHalf) return x - y;
    return xIsHalf ? (y >= 0xe000 ? 1 : x - y) : x >= 0xe000 ? -1 : x - y;
  }
  return a.length - b.length;
}
