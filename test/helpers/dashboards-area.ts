import { join } from 'node:path';
import { afterEach } from 'vitest';
import { type Dashboard, dashboardSchema } from '#shared/domain/dashboard/model.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import { createDashboardsArea, type DashboardsArea } from '../../main/engine/dashboards/area.ts';
import type { DashboardSources } from '../../main/engine/dashboards/types.ts';
import { createJobRegistry } from '../../main/engine/platform/jobs.ts';
import { consoleMigrations } from '../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../main/engine/storage/sqlite.ts';
import { type FakeTime, fakeTime } from './fake-time.ts';
import { temporaryFolder } from './temp-folder.ts';

/** Noon of a day in summer, where the test runs. */
export const NOON = new Date(2026, 5, 1, 12).getTime();
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A dashboard with one text on it. */
export const dashboard = (uid: string, title = uid): Dashboard =>
  dashboardSchema.parse({
    format: 'hmtt-dashboard',
    version: 1,
    uid,
    title,
    rows: [{ panels: [{ kind: 'text', id: 1, place: { x: 0, y: 0, w: 24, h: 2 } }] }],
  });

/** Opens the area over a console.db, with time that is turned by hand; closed after each test. */
export function made(more: { readonly sources?: Partial<DashboardSources>; readonly folder?: string } = {}) {
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
/** What handlers are called with besides their parameters. */
const context = { signal: closed.signal, closed: closed.signal, emit: () => undefined };
type Call = DashboardsArea['handlers'];
/** Asks the area. */
export async function call<N extends keyof Call>(
  area: DashboardsArea,
  name: N,
  params: Parameters<Call[N]>[0],
) {
  const answer = await (area.handlers[name] as (params: unknown, given: unknown) => unknown)(params, context);
  return answer as Awaited<ReturnType<Call[N]>>;
}
/** The value of a result; a refusal ends the test. */
export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}
/** The code of a refusal, or ok. */
export const code = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.code);
