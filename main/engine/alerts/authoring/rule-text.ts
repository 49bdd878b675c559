import { formatDuration } from '#shared/units/duration.ts';

/** A rule that is to be written into a file. */
export type DraftRule =
  | {
      readonly kind: 'recording';
      readonly name: string;
      readonly expr: string;
      readonly labels: readonly (readonly [string, string])[];
    }
  | {
      readonly kind: 'alerting';
      readonly name: string;
      readonly expr: string;
      readonly forMs: number;
      readonly keepFiringForMs: number;
      readonly labels: readonly (readonly [string, string])[];
      readonly annotations: readonly (readonly [string, string])[];
    };

/** A group that is to be written into a file. */
export type DraftGroup = {
  readonly name: string;
  /** Null: the interval of the site. */
  readonly intervalMs: number | null;
  readonly rules: readonly DraftRule[];
};

/** The text of a rule file. The same groups always give the same text. */
export function ruleFileText(groups: readonly DraftGroup[]): string {
  return `groups:\n${groups.map(groupText).join('')}`;
}

function groupText({ name, intervalMs, rules }: DraftGroup): string {
  const interval = intervalMs === null ? '' : `    interval: ${formatDuration(intervalMs)}\n`;
  return `  - name: ${scalar(name)}\n${interval}    rules:\n${rules.map(ruleText).join('')}`;
}

/** A rule as an item of a group's list. */
export function ruleText(rule: DraftRule): string {
  const lines = [
    `      - ${rule.kind === 'recording' ? 'record' : 'alert'}: ${scalar(rule.name)}`,
    // A block takes any expression as it is, with quotes, braces and colons.
    '        expr: |-',
    ...rule.expr.split('\n').map((line) => `          ${line}`),
  ];
  if (rule.kind === 'alerting') {
    if (rule.forMs > 0) lines.push(`        for: ${formatDuration(rule.forMs)}`);
    if (rule.keepFiringForMs > 0)
      lines.push(`        keep_firing_for: ${formatDuration(rule.keepFiringForMs)}`);
  }
  lines.push(...mapText('labels', rule.labels));
  if (rule.kind === 'alerting') lines.push(...mapText('annotations', rule.annotations));
  return `${lines.join('\n')}\n`;
}

function mapText(name: string, entries: readonly (readonly [string, string])[]): readonly string[] {
  if (entries.length === 0) return [];
  return [`        ${name}:`, ...entries.map(([key, value]) => `          ${key}: ${scalar(value)}`)];
}

/** Words that YAML 1.1 takes for something else than text. */
const NOT_TEXT = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;

/** A text as a YAML scalar: plain where that is safe, else in double quotes, whose escapes are JSON's. */
function scalar(text: string): string {
  return /^[A-Za-z_][\w:]*$/.test(text) && !text.endsWith(':') && !NOT_TEXT.test(text)
    ? text
    : JSON.stringify(text);
}
