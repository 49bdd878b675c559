import { integer, Node } from './node.ts';

/**
 * Panels of Grafana before 7 that exports carry still, brought into the shape of those that replaced them, so that one reader serves
 * both. Members that have no counterpart stay in the object and are listed by that reader.
 */
type Json = Record<string, unknown>;

/** Members that only say how the old panels were drawn. */
const LOOKS: readonly string[] = [
  'renderer',
  'pointradius',
  'spaceLength',
  'dashLength',
  'fillGradient',
  'timeRegions',
  'xaxis',
  'yaxis',
  'hiddenSeries',
  'fontSize',
  'scroll',
  'showHeader',
  'pageSize',
  'nullText',
  'cacheTimeout',
  'mappingType',
  'prefixFontSize',
  'postfixFontSize',
  'valueFontSize',
  'tableColumn',
  'columns',
  'aliasColors',
  'bars',
  'lines',
  'points',
  'linewidth',
  'fill',
  'stack',
  'percentage',
  'steppedLine',
  'nullPointMode',
  'legend',
  'seriesOverrides',
  'thresholds',
  'yaxes',
  'tooltip',
  'dashes',
  'decimals',
  'format',
  'valueName',
  'colorBackground',
  'colorValue',
  'colors',
  'colorPrefix',
  'colorPostfix',
  'gauge',
  'sparkline',
  'prefix',
  'postfix',
  'valueMaps',
  'rangeMaps',
  'mappingTypes',
  'sort',
  'styles',
  'transform',
  'grid',
  'error',
  'editable',
  'span',
  'height',
  'minSpan',
  'isNew',
  'filterNull',
];

const rest = (panel: Node): Json =>
  Object.fromEntries(
    panel
      .keys()
      .filter((key) => !LOOKS.includes(key))
      .map((key) => [key, panel.raw(key)]),
  );

const said = (panel: Node, key: string, zh: string, en: string): void =>
  panel.findings.add('changed', panel.at(key), { zh, en });

function oldLegend(panel: Node): Json {
  const legend = panel.child('legend');
  const calcs = (['min', 'max', 'avg', 'current', 'total'] as const).filter((name) => legend.flag(name));
  return {
    showLegend: legend.flag('show', true),
    displayMode: legend.flag('alignAsTable') ? 'table' : 'list',
    placement: legend.flag('rightSide') ? 'right' : 'bottom',
    calcs: legend.flag('values') ? calcs : [],
  };
}

function axis(panel: Node, side: 0 | 1): Json {
  const [node] = panel.children('yaxes', 2).slice(side);
  if (node === undefined) return {};
  const base = node.number('logBase') ?? 1;
  return {
    unit: node.text('format', 100) === 'short' ? 'short' : node.text('format', 100),
    ...(node.number('min') === null ? {} : { min: node.number('min') }),
    ...(node.number('max') === null ? {} : { max: node.number('max') }),
    ...(node.number('decimals') === null ? {} : { decimals: node.number('decimals') }),
    custom: {
      axisLabel: node.text('label', 200),
      axisPlacement: node.flag('show', true) ? (side === 0 ? 'left' : 'right') : 'hidden',
      ...(base === 1 ? {} : { scaleDistribution: { type: 'log', log: base } }),
    },
  };
}

function seriesOverride(node: Node, right: Json): Json {
  const alias = node.text('alias', 1000);
  const properties: Json[] = [];
  const custom = (name: string, value: unknown): void =>
    void properties.push({ id: `custom.${name}`, value });
  if (node.number('yaxis') === 2) {
    custom('axisPlacement', 'right');
    for (const key of ['unit', 'min', 'max', 'decimals'])
      if (right[key] !== undefined) properties.push({ id: key, value: right[key] });
  }
  const color = node.text('color', 100);
  if (color !== '') properties.push({ id: 'color', value: { mode: 'fixed', fixedColor: color } });
  if (node.raw('bars') === true) custom('drawStyle', 'bars');
  if (node.raw('dashes') === true) custom('lineStyle', { fill: 'dash' });
  const [fill, width] = [node.number('fill'), node.number('linewidth')];
  if (fill !== null) custom('fillOpacity', fill * 10);
  if (width !== null) custom('lineWidth', width);
  if (node.raw('stack') === false) custom('stacking', { mode: 'none' });
  if (node.text('transform', 30) === 'negative-Y') custom('transform', 'negative-Y');
  node.skip(
    'lines',
    'points',
    'hideTooltip',
    'legend',
    '$$hashKey',
    'zindex',
    'hiddenSeries',
    'pointradius',
    'steppedLine',
    'nullPointMode',
  );
  node.listRest();
  const regex = /^\/(.*)\/$/.exec(alias);
  return {
    matcher: regex === null ? { id: 'byName', options: alias } : { id: 'byRegexp', options: alias },
    properties,
  };
}

function fromGraph(panel: Node): Json {
  const [left, right] = [axis(panel, 0), axis(panel, 1)];
  const thresholds = panel.children('thresholds', 50).map((node) => ({
    value: node.number('value'),
    color:
      node.text('colorMode', 30) === 'critical'
        ? 'red'
        : node.text('colorMode', 30) === 'warning'
          ? 'yellow'
          : node.text('colorMode', 30) === 'ok'
            ? 'green'
            : 'blue',
  }));
  if (panel.list('thresholds').length > 0)
    said(panel, 'thresholds', '阈值区间改为阈值线', 'regions of thresholds became lines');
  if (panel.list('timeRegions').length > 0)
    said(panel, 'timeRegions', '时间区域已略去', 'regions of time were left out');
  if (panel.child('xaxis').text('mode', 20, 'time') !== 'time')
    said(panel, 'xaxis', '横轴改为时间', 'the horizontal axis became time');
  const gaps = panel.text('nullPointMode', 30);
  if (gaps === 'null as zero')
    said(panel, 'nullPointMode', '空值不按 0 画：缺口就是缺口', 'gaps are not drawn as zero');
  const aliasColors = panel.child('aliasColors');
  const custom = {
    ...(left.custom as Json | undefined),
    drawStyle: panel.flag('bars') ? 'bars' : panel.flag('lines', true) ? 'line' : 'points',
    lineWidth: panel.number('linewidth') ?? 1,
    fillOpacity: (panel.number('fill') ?? 1) * 10,
    showPoints: panel.flag('points') ? 'always' : 'never',
    lineInterpolation: panel.flag('steppedLine') ? 'stepAfter' : 'linear',
    spanNulls: gaps === 'connected',
    stacking: { mode: panel.flag('stack') ? (panel.flag('percentage') ? 'percent' : 'normal') : 'none' },
    ...(thresholds.length > 0 ? { thresholdsStyle: { mode: 'line' } } : {}),
    ...(panel.flag('dashes') ? { lineStyle: { fill: 'dash' } } : {}),
  };
  const decimals = panel.number('decimals');
  return {
    ...rest(panel),
    type: 'timeseries',
    fieldConfig: {
      defaults: {
        ...left,
        ...(decimals === null ? {} : { decimals }),
        custom,
        links: panel.child('fieldConfig').child('defaults').list('links'),
        ...(thresholds.length > 0
          ? { thresholds: { mode: 'absolute', steps: [{ color: 'text', value: null }, ...thresholds] } }
          : {}),
      },
      overrides: [
        ...aliasColors
          .keys()
          .slice(0, 100)
          .map((name) => ({
            matcher: { id: 'byName', options: name },
            properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: aliasColors.text(name, 100) } }],
          })),
        ...panel.children('seriesOverrides', 90).map((node) => seriesOverride(node, right)),
      ],
    },
    options: {
      legend: oldLegend(panel),
      tooltip: { mode: panel.child('tooltip').flag('shared') ? 'multi' : 'single' },
    },
  };
}

function fromSinglestat(panel: Node): Json {
  const gauge = panel.child('gauge');
  const bounds = panel
    .text('thresholds', 200)
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map(Number)
    .filter(Number.isFinite);
  const colors = panel.texts('colors', 50);
  const [prefix, postfix] = [panel.text('prefix', 100), panel.text('postfix', 100)];
  if (prefix !== '') said(panel, 'prefix', `前缀“${prefix}”已略去`, `the prefix "${prefix}" was left out`);
  if (postfix !== '')
    said(panel, 'postfix', `后缀“${postfix}”已略去`, `the postfix "${postfix}" was left out`);
  const isColored = panel.flag('colorBackground') || panel.flag('colorValue') || gauge.flag('show');
  const map = (key: string, type: number): Json[] =>
    panel.children(key, 500).map((node) => ({
      type,
      text: node.text('text', 300),
      value: node.text('value', 1000),
      from: node.raw('from'),
      to: node.raw('to'),
    }));
  const decimals = panel.number('decimals');
  return {
    ...rest(panel),
    type: gauge.flag('show') ? 'gauge' : 'stat',
    fieldConfig: {
      defaults: {
        unit: panel.text('format', 100),
        ...(decimals === null ? {} : { decimals: integer(decimals, 0, 15) }),
        ...(gauge.flag('show')
          ? { min: gauge.number('minValue') ?? 0, max: gauge.number('maxValue') ?? 100 }
          : {}),
        mappings: panel.number('mappingType') === 2 ? map('rangeMaps', 2) : map('valueMaps', 1),
        color: { mode: isColored ? 'thresholds' : 'palette-classic' },
        thresholds: {
          mode: 'absolute',
          steps:
            bounds.length === 0
              ? []
              : [
                  { color: colors[0] ?? 'green', value: null },
                  ...bounds.map((value, i) => ({ color: colors[i + 1] ?? 'red', value })),
                ],
        },
        noValue: panel.text('nullText', 300),
      },
      overrides: [],
    },
    options: {
      reduceOptions: { calcs: [panel.text('valueName', 30, 'avg')] },
      graphMode: panel.child('sparkline').flag('show') ? 'area' : 'none',
      colorMode: panel.flag('colorBackground') ? 'background' : panel.flag('colorValue') ? 'value' : 'none',
      textMode: panel.text('valueName', 30) === 'name' ? 'name' : 'value',
    },
  };
}

function fromOldTable(panel: Node): Json {
  if (panel.list('styles').length > 0)
    said(
      panel,
      'styles',
      '旧式表格的列样式改为默认样式',
      'styles of columns of the old table became the default',
    );
  const transform = panel.text('transform', 50, 'table');
  if (transform !== 'table')
    said(
      panel,
      'transform',
      `表格变换“${transform}”已略去`,
      `the table transform "${transform}" was left out`,
    );
  return { ...rest(panel), type: 'table', fieldConfig: { defaults: {}, overrides: [] }, options: {} };
}

/** The panel in today's shape; itself when it is of today. */
export function modernized(panel: Node): Node {
  const type = panel.text('type', 100);
  const json =
    type === 'graph'
      ? fromGraph(panel)
      : type === 'singlestat' || type === 'grafana-singlestat-panel'
        ? fromSinglestat(panel)
        : type === 'table-old' || (type === 'table' && panel.has('styles'))
          ? fromOldTable(panel)
          : null;
  return json === null ? panel : new Node(json, panel.path, panel.findings);
}
