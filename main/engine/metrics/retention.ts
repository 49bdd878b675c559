import type { MetricsSettings } from '#shared/contract/metrics-settings.ts';
import { type Labels, labelValue } from '#shared/domain/labels.ts';
import { compileMatcher } from './matchers.ts';
import { IMPORTED_EPOCH } from './partition-schema.ts';
import type { RollupRetention } from './rollup/plan.ts';
import type { ClassOf } from './seal.ts';

const DAY_MS = 86_400_000;

/** A partition as retention sees it. */
export type Retained = {
  readonly start: number;
  /** Excluded. */
  readonly end: number;
  readonly epoch: number;
  readonly bytes: number;
  readonly retentionClass: string;
};

/** A partition that goes, and why, for the log. */
export type Removal<P> = { readonly partition: P; readonly reason: string };

/** How long partitions are kept. */
export type RetentionLimits = {
  /** Milliseconds that the partitions of a retention class are kept; '' is the ordinary class. */
  readonly keepMs: (retentionClass: string) => number;
  /** Most bytes of the store, or null. */
  readonly maxBytes: number | null;
  /** Bytes of the store that are not in these partitions: the head, the roll-ups. */
  readonly otherBytes: number;
};

/** The limits that the settings ask for. A class that is no longer in them is kept as the ordinary one. */
export function retentionLimits(settings: MetricsSettings, otherBytes: number): RetentionLimits {
  const days = new Map(settings.classes.map((one) => [one.name, one.days]));
  return {
    keepMs: (retentionClass) => (days.get(retentionClass) ?? settings.days) * DAY_MS,
    maxBytes: settings.maxBytes,
    otherBytes,
  };
}

/** How long the settings keep roll-ups. */
export function rollupRetention({ rollupDays }: MetricsSettings): RollupRetention {
  return { fine: rollupDays.fiveMinutes * DAY_MS, hours: rollupDays.hours * DAY_MS };
}

/**
 * Which partitions go.
 *
 * By age: those of a class behind newer ones of that class which together cover its time. Ages are not compared with the
 * clock: a clock that jumps ahead deletes nothing, and a console that was off for months keeps its history until as much new
 * history has been gathered. What was imported has no age here: whoever imports the samples of last year wants to see them.
 *
 * By size: those that end first, of any class, until the rest fits. The newest of all stays.
 */
export function planRetention<P extends Retained>(
  partitions: readonly P[],
  limits: RetentionLimits,
): readonly Removal<P>[] {
  const newestFirst = [...partitions].sort((a, b) => b.end - a.end || b.start - a.start);
  const covered = new Map<string, { span: number; edge: number }>();
  const removals: Removal<P>[] = [];
  const kept: P[] = [];
  for (const partition of newestFirst) {
    const { retentionClass, start, end } = partition;
    const keepMs = limits.keepMs(retentionClass);
    const so = covered.get(retentionClass) ?? { span: 0, edge: Number.POSITIVE_INFINITY };
    if (partition.epoch === IMPORTED_EPOCH) kept.push(partition);
    else if (so.span >= keepMs)
      removals.push({
        partition,
        reason: `newer partitions${retentionClass === '' ? '' : ` of the class ${retentionClass}`} cover the ${
          keepMs / DAY_MS
        } days that are kept`,
      });
    else {
      kept.push(partition);
      // Files may overlap; no time is counted twice.
      so.span += Math.max(0, Math.min(end, so.edge) - start);
      so.edge = Math.min(so.edge, start);
      covered.set(retentionClass, so);
    }
  }
  if (limits.maxBytes === null) return removals;
  let total = limits.otherBytes + kept.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const partition of kept.toReversed().slice(0, -1)) {
    if (total <= limits.maxBytes) break;
    total -= partition.bytes;
    removals.push({ partition, reason: `the metrics take more than the ${limits.maxBytes} bytes they may` });
  }
  return removals;
}

/**
 * Says to which retention class a series belongs: the first whose matchers it satisfies all.
 *
 * @throws RE2's syntax error when a matcher is not valid; the settings were checked when they were set
 */
export function classifier(settings: MetricsSettings): ClassOf {
  const classes = settings.classes.map(({ name, matchers }) => ({
    name,
    matchers: matchers.map(({ label, op, value }) => compileMatcher({ name: label, op, value })),
  }));
  if (classes.length === 0) return () => '';
  return (labels: Labels) =>
    classes.find(({ matchers }) => matchers.every(({ name, test }) => test(labelValue(labels, name))))
      ?.name ?? '';
}
