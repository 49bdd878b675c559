import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { variableValue } from '#shared/domain/dashboard/choose.ts';
import { interpolateExpression, type Scope } from '#shared/domain/dashboard/interpolate.ts';
import { panelsOf } from '#shared/domain/dashboard/model.ts';
import { isAsking } from '#shared/domain/dashboard/panels.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import { type HeadlessEngine, hmtt, startHeadlessEngine } from '../helpers/headless-engine.ts';
import { type NodeExporter, startNodeExporter } from '../helpers/node-exporter.ts';

/** Built-in dashboards over a real node_exporter, this workstation and the console's own series; and the command line. */

const SPAN_MS = 120_000;
/** The console stores its own series every 15 s; a rate needs two of them. */
const GATHER_MS = 40_000;

let engine: HeadlessEngine;
let exporter: NodeExporter;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hmtt-dashboards-'));
  [engine, exporter] = await Promise.all([startHeadlessEngine(folder), startNodeExporter()]);
  await engine.call('hosts.add', {
    name: 'app-1',
    address: '127.0.0.1',
    tier: 'business',
    scrapes: [
      {
        job: 'node',
        address: exporter.address,
        intervalMs: 1_000,
        timeoutMs: 1_000,
        labels: { instance: 'app-1:9100' },
      },
    ],
  });
  await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
}, GATHER_MS + 60_000);

afterAll(async () => {
  await exporter?.stop();
  await engine?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Panels of a dashboard for which no expression gives a value, by title. */
async function emptyPanels(uid: string, chosen: Record<string, string[]>): Promise<readonly string[]> {
  const end = Date.now();
  const start = end - SPAN_MS;
  const { dashboard } = await engine.call('dashboards.get', { uid });
  const { variables } = await engine.call('dashboards.variables', {
    variables: dashboard.variables,
    chosen,
    start,
    end,
  });
  const values = dashboard.variables.map((variable, i) => {
    const resolved = variables[i];
    expect(resolved?.error).toBeNull();
    return variableValue(variable, resolved?.options ?? [], resolved?.chosen ?? [], SPAN_MS, 'en');
  });
  const scope: Scope = {
    variables: new Map(values.map((value) => [value.name, value])),
    from: start,
    to: end,
    stepMs: 5_000,
    scrapeMs: 15_000,
    dashboard: '',
  };
  const empty: string[] = [];
  for (const panel of panelsOf(dashboard)) {
    if (!isAsking(panel)) continue;
    let hasData = false;
    for (const target of panel.targets) {
      const expr = interpolateExpression(target.expr, scope);
      const { series } = await engine.call('metrics.columns', { expr, start, end, stepMs: 5_000 });
      hasData ||= series.some((each) => each.values.some((value) => value !== null));
    }
    if (!hasData) empty.push(localize(panel.title, 'en'));
  }
  return empty;
}

describe('built-in dashboards', () => {
  test('the host, by node_exporter and by the workstation itself', async () => {
    expect(await emptyPanels('hmtt-host', { host: ['app-1:9100'] })).toEqual([]);
    const now = Date.now();
    const { hosts } = await engine.call('hosts.list', {});
    const workstation = hosts.find(({ thisWorkstation }) => thisWorkstation)?.name ?? '';
    const { series } = await engine.call('metrics.columns', {
      expr: `node_boot_time_seconds{instance="${workstation}"}`,
      start: now - SPAN_MS,
      end: now,
      stepMs: 5_000,
    });
    expect(series).toHaveLength(1);
    expect(await emptyPanels('hmtt-host', { host: [workstation] })).toEqual([]);
  });

  test('the site, the tier and the console itself', async () => {
    expect(await emptyPanels('hmtt-site', {})).toEqual([]);
    expect(await emptyPanels('hmtt-tier', { tier: ['business'] })).toEqual([]);
    expect(await emptyPanels('hmtt-console', {})).toEqual([]);
  });

  test('a host that is gone can be chosen in every range in which it was there', async () => {
    await exporter.stop();
    const { hosts } = await engine.call('hosts.list', {});
    const id = hosts.find(({ name }) => name === 'app-1')?.id ?? '';
    await engine.call('hosts.remove', { id });
    const { dashboard } = await engine.call('dashboards.get', { uid: 'hmtt-host' });
    const end = Date.now();
    const { variables } = await engine.call('dashboards.variables', {
      variables: dashboard.variables,
      chosen: { host: ['app-1:9100'] },
      start: end - SPAN_MS,
      end,
    });
    expect(variables[0]).toMatchObject({ name: 'host', chosen: ['app-1:9100'] });
    expect(variables[0]?.options.map(({ value }) => value)).toContain('app-1:9100');
  });
});

test('marks, watch gaps and problems stand on the time axis', async () => {
  const now = Date.now();
  await engine.call('dashboards.mark', { text: 'release 2.1', tags: ['app'] });
  const { annotations } = await engine.call('dashboards.annotations', {
    start: now - 3_600_000,
    end: now + 60_000,
  });
  expect(annotations.map(({ kind }) => kind)).toContain('deployment');
  expect(annotations.every(({ at }, i) => i === 0 || at >= (annotations[i - 1]?.at ?? 0))).toBe(true);
});

describe('hmtt dashboards', () => {
  test('import, export and what is refused', async () => {
    const file = join(folder, 'grafana.json');
    writeFileSync(
      file,
      JSON.stringify({
        title: 'Load',
        uid: 'load',
        schemaVersion: 41,
        panels: [
          {
            id: 1,
            type: 'timeseries',
            title: 'Load',
            gridPos: { x: 0, y: 0, w: 12, h: 8 },
            targets: [{ refId: 'A', expr: 'node_load1' }],
          },
          { id: 2, type: 'canvas', title: 'Plan', gridPos: { x: 12, y: 0, w: 12, h: 8 } },
        ],
      }),
    );
    const imported = await hmtt(folder, '--json', 'dashboards', 'import', file);
    expect(imported.code).toBe(0);
    expect(JSON.parse(imported.stdout)).toMatchObject({
      saved: { uid: 'load', version: 1 },
      report: {
        panels: { taken: 1, left: 1 },
        findings: [{ level: 'left', panel: 'Plan', path: 'panels[1].type' }],
      },
    });
    const again = await hmtt(folder, 'dashboards', 'import', file);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('DASHBOARD_TAKEN')]);
    expect((await hmtt(folder, 'dashboards', 'import', file, '--replace')).code).toBe(0);
    const exported = await hmtt(folder, 'dashboards', 'export', 'load');
    expect(JSON.parse(exported.stdout)).toMatchObject({ format: 'hmtt-dashboard', uid: 'load' });
    expect((await hmtt(folder, 'dashboards', 'list')).stdout).toContain('load');
    writeFileSync(file, '{"panels": [\n  {"id": 1,}\n]}');
    const broken = await hmtt(folder, 'dashboards', 'import', file);
    expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining('line 2, column 12')]);
  });
});
