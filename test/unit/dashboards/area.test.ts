import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Dashboard, dashboardSchema } from '#shared/domain/dashboard/model.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { reportProblem } from '../../../main/engine/alerts/report-conditions.ts';
import { createDashboardsArea, type DashboardsArea } from '../../../main/engine/dashboards/area.ts';
import type { DashboardSources } from '../../../main/engine/dashboards/types.ts';
import { createJobRegistry } from '../../../main/engine/platform/jobs.ts';
import { consoleMigrations } from '../../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../../main/engine/storage/sqlite.ts';
import { type FakeTime, fakeTime } from '../../helpers/fake-time.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

/** The area over a real console.db: versions, conflicts, marks, and reports with a desktop that answers by hand. */

const NOON = new Date(2026, 5, 1, 12).getTime();
const HOUR = 3_600_000;
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const dashboard = (uid: string, title = uid): Dashboard =>
  dashboardSchema.parse({
    format: 'hmtt-dashboard',
    version: 1,
    uid,
    title,
    rows: [{ panels: [{ kind: 'text', id: 1, place: { x: 0, y: 0, w: 24, h: 2 } }] }],
  });

function made(more: { readonly sources?: Partial<DashboardSources>; readonly folder?: string } = {}) {
  const folder = more.folder ?? temporaryFolder('dashboards');
  const opened = openWritable(join(folder, 'console.db'), {
    migrations: consoleMigrations,
    synchronous: 'NORMAL',
  });
  if (!opened.ok) throw new Error(opened.error.message.en);
  const time: FakeTime = fakeTime(NOON);
  const logger = { log: () => undefined, child: () => logger };
  const jobs = createJobRegistry(time.clock, logger, () => undefined);
  const nothing = async () => ok([]);
  const area = createDashboardsArea({
    db: opened.value,
    clock: time.clock,
    timers: time.timers,
    logger,
    jobs,
    broadcast: () => undefined,
    watching: true,
    limits: { dashboards: 5, versions: 3, removed: 2 },
    sources: {
      labelValues: nothing,
      labelNames: nothing,
      series: nothing,
      instant: async () => ok({ resultType: 'vector', result: [] }),
      scrapeIntervalMs: () => 15_000,
      annotations: async () => [],
      ...more.sources,
    },
  });
  let isOpen = true;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    area.close();
    opened.value.close();
  };
  closers.push(close);
  return { area, time, jobs, folder, close };
}

const closed = new AbortController();
const context = { signal: closed.signal, closed: closed.signal, emit: () => undefined };
type Call = DashboardsArea['handlers'];
async function call<N extends keyof Call>(area: DashboardsArea, name: N, params: Parameters<Call[N]>[0]) {
  const answer = await (area.handlers[name] as (params: unknown, given: unknown) => unknown)(params, context);
  return answer as Awaited<ReturnType<Call[N]>>;
}
function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}
const code = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.code);

describe('versions', () => {
  test('every save is one, the newest are kept, and any of them can be brought back', async () => {
    const { area } = made();
    for (let i = 0; i < 5; i++) {
      const saved = await call(area, 'dashboards.save', {
        dashboard: dashboard('a', `t${i}`),
        base: i,
        message: `m${i}`,
      });
      expect(value(saved).version).toBe(i + 1);
    }
    const { versions } = value(await call(area, 'dashboards.versions', { uid: 'a' }));
    expect(versions.map(({ version, message }) => [version, message])).toEqual([
      [5, 'm4'],
      [4, 'm3'],
      [3, 'm2'],
    ]);
    expect(value(await call(area, 'dashboards.get', { uid: 'a', version: 3 })).dashboard.title).toBe('t2');
    value(await call(area, 'dashboards.restore', { uid: 'a', version: 3 }));
    const { dashboard: now, summary } = value(await call(area, 'dashboards.get', { uid: 'a' }));
    expect([now.title, summary.version]).toEqual(['t2', 6]);
    expect(code(await call(area, 'dashboards.get', { uid: 'a', version: 1 }))).toBe('NOT_FOUND');
  });

  test('two who change the same version: the second is refused and nothing is lost', async () => {
    const { area } = made();
    value(await call(area, 'dashboards.save', { dashboard: dashboard('a', 'first'), base: 0, message: '' }));
    value(await call(area, 'dashboards.save', { dashboard: dashboard('a', 'second'), base: 1, message: '' }));
    expect(
      code(await call(area, 'dashboards.save', { dashboard: dashboard('a', 'third'), base: 1, message: '' })),
    ).toBe('DASHBOARD_CHANGED');
    expect(
      code(await call(area, 'dashboards.save', { dashboard: dashboard('a', 'new'), base: 0, message: '' })),
    ).toBe('DASHBOARD_CHANGED');
    expect(
      code(await call(area, 'dashboards.save', { dashboard: dashboard('b'), base: 3, message: '' })),
    ).toBe('NOT_FOUND');
    expect(value(await call(area, 'dashboards.get', { uid: 'a' })).dashboard.title).toBe('second');
  });

  test('a removed dashboard can be brought back, the last removed ones', async () => {
    const { area } = made();
    for (const uid of ['a', 'b', 'c']) {
      value(await call(area, 'dashboards.save', { dashboard: dashboard(uid), base: 0, message: '' }));
      value(await call(area, 'dashboards.remove', { uid }));
    }
    expect(
      value(await call(area, 'dashboards.list', {})).dashboards.filter(({ builtIn }) => !builtIn),
    ).toEqual([]);
    expect(code(await call(area, 'dashboards.get', { uid: 'c' }))).toBe('NOT_FOUND');
    expect(value(await call(area, 'dashboards.removed', {})).dashboards).toHaveLength(2);
    value(await call(area, 'dashboards.restore', { uid: 'c', version: 1 }));
    expect(value(await call(area, 'dashboards.get', { uid: 'c' })).summary.version).toBe(3);
  });

  test('there is a bound', async () => {
    const { area } = made();
    for (const uid of ['a', 'b', 'c', 'd', 'e'])
      value(await call(area, 'dashboards.save', { dashboard: dashboard(uid), base: 0, message: '' }));
    expect(
      code(await call(area, 'dashboards.save', { dashboard: dashboard('f'), base: 0, message: '' })),
    ).toBe('DASHBOARDS_FULL');
  });

  test('built-in dashboards are copied, never changed', async () => {
    const { area } = made();
    expect(
      code(await call(area, 'dashboards.save', { dashboard: dashboard('hmtt-host'), base: 0, message: '' })),
    ).toBe('DASHBOARD_BUILT_IN');
    expect(code(await call(area, 'dashboards.remove', { uid: 'hmtt-host' }))).toBe('DASHBOARD_BUILT_IN');
    const copy = value(await call(area, 'dashboards.copy', { uid: 'hmtt-host' }));
    expect(copy).toMatchObject({ uid: 'hmtt-host-copy', builtIn: false, version: 1 });
    expect(value(await call(area, 'dashboards.copy', { uid: 'hmtt-host' })).uid).not.toBe(copy.uid);
    const text = JSON.stringify(dashboard('hmtt-host', 'mine'));
    expect(code(await call(area, 'dashboards.import', { text, dryRun: false, onTaken: 'refuse' }))).toBe(
      'DASHBOARD_TAKEN',
    );
    const beside = value(await call(area, 'dashboards.import', { text, dryRun: false, onTaken: 'version' }));
    expect(beside.saved?.uid).toMatch(/^hmtt-host-[0-9a-f]{8}$/);
  });
});

test('panels that lie over each other are put apart when they are saved', async () => {
  const { area } = made();
  const { rows, ...rest } = dashboard('a');
  const panel = rows[0]?.panels[0];
  if (panel === undefined) throw new Error('no panel');
  const over = {
    ...rest,
    rows: [{ title: '', folded: false, repeat: null, panels: [panel, { ...panel, id: 2 }] }],
  };
  value(await call(area, 'dashboards.save', { dashboard: over, base: 0, message: '' }));
  const saved = value(await call(area, 'dashboards.get', { uid: 'a' })).dashboard;
  expect(saved.rows[0]?.panels.map(({ place }) => place.y)).toEqual([0, 2]);
});

test('marks stand beside what the other areas know, in order of time', async () => {
  const alert = {
    kind: 'alert' as const,
    id: null,
    at: NOON - 5,
    until: null,
    open: true,
    state: 'critical' as const,
    title: { zh: 'x', en: 'x' },
    text: { zh: '', en: '' },
    tags: [],
    link: '',
  };
  const { area } = made({ sources: { annotations: async () => [alert] } });
  const mark = { kind: 'deployment' as const, until: null, tags: ['app'] };
  value(await call(area, 'dashboards.mark', { ...mark, text: 'v2' }));
  const { id } = value(await call(area, 'dashboards.mark', { ...mark, text: 'v1', at: NOON - 10 }));
  const list = async () =>
    value(
      await call(area, 'dashboards.annotations', { start: NOON - 100, end: NOON + 100, kinds: [], limit: 2 }),
    );
  expect(await list()).toMatchObject({
    annotations: [{ kind: 'alert' }, { title: { en: 'v2' } }],
    omitted: 1,
  });
  value(await call(area, 'dashboards.unmark', { id }));
  expect((await list()).omitted).toBe(0);
  expect(code(await call(area, 'dashboards.mark', { ...mark, text: 'x', at: 10, until: 5 }))).toBe(
    'BAD_INPUT',
  );
});

describe('variables', () => {
  const variables = [
    {
      kind: 'query',
      name: 'job',
      source: { of: 'labelValues', label: 'job' },
      includeAll: true,
      multi: true,
    },
    {
      kind: 'query',
      name: 'host',
      source: { of: 'labelValues', label: 'instance', selector: 'up{job=~"$job"}' },
      regex: '/(.*):.*/',
      sort: 'natural',
    },
    { kind: 'query', name: 'bad', source: { of: 'labelValues', label: 'x', selector: 'broken' } },
    { kind: 'interval', name: 'step', choices: ['1m', '5m'], auto: {} },
  ].map((each) => dashboardSchema.shape.variables.unwrap().element.parse(each));

  test('one may use those before it, and one that fails says so alone', async () => {
    const asked: string[] = [];
    const { area } = made({
      sources: {
        labelValues: async (label, selector) => {
          asked.push(selector);
          if (label === 'x') return err(appError('PROMQL_INVALID', { column: 1, why: 'x' }));
          return ok(label === 'job' ? ['node', 'a.b'] : ['app-10:1', 'app-9:1', 'app-9:2', 'noport']);
        },
      },
    });
    const found = value(
      await call(area, 'dashboards.variables', {
        variables,
        chosen: { host: ['app-10'], step: ['nonsense'] },
        start: NOON - HOUR,
        end: NOON,
      }),
    );
    expect(asked).toEqual(['', 'up{job=~"(node|a\\\\.b)"}', 'broken']);
    expect(
      found.variables.map(({ name, chosen, options, error }) => [
        name,
        chosen,
        options.map((each) => each.value),
        error?.code,
      ]),
    ).toEqual([
      ['job', ['$__all'], ['node', 'a.b'], undefined],
      ['host', ['app-10'], ['app-9', 'app-10'], undefined],
      ['bad', [], [], 'PROMQL_INVALID'],
      ['step', ['$__auto'], ['$__auto', '1m', '5m'], undefined],
    ]);
  });

  test('a pattern that would take for ever is stopped', async () => {
    const text = `${'a'.repeat(60)}!`;
    const { area } = made({ sources: { labelValues: async () => ok([text]) } });
    const hostile = variables.slice(1, 2).map((each) => ({ ...each, regex: '/^(?=(a+)+$)(a+)+$/' }));
    const began = performance.now();
    const found = value(
      await call(area, 'dashboards.variables', { variables: hostile, chosen: {}, start: 0, end: 1 }),
    );
    expect(found.variables[0]?.error?.code).toBe('BAD_INPUT');
    expect(performance.now() - began).toBeLessThan(15_000);
  });
});

describe('reports', () => {
  const PDF = Buffer.from('%PDF-1.7 test').toString('base64');
  const report = (folder: string, more: object = {}) => ({
    id: '',
    name: 'Nightly / 夜报',
    enabled: true,
    cron: '0 * * * *',
    dashboards: [{ uid: 'hmtt-site', variables: {} }],
    from: 'now-24h',
    to: 'now',
    language: 'zh-CN' as const,
    folder,
    keep: 2,
    ...more,
  });
  const idle = async (jobs: ReturnType<typeof made>['jobs']): Promise<void> => {
    for (const job of jobs.list()) await jobs.ended(job.id);
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  /** A desktop that answers every wish with the same PDF, or with an error. */
  function desktop(
    area: DashboardsArea,
    answer: { ok: true; pdf: string } | { ok: false; error: ReturnType<typeof appError> },
  ) {
    const gone = new AbortController();
    const spans: [number, number][] = [];
    const emit = (event: string, payload: unknown): void => {
      if (event !== 'dashboards.wanted') return;
      const { id, view } = payload as { id: string; view: string };
      void (async () => {
        const { start, end } = value(await call(area, 'dashboards.views.get', { id: view }));
        spans.push([start, end]);
        value(await call(area, 'dashboards.rendered', { id, answer }));
      })();
    };
    const serve = area.handlers['dashboards.renderer'] as (params: unknown, given: unknown) => unknown;
    serve({}, { signal: gone.signal, closed: gone.signal, emit });
    return { spans, leave: () => gone.abort() };
  }

  test('each time makes a PDF of its own span, and old ones go', async () => {
    const { area, time, jobs, folder } = made();
    const { id } = value(await call(area, 'dashboards.reports.put', report(folder)));
    const { spans } = desktop(area, { ok: true, pdf: PDF });
    for (let i = 0; i < 3; i++) {
      time.advance(HOUR);
      await idle(jobs);
    }
    const pdfs = readdirSync(folder)
      .filter((name) => name.endsWith('.pdf'))
      .sort();
    expect(pdfs).toEqual([
      'Nightly-夜报-hmtt-site-20260601-1400.pdf',
      'Nightly-夜报-hmtt-site-20260601-1500.pdf',
    ]);
    expect(spans.map(([start, end]) => [(end - start) / HOUR, (end - NOON) / HOUR])).toEqual([
      [24, 1],
      [24, 2],
      [24, 3],
    ]);
    const { runs } = value(await call(area, 'dashboards.reports.runs', { id, limit: 10 }));
    expect(runs.map(({ state, trigger, files }) => [state, trigger, files.length])).toEqual([
      ['done', 'schedule', 1],
      ['done', 'schedule', 1],
      ['done', 'schedule', 0],
    ]);
    expect(area.reportHealth()).toEqual([]);
  });

  test('without a desktop it waits, says so, and is made up for once', async () => {
    const { area, time, jobs, folder } = made();
    value(await call(area, 'dashboards.reports.put', report(folder)));
    time.advance(5 * HOUR + 11 * 60_000);
    expect(area.reportHealth()).toMatchObject([
      { state: 'waiting', since: NOON + 5 * HOUR, error: { code: 'REPORT_NO_WINDOW' } },
    ]);
    const { spans } = desktop(area, { ok: true, pdf: PDF });
    await idle(jobs);
    expect(spans.map(([, end]) => (end - NOON) / HOUR)).toEqual([5]);
    expect(area.reportHealth()).toEqual([]);
  });

  test('a failure stays known until a run succeeds', async () => {
    const { area, time, jobs, folder } = made();
    const { id } = value(await call(area, 'dashboards.reports.put', report(folder)));
    const bad = desktop(area, { ok: false, error: appError('PRINT_FAILED', { why: 'x' }) });
    time.advance(HOUR);
    await idle(jobs);
    expect(area.reportHealth()).toMatchObject([
      { report: id, state: 'failed', error: { code: 'PRINT_FAILED' } },
    ]);
    expect(area.reportHealth().map(reportProblem)).toMatchObject([
      {
        condition: 'report_missing',
        about: { state: 'failed' },
        sentence: { en: expect.stringContaining('Nightly') },
      },
    ]);
    bad.leave();
    desktop(area, { ok: true, pdf: Buffer.from('<html>').toString('base64') });
    time.advance(HOUR);
    await idle(jobs);
    expect(area.reportHealth()).toMatchObject([{ state: 'failed', error: { code: 'INTERNAL' } }]);
    desktop(area, { ok: true, pdf: PDF });
    time.advance(HOUR);
    await idle(jobs);
    expect(area.reportHealth()).toEqual([]);
  });

  test('a desktop that goes away while it prints is no success, and one that never answers is given up', async () => {
    const { area, time, jobs, folder } = made();
    const { id } = value(await call(area, 'dashboards.reports.put', report(folder, { enabled: false })));
    const gone = new AbortController();
    const serve = area.handlers['dashboards.renderer'] as (params: unknown, given: unknown) => unknown;
    serve({}, { signal: gone.signal, closed: gone.signal, emit: () => undefined });
    value(await call(area, 'dashboards.reports.run', { id }));
    await new Promise((resolve) => setImmediate(resolve));
    expect(code(await call(area, 'dashboards.reports.run', { id }))).toBe('REPORT_RUNNING');
    time.advance(121_000);
    await idle(jobs);
    expect(jobs.list().at(-1)?.error?.code).toBe('REPORT_TIMED_OUT');
    value(await call(area, 'dashboards.reports.run', { id }));
    await new Promise((resolve) => setImmediate(resolve));
    gone.abort();
    await idle(jobs);
    expect(jobs.list().at(-1)?.error?.code).toBe('REPORT_NO_WINDOW');
    expect(code(await call(area, 'dashboards.reports.run', { id }))).toBe('REPORT_NO_WINDOW');
  });

  test('what an engine that died left open is interrupted, and tried again once', async () => {
    const first = made();
    value(await call(first.area, 'dashboards.reports.put', report(first.folder)));
    const silent = new AbortController();
    const serve = first.area.handlers['dashboards.renderer'] as (params: unknown, given: unknown) => unknown;
    serve({}, { signal: silent.signal, closed: silent.signal, emit: () => undefined });
    first.time.advance(HOUR);
    await new Promise((resolve) => setImmediate(resolve));
    first.close();
    const second = made({ folder: first.folder });
    second.time.advance(HOUR + 60_000);
    desktop(second.area, { ok: true, pdf: PDF });
    await idle(second.jobs);
    expect(readdirSync(first.folder).some((name) => name.endsWith('-1300.pdf'))).toBe(true);
  });

  test('what cannot work is refused when it is saved', async () => {
    const { area, folder } = made();
    const put = async (more: object) =>
      code(await call(area, 'dashboards.reports.put', report(folder, more)));
    expect(await put({ cron: 'daily' })).toBe('REPORT_SCHEDULE_INVALID');
    expect(await put({ from: 'now', to: 'now-1h' })).toBe('REPORT_RANGE_INVALID');
    expect(await put({ from: 'yesterday' })).toBe('REPORT_RANGE_INVALID');
    expect(await put({ folder: join(folder, 'gone') })).toBe('REPORT_FOLDER_UNUSABLE');
    expect(await put({ folder: 'relative' })).toBe('REPORT_FOLDER_UNUSABLE');
    expect(await put({ dashboards: [{ uid: 'nobody', variables: {} }] })).toBe('NOT_FOUND');
    expect(existsSync(join(folder, 'gone'))).toBe(false);
  });
});
