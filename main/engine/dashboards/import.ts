import type { ImportReport } from '#shared/contract/dashboards.ts';
import {
  DASHBOARD_FORMAT,
  type Dashboard,
  dashboardLimits,
  dashboardSchema,
  panelsOf,
} from '#shared/domain/dashboard/model.ts';
import { isAsking } from '#shared/domain/dashboard/panels.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { readGrafana } from './grafana/read.ts';
import { placeOf, readJson } from './json-places.ts';

/** A dashboard as it would be saved, and what became of the file's content. */
export type Imported = { readonly dashboard: Dashboard; readonly report: ImportReport };

/** Reads a file of the console or of Grafana. Nothing is saved. */
export function importDashboard(text: string): Result<Imported> {
  const json = readJson(text);
  if (!json.ok) {
    const { line, column, why } = json.fault;
    return err(appError('DASHBOARD_INVALID', { line, column, why }, { line, column }));
  }
  const { value } = json;
  const isOwn = isObject(value) && value.format === DASHBOARD_FORMAT;
  return isOwn ? readOwn(text, value) : fromGrafana(text, value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(text: string, path: readonly PropertyKey[], why: string): Result<never> {
  const { line, column } = placeOf(text, path);
  const field = path.map(String).join('.');
  const place = { line, column, ...(field === '' ? {} : { field }) };
  return err(
    appError('DASHBOARD_INVALID', { line, column, why: field === '' ? why : `${field}: ${why}` }, place),
  );
}

function readOwn(text: string, value: unknown): Result<Imported> {
  const parsed = dashboardSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return invalid(text, issue?.path ?? [], issue?.message ?? 'not a dashboard');
  }
  const dashboard = parsed.data;
  return ok({
    dashboard,
    report: {
      ...counts(dashboard),
      from: 'console',
      origin: 'HMTT Console',
      findings: [],
      findingsOmitted: 0,
    },
  });
}

/** What a report says of the dashboard itself. */
function counts(
  dashboard: Dashboard,
): Pick<ImportReport, 'uid' | 'title' | 'panels' | 'targets' | 'variables'> {
  const panels = panelsOf(dashboard);
  return {
    uid: dashboard.uid,
    title: dashboard.title,
    panels: { taken: panels.length, changed: 0, left: 0 },
    targets: panels.reduce((sum, panel) => sum + (isAsking(panel) ? panel.targets.length : 0), 0),
    variables: dashboard.variables.length,
  };
}

/** Findings that are sent; all of them are counted. */
const MOST_FINDINGS = 2_000;

function fromGrafana(text: string, value: unknown): Result<Imported> {
  const read = readGrafana(value);
  if (!read.ok)
    return 'limit' in read
      ? err(appError('DASHBOARD_TOO_LARGE', read.limit))
      : invalid(text, read.path, read.why);
  const { draft, findings, origin, from, left } = read;
  const parsed = dashboardSchema.safeParse(draft);
  if (!parsed.success) {
    // The reader keeps to the schema; what it lets through all the same is refused, not saved.
    const issue = parsed.error.issues[0];
    return invalid(
      text,
      [],
      `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'not a dashboard'}`,
    );
  }
  const dashboard = parsed.data;
  const bytes = Buffer.byteLength(JSON.stringify(dashboard));
  if (bytes > dashboardLimits.bytes)
    return err(
      appError('DASHBOARD_TOO_LARGE', { what: 'bytes', found: bytes, limit: dashboardLimits.bytes }),
    );
  const own = counts(dashboard);
  const changedIds = new Set(
    findings.flatMap(({ level, panelId }) => (level === 'note' || panelId === null ? [] : [panelId])),
  );
  const changed = panelsOf(dashboard).filter(({ id }) => changedIds.has(id) && !left.includes(id)).length;
  return ok({
    dashboard,
    report: {
      ...own,
      panels: { taken: own.panels.taken - left.length, changed, left: left.length },
      from,
      origin,
      findings: findings.slice(0, MOST_FINDINGS),
      findingsOmitted: Math.max(0, findings.length - MOST_FINDINGS),
    },
  });
}
