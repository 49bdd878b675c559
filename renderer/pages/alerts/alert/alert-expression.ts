import type { LiveGroup } from '#shared/contract/rules.ts';
import type { Problem } from '#shared/contract/site.ts';
import { type Threshold, thresholdOf } from './threshold.ts';

/** What is drawn of an alert: the values that were judged, and where they became too much. */
export type AlertExpression = {
  readonly expr: string;
  /** As it stands in the rule. */
  readonly full: string;
  readonly operator: Threshold['operator'] | null;
  readonly bound: number | null;
  /** Labels that tell its series from others of the same expression. */
  readonly labels: Readonly<Record<string, string>>;
};

/** The expression that an alert comes from; null where there is none, or its rule is gone. */
export function expressionOf(problem: Problem, groups: readonly LiveGroup[]): AlertExpression | null {
  const { alert } = problem;
  if (alert === undefined) return builtIn(problem);
  const rule = groups
    .find(({ file, name }) => file === alert.file && name === alert.group)
    ?.rules.find(({ kind, name }) => kind === 'alerting' && name === alert.labels.alertname);
  if (rule === undefined) return null;
  const threshold = thresholdOf(rule.expr);
  return {
    expr: threshold?.expr ?? rule.expr,
    full: rule.expr,
    operator: threshold?.operator ?? null,
    bound: threshold?.bound ?? null,
    labels: alert.labels,
  };
}

/** Conditions of the console itself that look at series which are stored. */
function builtIn({ condition, labels }: Problem): AlertExpression | null {
  const { instance, mountpoint } = labels;
  if (instance === undefined) return null;
  const its = `instance=${JSON.stringify(instance)}`;
  if (/^(host_down|host_unreachable|target_down)$/.test(condition)) {
    return { expr: `up{${its}}`, full: `up{${its}} == 0`, operator: '==', bound: 0, labels: {} };
  }
  if (condition === 'disk_full' && mountpoint !== undefined) {
    const where = `{${its},mountpoint=${JSON.stringify(mountpoint)}}`;
    const expr = `100 * (1 - node_filesystem_avail_bytes${where} / node_filesystem_size_bytes${where})`;
    return { expr, full: `${expr} > 90`, operator: '>', bound: 90, labels: {} };
  }
  return null;
}

const LEAST_MS = 30 * 60_000;
const MOST_MS = 24 * 3_600_000;

/** The time that is drawn around an alert: some of before, all of it if it was not too long, some of after. */
export function spanAround(
  since: number,
  until: number | null,
  now: number,
): { readonly start: number; readonly end: number } {
  const end = until ?? now;
  const margin = Math.min(MOST_MS, Math.max(LEAST_MS, (end - since) / 2));
  return { start: Math.round(since - margin), end: Math.round(Math.min(now, end + margin)) };
}
