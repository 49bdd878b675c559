import type { Maintenance, Silence } from '#shared/contract/notify-silences.ts';
import { alertLinks } from '#shared/domain/alert-links.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import { findDeaths, isDeath, NO_DEATHS } from './host-death.ts';
import { type LabelSet, type LabelTest, labelsBy } from './matchers.ts';
import type { AlertState, Cause } from './model.ts';
import type { Inhibition, Routing } from './routing.ts';
import { causeText } from './trace-text.ts';
import type { windowClock } from './windows.ts';

/** A silence made ready. */
export type CompiledSilence = Pick<Silence, 'id' | 'startsAt' | 'endsAt' | 'by' | 'comment'> & {
  readonly test: LabelTest;
};

/** A maintenance made ready; those that are switched off are left out. */
export type CompiledMaintenance = Pick<Maintenance, 'id' | 'name' | 'comment'> & {
  readonly test: LabelTest;
  readonly windows: ReturnType<typeof windowClock>;
};

/** Who is behind whom; the inventory knows. Hosts are named as in the labels `host` or `instance`. */
export type Dependencies = {
  /** Names of the dead things because of which a host cannot be reached, root causes only; none: it is not cut off. */
  readonly causesOf: (host: string) => readonly string[];
  /** Whether the host is reached through anything at all. */
  readonly isBehind: (host: string) => boolean;
  /** Whether nobody has asked the host since the console began to watch, so that what cuts it off is not known anew yet. */
  readonly isUnseen: (host: string) => boolean;
  /**
   * How long, milliseconds, the log source may be quiet whose silence an alert with this id tells of; 0 when that is nothing to tell of
   * any more, null while nobody has looked at the logs since the start.
   */
  readonly silenceMs: (id: string) => number | null;
};

/** The host that an alert is about, as its labels name it; '' when they do not. Rules name the instance that they scraped. */
export function hostOf(labels: LabelSet): string {
  return labels.host || labels.instance || '';
}

/** No host is behind another one. */
export const NO_DEPENDENCIES: Dependencies = {
  causesOf: () => [],
  isBehind: () => false,
  isUnseen: () => false,
  silenceMs: () => 0,
};

/** What alerts can be suppressed by at one moment. */
export type Suppressors = {
  readonly now: number;
  readonly silences: readonly CompiledSilence[];
  readonly maintenances: readonly CompiledMaintenance[];
  /** Its settings say whether dead things explain alerts. */
  readonly routing: Routing;
  readonly dependencies: Dependencies;
  /** Every open alert. */
  readonly open: readonly AlertState[];
};

/** Finds why an alert with these labels is not told of now; none: it is. */
export type FindCauses = (id: string, labels: LabelSet) => readonly Cause[];

/** Looks at all open alerts once, so that each of many alerts is decided quickly. */
export function createCauseFinder(suppressors: Suppressors): FindCauses {
  const { now, open, routing } = suppressors;
  const inhibitors = routing.inhibitions.map((rule) => inhibitorOf(rule, open));
  const causeAlert = causeAlerts(open);
  const { enabled } = routing.config.settings.dependencies;
  const dependencies = enabled ? suppressors.dependencies : NO_DEPENDENCIES;
  const silences = suppressors.silences.filter(({ startsAt, endsAt }) => startsAt <= now && now < endsAt);
  const maintenances = suppressors.maintenances.flatMap((maintenance) => {
    const window = maintenance.windows(now).now;
    return window === null ? [] : [{ ...maintenance, until: window.to }];
  });
  const isHidden: LabelTest = (labels) =>
    silences.some(({ test }) => test(labels)) || maintenances.some(({ test }) => test(labels));
  const inhibitorOfAlert = ({ id, problem: { labels } }: AlertState): AlertState | null =>
    inhibitors.map((inhibitedBy) => inhibitedBy(id, labels)).find((source) => source !== null) ?? null;
  /** Whoever is not told of a death may be told of what inhibits it, unless that waits for this death in turn. */
  const tellerOf = (death: AlertState): AlertState | null => {
    if (isHidden(death.problem.labels)) return null;
    const source = inhibitorOfAlert(death);
    if (source === null) return death;
    const { labels } = source.problem;
    const isTold = !isHidden(labels) && labels.host !== death.problem.labels.host;
    return isTold && inhibitorOfAlert(source) === null ? source : null;
  };
  const deathOf = enabled ? findDeaths(open, routing, tellerOf, now) : NO_DEATHS;
  return (id, labels) => {
    const causes: Cause[] = [];
    for (const { id: ref, name, test, until } of maintenances)
      if (test(labels))
        causes.push({
          kind: 'maintenance',
          ref,
          text: causeText.maintenance(name, until),
          link: alertLinks.maintenance(ref),
          until,
        });
    for (const silence of silences)
      if (silence.test(labels))
        causes.push({
          kind: 'silence',
          ref: silence.id,
          text: causeText.silence(silence),
          link: alertLinks.silence(silence.id),
          until: silence.endsAt,
        });
    for (const inhibitedBy of inhibitors) {
      const source = inhibitedBy(id, labels);
      if (source !== null)
        causes.push(byAlert('inhibition', source, causeText.inhibition(source.problem.sentence)));
    }
    const death = deathOf(id, labels);
    if (death !== undefined)
      causes.push(byAlert('dependency', death, causeText.hostDead(death.problem.sentence)));
    const host = hostOf(labels);
    for (const name of host === '' ? [] : dependencies.causesOf(host)) {
      const cause = causeAlert(name);
      // A cause that nobody is told of must not hide what it causes.
      if (name !== host && cause !== undefined && cause.id !== id)
        causes.push(byAlert('dependency', cause, causeText.dependency(name, cause.problem.sentence)));
    }
    return causes;
  };
}

function byAlert(kind: 'inhibition' | 'dependency', { id }: AlertState, text: Bilingual): Cause {
  return { kind, ref: id, text, link: alertLinks.alert(id), until: null };
}

/**
 * The alert that inhibits another one by a rule, or null. As in Alertmanager, an alert that is source and target of a rule is
 * not inhibited by others that are both, so that none inhibits itself.
 */
function inhibitorOf(
  { source, target, equal }: Inhibition,
  open: readonly AlertState[],
): (id: string, labels: LabelSet) => AlertState | null {
  const sources = new Map<string, { readonly alert: AlertState; readonly isTarget: boolean }[]>();
  for (const alert of open) {
    if (!source(alert.problem.labels)) continue;
    const key = labelsBy(alert.problem.labels, equal);
    const same = sources.get(key);
    const entry = { alert, isTarget: target(alert.problem.labels) };
    if (same === undefined) sources.set(key, [entry]);
    else same.push(entry);
  }
  return (id, labels) => {
    if (sources.size === 0 || !target(labels)) return null;
    const isSource = source(labels);
    const found = sources
      .get(labelsBy(labels, equal))
      ?.find(({ alert, isTarget }) => alert.id !== id && !(isSource && isTarget));
    return found?.alert ?? null;
  };
}

const RANK = { critical: 0, warning: 1, info: 2 } as const;

/** The alert that says that a thing is dead; else the worst of those about it, the oldest of equal ones. */
function causeAlerts(open: readonly AlertState[]): (name: string) => AlertState | undefined {
  const worst = new Map<string, AlertState>();
  for (const alert of open) {
    const { labels, severity } = alert.problem;
    for (const name of new Set([labels.host, labels.component])) {
      if (name === undefined || name === '') continue;
      const known = worst.get(name);
      if (known !== undefined && isDeath(known) !== isDeath(alert)) {
        if (isDeath(alert)) worst.set(name, alert);
      } else if (
        known === undefined ||
        RANK[severity] < RANK[known.problem.severity] ||
        (severity === known.problem.severity && alert.since < known.since)
      )
        worst.set(name, alert);
    }
  }
  return (name) => worst.get(name);
}
