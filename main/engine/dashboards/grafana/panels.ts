import { GRID_COLUMNS, type Place } from '#shared/domain/dashboard/panels.ts';
import { readFieldConfig } from './field.ts';
import { linksAt, panelLink } from './links.ts';
import { integer, isJson, Node } from './node.ts';
import { modernized } from './old-panels.ts';
import { type PanelInput, readOptions } from './options.ts';
import { type Inputs, readTargets } from './targets.ts';
import { readTransformations } from './transformations.ts';

/** What panels are read with. */
export type PanelContext = {
  readonly inputs: Inputs;
  /** Library panels that an export carries, by uid. */
  readonly library: ReadonlyMap<string, unknown>;
  /** Gives each panel a number of its own; that of the file where it is free. */
  readonly takeId: (wanted: number | null) => number;
  /** Hears the numbers of panels that could not be taken. */
  readonly onLeft: (id: number) => void;
};

const KINDS: Readonly<Record<string, PanelInput['kind']>> = {
  timeseries: 'timeseries',
  stat: 'stat',
  gauge: 'gauge',
  bargauge: 'bar',
  barchart: 'bar',
  piechart: 'bar',
  'grafana-piechart-panel': 'bar',
  table: 'table',
  heatmap: 'heatmap',
  'state-timeline': 'states',
  'status-history': 'states',
  logs: 'logs',
  alertlist: 'alerts',
  text: 'text',
};

/** Kinds that become something a little different. */
const CHANGED: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  piechart: { zh: '饼图改为条形图', en: 'the pie chart became bars' },
  'grafana-piechart-panel': { zh: '饼图改为条形图', en: 'the pie chart became bars' },
  barchart: { zh: '条形图按序列取一个值显示', en: 'the bar chart shows one value a series' },
  logs: {
    zh: '日志检索需按本控制台的写法重写',
    en: 'the log search must be written anew in the way of this console',
  },
  alertlist: { zh: '显示本控制台的告警', en: 'shows the alerts of this console' },
};

/** What Grafana's editor remembers of a panel. */
const EDITOR: readonly string[] = [
  'pluginVersion',
  'datasource',
  'maxDataPoints',
  'cacheTimeout',
  'queryCachingTTL',
  'transparent',
  'libraryPanel',
  'interval',
  'scopedVars',
  'repeatIteration',
  'repeatPanelId',
  'repeatedByRow',
  'timeCompare',
  'gridPos',
  'id',
  'type',
  'title',
  'hideTimeOverride',
  'alert',
  'editable',
  'error',
  'isNew',
  'panels',
  'collapsed',
  'key',
  'tags',
  'pluginLoadError',
  'cachedPluginOptions',
];

/** A place in the grid; what lies outside is brought in. */
export function readPlace(node: Node, fallbackY: number): Place {
  const grid = node.child('gridPos');
  const w = integer(grid.number('w'), 1, GRID_COLUMNS) ?? 12;
  return {
    w,
    h: integer(grid.number('h'), 1, 200) ?? 8,
    x: Math.min(GRID_COLUMNS - w, integer(grid.number('x'), 0, GRID_COLUMNS - 1) ?? 0),
    y: integer(grid.number('y'), 0, 1_000_000) ?? fallbackY,
  };
}

/** The panel with its library panel's content; a library panel that refers to others again is not followed. */
function withLibrary(node: Node, { library }: PanelContext): Node | null {
  const reference = node.raw('libraryPanel');
  if (!isJson(reference) || node.has('type')) return node;
  const uid = typeof reference.uid === 'string' ? reference.uid : '';
  const model = library.get(uid);
  if (!isJson(model) || (isJson(model.libraryPanel) && typeof model.type !== 'string')) {
    const name = typeof reference.name === 'string' ? reference.name.slice(0, 200) : uid;
    node.findings.add('left', node.at('libraryPanel'), {
      zh: `库面板“${name}”不在文件中；请在 Grafana 中导出时勾选“供外部共享”`,
      en: `the library panel "${name}" is not in the file; export it "for sharing externally"`,
    });
    return null;
  }
  const own = Object.fromEntries(node.keys().map((key) => [key, node.raw(key)]));
  return new Node({ ...model, ...own, type: model.type }, node.path, node.findings);
}

function placeholder(id: number, title: string, place: Place, what: string): PanelInput {
  return {
    kind: 'text',
    id,
    title,
    place,
    format: 'plain',
    content: {
      zh: `此面板的类型“${what}”没有对应项，导入时略去。`,
      en: `This panel is of the kind "${what}", which has no counterpart; it was left out of the import.`,
    },
  };
}

function common(node: Node, id: number, title: string, place: Place) {
  const variable = node.text('repeat', 200);
  const direction = node.text('repeatDirection', 10) === 'v' ? ('down' as const) : ('across' as const);
  const most = integer(node.number('maxPerRow'), 1, GRID_COLUMNS) ?? 4;
  return {
    id,
    title,
    place,
    description: node.text('description', 10_000),
    links: linksAt(node, 'links', panelLink),
    repeat: variable === '' ? null : { variable, direction, most },
  };
}

/** A panel as it stands in a file of Grafana; always something, so that the page keeps its shape. */
export function readPanel(given: Node, context: PanelContext, fallbackY: number): PanelInput {
  const { findings } = given;
  const place = readPlace(given, fallbackY);
  const title = given.text('title', 300);
  const id = context.takeId(given.number('id'));
  findings.inPanel({ title, id });
  const refuse = (what: string): PanelInput => {
    context.onLeft(id);
    return placeholder(id, title, place, what);
  };
  const whole = withLibrary(given, context);
  if (whole === null) return refuse('library panel');
  const node = modernized(whole);
  const type = node.text('type', 100);
  const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  if (kind === undefined) {
    findings.add('left', node.at('type'), {
      zh: `面板类型“${type}”没有对应项，以一段说明代替`,
      en: `a panel of the kind "${type}" has no counterpart; a note stands in its place`,
    });
    return refuse(type);
  }
  const changed = CHANGED[type];
  if (changed !== undefined) findings.add('changed', node.at('type'), changed);
  const base = common(node, id, title === '' ? node.text('title', 300) : title, place);
  if (node.has('alert'))
    node.left('alert', {
      zh: '面板上的旧式告警已略去，请改用规则',
      en: 'the alert of the panel was left out; use rules',
    });
  const own = readOptions(node, type, kind);
  const panel =
    kind === 'logs' || kind === 'alerts' || kind === 'text' || kind === 'backups'
      ? { kind, ...base, ...own }
      : { kind, ...base, ...own, ...readAsking(node, kind, own, context) };
  if (kind === 'logs') sayQueries(node);
  node.skip(
    ...EDITOR,
    ...(kind === 'alerts' || kind === 'text'
      ? ['targets', 'fieldConfig', 'transformations', 'timeFrom', 'timeShift']
      : []),
    ...(kind === 'logs' ? ['fieldConfig'] : []),
  );
  node.listRest();
  // Every member was made for its kind just above; the schema has the last word.
  return panel as PanelInput;
}

/** The searches of a log panel, so that somebody can write them anew. */
function sayQueries(node: Node): void {
  for (const target of node.children('targets', 50)) {
    const expr = target.text('expr', 20_000) || target.text('query', 20_000);
    if (expr !== '')
      target.left('expr', {
        zh: `原检索：${expr.slice(0, 500)}`,
        en: `it searched for: ${expr.slice(0, 500)}`,
      });
  }
}

function readAsking(
  node: Node,
  kind: PanelInput['kind'],
  own: Readonly<Record<string, unknown>>,
  context: PanelContext,
) {
  const { field, overrides } = readFieldConfig(node);
  // Heat maps keep their unit with the axis.
  const unit = kind === 'heatmap' ? node.child('options').child('yAxis').text('unit', 100) : '';
  const targets = readTargets(node, context.inputs).map((target) =>
    kind === 'heatmap' && own.counts === 'buckets' ? { ...target, format: 'buckets' as const } : target,
  );
  return {
    targets,
    span: node.text('timeFrom', 100),
    shift: node.text('timeShift', 100),
    field: unit === '' || field.unit !== undefined ? field : { ...field, unit },
    overrides,
    transformations: readTransformations(node),
  };
}
