import type { Labels } from '#shared/domain/labels.ts';
import { goQuote } from '../template/tokens.ts';
import { formatFloat } from '../template/values.ts';
import type { RuleQueries } from './evaluate.ts';
import { evaluateGroup, freshState, type GroupState } from './group.ts';
import type { AlertingRule, RuleGroup } from './model.ts';
import type { AlertTest, ExpressionTest, TestFile, TestGroup } from './test-file.ts';
import { TestStore } from './test-store.ts';

/** Runs queries over the series of a test. */
export type TestQueries = (
  store: TestStore,
  /** Step of a subquery that names none. */
  subqueryStepMs: number,
) => RuleQueries['query'];

/**
 * Runs the tests of a file over rule groups, in virtual time, as `promtool test rules` of Prometheus 2.42 does.
 *
 * @param groups the groups of all rule files, in the order of files
 * @returns what failed, in promtool's words and form; empty when nothing did
 */
export async function runRuleTests(
  file: TestFile,
  groups: readonly RuleGroup[],
  queries: TestQueries,
): Promise<readonly string[]> {
  const ordered = inOrder(groups, file.groupOrder);
  const failures: string[] = [];
  for (const test of file.tests) failures.push(...(await runGroup(file, test, ordered, queries)));
  return failures;
}

/** Named groups first, in that order; the others after them as they stand in the files. */
function inOrder(groups: readonly RuleGroup[], names: readonly string[]): readonly RuleGroup[] {
  const place = new Map(names.map((name, index) => [name, index]));
  return groups.toSorted((a, b) => (place.get(a.name) ?? names.length) - (place.get(b.name) ?? names.length));
}

async function runGroup(
  { evaluationIntervalMs }: TestFile,
  test: TestGroup,
  groups: readonly RuleGroup[],
  queries: TestQueries,
): Promise<readonly string[]> {
  const store = new TestStore();
  for (const { labels, values } of test.series)
    for (const [index, value] of values.entries())
      if (value !== 'none') store.add(labels, index * test.intervalMs, value);
  const query = queries(store, evaluationIntervalMs);
  const context: RuleQueries = { query, externalLabels: test.externalLabels, externalUrl: test.externalUrl };
  const failures: string[] = [];
  const asked = test.alerts.toSorted((a, b) => a.evalTimeMs - b.evalTimeMs);
  const end = Math.max(
    0,
    ...test.alerts.map((each) => each.evalTimeMs),
    ...test.expressions.map((each) => each.evalTimeMs),
  );
  let states: readonly GroupState[] = groups.map(freshState);
  let next = 0;
  for (let at = 0; at <= end; at += evaluationIntervalMs) {
    states = await evaluateAll(groups, states, at, context, store);
    const broken = groups.flatMap((group, index) => faultsOf(group, states[index] ?? [], at));
    if (broken.length > 0) return [...failures, ...broken];
    for (; next < asked.length && (asked[next]?.evalTimeMs ?? 0) < at + evaluationIntervalMs; next += 1) {
      const wanted = asked[next];
      if (wanted !== undefined) failures.push(...compareAlerts(test, wanted, groups, states));
    }
  }
  for (const expression of test.expressions) failures.push(...(await compareExpression(expression, query)));
  return failures;
}

async function evaluateAll(
  groups: readonly RuleGroup[],
  states: readonly GroupState[],
  at: number,
  context: RuleQueries,
  store: TestStore,
): Promise<readonly GroupState[]> {
  const next: GroupState[] = [];
  for (const [index, group] of groups.entries()) {
    const after = await evaluateGroup(
      group,
      states[index] ?? freshState(group),
      at,
      context,
      async (time, series, ended) => {
        for (const { labels, value } of series) store.add(labels, time, value);
        for (const labels of ended) store.add(labels, time, 'stale');
      },
    );
    next.push(after);
  }
  return next;
}

function faultsOf(group: RuleGroup, state: GroupState, at: number): readonly string[] {
  return group.rules.flatMap((rule, index) => {
    const why = state[index]?.why ?? null;
    return why === null ? [] : [`    rule: ${rule.name}, time: ${goDuration(at)}, err: ${why}`];
  });
}

type Shown = { readonly labels: Labels; readonly annotations: Labels };

const prefixOf = ({ name }: TestGroup): string => (name === '' ? '' : `    name: ${name},\n`);

function compareAlerts(
  test: TestGroup,
  { alertname, evalTimeMs, expected }: AlertTest,
  groups: readonly RuleGroup[],
  states: readonly GroupState[],
): readonly string[] {
  const got: Shown[] = groups.flatMap((group, at) =>
    group.rules.flatMap((rule, index) =>
      isAlert(rule, alertname)
        ? [...(states[at]?.[index]?.alerts.values() ?? [])]
            .filter(({ phase }) => phase === 'firing')
            .map(({ labels, annotations }) => ({ labels, annotations: pairs(annotations) }))
        : [],
    ),
  );
  const wanted: Shown[] = expected.map(({ labels, annotations }) => ({
    labels: pairs({ ...labels, alertname }),
    annotations: pairs(annotations),
  }));
  const [left, right] = [listText(wanted), listText(got)];
  if (left === right) return [];
  const time = promDuration(evalTimeMs);
  return [
    `${prefixOf(test)}    alertname: ${alertname}, time: ${time}, \n        exp:${indented(left)}, \n        got:${indented(right)}`,
  ];
}

/** Names and values in the order of names; unlike labels, annotations may be empty. */
function pairs(record: Readonly<Record<string, string>>): Labels {
  return Object.entries(record)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flat();
}

function isAlert(rule: RuleGroup['rules'][number], alertname: string): rule is AlertingRule {
  return rule.kind === 'alerting' && rule.name === alertname;
}

function listText(alerts: readonly Shown[]): string {
  if (alerts.length === 0) return '[]';
  const sorted = alerts.toSorted(
    (a, b) => compareLabels(a.labels, b.labels) || compareLabels(a.annotations, b.annotations),
  );
  const items = sorted.map(
    ({ labels, annotations }, index) =>
      `${index}:\n  Labels:${labelsText(labels)}\n  Annotations:${labelsText(annotations)}`,
  );
  return `[\n${items.join(',\n')}\n]`;
}

const indented = (text: string): string => text.replaceAll('\n', '\n            ');

/** Labels as Prometheus prints them. */
function labelsText(labels: Labels): string {
  const pairs: string[] = [];
  for (let i = 0; i < labels.length; i += 2) pairs.push(`${labels[i]}=${goQuote(labels[i + 1] ?? '')}`);
  return `{${pairs.join(', ')}}`;
}

function compareLabels(a: Labels, b: Labels): number {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const order = Buffer.compare(Buffer.from(a[i] ?? ''), Buffer.from(b[i] ?? ''));
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

async function compareExpression(
  { expr, evalTimeMs, expected }: ExpressionTest,
  query: RuleQueries['query'],
): Promise<readonly string[]> {
  const head = `    expr: ${goQuote(expr)}, time: ${promDuration(evalTimeMs)}`;
  let got: ExpressionTest['expected'];
  try {
    got = await query(expr, evalTimeMs);
  } catch (thrown) {
    if (thrown instanceof Error) return [`${head}, err: ${thrown.message}`];
    throw thrown;
  }
  const [left, right] = [samplesText(expected), samplesText(got)];
  return left === right ? [] : [`${head},\n        exp: ${left}\n        got: ${right}`];
}

function samplesText(samples: ExpressionTest['expected']): string {
  if (samples.length === 0) return 'nil';
  return samples
    .toSorted((a, b) => compareLabels(a.labels, b.labels))
    .map(({ labels, value }) => `${labelsText(labels)} ${goExponent(value)}`)
    .join(', ');
}

/** `strconv.FormatFloat(v, 'E', -1, 64)`. */
function goExponent(value: number): string {
  if (!Number.isFinite(value)) return formatFloat(value);
  const text = Object.is(value, -0) ? '-0e+0' : value.toExponential();
  return text.replace(/e([+-])(\d)$/, 'e$10$2').toUpperCase();
}

const UNITS: readonly (readonly [string, number, boolean])[] = [
  ['y', 365 * 86_400_000, true],
  ['w', 7 * 86_400_000, true],
  ['d', 86_400_000, false],
  ['h', 3_600_000, false],
  ['m', 60_000, false],
  ['s', 1_000, false],
  ['ms', 1, false],
];

/** A duration as Prometheus writes it: `1h30m`; years and weeks only where nothing is left over. */
function promDuration(ms: number): string {
  if (ms === 0) return '0s';
  let left = ms;
  let text = '';
  for (const [unit, scale, isExact] of UNITS) {
    if (isExact && left % scale !== 0) continue;
    const count = Math.floor(left / scale);
    if (count > 0) text += `${count}${unit}`;
    left -= count * scale;
  }
  return text;
}

/** A duration as Go's `time.Duration` writes it: `1h30m0s`. */
function goDuration(ms: number): string {
  if (ms === 0) return '0s';
  if (ms < 1_000) return `${ms}ms`;
  const [hours, minutes, seconds] = [
    Math.floor(ms / 3_600_000),
    Math.floor(ms / 60_000) % 60,
    (ms % 60_000) / 1_000,
  ];
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`;
}
