import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { appError } from '#shared/errors/index.ts';
import { reportProblem } from '../../../main/engine/alerts/report-conditions.ts';
import type { DashboardsArea } from '../../../main/engine/dashboards/area.ts';
import { call, code, made, NOON, value } from '../../helpers/dashboards-area.ts';

const HOUR = 3_600_000;

/** Reports of dashboards, with a desktop that answers by hand. */

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
