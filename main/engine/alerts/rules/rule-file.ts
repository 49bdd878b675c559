import { parseRuleTemplate, type RuleTemplate } from '../template/expand.ts';
import { goQuote } from '../template/tokens.ts';
import { readDuration } from './duration.ts';
import type { Rule, RuleGroup, RuleProblem } from './model.ts';
import { isFault, readYaml, type YamlEntry, type YamlView } from './yaml-view.ts';

/** What is wrong with an expression, or null; the query language's own check. */
export type CheckExpression = (expr: string) => string | null;

/** A rule file that can be used whole, or everything that is wrong with it. */
export type ReadRules =
  | { readonly ok: true; readonly groups: readonly RuleGroup[] }
  | { readonly ok: false; readonly problems: readonly RuleProblem[] };

const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const MAX_PROBLEMS = 200;

/**
 * Reads a rule file of Prometheus 2.42 (pkg/rulefmt): strictly, whole, with every problem named.
 */
export function readRuleFile(text: string, checkExpression: CheckExpression): ReadRules {
  const read = readYaml(text);
  if (read === null) return { ok: true, groups: [] };
  if (isFault(read)) return { ok: false, problems: [read] };
  const reader = new RuleReader(checkExpression);
  const groups = reader.file(read);
  const { problems } = reader;
  return problems.length === 0
    ? { ok: true, groups }
    : { ok: false, problems: problems.slice(0, MAX_PROBLEMS) };
}

type RulePlace = { readonly group: string; readonly number: number; readonly name: string };
type Fields = ReadonlyMap<string, YamlEntry>;

class RuleReader {
  readonly problems: RuleProblem[] = [];
  readonly #check: CheckExpression;

  constructor(check: CheckExpression) {
    this.#check = check;
  }

  #wrong(line: number, message: string, place?: Partial<RulePlace>): void {
    const { group, number, name } = place ?? {};
    this.problems.push({
      line,
      message,
      ...(group === undefined ? {} : { group }),
      ...(number === undefined ? {} : { rule: { number, name: name ?? '' } }),
    });
  }

  /** The known fields of a map; an unknown one is a problem, as in strict YAML of Prometheus. */
  #fields(view: YamlView, known: readonly string[], type: string): Fields {
    if (view.kind === 'scalar' && view.isNull) return new Map();
    if (view.kind !== 'map') {
      this.#wrong(view.line, `cannot unmarshal ${described(view)} into ${type}`);
      return new Map();
    }
    for (const { key, line } of view.entries)
      if (!known.includes(key)) this.#wrong(line, `field ${key} not found in type ${type}`);
    return new Map(view.entries.map((entry) => [entry.key, entry]));
  }

  #items(entry: YamlEntry | undefined): readonly YamlView[] {
    if (entry === undefined || (entry.value.kind === 'scalar' && entry.value.isNull)) return [];
    if (entry.value.kind === 'list') return entry.value.items;
    this.#wrong(entry.value.line, `cannot unmarshal ${described(entry.value)} into a list`);
    return [];
  }

  #text(entry: YamlEntry | undefined): string {
    if (entry === undefined) return '';
    if (entry.value.kind === 'scalar') return entry.value.text;
    this.#wrong(entry.value.line, `cannot unmarshal ${described(entry.value)} into string`);
    return '';
  }

  #duration(entry: YamlEntry | undefined): number | null {
    if (entry === undefined) return null;
    const read = readDuration(this.#text(entry));
    if (typeof read === 'number') return read;
    this.#wrong(entry.value.line, read.wrong);
    return null;
  }

  file(view: YamlView): readonly RuleGroup[] {
    const groups = this.#items(this.#fields(view, ['groups'], 'rulefmt.RuleGroups').get('groups'));
    const seen = new Set<string>();
    return groups.map((item) => {
      const fields = this.#fields(item, ['name', 'interval', 'limit', 'rules'], 'rulefmt.RuleGroup');
      const name = this.#text(fields.get('name'));
      if (name === '') this.#wrong(item.line, 'Groupname must not be empty');
      if (seen.has(name)) this.#wrong(item.line, `groupname: ${goQuote(name)} is repeated in the same file`);
      seen.add(name);
      const limit = fields.get('limit');
      const rules = this.#items(fields.get('rules')).flatMap((rule, index) =>
        this.#rule(rule, name, index + 1),
      );
      return {
        name,
        // An interval of 0 is none, as in Prometheus.
        intervalMs: this.#duration(fields.get('interval')) || null,
        limit: this.#whole(limit),
        rules,
      };
    });
  }

  #whole(entry: YamlEntry | undefined): number {
    if (entry === undefined) return 0;
    const text = this.#text(entry);
    if (/^-?\d{1,15}$/.test(text)) return Number(text);
    if (text !== '') this.#wrong(entry.value.line, `cannot unmarshal ${goQuote(text)} into int`);
    return 0;
  }

  #rule(view: YamlView, group: string, number: number): readonly Rule[] {
    const fields = this.#fields(
      view,
      ['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'],
      'rulefmt.RuleNode',
    );
    const record = this.#text(fields.get('record'));
    const alert = this.#text(fields.get('alert'));
    const expr = this.#text(fields.get('expr'));
    const place = { group, number, name: alert === '' ? record : alert };
    const wrong = (field: string, message: string): void =>
      this.#wrong(fields.get(field)?.value.line ?? view.line, message, place);
    if (record !== '' && alert !== '') wrong('record', "only one of 'record' and 'alert' must be set");
    if (record === '' && alert === '') wrong('record', "one of 'record' or 'alert' must be set");
    const exprWrong = expr === '' ? null : this.#check(expr);
    if (expr === '') wrong('expr', "field 'expr' must be set in rule");
    else if (exprWrong !== null) wrong('expr', `could not parse expression: ${exprWrong}`);
    const forMs = this.#duration(fields.get('for')) ?? 0;
    const keepFiringForMs = this.#duration(fields.get('keep_firing_for')) ?? 0;
    const labels = this.#map(fields.get('labels'));
    const annotations = this.#map(fields.get('annotations'));
    if (record !== '') {
      if (annotations.length > 0) wrong('annotations', "invalid field 'annotations' in recording rule");
      if (forMs !== 0) wrong('for', "invalid field 'for' in recording rule");
      if (keepFiringForMs !== 0)
        wrong('keep_firing_for', "invalid field 'keep_firing_for' in recording rule");
      if (!METRIC.test(record)) wrong('record', `invalid recording rule name: ${record}`);
    }
    for (const { key, line } of labels)
      if (!LABEL.test(key) || key === '__name__') this.#wrong(line, `invalid label name: ${key}`, place);
    for (const { key, line } of annotations)
      if (!LABEL.test(key)) this.#wrong(line, `invalid annotation name: ${key}`, place);
    if (alert === '')
      return [
        {
          kind: 'recording',
          name: record,
          expr,
          labels: labels.map((entry) => [entry.key, this.#text(entry)] as const),
        },
      ];
    return [
      {
        kind: 'alerting',
        name: alert,
        expr,
        forMs,
        keepFiringForMs,
        labels: this.#templates('label', labels, place),
        annotations: this.#templates('annotation', annotations, place),
      },
    ];
  }

  #map(entry: YamlEntry | undefined): readonly YamlEntry[] {
    if (entry === undefined || (entry.value.kind === 'scalar' && entry.value.isNull)) return [];
    if (entry.value.kind === 'map') return entry.value.entries;
    this.#wrong(entry.value.line, `cannot unmarshal ${described(entry.value)} into map[string]string`);
    return [];
  }

  #templates(
    what: 'label' | 'annotation',
    entries: readonly YamlEntry[],
    place: RulePlace,
  ): readonly (readonly [string, RuleTemplate])[] {
    return entries.flatMap((entry) => {
      const parsed = parseRuleTemplate(place.name, this.#text(entry));
      if (!('wrong' in parsed)) return [[entry.key, parsed] as const];
      this.#wrong(entry.value.line, `${what} ${goQuote(entry.key)}: ${parsed.wrong}`, place);
      return [];
    });
  }
}

function described(view: YamlView): string {
  if (view.kind === 'map') return '!!map';
  if (view.kind === 'list') return '!!seq';
  return goQuote(view.text);
}
