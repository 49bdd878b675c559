import {
  type Labels,
  labelsKey,
  labelsWithout,
  labelValue,
  METRIC_NAME,
  NO_LABELS,
} from '#shared/domain/labels.ts';

/**
 * The labels that decide which series belong together: those named, or all but those named and the metric's name.
 */
export function pickLabels(labels: Labels, named: readonly string[], on: boolean): Labels {
  if (!on) return labelsWithout(labels, (name) => name === METRIC_NAME || named.includes(name));
  if (named.length === 0) return NO_LABELS;
  return labelsWithout(labels, (name) => !named.includes(name));
}

/** A key of {@link pickLabels} for maps. */
export function pickKey(labels: Labels, named: readonly string[], on: boolean): string {
  // The usual on(instance) is worth a shortcut.
  if (on && named.length === 1) return labelValue(labels, named[0] ?? '');
  return labelsKey(pickLabels(labels, named, on));
}
