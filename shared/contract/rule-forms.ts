import * as z from 'zod';

/** How bad the alerts of a rule are; written as the label `severity`. */
const ruleSeveritySchema = z.enum(['critical', 'warning', 'info']);

/** Name of a label or a metric in a form; the same letters as Prometheus. The metric's name is no label of a form. */
const labelName = z.string().regex(/^(?!__name__$)[a-zA-Z_][a-zA-Z0-9_]*$/);
const metricName = z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
/** A text that stands on one line, of characters that YAML takes. */
const line = z
  .string()
  .max(1_000)
  .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\uFEFF\uFFFE\uFFFF]*$/u);

/** Which series a form means; all conditions hold. */
export const formMatcherSchema = z.object({
  label: labelName,
  op: z.enum(['=', '!=', '=~', '!~']),
  value: line,
});
export type FormMatcher = z.infer<typeof formMatcherSchema>;
const matchers = z.array(formMatcherSchema).max(20).default([]);

/** A number as a rule file carries it: JSON has no negative zero, so it is zero here already. */
const number = z.number().overwrite((value) => (value === 0 ? 0 : value));
/** Milliseconds of a duration in a rule: whole seconds, a year at most. */
const duration = number.int().min(0).max(31_536_000_000).multipleOf(1_000);
const window = duration.min(60_000);
/** A number that people write; without infinities and NaN. */
const figure = number.finite();
const percent = figure.min(0).max(100);

const shared = {
  /** Name of the alert. */
  name: line.trim().min(1).max(120),
  /** Which hosts or series; empty means all. */
  matchers,
  /** How long it holds before it fires. */
  forMs: duration.default(600_000),
  keepFiringForMs: duration.default(0),
  severity: ruleSeveritySchema.default('warning'),
  /** What the operator does next; empty for the form's own words. */
  advice: line.default(''),
};

/** Comparison of a form. */
const formComparisonSchema = z.enum(['>', '>=', '<', '<=', '==', '!=']);

/** Events of an SLO: those that count, and those of them that were bad. */
const sloEvents = z.discriminatedUnion('kind', [
  /** Counters, e.g. `http_requests_total`; bad ones have further labels, e.g. `code=~"5.."`. */
  z.object({
    kind: z.literal('events'),
    metric: metricName,
    bad: z.array(formMatcherSchema).min(1).max(20),
  }),
  /** A gauge that is 1 while all is well, e.g. `up` or `probe_success`; each sample is an event. */
  z.object({ kind: z.literal('availability'), metric: metricName }),
  /** A histogram, e.g. `http_request_duration_seconds`; events above the bound are bad. */
  z.object({ kind: z.literal('latency'), metric: metricName, bound: line.min(1) }),
]);

/**
 * A rule as people say it who do not write PromQL. `kind` says which sentence; `main/engine/alerts/authoring` writes the
 * rule file.
 */
export const ruleFormSchema = z.discriminatedUnion('kind', [
  /** Any expression, for people who write PromQL and want the rest written for them. */
  z.object({
    kind: z.literal('expression'),
    ...shared,
    expr: z
      .string()
      .trim()
      .min(1)
      .max(10_000)
      .regex(
        /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\uFEFF\uFFFE\uFFFF]*(?:\n[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\uFEFF\uFFFE\uFFFF]*)*$/u,
      ),
    /** The sentence of its alerts, which may be a template; empty for the form's own words. */
    sentence: line.default(''),
  }),
  /** A file system is fuller than so many percent. */
  z.object({ kind: z.literal('disk'), ...shared, percent: percent.default(90) }),
  z.object({ kind: z.literal('memory'), ...shared, percent: percent.default(90) }),
  /** All CPUs of a host together, over a while. */
  z.object({
    kind: z.literal('cpu'),
    ...shared,
    percent: percent.default(90),
    windowMs: window.default(300_000),
  }),
  /** Load of five minutes for each CPU. */
  z.object({ kind: z.literal('load'), ...shared, perCpu: figure.min(0).default(2) }),
  /** A target does not answer. */
  z.object({ kind: z.literal('down'), ...shared }),
  /** A service, a process or a probed address is not there. */
  z.object({
    kind: z.literal('service'),
    ...shared,
    by: z.enum(['systemd', 'process', 'probe']).default('systemd'),
    /** Unit, process group or probed address; `*` stands for any text. */
    service: line.min(1),
  }),
  /** A metric, or its rate, is above or below a number. */
  z.object({
    kind: z.literal('threshold'),
    ...shared,
    metric: metricName,
    of: z.enum(['value', 'average', 'least', 'most', 'rate', 'increase']).default('value'),
    windowMs: window.default(300_000),
    /** Adds the series up by these labels; null leaves them apart. */
    sumBy: z.array(labelName).max(20).nullable().default(null),
    comparison: formComparisonSchema.default('>'),
    value: figure,
  }),
  /** A metric has changed by so much within a while. */
  z.object({
    kind: z.literal('change'),
    ...shared,
    metric: metricName,
    windowMs: window.default(3_600_000),
    direction: z.enum(['up', 'down', 'either']).default('either'),
    amount: figure.min(0),
    unit: z.enum(['absolute', 'percent']).default('percent'),
  }),
  /** A metric is not there. */
  z.object({
    kind: z.literal('absence'),
    ...shared,
    metric: metricName,
    windowMs: window.default(600_000),
  }),
  /** A metric will reach a value within a time if it goes on as over the last while. */
  z.object({
    kind: z.literal('prediction'),
    ...shared,
    metric: metricName,
    /** `above`: it grows up to the value; `below`: it falls down to it. */
    direction: z.enum(['above', 'below']).default('above'),
    value: figure,
    withinMs: window.default(86_400_000),
    basedOnMs: window.default(21_600_000),
  }),
  /** More or fewer than so many lines a minute in the logs. */
  z.object({
    kind: z.literal('log'),
    ...shared,
    metric: metricName.default('hmtt_log_source_lines_total'),
    direction: z.enum(['above', 'below']).default('above'),
    perMinute: figure.min(0).default(0),
    windowMs: window.default(300_000),
  }),
  /** A service level objective: error budget, and alerts on how fast it is spent. */
  z.object({
    kind: z.literal('slo'),
    ...shared,
    /** The windows of burn rates are what `for` is elsewhere. */
    forMs: duration.default(0),
    events: sloEvents,
    objectivePercent: figure.min(70).max(99.999),
    /** Over which time the budget counts. */
    windowMs: duration
      .min(7 * 86_400_000)
      .max(90 * 86_400_000)
      .default(30 * 86_400_000),
    /** One SLO for each value of these labels, e.g. `service`; empty is one for all. */
    by: z.array(labelName).max(10).default([]),
  }),
]);
export type RuleForm = z.infer<typeof ruleFormSchema>;
export type RuleFormKind = RuleForm['kind'];
