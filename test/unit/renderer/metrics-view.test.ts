import { describe, expect, it } from 'vitest';
import { layoutOf, planCharts } from '../../../renderer/pages/metrics/plan-charts.ts';
import {
  DEFAULT_MAX_SERIES,
  type MetricsView,
  MOST_QUERIES,
  newQuery,
  parseView,
  saysView,
  withExpression,
  withMoved,
  writeView,
} from '../../../renderer/pages/metrics/view-state.ts';
import type { Columns } from '../../../shared/contract/metrics.ts';

const read = (address: string): MetricsView => parseView(new URLSearchParams(address));

describe('the view in the address', () => {
  it('is the default where the address says nothing, and then the address stays short', () => {
    const view = read('range=1h');
    expect(view).toMatchObject({ show: 'chart', layout: null, stepMs: null, maxSeries: DEFAULT_MAX_SERIES });
    expect(view.queries).toEqual([newQuery('')]);
    expect(writeView(new URLSearchParams('range=1h'), view).toString()).toBe('range=1h&expr=');
    expect(saysView(new URLSearchParams('range=1h'))).toBe(false);
    expect(saysView(new URLSearchParams('expr='))).toBe(true);
  });

  it('comes back as it was written, expressions with anything in them, too', () => {
    const view: MetricsView = {
      queries: [
        { expr: 'a{b="&expr=c#+ 漢"}', hidden: true, legend: '{{b}} & =', unit: 'bytes', side: 'right' },
        newQuery(''),
        newQuery('up'),
      ],
      show: 'table',
      table: 'instant',
      layout: 'each',
      shape: { log: true, stacked: true, min: -1.5, max: 1e9 },
      stepMs: 15_000,
      maxSeries: 1_000,
    };
    expect(parseView(writeView(new URLSearchParams('from=1&to=2'), view))).toEqual(view);
    expect(writeView(new URLSearchParams('from=1&to=2'), view).get('from')).toBe('1');
  });

  it('takes what is not understood for the default, and never more expressions than there are letters', () => {
    const view = read('expr=up&as=unit%3Dfurlong&view=cube&step=-5&min=abc&series=99999999');
    expect(view.queries).toEqual([newQuery('up')]);
    expect(view).toMatchObject({ show: 'chart', stepMs: null, maxSeries: 10_000 });
    expect(view.shape.min).toBeNull();
    expect(read('expr=a&'.repeat(100)).queries).toHaveLength(MOST_QUERIES);
  });
});

describe('expressions', () => {
  const exprs = (queries: readonly { expr: string }[]): string => queries.map(({ expr }) => expr).join(' ');
  const list = ['a', '', ''].map(newQuery);

  it('take a chosen metric into the first empty line, or a new one', () => {
    expect(exprs(withExpression(list, 'up'))).toBe('a up ');
    expect(exprs(withExpression([newQuery('a')], 'up'))).toBe('a up');
  });

  it('move by one place and stop at the ends', () => {
    const three = ['a', 'b', 'c'].map(newQuery);
    expect(exprs(withMoved(three, 0, 1))).toBe('b a c');
    expect(exprs(withMoved(three, 2, -1))).toBe('a c b');
    expect(withMoved(three, 0, -1)).toBe(three);
    expect(withMoved(three, 2, 1)).toBe(three);
  });
});

describe('what is drawn where', () => {
  const answer = (name: string): Columns => ({
    times: [0, 1000],
    series: [{ labels: { __name__: name }, values: [1, 2] }],
    seriesOmitted: 3,
    tookMs: 1,
  });

  it('one chart for what can be compared, one each for what cannot, unless chosen', () => {
    const same = { queries: ['a', 'b'].map(newQuery), layout: null };
    const mixed = { queries: ['a', 'b_bytes'].map(newQuery), layout: null };
    expect(layoutOf(same)).toBe('one');
    expect(layoutOf(mixed)).toBe('each');
    expect(layoutOf({ ...mixed, layout: 'one' })).toBe('one');
  });

  it('hidden and empty expressions are left out, letters stay those of the lines', () => {
    const queries = [{ ...newQuery('a'), hidden: true }, newQuery(''), newQuery('b'), newQuery('c')];
    const [chart, ...others] = planCharts({ queries, layout: null }, answer);
    expect(others).toEqual([]);
    expect(chart?.expressions).toEqual([
      { letter: 'C', expr: 'b' },
      { letter: 'D', expr: 'c' },
    ]);
    expect(chart?.data.lines.map(({ name }) => name)).toEqual(['C · b', 'D · c']);
    expect(chart?.data.omitted).toBe(6);
  });
});
