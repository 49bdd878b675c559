import type { Labels } from '../labels.ts';
import { compileRelabel } from './relabel.ts';
import type { RelabelRule } from './rule.ts';

/** What one rule did to some labels. */
export type RelabelStep = {
  /** Index of the rule, from 0. */
  readonly rule: number;
  /** Labels that it set, with their new values. */
  readonly set: readonly (readonly [string, string])[];
  /** Names that it took away. */
  readonly removed: readonly string[];
};

/** What a list of rules did to some labels, rule by rule; rules that changed nothing are left out. */
export type RelabelTrace = {
  readonly steps: readonly RelabelStep[];
  /** The labels in the end, or null when they were dropped. */
  readonly after: Labels | null;
  /** Index of the rule that dropped them, or null. */
  readonly droppedBy: number | null;
};

/**
 * Makes rules ready to run one by one, so that it can be seen what each of them did; the end is that of `compileRelabel`.
 *
 * @throws RE2's syntax error, when a rule did not pass `checkRelabelRule` before
 */
export function traceRelabel(rules: readonly RelabelRule[]): (labels: Labels) => RelabelTrace {
  const compiled = rules.map((rule) => compileRelabel([rule]));
  return (labels) => {
    const steps: RelabelStep[] = [];
    let before = labels;
    for (const [rule, run] of compiled.entries()) {
      const after = run(before);
      if (after === null) return { steps, after: null, droppedBy: rule };
      const step = difference(rule, before, after);
      if (step.set.length + step.removed.length > 0) steps.push(step);
      before = after;
    }
    return { steps, after: before, droppedBy: null };
  };
}

function difference(rule: number, before: Labels, after: Labels): RelabelStep {
  if (before === after) return { rule, set: [], removed: [] };
  const old = new Map(pairs(before));
  const now = new Map(pairs(after));
  return {
    rule,
    set: [...now].filter(([name, value]) => old.get(name) !== value),
    removed: [...old.keys()].filter((name) => !now.has(name)),
  };
}

function pairs(labels: Labels): [string, string][] {
  const list: [string, string][] = [];
  for (let at = 0; at < labels.length; at += 2) list.push([labels[at] ?? '', labels[at + 1] ?? '']);
  return list;
}
