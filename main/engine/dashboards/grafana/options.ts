import type * as z from 'zod';
import type { panelSchema } from '#shared/domain/dashboard/panels.ts';
import { calcsAt, reduceCalc } from './calcs.ts';
import { integer, type Node, oneOf } from './node.ts';

export type PanelInput = z.input<typeof panelSchema>;
type Kind = PanelInput['kind'];
/** What is a kind's own, beside what all panels have. */
export type OwnOptions = { readonly [name: string]: unknown };

function legend(options: Node): OwnOptions {
  if (!options.has('legend')) return {};
  const node = options.child('legend');
  const shown = node.flag('showLegend', true) && node.text('displayMode', 20) !== 'hidden';
  const place = node.text('placement', 20) === 'right' ? 'right' : 'bottom';
  const calcs = calcsAt(node, 'calcs');
  node.skip('asTable', 'isVisible', 'width', 'sortBy', 'sortDesc', 'values');
  node.listRest();
  return { legend: { shown, place, calcs } };
}

function orientation(options: Node): OwnOptions {
  return { orientation: oneOf(options.raw('orientation'), ['horizontal', 'vertical']) ?? 'auto' };
}

const LOOKS = [
  'justifyMode',
  'text',
  'wideLayout',
  'percentChangeColorMode',
  'showPercentChange',
  'showThresholdLabels',
  'showThresholdMarkers',
  'minVizWidth',
  'minVizHeight',
  'sizing',
  'maxVizHeight',
  'valueMode',
  'namePlacement',
  'showUnfilled',
  'displayMode',
  'effects',
  'glow',
  'barShape',
] as const;

function stat(options: Node): OwnOptions {
  const graph = options.text('graphMode', 20, 'area');
  const show = oneOf(options.raw('textMode'), ['value', 'name']);
  const color = options.text('colorMode', 30, 'value');
  return {
    calc: reduceCalc(options),
    spark: graph !== 'none',
    show: options.raw('textMode') === 'value_and_name' ? 'value-and-name' : (show ?? 'auto'),
    colored: color.startsWith('background') ? 'background' : color === 'none' ? 'none' : 'value',
    ...orientation(options),
  };
}

function table(options: Node): OwnOptions {
  const sort = options.children('sortBy', 5).map((each) => ({
    column: each.text('displayName', 1000),
    descending: each.flag('desc'),
  }));
  const footer = options.child('footer');
  if (footer.flag('show'))
    options.left('footer', { zh: '表尾合计已略去', en: 'the footer of the table was left out' });
  options.skip(
    'showHeader',
    'frameIndex',
    'cellHeight',
    'showTypeIcons',
    'footer',
    'enablePagination',
    'frozenColumns',
  );
  return { sort };
}

function heatmap(options: Node): OwnOptions {
  options.skip(
    'calculation',
    'cellGap',
    'cellRadius',
    'cellValues',
    'color',
    'exemplars',
    'filterValues',
    'legend',
    'rowsFrame',
    'showValue',
    'tooltip',
    'yAxis',
    'selectionMode',
    'annotations',
  );
  return { counts: options.flag('calculate') ? 'samples' : 'buckets' };
}

function states(options: Node, kind: string): OwnOptions {
  const showValue = oneOf(options.raw('showValue'), ['always', 'never']) ?? 'auto';
  const merged = kind === 'state-timeline' && options.flag('mergeValues', true);
  options.skip('rowHeight', 'alignValue', 'tooltip', 'perPage', 'colWidth');
  return { merged, showValue, ...legend(options) };
}

function alerts(options: Node): OwnOptions {
  const filter = options.child('stateFilter');
  const everything = filter.flag('normal') || filter.flag('inactive');
  filter.skip(
    'error',
    'firing',
    'noData',
    'pending',
    'recovering',
    'unknown',
    'execution_error',
    'alerting',
    'ok',
    'paused',
    'no_data',
  );
  const labels: Record<string, string> = {};
  const text = options.text('alertInstanceLabelFilter', 4000);
  const MATCHER = /(\w+)\s*(=~|=|!=|!~)\s*"((?:[^"\\]|\\.)*)"/g;
  for (const [, name = '', operator, value = ''] of text.matchAll(MATCHER)) {
    if (operator === '!=' || operator === '!~')
      options.changed('alertInstanceLabelFilter', {
        zh: `标签条件 ${name}${operator} 已略去`,
        en: `the condition ${name}${operator} was left out`,
      });
    else
      labels[name] = (operator === '=' ? value.replace(/[\\^$*+?.()|[\]{}]/g, '\\$&') : value).slice(0, 1000);
  }
  options.skip(
    'alertInstanceLabelFilter',
    'dashboardAlerts',
    'datasource',
    'groupBy',
    'groupMode',
    'sortOrder',
    'viewMode',
    'show',
    'showOptions',
    'dashboardFilter',
    'showInactiveAlerts',
    'stateFilter',
    'showInstances',
    'folderId',
    'tags',
  );
  if (options.has('folder'))
    options.left('folder', { zh: '文件夹筛选已略去', en: 'the choice of a folder was left out' });
  return {
    show: everything ? 'all' : 'firing',
    labels,
    contains: options.text('alertName', 500) || options.text('nameFilter', 500),
    limit: integer(options.number('maxItems') ?? options.number('limit'), 1, 500) ?? 20,
  };
}

function text(options: Node): OwnOptions {
  const mode = options.text('mode', 20, 'markdown');
  const content = options.text('content', 200_000);
  options.skip('code');
  if (mode === 'markdown') return { format: 'markdown', content };
  options.changed('mode', {
    zh: 'HTML 不显示，内容按纯文本保留',
    en: 'HTML is not shown; the content is kept as plain text',
  });
  return { format: 'plain', content };
}

function timeseries(options: Node): OwnOptions {
  const tooltip = options.child('tooltip').text('mode', 20, 'single') === 'single' ? 'one' : 'all';
  options.skip('tooltip', 'timezone', 'timeCompare', 'orientation', 'annotations');
  return { ...legend(options), tooltip };
}

/** Reads `options` of a panel for the kind that it becomes. */
export function readOptions(panel: Node, from: string, to: Kind): OwnOptions {
  const options = panel.child('options');
  options.skip('dataLinks', '__angularMigration');
  const own = ((): OwnOptions => {
    switch (to) {
      case 'timeseries':
        return timeseries(options);
      case 'stat':
        options.skip(...LOOKS);
        return stat(options);
      case 'gauge':
        options.skip(...LOOKS);
        return { calc: reduceCalc(options), ...orientation(options) };
      case 'bar':
        options.skip(
          ...LOOKS,
          'pieType',
          'displayLabels',
          'legend',
          'tooltip',
          'sort',
          'xField',
          'showValue',
          'stacking',
          'groupWidth',
          'barWidth',
          'barRadius',
          'xTickLabelRotation',
          'xTickLabelSpacing',
          'xTickLabelMaxLength',
          'fullHighlight',
          'colorByField',
        );
        return {
          calc: options.has('reduceOptions') ? reduceCalc(options) : 'lastNotNull',
          ...orientation(options),
        };
      case 'table':
        return table(options);
      case 'heatmap':
        return heatmap(options);
      case 'states':
        return states(options, from);
      case 'alerts':
        return alerts(options);
      case 'text':
        return text(options);
      case 'logs':
        options.skip(
          'showTime',
          'showLabels',
          'showCommonLabels',
          'prettifyLogMessage',
          'enableLogDetails',
          'dedupStrategy',
          'enableInfiniteScrolling',
          'fontSize',
        );
        return {
          oldestFirst: options.text('sortOrder', 20) === 'Ascending',
          wrap: options.flag('wrapLogMessage'),
        };
      case 'backups':
        return {};
    }
  })();
  options.listRest();
  return own;
}
