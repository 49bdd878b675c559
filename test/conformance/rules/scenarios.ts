/** Rules over series in virtual time; both sides say what fires and which series there are at each time. */
export type Scenario = {
  readonly name: string;
  /** The groups of a rule file, as YAML. */
  readonly groups: string;
  /** `[series, values]` at an interval of one minute. */
  readonly series: readonly (readonly [string, string])[];
  /** Times that are looked at. */
  readonly times: readonly string[];
  readonly intervalS?: number;
  readonly evaluationS?: number;
  /** Names of groups in their order. */
  readonly order?: readonly string[];
};

const times = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, n) => `${from + n}m`);

/** A group with one alerting rule. */
function one(rule: string, head = ''): string {
  return `- name: g\n${head}  rules:\n  - alert: A\n${rule
    .trim()
    .split('\n')
    .map((line) => `    ${line.replace(/^ {0,4}/, '')}`)
    .join('\n')}\n`;
}

const UP: Scenario['series'] = [
  ['up{job="web",instance="a:1"}', '1 1 0 0 0 0 0 1 1 1 0 0 0'],
  ['up{job="web",instance="b:1"}', '1 0 1 0 1 0 1 0 1 0 1 0 1'],
  ['up{job="db",instance="c:1"}', '1x12'],
];
const LOAD: Scenario['series'] = [
  ['load{host="a"}', '0+1x12'],
  ['load{host="b"}', '12-1x12'],
  ['load{host="c"}', '5x4 _x3 5x4'],
];

/** Every duration of `for` and `keep_firing_for` that matters, over series that flap. */
const holding: readonly Scenario[] = ['0s', '1m', '2m', '90s', '5m'].flatMap((hold) =>
  ['0s', '1m', '3m', '150s'].map((keep) => ({
    name: `for ${hold}, keep_firing_for ${keep}`,
    groups: one(`expr: up == 0\nfor: ${hold}\nkeep_firing_for: ${keep}\nannotations: {v: "{{ $value }}"}`),
    series: UP,
    times: times(0, 12),
  })),
);

/** How series come, go and come back. */
const comings: readonly (readonly [string, string])[] = [
  ['a gap shorter than the lookback', '1 1 _ _ 1 1'],
  ['a gap longer than the lookback', '1 1 _x7 1 1 1'],
  ['a stale marker', '1 1 stale _ 1 1'],
  ['stale at once', 'stale 1 1'],
  ['NaN', '1 NaN NaN 1'],
  ['infinite', '1 Inf -Inf 1'],
  ['comes late', '_x5 1 1 1'],
  ['ends', '1 1 1'],
];
const vanishing: readonly Scenario[] = comings.flatMap(([name, values]) => [
  {
    name: `series: ${name}`,
    groups: one('expr: v > 0\nfor: 1m\nannotations: {v: "{{ $value | humanize }}"}'),
    series: [['v{x="1"}', values]],
    times: times(0, 12),
  },
  {
    name: `absent: ${name}`,
    groups: one('expr: absent(v{x="1"})\nfor: 2m\nkeep_firing_for: 2m'),
    series: [['v{x="1"}', values]],
    times: times(0, 14),
  },
]);

const texts: readonly Scenario[] = [
  ['fixed labels', 'labels: {severity: page, team: "ops"}'],
  ['label from a label', 'labels: {who: "{{ $labels.host }}"}'],
  ['label from the value: each change is a new alert', 'labels: {value: "{{ $value }}"}'],
  ['label that is empty', 'labels: {host: ""}'],
  ['label that becomes empty', 'labels: {host: "{{ $labels.none }}"}'],
  ['label that overwrites', 'labels: {host: "x-{{ $labels.host }}"}'],
  ['label called alertname', 'labels: {alertname: other}'],
  ['label with an error', 'labels: {bad: "{{ humanize \\"x\\" }}"}'],
  ['annotation with an error', 'annotations: {bad: "{{ .Nope }}"}'],
  [
    'annotation with a query',
    'annotations: {n: "{{ with query \\"count(load)\\" }}{{ . | first | value }}{{ end }}"}',
  ],
  [
    'annotation with a range',
    // By label: Prometheus puts equal values in any order.
    'annotations: {n: "{{ range query \\"load\\" | sortByLabel \\"host\\" }}{{ .Labels.host }}={{ .Value }} {{ end }}"}',
  ],
  ['annotation that is empty', 'annotations: {n: ""}'],
  ['external labels and address', 'annotations: {n: "{{ $externalLabels.site }} {{ $externalURL }}"}'],
  ['Chinese', 'labels: {"级别": "x"}'],
  ['Chinese text', 'annotations: {summary: "主机 {{ $labels.host }} 负载 {{ printf \\"%.1f\\" $value }}"}'],
].flatMap(([name = '', rule = '']) =>
  name === 'Chinese'
    ? []
    : [{ name, groups: one(`expr: load > 4\n${rule}`), series: LOAD, times: ['0m', '3m', '6m', '9m'] }],
);

const limits: readonly Scenario[] = [
  {
    name: 'limit not reached',
    groups: one('expr: load > 4', '  limit: 5\n'),
    series: LOAD,
    times: times(0, 6),
  },
  { name: 'limit exceeded', groups: one('expr: load > 4', '  limit: 1\n'), series: LOAD, times: times(0, 3) },
  {
    name: 'limit of a recording rule exceeded',
    groups: '- name: g\n  limit: 2\n  rules:\n  - record: a:b\n    expr: load\n',
    series: LOAD,
    times: times(0, 2),
  },
  {
    name: 'two elements with the same labels',
    groups: one('expr: load > 4\nlabels: {host: same}'),
    series: LOAD,
    times: times(0, 6),
  },
  {
    name: 'two recorded series with the same labels',
    groups: '- name: g\n  rules:\n  - record: a:b\n    expr: load\n    labels: {host: same}\n',
    series: LOAD,
    times: times(0, 2),
  },
];

const recording: readonly Scenario[] = [
  {
    name: 'an alert on a recorded series of the same group',
    groups:
      '- name: g\n  rules:\n  - record: job:load:max\n    expr: max(load)\n    labels: {of: all}\n  - alert: A\n    expr: job:load:max > 7\n    for: 2m\n',
    series: LOAD,
    times: times(0, 12),
  },
  {
    name: 'an alert before the rule that records, a step behind',
    groups:
      '- name: g\n  rules:\n  - alert: A\n    expr: job:load:max > 7\n  - record: job:load:max\n    expr: max(load)\n',
    series: LOAD,
    times: times(0, 12),
  },
  {
    // Without an order, promtool takes groups as they come out of a map of Go: each time another one.
    name: 'groups in the order that is asked for',
    order: ['a', 'z'],
    groups:
      '- name: z\n  rules:\n  - record: x:y\n    expr: sum(load)\n- name: a\n  rules:\n  - alert: A\n    expr: x:y > 1\n',
    series: LOAD,
    times: times(0, 5),
  },
  {
    name: 'a recorded series ends with its source',
    groups: '- name: g\n  rules:\n  - record: v:x\n    expr: v > 2\n  - record: v:y\n    expr: v:x * 2\n',
    series: [['v{x="1"}', '1 2 3 4 1 2 3 stale 5 6']],
    times: times(0, 10),
  },
  {
    name: 'a recorded label that is empty takes it away',
    groups: '- name: g\n  rules:\n  - record: v:x\n    expr: load\n    labels: {host: "", new: "1"}\n',
    series: [['load{host="a",z="1"}', '1x5']],
    times: times(0, 3),
  },
  {
    name: 'a scalar',
    groups: '- name: g\n  rules:\n  - record: v:x\n    expr: 42\n  - alert: A\n    expr: vector(1)\n',
    series: LOAD,
    times: times(0, 2),
  },
  {
    name: 'ALERTS as a source of another alert',
    groups:
      '- name: g\n  rules:\n  - alert: B\n    expr: load > 8\n    for: 1m\n  - alert: A\n    expr: count(ALERTS{alertname="B",alertstate="firing"}) > 0\n',
    series: LOAD,
    times: times(0, 12),
  },
  {
    name: 'rates and offsets',
    groups: one('expr: rate(load[3m]) > 0.01 or load offset 2m > 9\nfor: 1m'),
    series: LOAD,
    times: times(0, 12),
  },
  {
    name: 'a subquery without a step takes the evaluation interval',
    groups: one('expr: max_over_time(load[5m:]) - min_over_time(load[5m:]) > 3'),
    series: LOAD,
    times: times(0, 8),
  },
  {
    name: 'two rules of one name',
    groups:
      '- name: g\n  rules:\n  - alert: A\n    expr: load > 8\n    labels: {severity: page}\n  - alert: A\n    expr: load > 4\n    labels: {severity: warn}\n',
    series: LOAD,
    times: times(0, 6),
  },
];

const rhythm: readonly Scenario[] = [
  { evaluationS: 30 },
  { evaluationS: 120 },
  { evaluationS: 90, intervalS: 45 },
  { evaluationS: 15, intervalS: 15 },
].map((spacing) => ({
  name: `evaluated every ${spacing.evaluationS} s`,
  groups: one('expr: up == 0\nfor: 90s\nkeep_firing_for: 45s'),
  series: UP,
  times: ['0s', '44s', '45s', '46s', '1m', '100s', '2m', '150s', '3m', '4m59s', '5m', '6m'],
  ...spacing,
}));

/** All scenarios. */
export const SCENARIOS: readonly Scenario[] = [
  ...holding,
  ...vanishing,
  ...texts,
  ...limits,
  ...recording,
  ...rhythm,
];
