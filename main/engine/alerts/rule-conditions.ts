import { createHash } from 'node:crypto';
import type { ActiveRuleAlert, LiveGroup } from '#shared/contract/rules.ts';
import type { Problem } from '#shared/contract/site.ts';
import { labelsFromRecord } from '#shared/domain/labels.ts';
import type { Bilingual } from '#shared/errors/index.ts';

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

/** A firing alert as a problem: its own texts are the sentence and the next step, in whatever language they are. */
export function ruleProblem({ file, group, alert }: FiringAlert): Omit<Problem, 'until'> {
  const { labels, annotations, activeAt, value } = alert;
  const { alertname = '', ...others } = labels;
  const where = Object.entries(others)
    .filter(([name]) => name !== 'severity')
    .map(([name, text]) => `${name}=${text}`)
    .join(', ');
  const plain = where === '' ? alertname : `${alertname} (${where})`;
  const [sentence = plain, ...more] = [
    annotations.summary,
    annotations.description,
    annotations.message,
  ].filter((text) => text !== undefined && text !== '');
  const guide = more[0] ?? annotations.runbook_url ?? '';
  return {
    id: `rule:${identityOf(file, group, labels)}`,
    condition: alertname,
    severity: SEVERITIES[labels.severity?.toLowerCase() ?? ''] ?? 'warning',
    since: activeAt,
    sentence: both(sentence),
    next:
      guide === ''
        ? {
            zh: `查看规则组“${group}”中的规则 ${alertname}。`,
            en: `See rule ${alertname} of group "${group}".`,
          }
        : both(guide),
    link: '/alerts',
    alert: { file, group, labels: { ...labels }, annotations: { ...annotations }, activeAt, value },
  };
}

const both = (text: string): Bilingual => ({ zh: text, en: text });

/** The same as long as it is the same alert. */
function identityOf(file: string, group: string, labels: Readonly<Record<string, string>>): string {
  const parts = [file, group, ...labelsFromRecord(labels)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}
