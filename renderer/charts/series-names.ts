import type { LabelSet } from '#shared/contract/metrics.ts';

/** A series as PromQL writes it: `name{a="1", b="2"}`. */
export function fullName(labels: LabelSet): string {
  const { __name__: name = '', ...rest } = labels;
  const pairs = Object.entries(rest)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.length === 0 && name !== '' ? name : `${name}{${pairs.join(', ')}}`;
}

/**
 * Short names that tell the series of one chart apart: only the labels in which they differ. A single series is
 * named by `alone`, or in full.
 */
export function shortNames(sets: readonly LabelSet[], alone: string): readonly string[] {
  if (sets.length <= 1) return sets.map((labels) => alone || fullName(labels));
  const names = new Set(sets.flatMap((labels) => Object.keys(labels)));
  const differing = [...names].filter((name) => new Set(sets.map((labels) => labels[name])).size > 1).sort();
  return sets.map((labels) => {
    const parts = differing.flatMap((name) => {
      const value = labels[name];
      if (value === undefined || value === '') return [];
      return [name === '__name__' ? value : `${name}=${value}`];
    });
    return parts.length === 0 ? fullName(labels) : parts.join(' ');
  });
}
