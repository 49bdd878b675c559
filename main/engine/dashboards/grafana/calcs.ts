import type { Calc } from '#shared/domain/dashboard/calc-names.ts';
import type { Node } from './node.ts';

const CALCS: Readonly<Record<string, Calc>> = {
  last: 'last',
  lastNotNull: 'lastNotNull',
  current: 'lastNotNull',
  first: 'first',
  firstNotNull: 'firstNotNull',
  min: 'min',
  max: 'max',
  mean: 'mean',
  avg: 'mean',
  median: 'median',
  sum: 'sum',
  total: 'sum',
  count: 'count',
  range: 'range',
  diff: 'diff',
  delta: 'diff',
};

/** A reduction as Grafana names it, null when there is none like it. */
function calcOf(name: string): Calc | null {
  return Object.hasOwn(CALCS, name) ? (CALCS[name] ?? null) : null;
}

/** The reductions of a list; one that the console does not have is said. */
export function calcsAt(node: Node, key: string): Calc[] {
  return node
    .texts(key, 100)
    .slice(0, 12)
    .flatMap((name) => {
      const calc = calcOf(name);
      if (calc === null)
        node.left(key, {
          zh: `计算方式“${name}”没有对应项，已略去`,
          en: `the calculation "${name}" was left out`,
        });
      return calc === null ? [] : [calc];
    });
}

/** The one value of `reduceOptions`. */
export function reduceCalc(options: Node): Calc {
  const reduce = options.child('reduceOptions');
  const [calc = 'lastNotNull'] = calcsAt(reduce, 'calcs');
  if (reduce.flag('values'))
    reduce.changed('values', {
      zh: '“显示全部值”改为每条序列一个值',
      en: '"all values" became one value a series',
    });
  const fields = reduce.text('fields', 200);
  if (fields !== '' && fields !== '/.*/')
    reduce.changed('fields', {
      zh: `字段筛选“${fields}”已略去`,
      en: `the choice of fields "${fields}" was left out`,
    });
  reduce.skip('limit');
  reduce.listRest();
  return calc;
}
