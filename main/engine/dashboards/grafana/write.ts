import type { ImportFinding } from '#shared/contract/dashboards.ts';
import type { FieldOptions, FieldOverride, Mapping } from '#shared/domain/dashboard/field.ts';
import type { Dashboard } from '#shared/domain/dashboard/model.ts';
import { isAsking, type Panel, type Target } from '#shared/domain/dashboard/panels.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import type { Variable, VariableSource } from '#shared/domain/dashboard/variables.ts';
import { formatDuration } from '#shared/units/duration.ts';

type Json = Record<string, unknown>;
type Language = 'zh' | 'en';

/** Schema of Grafana 9; newer ones bring it up to theirs. */
const SCHEMA = 36;
// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's importer fills this placeholder in.
const SOURCE = { type: 'prometheus', uid: '${DS_PROMETHEUS}' } as const;

const KINDS: Readonly<Record<Panel['kind'], string | null>> = {
  timeseries: 'timeseries',
  stat: 'stat',
  gauge: 'gauge',
  bar: 'bargauge',
  table: 'table',
  heatmap: 'heatmap',
  states: 'state-timeline',
  text: 'text',
  logs: null,
  alerts: null,
  backups: null,
};

const COLORS: Readonly<Record<string, string>> = {
  ok: 'green',
  warning: 'yellow',
  critical: 'red',
  unknown: 'purple',
  neutral: 'text',
  accent: 'blue',
};
const colorOf = (color: string): string => COLORS[color] ?? (color.startsWith('#') ? color : 'blue');

function mappingOf(mapping: Mapping, index: number, language: Language): Json {
  const result = {
    ...(mapping.text === undefined ? {} : { text: localize(mapping.text, language) }),
    ...(mapping.color === undefined ? {} : { color: colorOf(mapping.color) }),
    index,
  };
  switch (mapping.of) {
    case 'value':
      return { type: 'value', options: { [mapping.value]: result } };
    case 'range':
      return { type: 'range', options: { from: mapping.from, to: mapping.to, result } };
    case 'regex':
      return { type: 'regex', options: { pattern: mapping.pattern, result } };
    case 'special':
      return { type: 'special', options: { match: mapping.match, result } };
  }
}

const thresholdsOf = ({ mode, steps }: FieldOptions['thresholds']): Json => ({
  mode: mode === 'percent' ? 'percentage' : 'absolute',
  steps: steps.map(({ from, color }) => ({ color: colorOf(color), value: from })),
});

const LINES: Readonly<Record<string, string>> = { 'step-before': 'stepBefore', 'step-after': 'stepAfter' };

function drawOf(draw: Partial<FieldOptions['draw']>): Json {
  return {
    ...(draw.style === undefined ? {} : { drawStyle: draw.style }),
    ...(draw.line === undefined ? {} : { lineInterpolation: LINES[draw.line] ?? draw.line }),
    ...(draw.width === undefined ? {} : { lineWidth: draw.width }),
    ...(draw.fill === undefined ? {} : { fillOpacity: draw.fill }),
    ...(draw.points === undefined ? {} : { showPoints: draw.points }),
    ...(draw.stack === undefined ? {} : { stacking: { mode: draw.stack, group: 'A' } }),
    ...(draw.axis === undefined ? {} : { axisPlacement: draw.axis === 'left' ? 'auto' : draw.axis }),
    ...(draw.axisLabel === undefined ? {} : { axisLabel: draw.axisLabel }),
    ...(draw.overGaps === undefined ? {} : { spanNulls: draw.overGaps }),
    ...(draw.thresholds === undefined ? {} : { thresholdsStyle: { mode: draw.thresholds } }),
    ...(draw.dash === true ? { lineStyle: { fill: 'dash' } } : {}),
    ...(draw.mirrored === true ? { transform: 'negative-Y' } : {}),
    ...(draw.scale === 'log2' || draw.scale === 'log10'
      ? { scaleDistribution: { type: 'log', log: draw.scale === 'log2' ? 2 : 10 } }
      : {}),
  };
}

function settings(set: Partial<FieldOptions>, language: Language): Json {
  const { color } = set;
  return {
    ...(set.unit === undefined ? {} : { unit: set.unit }),
    ...(typeof set.decimals === 'number' ? { decimals: set.decimals } : {}),
    ...(typeof set.min === 'number' ? { min: set.min } : {}),
    ...(typeof set.max === 'number' ? { max: set.max } : {}),
    ...(set.name === undefined || set.name === '' ? {} : { displayName: set.name }),
    ...(set.noValue === undefined || set.noValue === '' ? {} : { noValue: localize(set.noValue, language) }),
    ...(set.mappings === undefined
      ? {}
      : { mappings: set.mappings.map((each, i) => mappingOf(each, i, language)) }),
    ...(set.thresholds === undefined ? {} : { thresholds: thresholdsOf(set.thresholds) }),
    ...(color === undefined
      ? {}
      : color.mode === 'fixed'
        ? { color: { mode: 'fixed', fixedColor: colorOf(color.color) } }
        : {
            color: {
              mode:
                color.mode === 'palette'
                  ? 'palette-classic'
                  : color.mode === 'scale'
                    ? 'continuous-GrYlRd'
                    : 'thresholds',
            },
          }),
  };
}

function overrideOf({ match, set }: FieldOverride, language: Language): Json {
  const { hidden, width, cell, align, draw, ...rest } = set;
  const custom = {
    ...drawOf((draw ?? {}) as Partial<FieldOptions['draw']>),
    ...(hidden === true ? { hidden: true } : {}),
    ...(typeof width === 'number' ? { width } : {}),
    ...(align === undefined ? {} : { align }),
    ...(cell === undefined
      ? {}
      : {
          cellOptions: {
            type:
              cell === 'color-cell'
                ? 'color-background'
                : cell === 'bar'
                  ? 'gauge'
                  : cell === 'color-text'
                    ? 'color-text'
                    : 'auto',
          },
        }),
  };
  const matcher = {
    name: () => ({ id: 'byName', options: match.by === 'name' ? match.name : '' }),
    regex: () => ({ id: 'byRegexp', options: match.by === 'regex' ? match.pattern : '' }),
    target: () => ({ id: 'byFrameRefID', options: match.by === 'target' ? match.ref : '' }),
    type: () => ({
      id: 'byType',
      options: match.by === 'type' ? (match.type === 'text' ? 'string' : match.type) : '',
    }),
  }[match.by]();
  const properties = [
    ...Object.entries(settings(rest as Partial<FieldOptions>, language)).map(([id, value]) => ({
      id,
      value,
    })),
    ...Object.entries(custom).map(([id, value]) => ({ id: `custom.${id}`, value })),
  ];
  return { matcher, properties };
}

const targetOf = (target: Target): Json => ({
  refId: target.ref,
  expr: target.expr,
  legendFormat: target.legend === '' ? '__auto' : target.legend,
  instant: target.mode === 'instant',
  range: target.mode === 'range',
  interval: target.minStep,
  format: target.format === 'table' ? 'table' : target.format === 'buckets' ? 'heatmap' : 'time_series',
  hide: target.hidden,
  datasource: SOURCE,
});

function optionsOf(panel: Panel, language: Language): Json {
  switch (panel.kind) {
    case 'timeseries':
    case 'states': {
      const { shown, place, calcs } = panel.legend;
      const legend = {
        showLegend: shown,
        placement: place,
        calcs,
        displayMode: calcs.length > 0 ? 'table' : 'list',
      };
      return panel.kind === 'timeseries'
        ? { legend, tooltip: { mode: panel.tooltip === 'all' ? 'multi' : 'single' } }
        : { legend, mergeValues: panel.merged, showValue: panel.showValue };
    }
    case 'stat':
      return {
        reduceOptions: { calcs: [panel.calc], values: false, fields: '' },
        graphMode: panel.spark ? 'area' : 'none',
        colorMode: panel.colored,
        textMode: panel.show.replaceAll('-', '_'),
        orientation: panel.orientation,
      };
    case 'gauge':
    case 'bar':
      return {
        reduceOptions: { calcs: [panel.calc], values: false, fields: '' },
        orientation: panel.orientation,
      };
    case 'table':
      return {
        showHeader: true,
        sortBy: panel.sort.map(({ column, descending }) => ({ displayName: column, desc: descending })),
      };
    case 'heatmap':
      return { calculate: panel.counts === 'samples', yAxis: { unit: panel.field.unit } };
    case 'text':
      return { mode: 'markdown', content: localize(panel.content, language) };
    default:
      return {};
  }
}

function panelOf(panel: Panel, top: number, language: Language): Json | null {
  const type = KINDS[panel.kind];
  if (type === null) return null;
  const { x, y, w, h } = panel.place;
  return {
    id: panel.id,
    type,
    title: localize(panel.title, language),
    description: localize(panel.description, language),
    gridPos: { x, y: y + top, w, h },
    ...(panel.repeat === null
      ? {}
      : {
          repeat: panel.repeat.variable,
          repeatDirection: panel.repeat.direction === 'down' ? 'v' : 'h',
          maxPerRow: panel.repeat.most,
        }),
    options: optionsOf(panel, language),
    ...(isAsking(panel)
      ? {
          datasource: SOURCE,
          targets: panel.targets.map(targetOf),
          ...(panel.span === '' ? {} : { timeFrom: panel.span }),
          ...(panel.shift === '' ? {} : { timeShift: panel.shift }),
          fieldConfig: {
            defaults: {
              ...settings(panel.field, language),
              custom: panel.kind === 'timeseries' ? drawOf(panel.field.draw) : {},
            },
            overrides: panel.overrides.map((each) => overrideOf(each, language)),
          },
        }
      : {}),
  };
}

function queryText(source: VariableSource): string {
  switch (source.of) {
    case 'labelValues':
      return source.selector === ''
        ? `label_values(${source.label})`
        : `label_values(${source.selector}, ${source.label})`;
    case 'labelNames':
      return `label_names(${source.selector})`;
    case 'metrics':
      return `metrics(${source.pattern})`;
    case 'series':
      return source.selector;
    case 'result':
      return `query_result(${source.expr})`;
  }
}

const SORTS = [
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

function variableOf(variable: Variable, language: Language): Json {
  const common = {
    name: variable.name,
    label: localize(variable.label, language),
    hide: variable.hidden === 'all' ? 2 : variable.hidden === 'label' ? 1 : 0,
  };
  switch (variable.kind) {
    case 'query':
    case 'custom': {
      const { multi, includeAll, allValue } = variable;
      const shared = { ...common, multi, includeAll, ...(allValue === '' ? {} : { allValue }) };
      if (variable.kind === 'custom')
        return {
          ...shared,
          type: 'custom',
          query: variable.options
            .map(({ text, value }) => (text === value ? value : `${text} : ${value}`).replaceAll(',', '\\,'))
            .join(','),
        };
      const query = queryText(variable.source);
      return {
        ...shared,
        type: 'query',
        datasource: SOURCE,
        query: { query, refId: variable.name },
        definition: query,
        regex: variable.regex,
        sort: Math.max(0, SORTS.indexOf(variable.sort)),
        refresh: 2,
      };
    }
    case 'interval':
      return {
        ...common,
        type: 'interval',
        query: variable.choices.join(','),
        auto: variable.auto !== null,
        ...(variable.auto === null ? {} : { auto_count: variable.auto.count, auto_min: variable.auto.least }),
      };
    case 'constant':
      return { ...common, type: 'constant', query: variable.value };
    case 'text':
      return { ...common, type: 'textbox', query: variable.value };
  }
}

/** A dashboard as Grafana 9 and newer import it. What shows this console's own data (logs, alerts, backups) has no place there. */
export function grafanaJson(dashboard: Dashboard, language: Language): { json: Json; left: ImportFinding[] } {
  const panels: Json[] = [];
  const left: ImportFinding[] = [];
  let top = 0;
  dashboard.rows.forEach((row, r) => {
    const title = localize(row.title, language);
    if (r > 0 || title !== '') {
      panels.push({
        id: 1_000_000 + r,
        type: 'row',
        title,
        collapsed: false,
        gridPos: { x: 0, y: top, w: 24, h: 1 },
        panels: [],
        ...(row.repeat === null ? {} : { repeat: row.repeat }),
      });
      top++;
    }
    let bottom = top;
    row.panels.forEach((panel, p) => {
      bottom = Math.max(bottom, top + panel.place.y + panel.place.h);
      const written = panelOf(panel, top, language);
      if (written !== null) panels.push(written);
      else
        left.push({
          level: 'left',
          path: `rows[${r}].panels[${p}]`,
          panel: localize(panel.title, language),
          panelId: panel.id,
          what: {
            zh: '显示本控制台自身数据的面板，Grafana 没有对应项',
            en: "shows this console's own data, for which Grafana has no place",
          },
        });
    });
    top = bottom;
  });
  const json: Json = {
    __inputs: [
      {
        name: 'DS_PROMETHEUS',
        label: 'Prometheus',
        description: '',
        type: 'datasource',
        pluginId: 'prometheus',
        pluginName: 'Prometheus',
      },
    ],
    __requires: [{ type: 'grafana', id: 'grafana', name: 'Grafana', version: '9.0.0' }],
    uid: dashboard.uid.slice(0, 40),
    title: localize(dashboard.title, language),
    description: localize(dashboard.description, language),
    tags: dashboard.tags,
    schemaVersion: SCHEMA,
    time: dashboard.time,
    timezone: dashboard.zone === 'utc' ? 'utc' : 'browser',
    refresh: dashboard.refreshMs === null ? '' : formatDuration(dashboard.refreshMs),
    templating: { list: dashboard.variables.map((each) => variableOf(each, language)) },
    annotations: { list: [] },
    panels,
  };
  return { json, left };
}
