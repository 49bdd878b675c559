import * as z from 'zod';
import { bilingual, done, nothing, request, timestamp } from './define.ts';

/** Text of one rule file. */
export const MOST_RULE_TEXT = 16 << 20;

/** What is wrong with a rule file, and where. */
export const ruleProblemSchema = z.object({
  /** From 1. */
  line: z.int(),
  group: z.string().optional(),
  /** Number of the rule in its group, from 1, and its name. */
  rule: z.object({ number: z.int(), name: z.string() }).optional(),
  /** In the words of Prometheus. */
  message: z.string(),
});

/** What a rule file is called: its path where it came from a file. */
export const ruleFileName = z.string().trim().min(1).max(1000);

/** A group as it stands in its file. */
export const ruleGroupSummarySchema = z.object({
  name: z.string(),
  /** Null: the interval of the whole site. */
  intervalMs: z.number().nullable(),
  rules: z.array(z.object({ kind: z.enum(['recording', 'alerting']), name: z.string() })),
});

/** A rule file without its text. */
export const ruleFileSchema = z.object({
  name: ruleFileName,
  enabled: z.boolean(),
  addedAt: timestamp,
  /** The prometheus.yml that names it; null when it was added by itself. */
  origin: z.string().nullable(),
  /** True for a file that the console brings along; its rules are changed by `rules.starter.set`. */
  builtIn: z.boolean().optional(),
  groups: z.array(ruleGroupSummarySchema),
});
export type RuleFile = z.infer<typeof ruleFileSchema>;

/** An alert that is pending or firing. */
const activeAlertSchema = z.object({
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  state: z.enum(['pending', 'firing']),
  activeAt: timestamp,
  /** Since when its element is missing while it goes on firing (`keep_firing_for`). */
  keepFiringSince: timestamp.nullable(),
  /** As Prometheus writes it, e.g. `9.1e+01`, `NaN`. */
  value: z.string(),
});
export type ActiveRuleAlert = z.infer<typeof activeAlertSchema>;

/** How far a rule can see. Only the states other than `ok` are told of. */
const ruleSightSchema = z.object({
  /**
   * `no_data`: what it asks for is not there, and was not within the last day; `stale`: it was there, or the series of an
   * active alert ended; `error`: it failed.
   */
  state: z.enum(['ok', 'no_data', 'stale', 'error']),
  since: timestamp,
  /** Whether somebody is to be told (the rule's policy says `tell`). */
  told: z.boolean(),
  /** Labels of alerts whose series ended while they were active. */
  lost: z.array(z.record(z.string(), z.string())),
});

/** A rule that runs. */
const liveRuleSchema = z.object({
  kind: z.enum(['recording', 'alerting']),
  name: z.string(),
  /** What it looks for, in words; only the rules that the console brings have this. */
  title: bilingual.optional(),
  expr: z.string(),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  forMs: z.number(),
  keepFiringForMs: z.number(),
  health: z.enum(['unknown', 'ok', 'err']),
  /** The worst of its alerts; a recording rule is always inactive. */
  state: z.enum(['inactive', 'pending', 'firing']),
  lastEvaluation: timestamp.nullable(),
  evaluationMs: z.number(),
  lastError: z.string().nullable(),
  /** Absent before it is known. */
  sight: ruleSightSchema.optional(),
  alerts: z.array(activeAlertSchema),
});
export type LiveRule = z.infer<typeof liveRuleSchema>;

/** A group that runs. */
const liveGroupSchema = z.object({
  file: z.string(),
  name: z.string(),
  intervalMs: z.number(),
  limit: z.int(),
  lastEvaluation: timestamp.nullable(),
  evaluationMs: z.number(),
  /** Evaluations that were skipped since the start, because one before took too long or the machine slept. */
  missed: z.int(),
  /** What it did since it began to run. */
  totals: z.object({
    /** Times that the whole group was evaluated. */
    rounds: z.int(),
    /** Rules that were evaluated, and how many of them failed. */
    evaluations: z.int(),
    failures: z.int(),
  }),
  rules: z.array(liveRuleSchema),
});
export type LiveGroup = z.infer<typeof liveGroupSchema>;

export const rulesRequests = {
  'rules.files.list': request(nothing, z.object({ files: z.array(ruleFileSchema) })),
  'rules.files.get': request(
    z.object({ name: ruleFileName }),
    z.object({ file: ruleFileSchema, text: z.string() }),
  ),
  /** Adds a file or puts it in the place of one. It is taken whole, or `file` is null and nothing is changed. */
  'rules.files.put': request(
    z.object({
      name: ruleFileName,
      text: z.string().max(MOST_RULE_TEXT),
      enabled: z.boolean().default(true),
      /** Only says what is wrong. */
      dryRun: z.boolean().default(false),
    }),
    z.object({ file: ruleFileSchema.nullable(), problems: z.array(ruleProblemSchema) }),
  ),
  'rules.files.remove': request(z.object({ name: ruleFileName }), done),
  /** Every group of the enabled files, in order of file and name. */
  'rules.groups': request(nothing, z.object({ groups: z.array(liveGroupSchema) })),
};
