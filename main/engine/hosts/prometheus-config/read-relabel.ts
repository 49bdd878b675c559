import type { ScrapeConfig } from '#shared/contract/hosts.ts';
import { nearestWord } from '#shared/domain/near-word.ts';
import { checkRelabelRule, type RelabelField } from '#shared/domain/relabel/check.ts';
import {
  MOST_RELABEL_RULES,
  RELABEL_ACTIONS,
  RELABEL_DEFAULTS,
  type RelabelAction,
} from '#shared/domain/relabel/rule.ts';
import type { Field, NodeReader } from './node-reader.ts';

type ReadRule = ScrapeConfig['metricRelabel'][number];

/** What the members of a rule are called in a prometheus.yml. */
const YAML_NAMES: Readonly<Record<RelabelField, string>> = {
  action: 'action',
  sourceLabels: 'source_labels',
  separator: 'separator',
  regex: 'regex',
  targetLabel: 'target_label',
  replacement: 'replacement',
  modulus: 'modulus',
};

/** Reads `relabel_configs` or `metric_relabel_configs`; a wrong rule is refused with the line of what is wrong in it. */
export function readRelabelRules(reader: NodeReader, field: Field | undefined): ReadRule[] {
  if (!field) return [];
  const items = reader.list(field);
  if (items.length > MOST_RELABEL_RULES)
    reader.refuse(field, `规则超过 ${MOST_RELABEL_RULES} 条`, `more than ${MOST_RELABEL_RULES} rules`);
  return items.map((item) => readRule(reader, item));
}

function readRule(reader: NodeReader, item: Field): ReadRule {
  const members = reader.map(item, Object.values(YAML_NAMES));
  if (members.size === 0) return reader.refuse(item, '规则是空的', 'the rule is empty');
  const member = (name: RelabelField): Field | undefined => members.get(YAML_NAMES[name]);
  const text = (name: 'separator' | 'regex' | 'targetLabel' | 'replacement'): string => {
    const found = member(name);
    return found ? reader.string(found) : RELABEL_DEFAULTS[name];
  };
  const actionField = member('action');
  const sources = member('sourceLabels');
  const modulus = member('modulus');
  const rule: ReadRule = {
    action: actionField ? readAction(reader, actionField) : RELABEL_DEFAULTS.action,
    sourceLabels: sources ? reader.list(sources).map(reader.string) : [],
    separator: text('separator'),
    regex: text('regex'),
    targetLabel: text('targetLabel'),
    replacement: text('replacement'),
    modulus: modulus ? reader.integer(modulus) : 0,
  };
  const given = new Set((Object.keys(YAML_NAMES) as RelabelField[]).filter((name) => member(name)));
  const fault = checkRelabelRule(rule, given);
  if (fault) reader.refuse(member(fault.field) ?? item, fault.why.zh, fault.why.en);
  return rule;
}

function readAction(reader: NodeReader, field: Field): RelabelAction {
  const text = reader.string(field).toLowerCase();
  const action = RELABEL_ACTIONS.find((one) => one === text);
  if (action !== undefined) return action;
  const meant = nearestWord(text, RELABEL_ACTIONS);
  return meant === null
    ? reader.refuse(field, '未知的动作', 'unknown action')
    : reader.refuse(field, `未知的动作，是否应为“${meant}”`, `unknown action; is "${meant}" meant?`);
}
