import { describe, expect, it } from 'vitest';
import { chartKey, SHORTEST_SPAN, scaledSpan } from '../../../renderer/charts/chart-keys.ts';
import {
  type ChartLine,
  fillTemplate,
  type LineSource,
  mergeLines,
} from '../../../renderer/charts/chart-lines.ts';
import {
  alignedValues,
  boundedRange,
  endOf,
  logRange,
  lonelyPoints,
  plainShape,
} from '../../../renderer/charts/chart-values.ts';
import { onGrid } from '../../../renderer/charts/steps.ts';
import { strokeOf } from '../../../renderer/charts/strokes.ts';
import { instantRows } from '../../../renderer/pages/metrics/tables/instant-rows.ts';
import { samplesCsv, summarise } from '../../../renderer/pages/metrics/tables/summary.ts';
import { moved, zoomed } from '../../../renderer/stores/zoom-history.ts';

const source = (change: Partial<LineSource> & Pick<LineSource, 'columns'>): LineSource => ({
  key: 'A',
  prefix: '',
  template: '',
  alone: '',
  unit: 'number',
  side: 'left',
  ...change,
});

const line = (key: string, values: ChartLine['values'], change: Partial<ChartLine> = {}): ChartLine => ({
  key,
  name: key,
  full: key,
  labels: {},
  unit: 'number',
  side: 'left',
  values,
  ...change,
});

describe('lines of several expressions', () => {
  const columns = (times: number[], values: (number | null)[], name: string) => ({
    times,
    series: [{ labels: { __name__: name, host: 'x' }, values }],
    seriesOmitted: 2,
    tookMs: 0,
  });

  it('share a time axis without being copied when their times are the same', () => {
    const a = columns([0, 10, 20], [1, null, 3], 'a');
    const b = columns([0, 10, 20], [4, 5, 6], 'b');
    const data = mergeLines([
      source({ columns: a, prefix: 'A' }),
      source({ columns: b, prefix: 'B', key: 'B' }),
    ]);
    expect(data.times).toBe(a.times);
    expect(data.lines[1]?.values).toBe(b.series[0]?.values);
    expect(data.lines.map(({ name }) => name)).toEqual(['A · a{host="x"}', 'B · b{host="x"}']);
    expect(data.omitted).toBe(4);
  });

  it('get the union of their times otherwise: a gap stays a gap, a time not asked for is none', () => {
    const data = mergeLines([
      source({ columns: columns([0, 10, 20], [1, null, 3], 'a') }),
      source({ columns: columns([5, 15], [4, 5], 'b'), key: 'B' }),
    ]);
    expect(data.times).toEqual([0, 5, 10, 15, 20]);
    expect(data.lines[0]?.values).toEqual([1, undefined, null, undefined, 3]);
    expect(data.lines[1]?.values).toEqual([undefined, 4, undefined, 5, undefined]);
  });

  it('are named by a template when there is one', () => {
    const [named] = mergeLines([
      source({ columns: columns([0], [1], 'a'), template: 'h {{ host }}!' }),
    ]).lines;
    expect(named?.name).toBe('h x!');
    expect(fillTemplate('{{nothing}}', {})).toBe('');
  });
});

describe('values as they are drawn', () => {
  const data = {
    times: [0, 1000],
    lines: [line('a', [1, null]), line('b', [2, 3]), line('c', [5, -5], { side: 'right' })],
    omitted: 0,
  };

  it('are gaps where a line is hidden', () => {
    expect(alignedValues(data, new Set(['b']), plainShape)).toEqual([
      [0, 1],
      [1, null],
      [null, null],
      [5, -5],
    ]);
  });

  it('stand on each other when stacked, each axis by itself, and skip gaps and hidden lines', () => {
    const shape = { ...plainShape, stacked: true };
    expect(alignedValues(data, new Set(), shape).slice(1)).toEqual([
      [1, null],
      [3, 3],
      [5, -5],
    ]);
    expect(alignedValues(data, new Set(['a']), shape)[2]).toEqual([2, 3]);
  });

  it('are gaps on a logarithmic axis where they are not above zero', () => {
    expect(alignedValues(data, new Set(), { ...plainShape, log: true })[3]).toEqual([5, null]);
  });

  it('say where a line ended, and which of them no stroke would show', () => {
    expect(endOf([1, 2, null, null])).toBe(1);
    expect(endOf([null, 2])).toBeNull();
    expect(endOf([1, 2, undefined])).toBeNull();
    expect(endOf([null])).toBeNull();
    expect(lonelyPoints([1, null, 2, 3, null, 4])).toEqual([0, 5]);
  });
});

describe('bounds of the value axis', () => {
  it('are whole powers of ten on a logarithmic one', () => {
    expect(logRange(0.02, 300)).toEqual([0.01, 1000]);
    expect(logRange(10, 10)).toEqual([10, 100]);
    expect(logRange(null, null)).toEqual([1, 10]);
  });

  it('are the chosen ones where they make sense', () => {
    expect(boundedRange([2, 9], { ...plainShape, min: 0 })).toEqual([0, 9]);
    expect(boundedRange([2, 9], { ...plainShape, min: 20 })).toEqual([2, 9]);
    expect(boundedRange([1, 10], { ...plainShape, log: true, min: 0, max: 5 })).toEqual([1, 5]);
  });
});

describe('strokes', () => {
  it('differ in colour or pattern, in pixels and in words', () => {
    const all = Array.from({ length: 32 }, (_, index) => strokeOf(index, 'light'));
    expect(new Set(all.map(({ colour, dash }) => `${colour} ${dash}`)).size).toBe(32);
    expect(new Set(all.map(({ colourWord, dashWord }) => `${colourWord} ${dashWord}`)).size).toBe(32);
  });
});

describe('keys and zoom', () => {
  const press = (key: string, held: Partial<KeyboardEvent> = {}) =>
    chartKey({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...held });

  it('leave Alt and the system keys to the frame', () => {
    expect(press('ArrowLeft', { altKey: true })).toBeNull();
    expect(press('0', { ctrlKey: true })).toBeNull();
    expect(press('ArrowRight', { ctrlKey: true })).toEqual({ does: 'step', by: 10 });
    expect(press('ArrowLeft', { shiftKey: true })).toEqual({ does: 'pan', by: -0.25 });
    expect(press('x')).toBeNull();
  });

  it('zoom keeps the time under the crosshair in its place, and never goes below some seconds', () => {
    expect(scaledSpan(1_000_000, 1_100_000, 0.5, 1_025_000)).toEqual({ start: 1_012_500, end: 1_062_500 });
    const least = scaledSpan(1_000_000, 1_006_000, 0.5, 1_003_000);
    expect(least.end - least.start).toBe(SHORTEST_SPAN);
  });

  it('has a way back and forward', () => {
    const start = { past: [], future: [] };
    const one = zoomed(start, { name: '1h' });
    const back = moved(one, 'back', { name: null, start: 1, end: 2 });
    expect(back?.to).toEqual({ name: '1h' });
    const again = moved(back?.history ?? start, 'forward', { name: '1h' });
    expect(again?.to).toEqual({ name: null, start: 1, end: 2 });
    expect(moved(start, 'back', { name: '1h' })).toBeNull();
  });

  it('asks for times on whole steps, the end not after the one wanted', () => {
    expect(onGrid(1_234, 61_999, 1_000)).toEqual({ start: 1_000, end: 61_000 });
    expect(onGrid(1_234, 1_300, 1_000)).toEqual({ start: 1_000, end: 1_000 });
  });
});

describe('the table of a chart', () => {
  it('sums up the steps that have a value', () => {
    expect(summarise(line('a', [null, 1, 3, undefined]))).toMatchObject({
      newest: 3,
      min: 1,
      max: 3,
      mean: 2,
      count: 2,
    });
    expect(summarise(line('a', [null]))).toMatchObject({ newest: null, mean: null, count: 0 });
  });

  it('exports every step, a gap as an empty field', () => {
    expect(samplesCsv({ times: [0, 1000], lines: [line('x{a="1,2"}', [4, null])] }).split('\r\n')).toEqual([
      '\uFEFFtime,unix_ms,"x{a=""1,2""}"',
      '1970-01-01T00:00:00.000Z,0,4',
      '1970-01-01T00:00:01.000Z,1000,',
      '',
    ]);
  });

  it('exports the same series of two expressions under the letters of both', () => {
    const twins = [line('A up', [1], { full: 'up' }), line('B up', [2], { full: 'up' }), line('x', [3])];
    expect(samplesCsv({ times: [0], lines: twins }).split('\r\n')[0]).toBe('\uFEFFtime,unix_ms,A up,B up,x');
  });

  it('has instant values of every type', () => {
    expect(instantRows({ resultType: 'string', result: [1.5, '12'] })).toMatchObject([
      { time: 1500, text: '12', value: null },
    ]);
    expect(instantRows({ resultType: 'scalar', result: [1, '+Inf'] })[0]?.value).toBe(Infinity);
    const matrix = instantRows({
      resultType: 'matrix',
      result: [
        {
          metric: { __name__: 'a' },
          values: [
            [1, '1'],
            [2, 'NaN'],
          ],
        },
      ],
    });
    expect(matrix.map(({ labels, text }) => `${labels} ${text}`)).toEqual(['a 1', 'a NaN']);
    expect(new Set(matrix.map(({ key }) => key)).size).toBe(2);
  });
});
