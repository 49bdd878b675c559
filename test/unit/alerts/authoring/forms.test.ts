import { expect, test } from 'vitest';
import type { z } from 'zod';
import { type RuleForm, ruleFormSchema } from '#shared/contract/rule-forms.ts';
import { formFileText, readFormFile } from '../../../../main/engine/alerts/authoring/form-file.ts';
import { formToRule } from '../../../../main/engine/alerts/authoring/form-to-rule.ts';
import { fakeTime } from '../../../helpers/fake-time.ts';
import { openRulesBench, quietCall, unwrap } from '../../../helpers/rules-bench.ts';
import { temporaryFolder } from '../../../helpers/temp-folder.ts';

const FS = 'fstype!~"squashfs|iso9660|erofs|overlay|tmpfs|devtmpfs|ramfs"';
/** A form as it is given: what has a default may be left out. */
type RuleFormInput = z.input<typeof ruleFormSchema>;
const form = (input: RuleFormInput): RuleForm => ruleFormSchema.parse(input);
const exprOf = (input: RuleFormInput): string =>
  formToRule(form({ ...input, name: 'A' }))
    .at(-1)
    ?.rules.at(-1)?.expr ?? '';
const on = { label: 'instance', op: '=', value: 'app-2' } as const;

test.each<readonly [string, RuleFormInput, string]>([
  [
    'disk',
    { kind: 'disk', name: '', percent: 90, matchers: [on] },
    `100 * (1 - node_filesystem_avail_bytes{${FS},instance="app-2"} / node_filesystem_size_bytes{${FS},instance="app-2"}) > 90`,
  ],
  [
    'memory',
    { kind: 'memory', name: '' },
    '100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes) > 90',
  ],
  [
    'cpu',
    { kind: 'cpu', name: '', percent: 80 },
    '100 * (1 - avg without (cpu, mode) (rate(node_cpu_seconds_total{mode="idle"}[5m]))) > 80',
  ],
  [
    'load',
    { kind: 'load', name: '' },
    'node_load5 / count without (cpu, mode) (node_cpu_seconds_total{mode="idle"}) > 2',
  ],
  ['down', { kind: 'down', name: '', matchers: [on] }, 'up{instance="app-2"} == 0'],
  [
    'service',
    { kind: 'service', name: '', service: 'nginx.service' },
    'node_systemd_unit_state{name="nginx.service",state="active"} == 0',
  ],
  [
    'processes of a pattern',
    { kind: 'service', name: '', by: 'process', service: 'app.*' },
    'namedprocess_namegroup_num_procs{groupname=~"app\\\\..*"} == 0',
  ],
  [
    'probe',
    { kind: 'service', name: '', by: 'probe', service: 'https://a' },
    'probe_success{instance="https://a"} == 0',
  ],
  ['threshold', { kind: 'threshold', name: '', metric: 'queue', value: 5 }, 'queue > 5'],
  [
    'rate added up',
    { kind: 'threshold', name: '', metric: 'errors_total', of: 'rate', sumBy: ['job'], value: 0.5 },
    'sum by (job) (rate(errors_total[5m])) > 0.5',
  ],
  [
    'change',
    { kind: 'change', name: '', metric: 'queue', amount: 50 },
    '100 * abs(queue - queue offset 1h) / abs(queue offset 1h) > 50',
  ],
  [
    'fall',
    { kind: 'change', name: '', metric: 'queue', amount: 7, direction: 'down', unit: 'absolute' },
    '(queue offset 1h - queue) > 7',
  ],
  ['absence', { kind: 'absence', name: '', metric: 'queue' }, 'absent_over_time(queue[10m])'],
  [
    'prediction',
    { kind: 'prediction', name: '', metric: 'free', direction: 'below', value: 0 },
    'predict_linear(free[6h], 86400) <= 0 and free > 0',
  ],
  [
    'log',
    { kind: 'log', name: '', perMinute: 100 },
    'sum by (source, host) (rate(hmtt_log_source_lines_total[5m])) * 60 > 100',
  ],
  ['expression', { kind: 'expression', name: '', expr: ' up\n== 0 ' }, 'up\n== 0'],
])('%s', (_, input, expected) => {
  expect(exprOf(input)).toBe(expected);
});

test('what people write is never taken for a template', () => {
  const text = formFileText(form({ kind: 'service', name: 'A', service: '{{ 1 }}', advice: 'ask {{ x }}' }));
  expect(text).toContain('{{ \\"{{\\" }} 1 }}');
  expect(text).toContain('ask {{ \\"{{\\" }} x }}');
});

test('a form of an SLO has the burn rates of the book', () => {
  const [group] = formToRule(
    form({
      kind: 'slo',
      name: 'web',
      objectivePercent: 99.9,
      events: {
        kind: 'events',
        metric: 'http_requests_total',
        bad: [{ label: 'code', op: '=~', value: '5..' }],
      },
    }),
  );
  const of = (window: string): string => `slo:error_ratio:rate${window}{slo="web"}`;
  expect(group?.rules.filter(({ kind }) => kind === 'recording').map(({ name }) => name)).toEqual(
    ['5m', '30m', '1h', '2h', '6h', '1d', '3d'].map((window) => `slo:error_ratio:rate${window}`),
  );
  const alerts = group?.rules.filter(({ kind }) => kind === 'alerting') ?? [];
  expect(alerts.map(({ expr, labels }) => [labels[0]?.[1], expr])).toEqual([
    [
      'critical',
      `(${of('1h')} > 14.4 * 0.001 and ${of('5m')} > 14.4 * 0.001)\nor\n(${of('6h')} > 6 * 0.001 and ${of('30m')} > 6 * 0.001)`,
    ],
    [
      'warning',
      `(${of('1d')} > 3 * 0.001 and ${of('2h')} > 3 * 0.001)\nor\n(${of('3d')} > 1 * 0.001 and ${of('6h')} > 1 * 0.001)`,
    ],
  ]);
});

test('an SLO tells what is left of its budget, how fast it goes, and fires when it goes too fast', async () => {
  const bench = await openRulesBench(temporaryFolder(), fakeTime(1_700_000_000_000));
  const saved = unwrap(
    await bench.rules.handlers['rules.forms.save'](
      {
        file: null,
        form: form({
          kind: 'slo',
          name: 'web',
          objectivePercent: 99,
          events: { kind: 'availability', metric: 'up' },
          by: ['job'],
        }),
      },
      quietCall,
    ),
  );
  expect(saved.problems).toEqual([]);
  bench.feed('up{instance=a,job=web}', 1);
  bench.feed('up{instance=b,job=web}', 1);
  await bench.pass(600, 20);
  const state = (): string | undefined =>
    bench.rules.groups().flatMap(({ rules }) => rules.filter(({ kind }) => kind === 'alerting'))[0]?.state;
  expect(state()).toBe('inactive');
  bench.feed('up{instance=b,job=web}', 0);
  await bench.pass(600, 20);
  expect(state()).toBe('firing');
  const { slos } = unwrap(await bench.rules.handlers['rules.slo.list']({}, quietCall));
  const [budget] = slos[0]?.budgets ?? [];
  expect(slos[0]).toMatchObject({ name: 'web', file: 'form/web.yml', objectivePercent: 99 });
  expect(budget?.labels).toEqual({ job: 'web' });
  // Half of half of the time: a quarter is bad, which is 25 times the budget of 1 %.
  expect(budget?.errorRatio).toBeCloseTo(0.25, 1);
  expect(budget?.left).toBeCloseTo(-24, -1);
  expect(budget?.burn[0]?.rate).toBeCloseTo(25, -1);
});

test('a form is saved, changed, and not written over what was changed by hand', async () => {
  const bench = await openRulesBench(temporaryFolder(), fakeTime(1_700_000_000_000));
  const { handlers } = bench.rules;
  const save = (file: string | null, value: number) =>
    handlers['rules.forms.save'](
      { file, form: form({ kind: 'threshold', name: 'Q', metric: 'queue', value }) },
      quietCall,
    );
  expect(unwrap(await save(null, 1)).file?.name).toBe('form/Q.yml');
  expect(unwrap(await save(null, 2)).file?.name).toBe('form/Q-2.yml');
  expect(unwrap(await save('form/Q.yml', 3)).file?.name).toBe('form/Q.yml');
  const text = unwrap(await handlers['rules.files.get']({ name: 'form/Q.yml' }, quietCall)).text;
  expect(readFormFile(text)?.form).toMatchObject({ value: 3 });
  await bench.put('form/Q.yml', text.replace('queue > 3', 'queue > 4'));
  expect(await save('form/Q.yml', 5)).toMatchObject({ ok: false, error: { code: 'RULE_FORM_EDITED' } });
  expect(unwrap(await handlers['rules.forms.get']({ file: 'form/Q.yml' }, quietCall))).toEqual({
    form: null,
    edited: true,
  });
  expect(unwrap(await handlers['rules.forms.list']({}, quietCall)).forms.map(({ file }) => file)).toEqual([
    'form/Q-2.yml',
  ]);
});

test('a negative zero is zero from the start, as the file gives it back', () => {
  const given = form({ kind: 'threshold', name: 'A', metric: 'queue', value: -0, forMs: -0 });
  expect(given).toMatchObject({ value: 0, forMs: 0 });
  expect(readFormFile(formFileText(given))).toEqual({ form: given, edited: false });
});
