import type { NotifyConfig } from '#shared/contract/notify-config.ts';
import type { Problem } from '#shared/contract/site.ts';
import { acknowledge, unacknowledge } from '../../main/engine/alerts/notify/acknowledge.ts';
import {
  type CompiledMaintenance,
  type CompiledSilence,
  type Dependencies,
  NO_DEPENDENCIES,
} from '../../main/engine/alerts/notify/causes.ts';
import { DEFAULT_CONFIG } from '../../main/engine/alerts/notify/default-config.ts';
import type { PipelineState, PlannedNotice, TraceRecord } from '../../main/engine/alerts/notify/model.ts';
import { planNotices } from '../../main/engine/alerts/notify/plan.ts';
import { compileRouting } from '../../main/engine/alerts/notify/routing.ts';

/** 2026-11-22 12:00:00 UTC, a Sunday. */
export const NOON = Date.UTC(2026, 10, 22, 12);

/** Nothing has happened yet. */
export const EMPTY_STATE: PipelineState = { alerts: new Map(), groups: new Map(), flaps: new Map() };

/** A problem for tests; labels decide the rest. */
export function problemOf(
  id: string,
  labels: Readonly<Record<string, string>>,
  more: Partial<Problem> = {},
): Problem {
  const severity = (labels.severity ?? 'critical') as Problem['severity'];
  return {
    id,
    condition: labels.alertname ?? 'test',
    severity,
    labels: { alertname: 'Test', severity, ...labels },
    since: NOON,
    until: null,
    sentence: { zh: `${id} 出了问题`, en: `${id} is in trouble` },
    next: { zh: '去看看', en: 'Have a look' },
    link: '/hosts',
    ...more,
  };
}

/** What left, when, in seconds after noon. */
export type Left = { readonly second: number } & PlannedNotice;

/** The pipeline in virtual time: open and end problems, let time pass, see what leaves. */
export function notifyBench(
  options: {
    readonly config?: NotifyConfig;
    readonly dependencies?: () => Dependencies;
    readonly stepMs?: number;
  } = {},
) {
  const open = new Map<string, Problem>();
  const trace: TraceRecord[] = [];
  const left: Left[] = [];
  const silences: CompiledSilence[] = [];
  const maintenances: CompiledMaintenance[] = [];
  let state: PipelineState = EMPTY_STATE;
  let now = NOON;
  let ids = 0;
  let routing = compileRouting(options.config ?? DEFAULT_CONFIG, 1);
  const step = (): void => {
    const planned = planNotices(state, {
      now,
      problems: [...open.values()],
      routing,
      silences,
      maintenances,
      dependencies: options.dependencies?.() ?? NO_DEPENDENCIES,
      newId: () => `n${++ids}`,
    });
    state = planned.state;
    trace.push(...planned.trace);
    left.push(...planned.notices.map((notice) => ({ ...notice, second: (now - NOON) / 1000 })));
  };
  return {
    silences,
    maintenances,
    trace,
    left,
    state: () => state,
    now: () => now,
    /** Lets time pass, looking every second, and takes what left in it. */
    pass: (ms: number): readonly Left[] => {
      const from = left.length;
      const stepMs = options.stepMs ?? 1_000;
      for (const end = now + ms; now < end; ) {
        now = Math.min(end, now + stepMs);
        step();
      }
      return left.slice(from);
    },
    open: (...problems: readonly Problem[]) => {
      for (const problem of problems) open.set(problem.id, { ...problem, since: now });
      step();
    },
    end: (...gone: readonly string[]) => {
      for (const id of gone) open.delete(id);
      step();
    },
    acknowledge: (gone: readonly string[], remindAfterMs: number | null = null) => {
      const done = acknowledge(state, gone, { by: 'Li', note: 'on it', remindAfterMs }, now);
      state = done.state;
      trace.push(...done.trace);
      step();
    },
    unacknowledge: (gone: readonly string[]) => {
      const done = unacknowledge(state, gone, 'Li', now);
      state = done.state;
      trace.push(...done.trace);
      step();
    },
    configure: (config: NotifyConfig) => {
      routing = compileRouting(config, routing.revision + 1);
      step();
    },
    setClock: (at: number) => {
      now = at;
    },
    /** A stop and a start: all that is kept is what can be written. */
    restart: () => {
      const kept = JSON.parse(
        JSON.stringify({
          alerts: [...state.alerts],
          groups: [...state.groups],
          flaps: [...state.flaps],
        }),
      );
      state = {
        alerts: new Map(kept.alerts),
        groups: new Map(kept.groups),
        flaps: new Map(kept.flaps),
      };
    },
    /** Kinds of entries of one alert's story. */
    story: (id: string): readonly string[] =>
      trace
        .filter(({ alert }) => alert === id)
        .map(({ kind, cause }) => (cause ? `${kind}:${cause.kind}` : kind)),
  };
}

/** What left, in short: `second kind receiver ids`. */
export function inShort(left: readonly Left[]): readonly string[] {
  return left.map(
    ({ second, notice, alerts }) =>
      `${second} ${notice.kind} ${notice.receiver} ${alerts.length > 4 ? alerts.length : alerts.join(',')}`,
  );
}

/** A configuration with a part changed. */
export function withRoute(
  route: Partial<NotifyConfig['route']>,
  more: Partial<NotifyConfig> = {},
): NotifyConfig {
  return {
    ...DEFAULT_CONFIG,
    ...more,
    route: { ...DEFAULT_CONFIG.route, groupWaitMs: 30_000, routes: [], ...route },
  };
}
