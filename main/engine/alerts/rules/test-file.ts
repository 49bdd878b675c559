import type { Labels } from '#shared/domain/labels.ts';
import { readDuration } from './duration.ts';
import type { RuleProblem } from './model.ts';
import { readSeries, readValues, type TestValue } from './series-notation.ts';
import { isFault, readYaml, type YamlEntry, type YamlView } from './yaml-view.ts';

/** A series of a test with its values at one interval after another from 0 on. */
export type TestSeries = { readonly labels: Labels; readonly values: readonly TestValue[] };

/** Alerts of one name that should fire at a time; texts as written. */
export type AlertTest = {
  readonly evalTimeMs: number;
  readonly alertname: string;
  readonly expected: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
};

/** What an expression should give at a time. */
export type ExpressionTest = {
  readonly expr: string;
  readonly evalTimeMs: number;
  readonly expected: readonly { readonly labels: Labels; readonly value: number }[];
};

/** One group of tests: series, and what is to come of them. */
export type TestGroup = {
  readonly name: string;
  readonly intervalMs: number;
  readonly series: readonly TestSeries[];
  readonly alerts: readonly AlertTest[];
  readonly expressions: readonly ExpressionTest[];
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly externalUrl: string;
};

/** A test file of `promtool test rules`. */
export type TestFile = {
  readonly ruleFiles: readonly string[];
  readonly evaluationIntervalMs: number;
  /** Names of groups in the order in which they are evaluated; others come after them, as they stand in the files. */
  readonly groupOrder: readonly string[];
  readonly tests: readonly TestGroup[];
};

/** A test file, or everything that is wrong with it. */
export type ReadTests =
  | { readonly ok: true; readonly file: TestFile }
  | { readonly ok: false; readonly problems: readonly RuleProblem[] };

const DEFAULT_INTERVAL_MS = 60_000;

/** Reads a test file strictly and whole. */
export function readTestFile(text: string): ReadTests {
  const read = readYaml(text);
  if (read === null) return { ok: false, problems: [{ line: 1, message: 'the file is empty' }] };
  if (isFault(read)) return { ok: false, problems: [read] };
  const reader = new TestReader();
  const file = reader.file(read);
  return reader.problems.length === 0 ? { ok: true, file } : { ok: false, problems: reader.problems };
}

type Fields = ReadonlyMap<string, YamlEntry>;

class TestReader {
  readonly problems: RuleProblem[] = [];

  #wrong(line: number, message: string): void {
    this.problems.push({ line, message });
  }

  #fields(view: YamlView, known: readonly string[]): Fields {
    if (view.kind === 'scalar' && view.isNull) return new Map();
    if (view.kind !== 'map') {
      this.#wrong(view.line, 'a map is expected');
      return new Map();
    }
    for (const { key, line } of view.entries)
      if (!known.includes(key)) this.#wrong(line, `field ${key} not found`);
    return new Map(view.entries.map((entry) => [entry.key, entry]));
  }

  #items(entry: YamlEntry | undefined): readonly YamlView[] {
    if (entry === undefined || (entry.value.kind === 'scalar' && entry.value.isNull)) return [];
    if (entry.value.kind === 'list') return entry.value.items;
    this.#wrong(entry.value.line, `${entry.key}: a list is expected`);
    return [];
  }

  #text(entry: YamlEntry | undefined): string {
    if (entry === undefined) return '';
    if (entry.value.kind === 'scalar') return entry.value.text;
    this.#wrong(entry.value.line, `${entry.key}: a text is expected`);
    return '';
  }

  #duration(entry: YamlEntry | undefined, otherwise: number): number {
    if (entry === undefined) return otherwise;
    const read = readDuration(this.#text(entry));
    if (typeof read === 'number') return read;
    this.#wrong(entry.value.line, read.wrong);
    return otherwise;
  }

  #strings(entry: YamlEntry | undefined): Readonly<Record<string, string>> {
    if (entry === undefined || (entry.value.kind === 'scalar' && entry.value.isNull)) return {};
    if (entry.value.kind === 'map')
      return Object.fromEntries(entry.value.entries.map((each) => [each.key, this.#text(each)]));
    this.#wrong(entry.value.line, `${entry.key}: a map is expected`);
    return {};
  }

  file(view: YamlView): TestFile {
    const fields = this.#fields(view, ['rule_files', 'evaluation_interval', 'group_eval_order', 'tests']);
    const list = (name: string): readonly string[] =>
      this.#items(fields.get(name)).map((item) => (item.kind === 'scalar' ? item.text : ''));
    return {
      ruleFiles: list('rule_files'),
      evaluationIntervalMs: this.#duration(fields.get('evaluation_interval'), 0) || DEFAULT_INTERVAL_MS,
      groupOrder: list('group_eval_order'),
      tests: this.#items(fields.get('tests')).map((item) => this.#group(item)),
    };
  }

  #group(view: YamlView): TestGroup {
    const fields = this.#fields(view, [
      'name',
      'interval',
      'input_series',
      'alert_rule_test',
      'promql_expr_test',
      'external_labels',
      'external_url',
    ]);
    return {
      name: this.#text(fields.get('name')),
      intervalMs: this.#duration(fields.get('interval'), 0),
      series: this.#items(fields.get('input_series')).flatMap((item) => this.#series(item)),
      alerts: this.#items(fields.get('alert_rule_test')).map((item) => this.#alert(item)),
      expressions: this.#items(fields.get('promql_expr_test')).map((item) => this.#expression(item)),
      externalLabels: this.#strings(fields.get('external_labels')),
      externalUrl: this.#text(fields.get('external_url')),
    };
  }

  #series(view: YamlView): readonly TestSeries[] {
    const fields = this.#fields(view, ['series', 'values']);
    const labels = readSeries(this.#text(fields.get('series')));
    const values = readValues(this.#text(fields.get('values')));
    if ('wrong' in labels) this.#wrong(fields.get('series')?.line ?? view.line, labels.wrong);
    else if ('wrong' in values) this.#wrong(fields.get('values')?.line ?? view.line, values.wrong);
    else return [{ labels, values }];
    return [];
  }

  #alert(view: YamlView): AlertTest {
    const fields = this.#fields(view, ['eval_time', 'alertname', 'exp_alerts']);
    const alertname = this.#text(fields.get('alertname'));
    if (alertname === '')
      this.#wrong(view.line, 'an item under alert_rule_test misses required attribute alertname');
    return {
      evalTimeMs: this.#duration(fields.get('eval_time'), 0),
      alertname,
      expected: this.#items(fields.get('exp_alerts')).map((item) => {
        const expected = this.#fields(item, ['exp_labels', 'exp_annotations']);
        return {
          labels: this.#strings(expected.get('exp_labels')),
          annotations: this.#strings(expected.get('exp_annotations')),
        };
      }),
    };
  }

  #expression(view: YamlView): ExpressionTest {
    const fields = this.#fields(view, ['expr', 'eval_time', 'exp_samples']);
    return {
      expr: this.#text(fields.get('expr')),
      evalTimeMs: this.#duration(fields.get('eval_time'), 0),
      expected: this.#items(fields.get('exp_samples')).flatMap((item) => this.#sample(item)),
    };
  }

  #sample(view: YamlView): ExpressionTest['expected'] {
    const fields = this.#fields(view, ['labels', 'value']);
    const text = this.#text(fields.get('labels'));
    const labels = text === '' ? [] : readSeries(text);
    const [value = Number.NaN] = numbers(this.#text(fields.get('value')));
    if (!('wrong' in labels)) return [{ labels, value }];
    this.#wrong(fields.get('labels')?.line ?? view.line, labels.wrong);
    return [];
  }
}

/** The number of an expected sample, which YAML may spell `.nan` or `.inf`. */
function numbers(text: string): readonly number[] {
  const read = readValues(text.replace(/^([+-]?)\.(?=[nNiI])/, '$1'));
  return 'wrong' in read ? [] : read.filter((value) => typeof value === 'number');
}
