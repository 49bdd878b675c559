// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to variables are what is tested.
import { describe, expect, test } from 'vitest';
import { panelsOf } from '#shared/domain/dashboard/model.ts';
import { exportDashboard } from '../../../main/engine/dashboards/export.ts';
import { importDashboard } from '../../../main/engine/dashboards/import.ts';

/** Dashboards in the shape in which Grafana 9 to 12 export them, written for these tests. */

const prometheus = { type: 'prometheus', uid: '${DS_PROMETHEUS}' };
const at = (x: number, y: number, w = 12, h = 8) => ({ gridPos: { x, y, w, h } });
const asks = (expr: string, more: object = {}) => ({
  datasource: prometheus,
  targets: [
    {
      refId: 'A',
      expr,
      legendFormat: '{{instance}}',
      range: true,
      editorMode: 'code',
      datasource: prometheus,
      ...more,
    },
  ],
});

const timeseries = {
  id: 2,
  type: 'timeseries',
  title: 'CPU of $host',
  description: 'busy',
  ...at(0, 1),
  ...asks('rate(node_cpu_seconds_total{instance=~"$host"}[$__rate_interval])', { interval: '30s' }),
  repeat: 'host',
  repeatDirection: 'h',
  maxPerRow: 3,
  pluginVersion: '11.2.0',
  timeFrom: '7d',
  fieldConfig: {
    defaults: {
      unit: 'percentunit',
      min: 0,
      max: 1,
      decimals: 1,
      color: { mode: 'palette-classic' },
      thresholds: {
        mode: 'absolute',
        steps: [
          { color: 'green', value: null },
          { color: 'red', value: 0.9 },
        ],
      },
      links: [
        {
          title: 'Host',
          url: '/d/host-board/host?var-host=${__field.labels.instance}&${__url_time_range}',
          targetBlank: true,
        },
      ],
      custom: {
        drawStyle: 'line',
        lineInterpolation: 'stepAfter',
        lineWidth: 2,
        fillOpacity: 20,
        gradientMode: 'opacity',
        spanNulls: false,
        showPoints: 'never',
        stacking: { mode: 'normal', group: 'A' },
        axisPlacement: 'right',
        axisLabel: 'share',
        scaleDistribution: { type: 'log', log: 2 },
        thresholdsStyle: { mode: 'dashed+area' },
        hideFrom: { legend: false, tooltip: false, viz: false },
        lineStyle: { fill: 'solid' },
      },
    },
    overrides: [
      {
        matcher: { id: 'byRegexp', options: '/app-.*/' },
        properties: [
          { id: 'color', value: { mode: 'fixed', fixedColor: '#ABCDEF' } },
          { id: 'custom.axisPlacement', value: 'left' },
          { id: 'unit', value: 'ms' },
        ],
      },
      {
        __systemRef: 'hideSeriesFrom',
        matcher: { id: 'byNames', options: { mode: 'exclude', names: ['x'] } },
        properties: [],
      },
    ],
  },
  options: {
    legend: { displayMode: 'table', placement: 'right', showLegend: true, calcs: ['mean', 'max', 'stdDev'] },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
};

const dashboard = {
  __inputs: [
    { name: 'DS_PROMETHEUS', label: 'Prometheus', type: 'datasource', pluginId: 'prometheus' },
    { name: 'DS_LOKI', label: 'Loki', type: 'datasource', pluginId: 'loki' },
    { name: 'VAR_SITE', type: 'constant', value: 'plant' },
  ],
  __elements: {
    lib1: {
      name: 'Lib',
      uid: 'lib1',
      kind: 1,
      model: { type: 'stat', title: 'From library', ...asks('up'), options: {} },
    },
  },
  __requires: [{ type: 'grafana', id: 'grafana', name: 'Grafana', version: '11.2.0' }],
  annotations: {
    list: [
      {
        builtIn: 1,
        datasource: { type: 'grafana', uid: '-- Grafana --' },
        enable: true,
        hide: true,
        iconColor: 'rgba(0, 211, 255, 1)',
        name: 'Annotations & Alerts',
        type: 'dashboard',
      },
      {
        datasource: prometheus,
        enable: true,
        expr: 'changes(build_info[5m]) > 0',
        iconColor: 'purple',
        name: 'Releases',
        step: '2m',
        titleFormat: '{{version}}',
        tagKeys: 'instance, job',
      },
      { datasource: { type: 'elasticsearch', uid: 'x' }, enable: true, iconColor: 'red', name: 'Elsewhere' },
    ],
  },
  editable: true,
  graphTooltip: 1,
  id: null,
  links: [
    {
      type: 'dashboards',
      tags: ['linux'],
      title: 'Others',
      keepTime: true,
      includeVars: true,
      asDropdown: true,
    },
  ],
  panels: [
    { id: 1, type: 'row', title: 'Hosts', collapsed: false, ...at(0, 0, 24, 1), panels: [] },
    timeseries,
    {
      id: 3,
      type: 'stat',
      title: 'Up',
      ...at(12, 1, 6, 4),
      ...asks('up', { instant: true, range: false }),
      options: {
        reduceOptions: { calcs: ['mean'], fields: '', values: false },
        colorMode: 'background_solid',
        graphMode: 'area',
        textMode: 'value_and_name',
      },
      fieldConfig: {
        defaults: {
          mappings: [
            {
              type: 'value',
              options: {
                1: { text: 'UP', color: 'green', index: 0 },
                0: { text: 'DOWN', color: 'dark-red', index: 1 },
              },
            },
            { type: 'range', options: { from: 2, to: null, result: { text: 'many', color: 'yellow' } } },
            { type: 'special', options: { match: 'null+nan', result: { text: 'none' } } },
          ],
        },
        overrides: [],
      },
    },
    {
      id: 4,
      type: 'piechart',
      title: 'Pie',
      ...at(18, 1, 6, 4),
      ...asks('sum by (mode) (up)'),
      options: { pieType: 'donut', reduceOptions: { calcs: ['lastNotNull'] }, legend: {} },
    },
    { id: 5, type: 'geomap', title: 'Map', ...at(12, 5, 6, 4) },
    {
      id: 6,
      type: 'logs',
      title: 'Logs',
      ...at(18, 5, 6, 4),
      datasource: { type: 'loki', uid: '${DS_LOKI}' },
      targets: [{ refId: 'A', expr: '{app="x"} |= "error"' }],
      options: { sortOrder: 'Ascending', wrapLogMessage: true },
    },
    { id: 7, libraryPanel: { uid: 'lib1', name: 'Lib' }, ...at(0, 9, 6, 4) },
    { id: 8, libraryPanel: { uid: 'gone', name: 'Gone' }, ...at(6, 9, 6, 4) },
    {
      id: 9,
      type: 'table',
      title: 'Table',
      ...at(12, 9),
      ...asks('up', { format: 'table', instant: true }),
      fieldConfig: {
        defaults: { custom: { cellOptions: { type: 'color-background' }, align: 'right' } },
        overrides: [
          { matcher: { id: 'byName', options: 'Value' }, properties: [{ id: 'custom.width', value: 120 }] },
        ],
      },
      options: {
        showHeader: true,
        sortBy: [{ displayName: 'Value', desc: true }],
        footer: { show: true, reducer: ['sum'] },
      },
      transformations: [
        {
          id: 'organize',
          options: {
            excludeByName: { Time: true },
            indexByName: { job: 0, instance: 1 },
            renameByName: { Value: 'State' },
          },
        },
        { id: 'calculateField', options: { mode: 'binary' } },
      ],
    },
    {
      id: 20,
      type: 'row',
      title: 'Folded $tier',
      collapsed: true,
      repeat: 'tier',
      ...at(0, 17, 24, 1),
      panels: [
        {
          id: 21,
          type: 'graph',
          title: 'Old',
          ...at(0, 18),
          ...asks('node_load1'),
          lines: true,
          fill: 3,
          linewidth: 2,
          stack: true,
          nullPointMode: 'null as zero',
          legend: { show: true, values: true, avg: true, current: true, rightSide: true },
          yaxes: [{ format: 'Bps', min: '0', label: 'in', logBase: 10, show: true }, { format: 'short' }],
          seriesOverrides: [{ alias: '/in/', yaxis: 2, color: '#F00' }],
          thresholds: [{ value: 5, colorMode: 'critical', op: 'gt' }],
          aliasColors: { out: '#1F78C1' },
          tooltip: { shared: true },
          xaxis: { mode: 'time' },
        },
        {
          id: 22,
          type: 'singlestat',
          title: 'Single',
          ...at(12, 18),
          ...asks('up'),
          format: 'percent',
          valueName: 'current',
          colorBackground: true,
          colors: ['#299c46', 'rgba(237, 129, 40, 0.89)', '#d44a3a'],
          thresholds: '80,90',
          sparkline: { show: true },
          gauge: { show: true, minValue: 0, maxValue: 100 },
          postfix: '!',
          valueMaps: [{ op: '=', text: 'N/A', value: 'null' }],
        },
      ],
    },
  ],
  refresh: '1m',
  schemaVersion: 39,
  tags: ['linux', 'x'],
  templating: {
    list: [
      { name: 'DS', type: 'datasource', query: 'prometheus', current: {} },
      {
        name: 'host',
        label: 'Host',
        type: 'query',
        datasource: prometheus,
        definition: 'label_values(up{job="node"}, instance)',
        query: { qryType: 1, query: 'label_values(up{job="node"}, instance)', refId: 'x' },
        refresh: 2,
        regex: '/(.*):.*/',
        sort: 7,
        multi: true,
        includeAll: true,
        allValue: '.*',
        hide: 0,
        current: { text: ['All'], value: ['$__all'] },
        options: [],
      },
      { name: 'metric', type: 'query', query: 'metrics(node_.*)', hide: 2 },
      { name: 'top', type: 'query', query: 'query_result(topk(5, up))', regex: '/instance="([^"]+)"/' },
      {
        name: 'tier',
        type: 'custom',
        query: 'web : presentation, app\\,db, data',
        multi: true,
        current: { text: 'data', value: 'data' },
      },
      {
        name: 'step',
        type: 'interval',
        query: '1m,10m,1h',
        auto: true,
        auto_count: 20,
        auto_min: '30s',
        current: { value: '$__auto_interval_step' },
      },
      { name: 'site', type: 'constant', query: '${VAR_SITE}', hide: 2 },
      { name: 'search', type: 'textbox', query: 'abc', current: { value: 'abc' } },
      { name: 'Filters', type: 'adhoc', datasource: prometheus, filters: [] },
    ],
  },
  time: { from: 'now-24h', to: 'now' },
  timepicker: {},
  timezone: 'utc',
  title: 'Hosts',
  uid: 'hosts-1',
  version: 7,
};

function imported(value: unknown) {
  const read = importDashboard(JSON.stringify(value));
  if (!read.ok) throw new Error(read.error.message.en);
  return read.value;
}
function panel(board: ReturnType<typeof imported>, id: number) {
  const found = panelsOf(board.dashboard).find((each) => each.id === id);
  if (found === undefined) throw new Error(`no panel ${id}`);
  return found;
}

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

  test('the form of the API, and the schema of Grafana 12', () => {
    expect(imported({ dashboard, meta: { slug: 'x' } }).dashboard).toEqual(board.dashboard);
    const v2 = imported({
      apiVersion: 'dashboard.grafana.app/v2beta1',
      kind: 'Dashboard',
      metadata: { name: 'v2-board' },
      spec: {
        title: 'Two',
        tags: ['x'],
        timeSettings: { from: 'now-1h', to: 'now', autoRefresh: '10s', timezone: 'browser' },
        elements: {
          'panel-1': {
            kind: 'Panel',
            spec: {
              id: 1,
              title: 'Load',
              data: {
                kind: 'QueryGroup',
                spec: {
                  queries: [
                    {
                      kind: 'PanelQuery',
                      spec: {
                        refId: 'A',
                        hidden: false,
                        query: {
                          kind: 'DataQuery',
                          group: 'prometheus',
                          spec: { expr: 'node_load1', legendFormat: '__auto' },
                        },
                      },
                    },
                  ],
                  transformations: [{ kind: 'limit', spec: { id: 'limit', options: { limitField: 3 } } }],
                  queryOptions: { interval: '1m' },
                },
              },
              vizConfig: {
                kind: 'VizConfig',
                group: 'timeseries',
                spec: { options: {}, fieldConfig: { defaults: { unit: 'short' }, overrides: [] } },
              },
            },
          },
        },
        layout: {
          kind: 'RowsLayout',
          spec: {
            rows: [
              {
                kind: 'RowsLayoutRow',
                spec: {
                  title: 'R',
                  collapse: true,
                  layout: {
                    kind: 'GridLayout',
                    spec: {
                      items: [
                        {
                          kind: 'GridLayoutItem',
                          spec: {
                            x: 0,
                            y: 0,
                            width: 12,
                            height: 6,
                            element: { kind: 'ElementReference', name: 'panel-1' },
                            repeat: { mode: 'variable', value: 'host', direction: 'v' },
                          },
                        },
                      ],
                    },
                  },
                },
              },
            ],
          },
        },
        variables: [
          {
            kind: 'QueryVariable',
            spec: {
              name: 'host',
              hide: 'hideLabel',
              sort: 'naturalAsc',
              multi: true,
              query: {
                kind: 'DataQuery',
                group: 'prometheus',
                spec: { query: 'label_values(up, instance)' },
              },
              current: { value: ['a'] },
            },
          },
        ],
        annotations: [],
        links: [],
      },
    });
    expect(v2.report.from).toBe('grafana-v2');
    expect(v2.dashboard).toMatchObject({
      uid: 'v2-board',
      refreshMs: 10_000,
      variables: [
        {
          name: 'host',
          hidden: 'label',
          sort: 'natural',
          source: { of: 'labelValues', label: 'instance', selector: 'up' },
          chosen: ['a'],
        },
      ],
      rows: [
        {
          title: 'R',
          folded: true,
          panels: [
            {
              kind: 'timeseries',
              place: { x: 0, y: 0, w: 12, h: 6 },
              repeat: { variable: 'host', direction: 'down' },
              targets: [{ expr: 'node_load1', legend: '', minStep: '1m' }],
              transformations: [{ do: 'limit', rows: 3 }],
            },
          ],
        },
      ],
    });
  });

  test('what is exported for Grafana comes back the same', () => {
    const { text, left } = exportDashboard(board.dashboard, 'grafana', 'en');
    expect(left.map(({ panelId }) => panelId)).toEqual([6]);
    const again = imported(JSON.parse(text));
    expect(again.report.findings.filter(({ level }) => level === 'left')).toEqual([]);
    for (const id of [2, 3, 4, 21, 22]) {
      const {
        overrides: _,
        transformations: __,
        links: ___,
        field,
        ...before
      } = panel(board, id) as never as Record<string, unknown> & { field: object };
      const {
        overrides: ____,
        transformations: _____,
        links: ______,
        field: field2,
        ...after
      } = panel(again, id) as never as Record<string, unknown> & { field: object };
      expect(after).toEqual(before);
      expect({ ...field2, links: [] }).toMatchObject({ ...field, links: [], draw: expect.anything() });
    }
    expect(again.dashboard.variables.map(({ name, kind }) => [name, kind])).toEqual(
      board.dashboard.variables.map(({ name, kind }) => [name, kind]),
    );
  });

  test('the format of the console goes out and comes in unchanged', () => {
    const { text } = exportDashboard(board.dashboard, 'console', 'zh');
    expect(imported(JSON.parse(text)).dashboard).toEqual(board.dashboard);
  });
});

describe('what is refused', () => {
  const refusal = (text: string) => {
    const read = importDashboard(text);
    return read.ok ? null : [read.error.code, read.error.line, read.error.column];
  };
  test.each([
    ['{"panels": [1,]}', ['DASHBOARD_INVALID', 1, 15]],
    ['{"panels": [\n  {"type": "x" "y": 1}\n]}', ['DASHBOARD_INVALID', 2, 16]],
    ['', ['DASHBOARD_INVALID', 1, 1]],
    ['[]', ['DASHBOARD_INVALID', 1, 1]],
    ['{"title": "x",\n "rows": []}', ['DASHBOARD_INVALID', 2, 10]],
    ['{"panels": {}}', ['DASHBOARD_INVALID', 1, 1]],
    ['{"panels": [], "title": "a\nb"}', ['DASHBOARD_INVALID', 1, 27]],
    [
      '{"format": "hmtt-dashboard", "version": 1, "uid": "a", "title": "a",\n "rows": [{"panels": [{"kind": "text", "id": 1,\n "place": {"x": 20, "y": 0, "w": 8, "h": 1}}]}]}',
      ['DASHBOARD_INVALID', 3, 11],
    ],
    ['{"format": "hmtt-dashboard", "version": 2, "uid": "a", "title": "a"}', ['DASHBOARD_INVALID', 1, 41]],
  ])('%s', (text, expected) => {
    expect(refusal(text)).toEqual(expected);
  });

  test('hostile files are refused within bounds', () => {
    const began = performance.now();
    expect(refusal(`${'['.repeat(1_000_000)}`)?.[0]).toBe('DASHBOARD_INVALID');
    const many = Array.from({ length: 10_000 }, (_, id) => ({
      id,
      type: 'text',
      gridPos: { x: 0, y: id, w: 1, h: 1 },
    }));
    expect(refusal(JSON.stringify({ panels: many }))?.[0]).toBe('DASHBOARD_TOO_LARGE');
    expect(refusal(JSON.stringify({ panels: [{ type: 'row', panels: many }] }))?.[0]).toBe(
      'DASHBOARD_TOO_LARGE',
    );
    const cyclic = {
      __elements: { a: { uid: 'a', model: { libraryPanel: { uid: 'a' } } } },
      panels: [{ id: 1, libraryPanel: { uid: 'a', name: 'A' } }],
    };
    expect(imported(cyclic).report.panels.left).toBe(1);
    expect(performance.now() - began).toBeLessThan(15_000);
  });
});
