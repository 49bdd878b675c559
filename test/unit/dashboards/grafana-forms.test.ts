// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to variables are what is tested.
import { describe, expect, test } from 'vitest';
import { exportDashboard } from '../../../main/engine/dashboards/export.ts';
import { importDashboard } from '../../../main/engine/dashboards/import.ts';
import { dashboard, imported, panel } from '../../fixtures/grafana-export.ts';

describe('other forms of an export of Grafana', () => {
  const board = imported(dashboard);

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
