import { RE2JS } from 're2js';
import { type Labels, labelsWith, labelsWithout, labelValue } from '../labels.ts';
import { expandTemplate, goLower, goUpper, type MatchGroups } from './go-text.ts';
import { md5 } from './md5.ts';
import { RELABEL_DEFAULTS, type RelabelRule } from './rule.ts';

/** Changes labels by a list of rules; null when the rules drop what has them. */
export type Relabel = (labels: Labels) => Labels | null;

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Compiles an expression as Prometheus does: RE2, anchored at both ends. @throws RE2's syntax error */
export function compileAnchored(regex: string): RE2JS {
  return RE2JS.compile(`^(?:${regex})$`);
}

type Matching = {
  readonly test: (text: string) => boolean;
  readonly find: (text: string) => MatchGroups | null;
};

const NO_NAMES: Readonly<Record<string, number>> = {};

function matching(regex: string): Matching {
  if (regex === RELABEL_DEFAULTS.regex)
    return {
      test: (text) => !text.includes('\n'),
      find: (text) =>
        text.includes('\n') ? null : { named: NO_NAMES, group: (index) => (index <= 1 ? text : null) },
    };
  const compiled = compileAnchored(regex);
  const named = compiled.namedGroups();
  const groups = compiled.groupCount();
  return {
    test: (text) => compiled.test(text),
    find: (text) => {
      const match = compiled.matcher(text);
      if (!match.find()) return null;
      return { named, group: (index) => (index > groups ? null : match.group(index)) };
    },
  };
}

const encoder = new TextEncoder();

/** The rest of the last eight bytes of a text's MD5 by `modulus`. */
function hashMod(text: string, modulus: number): string {
  const digest = md5(encoder.encode(text));
  const hash = new DataView(digest.buffer, digest.byteOffset).getBigUint64(8);
  return String(hash % BigInt(modulus));
}

/** One rule, ready to run. The rule must have passed {@link checkRelabelRule}. */
function compileRule(rule: RelabelRule): Relabel {
  const { action, sourceLabels, separator, targetLabel, replacement, modulus } = rule;
  const source = (labels: Labels): string =>
    sourceLabels.map((name) => labelValue(labels, name)).join(separator);
  const { test, find } = matching(rule.regex);
  switch (action) {
    case 'keep':
      return (labels) => (test(source(labels)) ? labels : null);
    case 'drop':
      return (labels) => (test(source(labels)) ? null : labels);
    case 'keepequal':
      return (labels) => (labelValue(labels, targetLabel) === source(labels) ? labels : null);
    case 'dropequal':
      return (labels) => (labelValue(labels, targetLabel) === source(labels) ? null : labels);
    case 'lowercase':
      return (labels) => labelsWith(labels, targetLabel, goLower(source(labels)));
    case 'uppercase':
      return (labels) => labelsWith(labels, targetLabel, goUpper(source(labels)));
    case 'hashmod':
      return (labels) => labelsWith(labels, targetLabel, hashMod(source(labels), modulus));
    case 'labeldrop':
      return (labels) => labelsWithout(labels, test);
    case 'labelkeep':
      return (labels) => labelsWithout(labels, (name) => !test(name));
    case 'labelmap':
      return (labels) => {
        let changed = labels;
        for (let i = 0; i < labels.length; i += 2) {
          const match = find(labels[i] ?? '');
          if (match !== null)
            changed = labelsWith(changed, expandTemplate(replacement, match), labels[i + 1] ?? '');
        }
        return changed;
      };
    case 'replace':
      return (labels) => {
        const match = find(source(labels));
        if (match === null) return labels;
        const target = expandTemplate(targetLabel, match);
        const value = expandTemplate(replacement, match);
        // As in Prometheus 2.42, what is taken away is the label of the rule's own spelling, not of the expanded one.
        if (value === '' || !LABEL_NAME.test(target)) return labelsWith(labels, targetLabel, '');
        return labelsWith(labels, target, value);
      };
  }
}

/**
 * Makes the rules of a list ready to run one after the other, with the semantics of Prometheus 2.42; the same for
 * targets (`relabel_configs`) and for samples (`metric_relabel_configs`).
 *
 * The result may have names that are none (an expression can build any), so a caller that stores it checks them.
 *
 * @throws RE2's syntax error, when a rule did not pass {@link checkRelabelRule} before
 */
export function compileRelabel(rules: readonly RelabelRule[]): Relabel {
  const steps = rules.map(compileRule);
  return (labels) => {
    let changed: Labels | null = labels;
    for (const step of steps) {
      changed = step(changed);
      if (changed === null) return null;
    }
    return changed;
  };
}
