import { type Labels, labelsFromPairs, labelsFromRecord, labelsWith } from '#shared/domain/labels.ts';

/** A sample's labels as exposed, with empty values kept. */
export type ExposedPairs = readonly (readonly [string, string])[];

/** Puts a target's labels on its samples; made once a target. */
export type TargetLabeller = {
  /** The labels that an exposed sample is stored under. */
  readonly sample: (exposed: ExposedPairs) => Labels;
  /** The labels of a series about the scrape itself, such as `up`. */
  readonly report: (name: string) => Labels;
};

/**
 * Merges target labels into exposed ones as Prometheus does.
 *
 * With `honorLabels` an exposed label wins, and an exposed empty one takes the target's away. Without it the target's
 * wins, and the exposed one is kept as `exported_NAME`, with as many prefixes as it takes to be free.
 */
export function targetLabeller(
  target: Readonly<Record<string, string>>,
  honorLabels: boolean,
): TargetLabeller {
  const own = Object.entries(target).filter(([, value]) => value !== '');
  const ownNames = new Set(own.map(([name]) => name));
  const report = labelsFromRecord(target);
  return {
    report: (name) => labelsWith(report, '__name__', name),
    sample: (exposed) => {
      if (honorLabels) {
        const names = new Set(exposed.map(([name]) => name));
        return labelsFromPairs([...exposed, ...own.filter(([name]) => !names.has(name))]);
      }
      const conflicts = exposed.filter(([name, value]) => value !== '' && ownNames.has(name));
      if (conflicts.length === 0)
        return labelsFromPairs([...exposed.filter(([name]) => !ownNames.has(name)), ...own]);
      return labelsFromPairs([
        ...exposed.filter(([name]) => !ownNames.has(name)),
        ...renamed(conflicts, exposed, ownNames),
        ...own,
      ]);
    },
  };
}

function renamed(
  conflicts: ExposedPairs,
  exposed: ExposedPairs,
  ownNames: ReadonlySet<string>,
): [string, string][] {
  const taken = new Set([...ownNames, ...exposed.map(([name]) => name)]);
  const shortestFirst = [...conflicts].sort(([a], [b]) => a.length - b.length);
  return shortestFirst.map(([name, value]) => {
    let free = name;
    do free = `exported_${free}`;
    while (taken.has(free));
    taken.add(free);
    return [free, value];
  });
}
