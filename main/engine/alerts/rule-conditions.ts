import { createHash } from 'node:crypto';
import type { ActiveRuleAlert, LiveGroup } from '#shared/contract/rules.ts';
import type { Problem } from '#shared/contract/site.ts';
import { labelsFromRecord } from '#shared/domain/labels.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import { type HostOfInstance, withHostName } from './host-names.ts';

/** An alert of a rule that fires, and where the rule stands. */
export type FiringAlert = {
  readonly file: string;
  readonly group: string;
  readonly alert: ActiveRuleAlert;
};

/** The alerts of all groups that fire. */
export function firingAlerts(groups: readonly LiveGroup[]): readonly FiringAlert[] {
  return groups.flatMap(({ file, name, rules }) =>
    rules.flatMap((rule) =>
      rule.alerts.filter(({ state }) => state === 'firing').map((alert) => ({ file, group: name, alert })),
    ),
  );
}

/** What sites call their severities; whatever else is written there is a warning. */
const SEVERITIES: Readonly<Record<string, Problem['severity']>> = {
  critical: 'critical',
  page: 'critical',
  emergency: 'critical',
  fatal: 'critical',
  info: 'info',
  information: 'info',
  none: 'info',
};

/** The language of an annotation is the end of its name, as in `summary_zh`; one without is for both. */
const TEXTS = ['summary', 'description', 'message'] as const;

/**
 * A firing alert as a problem: its own texts are the sentence and the next step, in the languages they are in. Rules know a host by
 * the address that was scraped; people know it by its name, so the sentence and the label `host` get that.
 */
export function ruleProblem(
  { file, group, alert }: FiringAlert,
  hostOf: HostOfInstance,
): Omit<Problem, 'until'> {
  const { labels, annotations, activeAt, value } = alert;
  const { alertname = '', ...others } = labels;
  const severity = SEVERITIES[labels.severity?.toLowerCase() ?? ''] ?? 'warning';
  const { instance = '' } = labels;
  const name = labels.host || (instance === '' ? '' : (hostOf(instance)?.name ?? ''));
  const where = Object.entries(others)
    // The host, with its address, begins the sentence.
    .filter(([label]) => label !== 'severity' && (name === '' || (label !== 'instance' && label !== 'host')))
    .map(([label, text]) => `${label}=${text}`)
    .join(', ');
  const plain = where === '' ? alertname : `${alertname} (${where})`;
  const [zh, en] = [textsIn(annotations, 'zh'), textsIn(annotations, 'en')];
  const sentence = { zh: zh[0] ?? plain, en: en[0] ?? plain };
  return {
    id: `rule:${identityOf(file, group, labels)}`,
    condition: alertname,
    severity,
    // An alert without a severity can be routed by the one that it is shown with, and one without a host by its host.
    labels: { severity, ...(name === '' ? {} : { host: name }), ...labels },
    since: activeAt,
    sentence: name === '' ? sentence : withHostName(sentence, name, instance || name),
    next: {
      zh: zh[1] ?? `查看规则组“${group}”中的规则 ${alertname}。`,
      en: en[1] ?? `See rule ${alertname} of group "${group}".`,
    },
    link: '/alerts',
    alert: { file, group, labels: { ...labels }, annotations: { ...annotations }, activeAt, value },
  };
}

/** The sentence and the guide that an alert gives to readers of one language. */
function textsIn(
  annotations: Readonly<Record<string, string>>,
  language: keyof Bilingual,
): readonly (string | undefined)[] {
  const given = (text: string | undefined): text is string => text !== undefined && text !== '';
  const [sentence, ...more] = TEXTS.flatMap(
    (name) => [annotations[`${name}_${language}`], annotations[name]].find(given) ?? [],
  );
  return [sentence, [...more, annotations.runbook_url].find(given)];
}

/** The same as long as it is the same alert. */
function identityOf(file: string, group: string, labels: Readonly<Record<string, string>>): string {
  const parts = [file, group, ...labelsFromRecord(labels)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}
