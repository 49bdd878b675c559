import * as fc from 'fast-check';
import type { FormMatcher, RuleForm } from '#shared/contract/rule-forms.ts';
import { ruleFormSchema } from '#shared/contract/rule-forms.ts';

/** Texts that people write, and such as make trouble in YAML, PromQL or templates. */
const text = fc.oneof(
  fc.constantFrom(
    '磁盘 / 数据',
    'no',
    '5',
    '{{ $labels.x }}',
    'a: b # c',
    '"quoted"',
    "it's",
    '- item',
    'back\\slash',
    'x$(y)',
    '`tick`',
    '%d',
    '[a]',
    '🙂',
  ),
  fc
    .string({ unit: 'grapheme', maxLength: 30 })
    .filter((s) => /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\uFEFF\uFFFE\uFFFF]*$/u.test(s)),
);
const name = text.filter((s) => s.trim() !== '').map((s) => s.trim());
const label = fc.constantFrom('instance', 'job', 'tier', 'le', 'code', 'severity', 'alertname', '_x9');
const metric = fc.constantFrom('up', 'node_load1', 'http_requests_total', 'job:x:rate5m', '_odd');
const matcher: fc.Arbitrary<FormMatcher> = fc.oneof(
  fc.record({ label, op: fc.constantFrom('=' as const, '!=' as const), value: text }),
  fc.record({
    label,
    op: fc.constantFrom('=~' as const, '!~' as const),
    value: fc.constantFrom('a.*', 'a|b', '', '5..', '[a-z]+', '(?i)x', '\\d+'),
  }),
);
const matchers = fc.array(matcher, { maxLength: 3 });
const seconds = (least: number, most: number) => fc.integer({ min: least, max: most }).map((s) => s * 1000);
const window = seconds(60, 90 * 86_400);
const figure = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
const atLeast0 = figure.map(Math.abs);
const percent = fc.double({ min: 0, max: 100, noNaN: true });
const shared = {
  name,
  matchers,
  forMs: seconds(0, 86_400),
  keepFiringForMs: seconds(0, 86_400),
  severity: fc.constantFrom('critical', 'warning', 'info'),
  advice: text,
};
const record = (kind: RuleForm['kind'], fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record({ kind: fc.constant(kind), ...shared, ...fields });

/** Any form, as its schema takes it. */
export const anyForm: fc.Arbitrary<RuleForm> = fc
  .oneof(
    record('expression', {
      expr: fc.constantFrom('up == 0', 'sum(up)\n  by (job)\n\n  < 3 # few', 'up{a="b: c"} > 1'),
      sentence: fc.constantFrom('', '{{ $labels.instance }} is down', '主机 {{ $value }}'),
    }),
    record('disk', { percent }),
    record('memory', { percent }),
    record('cpu', { percent, windowMs: window }),
    record('load', { perCpu: atLeast0 }),
    record('down', {}),
    record('service', { by: fc.constantFrom('systemd', 'process', 'probe'), service: name }),
    record('threshold', {
      metric,
      of: fc.constantFrom('value', 'average', 'least', 'most', 'rate', 'increase'),
      windowMs: window,
      sumBy: fc.option(fc.uniqueArray(label, { maxLength: 3 })),
      comparison: fc.constantFrom('>', '>=', '<', '<=', '==', '!='),
      value: figure,
    }),
    record('change', {
      metric,
      windowMs: window,
      direction: fc.constantFrom('up', 'down', 'either'),
      amount: atLeast0,
      unit: fc.constantFrom('absolute', 'percent'),
    }),
    record('absence', { metric, windowMs: window }),
    record('prediction', {
      metric,
      direction: fc.constantFrom('above', 'below'),
      value: figure,
      withinMs: window,
      basedOnMs: window,
    }),
    record('log', { direction: fc.constantFrom('above', 'below'), perMinute: atLeast0, windowMs: window }),
    record('slo', {
      events: fc.oneof(
        fc.record({
          kind: fc.constant('events'),
          metric,
          bad: fc.array(matcher, { minLength: 1, maxLength: 2 }),
        }),
        fc.record({ kind: fc.constant('availability'), metric }),
        fc.record({ kind: fc.constant('latency'), metric, bound: fc.constantFrom('0.3', '1', '+Inf') }),
      ),
      objectivePercent: fc.double({ min: 70, max: 99.999, noNaN: true }),
      windowMs: seconds(7 * 86_400, 90 * 86_400),
      by: fc.uniqueArray(label, { maxLength: 2 }),
    }),
  )
  .map((form) => ruleFormSchema.parse(form));
