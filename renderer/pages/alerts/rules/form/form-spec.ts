import { type RuleForm, type RuleFormKind, ruleFormSchema } from '#shared/contract/rule-forms.ts';
import type { TextKey } from '../../../../locales/use-translation.ts';

/** One control of a form; `name` is the field of the form that it fills. */
export type FieldSpec =
  | { readonly type: 'number'; readonly name: string; readonly label: TextKey }
  | {
      readonly type: 'text' | 'metric' | 'labels' | 'expression';
      readonly name: string;
      readonly label: TextKey;
      readonly hint?: TextKey;
    }
  | {
      readonly type: 'duration';
      readonly name: string;
      readonly label: TextKey;
      /** What is usually chosen, milliseconds. */
      readonly usual: readonly number[];
    }
  | {
      readonly type: 'choice';
      readonly name: string;
      readonly label: TextKey;
      readonly options: readonly { readonly value: string; readonly text: TextKey | null }[];
    };

/** A form that is being filled: what the controls hold, before it is known whether it can be used. */
export type FormDraft = Readonly<Record<string, unknown>> & { readonly kind: RuleFormKind };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WINDOWS = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, DAY];
/** How long something holds before it fires, and keeps firing. */
export const WAITS = [MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 6 * HOUR];

const number = (name: string, label: TextKey): FieldSpec => ({ type: 'number', name, label });
const window: FieldSpec = { type: 'duration', name: 'windowMs', label: 'rules:form.window', usual: WINDOWS };
const metric: FieldSpec = { type: 'metric', name: 'metric', label: 'rules:form.metric' };
const percent = number('percent', 'rules:form.percent');

function choice<K extends string>(
  name: string,
  label: TextKey,
  options: Readonly<Record<K, TextKey | null>>,
): FieldSpec {
  return {
    type: 'choice',
    name,
    label,
    options: Object.entries<TextKey | null>(options).map(([value, text]) => ({ value, text })),
  };
}

const comparisons = { '>': null, '>=': null, '<': null, '<=': null, '==': null, '!=': null };
const aboveOrBelow = {
  above: 'rules:form.directionName.above',
  below: 'rules:form.directionName.below',
} as const;

/** The controls of each kind besides those that all have. */
export const formSpecs: Readonly<Record<RuleFormKind, readonly FieldSpec[]>> = {
  disk: [percent],
  memory: [percent],
  cpu: [percent, window],
  load: [number('perCpu', 'rules:form.perCpu')],
  down: [],
  service: [
    choice('by', 'rules:form.by', {
      systemd: 'rules:form.byName.systemd',
      process: 'rules:form.byName.process',
      probe: 'rules:form.byName.probe',
    }),
    { type: 'text', name: 'service', label: 'rules:form.service', hint: 'rules:form.serviceHint' },
  ],
  threshold: [
    metric,
    choice('of', 'rules:form.of', {
      value: 'rules:form.ofName.value',
      average: 'rules:form.ofName.average',
      least: 'rules:form.ofName.least',
      most: 'rules:form.ofName.most',
      rate: 'rules:form.ofName.rate',
      increase: 'rules:form.ofName.increase',
    }),
    window,
    { type: 'labels', name: 'sumBy', label: 'rules:form.sumBy', hint: 'rules:form.sumByHint' },
    choice('comparison', 'rules:form.comparison', comparisons),
    number('value', 'rules:form.number'),
  ],
  change: [
    metric,
    choice('direction', 'rules:form.direction', {
      either: 'rules:form.directionName.either',
      up: 'rules:form.directionName.up',
      down: 'rules:form.directionName.down',
    }),
    number('amount', 'rules:form.amount'),
    choice('unit', 'rules:form.unit', {
      percent: 'rules:form.unitName.percent',
      absolute: 'rules:form.unitName.absolute',
    }),
    window,
  ],
  absence: [metric, window],
  prediction: [
    metric,
    choice('direction', 'rules:form.direction', aboveOrBelow),
    number('value', 'rules:form.number'),
    { type: 'duration', name: 'withinMs', label: 'rules:form.within', usual: [HOUR, 6 * HOUR, DAY, 7 * DAY] },
    {
      type: 'duration',
      name: 'basedOnMs',
      label: 'rules:form.basedOn',
      usual: [HOUR, 6 * HOUR, DAY, 7 * DAY],
    },
  ],
  log: [
    choice('direction', 'rules:form.direction', aboveOrBelow),
    number('perMinute', 'rules:form.perMinute'),
    window,
  ],
  slo: [
    number('objectivePercent', 'rules:form.objective'),
    {
      type: 'duration',
      name: 'windowMs',
      label: 'rules:form.sloWindow',
      usual: [7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY],
    },
    { type: 'labels', name: 'by', label: 'rules:form.groupBy', hint: 'rules:form.sumByHint' },
  ],
  expression: [
    { type: 'expression', name: 'expr', label: 'rules:form.expr' },
    { type: 'text', name: 'sentence', label: 'rules:form.sentence', hint: 'rules:form.sentenceHint' },
  ],
};

/** The kinds in the order in which they are offered: what most people look for comes first. */
export const formKinds: readonly RuleFormKind[] = [
  'disk',
  'memory',
  'cpu',
  'load',
  'down',
  'service',
  'threshold',
  'change',
  'prediction',
  'absence',
  'log',
  'slo',
  'expression',
];

/** What a new form of a kind begins with; what it keeps of the form before is what all kinds have. */
export function newDraft(kind: RuleFormKind, before?: FormDraft): FormDraft {
  const {
    name = '',
    matchers = [],
    severity = 'warning',
    advice = '',
  }: Readonly<Record<string, unknown>> = before ?? {};
  const shared = {
    name,
    matchers,
    severity,
    advice,
    forMs: kind === 'slo' ? 0 : 10 * MINUTE,
    keepFiringForMs: 0,
  };
  return { ...OWN[kind], ...shared, kind };
}

const OWN: Readonly<Record<RuleFormKind, Readonly<Record<string, unknown>>>> = {
  disk: { percent: 90 },
  memory: { percent: 90 },
  cpu: { percent: 90, windowMs: 5 * MINUTE },
  load: { perCpu: 2 },
  down: {},
  service: { by: 'systemd', service: '' },
  threshold: { metric: '', of: 'value', windowMs: 5 * MINUTE, sumBy: null, comparison: '>', value: '' },
  change: { metric: '', windowMs: HOUR, direction: 'either', amount: 50, unit: 'percent' },
  absence: { metric: '', windowMs: 10 * MINUTE },
  prediction: { metric: '', direction: 'above', value: '', withinMs: DAY, basedOnMs: 6 * HOUR },
  log: { direction: 'above', perMinute: 100, windowMs: 5 * MINUTE },
  slo: {
    events: { kind: 'availability', metric: 'up' },
    objectivePercent: 99.5,
    windowMs: 30 * DAY,
    by: [],
  },
  expression: { expr: '', sentence: '' },
};

/** The form that a draft is, or the fields that are missing or wrong. */
export function readDraft(
  draft: FormDraft,
): { readonly form: RuleForm } | { readonly wrong: ReadonlySet<string> } {
  const parsed = ruleFormSchema.safeParse(draft);
  if (parsed.success) return { form: parsed.data };
  return { wrong: new Set(parsed.error.issues.map(({ path }) => path.join('.'))) };
}
