import { RELABEL_DEFAULTS, type RelabelRule } from '#shared/domain/relabel/rule.ts';

/** Members of a rule as a prometheus.yml calls them, in the order in which they are written. */
const MEMBERS = [
  ['sourceLabels', 'source_labels'],
  ['separator', 'separator'],
  ['regex', 'regex'],
  ['modulus', 'modulus'],
  ['targetLabel', 'target_label'],
  ['replacement', 'replacement'],
  ['action', 'action'],
] as const;

/** Rules as YAML, as they stand below `relabel_configs`; what is the default is left out. */
export function rulesText(rules: readonly RelabelRule[]): string {
  return rules.map(ruleText).join('');
}

function ruleText(rule: RelabelRule): string {
  const written = MEMBERS.filter(
    ([name]) => JSON.stringify(rule[name]) !== JSON.stringify(RELABEL_DEFAULTS[name]),
  );
  // A rule whose members are all the default needs one of them, or it would be no rule.
  const members = written.length === 0 ? MEMBERS.filter(([name]) => name === 'action') : written;
  const lines = members.map(([name, key]) => `${key}: ${scalar(rule[name])}`);
  return lines.map((line, index) => `${index === 0 ? '- ' : '  '}${line}\n`).join('');
}

function scalar(value: string | number | readonly string[]): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return `[${value.map(scalar).join(', ')}]`;
  // A plain word needs no quotes; everything else is quoted as JSON, which YAML reads alike.
  return /^[a-z_][a-z0-9_]*$/i.test(value) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(value)
    ? value
    : JSON.stringify(value);
}
