import type { RuleTemplate } from '../template/expand.ts';

/** A rule that stores the result of an expression as a series. */
export type RecordingRule = {
  readonly kind: 'recording';
  /** Name of the metric that it records. */
  readonly name: string;
  readonly expr: string;
  /** Labels that every recorded series gets; an empty value takes a label away. */
  readonly labels: readonly (readonly [string, string])[];
};

/** A rule that makes an alert of each element of an expression's result. */
export type AlertingRule = {
  readonly kind: 'alerting';
  readonly name: string;
  readonly expr: string;
  /** How long an element is pending before it fires. */
  readonly forMs: number;
  /** How long an alert goes on firing when its element is no longer there. */
  readonly keepFiringForMs: number;
  readonly labels: readonly (readonly [string, RuleTemplate])[];
  readonly annotations: readonly (readonly [string, RuleTemplate])[];
};

/** A rule of a rule file. */
export type Rule = RecordingRule | AlertingRule;

/** Rules that are evaluated one after another at the same time. */
export type RuleGroup = {
  readonly name: string;
  /** Null: the interval of the whole configuration. */
  readonly intervalMs: number | null;
  /** Alerts or series that one rule may give; 0 is without limit. */
  readonly limit: number;
  readonly rules: readonly Rule[];
};

/** What is wrong with a rule file, and where. */
export type RuleProblem = {
  /** Line in the file, from 1. */
  readonly line: number;
  readonly group?: string;
  /** Number of the rule in its group, from 1, and its name. */
  readonly rule?: { readonly number: number; readonly name: string };
  /** In the words of Prometheus, which people know and can search for. */
  readonly message: string;
};
