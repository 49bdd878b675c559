import * as z from 'zod';
import { id } from './define.ts';

/** One condition on a label, as Alertmanager has it: expressions are RE2 and anchored, a missing label is ''. */
export const matcherSchema = z.object({
  name: z.string().trim().min(1).max(200),
  op: z.enum(['=', '!=', '=~', '!~']),
  value: z.string().max(4_000),
});
export type Matcher = z.infer<typeof matcherSchema>;

/** All of them have to hold. */
export const matchersSchema = z.array(matcherSchema).min(1).max(100);

const name = z.string().trim().min(1).max(200);
const duration = z
  .int()
  .min(0)
  .max(366 * 86_400_000);

/** Who is told: channels, people, whoever is on shift, or the window itself. */
const receiverTargetSchema = z.discriminatedUnion('kind', [
  /** `to` null: whom the channel's own settings name. */
  z.object({
    kind: z.literal('channel'),
    channel: id,
    to: z.string().min(1).max(1_000).nullable().default(null),
  }),
  z.object({ kind: z.literal('contact'), contact: id }),
  /** Who is on call by a rota when the notice is made, or who comes after them. */
  z.object({ kind: z.literal('on_call'), rota: id, who: z.enum(['now', 'next']) }),
  /** The window takes the whole screen until somebody acknowledges. */
  z.object({ kind: z.literal('full_screen') }),
]);
export type ReceiverTarget = z.infer<typeof receiverTargetSchema>;

/** A named set of targets. One without any is told nothing, on purpose. */
const receiverSchema = z.object({
  name,
  targets: z.array(receiverTargetSchema).max(50),
  /** Also told when alerts end. */
  sendResolved: z.boolean().default(true),
});
export type Receiver = z.infer<typeof receiverSchema>;

/** Told after so long without acknowledgement, counted from the alert's first notice. */
const escalationStepSchema = z.object({ afterMs: duration.min(60_000), receiver: name });
export type EscalationStep = z.infer<typeof escalationStepSchema>;

/** A node of the routing tree. Null takes over what the route above has. */
export type Route = {
  /** For people; may be empty. */
  readonly title: string;
  readonly receiver: string | null;
  /** None: everything. The root has none. */
  readonly matchers: readonly Matcher[];
  /** Look at the routes that follow even when this one took the alert. */
  readonly continue: boolean;
  /** Labels whose values make a group; `['...']`: all labels; `[]`: one group. */
  readonly groupBy: readonly string[] | null;
  readonly groupWaitMs: number | null;
  readonly groupIntervalMs: number | null;
  readonly repeatIntervalMs: number | null;
  /** Names of time intervals; not taken over by the routes below. */
  readonly muteTimes: readonly string[];
  readonly activeTimes: readonly string[];
  readonly escalation: readonly EscalationStep[] | null;
  readonly routes: readonly Route[];
};

/** Depth and width of the tree are bounded when it is taken. */
const routeSchema: z.ZodType<Route, unknown> = z.lazy(() =>
  z.object({
    title: z.string().max(200).default(''),
    receiver: name.nullable().default(null),
    matchers: z.array(matcherSchema).max(100).default([]),
    continue: z.boolean().default(false),
    groupBy: z.array(z.string().min(1).max(200)).max(100).nullable().default(null),
    groupWaitMs: duration.nullable().default(null),
    groupIntervalMs: duration.min(1_000).nullable().default(null),
    repeatIntervalMs: duration.min(1_000).nullable().default(null),
    muteTimes: z.array(name).max(100).default([]),
    activeTimes: z.array(name).max(100).default([]),
    escalation: z.array(escalationStepSchema).max(20).nullable().default(null),
    routes: z.array(routeSchema).max(500).default([]),
  }),
);

/** While an alert that `source` means fires, those that `target` means and that have equal labels `equal` are not told of. */
const inhibitRuleSchema = z.object({
  title: z.string().max(200).default(''),
  source: matchersSchema,
  target: matchersSchema,
  equal: z.array(z.string().min(1).max(200)).max(100).default([]),
});
export type InhibitRule = z.infer<typeof inhibitRuleSchema>;

const range = z.object({ from: z.int(), to: z.int() });

/** Times that satisfy all members; an empty member is satisfied always. As Alertmanager's `time_intervals`. */
const timeSpanSchema = z.object({
  /** Minutes of the day, 0 to 1440; `to` does not belong to it. */
  times: z.array(range).max(50).default([]),
  /** 0 is Sunday, 6 Saturday; both ends belong to it. */
  weekdays: z.array(range).max(50).default([]),
  /** 1 to 31, or -31 to -1 counted from the end of the month. */
  daysOfMonth: z.array(range).max(50).default([]),
  /** 1 to 12. */
  months: z.array(range).max(50).default([]),
  years: z.array(range).max(50).default([]),
});
export type TimeSpan = z.infer<typeof timeSpanSchema>;

/** A named set of times. */
const timeIntervalSchema = z.object({
  name,
  /** IANA time zone; null: that of the workstation. */
  zone: z.string().max(100).nullable().default(null),
  /** Any of them. */
  spans: z.array(timeSpanSchema).max(100),
});
export type TimeInterval = z.infer<typeof timeIntervalSchema>;

/** How the pipeline works besides routes. */
const notifySettingsSchema = z.object({
  flapping: z.object({
    enabled: z.boolean(),
    /** So many openings in `windowMs` are too many. */
    openings: z.int().min(2).max(1_000),
    windowMs: duration.min(60_000).max(7 * 86_400_000),
    /** It has calmed down when it neither opened nor ended for so long. */
    calmMs: duration.min(60_000).max(7 * 86_400_000),
  }),
  dependencies: z.object({
    enabled: z.boolean(),
    /** Alerts of hosts that are behind others wait so long at least: what is in front may be found dead a little later. */
    waitMs: duration.max(3_600_000),
  }),
  /** Ended alerts, their stories and notices are kept so long. */
  historyDays: z.int().min(1).max(3_660),
  /** An acknowledgement later than this is late, in statistics. */
  lateAfterMs: duration.min(60_000),
});
export type NotifySettings = z.infer<typeof notifySettingsSchema>;

/** Everything that decides who is told of what. */
export const notifyConfigSchema = z.object({
  route: routeSchema,
  receivers: z.array(receiverSchema).min(1).max(500),
  inhibitRules: z.array(inhibitRuleSchema).max(500),
  timeIntervals: z.array(timeIntervalSchema).max(500),
  settings: notifySettingsSchema,
});
export type NotifyConfig = z.infer<typeof notifyConfigSchema>;
