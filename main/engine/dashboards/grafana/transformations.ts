import type * as z from 'zod';
import type { Transformation, transformationSchema } from '#shared/domain/dashboard/transformations.ts';
import { calcsAt } from './calcs.ts';
import { integer, type Node } from './node.ts';

type Input = z.input<typeof transformationSchema>;
type Condition = Extract<Transformation, { readonly do: 'filter' }>['when'][number];

const TESTS: Readonly<Record<string, Condition['is']>> = {
  equal: 'equal',
  notEqual: 'not-equal',
  lower: 'less',
  lowerOrEqual: 'less-or-equal',
  greater: 'greater',
  greaterOrEqual: 'greater-or-equal',
  regex: 'regex',
  isNull: 'null',
  isNotNull: 'not-null',
};

function organize(options: Node): Input {
  const hidden = options.child('excludeByName');
  const renamed = options.child('renameByName');
  const indexed = options.child('indexByName');
  options.skip('includeByName', 'orderByMode', 'orderBy');
  return {
    do: 'organize',
    hide: hidden
      .keys()
      .filter((name) => hidden.raw(name) === true)
      .slice(0, 500)
      .map((name) => name.slice(0, 1000)),
    rename: Object.fromEntries(
      renamed
        .keys()
        .slice(0, 500)
        .flatMap((name) => {
          const to = renamed.text(name, 1000);
          return to === '' || name.length > 1000 ? [] : [[name, to]];
        }),
    ),
    order: indexed
      .keys()
      .filter((name) => indexed.number(name) !== null && name.length <= 1000)
      .sort((a, b) => (indexed.number(a) ?? 0) - (indexed.number(b) ?? 0))
      .slice(0, 500),
  };
}

function filterRows(options: Node): Input | null {
  const when = options.children('filters', 50).flatMap((filter): Condition[] => {
    const config = filter.child('config');
    const is = TESTS[config.text('id', 50)];
    if (is === undefined) return [];
    return [
      { column: filter.text('fieldName', 1000), is, value: config.child('options').text('value', 1000) },
    ];
  });
  if (when.length === 0 || when.length < options.list('filters').length) return null;
  return {
    do: 'filter',
    keep: options.text('type', 20) !== 'exclude',
    all: options.text('match', 20) === 'all',
    when,
  };
}

/** One transformation; null when it has no counterpart, or only in part. */
function read(id: string, options: Node): Input | null {
  switch (id) {
    case 'organize':
      return organize(options);
    case 'filterFieldsByName': {
      const include = options.child('include');
      if (options.has('exclude') || options.flag('byVariable')) return null;
      return {
        do: 'keep',
        names: [...include.texts('names', 1000)].slice(0, 500),
        pattern: include.text('pattern', 1000),
      };
    }
    case 'renameByRegex':
      return { do: 'rename', pattern: options.text('regex', 1000), to: options.text('renamePattern', 1000) };
    case 'sortBy': {
      const [sort] = options.children('sort', 1);
      return sort === undefined
        ? null
        : { do: 'sort', by: sort.text('field', 1000), descending: sort.flag('desc') };
    }
    case 'limit':
      return { do: 'limit', rows: integer(options.number('limitField'), 0, 100_000) ?? 10 };
    case 'merge':
      return { do: 'merge' };
    case 'joinByField':
    case 'seriesToColumns':
      return {
        do: 'join',
        by: options.text('byField', 1000) || 'Time',
        mode: options.text('mode', 20) === 'inner' ? 'inner' : 'outer',
      };
    case 'reduce': {
      const calcs = calcsAt(options, 'reducers');
      if (options.text('mode', 30) === 'reduceFields' || options.flag('labelsToFields') || calcs.length === 0)
        return null;
      return { do: 'reduce', calcs };
    }
    case 'labelsToFields':
      return options.text('mode', 20) === 'rows'
        ? null
        : { do: 'labels', value: options.text('valueLabel', 1000) };
    case 'filterByValue':
      return filterRows(options);
    default:
      return null;
  }
}

/** The transformations of a panel. From the first that cannot be taken on, those behind it work on something else, which is said. */
export function readTransformations(panel: Node): Input[] {
  return panel.children('transformations', 50).flatMap((node) => {
    if (node.flag('disabled')) {
      node.note('disabled', {
        zh: '已停用的转换已略去',
        en: 'a transformation that was switched off was left out',
      });
      return [];
    }
    const id = node.text('id', 100);
    const step = read(id, node.child('options'));
    if (step === null || node.has('filter')) {
      node.left('id', {
        zh: `数据转换“${id}”没有对应项，已略去`,
        en: `the transformation "${id}" has no counterpart and was left out`,
      });
      return [];
    }
    return [step];
  });
}
