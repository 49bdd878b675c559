import { RE2JS } from 're2js';
import type { Bilingual } from '../../errors/index.ts';
import { compileAnchored } from './relabel.ts';
import { LONGEST_RELABEL_REGEX, RELABEL_DEFAULTS, type RelabelRule } from './rule.ts';

/** A member of a rule. */
export type RelabelField = keyof RelabelRule;

/** What is wrong with a rule, and with which member of it. */
export type RelabelFault = { readonly field: RelabelField; readonly why: Bilingual };

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
/**
 * A label name that may hold references to groups. RE2, because the same expression in ECMAScript takes exponential
 * time on a long name that almost fits.
 */
let targetPattern: RE2JS | null = null;

function isTarget(text: string): boolean {
  targetPattern ??= RE2JS.compile('^(?:(?:[a-zA-Z_]|\\$(?:\\{\\w+\\}|\\w+))+\\w*)+$');
  return targetPattern.test(text);
}

const NEEDS_TARGET = new Set(['replace', 'hashmod', 'lowercase', 'uppercase', 'keepequal', 'dropequal']);
const NO_REPLACEMENT = new Set(['lowercase', 'uppercase', 'keepequal', 'dropequal']);

/**
 * Checks a rule as Prometheus 2.42 checks it when it reads its configuration, and the bounds of this program.
 *
 * @param given members that were written down; where only some are allowed, a default that is spelled out counts too
 * @returns null when the rule can be run
 */
export function checkRelabelRule(
  rule: RelabelRule,
  given: ReadonlySet<RelabelField> = differing(rule),
): RelabelFault | null {
  const { action, targetLabel, replacement, modulus } = rule;
  const fault = (field: RelabelField, zh: string, en: string): RelabelFault => ({ field, why: { zh, en } });
  const wrongSource = rule.sourceLabels.find((name) => !LABEL_NAME.test(name));
  if (wrongSource !== undefined)
    return fault(
      'sourceLabels',
      `“${shown(wrongSource)}”不是合法的标签名`,
      `"${shown(wrongSource)}" is not a valid label name`,
    );
  const regexFault = checkRegex(rule.regex);
  if (regexFault !== null) return { field: 'regex', why: regexFault };
  if (action === 'hashmod' && modulus === 0)
    return fault('modulus', 'hashmod 需要不为 0 的 modulus', 'hashmod needs a modulus other than 0');
  if (NEEDS_TARGET.has(action)) {
    if (targetLabel === '')
      return fault('targetLabel', `动作 ${action} 需要 target_label`, `${action} needs target_label`);
    const fits = action === 'hashmod' ? LABEL_NAME.test(targetLabel) : isTarget(targetLabel);
    if (!fits)
      return fault(
        'targetLabel',
        `“${shown(targetLabel)}”不能作为 ${action} 的 target_label`,
        `"${shown(targetLabel)}" is no valid target_label of ${action}`,
      );
  }
  if (NO_REPLACEMENT.has(action) && replacement !== RELABEL_DEFAULTS.replacement)
    return fault('replacement', `动作 ${action} 不能有 replacement`, `${action} takes no replacement`);
  if (action === 'labelmap' && !isTarget(replacement))
    return fault(
      'replacement',
      `“${shown(replacement)}”不能作为 labelmap 的 replacement`,
      `"${shown(replacement)}" is no valid replacement of labelmap`,
    );
  return checkOnly(rule, given);
}

/** The two pairs of actions that take nothing but what they use. */
function checkOnly(rule: RelabelRule, given: ReadonlySet<RelabelField>): RelabelFault | null {
  const { action } = rule;
  const different = differing(rule);
  const refused = (fields: readonly RelabelField[]): RelabelField | undefined =>
    fields.find(
      (field) =>
        different.has(field) || ((field === 'regex' || field === 'sourceLabels') && given.has(field)),
    );
  if (action === 'keepequal' || action === 'dropequal') {
    const field = refused(['regex', 'modulus', 'separator', 'replacement']);
    if (field !== undefined)
      return {
        field,
        why: {
          zh: `动作 ${action} 只能有 source_labels 和 target_label`,
          en: `${action} takes source_labels and target_label only`,
        },
      };
  }
  if (action === 'labeldrop' || action === 'labelkeep') {
    const field = refused(['sourceLabels', 'targetLabel', 'modulus', 'separator', 'replacement']);
    if (field !== undefined)
      return { field, why: { zh: `动作 ${action} 只能有 regex`, en: `${action} takes regex only` } };
  }
  return null;
}

function checkRegex(regex: string): Bilingual | null {
  if (regex.length > LONGEST_RELABEL_REGEX)
    return {
      zh: `正则表达式超过 ${LONGEST_RELABEL_REGEX} 个字符`,
      en: `the regular expression is longer than ${LONGEST_RELABEL_REGEX} characters`,
    };
  try {
    compileAnchored(regex);
    return null;
  } catch (thrown) {
    const own =
      thrown instanceof Error ? thrown.message.replace(/^error parsing regexp: /, '') : String(thrown);
    return { zh: `正则表达式无效：${own}`, en: `the regular expression is not valid: ${own}` };
  }
}

/** The members in which a rule differs from the defaults. */
function differing(rule: RelabelRule): ReadonlySet<RelabelField> {
  const fields = new Set<RelabelField>();
  for (const field of Object.keys(RELABEL_DEFAULTS) as RelabelField[])
    if (String(rule[field]) !== String(RELABEL_DEFAULTS[field])) fields.add(field);
  return fields;
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
