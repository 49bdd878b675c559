import { type Findings, isJson, Node } from './node.ts';

type Json = Record<string, unknown>;

/** Whether a file has the schema v2 of Grafana 12 (`dashboard.grafana.app/v2…`), wrapped as a resource or bare. */
export function isV2(value: Readonly<Record<string, unknown>>): boolean {
  return (
    (typeof value.apiVersion === 'string' && /^dashboard\.grafana\.app\/v2/.test(value.apiVersion)) ||
    (isJson(value.elements) && isJson(value.layout))
  );
}

const LAST_DEPTH = 10;
const HIDES: Readonly<Record<string, number>> = { dontHide: 0, hideLabel: 1, hideVariable: 2 };
const SORTS: readonly string[] = [
  'disabled',
  'alphabeticalAsc',
  'alphabeticalDesc',
  'numericalAsc',
  'numericalDesc',
  'alphabeticalCaseInsensitiveAsc',
  'alphabeticalCaseInsensitiveDesc',
  'naturalAsc',
  'naturalDesc',
];
const VARIABLES: Readonly<Record<string, string>> = {
  QueryVariable: 'query',
  CustomVariable: 'custom',
  IntervalVariable: 'interval',
  ConstantVariable: 'constant',
  TextVariable: 'textbox',
  DatasourceVariable: 'datasource',
  AdhocVariable: 'adhoc',
  GroupByVariable: 'groupby',
  SwitchVariable: 'switch',
};

const object = (value: unknown): Json => (isJson(value) ? { ...value } : {});
const spec = (value: unknown): Json => object(object(value).spec);

/** A data query: its kind is the data source's, in later revisions its `group`. */
function asTarget(query: unknown): Json {
  const outer = spec(query);
  const inner = object(outer.query);
  const kind = inner.kind === 'DataQuery' ? inner.group : inner.kind;
  return { ...object(inner.spec), refId: outer.refId, hide: outer.hidden, datasource: { type: kind } };
}

function asPanel(element: unknown): Json {
  if (isJson(element) && element.kind === 'LibraryPanel') {
    const library = spec(element);
    return { id: library.id, title: library.title, libraryPanel: library.libraryPanel };
  }
  const panel = spec(element);
  const data = spec(panel.data);
  const viz = object(panel.vizConfig);
  const vizSpec = object(viz.spec);
  const options = object(data.queryOptions);
  return {
    id: panel.id,
    title: panel.title,
    description: panel.description,
    links: panel.links,
    type: viz.kind === 'VizConfig' ? viz.group : viz.kind,
    options: vizSpec.options,
    fieldConfig: vizSpec.fieldConfig,
    targets: Array.isArray(data.queries) ? data.queries.map(asTarget) : [],
    transformations: Array.isArray(data.transformations)
      ? data.transformations.map((each) => ({
          ...spec(each),
          id: spec(each).id ?? object(each).group ?? object(each).kind,
        }))
      : [],
    interval: options.interval,
    timeFrom: options.timeFrom,
    timeShift: options.timeShift,
  };
}

/** Lays a layout's panels out from a grid row on. */
class Layouter {
  readonly panels: Json[] = [];
  readonly #elements: Json;
  readonly #findings: Findings;
  y = 0;

  constructor(elements: Json, findings: Findings) {
    this.#elements = elements;
    this.#findings = findings;
  }

  #place(item: unknown, gridPos: Json): void {
    const { element, repeat } = spec(item);
    const name = object(element).name;
    const found =
      typeof name === 'string' && Object.hasOwn(this.#elements, name) ? this.#elements[name] : undefined;
    const { value, direction, maxPerRow } = object(repeat);
    this.panels.push({ ...asPanel(found), gridPos, repeat: value, repeatDirection: direction, maxPerRow });
  }

  add(layout: unknown, path: string, depth: number): void {
    if (depth > LAST_DEPTH) return;
    const kind = object(layout).kind;
    const inner = spec(layout);
    const items = Array.isArray(inner.items) ? inner.items : [];
    if (kind === 'GridLayout') {
      const top = this.y;
      for (const item of items) {
        const { x, y, width, height } = spec(item);
        this.#place(item, { x, y: top + (typeof y === 'number' ? y : 0), w: width, h: height });
        if (typeof y === 'number' && typeof height === 'number') this.y = Math.max(this.y, top + y + height);
      }
      return;
    }
    if (kind === 'AutoGridLayout' || kind === 'ResponsiveGridLayout') {
      const columns =
        typeof inner.maxColumnCount === 'number'
          ? Math.min(6, Math.max(1, Math.floor(inner.maxColumnCount)))
          : 3;
      const w = Math.floor(24 / columns);
      items.forEach(
        (item, i) =>
          void this.#place(item, { x: (i % columns) * w, y: this.y + Math.floor(i / columns) * 8, w, h: 8 }),
      );
      this.y += Math.ceil(items.length / columns) * 8;
      return;
    }
    const [parts, isTabs] = kind === 'TabsLayout' ? [inner.tabs, true] : [inner.rows, false];
    if (isTabs) this.#findings.add('changed', path, { zh: '标签页改为行', en: 'tabs became rows' });
    for (const [i, part] of (Array.isArray(parts) ? parts : []).entries()) {
      const { title, collapse, repeat, layout: nested } = spec(part);
      this.panels.push({
        type: 'row',
        title,
        collapsed: collapse,
        repeat: object(repeat).value,
        gridPos: { x: 0, y: this.y, w: 24, h: 1 },
        panels: [],
      });
      this.y += 1;
      this.add(nested, `${path}.${isTabs ? 'tabs' : 'rows'}[${i}].spec.layout`, depth + 1);
    }
  }
}

function asVariable(variable: unknown): Json {
  const { query, hide, sort, ...rest } = spec(variable);
  const kind = object(variable).kind;
  const inner = object(query);
  const isQuery = kind === 'QueryVariable';
  const source = inner.kind === 'DataQuery' ? inner.group : inner.kind;
  const text = isQuery
    ? (object(inner.spec).query ?? object(inner.spec).__legacyStringValue ?? rest.definition)
    : query;
  return {
    ...rest,
    type: typeof kind === 'string' ? (VARIABLES[kind] ?? kind) : '',
    hide: typeof hide === 'string' ? (HIDES[hide] ?? 0) : 0,
    sort: typeof sort === 'string' ? Math.max(0, SORTS.indexOf(sort)) : 0,
    query: text,
    ...(isQuery ? { datasource: { type: source } } : {}),
  };
}

/** The dashboard in the older shape, so that one reader serves both. */
export function v2AsV1(
  value: Readonly<Record<string, unknown>>,
  findings: Findings,
):
  | { readonly ok: true; readonly dashboard: unknown }
  | { readonly ok: false; readonly path: readonly PropertyKey[]; readonly why: string } {
  const isResource = isJson(value.spec);
  const root = isResource ? object(value.spec) : object(value);
  const elements = object(root.elements);
  if (!isJson(root.layout))
    return { ok: false, path: isResource ? ['spec'] : [], why: 'there is no layout: this is no dashboard' };
  const layouter = new Layouter(elements, findings);
  layouter.add(root.layout, 'spec.layout', 0);
  const time = object(root.timeSettings);
  const metadata = object(value.metadata);
  const known = new Node(root, 'spec', findings).skip(
    'elements',
    'layout',
    'timeSettings',
    'variables',
    'annotations',
    'title',
    'description',
    'tags',
    'links',
    'cursorSync',
    'preload',
    'liveNow',
    'editable',
    'revision',
    'schemaVersion',
  );
  known.listRest();
  return {
    ok: true,
    dashboard: {
      uid: metadata.name,
      title: root.title,
      description: root.description,
      tags: root.tags,
      links: root.links,
      time: { from: time.from, to: time.to },
      refresh: time.autoRefresh,
      timezone: time.timezone,
      templating: { list: Array.isArray(root.variables) ? root.variables.map(asVariable) : [] },
      annotations: {
        list: Array.isArray(root.annotations)
          ? root.annotations.map((each) => {
              const { query, ...rest } = spec(each);
              const inner = object(query);
              const kind = inner.kind === 'DataQuery' ? inner.group : inner.kind;
              return {
                ...rest,
                builtIn: rest.builtIn === true ? 1 : 0,
                datasource: { type: kind },
                target: inner.spec,
              };
            })
          : [],
      },
      panels: layouter.panels,
    },
  };
}
