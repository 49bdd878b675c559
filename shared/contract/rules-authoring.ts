import * as z from 'zod';
import { bilingual, done, id, nothing, request, timestamp } from './define.ts';
import { ruleFormSchema } from './rule-forms.ts';
import { MOST_RULE_TEXT, ruleFileName, ruleFileSchema, ruleProblemSchema } from './rules.ts';

/** A rule in its file, by what it is called there. */
const ruleAddressSchema = z.object({
  file: ruleFileName,
  group: z.string().min(1).max(1_000),
  rule: z.string().min(1).max(1_000),
});
export type RuleAddress = z.infer<typeof ruleAddressSchema>;

/**
 * What happens while a rule cannot say anything.
 *
 * - `tell`: the alerts are exactly Prometheus's, and a problem of the console says that the rule is blind
 * - `alert`: the rule itself fires, with the label `rule_state`
 * - `keep`: what fires goes on firing
 * - `ok`: nothing; somebody chose not to be told
 */
export const blindPolicySchema = z.enum(['tell', 'alert', 'keep', 'ok']);

/**
 * What the time means in which the console did not watch.
 *
 * - `prometheus`: as Prometheus does after a restart and after a sleep
 * - `pause`: it never counts towards `for`
 * - `count`: it counts as if what held before and holds after held all the time
 * - `restart`: `for` begins anew
 */
export const gapPolicySchema = z.enum(['prometheus', 'pause', 'count', 'restart']);

/** The console's own settings of a rule; the rule file has no words for them and stays as it is. */
export const rulePolicySchema = z.object({
  /** What the expression asks for is not there, and was not within the last day. */
  noData: blindPolicySchema.default('tell'),
  /** It was there within the last day and has ended; or the series of an alert has ended while it was active. */
  stale: blindPolicySchema.default('tell'),
  /** The expression failed or took too long. */
  error: blindPolicySchema.default('tell'),
  gap: gapPolicySchema.default('prometheus'),
});
export type RulePolicy = z.infer<typeof rulePolicySchema>;
export type BlindPolicy = z.infer<typeof blindPolicySchema>;
export type GapPolicy = z.infer<typeof gapPolicySchema>;

/** A threshold of a starter rule that the operator may change. */
const starterValueSchema = z.object({
  name: z.string(),
  title: bilingual,
  unit: z.enum(['percent', 'seconds', 'hours', 'days', 'perCpu', 'perSecond', 'minutes']),
  least: z.number(),
  most: z.number(),
  /** As the console brings it. */
  initial: z.number(),
  value: z.number(),
});

/** A rule that the console brings along. */
const starterRuleSchema = z.object({
  /** Stable name, which is also that of its alert. */
  name: z.string(),
  group: z.string(),
  title: bilingual,
  /** Why it is there, and what to do. */
  advice: bilingual,
  severity: z.enum(['critical', 'warning', 'info']),
  enabled: z.boolean(),
  values: z.array(starterValueSchema),
  expr: z.string(),
  forMs: z.number(),
  /** What an update of the console did to it since somebody last looked; null when nothing. */
  change: z
    .object({ kind: z.enum(['new', 'changed']), before: z.string().nullable(), after: z.string() })
    .nullable(),
});
export type StarterRule = z.infer<typeof starterRuleSchema>;

/** A span during which an alert would have been pending or firing. */
const backtestSpanSchema = z.object({
  /** Since when its element was there. */
  activeAt: timestamp,
  /** When it began to fire; null when it never did. */
  firedAt: timestamp.nullable(),
  /** When it ended; null when it still held at the end of the time looked at. */
  endedAt: timestamp.nullable(),
});
export type BacktestSpan = z.infer<typeof backtestSpanSchema>;

/** One alert of a backtest: its labels and when it would have been active. */
const backtestAlertSchema = z.object({
  labels: z.record(z.string(), z.string()),
  /** Annotations when it last fired. */
  annotations: z.record(z.string(), z.string()),
  /** How often it would have fired, and for how long altogether, milliseconds. */
  fired: z.int(),
  firingMs: z.number(),
  /** The last ones, in order of time. */
  spans: z.array(backtestSpanSchema),
});
export type BacktestAlert = z.infer<typeof backtestAlertSchema>;

/** What one rule would have done. */
const backtestRuleSchema = z.object({
  group: z.string(),
  rule: z.string(),
  /** Over all its alerts. */
  fired: z.int(),
  firingMs: z.number(),
  longestMs: z.number(),
  pendingOnly: z.int(),
  /** Evaluations that failed, and why the last did. */
  failures: z.int(),
  lastFailure: z.string().nullable(),
  /** The ones that fired longest; `alertCount` tells of all. */
  alerts: z.array(backtestAlertSchema),
  alertCount: z.int(),
});
export type BacktestRule = z.infer<typeof backtestRuleSchema>;

/** A backtest of a file. */
const backtestSchema = z.object({
  from: timestamp,
  to: timestamp,
  /** Up to where it came; less than `to` when its time was over. */
  until: timestamp,
  /** Time between two evaluations, and whether that is more than the group's own interval. */
  steps: z.array(z.object({ group: z.string(), stepMs: z.number(), coarser: z.boolean() })),
  rules: z.array(backtestRuleSchema),
  elapsedMs: z.number(),
});
export type Backtest = z.infer<typeof backtestSchema>;

/** Where a backtest's rules come from. */
const backtestSubjectSchema = z.union([
  z.object({ text: z.string().max(MOST_RULE_TEXT) }),
  z.object({ form: ruleFormSchema }),
  /** A file that the console knows; its present text. */
  z.object({ file: ruleFileName }),
]);

/** How an SLO stands. */
const sloSchema = z.object({
  file: ruleFileName,
  name: z.string(),
  enabled: z.boolean(),
  objectivePercent: z.number(),
  windowMs: z.number(),
  /** One for each value of its labels. */
  budgets: z.array(
    z.object({
      labels: z.record(z.string(), z.string()),
      /** Share of bad events within the window, 0…1; null without any event. */
      errorRatio: z.number().nullable(),
      /** What is left of the error budget, 1 is all of it; negative when it is overspent. */
      left: z.number().nullable(),
      /** How many times faster than allowed it is spent, over the last hour, six hours, day and three days. */
      burn: z.array(z.object({ windowMs: z.number(), rate: z.number().nullable() })),
      /** When nothing is left if it goes on as over the last six hours; null when it lasts. */
      spentAt: timestamp.nullable(),
    }),
  ),
});
export type Slo = z.infer<typeof sloSchema>;

export const rulesAuthoringRequests = {
  'rules.files.enable': request(z.object({ name: ruleFileName, enabled: z.boolean() }), done),

  /** What a form writes. Nothing is kept. */
  'rules.forms.preview': request(
    z.object({ form: ruleFormSchema }),
    z.object({
      text: z.string(),
      file: ruleFileName,
      expr: z.string(),
      problems: z.array(ruleProblemSchema),
    }),
  ),
  /** Files that a form wrote. */
  'rules.forms.list': request(
    nothing,
    z.object({
      forms: z.array(z.object({ file: ruleFileName, enabled: z.boolean(), form: ruleFormSchema })),
    }),
  ),
  /** The form of a file; null when it has none, or its text was changed by hand since (`edited`). */
  'rules.forms.get': request(
    z.object({ file: ruleFileName }),
    z.object({ form: ruleFormSchema.nullable(), edited: z.boolean() }),
  ),
  /** Writes a form's file and runs it. `file` null makes a new one; one that was edited by hand is not overwritten. */
  'rules.forms.save': request(
    z.object({ file: ruleFileName.nullable(), form: ruleFormSchema }),
    z.object({ file: ruleFileSchema.nullable(), problems: z.array(ruleProblemSchema) }),
  ),

  /** What rules would have done in the past. Progress comes as `rules.backtest`; cancelling the call ends it. */
  'rules.backtest': request(
    z.object({
      /** Names the run in its events. */
      id,
      subject: backtestSubjectSchema,
      from: timestamp,
      to: timestamp,
    }),
    z.object({ result: backtestSchema.nullable(), problems: z.array(ruleProblemSchema) }),
  ),

  /** Runs a test file of promtool over texts, and over files that the console knows. */
  'rules.test': request(
    z.object({
      text: z.string().max(MOST_RULE_TEXT),
      /** Rules that are not kept yet; a pattern of `rule_files` finds them by name. */
      files: z
        .array(z.object({ name: ruleFileName, text: z.string().max(MOST_RULE_TEXT) }))
        .max(50)
        .default([]),
    }),
    z.object({
      problems: z.array(ruleProblemSchema.extend({ file: z.string() })),
      /** In promtool's words; empty when all is as expected. */
      failures: z.array(z.string()),
      rules: z.int(),
    }),
  ),

  'rules.starter.list': request(
    nothing,
    z.object({
      rules: z.array(starterRuleSchema),
      /** Rules that an update took away, as they were. */
      removed: z.array(z.object({ name: z.string(), before: z.string() })),
    }),
  ),
  /** Switches a rule of the starter set, or changes its thresholds; null is the console's own value. */
  'rules.starter.set': request(
    z.object({
      rule: z.string().max(200),
      enabled: z.boolean().optional(),
      values: z.record(z.string(), z.number().nullable()).optional(),
    }),
    done,
  ),
  /** Somebody has seen what an update changed. */
  'rules.starter.seen': request(nothing, done),
  /** The starter set as rule files, with the operator's changes or as it is brought. */
  'rules.starter.files': request(
    z.object({ asBrought: z.boolean().default(false) }),
    z.object({ files: z.array(z.object({ name: ruleFileName, text: z.string() })) }),
  ),

  /** Rules with settings of their own; all others have the defaults. */
  'rules.policies.list': request(
    nothing,
    z.object({ policies: z.array(ruleAddressSchema.extend({ policy: rulePolicySchema })) }),
  ),
  /** Null: the defaults. */
  'rules.policies.set': request(ruleAddressSchema.extend({ policy: rulePolicySchema.nullable() }), done),

  /** Every SLO with what is left of its error budget. */
  'rules.slo.list': request(nothing, z.object({ slos: z.array(sloSchema) })),
};

export const rulesAuthoringEvents = {
  'rules.backtest': z.object({
    id,
    /** Share of the time that is done, 0…1. */
    done: z.number(),
    /** How often rules fired so far. */
    fired: z.int(),
  }),
};
