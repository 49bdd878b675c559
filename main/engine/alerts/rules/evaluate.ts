import {
  type Labels,
  labelsFromRecord,
  labelsKey,
  labelsToRecord,
  labelsWith,
  labelsWithoutName,
  METRIC_NAME,
} from '#shared/domain/labels.ts';
import { expandRuleTemplate, type RuleTemplate, type TemplateSample } from '../template/expand.ts';
import {
  type ActiveAlert,
  type AlertCandidate,
  type AlertStates,
  activeOf,
  nextStates,
} from './alert-state.ts';
import type { AlertingRule, RecordingRule, Rule } from './model.ts';

/** An element of an instant vector. */
export type VectorElement = { readonly labels: Labels; readonly value: number };

/** What evaluating rules needs from its surroundings. */
export type RuleQueries = {
  /** An instant query; a scalar is one element without labels. Rejects with {@link RuleFault}. */
  readonly query: (expr: string, at: number) => Promise<readonly VectorElement[]>;
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly externalUrl: string;
};

/** A rule that could not be evaluated, with the sentence that says why. */
export class RuleFault extends Error {}

/** What an alerting rule did not find. */
export type Blind = {
  /** Why it failed; null when it did not. */
  readonly fault: string | null;
  /** Elements that its expression gave. */
  readonly found: number;
  /** Alerts that are active, and whose elements are not there. */
  readonly vanished: readonly ActiveAlert[];
};

/** What is put in the place of what was not found. */
export type Supplement = {
  /** What an alert goes on as whose element is not there; null lets it end as always. */
  readonly held: (alert: ActiveAlert) => ActiveAlert | null;
  /** Elements besides those of the expression. */
  readonly added: readonly VectorElement[];
};

/** Asked when a rule failed, found nothing, or misses an alert's element. Null: it is as in Prometheus. */
export type OnBlind = (blind: Blind) => Supplement | null;

/** What one evaluation of a rule gave. */
export type RuleOutcome =
  | {
      readonly ok: true;
      readonly series: readonly VectorElement[];
      readonly alerts: AlertStates;
      /** Why the expression failed, where the rule goes on all the same. */
      readonly why: string | null;
    }
  | { readonly ok: false; readonly why: string; readonly alerts: AlertStates };

/**
 * Evaluates a rule at a time.
 *
 * @param alerts the rule's alerts so far; empty for a recording rule
 * @returns the series that it gives, and its alerts afterwards
 */
export async function evaluateRule(
  rule: Rule,
  alerts: AlertStates,
  limit: number,
  at: number,
  queries: RuleQueries,
  onBlind: OnBlind = asPrometheus,
): Promise<RuleOutcome> {
  try {
    return rule.kind === 'recording'
      ? { ok: true, series: await record(rule, limit, at, queries), alerts, why: null }
      : await alert(rule, alerts, limit, at, queries, onBlind);
  } catch (thrown) {
    if (thrown instanceof RuleFault) return { ok: false, why: thrown.message, alerts };
    throw thrown;
  }
}

async function record(
  { name, expr, labels }: RecordingRule,
  limit: number,
  at: number,
  { query }: RuleQueries,
): Promise<readonly VectorElement[]> {
  const series = (await query(expr, at)).map((element) => {
    let named = labelsWith(element.labels, METRIC_NAME, name);
    for (const [label, value] of labels) named = labelsWith(named, label, value);
    return { labels: named, value: element.value };
  });
  if (new Set(series.map((element) => labelsKey(element.labels))).size < series.length)
    throw new RuleFault('vector contains metrics with the same labelset after applying rule labels');
  if (limit > 0 && series.length > limit)
    throw new RuleFault(`exceeded limit of ${limit} with ${series.length} series`);
  return series;
}

const asPrometheus: OnBlind = () => null;

async function alert(
  rule: AlertingRule,
  alerts: AlertStates,
  limit: number,
  at: number,
  queries: RuleQueries,
  onBlind: OnBlind,
): Promise<RuleOutcome> {
  let candidates: Map<string, AlertCandidate> = new Map();
  let fault: RuleFault | null = null;
  try {
    candidates = await candidatesOf(rule, await queries.query(rule.expr, at), at, queries);
  } catch (thrown) {
    if (!(thrown instanceof RuleFault)) throw thrown;
    fault = thrown;
  }
  const found = candidates.size;
  const vanished = found === 0 || alerts.size > 0 ? missingOf(alerts, candidates) : [];
  const supplement =
    fault !== null || found === 0 || vanished.length > 0
      ? onBlind({ fault: fault?.message ?? null, found, vanished })
      : null;
  if (fault !== null && supplement === null) throw fault;
  for (const element of supplement?.added ?? []) {
    const candidate = await expand(rule, element, at, queries);
    candidates.set(labelsKey(candidate.labels), candidate);
  }
  const next = new Map(nextStates(alerts, candidates, rule, at));
  for (const each of vanished) {
    const held = supplement?.held(each) ?? null;
    const key = labelsKey(each.labels);
    if (held !== null && !candidates.has(key)) next.set(key, held);
  }
  const active = activeOf(next);
  if (limit > 0 && active.length > limit)
    // Prometheus forgets all alerts of the rule then, and so the series end.
    return { ok: false, why: `exceeded limit of ${limit} with ${active.length} alerts`, alerts: new Map() };
  const series = active.flatMap((each) => alertSeries(rule.name, each));
  return { ok: true, series, alerts: next, why: fault?.message ?? null };
}

/** The elements of a result as the alerts that they are. */
async function candidatesOf(
  rule: AlertingRule,
  elements: readonly VectorElement[],
  at: number,
  queries: RuleQueries,
): Promise<Map<string, AlertCandidate>> {
  const candidates = new Map<string, AlertCandidate>();
  for (const element of elements) {
    const candidate = await expand(rule, element, at, queries);
    const key = labelsKey(candidate.labels);
    if (candidates.has(key))
      throw new RuleFault('vector contains metrics with the same labelset after applying alert labels');
    candidates.set(key, candidate);
  }
  return candidates;
}

/** Alerts that are pending or firing and are not among the candidates. */
function missingOf(alerts: AlertStates, candidates: ReadonlyMap<string, unknown>): readonly ActiveAlert[] {
  return [...alerts]
    .filter(([key, { phase }]) => phase !== 'inactive' && !candidates.has(key))
    .map(([, each]) => each);
}

/** Labels and annotations of an element with its templates filled. */
async function expand(
  rule: AlertingRule,
  { labels, value }: VectorElement,
  at: number,
  { query, externalLabels, externalUrl }: RuleQueries,
): Promise<AlertCandidate> {
  const data = { labels: labelsToRecord(labels), externalLabels, externalUrl, value };
  const ask = async (expr: string): Promise<readonly TemplateSample[]> =>
    (await query(expr, at)).map((element) => ({
      labels: labelsToRecord(element.labels),
      value: element.value,
    }));
  const fill = (template: RuleTemplate): Promise<string> => expandRuleTemplate(template, data, ask);
  let own = labelsWithoutName(labels);
  for (const [name, template] of rule.labels) own = labelsWith(own, name, await fill(template));
  const annotations: [string, string][] = [];
  for (const [name, template] of rule.annotations) annotations.push([name, await fill(template)]);
  return {
    labels: labelsWith(own, 'alertname', rule.name),
    annotations: Object.fromEntries(annotations),
    value,
  };
}

/** The two series that tell of an alert. */
function alertSeries(name: string, { labels, phase, activeAt }: ActiveAlert): readonly VectorElement[] {
  const record = labelsToRecord(labels);
  return [
    {
      labels: labelsFromRecord({ ...record, [METRIC_NAME]: 'ALERTS', alertname: name, alertstate: phase }),
      value: 1,
    },
    {
      labels: labelsFromRecord({ ...record, [METRIC_NAME]: 'ALERTS_FOR_STATE', alertname: name }),
      value: Math.floor(activeAt / 1000),
    },
  ];
}
