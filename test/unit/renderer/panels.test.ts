import { describe, expect, it } from 'vitest';
import type { Columns } from '#shared/contract/metrics.ts';
import { type AskingPanel, panelSchema } from '#shared/domain/dashboard/panels.ts';
import { ok } from '#shared/errors/index.ts';
import { isInnerAddress } from '../../../renderer/components/markdown.tsx';
import { chosenProblems } from '../../../renderer/panels/alert-filter.ts';
import { linkAddress } from '../../../renderer/panels/panel-links.tsx';
import { panelQuestions, panelTime } from '../../../renderer/panels/panel-questions.ts';
import { seriesOf, type TargetAnswer } from '../../../renderer/panels/panel-series.ts';
import { bridged, chartOf, shapeOf } from '../../../renderer/panels/series-chart.ts';
import { panelTable } from '../../../renderer/panels/table-rows.ts';
import { tintOf } from '../../../renderer/panels/tint.ts';
import { scaleOf, stepPlaces, tintedText } from '../../../renderer/panels/value-look.ts';
import { largeValues } from '../../../renderer/panels/values-panel.ts';
import { arcPath, shareOf } from '../../../renderer/panels/views/gauge-arc.tsx';
import { boundOf, bucketsOfSamples, heatCells } from '../../../renderer/panels/views/heat-cells.ts';
import { inSight, spansOf } from '../../../renderer/panels/views/state-lanes.tsx';
import { createGate } from '../../../renderer/stores/query-gate.ts';

const look = { language: 'en', palette: 'light' } as const;
const same = (text: string): string => text;

const asking = (more: object): AskingPanel =>
  panelSchema.parse({
    kind: 'timeseries',
    id: 1,
    place: { x: 0, y: 0, w: 12, h: 8 },
    targets: [{ ref: 'A', expr: 'm', legend: '{{host}}' }],
    ...more,
  }) as AskingPanel;

const columns = (series: Record<string, (number | null)[]>, label = 'host'): Columns => ({
  times: [0, 60_000, 120_000],
  series: Object.entries(series).map(([value, values]) => ({
    labels: { __name__: 'm', [label]: value },
    values,
  })),
  seriesOmitted: 0,
  tookMs: 1,
});

const answer = (panel: AskingPanel, got: Columns): TargetAnswer => ({
  target: panel.targets[0] as TargetAnswer['target'],
  expr: 'm',
  stepMs: 60_000,
  columns: got,
  error: null,
  loading: false,
  at: 1,
});

describe('what a panel asks', () => {
  const board = { values: new Map(), start: 0, end: 86_400_000, scrapeMs: 15_000, title: '' };

  it('is as fine as it is wide, never finer than it was told to, and filled with its variables', () => {
    const [question] = panelQuestions(asking({}), {}, board);
    expect(question).toMatchObject({ stepMs: 300_000, start: 0, end: 86_400_000 });
    const rate = asking({ targets: [{ ref: 'A', expr: 'rate(m[$__rate_interval])', minStep: '10m' }] });
    expect(panelQuestions(rate, {}, board)[0]).toMatchObject({ stepMs: 600_000, expr: 'rate(m[10m15s])' });
    expect(panelQuestions(asking({ targets: [{ ref: 'A', expr: '' }] }), {}, board)).toEqual([]);
  });

  it('is one moment for an instant target, and its own span where it has one', () => {
    const instant = asking({ targets: [{ ref: 'A', expr: 'm', mode: 'instant' }] });
    const [question] = panelQuestions(instant, {}, board);
    expect(question?.start).toBe(question?.end);
    expect(panelTime({ span: '1h', shift: '1d' }, { start: 0, end: 90_000_000 })).toEqual({
      start: 0,
      end: 3_600_000,
    });
  });
});

describe('series of a panel', () => {
  it('are named by their legend, formatted in their unit, and drawn by their overrides', () => {
    const panel = asking({
      field: { unit: 'bytes' },
      overrides: [{ match: { by: 'name', name: 'b' }, set: { draw: { axis: 'right', mirrored: true } } }],
    });
    const answers = [answer(panel, columns({ a: [1024, null, 2048], b: [1, 2, 3] }))];
    const series = seriesOf(panel, answers, same);
    const chart = chartOf(series, answers, look);
    expect(chart.lines.map(({ name, side }) => [name, side])).toEqual([
      ['a', 'left'],
      ['b', 'right'],
    ]);
    expect(chart.lines[0]?.format?.text(2048)).toBe('2.00 KiB');
    expect(chart.lines[0]?.format?.binary).toBe(true);
    expect(chart.lines[1]?.values).toEqual([-1, -2, -3]);
  });

  it('as shares of their sum add up to a hundred', () => {
    const panel = asking({ field: { draw: { stack: 'percent' } } });
    const answers = [answer(panel, columns({ a: [1, 0, null], b: [3, 0, 5] }))];
    const series = seriesOf(panel, answers, same);
    expect(chartOf(series, answers, look).lines.map(({ values }) => values)).toEqual([
      [25, 0, null],
      [75, 0, 100],
    ]);
    expect(shapeOf(series[0]?.field as never, series)).toMatchObject({ stacked: true, min: 0, max: 100 });
  });

  it('keep their gaps unless short ones are to be bridged', () => {
    const values = [1, null, 2, null, null, 3];
    expect(bridged(values, 60_000, false)).toBe(values);
    expect(bridged(values, 60_000, 60_000)).toEqual([1, undefined, 2, null, null, 3]);
  });

  it('become rows of a table, with names of its own, sorted', () => {
    const panel = asking({
      kind: 'table',
      targets: [{ ref: 'A', expr: 'm', mode: 'instant', format: 'table' }],
      sort: [{ column: 'Value', descending: true }],
      overrides: [{ match: { by: 'name', name: 'Time' }, set: { hidden: true } }],
    });
    if (panel.kind !== 'table') throw new Error('not a table');
    const answers = [answer(panel, columns({ a: [null, null, 1], b: [null, null, 7] }))];
    const table = panelTable(panel, answers, []);
    expect(table.columns.map(({ title }) => title)).toEqual(['__name__', 'host', 'Value']);
    expect(table.rows.map((row) => table.columns[1]?.values[row])).toEqual(['b', 'a']);
  });
});

describe('values', () => {
  const panel = asking({
    kind: 'stat',
    field: {
      unit: 'percent',
      color: { mode: 'thresholds' },
      thresholds: {
        steps: [
          { from: null, color: 'ok' },
          { from: 80, color: 'critical' },
        ],
      },
      mappings: [{ of: 'value', value: '0', text: 'idle' }],
    },
  });

  it('are told by state and text, by mapping first', () => {
    const answers = [answer(panel, columns({ a: [0, 1, 90], b: [0, 0, 0] }))];
    const [high, idle] = largeValues(seriesOf(panel, answers, same), 'lastNotNull', look);
    expect(high).toMatchObject({ text: '90 %', tint: { state: 'critical' }, scale: { min: 0, max: 100 } });
    expect(idle?.text).toBe('idle');
  });

  it('stand on a scale that is never of zero height', () => {
    expect(scaleOf({ min: null, max: null, unit: '' }, [5, 5, null, Number.NaN])).toEqual({ min: 0, max: 5 });
    expect(scaleOf({ min: 3, max: 3, unit: '' }, [])).toEqual({ min: 3, max: 4 });
    const thresholds = { mode: 'percent' as const, steps: [{ from: 50, color: 'ok' as const }] };
    expect(stepPlaces({ thresholds }, { min: 10, max: 30 })).toEqual([{ from: 20, color: 'ok' }]);
    expect(shareOf(15, 10, 20)).toBe(0.5);
    expect(arcPath(0, 1, 80)).toMatch(/^M.* 1 1 /);
  });

  it('have a colour in every look', () => {
    expect(tintOf('critical', 'dark')).toEqual({ state: 'critical', css: '#ff8a80' });
    expect(tintOf('#123456', 'dark')).toEqual({ state: null, css: '#123456' });
    expect(tintOf('neutral', 'light').css).toBeNull();
    expect(tintOf('palette-9', 'light').css).toBe(tintOf('palette-1', 'light').css);
  });

  it('that are missing are a dash', () => {
    const [one] = seriesOf(panel, [answer(panel, columns({ a: [null, null, null] }))], same);
    if (one === undefined) throw new Error('no series');
    expect(tintedText(one.field, null, look, { min: 0, max: 1 }).text).toBe('—');
  });
});

describe('histograms and states', () => {
  it('take cumulative buckets apart, and never below zero', () => {
    const cells = heatCells(columns({ '1': [1, 1, 5], '+Inf': [4, null, 3], '0.5': [1, 0, 2] }, 'le'), true);
    expect(cells?.uppers).toEqual([0.5, 1, Number.POSITIVE_INFINITY]);
    expect(cells?.counts).toEqual([
      [1, 0, 2],
      [0, 1, 3],
      [3, null, 0],
    ]);
    expect(heatCells(columns({ a: [1, 2, 3] }), true)).toBeNull();
    expect(boundOf('')).toBeNull();
  });

  it('put samples into buckets', () => {
    const cells = bucketsOfSamples(columns({ a: [0, 10, null], b: [10, 10, 10] }));
    expect(cells?.most).toBe(2);
    expect(cells?.counts.at(-1)).toEqual([1, 2, 1]);
    expect(bucketsOfSamples(columns({ a: [null, null, null] }))).toBeNull();
  });

  it('join equal neighbours into one span; nothing known is a span of its own', () => {
    const say = (value: number) => ({ text: value > 0 ? 'up' : 'down', tint: tintOf('ok', 'light') });
    const spans = spansOf([0, 60, 120, 180], [1, 1, null, 0], 60, say);
    expect(spans.map(({ from, to, text }) => [from, to, text])).toEqual([
      [0, 120, 'up'],
      [120, 180, null],
      [180, 240, 'down'],
    ]);
  });

  it('stand worst first where not all of them are in sight', () => {
    const lane = (name: string, state: 'ok' | 'critical') => ({
      key: name,
      name,
      spans: [{ from: 0, to: 60, text: state, tint: tintOf(state, 'light') }],
    });
    const few = [lane('a', 'ok'), lane('b', 'critical')];
    expect(inSight(few)).toEqual(few);
    const many = [
      ...Array.from({ length: 12 }, (_, index) => lane(`h${index}`, 'ok')),
      lane('z', 'critical'),
    ];
    expect(
      inSight(many)
        .map(({ name }) => name)
        .slice(0, 3),
    ).toEqual(['z', 'h0', 'h1']);
  });
});

describe('links and lists', () => {
  it('lead nowhere outside the app', () => {
    expect(isInnerAddress('/hosts/a')).toBe(true);
    for (const bad of ['//evil', '/\\evil', 'https://x', 'javascript:alert(1)', '/a b', '/\u0000'])
      expect(isInnerAddress(bad)).toBe(false);
    const to = (target: object) =>
      linkAddress({ title: '', to: target, keepTime: false, keepVariables: false } as never, same);
    expect(to({ kind: 'dashboard', uid: 'a' })).toBe('/metrics/dashboards/a');
    expect(to({ kind: 'app', path: '//evil' })).toBeNull();
    expect(to({ kind: 'url', url: 'https://x' })).toBeNull();
  });

  it('of alerts hold what was asked for, the worst first', () => {
    const problem = (id: string, severity: string, host: string) =>
      ({
        id,
        severity,
        since: 1,
        until: null,
        labels: { host },
        sentence: { zh: '磁盘', en: 'Disk' },
      }) as never;
    const all = [problem('1', 'info', 'a'), problem('2', 'critical', 'ab'), problem('3', 'warning', 'a')];
    const wanted = { severities: ['critical', 'warning'], labels: { host: 'a' }, contains: 'disk' } as never;
    expect(chosenProblems(all, wanted, same).map(({ id }) => id)).toEqual(['3']);
  });
});

describe('the gate of questions', () => {
  it('lets so many through, the others in order, and never one that was given up', async () => {
    const gate = createGate(1);
    const done: string[] = [];
    const hold: { release: () => void } = { release: () => {} };
    const never = new AbortController();
    const first = gate.through(new AbortController().signal, async () => {
      await new Promise<void>((resolve) => {
        hold.release = resolve;
      });
      return ok('first');
    });
    const call = (name: string, signal: AbortSignal) =>
      gate.through(signal, async () => {
        done.push(name);
        return ok(name);
      });
    const given = call('given up', never.signal);
    const last = call('last', new AbortController().signal);
    never.abort();
    expect((await given).ok).toBe(false);
    hold.release();
    await Promise.all([first, last]);
    expect(done).toEqual(['last']);
  });
});
