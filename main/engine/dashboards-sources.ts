import type { Annotation, AnnotationKind } from '#shared/contract/dashboards.ts';
import type { Target } from '#shared/contract/hosts.ts';
import type { Handler, Handlers, RequestOutput, RequestParams } from '#shared/contract/index.ts';
import type { Problem, WatchGap } from '#shared/contract/site.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import type { DashboardSources, Span } from './dashboards/types.ts';

/** What the site asks of the other areas to put dashboards together; the handlers that the window itself calls. */
type Asked =
  | 'metrics.labelValues'
  | 'metrics.labelNames'
  | 'metrics.series'
  | 'metrics.query'
  | 'alerts.list'
  | 'site.watchGaps'
  | 'backup.points.list'
  | 'restore.list'
  | 'recovery.drills.list';

const MOST_NAMES = 10_000;
const MOST_ALERTS = 5_000;
const MOST_DRILLS = 1_000;
const DEFAULT_INTERVAL_MS = 15_000;

/**
 * Dashboards over the other areas. Series are asked for like the window asks, so that a site whose data are on another server is
 * answered from there.
 */
export function dashboardSources(
  handlers: () => Handlers,
  hosts: { readonly targets: () => readonly Target[] },
): DashboardSources {
  const never = new AbortController().signal;
  const ask = async <N extends Asked>(
    name: N,
    params: RequestParams<N>,
    signal: AbortSignal = never,
  ): Promise<Result<RequestOutput<N>>> => {
    const handler: Handler<N> = handlers()[name];
    return handler(params, { signal, closed: signal, emit: () => undefined });
  };
  const matchers = (selector: string): string[] => (selector.trim() === '' ? [] : [selector]);
  return {
    scrapeIntervalMs: () => usualInterval(hosts.targets()),
    labelValues: async (label, selector, span, signal) => {
      const params = { label, matchers: matchers(selector), ...span, contains: '', limit: MOST_NAMES };
      const found = await ask('metrics.labelValues', params, signal);
      return found.ok ? ok(found.value.values) : found;
    },
    labelNames: async (selector, span, signal) => {
      const params = { matchers: matchers(selector), ...span, contains: '', limit: MOST_NAMES };
      const found = await ask('metrics.labelNames', params, signal);
      return found.ok ? ok(found.value.names) : found;
    },
    series: async (selector, span, signal) => {
      const found = await ask('metrics.series', { matchers: [selector], ...span, limit: MOST_NAMES }, signal);
      return found.ok ? ok(found.value.series) : found;
    },
    instant: (expr, time, signal) => ask('metrics.query', { expr, time }, signal),
    annotations: async (span, kinds) => {
      const marks: Annotation[] = [];
      const add = (kind: AnnotationKind, found: readonly Annotation[]): void => {
        if (kinds.has(kind)) marks.push(...found.filter((mark) => overlaps(mark, span)));
      };
      if (kinds.has('alert')) {
        const found = await ask('alerts.list', { state: 'all', limit: MOST_ALERTS });
        if (found.ok) add('alert', found.value.alerts.map(ofProblem));
      }
      if (kinds.has('gap')) {
        const found = await ask('site.watchGaps', span);
        if (found.ok) add('gap', found.value.gaps.map(ofGap));
      }
      if (kinds.has('backup')) {
        const found = await ask('backup.points.list', {});
        if (found.ok) add('backup', found.value.points.map(ofPoint));
      }
      if (kinds.has('restore')) {
        const found = await ask('restore.list', {});
        if (found.ok) add('restore', found.value.restores.flatMap(ofRestore));
      }
      if (kinds.has('drill')) {
        const found = await ask('recovery.drills.list', { limit: MOST_DRILLS });
        if (found.ok) add('drill', found.value.drills.map(ofDrill));
      }
      return marks;
    },
  };
}

/** The interval that most targets have; the shorter of two that are as usual. */
function usualInterval(targets: readonly Target[]): number {
  const counts = new Map<number, number>();
  for (const { config } of targets) counts.set(config.intervalMs, (counts.get(config.intervalMs) ?? 0) + 1);
  const [usual] = [...counts].sort(([a, countA], [b, countB]) => countB - countA || a - b);
  return usual?.[0] ?? DEFAULT_INTERVAL_MS;
}

function overlaps({ at, until, open }: Annotation, { start, end }: Span): boolean {
  return at <= end && (open || (until ?? at) >= start);
}

function ofProblem({ since, until, severity, sentence, next, condition, link }: Problem): Annotation {
  return {
    kind: 'alert',
    id: null,
    at: since,
    until,
    open: until === null,
    state: severity,
    title: sentence,
    text: next,
    tags: [condition],
    link,
  };
}

const GAP_REASONS: Readonly<Record<WatchGap['reason'], { readonly zh: string; readonly en: string }>> = {
  stopped: { zh: '控制台已停止', en: 'the console was stopped' },
  crashed: { zh: '控制台异常中断', en: 'the console was cut off' },
  asleep: { zh: '工作站休眠', en: 'the workstation slept' },
  clock_jump: { zh: '系统时间跳变', en: 'the clock jumped' },
};

function ofGap({ from, to, reason }: WatchGap): Annotation {
  return {
    kind: 'gap',
    id: null,
    at: from,
    until: to,
    open: false,
    state: 'info',
    title: { zh: '未监视', en: 'Not watched' },
    text: GAP_REASONS[reason],
    tags: [reason],
    link: '',
  };
}

function ofPoint(point: RequestOutput<'backup.points.list'>['points'][number]): Annotation {
  const isBroken = point.state === 'broken' || point.verifyError !== null;
  return {
    kind: 'backup',
    id: null,
    at: point.startedAt,
    until: point.finishedAt,
    open: false,
    state: isBroken ? 'critical' : 'ok',
    title: { zh: `备份“${point.plan}”`, en: `Backup "${point.plan}"` },
    text: isBroken
      ? { zh: '恢复点已损坏', en: 'the restore point is damaged' }
      : point.verifiedAt === null
        ? { zh: '尚未校验', en: 'not verified yet' }
        : { zh: '已校验', en: 'verified' },
    tags: [point.plan, point.type],
    link: `/backups/points/${encodeURIComponent(point.id)}`,
  };
}

function ofRestore(restore: RequestOutput<'restore.list'>['restores'][number]): Annotation[] {
  const { startedAt, finishedAt, state, plan, id, error } = restore;
  if (startedAt === null) return [];
  const isOpen = finishedAt === null && (state === 'running' || state === 'verifying');
  return [
    {
      kind: 'restore',
      id: null,
      at: startedAt,
      until: finishedAt,
      open: isOpen,
      state: state === 'failed' ? 'critical' : state === 'done' ? 'ok' : 'info',
      title: { zh: `恢复“${plan.planName}”`, en: `Restore of "${plan.planName}"` },
      text: error?.message ?? { zh: '', en: '' },
      tags: [plan.planName],
      link: `/recovery/restores/${encodeURIComponent(id)}`,
    },
  ];
}

function ofDrill(drill: RequestOutput<'recovery.drills.list'>['drills'][number]): Annotation {
  const { plan, id, startedAt, finishedAt, error } = drill;
  const isBad = error !== null || drill.failures.length > 0;
  return {
    kind: 'drill',
    id: null,
    at: startedAt,
    until: finishedAt,
    open: finishedAt === null,
    state: isBad ? 'critical' : 'ok',
    title: { zh: `恢复演练“${plan}”`, en: `Recovery drill of "${plan}"` },
    text: error?.message ?? { zh: '', en: '' },
    tags: [plan],
    link: `/recovery/drills/${encodeURIComponent(id)}`,
  };
}
