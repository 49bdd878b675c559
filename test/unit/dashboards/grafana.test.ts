// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to variables are what is tested.
import { describe, expect, test } from 'vitest';
import { dashboard, imported, panel, timeseries } from '../../fixtures/grafana-export.ts';

describe('an export of Grafana', () => {
  const board = imported(dashboard);
  const { report } = board;

  test('the dashboard itself', () => {
    expect(board.dashboard).toMatchObject({
      uid: 'hosts-1',
      title: 'Hosts',
      tags: ['linux', 'x'],
      time: { from: 'now-24h', to: 'now' },
      refreshMs: 60_000,
      zone: 'utc',
      links: [
        { title: 'Others', to: { kind: 'tags', tags: ['linux'] }, keepTime: true, keepVariables: true },
      ],
    });
    expect(report).toMatchObject({
      from: 'grafana',
      origin: 'Grafana 11.2.0 (schema 39)',
      panels: { taken: 8, changed: 6, left: 2 },
    });
    expect(
      board.dashboard.rows.map(({ title, folded, repeat, panels }) => [title, folded, repeat, panels.length]),
    ).toEqual([
      ['Hosts', false, null, 8],
      ['Folded $tier', true, 'tier', 2],
    ]);
  });

  test('time series', () => {
    expect(panel(board, 2)).toMatchObject({
      kind: 'timeseries',
      title: 'CPU of $host',
      place: { x: 0, y: 0, w: 12, h: 8 },
      repeat: { variable: 'host', direction: 'across', most: 3 },
      span: '7d',
      targets: [{ ref: 'A', legend: '{{instance}}', mode: 'range', minStep: '30s' }],
      legend: { shown: true, place: 'right', calcs: ['mean', 'max'] },
      tooltip: 'all',
      field: {
        unit: 'percentunit',
        min: 0,
        max: 1,
        decimals: 1,
        thresholds: {
          mode: 'absolute',
          steps: [
            { from: null, color: 'ok' },
            { from: 0.9, color: 'critical' },
          ],
        },
        links: [{ title: 'Host', to: { kind: 'dashboard', uid: 'host-board' }, keepTime: true }],
        draw: {
          style: 'line',
          line: 'step-after',
          width: 2,
          fill: 20,
          points: 'never',
          stack: 'normal',
          axis: 'right',
          axisLabel: 'share',
          scale: 'log2',
          thresholds: 'area',
        },
      },
      overrides: [
        {
          match: { by: 'regex', pattern: '/app-.*/' },
          set: { unit: 'ms', color: { mode: 'fixed', color: '#abcdef' }, draw: { axis: 'left' } },
        },
      ],
    });
  });

  test('single values, tables and what became something else', () => {
    expect(panel(board, 3)).toMatchObject({
      kind: 'stat',
      calc: 'mean',
      colored: 'background',
      spark: true,
      show: 'value-and-name',
      targets: [{ mode: 'instant' }],
      field: {
        mappings: [
          { of: 'value', value: '1', text: 'UP', color: 'ok' },
          { of: 'value', value: '0', text: 'DOWN', color: 'critical' },
          { of: 'range', from: 2, to: null, text: 'many', color: 'warning' },
          { of: 'special', match: 'null+nan', text: 'none' },
        ],
      },
    });
    expect(panel(board, 4)).toMatchObject({ kind: 'bar', calc: 'lastNotNull' });
    expect(panel(board, 7)).toMatchObject({ kind: 'stat', title: 'From library', targets: [{ expr: 'up' }] });
    expect(panel(board, 9)).toMatchObject({
      kind: 'table',
      sort: [{ column: 'Value', descending: true }],
      transformations: [
        { do: 'organize', hide: ['Time'], rename: { Value: 'State' }, order: ['job', 'instance'] },
      ],
      overrides: [
        { match: { by: 'regex', pattern: '.*' }, set: { cell: 'color-cell', align: 'right' } },
        { match: { by: 'name', name: 'Value' }, set: { width: 120 } },
      ],
    });
  });

  test('panels of old', () => {
    expect(panel(board, 21)).toMatchObject({
      kind: 'timeseries',
      legend: { place: 'right', calcs: ['mean', 'lastNotNull'] },
      field: {
        unit: 'Bps',
        min: 0,
        thresholds: {
          steps: [
            { from: null, color: 'neutral' },
            { from: 5, color: 'critical' },
          ],
        },
        draw: { fill: 30, width: 2, stack: 'normal', axisLabel: 'in', scale: 'log10', thresholds: 'line' },
      },
      overrides: [
        { match: { by: 'name', name: 'out' }, set: { color: { mode: 'fixed', color: '#1f78c1' } } },
        { match: { by: 'regex', pattern: '/in/' }, set: { unit: 'short', draw: { axis: 'right' } } },
      ],
    });
    expect(panel(board, 22)).toMatchObject({
      kind: 'gauge',
      calc: 'lastNotNull',
      field: {
        unit: 'percent',
        min: 0,
        max: 100,
        thresholds: {
          steps: [
            { from: null, color: '#299c46' },
            { from: 80, color: '#ed8128' },
            { from: 90, color: '#d44a3a' },
          ],
        },
        mappings: [{ of: 'special', match: 'null', text: 'N/A' }],
      },
    });
  });

  test('variables and annotations', () => {
    expect(board.dashboard.variables).toMatchObject([
      {
        kind: 'query',
        name: 'host',
        label: 'Host',
        source: { of: 'labelValues', label: 'instance', selector: 'up{job="node"}' },
        regex: '/(.*):.*/',
        sort: 'natural',
        multi: true,
        includeAll: true,
        allValue: '.*',
        chosen: ['$__all'],
      },
      { kind: 'query', name: 'metric', hidden: 'all', source: { of: 'metrics', pattern: 'node_.*' } },
      { kind: 'query', name: 'top', source: { of: 'result', expr: 'topk(5, up)' } },
      {
        kind: 'custom',
        name: 'tier',
        chosen: ['data'],
        options: [
          { text: 'web', value: 'presentation' },
          { text: 'app,db', value: 'app,db' },
          { text: 'data', value: 'data' },
        ],
      },
      {
        kind: 'interval',
        name: 'step',
        choices: ['1m', '10m', '1h'],
        auto: { count: 20, least: '30s' },
        chosen: '$__auto',
      },
      { kind: 'constant', name: 'site', value: 'plant' },
      { kind: 'text', name: 'search', value: 'abc' },
    ]);
    expect(board.dashboard.annotations).toMatchObject([
      { name: 'Annotations & Alerts', source: { of: 'deployments' }, hidden: true, color: '#00d3ff' },
      {
        name: 'Releases',
        source: {
          of: 'query',
          expr: 'changes(build_info[5m]) > 0',
          minStep: '2m',
          title: '{{version}}',
          tagLabels: ['instance', 'job'],
        },
      },
    ]);
  });

  test('what could not be taken is listed with its panel and place', () => {
    const said = report.findings
      .filter(({ level }) => level !== 'note')
      .map(({ path, panel, what }) => `${panel ?? '-'} | ${path} | ${what.en}`);
    for (const part of [
      '- | templating.list[8].type | the variable "Filters"',
      '- | annotations.list[2] | the annotation "Elsewhere"',
      'CPU of $host | panels[1].options.legend.calcs | the calculation "stdDev"',
      'Pie | panels[3].type | the pie chart became bars',
      'Map | panels[4].type | a panel of the kind "geomap"',
      'Logs | panels[5].type | the log search must be written anew',
      'Logs | panels[5].targets[0].expr | it searched for: {app="x"} |= "error"',
      '| panels[7].libraryPanel | the library panel "Gone"',
      'Table | panels[8].options.footer | the footer',
      'Table | panels[8].transformations[1].id | the transformation "calculateField"',
      'Old | panels[9].panels[0].nullPointMode | gaps are not drawn as zero',
      'Single | panels[9].panels[1].postfix | the postfix "!"',
    ])
      expect(
        said.some((line) => line.includes(part)),
        `${part}\n${said.join('\n')}`,
      ).toBe(true);
    expect(
      report.findings.some(({ level, path }) => level === 'note' && path === 'templating.list[0].type'),
    ).toBe(true);
  });

  test('an unknown setting is never dropped silently', () => {
    const odd = {
      ...dashboard,
      panels: [
        {
          ...timeseries,
          fieldConfig: { defaults: { custom: { sparkle: 'much' } }, overrides: [] },
          newThing: { a: 1 },
        },
      ],
      surprise: true,
    };
    const paths = imported(odd).report.findings.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'panels[0].fieldConfig.defaults.custom.sparkle',
        'panels[0].newThing',
        'surprise',
      ]),
    );
  });
});
