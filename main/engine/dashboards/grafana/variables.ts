import type * as z from 'zod';
import { ALL, type VariableSort, type variableSchema } from '#shared/domain/dashboard/variables.ts';
import { integer, isJson, type Node } from './node.ts';
import { type Inputs, isPromql, sourceKind } from './targets.ts';

export type VariableInput = z.input<typeof variableSchema>;
type QueryInput = Extract<VariableInput, { readonly kind: 'query' }>;

const SORTS: readonly VariableSort[] = [
  'none',
  'text',
  'text-descending',
  'number',
  'number-descending',
  'any-case',
  'any-case-descending',
  'natural',
  'natural-descending',
];

/** Values that were chosen when it was exported. */
function chosenOf(node: Node): string[] {
  const current = node.raw('current');
  const value = isJson(current) ? current.value : undefined;
  const values = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return values
    .filter((each): each is string => typeof each === 'string' && each !== '')
    .map((each) => (each === 'All' || each === ALL ? ALL : each.slice(0, 5000)))
    .slice(0, 1000);
}

/** What a query of Grafana's Prometheus data source asks for. */
function readSource(query: string): QueryInput['source'] | null {
  const text = query.trim();
  if (text === '') return null;
  const values = /^label_values\((?:([\s\S]+),\s*)?([a-zA-Z_$][\w${}:.]*)\s*\)$/.exec(text);
  if (values?.[2] !== undefined)
    return { of: 'labelValues', label: values[2], selector: (values[1] ?? '').trim() };
  const names = /^label_names\(([\s\S]*)\)$/.exec(text);
  if (names !== null) return { of: 'labelNames', selector: (names[1] ?? '').trim() };
  const metrics = /^metrics\(([\s\S]+)\)$/.exec(text);
  if (metrics?.[1] !== undefined) return { of: 'metrics', pattern: metrics[1].trim().slice(0, 1000) };
  const result = /^query_result\(([\s\S]+)\)$/.exec(text);
  if (result?.[1] !== undefined) return { of: 'result', expr: result[1].trim() };
  return { of: 'series', selector: text };
}

function readQuery(
  node: Node,
  common: ReturnType<typeof readCommon>,
  choosing: ReturnType<typeof readChoosing>,
  inputs: Inputs,
): VariableInput | null {
  const kind = sourceKind(node.raw('datasource'), inputs);
  const raw = node.raw('query');
  const query = isJson(raw) ? raw.query : raw;
  const text = (typeof query === 'string' ? query : node.text('definition', 20_000)).slice(0, 20_000);
  node.skip('definition', 'refresh', 'regexApplyTo', 'staticOptions', 'staticOptionsOrder');
  const source = isPromql(kind) ? readSource(text) : null;
  if (source === null) {
    const what = isPromql(kind) ? text : `${kind}: ${text}`;
    node.left('query', {
      zh: `变量的查询无法使用，变量已略去：${what.slice(0, 200)}`,
      en: `its query cannot be used; the variable was left out: ${what.slice(0, 200)}`,
    });
    return null;
  }
  return {
    kind: 'query',
    ...common,
    ...choosing,
    source,
    regex: node.text('regex', 1000),
    sort: SORTS[integer(node.number('sort'), 0, SORTS.length - 1) ?? 0] ?? 'none',
  };
}

/** `a, b : c, d\,e` as options: text before the colon, value behind it. */
function customOptions(query: string): { text: string; value: string }[] {
  return query
    .split(/(?<!\\),/)
    .map((part) => part.replaceAll('\\,', ',').trim())
    .filter((part) => part !== '')
    .slice(0, 1000)
    .map((part) => {
      const pair = /^(.+?)\s:\s(.+)$/.exec(part);
      const [text, value] = [pair?.[1] ?? part, pair?.[2] ?? part];
      return { text: text.slice(0, 5000), value: value.slice(0, 5000) };
    });
}

function readCommon(node: Node, name: string) {
  const hide = node.number('hide') ?? 0;
  return {
    name,
    label: node.text('label', 300),
    description: node.text('description', 2000),
    hidden: hide === 1 ? ('label' as const) : hide === 2 ? ('all' as const) : ('no' as const),
  };
}

function readChoosing(node: Node) {
  return {
    multi: node.flag('multi'),
    includeAll: node.flag('includeAll'),
    allValue: node.text('allValue', 5000),
    chosen: chosenOf(node),
  };
}

/** A constant's value; an export has a placeholder there, and the value among its inputs. */
function constantOf(node: Node, inputs: Inputs, most: number): string {
  const query = node.text('query', most);
  const placeholder = /^\$\{(\w+)\}$/.exec(query)?.[1];
  return placeholder === undefined ? query : (inputs.constants.get(placeholder) ?? query);
}

/** One variable; null when there is none like it here. */
export function readVariable(node: Node, inputs: Inputs): VariableInput | null {
  const kind = node.text('type', 50);
  const name = node.text('name', 200);
  node.skip(
    'options',
    'skipUrlSync',
    'id',
    'global',
    'index',
    'state',
    'error',
    'tags',
    'useTags',
    'tagsQuery',
    'tagValuesQuery',
    'allFormat',
    'queryValue',
    'allowCustomValue',
    'datasource',
    'current',
    'rootStateKey',
    'multiFormat',
    'tagValuesQuery',
    'auto_count',
    'auto_min',
    'usePrefix',
    'valuesFormat',
  );
  if (kind === 'datasource') {
    node.note('type', {
      zh: `数据源变量“${name}”不再需要：查询总是面向本控制台`,
      en: `the data source variable "${name}" is not needed: everything asks this console`,
    });
    return null;
  }
  if (!/^\w+$/.test(name) || name.startsWith('__')) {
    node.left('name', {
      zh: `变量名“${name}”不能使用，变量已略去`,
      en: `the name "${name}" cannot be used; the variable was left out`,
    });
    return null;
  }
  const common = readCommon(node, name);
  const choosing = readChoosing(node);
  let variable: VariableInput | null = null;
  switch (kind) {
    case 'query':
      variable = readQuery(node, common, choosing, inputs);
      break;
    case 'custom':
      variable = {
        kind: 'custom',
        ...common,
        ...choosing,
        options: customOptions(node.text('query', 100_000)),
      };
      break;
    case 'interval': {
      const choices = node
        .text('query', 10_000)
        .split(',')
        .map((each) => each.trim().replace(/^"|"$/g, ''))
        .filter((each) => each !== '' && each.length <= 50 && each !== 'auto');
      const [chosen = ''] = choosing.chosen;
      variable = {
        kind: 'interval',
        ...common,
        choices: choices.length === 0 ? ['1m'] : choices.slice(0, 100),
        auto: node.flag('auto')
          ? {
              count: integer(node.number('auto_count'), 1, 1000) ?? 30,
              least: node.text('auto_min', 50) || '10s',
            }
          : null,
        chosen: chosen.startsWith('$__auto') ? '$__auto' : chosen.slice(0, 50),
      };
      break;
    }
    case 'constant':
      variable = { kind: 'constant', ...common, value: constantOf(node, inputs, 20_000) };
      break;
    case 'textbox':
      variable = {
        kind: 'text',
        ...common,
        value: (choosing.chosen[0] ?? constantOf(node, inputs, 5000)).slice(0, 5000),
      };
      break;
    default:
      node.left('type', {
        zh: `“${kind}”类型的变量“${name}”没有对应项，已略去`,
        en: `the variable "${name}" of kind "${kind}" has no counterpart and was left out`,
      });
  }
  if (variable !== null) node.listRest();
  return variable;
}
