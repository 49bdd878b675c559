import { createHash } from 'node:crypto';
import type { ImportFinding, ImportReport } from '#shared/contract/dashboards.ts';
import {
  DASHBOARD_FORMAT,
  DASHBOARD_FORMAT_VERSION,
  type DashboardInput,
  dashboardLimits,
} from '#shared/domain/dashboard/model.ts';
import { parseDuration } from '#shared/units/duration.ts';
import { readAnnotations } from './annotations.ts';
import { dashboardLink, linksAt } from './links.ts';
import { Findings, isJson, Node } from './node.ts';
import type { PanelContext } from './panels.ts';
import { readRows } from './rows.ts';
import type { Inputs } from './targets.ts';
import { isV2, v2AsV1 } from './v2.ts';
import { readVariable } from './variables.ts';

/** What a file of Grafana gives, or why it is none. */
export type GrafanaRead =
  | {
      readonly ok: true;
      readonly draft: DashboardInput;
      readonly findings: readonly ImportFinding[];
      readonly origin: string;
      readonly from: ImportReport['from'];
      /** Numbers of the panels that could not be taken; a note stands in their place. */
      readonly left: readonly number[];
    }
  | { readonly ok: false; readonly path: readonly PropertyKey[]; readonly why: string }
  | {
      readonly ok: false;
      readonly limit: { readonly what: string; readonly found: number; readonly limit: number };
    };

/** The schema of the Grafana that exports since version 7 have; older ones have rows of another kind. */
const OLDEST_SCHEMA = 16;

/** Reads a dashboard as Grafana 9 to 12 exports it, or as its API answers. */
export function readGrafana(value: unknown): GrafanaRead {
  if (!isJson(value)) return { ok: false, path: [], why: 'a dashboard is a JSON object' };
  const findings = new Findings();
  if (isV2(value)) {
    const converted = v2AsV1(value, findings);
    return converted.ok ? read(converted.dashboard, findings, 'grafana-v2', []) : converted;
  }
  const isWrapped = isJson(value.dashboard);
  return read(isWrapped ? value.dashboard : value, findings, 'grafana', isWrapped ? ['dashboard'] : []);
}

function countPanels(panels: readonly unknown[]): number {
  return panels.reduce<number>(
    (sum, panel) => sum + 1 + (isJson(panel) && Array.isArray(panel.panels) ? panel.panels.length : 0),
    0,
  );
}

function read(
  value: unknown,
  findings: Findings,
  from: ImportReport['from'],
  path: readonly PropertyKey[],
): GrafanaRead {
  const root = new Node(value, '', findings);
  if (!Array.isArray(root.raw('panels'))) {
    const why = root.has('rows')
      ? 'rows of a Grafana before 5; open and save it in a newer one'
      : 'there is no list of panels: this is no dashboard';
    return { ok: false, path: root.has('rows') ? [...path, 'rows'] : path, why };
  }
  const schema = root.number('schemaVersion') ?? 0;
  if (schema !== 0 && schema < OLDEST_SCHEMA)
    return {
      ok: false,
      path: [...path, 'schemaVersion'],
      why: `schema ${schema} is older than ${OLDEST_SCHEMA}`,
    };
  for (const [what, found, limit] of [
    ['panels', countPanels(root.list('panels')), dashboardLimits.panels],
    ['variables', root.child('templating').list('list').length, dashboardLimits.variables],
  ] as const)
    if (found > limit) return { ok: false, limit: { what, found, limit } };

  const title = root.text('title', 300).trim();
  const { inputs, library, origin } = readEnvelope(root, schema, findings);
  const left: number[] = [];
  const context: PanelContext = { inputs, library, takeId: idGiver(), onLeft: (id) => void left.push(id) };
  const variables = root
    .child('templating')
    .children('list', dashboardLimits.variables)
    .flatMap((node) => {
      const variable = readVariable(node, inputs);
      return variable === null ? [] : [variable];
    });
  const names = new Set<string>();
  const distinct = variables.filter(({ name }) => !names.has(name) && names.add(name) !== undefined);
  const annotations = readAnnotations(
    root.child('annotations').children('list', dashboardLimits.annotations),
    inputs,
  );
  const rows = readRows(root.children('panels', dashboardLimits.panels), context);
  findings.inPanel(null);
  const time = root.child('time');
  const draft: DashboardInput = {
    format: DASHBOARD_FORMAT,
    version: DASHBOARD_FORMAT_VERSION,
    uid: uidOf(root.text('uid', 200), title),
    title: title === '' ? 'Grafana' : title,
    description: root.text('description', 10_000),
    tags: root
      .texts('tags', 100)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== '')
      .slice(0, 50),
    time: { from: timeText(time, 'from', 'now-6h'), to: timeText(time, 'to', 'now') },
    refreshMs: refreshOf(root),
    zone: zoneOf(root),
    variables: distinct,
    annotations,
    links: linksAt(root, 'links', dashboardLink),
    rows,
  };
  root.skip(
    'id',
    'version',
    'iteration',
    'editable',
    'style',
    'graphTooltip',
    'liveNow',
    'preload',
    'weekStart',
    'fiscalYearStartMonth',
    'gnetId',
    'schemaVersion',
    '__inputs',
    '__requires',
    '__elements',
    'templating',
    'annotations',
    'panels',
    'timepicker',
    'rows',
    'meta',
    'slug',
    'revision',
    'hideControls',
    'sharedCrosshair',
    'originalTitle',
    'nav',
    'snapshot',
    'isSystem',
  );
  if (root.has('snapshot'))
    root.note('snapshot', { zh: '快照的数据不导入', en: 'the data of a snapshot is not imported' });
  root.listRest();
  return { ok: true, draft, findings: findings.list, origin, from, left };
}

/** A dashboard without a uid gets one from its title, so that the same file is the same dashboard when it is imported again. */
function uidOf(uid: string, title: string): string {
  const clean = uid.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 80);
  return clean === '' ? `grafana-${createHash('sha256').update(title).digest('hex').slice(0, 12)}` : clean;
}

function timeText(node: Node, key: string, fallback: string): string {
  const text = node.text(key, 60).trim();
  return text === '' ? fallback : text;
}

function refreshOf(root: Node): number | null {
  const text = root.raw('refresh');
  if (typeof text !== 'string' || text === '') return null;
  if (text === 'auto') return 30_000;
  const ms = parseDuration(text);
  return ms === null ? null : Math.min(86_400_000, Math.max(1_000, ms));
}

function zoneOf(root: Node): 'local' | 'utc' {
  const zone = root.text('timezone', 100);
  if (zone === 'utc' || zone === 'UTC' || zone === 'Etc/UTC') return 'utc';
  if (zone !== '' && zone !== 'browser' && zone !== 'default')
    root.changed('timezone', {
      zh: `时区“${zone}”改为本地时区`,
      en: `the time zone "${zone}" became the local one`,
    });
  return 'local';
}

/** Numbers for panels: the file's own where it is free. */
function idGiver(): (wanted: number | null) => number {
  const taken = new Set<number>();
  let next = 1;
  return (wanted) => {
    const isFree =
      wanted !== null && Number.isInteger(wanted) && wanted >= 1 && wanted <= 1e8 && !taken.has(wanted);
    let id = isFree ? wanted : next;
    while (taken.has(id)) id++;
    if (!isFree) next = id + 1;
    taken.add(id);
    return id;
  };
}

/** What an export says of itself beside the dashboard. */
function readEnvelope(root: Node, schema: number, findings: Findings) {
  const sources = new Map<string, string>();
  const constants = new Map<string, string>();
  for (const input of root.children('__inputs', 200)) {
    const name = input.text('name', 200);
    if (input.text('type', 50) === 'datasource') sources.set(name, input.text('pluginId', 200));
    else constants.set(name, input.text('value', 20_000));
  }
  const library = new Map<string, unknown>();
  const elements = root.child('__elements');
  for (const key of elements.keys().slice(0, 500)) {
    const element = new Node(elements.raw(key), `__elements.${key}`, findings);
    library.set(element.text('uid', 200) || key, element.raw('model'));
  }
  const grafana = root.children('__requires', 200).find((each) => each.text('type', 50) === 'grafana');
  const version = grafana?.text('version', 50) ?? '';
  const origin = ['Grafana', version, schema === 0 ? '' : `(schema ${schema})`]
    .filter((part) => part !== '')
    .join(' ');
  const inputs: Inputs = { sources, constants };
  return { inputs, library, origin };
}
